"""Everything automated has a card, whole, and the weights it names are those that run."""

import tomllib

import pytest

from trellis.governance import ATTRIBUTES, card, cards
from trellis.inference.weights import MANIFEST
from trellis.kernel import NotFound
from trellis.scribe import ExtractiveWriter


def test_each_card_has_the_31_attributes():
    """None is empty: what wasn't done says so."""
    assert sum(len(group) for group in ATTRIBUTES.values()) == 31
    for one in cards():
        assert all(one.attributes.values()), one.name


def test_every_weight_in_use_belongs_to_a_card():
    """A weight nobody described doesn't ship, and a card names none that doesn't exist."""
    entries = tomllib.loads(MANIFEST.read_text(encoding="utf-8"))["weights"]
    named = {weight for one in cards() for weight in one.weights}

    assert named <= {entry["name"] for entry in entries}
    assert {entry["name"] for entry in entries if entry["default"]} <= named


def test_what_writes_a_note_has_a_card():
    """The signature on a note leads to its card; something unknown is refused."""
    signature = ExtractiveWriter().signature

    assert card(signature.name, signature.version).title
    with pytest.raises(NotFound):
        card("oracle", "9")
