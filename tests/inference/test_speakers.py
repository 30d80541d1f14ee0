"""Telling speakers apart: grouping of voice prints, and the whole way on a shipped session of synthetic voices."""

import json
from collections.abc import Iterator
from importlib import resources
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from trellis.inference import LocalSpeakers, Voice
from trellis.inference.audio import RATE, stream
from trellis.inference.clustering import find_people, nearest
from trellis.inference.segmentation import Segmentation
from trellis.inference.voice_activity import Stretch, find_speech
from trellis.inference.weights import find_weights

DEMO = Path(str(resources.files("trellis.lab"))) / "demo"
SECONDS = 75


def synthetic_prints(counts: list[int], seed: int = 3, spread: float = 0.055) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors around centres that are as alike as voices are (cosine 0.45), and whose they are."""
    chance = np.random.default_rng(seed)
    shared = chance.standard_normal(192)
    shared /= np.linalg.norm(shared)
    rows, labels = [], []
    for person, count in enumerate(counts):
        own = chance.standard_normal(192)
        own /= np.linalg.norm(own)
        centre = 0.67 * shared + 0.74 * own
        rows.append(centre + spread * chance.standard_normal((count, 192)))
        labels += [person] * count
    prints = np.concatenate(rows)
    return (prints / np.linalg.norm(prints, axis=1, keepdims=True)).astype(np.float32), np.array(labels)


@pytest.mark.parametrize("counts", [[40], [30, 30], [120, 6], [20, 25, 15], [12, 12, 12, 12, 12, 12]])
def test_the_number_of_people_is_found(counts):
    """One to six people are found, however unevenly they talk."""
    prints, truth = synthetic_prints(counts)
    people = find_people(prints, np.full(len(prints), 1.6))
    assert len(people) == len(counts)
    labels = nearest(prints, people)
    assert all(len(set(labels[truth == person])) == 1 for person in range(len(counts)))


def test_a_known_number_is_kept():
    """Where the number of speakers is given, so many are told apart, even if they sound alike."""
    prints, _ = synthetic_prints([20, 20, 20])
    assert len(find_people(prints, np.full(60, 1.6), 2)) == 2
    assert len(find_people(prints, np.full(60, 1.6), 3)) == 3


def test_a_cough_is_nobody():
    """A sound of a second that is unlike everything else founds no person."""
    prints, _ = synthetic_prints([30, 1])
    assert len(find_people(prints, np.full(31, 1.3))) == 1


def test_three_hours_of_prints_stay_small():
    """Fifteen thousand prints are grouped on a sample, never on all pairs (which would take 1.8 GB)."""
    prints, truth = synthetic_prints([9000, 6000])
    people = find_people(prints, np.full(len(prints), 1.5))
    assert len(people) == 2
    labels = nearest(prints, people)
    assert len(set(labels[truth == 0])) == len(set(labels[truth == 1])) == 1


@pytest.fixture(scope="module")
def stretches() -> list[Stretch]:
    """Where somebody speaks in the first minute or so of the shipped session."""
    return list(find_speech(_beginning()))


def _beginning() -> Iterator[np.ndarray]:
    for block in stream(DEMO / "session.opus"):
        if block.start >= SECONDS:
            return
        yield block.samples.mean(axis=0)


@pytest.fixture(scope="module")
def engine() -> LocalSpeakers:
    return LocalSpeakers(threads=2)


@pytest.fixture(scope="module")
def voices(engine, stretches) -> tuple[Voice, ...]:
    return _heard(engine, stretches)


def _heard(engine: LocalSpeakers, stretches: list[Stretch], *, speakers: int | None = None) -> tuple[Voice, ...]:
    listener = engine.open(speakers=speakers)
    for stretch in stretches:
        listener.listen(stretch.start, stretch.samples)
    return listener.voices()


def _turns() -> list[dict]:
    turns = json.loads((DEMO / "session.json").read_text())["turns"]
    return [turn for turn in turns if turn["end"] < SECONDS - 1 and not turn["overlap"]]


def _main_speaker(voices: tuple[Voice, ...], start: float, end: float) -> int:
    spoken: dict[int, float] = {}
    for voice in voices:
        common = min(voice.end, end) - max(voice.start, start)
        if common > 0:
            spoken[voice.speaker] = spoken.get(voice.speaker, 0.0) + common
    return max(spoken, key=lambda speaker: spoken[speaker])


def test_two_people_of_a_session_are_told_apart(voices):
    """Every turn that nobody else speaks into belongs to one voice, and each person is one voice."""
    assert {voice.speaker for voice in voices} == {0, 1}
    by_role: dict[str, set[int]] = {}
    for turn in _turns():
        by_role.setdefault(turn["speaker"], set()).add(_main_speaker(voices, turn["start"], turn["end"]))
    assert [len(speakers) for speakers in by_role.values()] == [1, 1]
    assert len(set.union(*by_role.values())) == 2


def test_borders_are_where_the_voices_change(voices):
    """Where the floor passes to somebody else, a voice begins within a quarter of a second of the turn."""
    starts = [voice.start for voice in voices]
    turns = json.loads((DEMO / "session.json").read_text())["turns"]
    floor = [turn for turn in turns if not turn["backchannel"] and turn["end"] < SECONDS - 1]
    passed = [turn for before, turn in pairwise(floor) if before["speaker"] != turn["speaker"]]
    assert len(passed) > 5
    assert all(min(abs(start - turn["start"]) for start in starts) < 0.25 for turn in passed)


def test_one_person_is_one_voice(engine, stretches):
    """A recording of one person has one speaker, also where nobody said so."""
    mine = [turn for turn in _turns() if turn["speaker"] == "client"]
    samples = np.concatenate(list(_beginning()))
    listener = engine.open()
    for turn in mine:
        listener.listen(turn["start"], samples[round(turn["start"] * RATE) : round(turn["end"] * RATE)])
    assert {voice.speaker for voice in listener.voices()} == {0}


def test_a_distant_television_is_no_speaker(engine, stretches):
    """Talk far below the people in the room founds no voice and puts no overlap into theirs."""
    samples = np.concatenate(list(_beginning()))
    length = len(samples)
    babble = sum(np.roll(samples[::-1], length * n // 7) for n in range(6)).astype(np.float32)
    noisy = samples + babble * np.float32(0.22 * samples.std() / babble.std())
    voices = _heard(engine, list(find_speech(iter([noisy]))))
    assert {voice.speaker for voice in voices} == {0, 1}
    assert sum(voice.end - voice.start for voice in voices if voice.overlap) < 4.0


def test_two_at_once_are_both_heard(engine):
    """Where two people talk at the same time, both have a voice there and both are marked."""
    samples = np.concatenate(list(_beginning()))
    long = {
        role: max((turn for turn in _turns() if turn["speaker"] == role), key=lambda turn: turn["end"] - turn["start"])
        for role in ("clinician", "client")
    }
    sides = [samples[round(turn["start"] * RATE) : round(turn["end"] * RATE)] for turn in long.values()]
    one, other = (side[: 6 * RATE] for side in sides)
    mixed = np.zeros(len(one) + len(other) - 2 * RATE, np.float32)
    mixed[: len(one)] += one
    mixed[len(one) - 2 * RATE :] += other
    listener = engine.open(speakers=2)
    listener.listen(0.0, mixed)
    together = [voice for voice in listener.voices() if voice.overlap]
    assert {voice.speaker for voice in together} == {0, 1}
    middle = len(one) / RATE - 1.0
    assert any(voice.start < middle < voice.end for voice in together)


def test_segmentation_is_silent_in_silence():
    """Digital silence holds no voice, in a stretch of any length."""
    network = Segmentation(find_weights("segmentation"), threads=1)
    for seconds in (0.05, 1.0, 12.3):
        assert network.segment(np.zeros(round(seconds * RATE), np.float32)).speech.max() < 0.5
