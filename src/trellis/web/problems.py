"""What becomes of errors: a page that says what is wrong and what to do, never what a database or a library said.

Kinds of the kernel's tree become statuses. To a request for a part of a page the same words come as a part, so that
what somebody was doing stays where it is.
"""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from trellis.kernel import Conflict, Invalid, NotFound, NotPermitted, TrellisError, Unavailable
from trellis.web.pages import page

STATUSES: dict[type[TrellisError], int] = {
    NotFound: 404,
    NotPermitted: 403,
    Invalid: 422,
    Conflict: 409,
    Unavailable: 503,
}
TITLES = {
    400: "That can’t be read",
    403: "You may not do this",
    404: "There is no such page",
    405: "There is no such page",
    409: "Somebody was faster",
    413: "That is too large",
    422: "Something is missing or wrong",
    500: "Something went wrong on our side",
    503: "Not available right now",
}
ELSEWHERE = {"governance.login_ended": "/sign-in", "governance.second_required": "/second"}
"""Errors that are answered by another page."""


def install(app: FastAPI) -> None:
    """Answer errors with pages."""
    app.add_exception_handler(TrellisError, _known)
    app.add_exception_handler(RequestValidationError, _unreadable)
    app.add_exception_handler(HTTPException, _plain)
    app.add_exception_handler(Exception, _unexpected)


def problem(request: Request, status: int, message: str, hint: str) -> Response:
    """A page, or a part of one, that says what is wrong and what to do."""
    values = {"status": status, "title": TITLES.get(status, TITLES[500]), "message": message, "hint": hint}
    if "hx-request" in request.headers:
        answer = page(request, "problem.html", values, status=status, block="notice")
        answer.headers["HX-Retarget"] = "#notices"
        answer.headers["HX-Reswap"] = "innerHTML"
        return answer
    return page(request, "problem.html", values, status=status)


def elsewhere(request: Request, address: str) -> Response:
    """Another page in place of this one, also for a request for a part."""
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"HX-Redirect": address})
    return RedirectResponse(address, status_code=303)


async def _known(request: Request, error: Exception) -> Response:
    assert isinstance(error, TrellisError)
    if error.code in ELSEWHERE:
        return elsewhere(request, ELSEWHERE[error.code])
    status = next((code for kind, code in STATUSES.items() if isinstance(error, kind)), 500)
    return problem(request, status, error.message, error.hint)


async def _unreadable(request: Request, _: Exception) -> Response:
    return problem(
        request, 422, "A field is missing, or holds something else than it asks for.", "Go back and check the form."
    )


async def _plain(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words = {
        404: ("The address may be misspelt, or what it named is gone.", "Start from Today or from Clients."),
        405: ("The address may be misspelt, or what it named is gone.", "Start from Today or from Clients."),
        413: ("More was sent than may be sent at once.", "Send a smaller file."),
    }
    message, hint = words.get(error.status_code, ("The request can’t be read.", "Go back and try again."))
    return problem(request, error.status_code, message, hint)


async def _unexpected(request: Request, _: Exception) -> Response:
    return problem(
        request,
        500,
        "What you did last may not have been kept; everything before it is.",
        "Open the page again. If it happens twice, tell whoever runs this clinic’s machine, with the time.",
    )
