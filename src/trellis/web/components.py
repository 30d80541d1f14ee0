"""A page that shows the parts pages are made of, in every state they have."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from trellis.web.logins import AnySeat
from trellis.web.pages import page

router = APIRouter()


@router.get("/components")
def show(request: Request, seat: AnySeat) -> Response:
    """Colours, type, buttons, badges, notices and fields."""
    return page(request, "components.html", {"whose": seat.login.called})
