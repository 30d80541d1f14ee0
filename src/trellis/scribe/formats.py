"""Note formats as data: which sections a note has, what belongs in each and what has to be there.

A format is one TOML file: the shipped ones lie in `data/formats`, a clinic keeps its own in a folder (setting
`scribe.formats`) or names a file. Every topic a session can have lands in exactly one section, or the format says that
it leaves it out, so nothing gets lost by oversight. Gives `NoteFormat`; refuses a file that isn't right with one line
that says where.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, get_args

from trellis.chart import Severity
from trellis.kernel import Invalid
from trellis.scribe.topics import TOPICS, Topic

SHIPPED = ("soap", "dap", "birp", "girp", "pirp", "intake", "crisis", "group", "discharge", "med")

LARGEST_FILE = 256 * 1024  # bytes; the shipped formats are about 5 KB


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatSection:
    """A section of a format: the topics it takes, in reading order, and what belongs in it, for people."""

    key: str
    title: str
    topics: tuple[Topic, ...]
    guidance: str
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """A check (its id in `checks.toml`) this format asks for, how grave its lack is here, and where to mend it."""

    rule: str
    severity: Severity
    section: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteFormat:
    """One kind of note. `left_out` are topics that stay out of it; `not_assessed` is what a microphone can't know."""

    key: str
    title: str
    summary: str
    version: str
    date: dt.date
    source: str
    sections: tuple[FormatSection, ...]
    requires: tuple[Requirement, ...]
    not_assessed: tuple[str, ...]
    not_assessed_section: str | None
    left_out: tuple[Topic, ...]

    def section_for(self, topic: Topic) -> FormatSection | None:
        """The section this topic lands in; None where the format leaves it out."""
        return next((section for section in self.sections if topic in section.topics), None)

    def section_title(self, key: str) -> str:
        """The title of the section with this key."""
        return next(section.title for section in self.sections if section.key == key)


def list_formats(folder: Path | None = None) -> tuple[NoteFormat, ...]:
    """The shipped formats, then those of the clinic's folder by name; raises `Invalid` for a file that isn't right."""
    own = sorted(folder.glob("*.toml")) if folder else []
    return tuple(_shipped(key) for key in SHIPPED) + tuple(_from_file(path) for path in own)


def load_format(name_or_path: str, folder: Path | None = None) -> NoteFormat:
    """The format of this name (shipped, or a file of the clinic's folder), or the one in this TOML file."""
    if name_or_path in SHIPPED:
        return _shipped(name_or_path)
    if name_or_path.endswith(".toml") or "/" in name_or_path or "\\" in name_or_path:
        return _from_file(Path(name_or_path))
    own = {path.stem: path for path in folder.glob("*.toml")} if folder else {}
    if name_or_path in own:
        return _from_file(own[name_or_path])
    raise Invalid(
        "scribe.format_unknown",
        f"There is no note format '{name_or_path}'.",
        hint=f"Known: {', '.join([*SHIPPED, *sorted(own)])}; or name a TOML file.",
    )


def parse_format(text: str, where: str) -> NoteFormat:
    """A format from the text of its file; `where` names the file in errors. Raises `Invalid`."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _malformed(where, f"it isn't valid TOML: {error}") from None
    reader = _Reader(table, where)
    reader.only("key title summary version date source left_out not_assessed sections requires")
    sections = tuple(_section(item) for item in reader.tables("sections"))
    keys = [section.key for section in sections]
    if double := _first_double(keys):
        raise _malformed(where, f"two sections have the key '{double}'")
    left_out = _topics(reader, "left_out")
    _all_topics_once(where, sections, left_out)
    blank = reader.table("not_assessed")
    blank.only("section items")
    return NoteFormat(
        key=reader.key("key"),
        title=reader.text("title"),
        summary=reader.text("summary"),
        version=reader.text("version"),
        date=reader.date("date"),
        source=reader.text("source"),
        sections=sections,
        requires=_requires(reader.table("requires"), keys),
        not_assessed=blank.texts("items"),
        not_assessed_section=blank.one_of("section", keys) if "section" in blank.values else None,
        left_out=left_out,
    )


@cache
def _shipped(key: str) -> NoteFormat:
    text = resources.files("trellis.scribe").joinpath(f"data/formats/{key}.toml").read_text(encoding="utf-8")
    return parse_format(text, f"{key}.toml")


@cache
def rule_ids() -> frozenset[str]:
    """The ids of all checks a format may require."""
    text = resources.files("trellis.scribe").joinpath("data/checks.toml").read_text(encoding="utf-8")
    return frozenset(rule["id"] for rule in tomllib.loads(text)["rules"])


def _from_file(path: Path) -> NoteFormat:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise _malformed(path.name, "it is larger than any note format")
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Invalid(
            "scribe.format_unknown",
            f"There is no format file '{path.name}'.",
            hint=f"Check the path, or use one of: {', '.join(SHIPPED)}.",
        ) from None
    except (OSError, UnicodeDecodeError):
        raise _malformed(path.name, "it can't be read as text") from None
    found = parse_format(text, path.name)
    if found.key in SHIPPED:
        raise _malformed(path.name, f"the key '{found.key}' belongs to a shipped format; choose another")
    return found


def _section(reader: "_Reader") -> FormatSection:
    reader.only("key title topics guidance required")
    return FormatSection(
        key=reader.key("key"),
        title=reader.text("title"),
        topics=_topics(reader, "topics"),
        guidance=reader.text("guidance"),
        required=reader.flag("required"),
    )


def _requires(reader: "_Reader", sections: list[str]) -> tuple[Requirement, ...]:
    found = []
    for rule in reader.values:
        if rule not in rule_ids():
            raise _malformed(reader.where, f"requires asks for a check '{rule}' that doesn't exist")
        item = reader.table(rule)
        item.only("severity section")
        severity: Severity = item.one_of("severity", get_args(Severity))  # type: ignore[assignment]
        section = item.one_of("section", sections) if "section" in item.values else None
        found.append(Requirement(rule=rule, severity=severity, section=section))
    return tuple(found)


def _topics(reader: "_Reader", name: str) -> tuple[Topic, ...]:
    texts = reader.texts(name)
    if unknown := next((text for text in texts if text not in TOPICS), None):
        raise _malformed(reader.where, f"{name} names a topic '{unknown}' that doesn't exist")
    return tuple(topic for text in texts for topic in TOPICS if topic == text)


def _all_topics_once(where: str, sections: tuple[FormatSection, ...], left_out: tuple[Topic, ...]) -> None:
    placed = [topic for section in sections for topic in section.topics] + list(left_out)
    if double := _first_double(placed):
        raise _malformed(where, f"the topic '{double}' is placed twice")
    if missing := [topic for topic in TOPICS if topic not in placed]:
        raise _malformed(where, f"the topic '{missing[0]}' is in no section; put it in one or under left_out")


def _first_double(names: Iterable[str]) -> str | None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


def _malformed(where: str, fault: str) -> Invalid:
    return Invalid(
        "scribe.format_malformed",
        f"The note format {where} can't be used: {' '.join(fault.split())}.",
        hint="See docs/reference/formats.md.",
    )


class _Reader:
    """Reads one table of a format file and says where it is wrong."""

    def __init__(self, values: Mapping[str, Any], where: str) -> None:
        self.values = values
        self.where = where

    def only(self, names: str) -> None:
        """Refuse keys beyond these: a misspelt key must not be lost."""
        if extra := next((key for key in self.values if key not in names.split()), None):
            raise _malformed(self.where, f"it has a key '{extra}' that means nothing")

    def text(self, name: str) -> str:
        value = self._value(name)
        if not isinstance(value, str) or not value.strip():
            raise _malformed(self.where, f"{name} must be a text")
        return value.strip()

    def key(self, name: str) -> str:
        value = self.text(name)
        if not re.fullmatch(r"[a-z][a-z0-9_-]{0,39}", value):
            raise _malformed(self.where, f"{name} must be small letters, digits, '-' and '_', and begin with a letter")
        return value

    def one_of(self, name: str, known: Iterable[str]) -> str:
        value, choices = self.text(name), list(known)
        if value not in choices:
            raise _malformed(self.where, f"{name} must be one of {', '.join(choices)}")
        return value

    def flag(self, name: str) -> bool:
        value = self._value(name)
        if not isinstance(value, bool):
            raise _malformed(self.where, f"{name} must be true or false")
        return value

    def date(self, name: str) -> dt.date:
        value = self._value(name)
        if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
            raise _malformed(self.where, f"{name} must be a date such as 2026-11-24")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._value(name)
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise _malformed(self.where, f"{name} must be a list of texts")
        return tuple(item.strip() for item in value)

    def table(self, name: str) -> "_Reader":
        value = self._value(name)
        if not isinstance(value, dict):
            raise _malformed(self.where, f"{name} must be a table")
        return _Reader(value, f"{self.where} ({name})")

    def tables(self, name: str) -> list["_Reader"]:
        value = self._value(name)
        if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
            raise _malformed(self.where, f"there must be at least one [[{name}]]")
        return [_Reader(item, f"{self.where} ({name}, number {number})") for number, item in enumerate(value, 1)]

    def _value(self, name: str) -> Any:
        if name not in self.values:
            raise _malformed(self.where, f"{name} is missing")
        return self.values[name]
