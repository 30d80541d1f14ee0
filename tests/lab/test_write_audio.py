"""Every container people send can be written, and holds the sound it was given."""

import wave

import av
import numpy as np
import pytest

from trellis.kernel.errors import Invalid
from trellis.lab.write_audio import FORMATS, write_audio


@pytest.fixture(scope="module")
def tone(tmp_path_factory):
    """Three seconds: a second of silence, a second of a tone, a second of silence."""
    path = tmp_path_factory.mktemp("tone") / "tone.wav"
    sound = np.concatenate(
        [np.zeros(16_000), 0.3 * np.sin(2 * np.pi * 440 * np.arange(16_000) / 16_000), np.zeros(16_000)]
    )
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(np.asarray(sound * 32767, np.int16).tobytes())
    return path


@pytest.mark.parametrize("ending", sorted(FORMATS))
def test_the_sound_survives(tone, tmp_path, ending):
    """Decoded again, it is as long, loud in its second second and quiet in the others."""
    out = tmp_path / f"tone{ending}"
    write_audio(tone, out, bit_rate=48_000)
    resampler = av.AudioResampler(format="flt", layout="mono", rate=16_000)
    with av.open(str(out)) as container:
        frames = [piece for frame in container.decode(audio=0) for piece in resampler.resample(frame)]
    frames += resampler.resample(None)
    sound = np.concatenate([frame.to_ndarray().ravel() for frame in frames])

    assert len(sound) / 16_000 == pytest.approx(3.0, abs=0.15)
    loud = np.abs(sound[18_000:30_000]).mean()
    assert loud > 0.1
    assert np.abs(sound[2_000:12_000]).mean() < loud / 50


def test_the_same_wav_gives_the_same_bytes(tone, tmp_path):
    """Nothing of the day or of chance is in the file: the shipped recording can be made again."""
    for name in ("1.opus", "2.opus"):
        write_audio(tone, tmp_path / name, bit_rate=24_000)

    assert (tmp_path / "1.opus").read_bytes() == (tmp_path / "2.opus").read_bytes()


def test_another_ending_is_refused(tone, tmp_path):
    """A format nobody sends is named with those that are."""
    with pytest.raises(Invalid, match="no format"):
        write_audio(tone, tmp_path / "tone.xyz")
