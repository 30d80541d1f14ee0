"""Where somebody speaks, and how what is long is cut."""

from itertools import pairwise

import numpy as np
import pytest

from trellis.inference.audio import RATE
from trellis.inference.speech import Word
from trellis.inference.voice_activity import LONGEST, Stretch, find_speech
from trellis.inference.windows import pack

from .conftest import noises

NOISES = noises()


@pytest.mark.parametrize("name", NOISES)
def test_noise_and_music_are_no_speech(name):
    """Silence, noise, typing and (synthetic) music hold no stretch."""
    assert list(find_speech([NOISES[name]])) == []


def test_speech_is_found_between_silences(said):
    """What is said between two silences is one stretch, with its times in the recording."""
    samples, reference = said
    silence = np.zeros(3 * RATE, np.float32)
    end = reference["turns"][0]["end"]
    spoken = samples[: int(end * RATE)]
    found = list(find_speech([silence, spoken, silence]))
    assert found[0].start == pytest.approx(3 + reference["turns"][0]["start"], abs=0.4)
    assert found[-1].end == pytest.approx(3 + end, abs=0.5)
    for stretch in found:
        assert len(stretch.samples) / RATE == pytest.approx(stretch.end - stretch.start, abs=0.04)


def test_the_size_of_pieces_does_not_matter(said):
    """Sound that comes in crumbs gives the same stretches as sound that comes at once."""
    whole = [(s.start, s.end) for s in find_speech([said[0]])]
    crumbs = np.array_split(said[0], 97)
    assert [(s.start, s.end) for s in find_speech(crumbs)] == whole


def test_a_monologue_is_cut_and_loses_nothing(said):
    """Speech without a pause is cut into stretches of bounded length that lie side by side."""
    spoken = next(find_speech([said[0]])).samples
    monologue = np.tile(spoken[int(0.3 * RATE) : -int(0.3 * RATE)], 10)
    found = list(find_speech([monologue]))
    assert len(found) > 1 and max(s.end - s.start for s in found) <= LONGEST + 0.1
    assert sum(len(s.samples) for s in found) > 0.95 * len(monologue)
    assert all(before.end <= after.start for before, after in pairwise(found))


def test_windows_hold_every_stretch_once():
    """Stretches are packed in order, none is lost, no window is too long."""
    chance = np.random.default_rng(0)
    at, stretches = 0.0, []
    for number in range(60):
        length = float(chance.uniform(0.3, 14))
        stretches.append(Stretch(at, at + length, np.full(int(length * RATE), number, np.float32)))
        at += length + float(chance.uniform(0.5, 20))
    windows = list(pack(stretches))
    assert [piece.start for window in windows for piece in window.pieces] == [s.start for s in stretches]
    assert max(len(window.samples) for window in windows) <= LONGEST * RATE
    assert len(windows) < 30


def test_words_are_placed_in_the_recording():
    """A word's time in a window becomes its time in the recording, also beyond the silence left out."""
    stretches = [
        Stretch(10.0, 12.0, np.zeros(2 * RATE, np.float32)),
        Stretch(70.0, 73.0, np.zeros(3 * RATE, np.float32)),
    ]
    (window,) = pack(stretches)
    heard = [
        Word(text=t, start=s, end=e, probability=1.0) for t, s, e in (("a", 0.5, 1.0), ("b", 1.8, 2.1), ("c", 3.3, 4.0))
    ]
    assert [(w.text, w.start, w.end) for w in window.place(heard)] == [
        ("a", 10.5, 11.0),
        ("b", 11.8, 12.0),
        ("c", 71.0, 71.7),
    ]
