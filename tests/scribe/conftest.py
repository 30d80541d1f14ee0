"""What the tests of this room share: one loaded parser, and dialogues written as lines."""

import re

import pytest

from trellis.chart import Transcript, Turn
from trellis.inference import LocalParser
from trellis.scribe.talk.utterances import utter

SPEAKERS = {"T": "clinician", "C": "client", "D": "client:2", "M": "other", "U": "unknown"}


@pytest.fixture(scope="session")
def parser():
    loaded = LocalParser()
    loaded.parse(["Ready."])
    return loaded


def dialogue(text):
    """A transcript from lines such as `T: How are you?`; T clinician, C client, D second client, M other, U unknown."""
    turns = []
    for line in text.strip().splitlines():
        who, said = line.strip().split(":", 1)
        marks = tuple(re.findall(r"\[([^\]]+)\]", said))
        words = re.sub(r"\s*\[[^\]]+\]", "", said).strip()
        turns.append(Turn(id=len(turns) + 1, speaker=SPEAKERS[who], text=words, start=len(turns) * 5.0, marks=marks))
    return Transcript(turns=tuple(turns))


@pytest.fixture(scope="session")
def talk(parser):
    """Utterances of an authored dialogue."""

    def uttered(text):
        transcript = dialogue(text)
        return utter(transcript, parser), transcript

    return uttered
