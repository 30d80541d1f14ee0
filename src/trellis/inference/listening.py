"""Listens to one recording: segmentation for when, voice prints for who, grouping for how many.

Takes and gives what the port in `speakers` says. What stays in memory of an hour of speech is some 2,300 phrases with
192 numbers each (2 MB).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from trellis.inference.clustering import Seconds, centre, find_people
from trellis.inference.phrases import Phrase, cut_phrases, floor
from trellis.inference.segmentation import Segmentation
from trellis.inference.speakers import Voice
from trellis.inference.voiceprints import Prints, Samples, VoicePrints

SURE = 25.0
"""How much a second and a half of likeness (a cosine) weighs against the costs of changing the speaker."""

STEADY = 3.0
"""Cost of another speaker where the voice seems to run on."""

TURN = 0.4
"""Cost of another speaker at a pause or a change of voice."""

BRIDGE = 0.6
"""Seconds of silence over which one person's voice is one stretch."""

NEAR = 7.0
"""Decibels above the room's floor from which speech is somebody's in the room: behind noise at 10 dB, talk nobody meant
to record lies 2 to 6 dB above the floor, speech in the room 9 and more (synthetic)."""

LEAST = 1_600
"""Samples below which a stretch says nothing (0.1 s)."""

ROUNDS = 2

Matrix = npt.NDArray[np.float32]


class LocalListener:
    """Holds phrases and their prints until it is asked for the voices; then it forgets them."""

    def __init__(self, segmentation: Segmentation, prints: VoicePrints, speakers: int | None) -> None:
        self._segmentation = segmentation
        self._prints = prints
        self._speakers = speakers
        self._phrases: list[Phrase] = []
        self._floors: list[float] = []

    def listen(self, start: float, samples: Samples) -> None:
        """Hear a stretch of speech that begins at `start` seconds."""
        if len(samples) < LEAST:
            return
        self._floors.append(floor(samples))
        self._phrases += cut_phrases(start, samples, self._segmentation.segment(samples), self._prints)

    def voices(self) -> tuple[Voice, ...]:
        """Who spoke when, in the order of time."""
        phrases = self._near()
        self._phrases, self._floors = [], []
        if not phrases:
            return ()
        prints = np.stack([phrase.print for phrase in phrases])
        seconds = np.array([phrase.seconds for phrase in phrases])
        alone = np.array([not phrase.overlap for phrase in phrases])
        if not alone.any():
            alone[:] = True
        people = find_people(prints[alone], seconds[alone], self._speakers)
        for _ in range(ROUNDS):
            labels = _follow(phrases, prints, seconds, people)
            kept = centre(prints[alone], seconds[alone], labels[alone], len(people))
            if len(kept) < len(people):
                break
            people = kept
        return _voices(phrases, _follow(phrases, prints, seconds, people), np.asarray(prints @ people.T, np.float32))

    def _near(self) -> list[Phrase]:
        """Phrases that stand out of the room; talk in a corridor or on a television does not. All, if none does."""
        if not self._phrases:
            return []
        room = float(np.median(self._floors))
        return [phrase for phrase in self._phrases if phrase.level >= room + NEAR] or self._phrases


def _follow(phrases: list[Phrase], prints: Prints, seconds: Seconds, people: Prints) -> npt.NDArray[np.intp]:
    """The likeliest speaker of each phrase, given that people rarely change in the flow of speech (Viterbi)."""
    likeness = (prints @ people.T).astype(np.float64)
    weight = SURE * np.sqrt(np.minimum(seconds, 2.0) / 1.5)
    weight[[phrase.overlap for phrase in phrases]] *= 0.3
    scores = likeness * weight[:, None]
    best = scores[0]
    came = np.zeros((len(phrases), len(people)), np.intp)
    for index in range(1, len(phrases)):
        cost = STEADY if phrases[index].joined else TURN
        top = int(best.argmax())
        changes = best[top] - cost > best
        came[index] = np.where(changes, top, np.arange(len(people)))
        best = np.where(changes, best[top] - cost, best) + scores[index]
    labels = np.zeros(len(phrases), np.intp)
    labels[-1] = int(best.argmax())
    for index in range(len(phrases) - 1, 0, -1):
        labels[index - 1] = came[index, labels[index]]
    return labels


def _voices(phrases: list[Phrase], labels: npt.NDArray[np.intp], likeness: Matrix) -> tuple[Voice, ...]:
    """Phrases as voices; where two speak at once, both of them."""
    spoken: list[Voice] = []
    for index, phrase in enumerate(phrases):
        spoken += [
            Voice(start=phrase.start, end=phrase.end, speaker=who, overlap=phrase.overlap)
            for who in _speakers_of(index, phrases, labels, likeness)
        ]
    order: dict[int, int] = {}
    for voice in spoken:
        order.setdefault(voice.speaker, len(order))
    return tuple(
        sorted(
            (
                Voice(start=voice.start, end=voice.end, speaker=order[voice.speaker], overlap=voice.overlap)
                for voice in _bridged(spoken)
            ),
            key=lambda voice: (voice.start, voice.end),
        )
    )


def _speakers_of(index: int, phrases: list[Phrase], labels: npt.NDArray[np.intp], likeness: Matrix) -> tuple[int, ...]:
    """Who speaks in a phrase: one, or where two do, those around it, or the one and the next likest."""
    mine = int(labels[index])
    if not phrases[index].overlap or likeness.shape[1] < 2:
        return (mine,)
    before = next((int(labels[i]) for i in range(index - 1, -1, -1) if not phrases[i].overlap), mine)
    after = next((int(labels[i]) for i in range(index + 1, len(phrases)) if not phrases[i].overlap), mine)
    if before != after:
        return (before, after)
    others = likeness[index].copy()
    others[before] = -np.inf
    return (before, int(others.argmax()))


def _bridged(voices: list[Voice]) -> list[Voice]:
    """Join what one person says over short silences, where nobody else speaks in between."""
    joined: list[Voice] = []
    for voice in voices:
        last = joined[-1] if joined else None
        if (
            last
            and last.speaker == voice.speaker
            and last.overlap == voice.overlap
            and voice.start - last.end <= BRIDGE
        ):
            joined[-1] = Voice(start=last.start, end=voice.end, speaker=last.speaker, overlap=last.overlap)
        else:
            joined.append(voice)
    return joined
