"""Who sits at the browser: signing in and out, the second factor, and what every other page asks first.

The login itself is the server's (`governance`); the browser holds a random secret in a cookie that scripts can't read
and other sites can't send. From it follows the token that forms carry, so that nothing more has to be kept.
"""

import hmac
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Header, Request
from fastapi.responses import RedirectResponse, Response
from starlette.requests import HTTPConnection

from trellis.governance import (
    Accounts,
    Login,
    accept_invitation,
    confirm_second,
    end_login,
    find_login,
    offer_second,
    sign_in,
)
from trellis.kernel import Invalid, NotPermitted
from trellis.record import Work
from trellis.web.desk import Desk
from trellis.web.pages import page

SIGN_IN, SECOND, INVITATION = "/sign-in", "/second", "/invitation"
router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Somebody signed in, at one browser: their login, the token of their forms, and what the house offers them."""

    login: Login
    desk: Desk
    token: str = field(repr=False)

    @property
    def actor(self) -> str:
        """Who they are in the record; `NotPermitted` until their second factor is there."""
        return self.login.actor

    def work(self) -> AbstractContextManager[Work]:
        """A transaction of theirs in the record."""
        return self.desk.record.work(self.actor)


def take_seat(request: HTTPConnection) -> Seat:
    """Who sits here; `NotPermitted` where nobody is signed in."""
    desk: Desk = request.app.state.desk
    secret = request.cookies.get(cookie_name(request), "")
    seat = Seat(login=find_login(desk.accounts, secret), desk=desk, token=token_of(secret))
    request.state.seat = seat
    return seat


AnySeat = Annotated[Seat, Depends(take_seat)]


def take_ready_seat(seat: AnySeat) -> Seat:
    """Who sits here and may work: with a second factor, where the clinic asks for one."""
    assert seat.actor
    return seat


ReadySeat = Annotated[Seat, Depends(take_ready_seat)]


def check_token(
    seat: AnySeat,
    csrf: Annotated[str, Form()] = "",
    x_csrf: Annotated[str, Header()] = "",
) -> None:
    """Refuse a change that doesn't carry the token of this login's pages."""
    if not hmac.compare_digest((csrf or x_csrf).encode(), seat.token.encode()):
        raise NotPermitted(
            "web.token_wrong", "This form is from another sign-in.", hint="Open the page again and repeat it."
        )


CHANGES = [Depends(check_token)]
"""What every route that changes something depends on."""


def token_of(secret: str) -> str:
    """The token of the forms of one login."""
    return sha256(b"trellis form " + secret.encode()).hexdigest()


def cookie_name(request: HTTPConnection) -> str:
    """The cookie's name; over TLS with the prefix that ties it to this host and path."""
    return "__Host-trellis" if request.url.scheme in ("https", "wss") else "trellis"


def _accounts(request: Request) -> Accounts:
    accounts: Accounts = request.app.state.desk.accounts
    return accounts


@router.get(SIGN_IN)
def show_sign_in(request: Request) -> Response:
    """The way in."""
    return page(request, "sign_in.html", {"clinic": request.app.state.desk.clinic, "problem": "", "name": ""})


@router.post(SIGN_IN)
def take_sign_in(
    request: Request,
    name: Annotated[str, Form(max_length=200)],
    password: Annotated[str, Form(max_length=1000)],
    code: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Sign in; a wrong try says no more than that."""
    try:
        login, secret = sign_in(_accounts(request), name, password, code)
    except NotPermitted as error:
        values = {"clinic": request.app.state.desk.clinic, "problem": str(error), "name": name}
        return page(request, "sign_in.html", values, status=403)
    answer = RedirectResponse(SECOND if login.needs_second else "/", status_code=303)
    answer.set_cookie(
        cookie_name(request),
        secret,
        path="/",
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer


@router.post("/sign-out", dependencies=CHANGES)
def sign_out(request: Request, seat: AnySeat) -> Response:
    """Sign out of this browser; what it had in hand is dropped."""
    end_login(seat.desk.accounts, seat.login)
    answer = RedirectResponse(SIGN_IN, status_code=303)
    is_secure = request.url.scheme == "https"
    answer.delete_cookie(cookie_name(request), path="/", httponly=True, samesite="strict", secure=is_secure)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@router.get(INVITATION)
def show_invitation(request: Request) -> Response:
    """Where an invited person chooses a password."""
    return page(request, "invitation.html", {"problem": "", "name": ""})


@router.post(INVITATION)
def take_invitation(
    request: Request,
    name: Annotated[str, Form(max_length=200)],
    invitation: Annotated[str, Form(max_length=200)],
    password: Annotated[str, Form(max_length=1000)],
) -> Response:
    """Choose the password of an account one was invited to."""
    desk: Desk = request.app.state.desk
    try:
        accept_invitation(desk.accounts, name, invitation.strip(), password, about=[desk.clinic])
    except (Invalid, NotPermitted) as error:
        return page(request, "invitation.html", {"problem": str(error), "name": name}, status=422)
    return RedirectResponse(SIGN_IN, status_code=303)


@router.get(SECOND)
def show_second(request: Request, seat: AnySeat) -> Response:
    """Where a second factor is set up."""
    return page(
        request, "second.html", {"offer": None, "codes": (), "problem": "", "is_missing": seat.login.factors < 2}
    )


@router.post("/second/offer", dependencies=CHANGES)
def offer(request: Request, seat: AnySeat) -> Response:
    """A key for the authenticator app."""
    made = offer_second(seat.desk.accounts, seat.login)
    groups = " ".join(made.secret[at : at + 4] for at in range(0, len(made.secret), 4))
    values = {"offer": {"key": groups, "address": made.address}, "codes": (), "problem": "", "is_missing": True}
    return page(request, "second.html", values)


@router.post(SECOND, dependencies=CHANGES)
def confirm(request: Request, seat: AnySeat, code: Annotated[str, Form(max_length=20)]) -> Response:
    """Take up the second factor; shows the recovery codes, this once."""
    try:
        codes = confirm_second(seat.desk.accounts, seat.login, code)
    except NotPermitted as error:
        values = {"offer": None, "codes": (), "problem": str(error), "is_missing": True}
        return page(request, "second.html", values, status=403)
    return page(request, "second.html", {"offer": None, "codes": codes, "problem": "", "is_missing": False})
