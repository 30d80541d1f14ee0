"""What the chart of a client knows before a session, for the writer of its note, each with the entry it stands in.

Takes a client; gives the plan and homework of the last signed note (as corrected since), active goals, medications that
are taken, and the latest score of each instrument. All of it is opened, and on the chain as opened.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from trellis.chart import (
    Addendum,
    Consent,
    Entry,
    Fact,
    FactKind,
    Goal,
    Known,
    Measurement,
    Medication,
    SignedNote,
    words_of,
)
from trellis.record.beside import addenda_of
from trellis.record.clients import charts_of
from trellis.record.work import Work

PLANS: dict[str, FactKind] = {
    "homework": "homework",
    "plan": "plan",
    "referral": "plan",
    "coordination": "plan",
    "safety_plan": "plan",
}
"""Topics of a note that say what was to come."""

NEWEST = 60
"""Measurements looked at, newest first: enough for the last of each instrument a client is given."""


def what_is_known(work: Work, client: str, encounter: str | None = None) -> Known:
    """The facts of a client's chart that a new note of this encounter may rest on."""
    facts: list[Fact] = []
    for chart in charts_of(work, client):
        facts += _of_notes(work, chart, encounter)
        facts += _of_conditions(work, chart)
    return Known(facts=tuple(sorted(facts, key=lambda fact: fact.on)))


def words_in(content: Any) -> Iterator[str]:
    """What can be quoted of an entry: sentences of a note, words of an addendum, a goal, a medication, a score."""
    match content:
        case SignedNote():
            yield from (statement.text for statement in content.text.statements())
        case Addendum():
            yield content.text.words
        case Consent():
            yield content.words
        case Goal() | Medication() | Measurement():
            yield words_of(content)


def _of_notes(work: Work, client: str, encounter: str | None) -> Iterator[Fact]:
    """What the last note of another encounter set."""
    signed = work.find(client=client, kinds=["note"], states=["signed"])
    listed = [each for each in signed if not encounter or each.encounter != encounter]
    notes: Sequence[Entry[SignedNote]] = work.open_all(listed[-1:])
    for note in notes:
        corrected = {each.content.text.statement: each for each in addenda_of(work, note)}
        for statement in note.content.text.statements():
            kind = PLANS.get(statement.topic)
            if kind is None:
                continue
            instead = corrected.get(statement.number)
            yield Fact(
                kind=kind,
                record=note.id if instead is None else instead.id,
                words=statement.text if instead is None else instead.content.text.words,
                on=note.occurred_at.date(),
            )


def _of_conditions(work: Work, client: str) -> Iterator[Fact]:
    found: list[Entry[Any]] = work.open_found(client=client, kinds=["goal", "medication"], states=["current"])
    for entry in found:
        content: Goal | Medication = entry.content
        day = entry.made_at.date()
        if isinstance(content, Goal) and content.status == "active":
            yield Fact(kind="goal", record=entry.id, words=words_of(content), on=content.set_on or day)
        elif isinstance(content, Medication) and content.stopped_on is None:
            yield Fact(
                kind="medication",
                record=entry.id,
                words=words_of(content),
                on=content.started_on or day,
                name=content.name,
            )
    scores: list[Entry[Measurement]] = work.open_found(
        client=client, kinds=["measurement"], states=["current"], newest=NEWEST
    )
    latest = {entry.content.instrument: entry for entry in scores}
    for entry in latest.values():
        yield Fact(
            kind="score",
            record=entry.id,
            words=words_of(entry.content),
            on=entry.occurred_at.date(),
            name=entry.content.instrument,
            value=entry.content.value,
        )
