"""Authored sessions with their facts: what notes find of them may grow and must not shrink."""

import pytest

from trellis.inference import LocalParser
from trellis.lab.known_sessions import find, known_sessions, recall
from trellis.scribe import ExtractiveWriter, Scribe, Wish, load_format

ESSENTIAL, ALL = 0.84, 0.76
"""Shares found when the sessions were last read against their notes."""


@pytest.fixture(scope="module")
def found():
    scribe = Scribe(speech=None, speakers=None, parser=LocalParser(), writer=ExtractiveWriter())
    wish = Wish(format=load_format("soap"))
    return [find(session, scribe.draft(session.transcript, (), wish)) for session in known_sessions()]


def test_there_are_sessions_of_every_kind(found):
    """Intakes, follow-ups, families and couples are among them."""
    assert len(found) >= 12


def test_notes_find_the_facts_of_known_sessions(found):
    """Essential facts and all facts are found at least as often as when the sessions were last read."""
    essential, everything = recall(found)

    assert essential >= ESSENTIAL
    assert everything >= ALL


def test_notes_say_nothing_forbidden_of_known_sessions(found):
    """No statement gives somebody else's fact to the client, denies what was said, or takes a joke for earnest."""
    assert [met for each in found for met in each.met] == []
