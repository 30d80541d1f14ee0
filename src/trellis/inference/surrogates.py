"""Putting something else where identifiers stood: the same for the same, and dates as far apart as they were.

Takes a secret of one client, texts and their identifiers; gives texts. A name becomes an invented one, part by part, so
that "Maria" and "Maria Lopez" stay the same person; dates move by a number of days that the secret decides; ages over
89 become "90 or over"; of places the state and the allowed digits of a ZIP code stay; all else becomes its kind and a
number. Who doesn't hold the secret can't tell by how much dates moved.

Moved dates keep their distances, which Safe Harbor doesn't allow: it leaves the year alone (`years_only`). A copy with
moved dates needs an expert's determination (45 CFR 164.514(b)(1)).
"""

import hashlib
import hmac
import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any

from trellis.inference.dates import moved, year_of
from trellis.inference.identifier_words import lists
from trellis.inference.identifiers import Identifier, IdentifierKind

LONGEST_MOVE = 364
"""Dates move by at most so many days, back or on, and by at least one."""
SAID: dict[IdentifierKind, str] = {
    "organisation": "organisation",
    "place": "place",
    "phone": "phone",
    "fax": "fax",
    "email": "email",
    "ssn": "social security number",
    "record": "record number",
    "beneficiary": "member number",
    "account": "account number",
    "licence": "licence number",
    "vehicle": "vehicle",
    "device": "device",
    "url": "web address",
    "ip": "network address",
    "biometric": "biometric identifier",
    "photo": "photo",
    "code": "number",
}
"""What stands for a kind, with a number behind it."""
STATES = re.compile(
    r"\b(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[AT]|"
    r"W[AIVY]|Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|"
    r"Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|"
    r"Missouri|Montana|Nebraska|Nevada|New (?:Hampshire|Jersey|Mexico|York)|(?:North|South) (?:Carolina|Dakota)|Ohio|"
    r"Oklahoma|Oregon|Pennsylvania|Rhode Island|Tennessee|Texas|Utah|Vermont|(?:West )?Virginia|Washington|Wisconsin|"
    r"Wyoming)(?=$|[ ,.]*(?:\d{5}(?:-\d{4})?)?$)"
)
ZIP = re.compile(r"(?<!\d)(\d{3})\d{2}(?:-\d{4})?$")


class Surrogates:
    """What stands in for the identifiers of one client; the same secret gives the same names, and moves dates alike."""

    def __init__(self, secret: bytes, *, years_only: bool = False) -> None:
        self._secret = secret
        self._years_only = years_only
        self._names: dict[str, str] = {}
        self._numbers: dict[tuple[str, str], int] = {}
        span = self._drawn("dates") % (2 * LONGEST_MOVE)
        self._days = span - LONGEST_MOVE if span < LONGEST_MOVE else span - LONGEST_MOVE + 1

    def replaced(self, text: str, identifiers: Sequence[Identifier]) -> str:
        """The text with something else in the place of each identifier; they must not lie over one another."""
        parts, at = [], 0
        for one in sorted(identifiers):
            parts += [text[at : one.start], self._for(one.kind, text[one.start : one.end])]
            at = one.end
        return "".join([*parts, text[at:]])

    def _for(self, kind: IdentifierKind, words: str) -> str:
        if kind == "name":
            return self._name(words)
        if kind == "date":
            return self._date(words)
        if kind == "age":
            return "90 or over"
        rest = _kept_of_place(words) if kind == "place" else ""
        same = re.sub(r"\W+", "", words).lower()
        number = self._numbers.setdefault((kind, same), 1 + sum(one == kind for one, _ in self._numbers))
        return f"[{SAID[kind]} {number}{rest}]"

    def _date(self, words: str) -> str:
        found = year_of(words) if self._years_only else moved(words, self._days)
        return found or "[date]"

    def _name(self, words: str) -> str:
        parts = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", words)
        kept = [part for part in parts if part.lower() not in lists().joins | lists().inside] or parts
        return " ".join(self._part(part) for part in kept)

    def _part(self, part: str) -> str:
        low = re.sub(r"['’]s$", "", part.lower())
        if low not in self._names:
            pool = [one for one in _invented() if one not in self._names.values()] or list(_invented())
            self._names[low] = pool[self._drawn(f"name {low}") % len(pool)]
        stand_in = self._names[low]
        if len(part) == 1:
            stand_in = stand_in[0]
        ending = "'s" if low != part.lower() else ""
        if part.islower():
            return stand_in + ending
        return stand_in.upper() + ending if part.isupper() and len(part) > 1 else stand_in.capitalize() + ending

    def _drawn(self, what: str) -> int:
        return int.from_bytes(hmac.digest(self._secret, f"surrogates {what}".encode(), hashlib.sha256)[:8], "big")


def _kept_of_place(words: str) -> str:
    """The state, and three digits of a ZIP code where enough people share them (45 CFR 164.514(b)(2)(i)(B))."""
    state, code = STATES.search(words), ZIP.search(words)
    kept = f" in {state.group()}" if state else ""
    if code:
        kept += f", ZIP {'000' if code[1] in _data()['zip']['few'] else code[1]}"
    return kept


@cache
def _invented() -> tuple[str, ...]:
    return tuple(_data()["names"].split())


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(resources.files("trellis.inference").joinpath("data/surrogates.toml").read_text("utf-8"))
