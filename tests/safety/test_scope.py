"""What stands around a danger word decides what it means."""

import pytest

from trellis.safety import Message, screen


def first(text, speaker="client"):
    return screen(Message(text=text, speaker=speaker)).findings[0]


@pytest.mark.parametrize(
    ("text", "assertion"),
    [
        ("I want to die", "present"),
        ("I don't want to die", "denied"),
        ("I never thought about killing myself", "denied"),
        ("It's not that I don't want to die", "present"),
        ("My sister wants to die", "other_person"),
        ("I told my sister I want to die", "present"),
        ("If he leaves I will kill myself", "hypothetical"),
        ("Quiero morirme", "present"),
        ("No quiero morirme", "denied"),
        ("Mi hermana quiere morirse", "other_person"),
    ],
)
def test_assertion_follows_scope(text, assertion):
    """Negation (double negation too), whose it is, and conditions."""
    assert first(text).assertion == assertion


def test_a_denial_does_not_reach_past_a_new_subject():
    """Rule 5: a denial covers only what it reaches."""
    verdict = screen(Message(text="I went months without drinking and then I cut my arm last night."))

    assert verdict.level == "urgent"


@pytest.mark.parametrize(
    "text",
    [
        "In the movie the hero wants to die.",
        "The song goes I want to die.",
        "We read a novel where the girl kills herself.",
    ],
)
def test_quotes_and_fiction_are_no_danger(text):
    """Rule 6: quotes, lyrics and films are none."""
    assert screen(Message(text=text)).level == "none"
