"""The rules of the screen, read from data a clinician can review.

A concept says what people say when they mean one thing, which concern that is, what kind of thing it is (a thought, a
plan, an act ...) and where that comes from; `levels.toml` says what each kind asks for in each circumstance. Takes the
files of `data/`; gives a rulebook, read once when first needed.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import islice
from typing import Any, NamedTuple

from trellis.chart import Concern, Detail, Level
from trellis.safety.patterns import Pattern, compile_pattern
from trellis.safety.words import Sentence, Word

LANGUAGES = ("en", "es")
_DONE_BY_OTHERS = ("abuse",)
"""Concerns told as "he … me", where what stands between may say that he does not."""
MOST_MATCHES = 3
"""How often one pattern is read in one sentence: what is said over and over is one thing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One concept: what is said, what it is, and what changes it.

    `unless` cancels it when found in the same sentence, `unless_near` when found anywhere in the message; `needs` has
    to be found somewhere in the message, `needs_context` in the message or its context; `ignores` names parts of scope
    (`negation`, `time`, `person`, `if`, `fiction`, `unwanted`) that it carries itself. `kind_of_client` is its kind
    where somebody else tells it of the client.
    """

    id: str
    language: str
    kind: str
    concern: Concern | None
    detail: Detail | None
    patterns: tuple[Pattern, ...]
    unless: tuple[Pattern, ...] = ()
    unless_near: tuple[Pattern, ...] = ()
    needs: tuple[Pattern, ...] = ()
    needs_context: tuple[Pattern, ...] = ()
    ignores: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()
    kind_of_client: str | None = None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a clinician's question asks about, and what yes would mean.

    `needs` has to be found in the question, before it or in the answer: a plan can be one for the weekend. Where the
    question is all that is known, `alone` will do: then it is told to a human. `is_turned`: yes means no danger ("do
    you want to live?", "are they gone?"); `unless_negated`: not where the question itself says not.
    """

    id: str
    language: str
    concern: Concern
    detail: Detail | None
    kind: str
    patterns: tuple[Pattern, ...]
    asks_how: bool = False
    needs: tuple[Pattern, ...] = ()
    alone: tuple[Pattern, ...] = ()
    is_turned: bool = False
    unless_negated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Things that are graver together than apart; `near` is how many sentences may lie between them.

    `unless` are tags whose presence as near explains it; `reported` says who must be speaking, where that matters.
    What is said to be long past doesn't count, unless `old` names a level for it.
    """

    id: str
    all: tuple[frozenset[str], ...]
    concern: Concern
    detail: Detail | None
    level: Level
    source: str
    near: int = 9
    unless: frozenset[str] = frozenset()
    old: Level = "none"
    reported: bool | None = None


class Match(NamedTuple):
    """A rule found at words start..end; `negates`: a negation inside them is the pattern's own, or none that denies."""

    rule: Rule
    start: int
    end: int
    negates: bool = False


@dataclass(slots=True)
class Index:
    """Which patterns can be in a sentence at all, by the words they can't do without."""

    by_word: dict[str, list[int]] = field(default_factory=dict)
    by_prefix: dict[str, list[int]] = field(default_factory=dict)
    always: list[int] = field(default_factory=list)

    def add(self, pattern: Pattern, number: int) -> None:
        """Enter a pattern under its anchor."""
        if pattern.anchor is None:
            self.always.append(number)
            return
        for word in pattern.anchor.exact:
            self.by_word.setdefault(word, []).append(number)
        for prefix in pattern.anchor.prefixes:
            self.by_prefix.setdefault(prefix, []).append(number)

    def candidates(self, words: Sequence[Word]) -> list[int]:
        """The numbers of the patterns worth trying, in the order they were entered."""
        found = set(self.always)
        for text in {word.text for word in words}:
            found.update(self.by_word.get(text, ()))
            for length in range(1, len(text) + 1):
                found.update(self.by_prefix.get(text[:length], ()))
        return sorted(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """All rules of all languages, the questions that are understood, and the words that set scope."""

    rules: tuple[Rule, ...]
    entries: tuple[tuple[Rule, Pattern], ...]
    index: Index
    topics: tuple[Topic, ...]
    together: tuple[Together, ...]
    levels: Mapping[str, Mapping[str, Level]]
    scope: Mapping[str, Mapping[str, tuple[Pattern, ...]]]
    people: Mapping[str, Mapping[str, frozenset[str]]]
    replies: Mapping[str, Mapping[str, tuple[Pattern, ...]]]

    def matches(self, sentence: Sentence) -> Iterator[Match]:
        """Each rule found in a sentence, with its place."""
        for number in self.index.candidates(sentence.words):
            rule, pattern = self.entries[number]
            if rule.language not in sentence.languages:
                continue
            for start, end in islice(pattern.find(sentence.words), MOST_MATCHES):
                yield Match(rule, start, end, pattern.negates or rule.concern not in _DONE_BY_OTHERS)


def is_found(patterns: Sequence[Pattern], words: Sequence[Word]) -> bool:
    """Whether any of these is anywhere in the words."""
    texts = {word.text for word in words}
    return any(next(pattern.find(words), None) is not None for pattern in patterns if _may_hold(pattern, texts))


def places(patterns: Sequence[Pattern], words: Sequence[Word]) -> list[tuple[int, int]]:
    """Where any of these is."""
    texts = {word.text for word in words}
    return [place for pattern in patterns if _may_hold(pattern, texts) for place in pattern.find(words)]


def _may_hold(pattern: Pattern, texts: set[str]) -> bool:
    anchor = pattern.anchor
    return anchor is None or bool(anchor.prefixes) or not anchor.exact.isdisjoint(texts)


@cache
def load_rulebook() -> Rulebook:
    """The rulebook, read once."""
    rules: list[Rule] = []
    topics: list[Topic] = []
    scope: dict[str, Mapping[str, tuple[Pattern, ...]]] = {}
    people: dict[str, Mapping[str, frozenset[str]]] = {}
    replies: dict[str, Mapping[str, tuple[Pattern, ...]]] = {}
    for language in LANGUAGES:
        files = {path.name: tomllib.loads(path.read_text("utf-8")) for path in _files(language)}
        lists = {name: tuple(_lines(words)) for data in files.values() for name, words in data.get("lists", {}).items()}
        for data in files.values():
            rules += [_rule(entry, data, language, lists) for entry in data.get("concept", [])]
            topics += [_topic(entry, language, lists) for entry in data.get("topic", [])]
        scope[language] = _groups(files["scope.toml"]["scope"], lists)
        people[language] = {name: frozenset(words.split()) for name, words in files["scope.toml"]["people"].items()}
        replies[language] = _groups(files["questions.toml"]["replies"], lists)
    entries = tuple((rule, pattern) for rule in rules for pattern in rule.patterns)
    index = Index()
    for number, (_, pattern) in enumerate(entries):
        index.add(pattern, number)
    data_files = resources.files("trellis.safety") / "data"
    levels = tomllib.loads((data_files / "levels.toml").read_text("utf-8"))
    together = tomllib.loads((data_files / "together.toml").read_text("utf-8"))
    return Rulebook(
        rules=tuple(rules),
        entries=entries,
        index=index,
        topics=tuple(topics),
        together=tuple(_together(entry) for entry in together["together"]),
        levels=levels["kind"],
        scope=scope,
        people=people,
        replies=replies,
    )


def _files(language: str) -> list[Any]:
    folder = resources.files("trellis.safety") / "data" / language
    return sorted((path for path in folder.iterdir() if path.name.endswith(".toml")), key=lambda path: path.name)


def _groups(groups: Mapping[str, str], lists: Mapping[str, Sequence[str]]) -> dict[str, tuple[Pattern, ...]]:
    return {name: _compiled(texts, lists) for name, texts in groups.items()}


def _compiled(texts: str, lists: Mapping[str, Sequence[str]]) -> tuple[Pattern, ...]:
    return tuple(compile_pattern(text, lists) for text in _lines(texts))


def _lines(text: str) -> list[str]:
    """One pattern a line; empty lines are for readers."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _rule(entry: Mapping[str, Any], data: Mapping[str, Any], language: str, lists: Mapping[str, Sequence[str]]) -> Rule:
    return Rule(
        id=f"{language}.{entry['id']}",
        language=language,
        kind=entry["kind"],
        concern=entry.get("concern", data.get("concern")),
        detail=entry.get("detail"),
        patterns=_compiled(entry["says"], lists),
        unless=_compiled(entry.get("unless", ""), lists),
        unless_near=_compiled(entry.get("unless_near", ""), lists),
        needs=_compiled(entry.get("needs", ""), lists),
        needs_context=_compiled(entry.get("needs_context", ""), lists),
        ignores=frozenset(entry.get("ignores", ())),
        tags=frozenset(entry.get("tags", ())),
        kind_of_client=entry.get("kind_of_client"),
        source=entry.get("source", data["source"]),
    )


def _topic(entry: Mapping[str, Any], language: str, lists: Mapping[str, Sequence[str]]) -> Topic:
    return Topic(
        id=entry["id"],
        language=language,
        concern=entry["concern"],
        detail=entry.get("detail"),
        kind=entry["kind"],
        patterns=_compiled(entry["asks"], lists),
        asks_how=entry.get("asks_how", False),
        alone=_compiled(entry.get("alone", ""), lists),
        needs=_compiled(entry.get("needs", ""), lists),
        is_turned=entry.get("is_turned", False),
        unless_negated=entry.get("unless_negated", False),
    )


def _together(entry: Mapping[str, Any]) -> Together:
    return Together(
        id=entry["id"],
        all=tuple(frozenset(tags.split("|")) for tags in entry["all"]),
        concern=entry["concern"],
        detail=entry.get("detail"),
        level=entry["level"],
        near=entry.get("near", 9),
        unless=frozenset(entry.get("unless", ())),
        old=entry.get("old", "none"),
        reported=entry.get("reported"),
        source=entry["source"],
    )
