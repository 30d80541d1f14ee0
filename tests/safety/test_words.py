"""Text becomes plain words whose places stay those of the original."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trellis.safety.words import plain, read


def texts(text):
    return [word.text for sentence in read(text) for word in sentence.words]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dont wanna be here", ["do", "not", "want", "to", "be", "here"]),
        ("kms", ["kill", "myself"]),
        ("sue a side", ["suicide"]),
        ("su*cide", ["suicide"]),
        ("I’m so tiiiiired", ["i", "am", "so", "tired"]),
    ],
)
def test_spellings_come_to_one_plain_form(text, expected):
    """Contractions, text-speak, recognition errors and hidden letters read as what was meant."""
    assert texts(text) == expected


def test_accents_fall_except_where_they_tell_words_apart():
    """`años` reads as `anos`; `sí` stays apart from `si`."""
    assert plain("Años") == "anos"
    assert plain("Sí") == "sí"


def test_languages_are_told_apart_and_may_mix():
    """Each sentence knows its language; a mixed one is read by both."""
    assert [sentence.language for sentence in read("I am here. No quiero estar en la casa.")] == ["en", "es"]
    assert read("ya no quiero estar en the house that I want")[0].languages == {"en", "es"}


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_words_know_their_place(text):
    """Every word's span lies inside the text, in order."""
    for sentence in read(text):
        assert sentence.words
        for word in sentence.words:
            assert 0 <= word.start < word.end <= len(text)
