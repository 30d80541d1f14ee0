"""Know what a sentence is about by the phrases of `data/concepts.toml`.

Takes lines (see `cues`); gives the concepts a line holds, the weightiest first, each with the token that shows it.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from trellis.scribe.topics import Topic
from trellis.scribe.words.cues import Cue, Cues, Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """One thing to speak of.

    `danger` marks what a note must treat as risk; `asked` what only a question shows: where its answer belongs;
    `follows` what shows only soon after talk of danger ("did you think about how?").
    """

    key: str
    topic: Topic
    weight: float
    danger: bool = False
    asked: bool = False
    follows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A concept in a line; `token` is the index, in the parse, of the first word that shows it."""

    concept: Concept
    token: int
    words: str


class Concepts:
    """All concepts, indexed by the rarest words their cues need."""

    def __init__(self, entries: Iterable[dict[str, object]]) -> None:
        self._by_word: dict[str, list[tuple[Cue, Concept]]] = defaultdict(list)
        self._always: list[tuple[Cue, Concept]] = []
        self._unless: dict[str, Cues] = {}
        for entry in entries:
            concept = Concept(
                key=str(entry["key"]),
                topic=entry["topic"],  # type: ignore[arg-type]
                weight=float(str(entry["weight"])),
                danger=bool(entry.get("danger", False)),
                asked=bool(entry.get("asked", False)),
                follows=bool(entry.get("follows", False)),
            )
            self._unless[concept.key] = Cues(list(entry.get("unless", [])))  # type: ignore[call-overload]
            for cue in Cues(list(entry["cues"])):  # type: ignore[call-overload]
                if not cue.anchors:
                    self._always.append((cue, concept))
                for word in cue.anchors[0] if cue.anchors else ():
                    self._by_word[word].append((cue, concept))

    def find(self, line: Line) -> list[Hit]:
        """The concepts of a line, weightiest first; each once."""
        found: dict[str, Hit] = {}
        looked = [pair for word in sorted(line.vocabulary) for pair in self._by_word.get(word, ())]
        for cue, concept in [*looked, *self._always]:
            if concept.key in found or (concept.asked and not line.asks):
                continue
            match = cue.find(line)
            if match is None or self._unless[concept.key].find(line):
                continue
            words = match.group().split()
            found[concept.key] = Hit(concept=concept, token=_token(line, match.start()), words=" ".join(words))
        return sorted(found.values(), key=lambda hit: (-hit.concept.weight, hit.concept.key))


@cache
def concepts() -> Concepts:
    """The shipped concepts."""
    with (files("trellis.scribe") / "data" / "concepts.toml").open("rb") as file:
        return Concepts(tomllib.load(file)["concepts"])


def _token(line: Line, start: int) -> int:
    """The token a place in the line's text belongs to."""
    place = max(line.text[:start].count(" ") - 1, 0)
    if place >= len(line.words):
        return line.utterance.parse.root
    word, skipped = line.words[place], line.words[:place].count(line.words[place])
    tokens = line.utterance.parse.tokens
    skipped = sum(1 for each in line.words[: max(place - 1, 0)] if each == word)
    for index, token in enumerate(tokens):
        if token.text.lower().replace("\u2019", "'").strip("-.,!?;:") == word:
            if skipped == 0:
                return index
            skipped -= 1
    return line.utterance.parse.root
