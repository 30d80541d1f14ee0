"""Today: the day's meetings with what became of their notes, the week around it, and what waits to be signed."""

from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from trellis.chart import Client, Encounter, Entry, Location, Mode, Present
from trellis.kernel import Invalid
from trellis.record import Work, add_encounter, agenda, unfinished
from trellis.web.logins import CHANGES, ReadySeat
from trellis.web.pages import page

router = APIRouter()
WEEK = 7
PEOPLE = 500
"""Clients offered for an appointment, the newest."""


@router.get("/")
def show(request: Request, seat: ReadySeat, day: str = "", whose: str = "") -> Response:
    """A day: today, where no other is named; one's own meetings, or everybody's."""
    on = _day(day)
    begins = on - timedelta(days=on.weekday())
    mine = "" if whose == "all" else seat.login.account
    with seat.work() as work:
        week = agenda(work, _midnight(begins), _midnight(begins + timedelta(days=WEEK)), clinician=mine)
        waiting = unfinished(work, clinician=mine)
        people = _people(work)
    by_day = {begins + timedelta(days=at): 0 for at in range(WEEK)}
    for one in week:
        by_day[_date_of(one.encounter)] += 1
    values = {
        "day": on,
        "today": _today(),
        "meetings": [one for one in week if _date_of(one.encounter) == on],
        "waiting": waiting,
        "week": by_day,
        "whose": whose,
        "people": people,
        "before": on - timedelta(days=WEEK),
        "after": on + timedelta(days=WEEK),
    }
    return page(request, "today.html", values)


@router.post("/appointments", dependencies=CHANGES)
def add(
    seat: ReadySeat,
    *,
    client: Annotated[str, Form(max_length=40)],
    on: Annotated[date, Form()],
    at: Annotated[time, Form()],
    minutes: Annotated[int, Form(ge=5, le=600)] = 50,
    mode: Annotated[Mode, Form()] = "in_person",
    place: Annotated[str, Form(max_length=200)] = "",
    state: Annotated[str, Form(max_length=2)] = "",
) -> Response:
    """Add an appointment with a client, held by who adds it."""
    if not client:
        raise Invalid("web.client_missing", "It isn't said whom the appointment is with.", hint="Choose a client.")
    begins = datetime.combine(on, at.replace(tzinfo=None)).astimezone()
    meeting = Encounter(
        mode=mode,
        clinician=seat.login.account,
        started_at=begins,
        stopped_at=begins + timedelta(minutes=minutes),
        place=place.strip(),
        client_location=Location(state=state.strip().upper()),
        present=(Present(role="client", client=client),),
    )
    with seat.work() as work:
        add_encounter(work, meeting)
    return RedirectResponse(f"/?day={on.isoformat()}", status_code=303)


def _people(work: Work) -> list[Entry[Client]]:
    found = [one for one in work.find(kinds=["client"], newest=PEOPLE) if one.state not in ("deleted", "merged")]
    people: list[Entry[Client]] = work.open_all(found)
    return sorted(people, key=lambda one: one.content.name.casefold())


def _day(asked: str) -> date:
    if not asked:
        return _today()
    try:
        return date.fromisoformat(asked)
    except ValueError:
        raise Invalid("web.day_invalid", "That isn't a day.", hint="Go to Today and choose one.") from None


def _today() -> date:
    return datetime.now().astimezone().date()


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time()).astimezone()


def _date_of(encounter: Entry[Encounter]) -> date:
    return encounter.occurred_at.astimezone().date()
