"""An encounter: who and when, what was agreed to, and the way from a recording or a transcript to a draft."""

from pathlib import Path
from typing import Annotated, get_args

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from trellis.chart import Client, Encounter, Entry, Use
from trellis.kernel import Invalid, NotFound
from trellis.record import Work, give, is_recording, is_under_way, refuse_unscribed, standing
from trellis.web.desk import DraftOrder
from trellis.web.logins import CHANGES, ReadySeat, Seat
from trellis.web.pages import page
from trellis.web.takes import Takes
from trellis.web.uploads import SNIFFED, Runs, sniff

router = APIRouter()
ASKED: tuple[Use, ...] = ("treatment", "recording", "ai_drafting", "keeping_audio")
"""What the way from a session to a note needs, and whether its sound may be kept after."""


@router.get("/encounters/{encounter_id}")
def show(request: Request, seat: ReadySeat, encounter_id: str) -> Response:
    """An encounter with its consents, its drafts and notes, and a place to give a recording or a transcript."""
    with seat.work() as work:
        there = encounter_of(work, encounter_id)
        clients = clients_at(work, there)
        agreed = {one.id: [use for use in ASKED if standing(work, one.id, use)] for one in clients}
        notes = [
            one
            for one in work.find(encounter=encounter_id, kinds=["draft", "note"])
            if one.state not in ("deleted", "closed")
        ]
    runs = [one for one in _runs(request).known.values() if (one.actor, one.encounter) == (seat.actor, encounter_id)]
    values = {
        "encounter": there,
        "clients": clients,
        "agreed": agreed,
        "asked": ASKED,
        "notes": notes,
        "runs": [one for one in runs if not one.is_done],
        "formats": seat.desk.formats,
        "is_under_way": is_under_way(_takes(request).folder, encounter_id),
    }
    return page(request, "encounter.html", values)


@router.post("/encounters/{encounter_id}/consents", dependencies=CHANGES)
def agree(
    seat: ReadySeat,
    encounter_id: str,
    *,
    client: Annotated[str, Form(max_length=40)],
    signed_by: Annotated[str, Form(max_length=200)],
    use: Annotated[list[str], Form()],
) -> Response:
    """Keep what a client agreed to, as they signed it."""
    wanted = [one for one in ASKED if one in use]
    if not wanted or set(use) - set(get_args(Use)):
        raise Invalid("web.consent_empty", "It isn't said what was agreed to.", hint="Tick what they signed.")
    with seat.work() as work:
        refuse_elsewhere(clients_at(work, encounter_of(work, encounter_id)), client)
        for one in wanted:
            give(work, client, one, signed_by=signed_by)
    return RedirectResponse(f"/encounters/{encounter_id}", status_code=303)


@router.post("/encounters/{encounter_id}/upload", dependencies=CHANGES)
def upload(
    request: Request,
    seat: ReadySeat,
    encounter_id: str,
    *,
    file: UploadFile,
    client: Annotated[str, Form(max_length=40)],
    note_format: Annotated[str, Form(max_length=60)] = "soap",
) -> Response:
    """Take a recording or a transcript in, and draft a note of it in the background."""
    if note_format not in seat.desk.formats:
        raise Invalid("web.format_unknown", "There is no such format.", hint="Choose one of the list.")
    name = file.filename or ""
    ending = sniff(name, file.file.read(SNIFFED))
    file.file.seek(0)
    with seat.work() as work:
        refuse_elsewhere(clients_at(work, encounter_of(work, encounter_id)), client)
        work.door.allow("content.change", client)
        refuse_unscribed(work, encounter_id, hears=is_recording(Path(f"it{ending}")))
    run = _runs(request).begin(file.file, name, lambda place: _order(seat, place, client, encounter_id, note_format))
    return RedirectResponse(f"/runs/{run.id}", status_code=303)


@router.get("/runs/{run_id}")
def show_run(request: Request, seat: ReadySeat, run_id: str) -> Response:
    """How far a file is on its way to a draft."""
    run = _runs(request).of(run_id, seat.actor)
    return page(request, "run.html", {"run": run}, block="progress" if "hx-request" in request.headers else None)


def _order(seat: Seat, place: Path, client: str, encounter: str, note_format: str) -> DraftOrder:
    return DraftOrder(actor=seat.actor, input=place, client=client, encounter=encounter, format=note_format)


def _takes(request: Request) -> Takes:
    takes: Takes = request.app.state.takes
    return takes


def _runs(request: Request) -> Runs:
    runs: Runs = request.app.state.runs
    return runs


def encounter_of(work: Work, encounter_id: str) -> Entry[Encounter]:
    """An encounter; `NotFound` where the id is of something else."""
    there: Entry[Encounter] = work.open(encounter_id)
    if there.kind != "encounter":
        raise NotFound("web.encounter_absent", "There is no such encounter.", hint="Start from Today.")
    return there


def clients_at(work: Work, there: Entry[Encounter]) -> list[Entry[Client]]:
    """The clients who are at an encounter."""
    ids = there.content.clients or (there.client,)
    return work.open_all([work.listed(one) for one in ids if one])


def refuse_elsewhere(clients: list[Entry[Client]], client: str) -> None:
    """`NotFound` where a client isn't one of them."""
    if client not in {one.id for one in clients}:
        raise NotFound("web.client_elsewhere", "That client wasn't there.", hint="Open the encounter again.")
