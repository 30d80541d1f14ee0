"""Readings: what a reading gives the value of, so that of two values the later stands."""

import pytest

from trellis.scribe.facts.readings import key_of


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Client reports sleeping about four hours a night.", "sleep.hours"),
        ("Client reports taking sertraline every morning, 50 mg.", "medication.sertraline.dose"),
        ("Client reports still taking the escitalopram, 10 mg at night.", "medication.escitalopram.dose"),
        ("Client reports sleeping five hours on school nights.", ""),
        ("Client reports that their sister takes lithium, 900 mg.", ""),
        ("Client reports low mood.", ""),
    ],
)
def test_values_of_which_one_stands_share_a_key(text, key):
    """Hours a night and a drug's dose replace an earlier value; a qualified one says something else."""
    assert key_of(text) == key
