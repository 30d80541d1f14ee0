"""Lasting: a time joins the fact it belongs to, and no other."""

import pytest

from trellis.scribe.facts.understand import understand
from trellis.scribe.talk.people import list_people


@pytest.fixture
def texts(talk):
    def read(text):
        utterances, transcript = talk(text)
        return [point.text for point in understand(utterances, list_people(utterances, transcript))]

    return read


def test_a_time_added_after_an_acknowledgement_belongs_to_what_came_before(texts):
    """An "mm-hm" between does not cut a statement in two."""
    (text,) = texts("T: How is your sleep?\nC: I wake up screaming.\nT: Mm-hm.\nC: Every night, around two.")

    assert text == "Client reports waking screaming, every night, around two."


def test_how_long_it_takes_is_not_how_long_it_lasts(texts):
    """An hour to get back to sleep is no hour of sweating."""
    found = texts("C: I wake up soaked in sweat.\nT: How long does it take you to get back to sleep?\nC: An hour.")

    assert found[0] == "Client reports waking soaked in sweat."
    assert any("an hour to return to sleep" in text for text in found)
