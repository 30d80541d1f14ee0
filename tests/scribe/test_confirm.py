"""Confirming: a reflection becomes the client's fact only where the client plainly took it as their own."""

import pytest

from trellis.scribe.facts.understand import understand
from trellis.scribe.talk.people import list_people


@pytest.fixture
def texts(talk):
    def read(text):
        utterances, transcript = talk(text)
        return {point.text: point for point in understand(utterances, list_people(utterances, transcript))}

    return read


def test_a_confirmed_reflection_is_a_fact_with_both_turns(texts):
    """What the clinician put into words and the client owned rests on both."""
    found = texts("C: I just stand there.\nT: So you're standing guard every night.\nC: Exactly.")
    point = found["Client confirms that they are standing guard nightly."]

    assert [evidence.turn for evidence in point.evidence] == [2, 3]


@pytest.mark.parametrize(
    "text",
    [
        "T: So you're standing guard every night.\nC: Yeah.",
        "T: So you're standing guard every night.\nC: No, not exactly.",
        "T: You should try the breathing every night.\nC: Exactly.",
        "T: That's a hard place to be.\nC: Exactly.",
        "T: I'm proud of what you did this week.\nC: Absolutely.",
        "T: Would you like to stop drinking altogether?\nC: Definitely, some day.",
    ],
)
def test_a_nod_praise_or_advice_confirms_nothing(texts, text):
    """A "yeah" in passing, and a yes to advice, praise or a remark on the world, are no facts of the client."""
    assert not any("confirms" in found for found in texts(text))
