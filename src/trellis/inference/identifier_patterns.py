"""Identifiers that are told by their form: numbers, codes, dates, ages, addresses, as written or as recognition hears.

Takes a text and the forms of `data/identifier_forms.toml`; gives identifiers, which may lie over one another. Figures
of clinical life keep: scores, doses, codes of procedures and diagnoses, blood pressure, times of day, years alone.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources

from trellis.inference.identifiers import KINDS, Identifier, IdentifierKind

WHOLE: frozenset[IdentifierKind] = frozenset({"date", "age", "place"})
"""Kinds whose forms look like no clinical code."""


def forms_in(text: str) -> Iterator[Identifier]:
    """Every identifier that is told by its form."""
    forms, clinical = _forms()
    for kind, pattern in forms:
        for match in pattern.finditer(text):
            start, end = match.span("x")
            while end > start and text[end - 1] in " .,;:":
                end -= 1
            is_clinical = clinical.search(text[max(0, start - 12) : start]) or clinical.match(text[start:end])
            if start < end and (kind in WHOLE or not is_clinical):
                yield Identifier(start, end, kind)


@cache
def _forms() -> tuple[tuple[tuple[IdentifierKind, re.Pattern[str]], ...], re.Pattern[str]]:
    """The forms with their kinds, and what is clinical; read once."""
    text = resources.files("trellis.inference").joinpath("data/identifier_forms.toml").read_text("utf-8")
    read = tomllib.loads(text)
    parts: dict[str, str] = {}
    for name, part in read["parts"].items():
        parts[name] = _filled(part, parts)
    forms = tuple(
        (_kind(form["kind"]), re.compile(_filled(form["pattern"], parts), 0 if form.get("exact") else re.IGNORECASE))
        for form in read["form"]
    )
    return forms, re.compile(read["clinical"], re.IGNORECASE)


def _kind(name: str) -> IdentifierKind:
    return next(kind for kind in KINDS if kind == name)


def _filled(pattern: str, parts: dict[str, str]) -> str:
    """A pattern with its parts in their places."""
    return re.sub(r"<([A-Z_]+)>", lambda match: parts[match[1]], pattern)
