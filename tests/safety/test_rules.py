"""The rules a clinician reviews are whole: every one readable, sourced, and of a kind that has levels."""

from typing import get_args

from trellis.chart import LEVELS
from trellis.chart.findings import Assertion, Concern, Detail
from trellis.safety.rules import load_rulebook


def test_every_rule_is_of_a_known_kind_with_concern_and_source():
    """Kinds have levels; concerns and details are the contract's; every rule says where it comes from."""
    book = load_rulebook()
    assert len(book.entries) > 500
    for rule in book.rules:
        assert rule.kind in book.levels, rule.id
        assert rule.concern in get_args(Concern), rule.id
        assert rule.detail is None or rule.detail in get_args(Detail), rule.id
        assert rule.source, rule.id
        assert rule.patterns, rule.id
    for topic in book.topics:
        assert topic.kind in book.levels, topic.id


def test_rule_names_are_unique():
    """A finding's reason names one rule."""
    names = [rule.id for rule in load_rulebook().rules]
    assert len(names) == len(set(names))


def test_levels_are_the_contracts():
    """Every level and assertion in the table is one of the contract's."""
    book = load_rulebook()
    for table in book.levels.values():
        for name, value in table.items():
            assert value in ((*get_args(Assertion), "act") if name == "asserts" else LEVELS)


def test_what_meets_can_meet():
    """Every tag a combination asks for is given by some rule."""
    book = load_rulebook()
    tags = {tag for rule in book.rules for tag in rule.tags}
    for together in book.together:
        assert all(wanted & tags for wanted in together.all), together.id
