"""The people of an encounter, each listed once and kept apart."""

from dataclasses import dataclass
from typing import Literal

Role = Literal["clinician", "client", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone who spoke or was spoken of. `relation` is to the client (`sister`); names only as they were said."""

    id: str
    role: Role
    name: str | None = None
    relation: str | None = None
