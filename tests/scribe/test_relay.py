"""What unnamed staff said, and whom pronouns mean where several are in the room."""

import pytest

from trellis.scribe.facts.understand import understand
from trellis.scribe.talk.people import list_people


@pytest.fixture
def read(talk):
    def points(text):
        utterances, transcript = talk(text)
        return understand(utterances, list_people(utterances, transcript))

    return points


def test_what_they_said_is_what_the_client_was_told(read):
    """Who "they" were stays open, and a clinician confirms it."""
    (point,) = read("T: Any health problems?\nC: They said my blood pressure is high.")

    assert point.text == "Client reports having been told that their blood pressure is high."
    assert point.doubts


def test_what_voices_say_is_not_what_staff_said(read):
    """A present-tense "they say" is not told as information."""
    assert not any("having been told" in point.text for point in read("T: What do they say?\nC: They say my name."))


def test_a_parents_she_is_the_client(read):
    """Who came along and names nobody else speaks of the client."""
    texts = [
        point.text for point in read("C: Hi.\nT: What do you see at home?\nM: She's sleeping until noon every day.")
    ]

    assert any("Client is sleeping until noon" in text for text in texts)


def test_a_partners_he_is_not_the_client_who_is_she(read):
    """Who has called the client "she" means somebody else by "he"."""
    texts = [
        point.text
        for point in read(
            "C: Hi.\nT: What do you see?\nM: She hardly sleeps.\nT: And the nights?\n"
            "M: He wakes up at three every night."
        )
    ]

    assert any("Client hardly sleeps" in text for text in texts)
    assert not any("Client wakes" in text for text in texts)


def test_a_mothers_brother_is_not_the_clients(read):
    """Somebody present has relations of their own."""
    texts = [
        point.text for point in read("C: Hi.\nT: Any family history?\nM: My brother has bipolar. He is on lithium.")
    ]

    assert not any("Client's brother" in text or text.startswith("Client ") for text in texts)


def test_a_partners_he_is_the_other_client(read):
    """In a couple who names nobody else means the other."""
    texts = [point.text for point in read("T: What happened?\nC: He drank ten beers on Friday.\nD: I had two.")]

    assert any("Client 2 drank" in text or "Client 2 having" in text for text in texts) or not any(
        "Client reports having drunk" in text for text in texts
    )
    assert not any(text.startswith("Client reports drinking") for text in texts)


def test_a_drug_is_not_made_to_work(read):
    """ "I made it to work" names no drug."""
    texts = [point.text for point in read("T: How is the escitalopram?\nC: I made it to work every day last week.")]

    assert not any("made escitalopram" in text for text in texts)


def test_what_somebody_calls_themselves_is_told_as_that(read):
    """A note doesn't call a client an idiot."""
    texts = [point.text for point in read("T: What goes through your mind?\nT: Mm-hm.\nC: I'm just stupid.")]

    assert "Client reports being stupid." not in texts
