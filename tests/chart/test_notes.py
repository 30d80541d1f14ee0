"""The nouns of a note: frozen, and honest about gravity and order."""

import dataclasses

import pytest

from trellis.chart import Finding, Section, Statement, Transcript, Turn, Verdict, gravest


def finding(level):
    return Finding(concern="suicide", assertion="present", level=level, quote="x")


def test_a_verdict_is_as_grave_as_its_gravest_finding():
    """The level of a verdict can't be set apart from its findings."""
    verdict = Verdict(findings=(finding("monitor"), finding("emergency"), finding("urgent")))

    assert verdict.level == "emergency"


def test_no_findings_mean_level_none():
    """Nothing found is `none`, not an error."""
    assert Verdict().level == "none"
    assert gravest([]) == "none"


def test_a_turn_knows_its_role():
    """`client:2` is a client."""
    assert Turn(id=1, speaker="client:2", text="").role == "client"
    assert Turn(id=1, speaker="unknown", text="").role == "unknown"


def test_a_transcript_finds_its_turns_by_id():
    """A pointer of evidence leads to its turn, or says that there is none."""
    transcript = Transcript(turns=(Turn(id=7, speaker="client", text="Yes."),))

    assert transcript.turn(7).text == "Yes."
    with pytest.raises(KeyError):
        transcript.turn(8)


def test_nouns_are_frozen():
    """What was said and what was written can't be changed in passing."""
    statement = Statement(text="x", topic="sleep", status="supported", support=1.0)

    with pytest.raises(dataclasses.FrozenInstanceError):
        statement.status = "unconfirmed"
    with pytest.raises(dataclasses.FrozenInstanceError):
        Section(key="a", title="A").title = "B"
