"""Sounds that tests are made with: drawn, played, or said in the shipped synthetic session; and files of any format."""

import itertools
import json
from pathlib import Path

import av
import numpy as np
import pytest

import trellis.lab
from trellis.inference.audio import RATE, stream

DEMO = Path(trellis.lab.__file__).parent / "demo"
FORMATS = {
    "wav": ("wav", "pcm_s16le"),
    "mp3": ("mp3", "libmp3lame"),
    "m4a": ("ipod", "aac"),
    "flac": ("flac", "flac"),
    "ogg": ("ogg", "libopus"),
    "webm": ("webm", "libopus"),
}


def write_sound(path, sound, rate, kind):
    """Encode samples [channels, n] into a container."""
    container, codec = FORMATS[kind]
    layout = "stereo" if len(sound) == 2 else "mono"
    whole = np.ascontiguousarray((sound.T.reshape(1, -1) * 32767).astype(np.int16))
    with av.open(str(path), "w", format=container) as written:
        out = written.add_stream(codec, rate=rate, layout=layout)
        frame = av.AudioFrame.from_ndarray(whole, format="s16", layout=layout)
        frame.sample_rate = rate
        frames = av.AudioFifo()
        frames.write(frame)
        at = 0
        while (part := frames.read(4096, True)) is not None:
            part.pts = at
            at += part.samples
            written.mux(out.encode(part))
        written.mux(out.encode(None))
    return path


def tones(seconds, rate, channels=1):
    """A tone on each channel, going on and off."""
    times = np.arange(int(seconds * rate)) / rate
    gate = (np.sin(np.pi * times) > 0) * 0.3
    return np.stack([gate * np.sin(2 * np.pi * hertz * times) for hertz in (300, 500)[:channels]])


def noises(seconds=12, seed=0):
    """What a room may hold besides voices: noise, hum, keys, music."""
    chance = np.random.default_rng(seed)
    count = seconds * RATE
    times = np.arange(count) / RATE
    white = chance.standard_normal(count)
    spectrum = np.fft.rfft(white)
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    pink = np.fft.irfft(spectrum, count)
    keys = np.zeros(count)
    for at in np.cumsum(chance.uniform(0.05, 0.4, 200)):
        begin = int(at * RATE)
        if begin + 400 < count:
            keys[begin : begin + 400] += (
                chance.uniform(0.2, 0.6) * chance.standard_normal(400) * np.exp(-np.arange(400) / 60)
            )
    hum = sum(0.1 / h * np.sin(2 * np.pi * 50 * h * times) for h in (1, 2, 3, 5))
    chords = _played(count, [(48, 55, 60, 64), (45, 52, 57, 60), (41, 48, 53, 57), (43, 50, 55, 59)], 2.0, 0.8, 0.0)
    melody = _played(count, [(n,) for n in (69, 71, 72, 76, 74, 72, 71, 69, 67, 69)], 0.8, 0.1, 0.015)
    found = {
        "silence": np.zeros(count),
        "white noise": 0.1 * white,
        "pink noise": 0.15 * pink / pink.std(),
        "mains hum": hum,
        "keyboard": keys,
        "chords": chords,
        "melody": melody,
        "band": 0.5 * (chords + melody + keys),
    }
    return {name: np.clip(sound, -1, 1).astype(np.float32) for name, sound in found.items()}


def _played(count, notes, seconds, decay, vibrato):
    sound = np.zeros(count)
    at = 0
    times = np.arange(int(seconds * RATE)) / RATE
    for chord in itertools.cycle(notes):
        if at + len(times) > count:
            return 0.3 * sound / np.abs(sound).max()
        for key in chord:
            hertz = 440 * 2 ** ((key - 69) / 12)
            phase = 2 * np.pi * hertz * times + vibrato * hertz / 5.5 * np.sin(2 * np.pi * 5.5 * times)
            shape = np.minimum(1, times / 0.05) * np.exp(-times * decay) * np.minimum(1, (seconds - times) / 0.03)
            sound[at : at + len(times)] += shape * sum(np.sin(h * phase) / h**1.2 for h in range(1, 10))
        at += len(times)
    return sound


@pytest.fixture(scope="session")
def said():
    """The first seconds of the shipped session (synthetic voices): samples [n], and its reference."""
    blocks = stream(DEMO / "session.opus", seconds=9.0)
    return next(blocks).samples.mean(axis=0), json.loads((DEMO / "session.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def whisper():
    """The local engine, loaded once."""
    from trellis.inference.local_speech import LocalSpeech

    return LocalSpeech()
