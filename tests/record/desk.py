"""A small clinic for tests of signing: a client, an encounter, and a draft somebody could have been given."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from trellis.chart import (
    Check,
    Client,
    Correction,
    DraftNote,
    Encounter,
    Evidence,
    Finding,
    Location,
    Present,
    Section,
    Signer,
    Statement,
    Transcript,
    Turn,
    Verdict,
    Writer,
)
from trellis.record.consents import give
from trellis.record.drafts import answer, confirm, record_draft, settle
from trellis.record.ready import what_is_open

ANN, BEN, SUE = "staff:usr_ann", "staff:usr_ben", "staff:usr_sue"
DANA = Signer(staff=ANN, name="Dana Reyes", credentials="LCSW")
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)

TURNS = (
    Turn(id=1, speaker="clinician", start=0.0, end=3.0, text="How have you been sleeping?"),
    Turn(id=2, speaker="client", start=3.5, end=7.5, text="Maybe four hours a night."),
    Turn(id=3, speaker="clinician", start=8.0, end=11.0, text="Any thoughts of ending your life?"),
    Turn(id=4, speaker="client", start=11.0, end=12.0, text="No, none."),
    Turn(
        id=5, speaker="client", start=13.0, end=19.0, text="I take sertraline, fifty milligrams.",
        corrections=(Correction(said="search line", text="sertraline", confidence=0.9),),
    ),
    Turn(id=6, speaker="clinician", start=20.0, end=23.0, text="Have you ever hurt yourself?"),
    Turn(id=7, speaker="client", start=24.0, end=26.0, text="My sister called yesterday."),
)  # fmt: skip
TRANSCRIPT = Transcript(turns=TURNS, duration=26.0)


def said(turn, quote):
    found = TRANSCRIPT.turn(turn)
    return Evidence(turn=turn, start=found.start, end=found.end, quote=quote)


SLEEP = Statement(
    text="Client reports sleeping about four hours a night.", topic="sleep", status="supported", support=0.97,
    evidence=(said(2, "four hours a night"),),
)  # fmt: skip
DENIAL = Statement(
    text="Client denies thoughts of suicide.", topic="risk", status="supported", support=0.9,
    evidence=(said(4, "No, none."), said(3, "Any thoughts of ending your life?")),
)  # fmt: skip
DRUG = Statement(
    text="Client reports taking sertraline 50 mg.", topic="medication", status="unconfirmed", support=0.4,
    evidence=(said(5, "I take sertraline, fifty milligrams."),), reasons=("“sertraline” was heard otherwise.",),
)  # fmt: skip
STAGE = Statement(
    text="Client is contemplating change.", topic="stage", status="unconfirmed", support=0.3, inferred=True,
    evidence=(said(2, "four hours a night"),),
)  # fmt: skip

NOTE = DraftNote(
    format="soap",
    language="en",
    people=(),
    transcript=TRANSCRIPT,
    sections=(
        Section(key="subjective", title="Subjective", statements=(SLEEP, DENIAL, DRUG)),
        Section(key="assessment", title="Assessment", statements=(STAGE,)),
        Section(key="plan", title="Plan"),
    ),
    not_assessed=("eye contact",),
    safety=Verdict(
        findings=(
            Finding(
                concern="self_harm", assertion="asked", level="monitor", quote="Have you ever hurt yourself?", turn=6
            ),
            Finding(concern="suicide", assertion="denied", level="none", quote="No, none.", turn=4),
        )
    ),
    checks=(
        Check(rule="encounter.times", severity="block", message="Add the start and stop time."),
        Check(rule="intervention.named", severity="block", message="Name an intervention.", section="plan"),
        Check(rule="plan.stated", severity="warn", message="No plan was found.", section="plan"),
        Check(rule="statements.unconfirmed", severity="block", message="2 sentences are not carried."),
    ),
    writer=Writer(name="extractive", version="1"),
    seconds={"draft": 0.1},
)  # fmt: skip


def one_session(record, *, now=NOON, note=NOTE, stopped=True):
    """A client, an encounter that ended two hours before `now`, its transcript and draft; gives the draft."""
    record.clock = FixedClock(now)
    with record.work(ANN) as work:
        client = work.add(Client(legal_name="Ann Example", birth_date=date(1990, 5, 1)), reason="client.add").id
        began = NOON - timedelta(hours=3)
        encounter = work.add(
            Encounter(
                mode="in_person", clinician=ANN, started_at=began, place="Room 2",
                stopped_at=began + timedelta(minutes=50) if stopped else None,
                present=(Present(role="clinician"), Present(role="client", client=client)),
                client_location=Location(state="OR"),
            ),
            client=client, occurred_at=began, reason="encounter.start",
        )  # fmt: skip
        kept = work.add(note.transcript, client=client, encounter=encounter.id, reason="transcript.record")
        return record_draft(work, note, client=client, encounter=encounter.id, transcript=kept.id, occurred_at=began)


def agree(work, *clients, uses=("treatment", "recording", "ai_drafting")):
    """Each of these clients, of age, agrees to these uses."""
    for client in clients:
        person = work.open(client)
        if person.content.birth_date is None:
            work.change(person, replace(person.content, birth_date=date(1990, 5, 1)), reason="client.change")
        for use in uses:
            give(work, client, use, signed_by=person.content.legal_name)


class FixedClock:
    def __init__(self, now):
        self.at = now

    def now(self):
        return self.at


def answered(work, draft):
    """The draft with everything answered that keeps it from being signed."""
    draft = confirm(work, draft, [2, 3, 4])
    draft = settle(work, draft, "intervention.named", "Supportive listening; written under Plan.")
    draft = answer(work, draft, 1, "Client has never hurt himself; asked again by phone.")
    return confirm(work, draft, [number for number, _ in what_is_open(draft.content).statements])


def with_statements(*statements):
    """The note with these sentences alone, and nothing else that would have to be answered."""
    sections = (Section(key="subjective", title="Subjective", statements=statements),)
    return replace(NOTE, sections=sections, safety=Verdict(), checks=())
