"""How one clinic works: its sites, services, workflows, thresholds and wording. One noun, versions like every other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Receives = Literal["sound", "words", "files"]
Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When a site is open on one day; `opens` and `closes` as `09:00`, in the site's own time."""

    day: Day
    opens: str
    closes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A place of the clinic. `state` is a USPS code: whose law holds there; `zone` an IANA time zone."""

    key: str
    name: str
    state: str
    zone: str = "America/New_York"
    address: str = ""
    hours: tuple[Hours, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What the clinic offers. `format` is the note it asks for, `sections` those that may not stay empty.

    `part2` says that it is a substance use program under 42 CFR Part 2; what is written in it from then on is labelled.
    """

    key: str
    title: str
    format: str = "soap"
    length: Literal["brief", "standard", "detailed"] = "standard"
    sections: tuple[str, ...] = ()
    part2: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """Something that has to follow: after the first encounter of a service, `needs` within `due_days`.

    `needs` is a kind of entry (`goal`, `note`, `measurement`, …); `remind_days` before it is due somebody is reminded.
    """

    key: str
    title: str
    after: str
    needs: str
    due_days: int
    remind_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How long kinds of content are kept, as `record.retain` reads it."""

    name: str
    kinds: tuple[str, ...]
    after: Literal["made", "signed", "last_encounter"]
    days: int
    along: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """Somebody outside who gets something, and the days of the agreement (BAA) that lets them, first and last.

    `address` is a host, or the place of an object store (`s3://bucket`). `receives`: sound of sessions, words of
    sessions and notes, sealed files.
    """

    key: str
    name: str
    address: str
    receives: tuple[Receives, ...]
    agreed_on: date
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """A clinic's whole configuration.

    `roles`, `thresholds` and `wording` are kept, compared and taken back like the rest, but nothing reads them yet.
    `laws` are the clinic's own packs of law, as TOML by their keys (`trellis law on`).
    """

    sites: tuple[Site, ...] = ()
    services: tuple[Service, ...] = ()
    workflows: tuple[Workflow, ...] = ()
    retention: tuple[Kept, ...] = ()
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    thresholds: Mapping[str, float] = field(default_factory=dict)
    wording: Mapping[str, str] = field(default_factory=dict)
    laws: Mapping[str, str] = field(default_factory=dict)
    vendors: tuple[Vendor, ...] = ()

    def service(self, key: str) -> Service | None:
        """The service of this key, if the clinic has it."""
        return next((one for one in self.services if one.key == key), None)
