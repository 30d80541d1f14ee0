"""Whom a statement names is held to whom people spoke of."""

import pytest

from trellis.scribe.checking.drugs import is_other_drug
from trellis.scribe.checking.kin import is_spoken_of, spoken_of


@pytest.mark.parametrize(
    ("relation", "said", "carried"),
    [
        ("sibling", "My brother lights up in the garage.", "carried"),
        ("children", "I told my boys no.", "carried"),
        ("partner", "My wife found the bottle.", "carried"),
        ("mother-in-law", "my mother in law folds the laundry", "carried"),
        ("aunt", "Tía Rosa first.", "carried"),
        ("family", "My uncle came.", "carried"),
        ("sister", "My mom called.", "other"),
        ("brother", "my sister called", "other"),
        ("husband", "He does the dishes.", "untold"),
        ("coworker", "Darnell rolls in at noon.", "untold"),
    ],
)
def test_wide_words_rest_on_narrow_ones_and_never_on_other_people(relation, said, carried):
    """A sibling may be a brother; a sister is no mother; who only was "he" can't be told."""
    assert is_spoken_of(relation, spoken_of(said)) == carried


def test_a_medicine_is_the_same_under_its_brand():
    """Lexapro carries escitalopram and no other medicine; what is no medicine isn't one."""
    assert not is_other_drug("escitalopram", "I take Lexapro.")
    assert is_other_drug("fluoxetine", "I take Lexapro.")
    assert not is_other_drug("dishes", "I take Lexapro.")
