"""Hold a note against the marks of its session: facts a clinician would expect, and statements that must not appear.

Takes a note's statements and the marks (`lab/evals/scribe/CARD.md` says how they are made and how keys match). Gives
which facts are found and which forbidden statements may stand there; the latter are candidates to be read, no verdicts.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]
_WORD = re.compile(r"[\w'’£$%]+(?:[.\-/][\w'’£$%]+)*")


def words_of(text: str) -> set[str]:
    """The words keys are matched with: those of the text in lower case, and the parts of joined ones."""
    words = set(_WORD.findall(text.lower()))
    return words | {part for word in words for part in re.split(r"[-/]", word) if part}


def matched(keys: Sequence[Sequence[str]], words: set[str]) -> int:
    """How many groups have an alternative that a word begins with."""
    return sum(any(word.startswith(key.lower()) for key in group for word in words) for group in keys)


def expresses(statement: Json, fact: Json) -> bool:
    """Whether a statement says a fact: all groups match, or half of them and it cites one of the fact's turns."""
    groups = len(fact["keys"])
    hits = matched(fact["keys"], words_of(statement["text"]))
    cited = {evidence.get("turn") for evidence in statement["evidence"]}
    return hits == groups or (2 * hits >= groups and bool(cited & set(fact["turns"])))


def meets(statement: Json, forbidden: Json) -> bool:
    """Whether a statement has every key of one that must not appear."""
    return matched(forbidden["keys"], words_of(statement["text"])) == len(forbidden["keys"])
