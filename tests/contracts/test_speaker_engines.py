"""One suite over every adapter of the port for telling speakers apart."""

import numpy as np
import pytest

from trellis.inference import LocalSpeakers, NullSpeakers, SpeakerEngine
from trellis.inference.speakers import RATE

ENGINES: dict[str, SpeakerEngine] = {"null": NullSpeakers(), "local": LocalSpeakers(threads=2)}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> SpeakerEngine:
    return ENGINES[request.param]


def hum(seconds: float, pitch: float = 140.0) -> np.ndarray:
    """Something with the harmonics and the syllables of a voice; no engine has to take it for one."""
    at = np.arange(round(seconds * RATE)) / RATE
    tone = sum(np.sin(2 * np.pi * pitch * n * at) / n for n in range(1, 20))
    return (0.05 * tone * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * at))).astype(np.float32)


def test_nothing_heard_gives_no_voices(engine):
    """A recording in which no stretch was found has nobody in it."""
    assert engine.open().voices() == ()


def test_no_samples_are_no_failure(engine):
    """A stretch may hold no samples, or next to none."""
    listener = engine.open()
    listener.listen(0.0, np.zeros(0, np.float32))
    listener.listen(1.0, np.zeros(200, np.float32))
    listener.voices()


@pytest.mark.parametrize("speakers", [None, 1, 2, 6])
def test_voices_are_in_order_and_within_what_was_heard(engine, speakers):
    """Voices are sorted by time, numbered from 0 as they appear, and lie inside the stretches that were given."""
    listener = engine.open(speakers=speakers)
    for start, pitch in ((3.0, 110.0), (10.0, 230.0)):
        listener.listen(start, hum(4.0, pitch))
    voices = listener.voices()
    assert [voice.start for voice in voices] == sorted(voice.start for voice in voices)
    assert all(3.0 <= voice.start < voice.end <= 14.05 for voice in voices)
    first = list(dict.fromkeys(voice.speaker for voice in voices))
    assert first == list(range(len(first)))
    assert len(first) <= (speakers or 6)


def test_a_listener_forgets(engine):
    """Once it has answered, a listener holds nothing of anybody's voice."""
    listener = engine.open()
    listener.listen(0.0, hum(3.0))
    listener.voices()
    assert listener.voices() == () or isinstance(engine, NullSpeakers)
    assert not any(getattr(listener, name) for name in ("_phrases", "_floors") if hasattr(listener, name))


def test_recordings_do_not_mix(engine):
    """Two listeners of one engine know nothing of each other."""
    one, other = engine.open(), engine.open()
    one.listen(0.0, hum(3.0))
    assert other.voices() == ()
