"""Finding what tells who somebody is, behind a port: the 18 identifiers of Safe Harbor, 45 CFR 164.514(b)(2)(i).

Takes texts; gives stretches of characters with the kind of identifier each is. Nothing found is no proof that nothing
is there: a person who reads, or an expert's determination, comes after. `NullIdentifiers` finds nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

IdentifierKind = Literal[
    "name",
    "organisation",
    "place",
    "date",
    "age",
    "phone",
    "fax",
    "email",
    "ssn",
    "record",
    "beneficiary",
    "account",
    "licence",
    "vehicle",
    "device",
    "url",
    "ip",
    "biometric",
    "photo",
    "code",
]
"""Of whom or what: `organisation` is an employer, school, place of care or other place that places a person; `place`
is smaller than a state; `date` is more than a year, `age` more than 89; `code` any other number of one's own."""
KINDS: tuple[IdentifierKind, ...] = get_args(IdentifierKind)


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """Characters `start` to `end` of a text, and what they are."""

    start: int
    end: int
    kind: IdentifierKind


class Identifiers(Protocol):
    """Finds identifiers in texts."""

    def find(self, texts: Sequence[str], known: Sequence[str] = ()) -> list[tuple[Identifier, ...]]:
        """For each text of one client its identifiers, in order, none over another.

        `known` are names and numbers that are known to be somebody's here: they are found wherever they stand.
        """
        ...


class NullIdentifiers:
    """Finds nothing."""

    def find(self, texts: Sequence[str], known: Sequence[str] = ()) -> list[tuple[Identifier, ...]]:
        """Nothing for each text, known or not."""
        del known
        return [() for _ in texts]
