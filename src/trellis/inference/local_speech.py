"""Whisper on this machine, through faster-whisper and CTranslate2 (int8, no network, no graphics card needed).

Why not faster-whisper's own `transcribe`: it always has the network look at 30 seconds, runs a window again where its
last sentence isn't closed, and falls back to chance when unsure. Here a window is heard once, over its own length and
`ROOM` seconds of silence (40 % of the encoder's work saved, word error the same), and the same samples always give the
same words.

What is never passed on, because Whisper invents where it hears nothing: windows it thinks empty and is unsure of,
segments whose words are improbable, words the window is too short for, and loops.

Takes: the folder of a model and the number of threads. Gives: the `SpeechEngine` port. The model is loaded when first
used (half a second, 300 MiB).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trellis.inference.audio import RATE
from trellis.inference.loops import without_loops
from trellis.inference.speech import LONGEST, Heard, Word
from trellis.inference.weights import find_weights
from trellis.kernel import Invalid, Unavailable

if TYPE_CHECKING:
    from trellis.inference.audio import Samples

SETS = {"base": "whisper-base", "tiny.en": "whisper-tiny-en"}
"""The models that `speech.model` may name, and their weights in the manifest."""

FRAMES = 100  # of the encoder's input, a second
LONGEST_FRAMES = 3000
LEAST = 0.1  # seconds in which a word can be said
ROOM = 3.0  # seconds of silence behind the samples: without it the last words suffer
TOKENS = 448  # Whisper's longest answer
FIRST_WITHIN = 50  # its first time stamp, in steps of 20 ms
NO_SPEECH = 0.6  # a window likelier empty than this ...
UNSURE = -0.7  # ... whose tokens have a lower mean log probability than this has no words
HOPELESS = -1.3  # nor has one below this, whatever it is thought to be
AGAIN = 2  # times that a window may be heard on from where Whisper stopped
LEFT_OUT = 2.0  # seconds without words at a window's end that are worth it
DOUBTFUL = 0.3  # mean word probability below which a segment is dropped
TOO_FAST = 12.0  # words a second that nobody speaks
OPENING = "\"'“¿¡([{-"
CLOSING = "\"'.。,，!！?？:：”)]}、"


class LocalSpeech:
    """Whisper through CTranslate2. `model` is `base`, `tiny.en`, or the folder of a model of one's own.

    A folder of one's own has no digest in the manifest: whoever names it answers for it. `beam` 5 is for transcripts,
    1 for captions. May be shared between threads; they take turns.
    """

    def __init__(self, model: str = "base", *, cache: Path | None = None, threads: int = 0, beam: int = 5) -> None:
        self._name, self._cache, self._beam = model, cache, beam
        self._threads = threads or os.cpu_count() or 1
        self._whisper: Any = None
        self._tokenizers: dict[str, Any] = {}
        self._lock = threading.Lock()

    def hear(self, samples: Samples, *, language: str | None) -> Heard:
        """The words in at most 30 seconds; see `SpeechEngine`."""
        return self.hear_with(samples, language=language, beam=self._beam)

    def hear_with(self, samples: Samples, *, language: str | None, beam: int, room: float = ROOM) -> Heard:
        """`hear` with a beam of another width, and with other room behind the samples: captions are in a hurry."""
        if len(samples) < LEAST * RATE:
            return Heard(language=language or "", language_probability=1.0 if language else 0.0)
        kept = samples[: round(LONGEST * RATE)]
        with self._lock:
            whisper = self._load()
            first = self._hear_once(whisper, kept, language, beam, room)
            words, at = list(first.words), 0.0
            for _ in range(AGAIN):  # Whisper may stop in the middle; what it left out is heard on its own
                if not words or len(kept) / RATE - words[-1].end < LEFT_OUT or words[-1].end <= at:
                    break
                at = words[-1].end
                more = self._hear_once(whisper, kept[round(at * RATE) :], first.language, beam, room)
                words.extend(replace(word, start=word.start + at, end=word.end + at) for word in more.words)
        return replace(first, words=tuple(without_loops(words)))

    def quickly(self) -> LocalCaptions:
        """The same model as an engine for captions, in a hurry: a narrow beam and little room."""
        return LocalCaptions(self)

    def identify(self, samples: Samples) -> Mapping[str, float]:
        """The probability of each of Whisper's 99 languages; an English model knows one."""
        if len(samples) < LEAST * RATE:
            return {}
        with self._lock:
            whisper = self._load()
            if not whisper.model.is_multilingual:
                return {"en": 1.0}
            encoded, _ = self._encode(whisper, samples, LONGEST)
            return {token[2:-2]: float(share) for token, share in whisper.model.detect_language(encoded)[0]}

    def _load(self) -> Any:
        if self._whisper is None:
            folder = self._folder()
            from faster_whisper import WhisperModel

            try:
                self._whisper = WhisperModel(
                    str(folder), device="cpu", compute_type="int8", cpu_threads=self._threads, local_files_only=True
                )
            except (RuntimeError, ValueError, OSError) as error:
                raise Unavailable(
                    "inference.speech_unloadable",
                    "The speech model can't be loaded.",
                    hint="Set speech.model to base, or to the folder of a faster-whisper model.",
                ) from error
        return self._whisper

    def _folder(self) -> Path:
        """The folder of the model, its bytes verified where the manifest knows them."""
        if weights := SETS.get(self._name):
            found = find_weights(weights, self._cache)
            return found if found.is_dir() else found.parent
        folder = Path(self._name)
        if not (folder / "model.bin").is_file() or not (folder / "tokenizer.json").is_file():
            raise Invalid(
                "inference.speech_model_unknown",
                "The setting speech.model names no speech model.",
                hint=f"Use {', '.join(SETS)}, or a folder with model.bin, config.json and tokenizer.json.",
            )
        return folder

    def _encode(self, whisper: Any, samples: Samples, room: float) -> tuple[Any, int]:
        """What the encoder makes of the samples and of silence behind them; how many of its frames are sound."""
        import numpy as np

        features = whisper.feature_extractor(samples)
        frames = min(len(samples) * FRAMES // RATE, LONGEST_FRAMES)
        wanted = min(LONGEST_FRAMES, frames + round(room * FRAMES))
        wanted += wanted % 2
        padded = np.zeros((features.shape[0], wanted), np.float32)
        padded[:, :frames] = features[:, :frames]
        return whisper.encode(padded), max(frames, 1)

    def _likeliest(self, whisper: Any, encoded: Any) -> tuple[str, float]:
        if not whisper.model.is_multilingual:
            return "en", 1.0
        token, share = whisper.model.detect_language(encoded)[0][0]
        return token[2:-2], float(share)

    def _tokenizer(self, whisper: Any, language: str) -> Any:
        from faster_whisper.tokenizer import Tokenizer

        if language not in self._tokenizers:
            if language not in whisper.supported_languages:
                raise Invalid(
                    "inference.language_unknown",
                    "The speech model doesn't know the language asked for.",
                    hint="Use --language en, es or any, or another speech.model.",
                )
            self._tokenizers[language] = Tokenizer(
                whisper.hf_tokenizer, whisper.model.is_multilingual, task="transcribe", language=language
            )
        return self._tokenizers[language]

    def _hear_once(self, whisper: Any, samples: Samples, language: str | None, beam: int, room: float) -> Heard:
        encoded, frames = self._encode(whisper, samples, room)
        spoken, probability = (language, 1.0) if language else self._likeliest(whisper, encoded)
        tokenizer = self._tokenizer(whisper, spoken)
        result = whisper.model.generate(
            encoded,
            [whisper.get_prompt(tokenizer, [])],
            beam_size=beam,
            max_length=TOKENS,
            return_scores=True,
            return_no_speech_prob=True,
            suppress_tokens=_suppressed(tokenizer),
            max_initial_timestamp_index=FIRST_WITHIN,
        )[0]
        tokens = list(result.sequences_ids[0])
        mean = float(result.scores[0]) * len(tokens) / (len(tokens) + 1)
        heard = Heard(
            language=spoken,
            language_probability=probability,
            no_speech=float(result.no_speech_prob),
            log_probability=mean,
        )
        if mean < HOPELESS or (result.no_speech_prob > NO_SPEECH and mean < UNSURE):
            return heard
        if tokens and tokens[-1] < tokenizer.timestamp_begin:  # an open end would be left out
            tokens.append(tokenizer.timestamp_begin + min(frames // 2, LONGEST_FRAMES // 2))
        segments, _, _ = whisper._split_segments_by_timestamps(  # noqa: SLF001 - pinned; its public caller looks at 30 s
            tokenizer=tokenizer,
            tokens=tokens,
            time_offset=0.0,
            segment_size=frames,
            segment_duration=frames / FRAMES,
            seek=0,
        )
        whisper.add_word_timestamps([segments], tokenizer, encoded, frames, OPENING, CLOSING, 0.0)
        words = [word for segment in segments for word in _believed(segment["words"], frames / FRAMES)]
        return replace(heard, words=tuple(words))


class LocalCaptions:
    """A loaded model heard with beam 1: some words worse, three times as fast on a few seconds."""

    def __init__(self, whole: LocalSpeech) -> None:
        self._whole = whole

    def hear(self, samples: Samples, *, language: str | None) -> Heard:
        """The words in at most 30 seconds; see `SpeechEngine`."""
        return self._whole.hear_with(samples, language=language, beam=1, room=1.0)

    def identify(self, samples: Samples) -> Mapping[str, float]:
        """As the whole engine does."""
        return self._whole.identify(samples)


def _suppressed(tokenizer: Any) -> list[int]:
    """Tokens that are no speech: notes, brackets, tasks."""
    marks = (
        tokenizer.transcribe,
        tokenizer.translate,
        tokenizer.sot,
        tokenizer.sot_prev,
        tokenizer.sot_lm,
        tokenizer.no_speech,
    )
    return sorted({*tokenizer.non_speech_tokens, *marks})


def _one(first: Word, rest: Word) -> Word:
    return Word(
        text=first.text + rest.text,
        start=first.start,
        end=rest.end,
        probability=min(first.probability, rest.probability),
    )


def _believed(found: Sequence[Mapping[str, Any]], length: float) -> Iterator[Word]:
    """The words of a segment, or none of them where they are improbable or spoken faster than anyone speaks."""
    words: list[Word] = []
    for piece in found:
        text = str(piece["word"])
        if not any(letter.isalnum() for letter in text):
            continue
        word = Word(
            text=text.strip(),
            start=max(0.0, min(float(piece["start"]), length)),
            end=max(0.0, min(float(piece["end"]), length)),
            probability=float(piece["probability"]),
        )
        # A piece without a space before it goes on with the word before: "6" ".30", "PHQ" "-9".
        goes_on = bool(words) and text == text.lstrip() and not text[0].isalpha()
        if goes_on:
            words[-1] = _one(words[-1], word)
        else:
            words.append(word)
    if not words:
        return
    mean = sum(word.probability for word in words) / len(words)
    seconds = max(words[-1].end - words[0].start, 0.01)
    if mean >= DOUBTFUL and (len(words) < 3 or len(words) / seconds <= TOO_FAST):
        yield from words
