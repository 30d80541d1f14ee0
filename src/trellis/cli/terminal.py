"""A draft note for reading in a terminal: safety first, then each sentence with the second it was said.

Takes a note, its title and whether colours are welcome; gives text. Meaning never rests on colour alone, and control
characters in what people said are taken out, so that a transcript can't play tricks on the terminal.
"""

import shutil
import textwrap
import unicodedata
from collections.abc import Iterator

from trellis.chart import Check, DraftNote, Evidence, Finding, Statement

STYLES = {"bold": "1", "dim": "2", "red": "31", "yellow": "33", "green": "32"}

MARGIN = 2
WIDEST = 100


def render(note: DraftNote, title: str, *, color: bool) -> str:
    """The whole note as lines of text, ending with a newline."""
    page = _Page(color=color, width=min(shutil.get_terminal_size((WIDEST, 24)).columns, WIDEST))
    lines = [*_head(page, note, title), *_safety(page, note)]
    for section in note.sections:
        lines += ["", page.style(section.title.upper(), "bold")]
        if not section.statements:
            lines.append(page.style("  Nothing was found for this section.", "dim"))
        for statement in section.statements:
            lines += _statement(page, statement)
    lines += _not_assessed(page, note)
    lines += _checks(page, note)
    return "\n".join(lines) + "\n"


def clock(seconds: float | None) -> str:
    """A moment of a recording, as `4:05` or `1:02:03`; empty where there is none."""
    if seconds is None:
        return ""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


class _Page:
    """How wide the page is and whether it has colours."""

    def __init__(self, *, color: bool, width: int) -> None:
        self.color = color
        self.width = max(width, 40)

    def style(self, text: str, *names: str) -> str:
        if not self.color:
            return text
        return f"\033[{';'.join(STYLES[name] for name in names)}m{text}\033[0m"

    def wrap(self, text: str, first: str, rest: str) -> list[str]:
        return textwrap.wrap(_clean(text), self.width, initial_indent=first, subsequent_indent=rest) or [first]


def _clean(text: str) -> str:
    """Without control and direction characters."""
    return "".join(" " if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp") else char for char in text)


def _head(page: _Page, note: DraftNote, title: str) -> list[str]:
    duration = clock(note.transcript.duration)
    facts = [f"written by {note.writer.name} {note.writer.version}", f"{len(note.transcript.turns)} turns"]
    if duration:
        facts.insert(0, duration)
    return [page.style(f"{_clean(title)} - draft, not signed", "bold"), page.style(" · ".join(facts), "dim")]


def _safety(page: _Page, note: DraftNote) -> Iterator[str]:
    level = note.safety.level
    yield ""
    if not note.safety.findings:
        spoken = any(turn.text.strip() for turn in note.transcript.turns)
        words = "nothing found in what was said" if spoken else "not screened: no speech was found"
        yield page.style("SAFETY", "bold") + f"  {words}"
        return
    if level == "none":
        yield page.style("SAFETY", "bold") + "  no danger found; what was asked and denied:"
    else:
        yield page.style(f"SAFETY  {level.upper()}", "bold", "red" if level in ("urgent", "emergency") else "yellow")
    for finding in note.safety.findings:
        yield from page.wrap(_finding(note, finding), "  ! " if finding.level != "none" else "  - ", "    ")


def _finding(note: DraftNote, finding: Finding) -> str:
    words = [finding.concern, finding.assertion, *([finding.detail] if finding.detail else [])]
    start = next((turn.start for turn in note.transcript.turns if turn.id == finding.turn), None)
    when = f"{clock(start)} " if start is not None else ""
    return f"{', '.join(word.replace('_', ' ') for word in words)}: {when}“{finding.quote}”"


def _statement(page: _Page, statement: Statement) -> Iterator[str]:
    confirmed = statement.status == "supported"
    yield from page.wrap(statement.text, "  " if confirmed else "? ", "  ")
    if not confirmed:
        reasons = "; ".join(statement.reasons)
        for line in page.wrap(f"unconfirmed{': ' if reasons else ''}{reasons}", "      ", "      "):
            yield page.style(line, "yellow")
    for evidence in statement.evidence:
        for line in page.wrap(_evidence(evidence), "      ", "        "):
            yield page.style(line, "dim")


def _evidence(evidence: Evidence) -> str:
    if evidence.source == "audio":
        return f"{clock(evidence.start)}-{clock(evidence.end)} {evidence.measure}: {evidence.value:g} {evidence.unit}"
    place = {"transcript": clock(evidence.start) or f"turn {evidence.turn}", "chart": f"record {evidence.record}"}
    return f"{place.get(evidence.source, evidence.source)} “{evidence.quote or ''}”"


def _not_assessed(page: _Page, note: DraftNote) -> Iterator[str]:
    if note.not_assessed:
        yield ""
        yield page.style("NOT ASSESSED", "bold") + "  a recording can't know these; complete them by hand"
        yield from page.wrap(", ".join(note.not_assessed), "  ", "  ")


def _checks(page: _Page, note: DraftNote) -> Iterator[str]:
    if not note.checks:
        return
    yield ""
    yield page.style("BEFORE SIGNING", "bold")
    for check in sorted(note.checks, key=_gravity):
        tone = {"block": "red", "warn": "yellow", "info": "dim"}[check.severity]
        first, *rest = page.wrap(check.message, " " * (MARGIN + 7), " " * (MARGIN + 7))
        yield "  " + page.style(f"{check.severity:<7}", tone) + first.strip()
        yield from rest


def _gravity(check: Check) -> int:
    return ("block", "warn", "info").index(check.severity)
