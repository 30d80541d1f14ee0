"""A synthetic clinic to look at: invented clients with encounters, drafts the real scribe wrote, and signed notes.

Takes an open record, its accounts and the scribe. Every person is invented; sessions are the
authored scripts and the shipped recording. Nothing here is random: two makings differ in ids and times alone.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import resources
from pathlib import Path

from trellis.chart import (
    Allergy,
    Client,
    Contact,
    Diagnosis,
    EmergencyContact,
    Encounter,
    Entry,
    Goal,
    Location,
    Measurement,
    Medication,
    Mode,
    Person,
    Present,
    Signer,
    StoredDraft,
    Transcript,
    Turn,
    Use,
)
from trellis.governance import Accounts, accept_invitation, add_account, give_role, relate
from trellis.lab.scripts import read_script
from trellis.record import (
    Record,
    add_client,
    add_encounter,
    answer,
    confirm,
    find_sitting,
    give,
    header_of,
    keep_sitting,
    settle,
    sign,
    what_is_open,
)
from trellis.scribe import Scribe, Wish, load_format

OPERATOR = "operator:demo"
NAME = "Fernwood Counseling (demo)"
PASSWORD = "copper lantern over quiet fields"  # noqa: S105, of invented people in an invented clinic
AGREED: tuple[Use, ...] = ("treatment", "recording", "ai_drafting", "keeping_audio")
RECORDED = "demo"
"""The script whose recording is shipped."""

Tell = Callable[[str, float | None], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A client with what their chart holds and the sessions of theirs: script, days ago, hour, whether signed."""

    client: Client
    sessions: Sequence[tuple[str, int, int, bool]]
    chart: Sequence[Diagnosis | Medication | Allergy | Goal] = ()
    scores: Sequence[tuple[str, int, int]] = ()
    mode: Mode = "in_person"


STAFF = (
    ("reyes", "Dana Reyes, LCSW", "clinician"),
    ("haddad", "Sam Haddad, LPC", "clinician"),
    ("nair", "Priya Nair", "front desk"),
)
"""Names to sign in with, what people are called, and their roles; the first treats everybody here."""


def courses() -> tuple[Course, ...]:
    """Everybody in care here."""
    return (
        Course(
            client=_client("Maya Okafor", date(1992, 3, 14), "she/her", "1001"),
            sessions=((RECORDED, 0, 9, False),),
            chart=(
                Diagnosis(code="F32.1", words="Major depressive disorder, single episode, moderate"),
                Medication(name="sertraline", dose="50 mg", how="once a day", prescriber="primary care"),
                Goal(words="Sleep six hours on five nights a week", measure="sleep diary", set_on=date(2026, 9, 1)),
            ),
            scores=(("PHQ-9", 84, 22), ("PHQ-9", 56, 21), ("PHQ-9", 14, 19)),
        ),
        Course(
            client=_client("Andre Whitfield", date(1987, 11, 2), "he/him", "1002"),
            sessions=(("panic", 0, 10, False), ("panic", 7, 10, True)),
            chart=(
                Diagnosis(code="F40.01", words="Agoraphobia with panic disorder"),
                Goal(words="Ride the bus to work alone", measure="rides a week", target="5"),
            ),
            scores=(("GAD-7", 35, 15), ("GAD-7", 7, 11)),
        ),
        Course(
            client=_client("Evelyn Marsh", date(1951, 6, 30), "she/her", "1003"),
            sessions=(("grief", 0, 11, False),),
            chart=(
                Diagnosis(code="F43.81", words="Prolonged grief disorder"),
                Allergy(substance="penicillin", reaction="hives"),
            ),
            scores=(("PHQ-9", 21, 12),),
        ),
        Course(
            client=_client("Walter Pruitt", date(1969, 1, 19), "he/him", "1004", chosen="Walt"),
            sessions=(("alcohol", 1, 15, False),),
            chart=(Diagnosis(code="F10.20", words="Alcohol use disorder, moderate"),),
            scores=(("AUDIT-C", 30, 9),),
        ),
        Course(
            client=_client("Renee Castellano", date(1995, 8, 8), "she/her", "1005"),
            sessions=(("trauma", 2, 13, True),),
            chart=(Diagnosis(code="F43.10", words="Post-traumatic stress disorder"),),
            scores=(("PCL-5", 60, 52), ("PCL-5", 2, 44)),
            mode="video",
        ),
        Course(
            client=_client("Dale Hutchins", date(1979, 4, 25), "he/him", "1006"),
            sessions=(("followup", 0, 8, False),),
            chart=(Diagnosis(code="F33.2", words="Major depressive disorder, recurrent, severe"),),
            mode="audio",
        ),
        Course(
            client=_client("Hana Sato", date(1990, 12, 5), "she/her", "1007"),
            sessions=(("ocd", 3, 14, False),),
            chart=(Diagnosis(code="F42.2", words="Obsessive-compulsive disorder, mixed thoughts and acts"),),
        ),
        Course(client=_client("Marcus Ellery", date(1984, 2, 17), "he/him", "1008"), sessions=()),
    )


def sign_ins() -> list[str]:
    """With what the staff of the synthetic clinic signs in, a line each."""
    return [f"Sign in as {name} ({called}) with the password: {PASSWORD}" for name, called, _ in STAFF]


def fill_clinic(record: Record, accounts: Accounts, scribe: Scribe, tell: Tell) -> None:
    """Staff, clients, what is known of them, their sessions and today's appointments, in an empty clinic."""
    mine, *_ = [_join(accounts, name, called, role) for name, called, role in STAFF]
    everybody = courses()
    for done, course in enumerate(everybody):
        tell("writing the synthetic clinic", done / len(everybody))
        with record.work(OPERATOR) as work:
            client = add_client(work, course.client).id
            for use in AGREED:
                give(work, client, use, signed_by=course.client.legal_name)
            for noun in course.chart:
                work.add(noun, client=client, reason="demo.add")
            for instrument, days, value in course.scores:
                at = work.now - timedelta(days=days)
                work.add(
                    Measurement(instrument=instrument, value=value),
                    client=client,
                    occurred_at=at,
                    reason="demo.add",
                )
        relate(accounts, OPERATOR, STAFF[0][0], "team", client)
        for script, days, hour, is_signed in course.sessions:
            _session(
                record, scribe, client, mine, _at(days, hour), script=script, mode=course.mode, is_signed=is_signed
            )
    with record.work(OPERATOR) as work:
        for hour, entry in ((14, -1), (16, -2)):
            people = work.find(kinds=["client"])
            add_encounter(work, _encounter(people[entry].id, mine, _at(0, hour), "in_person"))


def _join(accounts: Accounts, name: str, called: str, role: str) -> Signer:
    account, invitation = add_account(accounts, OPERATOR, name, called=called)
    accept_invitation(accounts, name, invitation, PASSWORD)
    give_role(accounts, OPERATOR, name, role)
    whose, _, credentials = called.partition(", ")
    return Signer(staff=account.actor, name=whose, credentials=credentials)


def _session(
    record: Record,
    scribe: Scribe,
    client: str,
    who: Signer,
    at: datetime,
    *,
    script: str,
    mode: Mode,
    is_signed: bool,
) -> None:
    """An encounter with its draft, signed where it was."""
    with record.work(OPERATOR) as work:
        encounter = add_encounter(work, _encounter(client, who, at, mode)).id
        sitting = find_sitting(work, client, encounter)
    transcript, sound = _said(script)
    wish = Wish(format=load_format("soap"), known=sitting.known)
    note = scribe.draft(transcript, _people(script), wish)
    draft = keep_sitting(record, OPERATOR, note, sitting, sound)
    if is_signed:
        _sign(record, draft, who)


def _sign(record: Record, draft: Entry[StoredDraft], who: Signer) -> None:
    """Answer for everything that is open, and sign."""
    with record.work(who.staff) as work:
        found = what_is_open(draft.content, header_of(work, draft))
        draft = confirm(work, draft, [number for number, _ in found.statements])
        for rule in found.checks:
            draft = settle(work, draft, rule, "Reviewed with the client and documented in the plan.")
        for question in found.questions:
            draft = answer(work, draft, question, "Asked again at the end of the session; the client denies it.")
        again = what_is_open(draft.content, header_of(work, draft))
        draft = confirm(work, draft, [number for number, _ in again.statements])
        sign(work, draft, who, late_reason="Demonstration: written when the synthetic clinic was made.")


def _said(script: str) -> tuple[Transcript, Path | None]:
    """What is said in a session, and its sound where that is shipped."""
    if script == RECORDED:
        folder = Path(str(resources.files("trellis.lab").joinpath("demo")))
        told = json.loads((folder / "session.json").read_text(encoding="utf-8"))
        turns = [
            Turn(id=one["id"], speaker=one["speaker"], text=one["text"], start=one["start"], end=one["end"])
            for one in told["turns"]
        ]
        return Transcript(turns=tuple(turns), duration=told["duration"]), folder / "session.opus"
    spoken = read_script(script).turns
    return Transcript(
        turns=tuple(Turn(id=at, speaker=one.role, text=one.text) for at, one in enumerate(spoken, 1))
    ), None


def _people(script: str) -> tuple[Person, ...]:
    roles: Mapping[str, str] = {one.role: one.name for one in read_script(script).speakers}
    return tuple(Person(id=role, role=role.split(":")[0], name=name) for role, name in roles.items())  # type: ignore[arg-type]


def _client(name: str, born: date, pronouns: str, number: str, chosen: str = "") -> Client:
    return Client(
        legal_name=name,
        chosen_name=f"{chosen} {name.rsplit(maxsplit=1)[-1]}".strip() if chosen else "",
        birth_date=born,
        pronouns=pronouns,
        number=number,
        contacts=(Contact(kind="phone", value="555-0100", may_say="appointments"),),
        emergency=(EmergencyContact(name="On file", relation="family", phone="555-0101"),),
        location=Location(state="OR"),
    )


def _encounter(client: str, who: Signer, at: datetime, mode: Mode) -> Encounter:
    return Encounter(
        mode=mode,
        clinician=who.staff.partition(":")[2],
        started_at=at,
        stopped_at=at + timedelta(minutes=50),
        place="Room 2" if mode == "in_person" else "telehealth",
        client_location=Location(state="OR"),
        present=(Present(role="client", client=client),),
    )


def _at(days: int, hour: int) -> datetime:
    """A time of day some days ago, on this machine's clock."""
    today = datetime.now().astimezone().replace(hour=hour, minute=0, second=0, microsecond=0)
    return today - timedelta(days=days)
