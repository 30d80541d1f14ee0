"""A draft note as one self-contained page: the note beside its transcript, each sentence tied to its second.

Takes a note, its title and, where there is one, the recording; gives HTML that needs no network: style, script and
sound lie inside, and a content security policy with their hashes lets nothing else run. All text is escaped by the
template; nothing a person said reaches the script except as text of an element.
"""

import base64
import hashlib
import itertools
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

import jinja2
from markupsafe import Markup

from trellis.chart import Check, DraftNote, Evidence, Finding, Person, Statement, Turn
from trellis.scribe.checks import LOW_CONFIDENCE
from trellis.scribe.domains import view_domains

LARGEST_SOUND = 20 * 1024 * 1024
"""Bytes of a recording that still go into the page: with base64 that stays below what browsers take as one address."""

MEDIA_TYPES = {
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".webm": "audio/webm",
}

LEVEL_WORDS = {
    "none": "Nothing found",
    "monitor": "Monitor: a clinician should know",
    "urgent": "Urgent: a clinician must see this today",
    "emergency": "Emergency: someone may be in danger soon",
}

DENIED_WORDS = "No danger found; what was asked and denied:"
"""What a level of `none` says where there are findings: they are denials."""

SEVERITY_WORDS = {"block": "Must be mended", "warn": "Please look", "info": "Good to know"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """A recording for the page, as it was given; `content` is None where it is too large to lie inside."""

    media_type: str
    content: bytes | None

    @property
    def address(self) -> str | None:
        """The recording as a `data:` address."""
        if self.content is None:
            return None
        return f"data:{self.media_type};base64,{base64.b64encode(self.content).decode()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a turn's text: the statements that rest on it, and what was heard where it was corrected."""

    text: str
    statements: tuple[int, ...] = ()
    heard: str | None = None


def load_sound(path: Path) -> Sound | None:
    """The recording at this path in its original form; None where the path names no audio."""
    media_type = MEDIA_TYPES.get(path.suffix.lower())
    if media_type is None:
        return None
    return Sound(media_type=media_type, content=path.read_bytes() if path.stat().st_size <= LARGEST_SOUND else None)


def page(note: DraftNote, *, title: str, sound: Sound | None = None) -> str:
    """The whole page."""
    style, script = _asset("page.css"), _asset("page.js")
    numbered = {id(statement): number for number, statement in enumerate(note.statements(), 1)}
    return _template().render(
        note=note,
        spoken=any(turn.text.strip() for turn in note.transcript.turns),
        title=title,
        sound=sound,
        style=style,
        script=script,
        policy=_policy(style, script),
        number=lambda statement: numbered[id(statement)],
        pieces={turn.id: pieces(turn, list(note.statements())) for turn in note.transcript.turns},
        turns={turn.id: turn for turn in note.transcript.turns},
        names=_names(note.people),
        unconfirmed=[statement for statement in note.statements() if statement.status == "unconfirmed"],
        checks=sorted(note.checks, key=_gravity),
        counts=_counts(note.checks),
        domains=view_domains(note),
        level_words=LEVEL_WORDS | ({"none": DENIED_WORDS} if note.safety.findings else {}),
        severity_words=SEVERITY_WORDS,
        low_confidence=LOW_CONFIDENCE,
    )


def pieces(turn: Turn, statements: list[Statement]) -> tuple[Piece, ...]:
    """The turn's text cut where a quote or a correction begins or ends; joined again it is the text."""
    spans = list(_quoted(turn, statements))
    fixes = list(_corrected(turn))
    cuts = sorted({0, len(turn.text), *(cut for first, last, _ in [*spans, *fixes] for cut in (first, last))})
    found = []
    for first, last in itertools.pairwise(cuts):
        covering = tuple(number for start, end, number in spans if start <= first and last <= end)
        heard = next((said for start, end, said in fixes if start <= first and last == end), None)
        found.append(Piece(text=turn.text[first:last], statements=covering, heard=heard))
    return tuple(found)


def _quoted(turn: Turn, statements: list[Statement]) -> Iterator[tuple[int, int, int]]:
    for number, statement in enumerate(statements, 1):
        for evidence in statement.evidence:
            if evidence.turn == turn.id and evidence.quote and (at := turn.text.find(evidence.quote)) >= 0:
                yield at, at + len(evidence.quote), number


def _corrected(turn: Turn) -> Iterator[tuple[int, int, str]]:
    after = 0
    for correction in turn.corrections:
        if correction.text and (at := turn.text.find(correction.text, after)) >= 0:
            after = at + len(correction.text)
            yield at, after, correction.said


def _names(people: tuple[Person, ...]) -> dict[str, str]:
    """How the page calls each speaker."""
    names = {"clinician": "Clinician", "client": "Client", "other": "Other", "unknown": "Unknown speaker"}
    for person in people:
        if person.role == "other" and (told := [part for part in (person.name, person.relation) if part]):
            names[person.id] = ", ".join(told)
    return names


def _speaker(speaker: str, names: dict[str, str]) -> str:
    role, _, number = speaker.partition(":")
    return names.get(speaker) or f"{names.get(role, role.capitalize())} {number}".strip()


def _counts(checks: tuple[Check, ...]) -> dict[str, int]:
    return {severity: sum(check.severity == severity for check in checks) for severity in SEVERITY_WORDS}


def _gravity(check: Check) -> int:
    return list(SEVERITY_WORDS).index(check.severity)


def _clock(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _finding(finding: Finding) -> str:
    words = [finding.concern, *([finding.detail] if finding.detail else []), finding.assertion]
    return ", ".join(word.replace("_", " ") for word in words).capitalize()


def _figure(evidence: Evidence) -> str:
    return f"{evidence.measure}: {evidence.value:g} {evidence.unit or ''}".strip() if evidence.value is not None else ""


def _shown(value: object) -> object:
    """Text without the characters a page must not carry: controls, and halves of characters."""
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    return "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" else c for c in value)


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "media-src data: blob:; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _asset(name: str) -> str:
    return resources.files("trellis.scribe").joinpath(f"data/page/{name}").read_text(encoding="utf-8")


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=_shown
    )
    environment.filters |= {"clock": _clock, "finding": _finding, "speaker": _speaker, "figure": _figure}
    return environment.from_string(_asset("note.html.j2"))
