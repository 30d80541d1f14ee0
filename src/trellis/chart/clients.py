"""The person the record is about, and who may be told what, where."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One way to reach somebody. `may_say` is what may be left there."""

    kind: Literal["phone", "text", "email", "post"]
    value: str
    may_say: Literal["anything", "appointments", "nothing"] = "nothing"
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyContact:
    """Who is called when a client is in danger."""

    name: str
    relation: str
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where a client lives, or is for an encounter: whose law holds. `state` is a USPS code, `country` ISO 3166-1."""

    state: str = ""
    country: str = "US"
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A person in care. `number` is the clinic's own; `merged_into` names the record this one was a duplicate of."""

    legal_name: str
    birth_date: date | None = None
    chosen_name: str = ""
    pronouns: str = ""
    number: str = ""
    language: str = "en"
    contacts: tuple[Contact, ...] = ()
    emergency: tuple[EmergencyContact, ...] = ()
    location: Location = field(default_factory=Location)
    merged_into: str | None = None

    @property
    def name(self) -> str:
        """What the client is called."""
        return self.chosen_name or self.legal_name

    def may_be_told(self, what: Literal["anything", "appointments"]) -> tuple[Contact, ...]:
        """The contacts at which this may be left, in the client's order."""
        return tuple(one for one in self.contacts if one.may_say in {what, "anything"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """That another record was this client's too: `duplicate` is its id. Both keep their entries."""

    duplicate: str
    reason: str
