"""How a clinic configures itself: as a file it can read, compare, try, take over and take back.

Takes TOML; gives versions in the record, each with who made it, when and why. Nothing is taken over that doesn't hold
together: every error names its place in the file. What a configuration would have flagged on past charts is computed
before it is switched on.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from trellis.chart import KINDS, Configuration, Entry, Workflow
from trellis.governance import read_pack
from trellis.kernel import Conflict, Invalid
from trellis.record.codec import strictly
from trellis.record.work import DELETED, Work

KIND = "configuration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference between two configurations: where, what stood there, what stands there (None: nothing)."""

    place: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What a workflow asks of one client: `due_at`, and since when it is there (None where it isn't)."""

    workflow: str
    title: str
    client: str
    due_at: datetime
    remind_at: datetime
    done_at: datetime | None

    def is_overdue(self, now: datetime) -> bool:
        """Whether it isn't there, or came late, and its day is over."""
        return self.due_at < (self.done_at or now)


def read_configuration(text: str, formats: Sequence[str] = ()) -> Configuration:
    """A configuration from TOML, held together; `Invalid` names the place of the first thing that isn't right.

    `formats` are the note formats there are; where none are given, a service's format isn't looked up.
    """
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid("record.configuration_unreadable", f"That isn't TOML: {error}.", hint="Mend it there.") from None
    made: Configuration = strictly(given, Configuration)
    for problem in _problems(made, formats):
        raise Invalid("record.configuration_invalid", problem, hint="See docs/rooms/record.md.")
    return made


def write_configuration(made: Configuration) -> str:
    """The configuration as TOML, in a fixed order: what `read_configuration` reads back the same."""
    plain = msgspec.to_builtins(made)
    lines: list[str] = []
    for name, tables in plain.items():
        if isinstance(tables, dict):
            if tables:
                lines += [f"[{name}]", *(f"{_key(key)} = {_value(value)}" for key, value in tables.items()), ""]
            continue
        for table in tables:
            lines += [
                f"[[{name}]]",
                *(f"{key} = {_value(value)}" for key, value in table.items() if value is not None),
                "",
            ]
    return "\n".join(lines)


def configuration_of(work: Work) -> Entry[Configuration] | None:
    """The configuration in force, as the version that set it; None where the clinic has none of its own."""
    listed = work.find(kinds=[KIND])
    return work.open(listed[-1].id) if listed else None


def configure(work: Work, wanted: Configuration, *, reason: str) -> Entry[Configuration]:
    """Put a configuration in force; `Conflict` where it already is. `reason` is a word or two, such as `new_site`."""
    before = configuration_of(work)
    if before is None:
        return work.add(wanted, reason=f"configuration.{reason}")
    if before.content == wanted:
        raise Conflict("record.configuration_same", "That is in force already.", hint="Nothing was changed.")
    return work.change(before, wanted, reason=f"configuration.{reason}")


def revert(work: Work, version: int) -> Entry[Configuration]:
    """Put an earlier version in force again, as a new version: history only grows."""
    now = configuration_of(work)
    if now is None:
        raise Invalid("record.configuration_absent", "The clinic has no configuration.", hint="Set one first.")
    return configure(work, work.open(now.id, version).content, reason="revert")


def differences(before: Configuration, after: Configuration) -> list[Change]:
    """Every place in which two configurations differ, in the order of the file."""
    return list(_compared("", msgspec.to_builtins(before), msgspec.to_builtins(after)))


def due_by(work: Work, workflows: Sequence[Workflow]) -> list[Due]:
    """What workflows ask of every client who had an encounter of their service, soonest first.

    The first such encounter starts the clock, the first entry of the kind asked for from then on stops it.
    """
    meetings: dict[tuple[str, str], datetime] = {}
    for opened in work.open_all([one for one in work.find(kinds=["encounter"]) if one.state != DELETED]):
        meetings.setdefault((opened.client, opened.content.service), opened.occurred_at)
    found: list[Due] = []
    for flow in workflows:
        began_at = {client: at for (client, service), at in meetings.items() if service == flow.after}
        done: dict[str, datetime] = {}
        for one in work.find(kinds=[flow.needs]):
            if one.state != DELETED and one.client in began_at and one.occurred_at >= began_at[one.client]:
                done.setdefault(one.client, one.occurred_at)
        for client, began in began_at.items():
            due_at = began + timedelta(days=flow.due_days)
            found.append(
                Due(
                    workflow=flow.key,
                    title=flow.title,
                    client=client,
                    due_at=due_at,
                    remind_at=due_at - timedelta(days=flow.remind_days),
                    done_at=done.get(client),
                )
            )
    return sorted(found, key=lambda due: (due.due_at, due.client))


def _problems(made: Configuration, formats: Sequence[str]) -> Iterator[str]:
    yield from _twice("sites", [one.key for one in made.sites])
    yield from _twice("services", [one.key for one in made.services])
    yield from _twice("workflows", [one.key for one in made.workflows])
    for service in made.services:
        if formats and service.format not in formats:
            yield f"services.{service.key}: there is no note format '{service.format}'."
    for site in made.sites:
        for hours in site.hours:
            if not (_is_time(hours.opens) and _is_time(hours.closes) and hours.opens < hours.closes):
                yield f"sites.{site.key}: the hours of {hours.day} are no times from earlier to later (09:00)."
    services = {one.key for one in made.services}
    yield from _twice("vendors", [one.key for one in made.vendors])
    for vendor in made.vendors:
        if not vendor.address or not vendor.receives:
            yield f"vendors.{vendor.key}: a vendor has an address and receives something."
    for key, text in made.laws.items():
        if read_pack(text).key != key:
            yield f"laws.{key}: the pack has another key."
    for flow in made.workflows:
        if flow.after not in services:
            yield f"workflows.{flow.key}: there is no service '{flow.after}'."
        if flow.needs not in KINDS or flow.needs in ("client", KIND):
            yield f"workflows.{flow.key}: '{flow.needs}' is no kind of entry."
        if not 0 < flow.due_days <= 3660 or not 0 <= flow.remind_days < flow.due_days:
            yield f"workflows.{flow.key}: due_days is 1 to 3660, and remind_days before that."


def _twice(place: str, keys: Sequence[str]) -> Iterator[str]:
    for number, key in enumerate(keys):
        if key in keys[:number]:
            yield f"{place}: '{key}' is there twice."


def _is_time(text: str) -> bool:
    hours, _, minutes = text.partition(":")
    return len(text) == 5 and hours.isdigit() and minutes.isdigit() and int(hours) < 24 and int(minutes) < 60


def _compared(place: str, before: Any, after: Any) -> Iterator[Change]:
    if before == after:
        return
    one, other = _parts(before), _parts(after)
    if one is None or other is None:
        yield Change(place=place, before=before, after=after)
        return
    for name in dict.fromkeys([*one, *other]):
        yield from _compared(f"{place}.{name}" if place else name, one.get(name), other.get(name))


def _parts(value: Any) -> Mapping[str, Any] | None:
    """The named parts of a table, or of a list of tables that have keys; None of anything else."""
    if isinstance(value, dict):
        return value
    if isinstance(value, list | tuple) and value and all(isinstance(one, dict) for one in value):
        return {str(one.get("key") or one.get("name") or one.get("day")): one for one in value}
    return {} if value in ([], ()) else None


def _key(key: str) -> str:
    return key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else _value(key)


def _value(value: Any) -> str:
    """A TOML value: strings as JSON writes them, which TOML reads the same but for one control character."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return msgspec.json.encode(value).decode().replace("\x7f", "\\u007f")
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items()) + "}"
    return repr(value)
