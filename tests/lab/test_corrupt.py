"""Errors planted for training are errors, and changes on both sides are none."""

import random

from trellis.lab.corrupt import change_both, corrupt
from trellis.lab.pairs import KINDS, Pair, read_pairs

TRUE = Pair(
    "Clinician: How much? / Client: I take 50 of sertraline on Monday, my sister fills the box.",
    "Client has taken 50 mg of sertraline on Monday, and a sister fills the box.",
)


def test_one_error_changes_the_statement_and_never_the_evidence():
    """Each planted error has a kind of the vocabulary, leaves the evidence alone and most words of the statement."""
    chance = random.Random(3)
    kinds = set()
    for _ in range(60):
        made, kind = corrupt(TRUE, chance)
        kinds.add(kind)
        assert made.evidence == TRUE.evidence
        assert made.statement != TRUE.statement
        assert len(set(made.statement.split()) & set(TRUE.statement.split())) >= 8
    assert kinds <= set(KINDS)
    assert {"number", "time", "person", "medication", "polarity"} <= kinds


def test_a_change_on_both_sides_keeps_them_together():
    """The figure, day, person or drug that replaces another stands in evidence and statement alike."""
    chance = random.Random(5)
    for _ in range(40):
        made = change_both(TRUE, chance)
        assert made is not None
        new = set(made.statement.replace(",", "").split()) - set(TRUE.statement.replace(",", "").split())
        assert len(new) == 1
        assert new.pop() in made.evidence.replace(",", "").split()


def test_nothing_to_change_is_said_so():
    """A pair without figure, day, person or drug on both sides gives none."""
    assert change_both(Pair("Client: Whatever.", "Client is indifferent."), random.Random(0)) is None


def test_held_out_files_are_whole_and_never_those_the_rules_were_made_with():
    """Files are held out whole; every pair has a known kind of error; both kinds of truth are held out."""
    cases = read_pairs()
    assert len(cases) >= 1500
    assert {case.error for case in cases} <= {None, *KINDS}
    held = {case.file for case in cases if case.is_held_out}
    assert len(held) >= 4
    assert all(file[0].isdigit() for file in held)
    assert held.isdisjoint(case.file for case in cases if not case.is_held_out)
    assert {case.error is None for case in cases if case.is_held_out} == {True, False}
