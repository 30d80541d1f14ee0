"""The words about words: spellings, fillers and clause marks, read once from data when first needed.

Takes `data/words.toml`; gives a lexicon. Nothing is read at import.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """Spellings by what they stand for, and marks of sentence structure by language."""

    expand: Mapping[str, str]
    phrases: Mapping[tuple[str, ...], str]
    typos: Mapping[str, str]
    risk_words: frozenset[str]
    before_ill: frozenset[str]
    fillers: Mapping[str, frozenset[str]]
    clause_starters: Mapping[str, frozenset[str]]
    clause_joiners: Mapping[str, frozenset[str]]
    subjects: Mapping[str, frozenset[str]]
    list_words: Mapping[str, frozenset[str]]
    common: Mapping[str, frozenset[str]]
    verbs: Mapping[str, tuple[str, ...]]

    def language_of(self, words: Sequence[str], before: str) -> str:
        """The language whose commonest words are most among these; that of the sentence before in a tie."""
        spanish = sum(word in self.common["es"] for word in words)
        english = sum(word in self.common["en"] for word in words)
        if spanish == english:
            return before if before in self.common else "en"
        return "es" if spanish > english else "en"

    def languages_in(self, words: Sequence[str], main: str) -> frozenset[str]:
        """The main language, and the other one where two words are its own; both where nothing tells."""
        own = {
            language: len({word for word in words if word in self.common[language] and word not in self.common[other]})
            for language, other in (("en", "es"), ("es", "en"))
        }
        if own[main] == 0:
            return frozenset(own)
        return frozenset(language for language, count in own.items() if language == main or count > 1)

    def hidden(self, word: str) -> str | None:
        """The risk word behind stars ("su*cide"), if one fits."""
        if "*" not in word:
            return None
        return next(
            (
                known
                for known in sorted(self.risk_words)
                if len(known) == len(word) and all(a in ("*", b) for a, b in zip(word, known, strict=True))
            ),
            None,
        )


@cache
def load_lexicon() -> Lexicon:
    """The lexicon, read once."""
    data = tomllib.loads((resources.files("trellis.safety") / "data" / "words.toml").read_text("utf-8"))
    risk_words = frozenset(data["risk_words"])
    slips = {slip: word for word in data["fuzzy"] for slip in _slips(word)}
    slips |= {word: word for word in data["fuzzy"]}
    return Lexicon(
        expand=data["expand"],
        phrases={tuple(said.split()): meant for said, meant in data["phrases"].items()},
        typos=slips | data["typos"],
        risk_words=risk_words,
        before_ill=frozenset(data["before_ill"]),
        fillers=_by_language(data["fillers"]),
        clause_starters=_by_language(data["clause_starters"]),
        clause_joiners=_by_language(data["clause_joiners"]),
        subjects=_by_language(data["subjects"]),
        list_words=_by_language(data["list_words"]),
        common=_by_language(data["common"]),
        verbs={verb: tuple(forms.split()) for verb, forms in data["verbs"].items()},
    )


def _by_language(lists: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    return {language: frozenset(str(words).split()) for language, words in lists.items()}


def _slips(word: str) -> set[str]:
    """All spellings one slip away: a letter lost, doubled, swapped with its neighbour or struck wrongly."""
    pairs = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    lost = {a + b[1:] for a, b in pairs[1:] if b}
    swapped = {a + b[1] + b[0] + b[2:] for a, b in pairs if len(b) > 1}
    struck = {a + letter + b[1:] for a, b in pairs[1:] if b for letter in _LETTERS}
    added = {a + letter + b for a, b in pairs[1:] for letter in _LETTERS}
    return lost | swapped | struck | added
