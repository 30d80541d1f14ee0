"""A signed note: what was signed, whose words it is, whether the signature holds, and what stands beside it."""

import dataclasses
from importlib import resources
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from trellis.chart import Entry, SignedNote
from trellis.kernel import NotFound
from trellis.record import Work, addenda_of, amend, fault_of
from trellis.web.drafts import signer_of
from trellis.web.logins import CHANGES, ReadySeat
from trellis.web.pages import environment, page

router = APIRouter()


@router.get("/notes/{note_id}")
def show(request: Request, seat: ReadySeat, note_id: str) -> Response:
    """A signed note with its addenda."""
    with seat.work() as work:
        note = _note(work, note_id)
        return page(request, "note.html", _values(work, note) | {"signer": signer_of(seat)})


@router.get("/notes/{note_id}/pdf")
def give_pdf(seat: ReadySeat, note_id: str) -> Response:
    """The note with what stands beside it as a tagged PDF, to be kept elsewhere."""
    with seat.work() as work:
        values = _values(work, _note(work, note_id))
    style = resources.files("trellis.web").joinpath("static/note_print.css").read_text(encoding="utf-8")
    html = environment().get_template("note_print.html").render(values, style=style, clinic=seat.desk.clinic)
    headers = {"Content-Disposition": f'attachment; filename="{note_id}.pdf"'}
    return Response(seat.desk.printed(html), media_type="application/pdf", headers=headers)


@router.post("/notes/{note_id}/addenda", dependencies=CHANGES)
def add(
    seat: ReadySeat,
    note_id: str,
    *,
    words: Annotated[str, Form(max_length=5000)],
    reason: Annotated[str, Form(max_length=1000)],
    credentials: Annotated[str, Form(max_length=100)],
    statement: Annotated[str, Form(max_length=6, pattern=r"\d*")] = "",
) -> Response:
    """Add to a signed note, or put one of its sentences right, beside it."""
    signer = dataclasses.replace(signer_of(seat), credentials=credentials.strip())
    kind: Literal["addendum", "correction"] = "correction" if statement else "addendum"
    with seat.work() as work:
        note = _note(work, note_id)
        amend(
            work, note, signer, kind=kind, words=words, reason=reason, statement=int(statement) if statement else None
        )
    return RedirectResponse(f"/notes/{note_id}#addenda", status_code=303)


def _values(work: Work, note: Entry[SignedNote]) -> dict[str, object]:
    return {
        "note": note,
        "text": note.content.text,
        "addenda": addenda_of(work, note),
        "fault": fault_of(note.content, work.vault, work.tenant),
    }


def _note(work: Work, note_id: str) -> Entry[SignedNote]:
    entry: Entry[SignedNote] = work.open(note_id)
    if entry.kind != "note":
        raise NotFound("web.note_absent", "There is no such note.", hint="Start from Today or from the chart.")
    return entry
