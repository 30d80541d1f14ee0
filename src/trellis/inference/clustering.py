"""How many people speak, and which of them spoke each phrase, from voice prints alone.

Takes unit vectors with the seconds each was made from. Gives one unit vector for each person and a label for each
print. Memory stays small on long recordings: people are found on at most `SAMPLE` prints spread over the whole time,
and every print is then given to the person it is nearest to.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from trellis.inference.voiceprints import Prints

Labels = npt.NDArray[np.intp]
Seconds = npt.NDArray[np.float64]

MOST = 6
"""People that are told apart."""

SAMPLE = 1200
CLEAR = 1.2
"""Seconds of speech from which a print is good enough to found a person on."""

ALIKE = 0.53
"""Mean cosine above which two groups are one voice: windows of 1.5 s of one voice have a median of 0.55 to 0.75, of two
voices 0.40 to 0.46 (synthetic voices, clean and with reverb and 10 dB of noise)."""

SAME_CENTRE = 0.78
"""Cosine of two centres above which they are one voice after all."""

BRIEF = 8.0
SAME_BRIEF = 0.70
"""The same for one who speaks for only so many seconds: few prints make an uncertain centre, and in noise a person's
own phrases may stray that far."""

LITTLE = 2.0
"""Seconds below which a group is no person of its own but a cough, a laugh or two voices at once."""

ROUNDS = 4


def find_people(prints: Prints, seconds: Seconds, speakers: int | None = None) -> Prints:
    """The centre of each person's prints, one row each; `speakers` fixes their number where it is known."""
    if not len(prints):
        return np.zeros((0, prints.shape[1]), np.float32)
    clear = np.flatnonzero(seconds >= CLEAR)
    if len(clear) < 2 * (speakers or 1):
        clear = np.argsort(-seconds, kind="stable")[: max(len(clear), min(len(seconds), 8))]
        clear.sort()
    if len(clear) > SAMPLE:
        clear = clear[np.linspace(0, len(clear) - 1, SAMPLE).round().astype(int)]
    chosen, weights = prints[clear], seconds[clear]
    centres = centre(chosen, weights, _grouped(chosen, weights, speakers))
    for _ in range(ROUNDS):
        centres = centre(prints, seconds, nearest(prints, centres), len(centres))
    return centres if speakers else _merged(centres, prints, seconds)


def nearest(prints: Prints, centres: Prints) -> Labels:
    """The person each print is nearest to."""
    return np.asarray((prints @ centres.T).argmax(axis=1), np.intp)


def centre(prints: Prints, seconds: Seconds, labels: Labels, people: int | None = None) -> Prints:
    """The mean print of each label, longer phrases counting more, as unit vectors."""
    found = []
    for label in range(people if people is not None else int(labels.max()) + 1):
        mine = labels == label
        if mine.any():
            mean = (prints[mine] * seconds[mine, None]).sum(axis=0)
            found.append(mean / max(float(np.linalg.norm(mean)), 1e-9))
    return np.array(found, np.float32)


def _grouped(prints: Prints, seconds: Seconds, speakers: int | None) -> Labels:
    """Average linkage, cut where groups stop being alike, or into the number of people that is known."""
    from scipy.cluster import hierarchy

    if len(prints) < 2:
        return np.zeros(len(prints), np.intp)
    tree: Any = hierarchy.linkage(prints, "average", metric="cosine")
    if speakers is None:
        labels = np.asarray(hierarchy.fcluster(tree, 1 - ALIKE, "distance"), np.intp) - 1
        return _largest(labels, seconds, MOST)
    for groups in range(speakers, len(prints) + 1):
        labels = np.asarray(hierarchy.fcluster(tree, groups, "maxclust"), np.intp) - 1
        if (np.bincount(labels, weights=seconds) >= LITTLE).sum() >= speakers:
            return _largest(labels, seconds, speakers)
    return np.asarray(hierarchy.fcluster(tree, speakers, "maxclust"), np.intp) - 1


def _largest(labels: Labels, seconds: Seconds, most: int) -> Labels:
    """Keep the groups with the most speech; what belonged to the others is marked -1 and founds nobody."""
    spoken = np.bincount(labels, weights=seconds)
    order = np.argsort(-spoken, kind="stable")
    kept = [group for group in order[:most] if spoken[group] >= LITTLE] or [order[0]]
    renamed = np.full(len(spoken), -1, np.intp)
    renamed[kept] = np.arange(len(kept))
    return renamed[labels]


def _merged(centres: Prints, prints: Prints, seconds: Seconds) -> Prints:
    """Join people whose centres are one voice, the likest first, and let those go who said next to nothing."""
    while len(centres) > 1:
        likeness = centres @ centres.T - 2 * np.eye(len(centres))
        one, other = np.unravel_index(int(likeness.argmax()), likeness.shape)
        labels = nearest(prints, centres)
        spoken = np.bincount(labels, weights=seconds, minlength=len(centres))
        same = SAME_BRIEF if min(spoken[one], spoken[other]) < BRIEF else SAME_CENTRE
        if likeness[one, other] >= same:
            labels[labels == other] = one
            centres = centre(prints, seconds, labels, len(centres))
        elif spoken.min() < LITTLE:
            centres = np.delete(centres, int(spoken.argmin()), axis=0)
        else:
            break
    return centres
