"""Clients: a list to find them in, and the chart of one, as it is opened at the start of an hour."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import Response

from trellis.chart import Client, Entry
from trellis.record import open_chart
from trellis.web.logins import CHANGES, ReadySeat, Seat
from trellis.web.pages import page

router = APIRouter()
MOST = 500
"""Clients that are opened for a list, the newest."""
SHOWN = {"encounter", "attendance", "draft", "note", "addendum", "alert", "consent", "document", "measurement"}
"""Kinds that the timeline tells of."""


@router.get("/clients")
def list_clients(request: Request, seat: ReadySeat) -> Response:
    """The clients by name."""
    return _listed(request, seat, "")


@router.post("/clients", dependencies=CHANGES)
def find_clients(request: Request, seat: ReadySeat, sought: Annotated[str, Form(max_length=200)] = "") -> Response:
    """Those whose name or number holds what is sought; a form, so that no name stands in an address."""
    return _listed(request, seat, sought)


@router.get("/clients/{client_id}")
def show(request: Request, seat: ReadySeat, client_id: str) -> Response:
    """A chart at a glance, and what happened lately."""
    with seat.work() as work:
        chart = open_chart(work, client_id)
    timeline = [one for one in reversed(chart.newest) if one.kind in SHOWN]
    return page(request, "client.html", {"chart": chart, "person": chart.client.content, "timeline": timeline})


def _listed(request: Request, seat: Seat, sought: str) -> Response:
    with seat.work() as work:
        heads = [one for one in work.find(kinds=["client"], newest=MOST) if one.state not in ("deleted", "merged")]
        people: list[Entry[Client]] = work.open_all(heads)
    wanted = sought.strip().casefold()
    found = [one for one in people if not wanted or wanted in _names(one.content)]
    values = {"people": sorted(found, key=lambda one: one.content.name.casefold()), "is_cut": len(heads) == MOST}
    return page(request, "clients.html", values, block="list" if "hx-request" in request.headers else None)


def _names(person: Client) -> str:
    return f"{person.legal_name} {person.chosen_name} {person.number}".casefold()
