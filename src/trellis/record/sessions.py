"""Encounters and what came of them: who was there, the transcript, the recording, the draft of each client.

An encounter with one client is that client's. One with several belongs to itself, under a key of its own: no member's
chart holds who the others are. Its sound has another key, which goes when one of them is forgotten (`shared`). Each
member has an attendance, a transcript of their own share (`withhold`) and a draft in their own chart, under their own
key.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from trellis.chart import Alert, Attendance, Client, DraftNote, Encounter, Entry, Person, Recording, Transcript
from trellis.kernel import Invalid, NotFound
from trellis.record.codec import mended
from trellis.record.configure import configuration_of
from trellis.record.drafts import DraftEntry, record_draft
from trellis.record.shared import owner_of_sound
from trellis.record.uses import refuse_unscribed, stated
from trellis.record.withhold import CLINICIAN, OWN
from trellis.record.work import Work

FOUND_BY = "safety-rules 1"
"""The card of what finds danger (`governance.registry`): its name and version."""


def add_encounter(work: Work, encounter: Encounter) -> Entry[Encounter]:
    """Record an encounter; where several clients take part, each gets an attendance in their own chart.

    In a clinic with a program under 42 CFR Part 2 it says of which service it is: `Invalid` where it doesn't.
    """
    clients = encounter.clients
    if not clients:
        raise Invalid("record.encounter_empty", "An encounter has a client.", hint="Say which client was there.")
    if len(clients) != len(set(clients)):
        raise Invalid("record.encounter_twice", "A client is there twice.", hint="Name each client once.")
    for client in clients:
        if not work.find(client=client, kinds=["client"]):
            raise NotFound("record.entry_absent", f"There is no {client}.", hint="Check the id.")
    _check_service(work, encounter.service)
    is_shared = len(clients) > 1
    entry = work.add(
        encounter,
        client="" if is_shared else clients[0],
        occurred_at=encounter.started_at,
        reason="encounter.add",
    )
    if is_shared:
        work.vault.make(work.tenant, "client", owner_of_sound(entry.id))
    for client in clients if is_shared else ():
        work.add(
            Attendance(encounter=entry.id),
            client=client,
            encounter=entry.id,
            occurred_at=encounter.started_at,
            reason="attendance.add",
        )
    return entry


def _check_service(work: Work, service: str) -> None:
    """A service nobody knows would be of no program, and lose the label its words need."""
    found = configuration_of(work)
    services = found.content.services if found is not None else ()
    if any(one.part2 for one in services) and service not in {one.key for one in services}:
        raise Invalid(
            "record.service_missing",
            "This clinic has a substance use program, and it isn't said of which service this is.",
            hint=f"Its services: {', '.join(one.key for one in services)}.",
        )


def is_shared(encounter: Entry[Encounter]) -> bool:
    """Whether an encounter is of several clients."""
    return len(encounter.content.clients) > 1


def check_there(encounter: Entry[Encounter], client: str) -> None:
    """Raise `Invalid` where this client took no part in the encounter."""
    if client not in {encounter.client, *encounter.content.clients}:
        raise Invalid(
            "record.client_elsewhere",
            f"{client} took no part in {encounter.id}.",
            hint="Check both ids; the chart of the client lists their encounters.",
        )


def voice_of(work: Work, client: str, encounter: str, people: Sequence[Person]) -> str:
    """Who a client is in the transcript of an encounter with several (`client:2`).

    By what was said of it before, else by the name the transcript calls them; `Invalid` where neither tells.
    """
    attendance = _attendance(work, client, encounter)
    if attendance is not None and attendance.content.speaker:
        return str(attendance.content.speaker)
    content: Client = work.open(client).content
    names = {part.casefold() for part in (*content.legal_name.split(), *content.chosen_name.split())}
    found = [
        person.id
        for person in people
        if person.role == "client" and names & {part.casefold() for part in (person.name or "").split()}
    ]
    if len(found) == 1:
        return found[0]
    raise Invalid(
        "record.voice_unknown",
        f"It can't be told which voice of {encounter} is {client}.",
        hint="Name the speakers of the transcript as the chart does, or say which voice it is.",
    )


def name_voice(work: Work, client: str, encounter: str, speaker: str) -> None:
    """Say who a client is in the transcript of an encounter with several."""
    attendance = _attendance(work, client, encounter)
    if attendance is None:
        raise NotFound("record.attendance_absent", f"{client} took no part in {encounter}.", hint="Check both ids.")
    work.change(attendance, replace(attendance.content, speaker=speaker), reason="attendance.name_voice")


def names_of_others(work: Work, encounter: Entry[Encounter], client: str) -> tuple[str, ...]:
    """What the other members of an encounter are called."""
    others: list[Client] = [work.open(each).content for each in encounter.content.clients if each != client]
    told = [one.name for one in encounter.content.present if one.client != client and one.role != CLINICIAN]
    return tuple(name for one in others for name in (one.legal_name, one.chosen_name) if name) + tuple(
        name for name in told if name
    )


def record_session(
    work: Work,
    note: DraftNote,
    *,
    client: str,
    encounter: str,
    sound: Recording | None = None,
) -> DraftEntry:
    """Keep a transcript, the recording it was heard in and the draft made of it, in one client's chart.

    What the safety screen found is kept beside them, open where a clinician must see it the same day. What the chart
    has already isn't kept twice. `Invalid` where the encounter had several clients and the transcript holds words of
    others; `NotPermitted` without the consents that it needs, of which alone the note says that they were given.
    """
    there: Entry[Encounter] = work.open(encounter)
    check_there(there, client)
    is_heard = sound is not None or any(turn.confidence is not None for turn in note.transcript.turns)
    refuse_unscribed(work, encounter, hears=is_heard)
    whole = stated(work, mended(note), client, encounter)
    if is_shared(there):
        if any(turn.speaker not in {CLINICIAN, OWN} for turn in whole.transcript.turns):
            raise _words_of_others()
        own = tuple(person for person in whole.people if person.role != "client" or person.id == OWN)
        whole = replace(whole, people=own)
    transcript = _kept(work, whole.transcript, "transcript", client, there)
    recording = _kept(work, sound, "recording", client, there) if sound is not None else None
    _keep_findings(work, whole, client, there, transcript.id)
    return record_draft(
        work,
        whole,
        client=client,
        encounter=encounter,
        transcript=transcript.id,
        recording=recording.id if recording is not None else "",
        occurred_at=there.occurred_at,
    )


def _kept(work: Work, noun: Transcript | Recording, kind: str, client: str, encounter: Entry[Encounter]) -> Entry[Any]:
    """The entry of a noun in the client's chart: the one that is there, or a new one."""
    for entry in work.open_found(client=client, kinds=[kind], encounter=encounter.id):
        if entry.content == noun:
            return entry
    return work.add(
        noun, client=client, encounter=encounter.id, occurred_at=encounter.occurred_at, reason=f"{kind}.record"
    )


def _keep_findings(work: Work, note: DraftNote, client: str, encounter: Entry[Encounter], transcript: str) -> None:
    """An alert for each finding, owned by who held the encounter; those of a transcript kept before are there."""
    known = {
        (alert.content.concern, alert.content.assertion, alert.content.quote)
        for alert in work.open_found(client=client, kinds=["alert"], encounter=encounter.id)
    }
    for finding in note.safety.findings:
        if finding.level == "none" or (finding.concern, finding.assertion, finding.quote) in known:
            continue
        work.add(
            Alert(
                level=finding.level,
                concern=finding.concern,
                assertion=finding.assertion,
                quote=finding.quote,
                source=transcript,
                found_by=FOUND_BY,
                owner=encounter.content.clinician,
            ),
            client=client,
            encounter=encounter.id,
            state="noted" if finding.level == "monitor" else "open",
            occurred_at=encounter.occurred_at,
            reason="alert.add",
        )


def _attendance(work: Work, client: str, encounter: str) -> Entry[Attendance] | None:
    found = work.open_found(client=client, kinds=["attendance"], encounter=encounter)
    return found[0] if found else None


def _words_of_others() -> Invalid:
    return Invalid(
        "record.words_of_others",
        "The transcript holds words of people whose chart this isn't.",
        hint="Draft the note from this client's share of the session.",
    )
