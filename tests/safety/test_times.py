"""How long ago something was decides between today, three months and history."""

import pytest

from trellis.safety import Message, screen
from trellis.safety.rules import load_rulebook
from trellis.safety.times import when
from trellis.safety.words import read


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("I did it six weeks ago", 40, 44),
        ("I did it two hours ago", 0, 1),
        ("I did it yesterday", 0, 1.1),
        ("I did it three years ago", 1000, 1100),
        ("Lo hice hace tres meses", 85, 95),
        ("Lo hice anoche", 0, 1.1),
    ],
)
def test_ages_are_read_in_days(text, low, high):
    """Counted and named ages, in both languages."""
    sentences = read(text)
    age = when(load_rulebook(), sentences, 0, 0, 2)

    assert age.days is not None and low <= age.days <= high


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I tried to hang myself six weeks ago.", "urgent"),
        ("I tried to hang myself four years ago.", "monitor"),
        ("I tried to hang myself an hour ago.", "emergency"),
    ],
)
def test_the_age_of_an_act_moves_its_level(text, expected):
    """Rules 2 to 4: an attempt just now, within three months, and long ago."""
    assert screen(Message(text=text)).level == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ten years ago. I took a whole bottle of my mother's pills.", "monitor"),
        ("That was back in college. I tried to hang myself.", "monitor"),
        ("Back in college it was bad. I want to kill myself.", "urgent"),
        ("Hace diez años. Intenté matarme.", "monitor"),
    ],
)
def test_a_sentence_before_may_set_the_time_of_what_is_told_as_past(text, expected):
    """An act told after a dating sentence is as old as that; a wish told in the present is now."""
    assert screen(Message(text=text)).level == expected
