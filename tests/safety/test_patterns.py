"""The small language of rules means what its page says."""

import pytest

from trellis.safety.patterns import compile_pattern
from trellis.safety.words import read

LISTS = {"tool": ("rope", "sleeping pills")}


def found(pattern, text):
    compiled = compile_pattern(pattern, LISTS)
    return any(list(compiled.find(sentence.words)) for sentence in read(text))


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("think~ about", "I thought about it", True),
        ("kill*", "the killer came", True),
        ("(rope|gun)", "a gun", True),
        ("i [have] bought", "I bought it", True),
        ("i (have)? bought", "I have bought it", True),
        ("bought .. <tool>", "I bought some of my sleeping pills", True),
        ("bought .. <tool>", "I bought one two three four five rope", False),
        ("bought .. rope", "I bought milk, but she saw rope", False),
        ("bought ... rope", "I bought milk, but she saw rope", True),
        ("^ no", "no", True),
        ("^ no", "oh there is no way", False),
        ("me $", "without me", True),
    ],
)
def test_each_sign_means_what_the_page_says(pattern, text, expected):
    """Forms, prefixes, choices, gaps within a clause and across, and ends of a sentence."""
    assert found(pattern, text) is expected


@pytest.mark.parametrize("pattern", ["(a|b", "a)", "[a", "[a)", "<unknown>"])
def test_a_pattern_that_cannot_be_read_is_refused(pattern):
    """A slip in a rule is found when rules are read, not when somebody is in danger."""
    with pytest.raises(ValueError, match=r"pattern|list"):
        compile_pattern(pattern, LISTS)
