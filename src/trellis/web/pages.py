"""How pages are made: the templates, what every page is given, and the words and figures shown in them.

Takes a template's name and its values; gives an answer. Everything is escaped; a title never holds a client's name,
since browsers keep titles in their history.
"""

import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from importlib import resources
from typing import Any

import jinja2
from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2_fragments import render_block

MODES = {"in_person": "In person", "video": "Video", "audio": "Phone"}
ASKS = {
    "unconfirmed": "Not carried by what was said",
    "edited": "You reworded it",
    "risk": "Tells of danger",
    "denial": "A denial",
    "dose": "A dose",
    "diagnosis": "A diagnosis",
    "corrected": "A word was corrected after recognition",
}
LEVELS = {"none": "Nothing found", "monitor": "Monitor", "urgent": "Urgent", "emergency": "Emergency"}
SEVERITIES = {"block": "Must be settled", "warn": "Please look", "info": "Good to know"}
KINDS = {
    "encounter": "Encounter",
    "attendance": "Encounter",
    "transcript": "Transcript",
    "recording": "Recording",
    "draft": "Draft note",
    "note": "Signed note",
    "cosignature": "Cosignature",
    "addendum": "Addendum",
    "alert": "Safety finding",
    "client": "Client record",
}


def page(
    request: Request,
    name: str,
    values: Mapping[str, Any],
    *,
    status: int = 200,
    block: str | None = None,
) -> HTMLResponse:
    """A page, or one `block` of it; what every page needs is added."""
    given = {"login": None, "token": "", "path": request.url.path, **_of_request(request), **values}
    if block is not None:
        return HTMLResponse(render_block(environment(), name, block, given), status_code=status)
    return HTMLResponse(environment().get_template(name).render(given), status_code=status)


@cache
def environment() -> jinja2.Environment:
    """The templates, strict: a name that isn't given is an error."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("trellis.web"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "clock": clock,
        "day": day,
        "hour": hour,
        "moment": moment,
        "speaker": speaker,
        "words": lambda text: str(text).replace("_", " "),
        "kind": lambda kind: KINDS.get(kind, str(kind).capitalize()),
    }
    made.globals |= {
        "ASKS": ASKS,
        "LEVELS": LEVELS,
        "MODES": MODES,
        "OBSERVED": _observed(),
        "SEVERITIES": SEVERITIES,
        "asset": asset,
    }
    return made


@cache
def asset(name: str) -> str:
    """The address of a file of style, script or picture, which changes when the file does."""
    folder = "vendor" if name.startswith("htmx") else "static"
    content = resources.files("trellis.web").joinpath(folder, name).read_bytes()
    return f"/assets/{folder}/{name}?v={sha256(content).hexdigest()[:12]}"


def clock(seconds: float) -> str:
    """Seconds as minutes or hours of a recording."""
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def day(at: date | datetime) -> str:
    """A day in words, in this machine's zone."""
    local = at.astimezone() if isinstance(at, datetime) else at
    return f"{local:%A}, {local.day} {local:%B %Y}"


def hour(at: datetime) -> str:
    """A time of day, in this machine's zone."""
    return f"{at.astimezone():%H:%M}"


def moment(at: datetime) -> str:
    """A day and a time, short."""
    local = at.astimezone()
    return f"{local.day} {local:%b %Y, %H:%M}"


def speaker(who: str) -> str:
    """What a speaker of a transcript is called."""
    role, _, number = who.partition(":")
    names = {"clinician": "Clinician", "client": "Client", "other": "Other", "unknown": "Unknown voice"}
    return f"{names.get(role, role)} {number}".strip()


def _observed() -> dict[str, list[str]]:
    """Quick choices for what a microphone can't know."""
    text = resources.files("trellis.web").joinpath("data/observed.toml").read_text(encoding="utf-8")
    choices: dict[str, list[str]] = tomllib.loads(text)["choices"]
    return choices


def _of_request(request: Request) -> dict[str, Any]:
    """Who is signed in, where somebody is."""
    found = getattr(request.state, "seat", None)
    return {} if found is None else {"login": found.login, "token": found.token}
