"""Ids carry their kind and nothing that could be guessed."""

import itertools

import pytest

from trellis.kernel import is_id, new_id


def test_an_id_says_nothing_of_another():
    """Ids of one moment have 80 bits of their own: none comes twice, and no letter of them is settled by the last."""
    made = [new_id("cli") for _ in range(5000)]
    assert len(set(made)) == len(made)
    tails = [one[-16:] for one in made]
    assert all(len({tail[place] for tail in tails}) == 32 for place in range(16))
    follows = sum(first[-16:-1] == second[-16:-1] for first, second in itertools.pairwise(made))
    assert follows == 0


@pytest.mark.parametrize(
    "text", ["", "cli_", "cli_short", "Cli_" + "0" * 26, "cli_" + "0" * 26 + "\n", "cli_" + "o" * 26]
)
def test_what_is_no_id_is_told_apart(text):
    """A name, a line break, a letter that is read as a digit: none of them is an id."""
    assert not is_id(text, "cli")
    assert is_id(new_id("cli"), "cli") and not is_id(new_id("enc"), "cli")
