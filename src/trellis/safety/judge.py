"""Decides what one thing that was said asks for: denied or not, whose, when, meant or not; then the level.

Takes a rule's match with its sentences; gives a reading. The table of levels is data (`levels.toml`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from trellis.chart import Assertion, Concern, Detail, Finding, Level
from trellis.safety.rules import Match, Rule, Rulebook, is_found
from trellis.safety.scope import Scope, read_scope
from trellis.safety.times import When, when
from trellis.safety.words import Sentence

DAY, UNTREATED_DAYS, MONTH_DAYS, QUARTER_DAYS = 1.1, 5.0, 35.0, 95.0
"""Edges of "just now", "some poisons kill days later", "about a month" and "three months", in days."""

_ELSE = {
    "today": "undated",
    "days": "month",
    "month": "undated",
    "quarter": "month",
    "over": "old",
    "if": "undated",
    "intrusive": "undated",
    "other_today": "other",
    "other_old": "other",
}
"""Where a kind's table says nothing about a circumstance, which other circumstance stands for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A match with its meaning; `at` is the sentence, `start` and `end` its words."""

    rule: Rule
    concern: Concern
    detail: Detail | None
    at: int
    start: int
    end: int
    assertion: Assertion
    level: Level

    def finding(self, text: str, sentences: Sequence[Sentence]) -> Finding:
        """The finding, with the words around the match as its quote."""
        return Finding(
            concern=self.concern,
            assertion=self.assertion,
            level=self.level,
            quote=quote(text, sentences[self.at], self.start, self.end),
            detail=self.detail,
            reason=self.rule.id,
        )


def quote(text: str, sentence: Sentence, start: int, end: int) -> str:
    """The clauses that hold words start..end, verbatim."""
    first, last = sentence.clause_span(start, end)
    return text[sentence.words[first].start : sentence.words[last - 1].end]


def judge(book: Rulebook, match: Match, sentences: Sequence[Sentence], *, at: int, role: str) -> Reading:
    """The reading of a match in sentence `at`."""
    rule, start, end, negates = match
    scope = read_scope(book, sentences[at], start, end, negates=negates)
    age = when(book, sentences, at, start, end)
    name = _circumstance(book, rule, scope, age, sentence=sentences[at], role=role)
    kind = rule.kind_of_client if rule.kind_of_client and role == "other" else rule.kind
    return Reading(
        rule=rule,
        concern=rule.concern or "suicide",
        detail=rule.detail,
        at=at,
        start=start,
        end=end,
        assertion=_assertion(book, kind, name),
        level=level_of(book, kind, name),
    )


def level_of(book: Rulebook, kind: str, circumstance: str) -> Level:
    """What a kind of thing asks for in a circumstance."""
    table = book.levels[kind]
    name: str | None = circumstance
    while name is not None:
        if name in table:
            return table[name]
        name = _ELSE.get(name)
    return "none"


def age_of(age: When, *, is_treated: bool = False) -> str:
    """The name of an age, as the table of levels knows it."""
    if age.days is not None:
        if age.days <= DAY:
            return "month" if is_treated else "today"
        if age.days <= UNTREATED_DAYS and not is_treated:
            return "days"
        if age.days <= MONTH_DAYS:
            return "month"
        return "quarter" if age.days <= QUARTER_DAYS else "old"
    if age.is_old and not age.is_now:
        return "old"
    if age.is_over and not age.is_now:
        return "over"
    return "today" if age.is_now and not is_treated else "undated"


def _circumstance(book: Rulebook, rule: Rule, scope: Scope, age: When, *, sentence: Sentence, role: str) -> str:
    ignores = rule.ignores
    if scope.is_denied and "negation" not in ignores:
        return "denied"
    if (scope.is_made_up and "fiction" not in ignores) or (scope.is_remote and "if" not in ignores):
        return "made_up"
    is_told_of_client = role == "other" and rule.kind_of_client is not None
    time = (
        "undated"
        if "time" in ignores and not is_told_of_client
        else age_of(age, is_treated=is_found(book.scope[sentence.language]["treated"], sentence.words))
    )
    if scope.person == "other" and "person" not in ignores and role != "other":
        return {"today": "other_today", "undated": "other", "days": "other_today"}.get(
            time, "other_old" if time in ("old", "over") else "other"
        )
    if scope.is_unwanted and "unwanted" not in ignores:
        return "intrusive"
    if scope.is_conditional and "if" not in ignores and time not in ("old", "over"):
        return "if"
    return time


def _assertion(book: Rulebook, kind: str, circumstance: str) -> Assertion:
    fixed: dict[str, Assertion] = {
        "denied": "denied",
        "made_up": "hypothetical",
        "intrusive": "intrusive",
        "if": "hypothetical",
        "old": "past",
        "over": "past",
    }
    if circumstance in fixed:
        return fixed[circumstance]
    if circumstance.startswith("other"):
        return "other_person"
    asserts = str(book.levels[kind].get("asserts", "present"))
    if asserts == "act":
        return "past" if circumstance in ("month", "quarter", "days") else "present"
    return asserts  # type: ignore[return-value]  # data is checked by tests
