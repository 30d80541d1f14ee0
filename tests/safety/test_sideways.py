"""Danger said sideways is read where its signs meet, and its harmless twin is not."""

import pytest

from trellis.safety import Message, screen


@pytest.mark.parametrize(
    ("danger", "harmless"),
    [
        (
            "I've been saving the white tablets in a jar. My wife is away from Friday.",
            "I've been saving the white tablets in a jar because the pharmacist wants them back. My wife is away.",
        ),
        (
            "I stood on the bridge looking down, but I wouldn't.",
            "I stood on the bridge looking down for my photo class.",
        ),
        ("I pray God forgets to wake me.", "I pray, and then I'm asleep till the coffee's on."),
        (
            "He stopped his whisky on Friday, he's shaking and sees beetles on the walls.",
            "He stopped his coffee on Friday.",
        ),
        (
            "The voice behind the wall tells me to jump. I don't listen.",
            "The voice on the sat nav tells me to go left.",
        ),
        ("Quisiera dormirme y ya no despertar.", "Quisiera dormirme y despertar hasta las once."),
        ("What he did to me when I was small, and now he minds my niece.", "He minds my niece on Wednesdays."),
        ("I cross without looking lately, on purpose.", "I crossed without looking, glued to my phone."),
    ],
)
def test_signs_that_meet_are_danger_and_their_twins_are_not(danger, harmless):
    """Contract rules 2, 3 and 6, on pairs that share most of their words."""
    assert screen(Message(text=danger)).level in ("urgent", "emergency")
    assert screen(Message(text=harmless)).level in ("none", "monitor")


@pytest.mark.parametrize(
    "beside", ["After the movie {}.", "I'm on vacation and {}.", "We laughed, haha, and {}.", "The game was on and {}."]
)
def test_a_film_or_a_holiday_beside_plain_words_changes_nothing(beside):
    """Rule 6 explains idioms and stories, not a wish that stands beside a word for leisure."""
    assert screen(Message(text=beside.format("I want to kill myself"))).level == "urgent"


def test_old_thoughts_said_to_be_over_ask_for_nothing():
    """Rule 4, on the sentence a first-time visitor reads."""
    text = "In the spring I used to wish I just wouldn't wake up, but I haven't had that in months."

    assert screen(Message(text=text)).level in ("none", "monitor")
