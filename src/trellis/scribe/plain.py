"""A draft note as plain text by section, to paste into another record.

Takes a note and its title; gives text that carries its own warning where a sentence isn't confirmed, since the marks of
the page are lost in pasting. No evidence and no transcript: those stay where they can be checked.
"""

from trellis.chart import DraftNote, Statement
from trellis.scribe.domains import DomainView, view_domains

UNCONFIRMED = "[unconfirmed] "


def plain(note: DraftNote, *, title: str, domains: bool = False) -> str:
    """The note as text: a heading and its sentences for each section, what was not assessed, then the symptom view."""
    blocks = [f"{title} (draft, not signed)"]
    if note.safety.level in ("urgent", "emergency"):
        blocks.append(f"SAFETY: {note.safety.level}; review the findings before using this note.")
    for section in note.sections:
        lines = [_line(statement) for statement in section.statements] or ["[nothing found in the session]"]
        blocks.append("\n".join([f"{section.title}:", *lines]))
    if note.not_assessed:
        blocks.append("Not assessed (a recording can't know these):\n" + ", ".join(note.not_assessed))
    if domains:
        views = [view for view in view_domains(note) if view]
        blocks.append("Symptom view (what the note says, by domain; no diagnosis):")
        blocks += [_domain(view) for view in views] or ["[no statement about symptoms]"]
    return "\n\n".join(blocks) + "\n"


def _domain(view: DomainView) -> str:
    told = [*view.reported, *view.denied, *view.measured]
    return "\n".join([f"{view.domain.title}:", *(_line(statement) for statement in told)])


def _line(statement: Statement) -> str:
    mark = "" if statement.status == "supported" else UNCONFIRMED
    return mark + " ".join(statement.text.split())
