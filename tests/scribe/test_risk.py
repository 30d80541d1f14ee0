"""What the screen found is in the note, in the speaker's own words."""

import pytest

from trellis.chart import Evidence, Finding, Person, Transcript, Turn, Verdict
from trellis.scribe.points import Point
from trellis.scribe.risk import document_risk
from trellis.scribe.talk.people import People

TURN = Turn(id=7, speaker="client", text="Some nights I wish I wouldn't wake up, honestly.", start=10.0, end=14.0)
FINDING = Finding(
    concern="suicide", assertion="present", level="urgent", quote="I wish I wouldn't wake up", turn=7,
    detail="passive_ideation",
)  # fmt: skip


def documented(finding=FINDING, turn=TURN, points=(), people=()):
    return document_risk(Verdict(findings=(finding,)), Transcript(turns=(turn,)), points, People(persons=people))


def test_a_finding_nobody_wrote_down_is_quoted():
    """Danger that understanding missed still reaches the note, verbatim and tied to its turn."""
    (one,) = documented()

    assert one.text == "Client states, “Some nights I wish I wouldn't wake up, honestly.”"
    assert (one.topic, one.evidence[0].turn, one.evidence[0].quote) == ("risk", 7, TURN.text)
    assert one.weight == 1.0


def test_a_finding_already_written_is_not_repeated():
    """Where a risk sentence rests on the same turn, nothing is added."""
    written = Point(topic="risk", text="Client reports passive ideation.", evidence=(Evidence(turn=7),), weight=1.0)

    assert documented(points=(written,)) == ()


@pytest.mark.parametrize("assertion", ["asked", "denied", "figurative"])
def test_unanswered_and_denied_make_no_sentence(assertion):
    """A question without an answer is a check, and a denial is written only where it was asked for and given."""
    finding = Finding(concern="suicide", assertion=assertion, level="monitor", quote="wish", turn=7)

    assert documented(finding) == ()


@pytest.mark.parametrize(
    ("speaker", "people", "who"),
    [
        ("client:2", (), "Client 2"),
        ("other", (Person(id="other", role="other", relation="mother"),), "Client's mother"),
        ("other:2", (), "Another person present"),
        ("unknown", (), "An unidentified speaker"),
    ],
)
def test_whose_words_they_are_is_said(speaker, people, who):
    """The note says who spoke, and says so when that isn't known."""
    turn = Turn(id=7, speaker=speaker, text=TURN.text)

    assert documented(turn=turn, people=people)[0].text.startswith(f"{who} states, ")
