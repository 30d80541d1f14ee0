"""Smoothing: what a speaker took back is gone, what was meant is untouched, and every place can be found again."""

import pytest

from trellis.scribe.words.smooth import numbers_in, smooth


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("I use it twice a week, no, sorry, three times a week.", "I use it three times a week."),
        ("I take fifty milligrams. No wait, it's a hundred.", "I take a hundred."),
        ("It was on Tuesday — no, Thursday.", "It was on Thursday."),
        ("I had five, I mean six drinks.", "I had six drinks."),
        ("I take Zoloft, no sorry, Lexapro.", "I take Lexapro."),
        ("He died in March, scratch that, May.", "He died in May."),
    ],
)
def test_the_corrected_value_alone_stands(said, meant):
    """A value corrected in the same breath leaves no trace of the first."""
    assert smooth(said).text == meant


@pytest.mark.parametrize(
    "said",
    [
        "I'm sorry, I have three kids.",
        "No, sorry, I can't.",
        "I have two sons and, sorry, three daughters.",
        "I actually slept six hours.",
        "No. I had two beers.",
        "I sleep five or six hours.",
    ],
)
def test_words_that_only_look_like_corrections_change_nothing(said):
    """An apology, a no or "actually" without a value on both sides take nothing back."""
    assert smooth(said).text == said


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("Huh, I didn't think so.", "I didn't think so."),
        ("Um, I-I-I smoke, uh, a pack a day.", "I smoke, a pack a day."),
        ("I have to- I have to get up at six.", "I have to get up at six."),
        ("So I'm-- I can't sleep.", "I can't sleep."),
        ("I s-- I smoke barely a pack a day.", "I smoke barely a pack a day."),
        ("It was, you know, the the worst night.", "It was, the worst night."),
    ],
)
def test_fillers_stutters_and_false_starts_go(said, meant):
    """Disfluency does not reach the parser."""
    assert smooth(said).text == meant


@pytest.mark.parametrize("said", ["Um.", "Mm-hmm.", "", "Mm-mm."])
def test_nothing_else_left_means_nothing_taken(said):
    """A turn that is only a sound keeps it: it may be an answer."""
    assert smooth(said).text == said


def test_every_place_is_found_again_in_the_original():
    """A quote can be cut from the real text by the places of the smooth one."""
    said = "Um, I take fifty, no, sorry, a hundred milligrams, you know, at night."
    smoothed = smooth(said)
    at = smoothed.text.index("a hundred milligrams")
    start, end = smoothed.span(at, at + len("a hundred milligrams"))
    assert said[start:end] == "a hundred milligrams"
    assert len(smoothed.places) == len(smoothed.text)
    assert all(later > earlier for earlier, later in zip(smoothed.places, smoothed.places[1:], strict=False))


def test_numbers_are_read_as_words_and_digits():
    """Both ways of giving a number are seen, in order."""
    assert numbers_in("Two or 3 beers, twice a week") == ("two", "3", "twice")
