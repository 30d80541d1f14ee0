"""Plain text: what is pasted into another record carries its own warnings."""

from dataclasses import replace

import pytest

from trellis.chart import DraftNote, Evidence, Finding, Section, Statement, Transcript, Turn, Verdict, Writer
from trellis.scribe.plain import plain


@pytest.fixture
def note():
    supported = Statement(
        text="Client reports\nsleeping four hours.",
        topic="sleep",
        status="supported",
        support=0.9,
        evidence=(Evidence(turn=1, quote="four hours"),),
    )
    doubtful = Statement(
        text="Client is improving.", topic="progress", status="unconfirmed", support=0.2, inferred=True
    )
    return DraftNote(
        format="soap",
        language="en",
        people=(),
        transcript=Transcript(turns=(Turn(id=1, speaker="client", text="Only four hours."),)),
        sections=(
            Section(key="subjective", title="Subjective", statements=(supported, doubtful)),
            Section(key="plan", title="Plan"),
        ),
        not_assessed=("appearance", "affect"),
        safety=Verdict(findings=(Finding(concern="suicide", assertion="present", level="urgent", quote="x"),)),
        checks=(),
        writer=Writer(name="extractive", version="1"),
        seconds={},
    )


def test_the_text_stands_by_section(note):
    """Headings, sentences each on its line, empty sections said to be empty, what wasn't assessed at the end."""
    assert plain(note, title="SOAP progress note") == (
        "SOAP progress note (draft, not signed)\n\n"
        "SAFETY: urgent; review the findings before using this note.\n\n"
        "Subjective:\nClient reports sleeping four hours.\n[unconfirmed] Client is improving.\n\n"
        "Plan:\n[nothing found in the session]\n\n"
        "Not assessed (a recording can't know these):\nappearance, affect\n"
    )


def test_no_sentence_loses_its_doubt_in_pasting(note):
    """Every unconfirmed sentence says so in words, since marks and colours don't survive a paste."""
    marked = [line for line in plain(note, title="t").splitlines() if line.startswith("[unconfirmed] ")]

    assert len(marked) == sum(statement.status == "unconfirmed" for statement in note.statements())


def test_the_symptom_view_follows_the_note_where_it_was_asked_for(note):
    """With domains the text ends in what the note says by domain, each sentence with its doubt; without, it doesn't."""
    text = plain(note, title="t", domains=True)

    view = text.partition("Symptom view (what the note says, by domain; no diagnosis):\n\n")[2]
    assert view == "Sleep:\nClient reports sleeping four hours.\n"
    assert "Symptom view" not in plain(note, title="t")


def test_an_empty_symptom_view_says_so(note):
    """A note without statements about symptoms leaves no heading with nothing under it."""
    text = plain(replace(note, sections=()), title="t", domains=True)

    assert text.endswith("[no statement about symptoms]\n")
