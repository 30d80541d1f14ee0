"""The reason for coming, where the clinician says it and the client agrees."""

import pytest

from trellis.scribe.facts.understand import understand
from trellis.scribe.talk.people import list_people


@pytest.fixture
def points(talk):
    def read(text):
        utterances, transcript = talk(text)
        return understand(utterances, list_people(utterances, transcript))

    return read


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("I understand that you were referred to me by your doctor because you've been having panic attacks.",
         "Client confirms that they were referred by their doctor because they have been having panic attacks."),
        ("You said on the phone you wanted to talk about your drinking?",
         "Client confirms that they want to talk about their drinking."),
        ("So you're here because the school suspended you, right?",
         "Client confirms that they are here because the school suspended them."),
    ],
)  # fmt: skip
def test_what_the_clinician_says_and_the_client_agrees_to_is_the_reason(points, said, text):
    """It is told as confirmed, as the presenting concern, with both for evidence."""
    found = points(f"T: {said}\nC: Yeah.")

    assert [(point.topic, point.text) for point in found][:1] == [("presenting", text)]
    assert len(found[0].evidence) == 2


@pytest.mark.parametrize("answer", ["No, that was my brother.", "Yeah, but not because of that.", "Hm."])
def test_what_is_contradicted_or_passed_over_is_no_reason(points, answer):
    """Only a plain yes agrees."""
    found = points(f"T: I understand you were sent here for fighting.\nC: {answer}")

    assert not any(point.topic == "presenting" for point in found)
