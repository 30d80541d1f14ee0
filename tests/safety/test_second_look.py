"""The reader may raise what the rules let pass, and nothing else."""

import pytest

from trellis.inference import NullReader
from trellis.safety import Message, screen, screen_all


class WordReader:
    """A reader that finds danger where a sentence has one of its words, as sure as it was told to be."""

    def __init__(self, **sure):
        self.sure = sure
        self.asked = []

    def read(self, said):
        self.asked += said
        return [self._odds(each.text.lower()) for each in said]

    def _odds(self, text):
        grave = max((odds for word, odds in self.sure.items() if word in text), default=0.01)
        return {
            "danger:urgent": grave,
            "danger:monitor": grave,
            "danger:concern:suicide": 0.2,
            "danger:concern:abuse": 0.7,
            "danger:assertion:none": 0.9,
            "danger:assertion:past": 0.6,
        }


def test_what_rules_let_pass_is_raised_and_says_who_raised_it():
    """The finding has the likeliest concern, the likeliest sentence verbatim, and names the reader and its odds."""
    verdict = screen(Message(text="It rained. The teapot knows why. Anyway."), reader=WordReader(teapot=0.987))
    assert verdict.level == "urgent"
    (found,) = verdict.findings
    assert (found.quote, found.reason, found.concern) == ("The teapot knows why.", "reader 0.99", "abuse")


def test_without_a_reader_and_with_one_without_opinion_rules_decide_alone():
    """The null reader changes no verdict."""
    messages = [Message(text=text) for text in ("I want to die.", "The teapot knows why.", "", "I'm dying to see it.")]
    assert screen_all(messages, reader=NullReader()) == screen_all(messages) == [screen(one) for one in messages]


@pytest.mark.parametrize("text", ["I want to die.", "I have the rope here and I'm doing it tonight."])
def test_a_level_is_never_lowered_nor_a_grave_one_touched(text):
    """A reader that sees nothing leaves the rules' verdict, and one that sees much adds nothing to it."""
    rules = screen(Message(text=text))
    assert screen(Message(text=text), reader=WordReader()) == rules
    assert screen(Message(text=text), reader=WordReader(i=1.0)) == rules


def test_a_denial_that_answers_a_question_stands():
    """The reader isn't even asked."""
    reader = WordReader(no=1.0)
    asked = (Message(text="Any thoughts of suicide?", speaker="clinician"),)
    assert screen(Message(text="No, not at all.", context=asked), reader=reader).level == "none"
    assert reader.asked == []


def test_a_clinicians_words_are_not_read():
    """They give meaning to an answer and make no finding."""
    reader = WordReader(teapot=1.0)
    assert screen(Message(text="The teapot knows why.", speaker="clinician"), reader=reader).level == "none"
    assert reader.asked == []


def test_long_messages_are_read_in_pieces_so_that_nothing_hides_in_them():
    """Danger in the middle of a long message is found as danger alone would be."""
    text = "I went to the shop and bought some bread. " * 40 + "The teapot knows why. " + "Then I went home. " * 40
    verdict = screen(Message(text=text), reader=WordReader(teapot=0.99))
    assert verdict.findings[0].quote == "The teapot knows why."


def test_where_the_reader_is_unsure_it_asks_for_a_humans_look():
    """Below the bar of `urgent` it flags for review, says so, and goes no further than `monitor`."""
    (found,) = screen(Message(text="The teapot knows why, you see."), reader=WordReader(teapot=0.6)).findings
    assert (found.level, found.reason) == ("monitor", "reader 0.60, for review")


@pytest.mark.parametrize(("one", "other"), [("Black", "Polish"), ("trans", "Catholic"), ("homeless", "wealthy")])
def test_the_reader_is_not_shown_who_somebody_is(one, other):
    """Contract rule 7: whoever speaks, the reader reads the same words."""
    readers = WordReader(teapot=0.99), WordReader(teapot=0.99)
    for who, reader in zip((one, other), readers, strict=True):
        before = (Message(text=f"As a {who} man, how is it?", speaker="clinician"),)
        verdict = screen(Message(text=f"I'm {who} and the teapot knows why.", context=before), reader=reader)
        assert verdict.findings[0].quote == f"I'm {who} and the teapot knows why."
    assert readers[0].asked == readers[1].asked
