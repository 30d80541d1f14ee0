"""The recorder of an encounter: what must be asked before, the bar, and the way from its end to a draft.

Who is there, where the client is now, whom to call, and everybody's consent are asked first; without them the page has
no recorder, and says what is missing and where it is given.
"""

import base64
import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from trellis.chart import Client, EmergencyContact, Encounter, Entry, Present
from trellis.kernel import Invalid, NotPermitted
from trellis.record import Lack, Work, change_client, give_present, refuse_unscribed, what_lacks, wording_of
from trellis.web.desk import DraftOrder
from trellis.web.encounters import clients_at, encounter_of, refuse_elsewhere
from trellis.web.guard import HEADERS
from trellis.web.logins import CHANGES, ReadySeat
from trellis.web.pages import page
from trellis.web.takes import Takes

router = APIRouter()
MICROPHONE = HEADERS["Permissions-Policy"].replace("microphone=()", "microphone=(self)")
"""This page alone may ask for the microphone."""
Words = Annotated[str, Form(max_length=200)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What has to be known before a recording: what consents lack, what else keeps it from beginning, in words."""

    lacks: tuple[Lack, ...]
    refusal: str

    @property
    def may_begin(self) -> bool:
        """Whether there is a recorder."""
        return not self.lacks and not self.refusal


@router.get("/encounters/{encounter_id}/recorder")
def show(request: Request, seat: ReadySeat, encounter_id: str) -> Response:
    """What must be asked, and the recorder where it was."""
    takes = _takes(request)
    with seat.work() as work:
        there = encounter_of(work, encounter_id)
        clients = clients_at(work, there)
        asked = _asked(work, there)
        work.door.allow("content.change", clients[0].id)
    problem, take = "", None
    try:
        take = takes.find(seat, encounter_id)
    except NotPermitted as error:
        problem = str(error)
    run = takes.drafted.get(encounter_id, "")
    if run:
        return RedirectResponse(f"/runs/{run}", status_code=303)
    values = {
        "encounter": there,
        "clients": clients,
        "names": {one.id: one.content.name for one in clients},
        "others": [one for one in there.content.present if one.role == "other" and one.client is None],
        "asked": asked,
        "wordings": {one.use: wording_of(one.use) for one in asked.lacks},
        "problem": problem,
        "take": take,
        "account": seat.login.account,
        "formats": seat.desk.formats,
    }
    answer = page(request, "recorder.html", values)
    answer.headers["Permissions-Policy"] = MICROPHONE
    return answer


@router.post("/encounters/{encounter_id}/recorder/about", dependencies=CHANGES)
def say_about(
    seat: ReadySeat,
    encounter_id: str,
    *,
    name: Annotated[list[str], Form()] = [],  # noqa: B006, never changed; the framework needs it (FastAPI's way; never changed)
    relation: Annotated[list[str], Form()] = [],  # noqa: B006
    address: Words = "",
    state: Annotated[str, Form(max_length=2)] = "",
    contact: Words = "",
    contact_relation: Words = "",
    phone: Words = "",
) -> Response:
    """Say who is there, where the client is now, and whom to call where something happens."""
    others = [
        Present(role="other", name=who.strip()[:200], relation=what.strip()[:200])
        for who, what in zip(name, relation, strict=False)
        if who.strip() or what.strip()
    ]
    with seat.work() as work:
        there = encounter_of(work, encounter_id)
        kept = tuple(one for one in there.content.present if one.client is not None or one.role != "other")
        where = there.content.client_location
        if address.strip() or state.strip():
            where = dataclasses.replace(where, address=address.strip(), state=state.strip().upper() or where.state)
        said = dataclasses.replace(there.content, present=(*kept, *others), client_location=where)
        if said != there.content:
            work.change(there, said, reason="encounter.change")
        if contact.strip():
            _keep_contact(work, clients_at(work, there)[0], contact, contact_relation, phone)
    return RedirectResponse(f"/encounters/{encounter_id}/recorder", status_code=303)


@router.post("/encounters/{encounter_id}/recorder/agreed", dependencies=CHANGES)
def say_agreed(seat: ReadySeat, encounter_id: str, *, person: Words, signed_by: Words) -> Response:
    """Keep that somebody else who is there agreed to be recorded, and to a note drafted of it."""
    with seat.work() as work:
        lacks = [one for one in what_lacks(work, encounter_of(work, encounter_id)) if one.person == person]
        if not lacks:
            raise Invalid("web.person_absent", "Nobody of that name is asked.", hint="Open the recorder again.")
        for one in lacks:
            give_present(work, encounter_id, one.use, person=person, signed_by=signed_by)
    return RedirectResponse(f"/encounters/{encounter_id}/recorder", status_code=303)


@router.post("/encounters/{encounter_id}/recorder/begin", dependencies=CHANGES)
def begin(
    request: Request, seat: ReadySeat, encounter_id: str, client: Annotated[str, Form(max_length=40)]
) -> Response:
    """Begin, or go on: what is safe so far, and the key of the browser's own pocket, which it never keeps."""
    with seat.work() as work:
        there = encounter_of(work, encounter_id)
        refuse_elsewhere(clients_at(work, there), client)
        asked = _asked(work, there)
    if not asked.may_begin:
        raise NotPermitted(
            "web.recorder_unasked", asked.refusal or "A consent is missing.", hint="Open the recorder again."
        )
    take = _takes(request).begin(seat, encounter_id, client)
    key = base64.b64encode(take.pocket_key(seat.login.account)).decode()
    return JSONResponse({"take": take.id, "have": take.samples, "key": key})


@router.post("/encounters/{encounter_id}/recorder/end", dependencies=CHANGES)
def end(
    request: Request, seat: ReadySeat, encounter_id: str, note_format: Annotated[str, Form(max_length=60)] = "soap"
) -> Response:
    """End it, and draft the note as of a recording that is given in."""
    if note_format not in seat.desk.formats:
        raise Invalid("web.format_unknown", "There is no such format.", hint="Choose one of the list.")
    takes = _takes(request)
    take = takes.under_way(seat, encounter_id)
    if not take.samples:
        raise Invalid("web.take_empty", "Nothing was recorded yet.", hint="Record, or discard it.")

    def order(place: Path) -> DraftOrder:
        return DraftOrder(actor=seat.actor, input=place, client=take.client, encounter=encounter_id, format=note_format)

    return RedirectResponse(f"/runs/{takes.end(seat, encounter_id, order).id}", status_code=303)


@router.post("/encounters/{encounter_id}/recorder/discard", dependencies=CHANGES)
def discard(request: Request, seat: ReadySeat, encounter_id: str) -> Response:
    """Throw what was recorded away."""
    _takes(request).discard(seat, encounter_id)
    return RedirectResponse(f"/encounters/{encounter_id}", status_code=303)


def _asked(work: Work, there: Entry[Encounter]) -> Asked:
    where = there.content.client_location
    if there.content.mode != "in_person" and not (where.state and where.address):
        return Asked(lacks=what_lacks(work, there), refusal="It isn’t said where the client is now.")
    lacks = what_lacks(work, there)
    if lacks:
        return Asked(lacks=lacks, refusal="")
    try:
        refuse_unscribed(work, there.id, hears=True)
    except (NotPermitted, Invalid) as error:
        return Asked(lacks=(), refusal=str(error))
    return Asked(lacks=(), refusal="")


def _keep_contact(work: Work, client: Entry[Client], name: str, relation: str, phone: str) -> None:
    """First among those to call."""
    given = EmergencyContact(name=name.strip(), relation=relation.strip(), phone=phone.strip())
    others = tuple(one for one in client.content.emergency if one.name != given.name)
    if client.content.emergency[:1] != (given,):
        change_client(work, client, dataclasses.replace(client.content, emergency=(given, *others)))


def _takes(request: Request) -> Takes:
    takes: Takes = request.app.state.takes
    return takes
