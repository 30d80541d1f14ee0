"""What is told together, and what stays apart."""

from dataclasses import replace

import pytest

from trellis.chart import Evidence
from trellis.scribe.join import join
from trellis.scribe.points import Point


def point(text, topic="symptom", turn=1, **more):
    return Point(topic=topic, text=text, evidence=(Evidence(turn=turn, quote=text),), weight=0.6, **more)


def carried(_point):
    """Evidence that carries whatever is told."""
    return True


def told(*points, carries=carried):
    return [one.text for one in join(points, 34, carries)]


def test_related_facts_join_in_one_sentence():
    """Neighbours with one subject, topic and verb are told together, with the evidence of both."""
    both = join([point("Client reports low mood."), point("Client reports poor concentration.", turn=2)], 34, carried)

    assert [one.text for one in both] == ["Client reports low mood and poor concentration."]
    assert [evidence.turn for evidence in both[0].evidence] == [1, 2]


def test_three_facts_stand_in_a_row_and_a_fourth_begins_anew():
    """A sentence is read once: three facts at most."""
    facts = ["low mood", "poor concentration", "little energy", "no appetite"]

    assert told(*[point(f"Client reports {fact}.", turn=at) for at, fact in enumerate(facts)]) == [
        "Client reports low mood, poor concentration, and little energy.",
        "Client reports no appetite.",
    ]


def test_clauses_keep_their_that():
    """Behind "that" each clause says for itself that it is reported."""
    assert told(
        point("Client reports that their father shouts.", "relationship"),
        point("Client reports that their mother leaves, as she is afraid.", "relationship", 2),
    ) == ["Client reports that their father shouts, and that their mother leaves, as she is afraid."]


def test_denials_join_with_or():
    """A joined denial denies both."""
    assert told(point("Client denies hearing voices."), point("Client denies seeing things.", turn=2)) == [
        "Client denies hearing voices or seeing things."
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Client reports low mood.", "Client denies hearing voices."),
        ("Client reports low mood because of work.", "Client reports poor concentration."),
        ("Client reports that their father shouts.", "Client reports low mood."),
        ("Client reports low mood.", "Client's sister reports poor concentration."),
        ("Client states, “I'm low”.", "Client reports poor concentration."),
    ],
)
def test_what_is_not_said_alike_stays_apart(one, other):
    """No sentence mixes a report with a denial, a cause with what it is no cause of, or two people."""
    assert told(point(one), point(other, turn=2)) == [one, other]


def test_facts_of_different_moments_stay_apart():
    """An "and" between facts from different moments would make a connection nobody made."""
    one, other = point("Client reports low mood."), point("Client reports poor concentration.", turn=30)

    assert len(told(one, other)) == 2
    assert len(told(one, replace(other, text="Client reports better mood on Sundays."))) == 1


def test_danger_is_joined_only_within_one_answer():
    """A denial of suicide and an answer about something else are two sentences."""
    one, other = point("Client denies thoughts of suicide.", "risk"), point("Client denies having guns.", "risk", 3)

    assert len(told(one, other)) == 2


def test_doubtful_or_inferred_points_are_never_joined():
    """A sentence that waits for confirmation stands alone, so that confirming it confirms nothing else."""
    sure = point("Client reports low mood.")
    doubtful = replace(point("Client reports poor appetite.", turn=2), doubts=("answered by a nod",))

    assert len(told(sure, doubtful)) == 2


def test_what_evidence_does_not_carry_together_stays_apart():
    """Joining must never turn what is supported into what a clinician has to confirm."""
    two = [point("Client reports low mood."), point("Client reports poor concentration.", turn=2)]

    assert len(told(*two, carries=lambda _: False)) == 2
