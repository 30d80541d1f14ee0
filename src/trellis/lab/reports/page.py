"""What suites measured as one self-contained page: headings, tables with captions, a picture for every figure.

Takes chapters, each a suite's figures as nested names over figures, tables, listings and plain values. Gives HTML that
needs no script and no network; a content security policy with the hash of the style lets nothing else in. All text is
escaped by the template.
"""

import base64
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup, escape

from trellis.lab.reports.pictures import draw
from trellis.lab.scores.intervals import Figure
from trellis.lab.scores.listings import Listing, Table

DEEPEST = 6
"""The lowest level of a heading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One suite: its `name`, what it is `about` (the description of its module), and its `figures` by name."""

    name: str
    about: str
    figures: Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class Part:
    """What stands under one heading; `level` is that of the heading."""

    title: str
    level: int
    anchor: str
    figures: list[tuple[str, Figure]] = field(default_factory=list)
    values: list[tuple[str, str]] = field(default_factory=list)
    tables: list[tuple[str, Table]] = field(default_factory=list)
    listings: list[tuple[str, Listing]] = field(default_factory=list)
    parts: list["Part"] = field(default_factory=list)

    @property
    def has_aims(self) -> bool:
        """Whether any of its figures has something to reach."""
        return any(figure.aim for _, figure in self.figures)


def page(chapters: Sequence[Chapter], *, version: str, measured: date) -> str:
    """The whole page; `version` is that of the product that was measured."""
    style = _asset("page.css")
    return _template().render(
        chapters=[(chapter, _part(chapter.name, chapter.figures, 2, chapter.name)) for chapter in chapters],
        version=version,
        measured=measured.isoformat(),
        style=Markup(style),  # noqa: S704 - our own file
        policy=f"default-src 'none'; style-src '{_hash(style)}'; base-uri 'none'; form-action 'none'",
    )


def _part(title: str, figures: Mapping[str, Any], level: int, anchor: str) -> Part:
    part = Part(title=title, level=min(level, DEEPEST), anchor=_anchor(anchor))
    for name, leaf in figures.items():
        match leaf:
            case Figure():
                part.figures.append((name, leaf))
            case Table():
                part.tables.append((name, leaf))
            case Listing():
                part.listings.append((name, leaf))
            case Mapping():
                part.parts.append(_part(name, leaf, level + 1, f"{anchor} {name}"))
            case _:
                part.values.append((name, str(leaf)))
    return part


def _anchor(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def _paragraphs(about: str) -> Iterator[Markup]:
    """A description as paragraphs of HTML: what stands between backticks is code."""
    for paragraph in re.split(r"\n\s*\n", about.strip()):
        pieces = re.split(r"`([^`]+)`", " ".join(paragraph.split()))
        yield Markup("").join(
            Markup("<code>{}</code>").format(piece) if at % 2 else escape(piece) for at, piece in enumerate(pieces)
        )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _asset(name: str) -> str:
    return resources.files("trellis.lab.reports").joinpath(name).read_text(encoding="utf-8")


def _is_figure(value: object) -> bool:
    return isinstance(value, Figure)


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"draw": draw, "paragraphs": _paragraphs}
    environment.tests["figure"] = _is_figure
    return environment.from_string(_asset("page.html.j2"))
