"""The table of wordings: what is written means what was said, and both sides of the house know it."""

import re

import pytest

from trellis.scribe.checking.claims import CLIENT, claims
from trellis.scribe.words.numbers import numbers_in
from trellis.scribe.words.wordings import as_written, wordings

NO = re.compile(
    r"\b(?:not|no|never|none|nothing|nobody|neither|nor|without|cannot|unable|hardly|barely|refuse\w*|den(?:y|ies))\b"
)
HEDGE = re.compile(r"\b(?:maybe|perhaps|possibly|probably|might|may|guess|suppose|almost|nearly)\b")
PEOPLE = re.compile(r"\b(?:i|he|she|they|we|you|him|her|them|us|me|himself|herself|themselves)\b")


def pairs():
    """Every pair with its open persons filled in."""
    table = wordings()
    for said, notes in (*table.written.items(), *table.closer.items()):
        for note in dict.fromkeys(notes):
            yield filled(said), filled(note)


def filled(text):
    for slot, word in {"{their}": "their", "{themselves}": "themselves", "{them}": "him", "{they}": "they"}.items():
        text = text.replace(slot, word)
    return text


@pytest.mark.parametrize(
    ("said", "note"),
    [
        ("they wake up every single day", "they wake daily"),
        ("having woken up at night", "having woken at night"),
        ("they have gotten used to it", "they have become accustomed to it"),
        ("she got to sleep", "she fell asleep"),
        ("she had gotten to sleep", "she had fallen asleep"),
        ("he is a big brother", "he is an older brother"),
        ("on her own, by themselves", "alone, alone"),
        ("it makes me feel small", "it leaves me feeling small"),
        ("they have to do with it", "they have to do with it"),
        ("she thinks that and had the thought that", "she believes that and had the thought that"),
        ("every other day", "every other day"),
        ("they feel like a child", "they feel like a child"),
        ("they feel like they lose", "they feel as if they lose"),
    ],
)
def test_phrases_are_written_in_the_form_they_were_said_in(said, note):
    """Tense, person and article of a phrase survive, and a longer phrase wins over a shorter one."""
    assert as_written(said) == note


def test_what_is_quoted_stays_as_it_was_said():
    """Words in quotation marks are somebody's own."""
    assert as_written("Client states, “I freeze all the time.”") == "Client states, “I freeze all the time.”"


def test_no_pair_changes_a_number_a_denial_a_hedge_or_a_person():
    """What is counted, denied, doubted, and of whom, is the same on both sides of every pair."""
    changed = [
        (said, note)
        for said, note in pairs()
        if set(numbers_in(said.replace("once in a while", ""))) != set(numbers_in(note))
        or bool(NO.search(said)) != bool(NO.search(note))
        or bool(HEDGE.search(said)) != bool(HEDGE.search(note))
        or set(PEOPLE.findall(said)) - {"themselves"} != set(PEOPLE.findall(note)) - {"themselves"}
    ]
    assert changed == []


def test_no_pair_touches_words_of_danger():
    """Danger is written in the words it was said in; only a death said softly is written plainly."""
    danger = re.compile(
        r"\b(?:kill|suicid|di(?:e|ed|es|ing)\b|dead|harm|hurt|overdose|gun|knife|weapon|abus|hit|beat|chok|violen|threat|"
        r"rape|attack|voices|poison|stab|shoot)\w*"
    )
    changed = [
        (said, note)
        for said, note in pairs()
        if danger.findall(said) != danger.findall(note) and not re.match(r"pass\w* away", said)
    ]
    assert changed == []


def test_what_is_written_is_not_written_anew():
    """A text that was reworded once stays as it is, so that writer and check agree however often they look."""
    again = [note for said, note in pairs() if said != note and as_written(note) != note]
    closer = [note for said, note in pairs() if said != note and as_written(note, closer=True) != note]
    assert (again, closer) == ([], [])


def test_the_check_holds_both_sides_of_every_pair_to_be_the_same():
    """No rewording needs ground of its own: both sides make the same claims."""
    apart = [
        (said, note)
        for said, note in pairs()
        if [word.meaning for word in claims(f"they {said} there", CLIENT)]
        != [word.meaning for word in claims(f"they {note} there", CLIENT)]
    ]
    assert apart == []
