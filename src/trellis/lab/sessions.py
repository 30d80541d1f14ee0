"""Speak an authored script into a recording whose every word, turn and overlap is known.

Why: speech recognition and speaker separation are measured against exact truth, and the demonstration needs a session
that is nobody's.

Takes: a `Script`, the voice of each role, a seed, and where to write (a `.wav`, 16 kHz, 16 bit; mono, or stereo with
the clinician left and everyone else right). Gives: a `Rendered`: the file, its turns with their words, and who speaks
when. The same arguments give the same file. Memory does not grow with length: audio is written as soon as nothing
later can overlap it.

What is exact: the words, who said them, where each turn and each stretch of speech begins and ends (from the energy of
the unmixed voice, in steps of 10 ms). What is not: the times of single words, which share out a spoken piece by their
length (error around a tenth of a second).

All speech is synthetic. Say so beside every figure made with it.
"""

import hashlib
import json
import random
import re
import wave
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from math import gcd
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly

from trellis.kernel.errors import Invalid
from trellis.lab.degrade import degrade
from trellis.lab.scripts import Script, ScriptTurn
from trellis.lab.voices import Samples, edition, speak

RATE = 16_000
LEAD_IN = 0.5  # seconds of silence before the first turn and after the last
GAP = (0.15, 0.65)  # between turns, where the author wrote nothing
BREATH = (0.15, 0.4)  # between sentences of one turn
SPEED = (0.96, 1.06)
LOUDNESS = 0.07  # root mean square of each spoken piece
ROOM_TONE = 0.0003  # -70 dB: rooms are never digitally silent
SPEECH_FLOOR = 0.06  # a 10 ms frame is speech above this share of the piece's loudness
SPLIT = 0.5  # seconds of silence that part two stretches of speech of one person
SHORT_PIECE = 4  # words; shorter sentences are spoken with their neighbour, as networks mumble very short ones
HORIZON = 12.0  # seconds a later turn can reach back
FRAME = RATE // 100


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenWord:
    """One word and about when it was said (seconds)."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenTurn:
    """One turn as it was spoken; `overlap` is true where somebody else speaks during it."""

    role: str
    start: float
    end: float
    text: str
    words: tuple[SpokenWord, ...]
    overlap: bool = False
    backchannel: bool = False
    risk: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechSegment:
    """A stretch of speech of one person without a pause of half a second."""

    role: str
    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A spoken script: the file and the truth about it."""

    path: Path
    script: str
    language: str
    cast: dict[str, str]
    duration: float
    turns: tuple[SpokenTurn, ...]
    speech: tuple[SpeechSegment, ...]


@dataclass(frozen=True, slots=True)
class _Utterance:
    """A turn's sound with times counted from its own beginning."""

    samples: Samples
    words: tuple[SpokenWord, ...]
    speech: tuple[tuple[float, float], ...]


def render(
    script: Script,
    voices: Mapping[str, str] | None = None,
    seed: int = 0,
    *,
    out: Path,
    reverb: bool = False,
    noise_db: float | None = None,
    stereo: bool = False,
    cache: Path | None = None,
) -> Rendered:
    """Speak a script into `out`.

    `voices` names the voice of some or all roles (swap them to swap speakers); the author's choice fills the rest.
    `reverb` puts the voices in a room, `noise_db` adds pink and babble noise at that signal-to-noise ratio; both need
    a mono recording. `cache` is a folder where spoken pieces are kept for the next time.
    """
    cast = {**script.cast, **(voices or {})}
    degraded = reverb or noise_db is not None
    if degraded and stereo:
        raise Invalid("lab.render", "A degraded recording is mono.", hint="Leave out stereo, or reverb and noise.")
    clean = out.with_suffix(".clean.wav") if degraded else out
    rendered = _render_clean(script, cast, seed, clean, stereo=stereo, cache=cache)
    if not degraded:
        return rendered
    speech = [(segment.start, segment.end) for segment in rendered.speech]
    degrade(clean, out, speech, seed, reverb=reverb, noise_db=noise_db)
    clean.unlink()
    return Rendered(
        path=out,
        script=script.name,
        language=script.language,
        cast=cast,
        duration=rendered.duration,
        turns=rendered.turns,
        speech=rendered.speech,
    )


def rttm(rendered: Rendered) -> str:
    """Who speaks when, in the format diarization tools score."""
    return "".join(
        f"SPEAKER {rendered.script} 1 {s.start:.3f} {s.end - s.start:.3f} <NA> <NA> {s.role} <NA> <NA>\n"
        for s in rendered.speech
    )


def write_reference(rendered: Rendered, path: Path, card: Mapping[str, object]) -> None:
    """Write the truth about a recording as JSON: turns as in a Trellis transcript, their words, and a card."""
    turns = [
        {"id": number, "speaker": turn.role, **{key: value for key, value in asdict(turn).items() if key != "role"}}
        for number, turn in enumerate(rendered.turns, start=1)
    ]
    truth = {"card": dict(card), "language": rendered.language, "duration": rendered.duration, "turns": turns}
    path.write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _render_clean(
    script: Script, cast: Mapping[str, str], seed: int, out: Path, *, stereo: bool, cache: Path | None
) -> Rendered:
    chance = random.Random(f"{script.name} {seed}")
    pace = {role: chance.uniform(*SPEED) for role in sorted(cast)}
    turns: list[SpokenTurn] = []
    floor = LEAD_IN  # when the person who holds the floor is done
    speech: list[SpeechSegment] = []
    with _Tape(out, stereo=stereo, seed=seed) as tape:
        for turn in script.turns:
            spoken = _utter(turn, cast[turn.role], script.language, pace=pace[turn.role], chance=chance, cache=cache)
            start = _start(turn, floor, len(spoken.samples) / RATE, chance, first=not turns)
            start = round(start * RATE) / RATE
            tape.add(start, spoken.samples, right=turn.role != "clinician")
            turns.append(_placed(turn, spoken, start))
            speech += [
                SpeechSegment(role=turn.role, start=round(start + a, 3), end=round(start + b, 3))
                for a, b in spoken.speech
            ]
            floor = max(floor, start + len(spoken.samples) / RATE)
        duration = tape.finish(floor + LEAD_IN)
    return Rendered(
        path=out,
        script=script.name,
        language=script.language,
        cast=dict(cast),
        duration=round(duration, 3),
        turns=_with_overlaps(turns, speech),
        speech=tuple(sorted(speech, key=lambda segment: segment.start)),
    )


def _start(turn: ScriptTurn, floor: float, length: float, chance: random.Random, *, first: bool) -> float:
    """When a turn begins: after a pause, into the end of the last one, or inside it."""
    gap = chance.uniform(*GAP)
    if first:
        return floor
    if turn.backchannel:
        return max(LEAD_IN, floor - max(turn.overlap, length + 0.2))
    if turn.overlap:
        return max(LEAD_IN, floor - turn.overlap)
    return floor + (gap if turn.pause is None else turn.pause)


def _utter(
    turn: ScriptTurn, voice: str, language: str, *, pace: float, chance: random.Random, cache: Path | None
) -> _Utterance:
    """Speak a turn piece by piece, so that the times of words can only err within a sentence or two."""
    samples: list[Samples] = []
    words: list[SpokenWord] = []
    at = 0
    for piece in cut_pieces(turn.text):
        breath = round(chance.uniform(*BREATH) * RATE)
        speed = round(pace * chance.uniform(0.98, 1.02), 2)
        sound = _spoken(voice, piece, language, speed, cache)
        if samples:
            samples.append(np.zeros(breath, np.float32))
            at += breath
        words += _timed(piece, at / RATE, (at + len(sound)) / RATE)
        samples.append(sound)
        at += len(sound)
    whole = np.concatenate(samples)
    return _Utterance(whole, tuple(words), find_speech(whole))


def cut_pieces(text: str) -> list[str]:
    """The sentences of a turn; very short ones stay with their neighbour."""
    pieces: list[str] = []
    for sentence in re.split(r"(?<=[.!?])\s+", text.strip()):
        if pieces and (len(pieces[-1].split()) < SHORT_PIECE or len(sentence.split()) < SHORT_PIECE):
            pieces[-1] += f" {sentence}"
        else:
            pieces.append(sentence)
    return pieces


def _spoken(voice: str, text: str, language: str, speed: float, cache: Path | None) -> Samples:
    """One piece at 16 kHz, cut to its sound and set to one loudness; from the cache where it is there."""
    key = hashlib.sha256("\n".join((voice, edition(), language, str(speed), text)).encode()).hexdigest()[:32]
    kept = cache / f"{key}.npy" if cache else None
    if kept and kept.exists():
        return _sound(np.load(kept))
    raw, rate = speak(voice, text, language=language, speed=speed)
    divisor = gcd(rate, RATE)
    sound = _level(_cut_to_sound(np.asarray(resample_poly(raw, RATE // divisor, rate // divisor), np.float32)))
    pcm = _pcm(sound)
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.save(kept, pcm)
    return _sound(pcm)


def _sound(pcm: npt.NDArray[np.int16]) -> Samples:
    return np.asarray(pcm.astype(np.float32) / np.float32(32767), np.float32)


def _cut_to_sound(sound: Samples) -> Samples:
    stretches = find_speech(sound)
    if not stretches:
        raise Invalid("lab.render", "A voice said nothing.", hint="Look for a turn without words in the script.")
    return sound[round(stretches[0][0] * RATE) : round(stretches[-1][1] * RATE)]


def _level(sound: Samples) -> Samples:
    level = float(np.sqrt(np.mean(np.square(sound, dtype=np.float32)))) or 1.0
    return np.asarray(np.clip(sound * np.float32(LOUDNESS / level), -0.98, 0.98), np.float32)


def find_speech(sound: Samples) -> tuple[tuple[float, float], ...]:
    """Where one voice sounds (start and end in seconds), from its energy; pauses below half a second are bridged."""
    frames = sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)
    energy = np.sqrt(np.mean(np.square(frames), axis=1)) if len(frames) else np.zeros(0, np.float32)
    loud = np.flatnonzero(energy > SPEECH_FLOOR * (np.sqrt(np.mean(np.square(sound))) if len(sound) else 0.0))
    if not len(loud):
        return ()
    breaks = np.flatnonzero(np.diff(loud) > SPLIT * 100)
    starts = [int(loud[0]), *(int(loud[i + 1]) for i in breaks)]
    ends = [*(int(loud[i]) + 1 for i in breaks), int(loud[-1]) + 1]
    return tuple((start / 100, end / 100) for start, end in zip(starts, ends, strict=True))


def _timed(piece: str, start: float, end: float) -> list[SpokenWord]:
    """Share a piece's time out among its words: letters take time, and so do commas and full stops."""
    words = piece.split()
    said = [len(re.sub(r"\W", "", word)) + 1.5 for word in words]
    rests = [5.0 if word[-1] in ".!?" else 3.0 if word[-1] in ",:;" else 0.0 for word in words]
    rests[-1] = 0.0
    unit = (end - start) / (sum(said) + sum(rests))
    timed: list[SpokenWord] = []
    at = start
    for word, length, rest in zip(words, said, rests, strict=True):
        timed.append(SpokenWord(text=word, start=round(at, 3), end=round(at + length * unit, 3)))
        at += (length + rest) * unit
    return timed


def _placed(turn: ScriptTurn, spoken: _Utterance, start: float) -> SpokenTurn:
    return SpokenTurn(
        role=turn.role,
        start=round(start, 3),
        end=round(start + len(spoken.samples) / RATE, 3),
        text=turn.text,
        words=tuple(
            SpokenWord(text=word.text, start=round(start + word.start, 3), end=round(start + word.end, 3))
            for word in spoken.words
        ),
        backchannel=turn.backchannel,
        risk=turn.risk,
    )


def _with_overlaps(turns: list[SpokenTurn], speech: list[SpeechSegment]) -> tuple[SpokenTurn, ...]:
    """Mark each turn during which somebody else is heard."""
    marked: list[SpokenTurn] = []
    for turn in turns:
        met = any(s.role != turn.role and s.start < turn.end and s.end > turn.start for s in speech)
        values = {name: getattr(turn, name) for name in SpokenTurn.__slots__}
        marked.append(SpokenTurn(**{**values, "overlap": met}))
    return tuple(marked)


def _pcm(sound: Samples) -> npt.NDArray[np.int16]:
    return np.asarray(np.round(np.clip(sound, -1, 1) * 32767), np.int16)


class _Tape:
    """A wav file being written; holds only the last seconds, where a turn may still overlap."""

    def __init__(self, path: Path, *, stereo: bool, seed: int) -> None:
        self._file = wave.open(str(path), "wb")  # noqa: SIM115  # closed by __exit__
        self._file.setnchannels(2 if stereo else 1)
        self._file.setsampwidth(2)
        self._file.setframerate(RATE)
        self._held = np.zeros((0, 2 if stereo else 1), np.float32)
        self._written = 0  # frames that are in the file
        self._tone = np.random.default_rng(seed)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, start: float, samples: Samples, *, right: bool) -> None:
        """Mix a voice in at `start` seconds."""
        first = round(start * RATE) - self._written
        assert first >= 0, "a turn reaches back further than the tape holds"
        self._reach(first + len(samples))
        channel = 1 if right and self._held.shape[1] == 2 else 0
        self._held[first : first + len(samples), channel] += samples
        self._flush(keep=round(HORIZON * RATE))

    def finish(self, end: float) -> float:
        """Write what is left up to `end` seconds; returns the length of the file in seconds."""
        self._reach(round(end * RATE) - self._written)
        self._flush(keep=0)
        return self._written / RATE

    def _reach(self, frames: int) -> None:
        missing = max(0, frames - len(self._held))
        self._held = np.pad(self._held, ((0, missing), (0, 0)))

    def _flush(self, keep: int) -> None:
        done = len(self._held) - keep
        if done <= 0:
            return
        tone = self._tone.standard_normal((done, self._held.shape[1]), np.float32) * np.float32(ROOM_TONE)
        self._file.writeframesraw(_pcm(self._held[:done] + tone).tobytes())
        self._held = self._held[done:]
        self._written += done
