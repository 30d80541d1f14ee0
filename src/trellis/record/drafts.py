"""Drafts in the record: kept as the machine wrote them, then answered for sentence by sentence.

Takes a draft note and what was opened of it before; each act writes a new version that says who did what and when.
Nothing here can sign. Two people at one draft don't overwrite each other: the second is told to open it again.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count

from trellis.chart import (
    Act,
    Doing,
    DraftCheck,
    DraftNote,
    DraftSection,
    DraftStatement,
    Entry,
    Evidence,
    RiskQuestion,
    StoredDraft,
)
from trellis.kernel import Conflict, Invalid, NotFound
from trellis.record.asks import asks_of, asks_of_text, ordered
from trellis.record.work import Work

OPEN, CLOSED, DISCARDED = "open", "closed", "discarded"
"""States of a draft: people work on it, a note was made of it, or nobody wants it."""

SETTLED_BY_ANSWERS = frozenset({"statements.unconfirmed"})
"""Checks that only count what is open, sentence by sentence."""

DraftEntry = Entry[StoredDraft]


def record_draft(
    work: Work,
    note: DraftNote,
    *,
    client: str,
    encounter: str | None = None,
    transcript: str = "",
    recording: str = "",
    occurred_at: datetime | None = None,
) -> DraftEntry:
    """Keep what the machine wrote. `transcript` and `recording` are the ids of their entries, where they are kept."""
    return work.add(
        stored(note, transcript=transcript, recording=recording),
        client=client,
        encounter=encounter,
        state=OPEN,
        occurred_at=occurred_at,
        reason="draft.record",
    )


def stored(note: DraftNote, *, transcript: str = "", recording: str = "") -> StoredDraft:
    """A draft note as the record keeps it: numbered, with what each sentence calls for, without its transcript."""
    numbers = count(1)
    sections = tuple(
        DraftSection(
            key=section.key,
            title=section.title,
            statements=tuple(
                DraftStatement(
                    number=next(numbers),
                    text=each.text,
                    topic=each.topic,
                    status=each.status,
                    support=each.support,
                    evidence=each.evidence,
                    inferred=each.inferred,
                    reasons=each.reasons,
                    asks=asks_of(each, note.transcript, note.safety.findings),
                )
                for each in section.statements
            ),
        )
        for section in note.sections
    )
    asked = [finding for finding in note.safety.findings if finding.assertion == "asked"]
    return StoredDraft(
        format=note.format,
        language=note.language,
        writer=note.writer,
        people=note.people,
        sections=sections,
        not_assessed=note.not_assessed,
        safety=note.safety,
        checks=tuple(
            DraftCheck(rule=each.rule, severity=each.severity, message=each.message, section=each.section)
            for each in note.checks
            if each.rule not in SETTLED_BY_ANSWERS
        ),
        questions=tuple(
            RiskQuestion(number=number, concern=each.concern, quote=each.quote, turn=each.turn)
            for number, each in enumerate(asked, 1)
        ),
        transcript=transcript,
        recording=recording,
    )


def confirm(work: Work, draft: DraftEntry, numbers: Iterable[int]) -> DraftEntry:
    """Say yes to these sentences as they stand."""
    content = draft.content
    for number in dict.fromkeys(numbers):
        if _statement(content, number).is_removed:
            raise _removed(number)
        content = _changed(content, number, _adding(work, "confirmed"))
    return _write(work, draft, content, "draft.confirm")


def edit(work: Work, draft: DraftEntry, number: int, text: str) -> DraftEntry:
    """Reword a sentence; it then needs a yes, whatever it was before. Its first words and its ground stay."""
    before = _statement(draft.content, number)
    if before.is_removed:
        raise _removed(number)
    words = _words(text)

    def reworded(statement: DraftStatement) -> DraftStatement:
        ground = (each for each in statement.evidence if each.source != "clinician")
        asked = {*statement.asks, *asks_of_text(words, statement.topic), "edited"}
        return replace(
            _adding(work, "edited")(statement),
            text=words,
            machine=statement.machine or (statement.text if statement.is_machine else ""),
            asks=ordered(asked),
            evidence=(*ground, Evidence(source="clinician", quote=words)),
        )

    return _write(work, draft, _changed(draft.content, number, reworded), "draft.edit")


def remove(work: Work, draft: DraftEntry, numbers: Iterable[int]) -> DraftEntry:
    """Take sentences out of the note; a question about danger one of them answered is open again."""
    content = draft.content
    for number in dict.fromkeys(numbers):
        content = _changed(content, number, _adding(work, "removed"))
        reopened = [
            replace(each, statement=None, act=None) if each.statement == number else each for each in content.questions
        ]
        content = replace(content, questions=tuple(reopened))
    return _write(work, draft, content, "draft.remove")


def bring_back(work: Work, draft: DraftEntry, number: int) -> DraftEntry:
    """Bring a sentence back that was taken out; a yes it had before doesn't count."""
    if not _statement(draft.content, number).is_removed:
        raise Conflict("record.statement_there", f"Statement {number} wasn't removed.", hint="Open the draft again.")
    return _write(work, draft, _changed(draft.content, number, _adding(work, "restored")), "draft.restore")


def write(work: Work, draft: DraftEntry, section: str, text: str, topic: str) -> DraftEntry:
    """Add a sentence of one's own to a section, at its end."""
    return _write(work, draft, _added(work, draft.content, section, _words(text), topic=topic), "draft.write")


def settle(work: Work, draft: DraftEntry, rule: str, words: str) -> DraftEntry:
    """Say how a check was settled ("Read at once; called the client, who is safe with her sister")."""
    if rule not in {each.rule for each in draft.content.checks}:
        raise NotFound("record.check_absent", f"The draft has no check {rule}.", hint="Open the draft again.")
    act = Act(what="resolved", actor=work.actor, at=work.now)
    told = _words(words)
    checks = tuple(replace(each, words=told, act=act) if each.rule == rule else each for each in draft.content.checks)
    return _write(work, draft, replace(draft.content, checks=checks), "draft.settle")


def answer(work: Work, draft: DraftEntry, question: int, text: str) -> DraftEntry:
    """Answer a question about danger that the session left open; the answer becomes a sentence of the note."""
    if question not in {each.number for each in draft.content.questions}:
        raise NotFound("record.question_absent", f"The draft has no question {question}.", hint="Open the draft again.")
    section = _section_of_risk(draft.content)
    content = _added(work, draft.content, section, _words(text), topic="risk", what="answered")
    number = _next(draft.content)
    act = Act(what="answered", actor=work.actor, at=work.now)
    questions = tuple(
        replace(each, statement=number, act=act) if each.number == question else each for each in content.questions
    )
    return _write(work, draft, replace(content, questions=questions), "draft.answer")


def discard(work: Work, draft: DraftEntry) -> DraftEntry:
    """Say that no note will be made of a draft; it stays until retention takes it, and can't be signed."""
    refuse_closed(draft)
    return work.change(draft, draft.content, reason="draft.discard", state=DISCARDED)


def undo(work: Work, draft: DraftEntry) -> DraftEntry:
    """Take back what was done last to a draft and still stands, in one piece of work; once more, what was done before.

    The history keeps all of it.

    `Conflict` where nothing is left to take back, or where it is somebody else's.
    """
    refuse_closed(draft)
    history: list[DraftEntry] = work.history(draft.id)
    standing = next(at for at, each in enumerate(history) if each.content == draft.content)
    if standing == 0:
        raise Conflict("record.nothing_to_undo", "Nothing was done to this draft yet.", hint="Go on reading.")
    if history[standing].actor != work.actor:
        raise Conflict(
            "record.undo_of_others", "The last change is somebody else's.", hint="Ask them, or change it yourself."
        )
    moment = history[standing].made_at
    before = next(each for each in reversed(history[:standing]) if each.made_at < moment or each is history[0])
    return _write(work, draft, before.content, "draft.undo")


def _write(work: Work, draft: DraftEntry, content: StoredDraft, reason: str) -> DraftEntry:
    refuse_closed(draft)
    return work.change(draft, content, reason=reason)


def refuse_closed(draft: DraftEntry) -> None:
    """Raise `Conflict` where a note was made of this draft, or where it was discarded."""
    if draft.state == DISCARDED:
        raise Conflict("record.draft_discarded", "This draft was discarded.", hint="Draft the session anew.")
    if draft.state != OPEN:
        raise Conflict(
            "record.note_signed", "This note is signed; it never changes.", hint="Add an addendum or a correction."
        )


def _added(
    work: Work, content: StoredDraft, section: str, text: str, *, topic: str, what: Doing = "written"
) -> StoredDraft:
    if section not in {each.key for each in content.sections}:
        raise NotFound("record.section_absent", f"The note has no section {section}.", hint="Use one of its keys.")
    statement = DraftStatement(
        number=_next(content),
        text=text,
        topic=topic,
        status="supported",
        support=1.0,
        evidence=(Evidence(source="clinician", quote=text),),
        asks=asks_of_text(text, topic),
        is_machine=False,
        acts=(Act(what=what, actor=work.actor, at=work.now),),
    )
    sections = tuple(
        replace(each, statements=(*each.statements, statement)) if each.key == section else each
        for each in content.sections
    )
    return replace(content, sections=sections)


def _next(content: StoredDraft) -> int:
    return max((each.number for each in content.statements()), default=0) + 1


def _section_of_risk(content: StoredDraft) -> str:
    """Where the note tells of danger already, or may tell of it by its checks; else its first section."""
    told = [section.key for section in content.sections if any(each.topic == "risk" for each in section.statements)]
    meant = [each.section for each in content.checks if each.rule.startswith("risk.") and each.section]
    found = [*told, *meant, *(section.key for section in content.sections)]
    if not found:
        raise Invalid("record.note_without_sections", "The note has no section.", hint="Draft it in another format.")
    return found[0]


def _changed(content: StoredDraft, number: int, change: Callable[[DraftStatement], DraftStatement]) -> StoredDraft:
    _statement(content, number)
    sections: Sequence[DraftSection] = [
        replace(
            section, statements=tuple(change(each) if each.number == number else each for each in section.statements)
        )
        for section in content.sections
    ]
    return replace(content, sections=tuple(sections))


def _adding(work: Work, what: Doing) -> Callable[[DraftStatement], DraftStatement]:
    act = Act(what=what, actor=work.actor, at=work.now)
    return lambda statement: replace(statement, acts=(*statement.acts, act))


def _statement(content: StoredDraft, number: int) -> DraftStatement:
    for statement in content.statements():
        if statement.number == number:
            return statement
    raise NotFound("record.statement_absent", f"The note has no statement {number}.", hint="Open the draft again.")


def _removed(number: int) -> Conflict:
    return Conflict("record.statement_removed", f"Statement {number} was removed.", hint="Restore it first.")


def _words(text: str) -> str:
    words = text.strip()
    if not words:
        raise Invalid("record.words_missing", "There are no words in it.", hint="Write a sentence.")
    return words
