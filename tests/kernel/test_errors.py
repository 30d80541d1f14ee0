"""The error tree: one line for people, a stable code for machines."""

import pytest

from trellis.kernel import Conflict, Invalid, NotFound, NotPermitted, TrellisError, Unavailable


def test_an_error_is_one_line_with_the_next_step():
    """What is wrong and what to do stand in one line."""
    error = Invalid("scribe.format_unknown", "There is no such format.", hint="Use soap.")

    assert str(error) == "There is no such format. Use soap."
    assert error.code == "scribe.format_unknown"


def test_a_hint_may_be_missing():
    """Without a next step the line ends with what is wrong."""
    assert str(NotFound("chart.note_missing", "There is no such note.")) == "There is no such note."


@pytest.mark.parametrize("kind", [Conflict, Invalid, NotFound, NotPermitted, Unavailable])
def test_all_kinds_are_of_one_tree(kind):
    """A surface that knows the root knows them all."""
    assert issubclass(kind, TrellisError)
