"""Numbers people say are read as what they mean, each with its place in the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trellis.scribe.words.numbers import numbers_in, read_numbers


@pytest.mark.parametrize(
    ("said", "value", "span"),
    [
        ("I take fifty milligrams", 50, "fifty"),
        ("fifty-five", 55, "fifty-five"),
        ("twenty five of them", 25, "twenty five"),
        ("two hundred and fifty milligrams", 250, "two hundred and fifty"),
        ("one fifty in the day", 150, "one fifty"),
        ("a hundred milligrams", 100, "a hundred"),
        ("three thousand two hundred", 3200, "three thousand two hundred"),
        ("1,500 mg", 1500, "1,500"),
        ("50mg", 50, "50"),
        ("0.5 mg", 0.5, "0.5"),
        ("zero point five", 0.5, "zero point five"),
        ("point two five", 0.25, "point two five"),
        ("two point five", 2.5, "two point five"),
        ("six and a half hours", 6.5, "six and a half"),
        ("half an hour", 0.5, "half"),
        ("twice a week", 2, "twice"),
        ("once a day", 1, "once"),
        ("call nine eight eight", 988, "nine eight eight"),
    ],
)
def test_counts(said: str, value: float, span: str) -> None:
    """A cardinal, decimal or fraction has one value and stands where it was said."""
    (number,) = read_numbers(said)
    assert (number.value, said[number.start : number.end]) == (value, span)


@pytest.mark.parametrize(
    ("said", "value", "high"),
    [
        ("two to three times", 2, 3),
        ("two or three", 2, 3),
        ("5-6 drinks", 5, 6),
        ("between one and two hours", 1, 2),
        ("ten to twenty percent", 10, 20),
    ],
)
def test_ranges(said: str, value: float, high: float) -> None:
    """A range is one number with two ends."""
    (number,) = read_numbers(said)
    assert (number.value, number.high) == (value, high)


@pytest.mark.parametrize(
    ("said", "kind", "value"),
    [
        ("at six thirty", "time", 390),
        ("half past six pm", "time", 1110),
        ("quarter to nine", "time", 525),
        ("at 14:05", "time", 845),
        ("eight o'clock in the evening", "time", 1200),
        ("3 a.m.", "time", 180),
        ("the third time", "ordinal", 3),
        ("my twenty-first birthday", "ordinal", 21),
        ("the 4th", "ordinal", 4),
        ("eighty percent", "percent", 80),
        ("80%", "percent", 80),
        ("in nineteen ninety eight", "year", 1998),
        ("since 2019", "year", 2019),
    ],
)
def test_kinds(said: str, kind: str, value: float) -> None:
    """Times are minutes after midnight; ranks, percentages and years are told from counts."""
    (number,) = read_numbers(said)
    assert (number.kind, number.value) == (kind, value)


def test_dates() -> None:
    """A day after a month is a date."""
    (number,) = read_numbers("on March fourth")
    assert (number.kind, number.month, number.value) == ("date", 3, 4)


def test_scale() -> None:
    """A rating keeps the end of its scale."""
    (number,) = read_numbers("maybe seven out of ten")
    assert (number.value, number.out_of) == (7, 10)


def test_loose() -> None:
    """A couple is about two."""
    (number,) = read_numbers("a couple of beers")
    assert number.value == 2 and number.is_about


@pytest.mark.parametrize(
    "said",
    [
        "no one came",
        "that one",
        "wait a second",
        "at first",
        "the PHQ-9",
        "the GAD seven",
        "P H Q nine",
        "PHQ9",
        "COVID-19",
        "",
    ],
)
def test_not_numbers(said: str) -> None:
    """Pronouns, moments and names of instruments hold no number."""
    assert read_numbers(said) == ()


def test_spoken_and_written_are_the_same() -> None:
    """What was said in words and what a note writes in digits compare equal."""
    assert numbers_in("fifty milligrams, two to three times") == numbers_in("50 mg, 2-3 times") == (2, 3, 50)


@given(st.text(alphabet=st.sampled_from("one two fifty and a half point to 15:.-%/,'"), max_size=60) | st.text())
def test_never_fails(text: str) -> None:
    """Any text is read, and spans lie inside it in order."""
    last = 0
    for number in read_numbers(text):
        assert last <= number.start < number.end <= len(text)
        last = number.end
