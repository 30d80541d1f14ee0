"""Figures set beside figures: before, at other times, on scales."""

import pytest

from trellis.scribe.facts.understand import understand
from trellis.scribe.talk.people import list_people


@pytest.fixture
def told(talk):
    def read(text):
        utterances, transcript = talk(text)
        return [point.text for point in understand(utterances, list_people(utterances, transcript))]

    return read


def test_an_earlier_figure_stands_beside_the_present_one(told):
    """What was six is not told as if it were so now."""
    text = " ".join(told("T: How many hours do you sleep?\nC: I sleep four hours. It was six hours last month."))

    assert "four hours" in text
    assert "was six hours last month" in text


def test_an_earlier_rating_says_of_what(told):
    """ "It was an eight" names what was rated."""
    texts = told("T: How's the anxiety, zero to ten?\nC: It was an eight when I first came. Now maybe a four.")

    assert any(("their anxiety was" in text and "8" in text) or "eight" in text for text in texts)


def test_a_corrected_count_keeps_its_unit(told):
    """Four of what is still said."""
    texts = told("T: How are meals?\nC: I ate breakfast five days this week.\nT: Good.\nC: No, wait, it was four.")

    assert any("4 days" in text for text in texts)
    assert not any("five days" in text for text in texts)
