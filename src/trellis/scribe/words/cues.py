"""Phrases by which an act of speech is known, written so that a clinician can read and mend them.

A cue is a row of words: `look|go * thought record`. Each word stands for itself or any form of it ("looked", "going").
`a|b` is either; `two_words` is one choice of two words; `word~` any ending; `word?` may be missing; `*` up to four
words in between, `**` up to ten; `#` a number; `^` and `$` the first and the last place of a sentence. Takes
utterances; gives lines: their words without fillers, stutters and punctuation, each with its lemma, for cues to be
found in. Recognition errors and case don't matter more than the words themselves.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from trellis.scribe.points import Utterance

FILLERS = frozenset(
    {"um", "uh", "er", "erm", "ah", "oh", "hmm", "hm", "mm", "mhm", "mmm", "mm-hmm", "mm-hm", "uh-huh", "huh",
     "well", "just", "really", "actually", "basically", "literally"}
)  # fmt: skip

NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand half"
).replace(" ", "|")

_LEMMAS = {"'s": "be", "’s": "be", "n't": "not", "'re": "be", "'m": "be", "'ve": "have", "'ll": "will", "'d": "would",
           "s": "be", "re": "be", "nt": "not", "ve": "have"}  # fmt: skip

_GAPS = {"*": r"(?:\S+ ){0,4}", "**": r"(?:\S+ ){0,10}"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An utterance as a row of `surface/lemma` words. `asks` is true of questions, marked or heard by their form."""

    utterance: Utterance
    text: str
    words: tuple[str, ...]
    vocabulary: frozenset[str]
    asks: bool

    @property
    def role(self) -> str:
        """Who speaks: `clinician`, `client`, `other`, `unknown`."""
        return self.utterance.turn.role

    @property
    def turn(self) -> int:
        """The id of its turn."""
        return self.utterance.turn.id


@dataclass(frozen=True, slots=True)
class Cue:
    """One phrase to be looked for. Of each set in `anchors`, any line that holds it must have a word.

    Its expression is compiled when a line first has them all: most phrases are never met in one session.
    """

    expression: str
    anchors: tuple[frozenset[str], ...]

    def find(self, line: Line) -> re.Match[str] | None:
        """Where the line holds the phrase, if it does."""
        for anchor in self.anchors:
            if anchor.isdisjoint(line.vocabulary):
                return None
        return _compiled(self.expression).search(line.text)


class Cues:
    """Several phrases of which any will do."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._cues = tuple(_read(phrase) for phrase in phrases)
        # Most lines hold no word of most rows of phrases: one look at the words tells.
        self._by_word: dict[str, list[int]] = defaultdict(list)
        self._always: list[int] = []
        for at, cue in enumerate(self._cues):
            if not cue.anchors:
                self._always.append(at)
            for word in cue.anchors[0] if cue.anchors else ():
                self._by_word[word].append(at)
        self._words = frozenset(self._by_word)

    def find(self, line: Line) -> re.Match[str] | None:
        """The first match of any phrase."""
        held = self._words & line.vocabulary
        if not held and not self._always:
            return None
        for at in sorted({*self._always, *(at for word in held for at in self._by_word[word])}):
            found = self._cues[at].find(line)
            if found:
                return found
        return None

    def __bool__(self) -> bool:
        return bool(self._cues)

    def __iter__(self) -> Iterator[Cue]:
        return iter(self._cues)


def lines(utterances: Sequence[Utterance]) -> tuple[Line, ...]:
    """A line for each utterance, in order; `lines(u)[i].utterance` is `u[i]`."""
    return tuple(_line(utterance) for utterance in utterances)


_OPEN = frozenset(
    {"what", "how", "why", "when", "where", "who", "which", "do", "did", "does", "are", "is", "was", "were",
     "have", "has", "can", "could", "would", "will"}
)  # fmt: skip


def _line(utterance: Utterance) -> Line:
    words: list[tuple[str, str]] = []
    for token in utterance.parse.tokens:
        surface = token.text.lower().replace("’", "'").strip('-—–.,!?;:"“”()[]…/ ')
        if not surface or surface in FILLERS:
            continue
        lemma = _LEMMAS.get(surface, token.lemma.lower().replace("’", "'"))
        words.append((surface.replace("/", ""), lemma.replace("/", "").replace(" ", "") or surface))
    words = _without_stutter(words)
    text = utterance.text.rstrip()
    opens = bool(words) and words[0][0] in _OPEN and not text.endswith((".", "!", "-", "—"))
    return Line(
        utterance=utterance,
        text=" " + "".join(f"{surface}/{lemma} " for surface, lemma in words),
        words=tuple(surface for surface, _ in words),
        vocabulary=frozenset(part for pair in words for part in pair),
        asks=utterance.asks or text.endswith("?") or opens,
    )


def _without_stutter(words: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Words and short runs said twice in a row ("what would- what would") once."""
    kept: list[tuple[str, str]] = []
    for word in words:
        kept.append(word)
        for size in (3, 2, 1):
            if len(kept) >= 2 * size and kept[-size:] == kept[-2 * size : -size]:
                del kept[-size:]
                break
    return kept


def _read(phrase: str) -> Cue:
    parts: list[str] = []
    anchors: list[frozenset[str]] = []
    for raw in phrase.lower().split():
        if raw in _GAPS:
            parts.append(_GAPS[raw])
        elif raw == "^":
            parts.append("^ ")
        elif raw == "$":
            parts.append("$")
        else:
            optional = raw.endswith("?")
            choices = raw.rstrip("?").split("|")
            parts.append(f"(?:{_one_of(choices)}){'?' if optional else ''}")
            if not optional and not any("~" in choice or "#" in choice for choice in choices):
                anchors.append(frozenset(choice.split("_")[0] for choice in choices))
    pattern = "".join(parts)
    if not pattern.startswith("^ "):
        pattern = "(?<= )" + pattern
    rarest_first = sorted(anchors, key=lambda words: -min(len(word) for word in words))
    return Cue(pattern, tuple(rarest_first))


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    return re.compile(expression)


def _one_of(choices: Sequence[str]) -> str:
    """Any of the choices; plain words share one expression, which is quicker to compile and to look for."""
    plain = [choice for choice in choices if "_" not in choice and choice != "#"]
    rows = ["".join(_word([word]) for word in choice.split("_")) for choice in choices if choice not in plain]
    return "|".join([*([_word(plain)] if plain else []), *rows])


def _word(words: Sequence[str]) -> str:
    """One word of a line: any of these as its surface or its lemma."""
    if words[0] == "#":
        return rf"(?:(?:\d[\d.:]*|{NUMBERS})/\S+ )+"
    either = "|".join(re.escape(word.rstrip("~")) + (r"[^\s/]*" if word.endswith("~") else "") for word in words)
    return rf"(?:[^\s/]+/)??(?:{either})(?:/\S+)? "
