"""A room with noise: as loud as it says, in the same time, and the same each time."""

import wave

import numpy as np
import pytest

from trellis.lab.degrade import degrade, impulse_response

RATE = 16_000


@pytest.fixture
def clean(tmp_path):
    """Twelve seconds: bursts of a tone with silence between them."""
    times = np.arange(12 * RATE) / RATE
    sound = np.where((times % 4) < 2, 0.1 * np.sin(2 * np.pi * 220 * times), 0.0)
    path = tmp_path / "clean.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.asarray(sound * 32767, np.int16).tobytes())
    return path


SPEECH = [(0.0, 2.0), (4.0, 6.0), (8.0, 10.0)]


def samples(path):
    """The samples of a mono wav."""
    with wave.open(str(path), "rb") as sound:
        return np.frombuffer(sound.readframes(sound.getnframes()), np.int16).astype(float) / 32767


def power(sound, stretches):
    """Mean power over stretches of seconds."""
    return float(np.mean(np.concatenate([np.square(sound[round(a * RATE) : round(b * RATE)]) for a, b in stretches])))


def test_noise_has_the_asked_for_loudness(clean, tmp_path):
    """At 10 dB the noise in the pauses carries a tenth of the power of the speech, within 2 dB."""
    degrade(clean, tmp_path / "out.wav", SPEECH, 0, reverb=False, noise_db=10.0)
    noise = samples(tmp_path / "out.wav") - samples(clean)

    ratio = 10 * np.log10(power(samples(clean), SPEECH) / float(np.mean(np.square(noise))))
    assert ratio == pytest.approx(10.0, abs=2.0)


def test_the_room_keeps_the_time_and_adds_echo(clean, tmp_path):
    """Same length; after a burst the room still sounds where the clean recording is silent, and then dies away."""
    degrade(clean, tmp_path / "out.wav", SPEECH, 0, reverb=True, noise_db=None)
    wet = samples(tmp_path / "out.wav")

    assert len(wet) == len(samples(clean))
    assert power(samples(clean), [(2.01, 2.1)]) == 0.0
    assert power(wet, [(2.01, 2.1)]) > 100 * power(wet, [(2.8, 2.9)])


def test_the_same_seed_gives_the_same_room(clean, tmp_path):
    """Degrading twice agrees to the byte; another seed doesn't."""
    for name, seed in (("1", 0), ("2", 0), ("3", 1)):
        degrade(clean, tmp_path / f"{name}.wav", SPEECH, seed, reverb=True, noise_db=10.0)

    assert (tmp_path / "1.wav").read_bytes() == (tmp_path / "2.wav").read_bytes()
    assert (tmp_path / "1.wav").read_bytes() != (tmp_path / "3.wav").read_bytes()


def test_a_room_neither_adds_nor_takes_energy():
    """The impulse response has the energy of one."""
    assert float(np.sum(np.square(impulse_response(RATE, np.random.default_rng(0))))) == pytest.approx(1.0, abs=1e-5)
