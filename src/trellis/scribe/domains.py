"""The symptom view: a note's statements about the client, grouped by the domains a clinician documents along.

Takes a draft note; gives, for each domain of `data/domains.toml`, the statements that speak of it, apart where they
report, deny or measure. It repeats what the note says with its evidence and adds nothing: no criterion, no count, no
diagnosis. A domain without statements was not spoken of, which is no denial.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from trellis.chart import DraftNote, Statement
from trellis.scribe.topics import Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Domain:
    """One place to look for symptoms; `about` says in plain words what belongs there."""

    key: str
    title: str
    about: str
    topics: frozenset[str]
    words: re.Pattern[str]
    unless: re.Pattern[str] | None
    measures: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainView:
    """What a note holds of one domain, each statement once, in the order of the note."""

    domain: Domain
    reported: tuple[Statement, ...] = ()
    denied: tuple[Statement, ...] = ()
    measured: tuple[Statement, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.reported or self.denied or self.measured)


def view_domains(note: DraftNote) -> tuple[DomainView, ...]:
    """Every domain in its order, those without statements too."""
    statements = [each for each in note.statements() if each.topic in _book().topics and _is_of_client(each)]
    return tuple(_view(domain, statements) for domain in _book().domains)


@dataclass(frozen=True, slots=True)
class _Book:
    topics: frozenset[str]
    domains: tuple[Domain, ...]


def _view(domain: Domain, statements: Iterable[Statement]) -> DomainView:
    found = [each for each in statements if _belongs(each, domain)]
    measured = [each for each in found if each.topic == "measure"]
    spoken = [each for each in found if each.topic != "measure"]
    return DomainView(
        domain=domain,
        reported=tuple(each for each in spoken if not _is_denial(each)),
        denied=tuple(each for each in spoken if _is_denial(each)),
        measured=tuple(measured),
    )


def _belongs(statement: Statement, domain: Domain) -> bool:
    if statement.topic == "measure":
        return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", statement.text) for name in domain.measures)
    if statement.topic in domain.topics:
        return True
    text = statement.text.replace("’", "'")
    if domain.unless:
        text = domain.unless.sub(" ", text)
    return domain.words.search(text) is not None


def _is_denial(statement: Statement) -> bool:
    """Whether it only denies; one that reports beside it stands with what is reported."""
    return _DENIES.match(statement.text) is not None and not _REPORTS.search(statement.text)


def _is_of_client(statement: Statement) -> bool:
    """Whether it is about the client: what others say of themselves, and what befell relatives, is not."""
    if _OTHER.match(statement.text):
        return "Client" in statement.text.split(" ", 3)[-1]
    return _KIN.search(statement.text) is None


@cache
def _book() -> _Book:
    table = tomllib.loads(resources.files("trellis.scribe").joinpath("data/domains.toml").read_text(encoding="utf-8"))
    return _Book(topics=frozenset(table["topics"]), domains=tuple(_domain(entry) for entry in table["domains"]))


def _domain(entry: dict[str, Any]) -> Domain:
    topics: frozenset[Topic] = frozenset(entry.get("topics", ()))
    return Domain(
        key=entry["key"],
        title=entry["title"],
        about=entry["about"],
        topics=topics,
        words=_any_of(entry["words"]),
        unless=_any_of(entry["unless"]) if "unless" in entry else None,
        measures=frozenset(entry.get("measures", ())),
    )


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Any of the phrases as whole words; `~` at the end of a word stands for any ending."""
    shown = (re.escape(phrase).replace(r"\~", "~").replace("~", r"\w*") for phrase in phrases)
    return re.compile(rf"(?<!\w)(?:{'|'.join(shown)})(?!\w)", re.IGNORECASE)


_DENIES = re.compile(
    r"(?:Asked [^,]{2,80}, )?(?:Client(?: \d+)?|They) (?:den(?:y|ies|ied)|do(?:es)? not report|reports? no)\b"
)
_REPORTS = re.compile(r"; (?:reports?|describes?|feels?|states?|endorses?|notes?)\b")
_OTHER = re.compile(r"(?:Another person present|Someone)\b")
_KIN = re.compile(
    r"\bthat (?:their|Client's) (?:mother|father|sister|brother|son|daughter|husband|wife|partner|boyfriend|girlfriend|"
    r"aunt|uncle|cousin|grand\w+|friend|boss|ex|child|baby|parents?)\b(?!'s \w+ \w+ them)"
)
