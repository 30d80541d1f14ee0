"""The workspace in a browser, put together: routes, files of style and script, errors, the guard around them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import resources
from typing import Any

import uvicorn
from fastapi import APIRouter, FastAPI
from fastapi.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from trellis.web import (
    clients,
    components,
    drafts,
    encounters,
    live,
    logins,
    notes,
    problems,
    recorder,
    recordings,
    today,
)
from trellis.web.desk import Desk
from trellis.web.guard import Guard
from trellis.web.takes import Takes
from trellis.web.uploads import Runs

ROUTERS: tuple[APIRouter, ...] = (
    logins.router,
    today.router,
    clients.router,
    encounters.router,
    recorder.router,
    live.router,
    drafts.router,
    notes.router,
    recordings.router,
    components.router,
)
FOREVER = "public, max-age=31536000, immutable"
"""Assets are addressed by their content."""


class Assets(StaticFiles):
    """Style, scripts and pictures of ours, which a browser may keep."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        """The file, to be kept for good."""
        answer = super().file_response(*args, **kwargs)
        answer.headers["Cache-Control"] = FOREVER
        return answer


def make_app(desk: Desk) -> FastAPI:
    """The workspace over the rooms of one clinic, without its guard; for describing and testing its routes."""
    runs = Runs(desk)
    takes = Takes(desk, runs)

    @asynccontextmanager
    async def reading(_: FastAPI) -> AsyncIterator[None]:
        runs.open()
        yield
        runs.close()
        takes.close()

    app = FastAPI(title="Trellis", docs_url=None, redoc_url=None, openapi_url=None, lifespan=reading)
    app.state.desk = desk
    app.state.runs = runs
    app.state.takes = takes
    app.state.lines = {}
    for router in ROUTERS:
        app.include_router(router)
    folder = resources.files("trellis.web")
    for name in ("static", "vendor"):
        app.mount(f"/assets/{name}", Assets(directory=str(folder.joinpath(name))))
    problems.install(app)
    return app


def guarded(app: FastAPI, *, is_secure: bool = False) -> ASGIApp:
    """The workspace as it is served."""
    return Guard(app, sign_in=(logins.SIGN_IN, logins.INVITATION, logins.SECOND), is_secure=is_secure)


def serve(app: FastAPI, *, host: str, port: int, certificate: str = "", key: str = "") -> None:
    """Serve until interrupted. Nothing is logged: an error's text could hold what somebody said.

    What a proxy on this machine says of who asks, and whether over TLS, is believed.
    """
    uvicorn.run(
        guarded(app, is_secure=bool(certificate)),
        host=host,
        port=port,
        ssl_certfile=certificate or None,
        ssl_keyfile=key or None,
        log_config=None,
        log_level="critical",
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips="127.0.0.1",
    )
