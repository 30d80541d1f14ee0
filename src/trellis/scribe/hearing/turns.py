"""Words and voices put together: each word to the person who said it, and words to turns.

Takes words with times and voices with times, from engines that know nothing of each other. Gives turns whose speakers
are letters in the order they first speak. Two things make the border between people better than either engine alone: a
sentence rarely changes its speaker midway, and people change where there is a pause or a full stop.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from trellis.chart import Turn
from trellis.inference import Voice, Word

PAUSE = 0.5
"""Seconds of silence that end a sentence, whatever the punctuation."""

NEAR = 1.0
"""Seconds from a word within which a voice may still be its own, where none was heard at the word itself."""

MOSTLY = 0.7
"""Share of a sentence from which all of it belongs to the one who says that much."""

OWN_WORDS = 3
OWN_SECONDS = 0.7
"""What somebody must say at the edge of another's sentence to have said it."""

LONG_PAUSE = 3.0
"""Seconds of silence that are marked; therapy is full of them and they mean something."""

TOGETHER = 0.3
"""Seconds of talk at once from which a turn is marked as overlapping."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A word and the number of its speaker."""

    word: Word
    speaker: int


def assign_speakers(words: Sequence[Word], voices: Sequence[Voice]) -> list[Said]:
    """Give each word to a voice: the one heard during it, unless the sentence around it is plainly another's."""
    said: list[Said] = []
    for sentence, shares in _sentences(words, list(_shares(words, voices))):
        said += _settled(sentence, shares)
    return said


def cut_turns(said: Sequence[Said], voices: Sequence[Voice]) -> tuple[Turn, ...]:
    """Turns in order of time: cut where the speaker changes and after a long pause, which is marked."""
    letters: dict[int, str] = {}
    runs = list(_runs(said))
    turns: list[Turn] = []
    ended = 0.0
    for run in runs:
        letter = letters.setdefault(run[0].speaker, chr(ord("A") + len(letters)))
        start, end = run[0].word.start, max(each.word.end for each in run)
        silence = start - ended
        turns.append(
            Turn(
                id=len(turns) + 1,
                speaker=letter,
                text=" ".join(each.word.text for each in run),
                start=round(start, 2),
                end=round(end, 2),
                overlap=_is_overlapping(start, end, run[0].speaker, voices, runs),
                confidence=round(sum(each.word.probability for each in run) / len(run), 3),
                marks=(f"pause {silence:.0f}s",) if turns and silence >= LONG_PAUSE else (),
            )
        )
        ended = max(ended, end)
    return tuple(turns)


def _shares(words: Iterable[Word], voices: Sequence[Voice]) -> Iterator[dict[int, float]]:
    """For each word, the seconds of each voice during it; where there is none, a trace of the nearest."""
    first = 0
    for word in words:
        while first < len(voices) and voices[first].end < word.start - 30:
            first += 1
        shares: dict[int, float] = {}
        nearest, distance = 0, float("inf")
        for voice in voices[first:]:
            if voice.start > word.end + 30:
                break
            common = min(voice.end, word.end) - max(voice.start, word.start)
            if common > 0:
                weight = 0.5 if voice.overlap else 1.0
                shares[voice.speaker] = shares.get(voice.speaker, 0.0) + common * weight
            elif -common < distance:
                nearest, distance = voice.speaker, -common
        yield shares or {nearest: 0.05 if distance <= NEAR else 0.01}


def _sentences(
    words: Sequence[Word], shares: Sequence[dict[int, float]]
) -> Iterator[tuple[list[Word], list[dict[int, float]]]]:
    first = 0
    for index, word in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else None
        if following is None or word.text[-1:] in ".?!" or following.start - word.end >= PAUSE:
            yield list(words[first : index + 1]), list(shares[first : index + 1])
            first = index + 1


def _settled(sentence: list[Word], shares: list[dict[int, float]]) -> list[Said]:
    """The speakers of a sentence: one, or several where each plainly says some of it."""
    spoken: dict[int, float] = {}
    for share in shares:
        for speaker, seconds in share.items():
            spoken[speaker] = spoken.get(speaker, 0.0) + seconds
    main = max(spoken, key=lambda speaker: (spoken[speaker], -speaker))
    likeliest = [max(share, key=lambda who: (share[who], who == main)) for share in shares]
    if spoken[main] < MOSTLY * sum(spoken.values()):
        likeliest = _without_strays(likeliest)
    runs = [(who, [index for index, _ in group]) for who, group in groupby(enumerate(likeliest), lambda pair: pair[1])]
    said: list[Said] = []
    for position, (who, indices) in enumerate(runs):
        seconds = sentence[indices[-1]].end - sentence[indices[0]].start
        at_edge = position in {0, len(runs) - 1}
        speaker = who if at_edge and len(indices) >= OWN_WORDS and seconds >= OWN_SECONDS else main
        if spoken[main] < MOSTLY * sum(spoken.values()):
            speaker = who
        said += [Said(word=sentence[index], speaker=speaker) for index in indices]
    return said


def _without_strays(speakers: list[int]) -> list[int]:
    """A single word between two of another person is that person's."""
    settled = list(speakers)
    for index in range(1, len(settled) - 1):
        if settled[index - 1] == settled[index + 1] != settled[index]:
            settled[index] = settled[index - 1]
    return settled


def _runs(said: Sequence[Said]) -> Iterator[list[Said]]:
    """Words of one speaker without a long pause between them."""
    run: list[Said] = []
    for before, each in pairwise([None, *said]):
        if each is None:
            continue
        if before is not None and (before.speaker != each.speaker or each.word.start - before.word.end >= LONG_PAUSE):
            yield run
            run = []
        run.append(each)
    if run:
        yield run


def _is_overlapping(
    start: float, end: float, speaker: int, voices: Sequence[Voice], runs: Sequence[Sequence[Said]]
) -> bool:
    """Whether somebody else speaks during a turn for long enough to notice."""
    both = sum(
        max(0.0, min(voice.end, end) - max(voice.start, start))
        for voice in voices
        if voice.overlap and voice.speaker != speaker
    )
    others = sum(
        max(0.0, min(run[-1].word.end, end) - max(run[0].word.start, start))
        for run in runs
        if run[0].speaker != speaker
    )
    return both >= TOGETHER or others >= TOGETHER
