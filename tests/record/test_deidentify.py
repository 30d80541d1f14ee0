"""A copy for improving the software: only with that consent, without what the record knows of anybody, on the chain."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from trellis.chart import Client, Contact, EmergencyContact, Encounter, Location, Present, Transcript, Turn
from trellis.governance import Standing
from trellis.governance.tables import audit_entries
from trellis.inference import LocalIdentifiers
from trellis.kernel import Invalid, NotFound, NotPermitted
from trellis.record import add_client, deidentify, give, revoke
from trellis.record.labels import PART2
from trellis.record.sign import sign
from trellis.record.tables import entries

from .desk import ANN, DANA, NOON, NOTE, FixedClock, agree, answered, one_session

OPERATOR = "operator:local"
SAID = (
    "i told quillon the password on march 3 2026 and again on march 5 2026",
    "Wystan called from 503-555-0148, then Ottoline came.",
)


@pytest.fixture(scope="module")
def finder():
    return LocalIdentifiers()


@pytest.fixture
def transcript(record):
    """A transcript of Wystan, whose mother is Ottoline; gives the client's id and its own."""
    record.clock = FixedClock(NOON)
    with record.work(ANN) as work:
        person = Client(
            legal_name="Wystan Tarr",
            number="C-4471",
            contacts=(Contact(kind="phone", value="503-555-0148"),),
            emergency=(EmergencyContact(name="Ottoline Tarr", relation="mother", phone="503-555-0177"),),
        )
        client = add_client(work, person).id
        agree(work, client)
        encounter = work.add(
            Encounter(
                mode="in_person",
                clinician=ANN,
                started_at=NOON,
                present=(Present(role="clinician"), Present(role="client", client=client)),
                client_location=Location(state="OR"),
            ),
            client=client,
            reason="encounter.start",
        )
        turns = tuple(Turn(id=at, speaker="client", text=text) for at, text in enumerate(SAID, 1))
        kept = work.add(Transcript(turns=turns), client=client, encounter=encounter.id, reason="transcript.record")
    return client, kept.id


def consent(record, client):
    with record.work(ANN) as work:
        give(work, client, "improvement", signed_by="Wystan Tarr")


def test_with_consent_alone(record, transcript, finder):
    """Without the client's consent to it there is no copy, nor after it was revoked; the refusal is on the chain."""
    client, kept = transcript
    with pytest.raises(NotPermitted, match="improvement"):
        deidentify(record, OPERATOR, kept, finder)
    consent(record, client)
    assert deidentify(record, OPERATOR, kept, finder).text
    with record.work(ANN) as work:
        revoke(work, client, "improvement", by="Wystan Tarr")
    with pytest.raises(NotPermitted, match="improvement"):
        deidentify(record, OPERATOR, kept, finder)
    with record.database.change(record.tenant) as connection:
        asked = select(audit_entries.c.decision).where(audit_entries.c.action == "record.deidentify")
        told = connection.execute(asked.order_by(audit_entries.c.number)).scalars().all()
    assert list(told) == ["refuse", "permit", "refuse"]


def test_what_is_taken_out(record, transcript, finder):
    """Names, numbers and dates are gone, known or found; dates stay as far apart; it is the same at each copy."""
    client, kept = transcript
    consent(record, client)
    made = deidentify(record, OPERATOR, kept, finder)
    low = made.text.lower()
    assert not [word for word in ("wystan", "ottoline", "quillon", "0148", "march 3", "march 5") if word in low]
    assert "password" in low
    assert made.removed["date"] == 2 and made.removed["name"] >= 3
    assert deidentify(record, OPERATOR, kept, finder).text == made.text
    years = deidentify(record, OPERATOR, kept, finder, years_only=True)
    assert "on 2026 and again on 2026" in years.text


@pytest.mark.parametrize("actor", ["client:usr_zoe", "staff:usr_nobody"])
def test_who(record, transcript, finder, actor):
    """Behind the gate that clinics have it is the operator's to make copies, and nobody else's."""
    client, kept = transcript
    consent(record, client)
    record.gate = Standing
    assert deidentify(record, OPERATOR, kept, finder).text
    with pytest.raises((NotPermitted, NotFound)):
        deidentify(record, actor, kept, finder)


def test_note(record, finder):
    """Of a signed note its sentences are copied under their headings, without who signed it."""
    draft = one_session(record, note=replace(NOTE, people=()))
    with record.work(ANN) as work:
        agree(work, draft.client, uses=("improvement",))
        note = sign(work, answered(work, work.open(draft.id)), DANA)
    text = deidentify(record, OPERATOR, note.id, finder).text
    assert "Subjective:\n" in text and "sleeping about four hours" in text
    assert "Reyes" not in text and "Ann Example" not in text


def test_part2(record, transcript, finder):
    """Nothing of a program under 42 CFR Part 2 is copied, whatever was agreed."""
    client, kept = transcript
    consent(record, client)
    with record.database.change(record.tenant) as connection:
        connection.execute(update(entries).where(entries.c.id == kept).values(label=PART2))
    with pytest.raises(NotPermitted, match="Part 2"):
        deidentify(record, OPERATOR, kept, finder)


def test_kinds(record, transcript, finder):
    """Only transcripts and notes are copied."""
    client, _ = transcript
    consent(record, client)
    with pytest.raises(Invalid, match="client"):
        deidentify(record, OPERATOR, client, finder)
