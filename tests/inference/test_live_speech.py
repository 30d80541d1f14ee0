"""Captions grow while somebody speaks; what is stable never changes."""

from itertools import pairwise

import numpy as np
import pytest

from trellis.inference.audio import RATE
from trellis.inference.live_speech import LiveSpeech
from trellis.inference.speech import Heard, Word

from .conftest import noises


class Clockwork:
    """Hears one word a half second of sound, and is unsure of the last one: it changes with the length."""

    def hear(self, samples, *, language):
        count = int(len(samples) / RATE * 2)
        words = [
            Word(
                text=f"w{round(float(samples[int(i * RATE / 2)]) * 1e3)}", start=i / 2, end=i / 2 + 0.4, probability=1.0
            )
            for i in range(count)
        ]
        return Heard(words=tuple(words), language="en", language_probability=1.0)

    def identify(self, samples):
        return {"en": 1.0}


def _run(engine, samples, chunk):
    live = LiveSpeech(engine, language="en")
    captions = []
    for at in range(0, len(samples), chunk):
        captions += live.feed(samples[at : at + chunk])
    return captions + live.finish()


@pytest.mark.parametrize("chunk", [RATE // 50, RATE // 4, 2 * RATE])
def test_what_is_stable_never_changes(said, whisper, chunk):
    """A stable word keeps its text, its place and its caption; a final caption is stable throughout."""
    known = {}
    captions = _run(whisper.quickly(), said[0], chunk)
    assert captions and captions[-1].final
    for caption in captions:
        for place, word in enumerate(caption.words[: caption.stable]):
            assert known.setdefault((caption.id, place), word) == word
        assert len(caption.words) >= sum(key[0] == caption.id for key in known)
        assert not caption.final or caption.stable == len(caption.words)
    finals = [caption.id for caption in captions if caption.final]
    assert finals == sorted(set(finals))


def test_words_come_before_the_speaker_stops(said, whisper):
    """Captions are shown, and words become stable, while the sentence still goes on."""
    captions = _run(whisper.quickly(), said[0][: 6 * RATE], RATE // 4)
    growing = [caption for caption in captions if not caption.final]
    assert len(growing) >= 2 and max(caption.stable for caption in growing) >= 3


def test_no_word_is_said_twice(said, whisper):
    """Hearing the same seconds again and cutting a monologue repeats nothing."""
    spoken = said[0][: 8 * RATE]
    captions = _run(whisper.quickly(), spoken, RATE // 4)
    words = [word for caption in captions if caption.final for word in caption.words]
    assert all(before.start <= after.start for before, after in pairwise(words))
    whole = whisper.hear(spoken, language="en").words
    assert abs(len(words) - len(whole)) <= 3


@pytest.mark.parametrize("name", ["silence", "keyboard", "band"])
def test_noise_gives_no_caption(name):
    """Where nobody speaks, nothing is shown, whatever the engine would hear."""
    assert _run(Clockwork(), noises()[name], RATE // 4) == []


def test_an_empty_stream_gives_nothing():
    """A stream may end before it began."""
    live = LiveSpeech(Clockwork())
    assert live.feed(np.zeros(0, np.float32)) == [] and live.finish() == []
