"""What stands in for identifiers: the same for the same, dates as far apart as they were, places as the rule allows."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trellis.inference import Identifier, Surrogates
from trellis.inference.dates import moved, year_of

SECRET = b"k" * 32


def put(text, *marks, secret=SECRET, **options):
    found = [Identifier(text.index(words), text.index(words) + len(words), kind) for words, kind in marks]
    return Surrogates(secret, **options).replaced(text, found)


def test_same_person():
    """A person keeps one invented name, in full or by one part, small or large."""
    text = "Maria Lopez came. LOPEZ left; maria's mother is Ana Lopez."
    marks = [("Maria Lopez", "name"), ("LOPEZ", "name"), ("Ana Lopez", "name")]
    words = put(text, *marks).split()
    assert "Maria" not in words and "Lopez" not in words
    assert words[1].upper() == words[3]
    assert put(text, *marks) == put(text, *marks)
    assert put(text, *marks) != put(text, *marks, secret=b"other" * 8)


def test_two_people():
    """Two names never become one."""
    surrogates = Surrogates(SECRET)
    names = [f"Name{'abcdefghijklmnopqrstuvwxyz'[n]}" for n in range(26)]
    assert len({surrogates.replaced(name, [Identifier(0, len(name), "name")]) for name in names}) == len(names)


@given(
    st.dates(date(1930, 1, 1), date(2034, 12, 31)),
    st.dates(date(1930, 1, 1), date(2034, 12, 31)),
    st.binary(min_size=16),
)
def test_distances(one, other, secret):
    """Two dates are as many days apart afterwards as they were, in whatever manner they are written; neither stays."""
    surrogates = Surrogates(secret)

    def after(day, shape):
        words = day.strftime(shape)
        return surrogates.replaced(words, [Identifier(0, len(words), "date")])

    first = date.fromisoformat(after(one, "%Y-%m-%d"))
    month, day, year = map(int, after(other, "%m/%d/%Y").split("/"))
    assert first - date(year, month, day) == one - other
    assert first != one
    assert abs((first - one).days) < 365


@pytest.mark.parametrize(
    ("words", "later"),
    [
        ("March 4, 2025", "March 14, 2025"),
        ("14 October 2026", "24 October 2026"),
        ("12/25", "1/4"),
        ("02-14-1996", "02-24-1996"),
        ("30/08/1978", "09/09/1978"),
        ("3/4/24", "3/14/24"),
        ("20261102", "20261112"),
        ("april second nineteen eighty seven", "april 12, 1987"),
        ("june the third", "june 13"),
        ("Aug 2019", "August 2019"),
        ("december", "december"),
    ],
)
def test_manners(words, later):
    """A date moves by days in the manner it is written or spoken."""
    assert moved(words, 10) == later


@pytest.mark.parametrize(
    "words", ["the fifteenth", "Christmas Day", "13/45/2020", "next month", "2/30", "eleven twenty two seventy four"]
)
def test_unreadable_dates(words):
    """Of a date that can't be read whole nothing is kept."""
    assert moved(words, 10) is None
    assert put(words, (words, "date")) == "[date]"


def test_years_only():
    """As Safe Harbor asks, the year alone stays of a date."""
    assert put("Seen March 4, 2025.", ("March 4, 2025", "date"), years_only=True) == "Seen 2025."
    assert put("Seen 12/3.", ("12/3", "date"), years_only=True) == "Seen [date]."
    assert year_of("20261102") == "2026"


def test_places():
    """Of a place the state stays, and three digits of a ZIP code where more than 20,000 people share them."""
    there = "14 Larkspur Lane, Bend, Oregon 97701"
    assert put(f"At {there}.", (there, "place")) == "At [place 1 in Oregon, ZIP 977]."
    few = "12 Main St, Lamont, WY 82101"
    assert put(few, (few, "place")) == "[place 1 in WY, ZIP 000]"


def test_rest():
    """Ages over 89 become one group; all else its kind and a number that stays the same for the same."""
    text = "She is 94. Call 503-555-0148, or (503) 555 0148, or 503-555-0177."
    result = put(text, ("94", "age"), ("503-555-0148", "phone"), ("(503) 555 0148", "phone"), ("503-555-0177", "phone"))
    assert result == "She is 90 or over. Call [phone 1], or [phone 1], or [phone 2]."
    assert not re.search(r"\d{3}", result)
