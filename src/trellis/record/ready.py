"""What a draft still needs before somebody may answer for it: sentences without a yes, checks, questions of danger.

Takes a stored draft and what the chart says of its client and encounter; gives what is open by number, never a word
of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from trellis.chart import Ask, Client, Encounter, Entry, Header, StoredDraft
from trellis.kernel import Invalid
from trellis.record.work import Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """What keeps a draft from being signed: sentences by number and why, checks by rule, questions by number."""

    statements: tuple[tuple[int, tuple[Ask, ...]], ...] = ()
    checks: tuple[str, ...] = ()
    questions: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is open."""
        return bool(self.statements or self.checks or self.questions)


def what_is_open(draft: StoredDraft, header: Header | None = None) -> Open:
    """All that has to be answered first; the header settles what a draft can't know of its encounter."""
    standing = {each.number for each in draft.statements() if not each.is_removed}
    known = frozenset(_settled_by(header)) if header else frozenset()
    return Open(
        statements=tuple((each.number, each.asks) for each in draft.statements() if each.is_open),
        checks=tuple(
            each.rule
            for each in draft.checks
            if each.severity == "block" and each.act is None and each.rule not in known
        ),
        questions=tuple(each.number for each in draft.questions if each.statement not in standing),
    )


def header_of(work: Work, draft: Entry[StoredDraft]) -> Header:
    """Whom and which encounter a draft is about, as the chart says now."""
    client: Client = work.open(draft.client).content
    header = Header(
        client=draft.client,
        name=client.legal_name,
        birth_date=client.birth_date,
        number=client.number,
    )
    if draft.encounter is None:
        return header
    encounter: Encounter = work.open(draft.encounter).content
    return replace(
        header,
        encounter=draft.encounter,
        mode=encounter.mode,
        service=encounter.service,
        place=encounter.place or encounter.client_location.state,
        started_at=encounter.started_at,
        stopped_at=encounter.stopped_at,
        clinician=encounter.clinician,
    )


def _settled_by(header: Header) -> Iterator[str]:
    """Checks on the header that the chart answers."""
    if header.name and (header.birth_date or header.number) and header.started_at and header.clinician:
        yield "encounter.identification"
    if header.started_at and header.stopped_at:
        yield "encounter.times"
    if header.mode and header.place:
        yield "encounter.modality"


def refuse_open(found: Open) -> None:
    if not found:
        return
    parts = [
        f"{name} {', '.join(map(str, numbers))}"
        for name, numbers in (
            ("statements", [number for number, _ in found.statements]),
            ("checks", found.checks),
            ("risk questions", found.questions),
        )
        if numbers
    ]
    raise Invalid(
        "record.note_open",
        f"The note can't be signed yet. Still open: {'; '.join(parts)}.",
        hint="Confirm, change or remove each statement, settle the checks, answer the questions.",
    )
