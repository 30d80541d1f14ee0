"""Put a clean synthetic recording into a room with noise.

Why: sessions are recorded by a phone on a table, not in a studio, and figures from clean speech alone would flatter.

Takes: a mono 16-bit wav and the stretches where somebody speaks. Gives: a wav of the same length, in the same time:
the voices through a made-up room (an impulse response of decaying noise) and, under them, half pink noise and half
babble (six copies of the recording itself, played backwards from different places, so that no word of it can be
understood) at a signal-to-noise ratio measured over speech. Deterministic by seed; memory does not grow with length.
"""

import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.signal import fftconvolve, lfilter

Samples = npt.NDArray[np.float32]

BLOCK_SECONDS = 10
REVERBERATION = 0.4  # seconds until the room's echo is 60 dB down: a furnished office
DIRECT_TO_REVERBERANT_DB = 4.0  # a microphone about a metre away
FIRST_ECHO = 0.003  # seconds
TALKERS = 6
WAV_HEADER = 44  # bytes of the header that `wave` writes

# Paul Kellet's filter: white noise to pink, -3 dB an octave within 0.05 dB (public domain, musicdsp.org).
PINK_B = (0.049922035, -0.095993537, 0.050612699, -0.004408786)
PINK_A = (1.0, -2.494956002, 2.017265875, -0.522189400)


def degrade(
    clean: Path,
    out: Path,
    speech: Sequence[tuple[float, float]],
    seed: int,
    *,
    reverb: bool,
    noise_db: float | None,
) -> None:
    """Write a degraded copy of a mono wav; `speech` are the seconds over which loudness is measured."""
    with wave.open(str(clean), "rb") as source:
        rate, frames = source.getframerate(), source.getnframes()
        assert source.getnchannels() == 1, "only a mono recording can be degraded"
    sound: npt.NDArray[np.int16] = np.memmap(clean, np.int16, "r", offset=WAV_HEADER, shape=(frames,))
    chance = np.random.default_rng(seed)
    room = impulse_response(rate, chance) if reverb else np.ones(1, np.float32)
    offsets = [int(offset) for offset in chance.integers(0, frames, TALKERS)]
    loudness = _speech_power(sound, speech, rate)
    block = BLOCK_SECONDS * rate
    pink_power, babble_power = _noise_powers(sound, offsets, block)
    target = 0.0 if noise_db is None else loudness / 10 ** (noise_db / 10)
    state, tail = np.zeros(len(PINK_A) - 1), np.zeros(len(room) - 1, np.float32)
    with wave.open(str(out), "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(rate)
        for first in range(0, frames, block):
            dry = sound[first : first + block].astype(np.float32) / 32767
            wet = np.asarray(fftconvolve(dry, room), np.float32)
            wet[: len(tail)] += tail[: len(wet)]
            tail = wet[len(dry) :]
            mixed = wet[: len(dry)]
            if target:
                pink, state = lfilter(PINK_B, PINK_A, chance.standard_normal(len(dry)), zi=state)
                babble = _babble(sound, offsets, first, len(dry))
                mixed = mixed + pink * np.sqrt(target / 2 / pink_power) + babble * np.sqrt(target / 2 / babble_power)
            written.writeframesraw(np.round(np.clip(mixed, -1, 1) * 32767).astype(np.int16).tobytes())


def impulse_response(rate: int, chance: np.random.Generator) -> Samples:
    """A room: the direct sound, then exponentially decaying noise; its energy is one."""
    times = np.arange(round(REVERBERATION * rate)) / rate
    tail = chance.standard_normal(len(times)) * 10 ** (-3 * times / REVERBERATION)
    tail[: round(FIRST_ECHO * rate)] = 0.0
    tail *= np.sqrt(10 ** (-DIRECT_TO_REVERBERANT_DB / 10) / np.sum(tail**2))
    tail[0] = 1.0
    return np.asarray(tail / np.sqrt(np.sum(tail**2)), np.float32)


def _speech_power(sound: npt.NDArray[np.int16], speech: Sequence[tuple[float, float]], rate: int) -> float:
    energy, count = 0.0, 0
    for start, end in speech:
        stretch = sound[round(start * rate) : round(end * rate)].astype(np.float32) / 32767
        energy += float(np.sum(np.square(stretch)))
        count += len(stretch)
    return energy / max(count, 1)


def _noise_powers(sound: npt.NDArray[np.int16], offsets: Sequence[int], block: int) -> tuple[float, float]:
    """The mean power of unscaled pink noise and of unscaled babble (over up to ten blocks)."""
    white = np.random.default_rng(0).standard_normal(block)
    pink = float(np.mean(np.square(lfilter(PINK_B, PINK_A, white))))
    starts = np.linspace(0, max(0, len(sound) - block), 10).astype(int)
    length = min(block, len(sound))
    babble = float(np.mean([np.mean(np.square(_babble(sound, offsets, int(at), length))) for at in starts]))
    return pink, babble or 1.0


def _babble(sound: npt.NDArray[np.int16], offsets: Sequence[int], first: int, length: int) -> Samples:
    """Several backward copies of the recording at once, each wrapping round at the beginning."""
    total = np.zeros(length, np.float32)
    for offset in offsets:
        at = (offset - first - np.arange(length)) % len(sound)
        total += sound[at].astype(np.float32) / 32767
    return total
