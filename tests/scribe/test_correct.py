"""Misheard clinical names are put right where sound and context agree, and nothing else is ever changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trellis.chart import Turn
from trellis.safety.lexicon import load_lexicon
from trellis.scribe.hearing.correct import correct
from trellis.scribe.hearing.sounds import likeness, sounds
from trellis.scribe.hearing.vocabulary import load_vocabulary


def turn(text: str, number: int = 1) -> Turn:
    return Turn(id=number, speaker="client", text=text)


def corrected(*texts: str) -> str:
    return correct([turn(text, number) for number, text in enumerate(texts, 1)])[-1].text


@pytest.mark.parametrize(
    ("heard", "stands"),
    [
        ("My doctor prescribed search line last week.", "My doctor prescribed sertraline last week."),
        ("They raised my circle line to fifty milligrams.", "They raised my sertraline to fifty milligrams."),
        ("I've been taking sir tra lean for a month.", "I've been taking sertraline for a month."),
        (
            "I stopped the well butrin because of the side effects.",
            "I stopped the Wellbutrin because of the side effects.",
        ),
        ("She put me on lexa pro, ten milligrams.", "She put me on Lexapro, ten milligrams."),
        ("I take two hundred milligrams of la mick tall.", "I take two hundred milligrams of Lamictal."),
        ("My doctor prescribed clon a spam last week.", "My doctor prescribed clonazepam last week."),
        ("I've been taking gabby pintin at bedtime.", "I've been taking gabapentin at bedtime."),
        ("We filled out the P H Q nine and the gad seven.", "We filled out the PHQ-9 and the GAD-7."),
        ("I did C B T I and then e m d r.", "I did CBT-I and then EMDR."),
        ("PHQ9 was twelve.", "PHQ-9 was twelve."),
        (
            "Just the one, search line, every night, from the pharmacy.",
            "Just the one, sertraline, every night, from the pharmacy.",
        ),
        ("It is search line fifty milligrams.", "It is sertraline fifty milligrams."),
        ("The therapist called it anodonia.", "The therapist called it anhedonia."),
    ],
)
def test_names_are_put_right(heard: str, stands: str) -> None:
    """A name is recognised by its sound where a name of its kind would stand."""
    assert corrected(heard) == stands


def test_the_question_before_is_context() -> None:
    """An answer of one name takes its context from the question."""
    assert corrected("Which medication did they prescribe, and what dose?", "Search line.") == "Sertraline."


@pytest.mark.parametrize(
    "text",
    [
        "The search line was long and I gave up.",
        "I took the circle line to work.",
        "The search line at the pharmacy of ideas was cut.",
        "I saw a project at work and my doctor friend liked it.",
        "We were on the same page about the medication.",
        "She put my name on the list.",
        "I take my time with it, and the pills are fine.",
        "He has the ability to stop taking things personally.",
    ],
)
def test_ordinary_talk_stays(text: str) -> None:
    """Words that mean what they say are left alone."""
    assert corrected(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "I take hydralazine for my blood pressure.",
        "My doctor prescribed Celebrex for my knee.",
        "They switched me from bupropion to buspirone.",
        "I take lamivudine every day.",
        "I was on clonidine, not Klonopin.",
        "My doctor prescribed hydrazine last week.",
        "I take metformin and lisinopril and two milligrams of prednisone.",
    ],
)
def test_names_that_look_alike_are_kept_apart(text: str) -> None:
    """A name that is one already stays, and what lies between two is left as it was heard."""
    assert corrected(text) == text


def test_what_stood_there_stays_visible() -> None:
    """Each correction keeps the words as heard; the rest of the text is untouched."""
    heard = "So he prescribed search line, and, um, fifty milligrams."
    (after,) = correct([turn(heard)])
    (correction,) = after.corrections
    assert (correction.said, correction.text) == ("search line", "sertraline")
    assert 0 < correction.confidence < 1
    assert after.text.replace(correction.text, correction.said) == heard


def test_other_languages_are_left_alone() -> None:
    """Spanish turns come back as they are."""
    turns = (turn("I was prescribed search line."),)
    assert correct(turns, language="es") == turns


def test_no_name_holds_a_protected_word() -> None:
    """Nothing a correction writes is a negation or a risk word; digits only where they were said."""
    vocabulary = load_vocabulary()
    for name in vocabulary.names:
        assert vocabulary.protected(name.text.split()) == [], name.text
    for said, written in vocabulary.letters.items():
        digits = [word for word in said if word.isdigit()]
        assert vocabulary.protected(written.split("-")) == digits, written


SAID = (
    "taking prescribed my doctor put me on the dose of milligrams search line circle well butrin lexa pro clon a spam "
    "not don't never no without one two fifty nine p h q gad seven kill myself suicide abuse cut die dead overdose "
    "hurt at pine murders zulf and in ativan celexa claws disulfur i stopped because side effects . , ?"
)


def test_words_of_danger_that_safety_knows_are_protected() -> None:
    """Every risk word of the safety screen is one no correction touches."""
    words = sorted(load_lexicon().risk_words)
    assert load_vocabulary().protected(words) == words


PIECES = st.sampled_from(SAID.split())


@given(st.lists(PIECES, max_size=30).map(" ".join) | st.text(max_size=80))
def test_protected_words_are_never_touched(text: str) -> None:
    """The negations, numbers and risk words before are those after; undoing each correction gives the text back."""
    (after,) = correct([turn(text)])
    assert protected(after.text) == protected(text)
    back, at = after.text, 0
    for correction in after.corrections:
        at = back.index(correction.text, at)
        back = back[:at] + correction.said + back[at + len(correction.text) :]
        at += len(correction.said)
    assert back == text


def protected(text: str) -> list[str]:
    """Read apart from the corrector: negations, digits and number words, risk words."""
    numbers = {"one": "1", "two": "2", "fifty": "50", "nine": "9", "seven": "7"}
    words = "".join(letter if letter.isalnum() or letter == "'" else " " for letter in text.lower()).split()
    kept = {"not", "don't", "never", "no", "without", "kill", "myself", "suicide", "abuse", "cut", "die", "dead"}
    kept |= {"overdose", "hurt", "murders"}
    return sorted(numbers.get(word, word) for word in words if word in kept or word in numbers or word.isdigit())


def test_correcting_twice_changes_nothing_more() -> None:
    """What was corrected once stays."""
    once = correct([turn("My doctor prescribed search line and clon a spam last week.")])
    assert correct(once) == once


@pytest.mark.parametrize(
    ("one", "other", "least"),
    [("claws a pine", "clozapine", 0.8), ("gabby pintin", "gabapentin", 0.9), ("zyprixa", "Zyprexa", 0.9)],
)
def test_sounds(one: str, other: str, least: float) -> None:
    """Spellings of one sound are alike, unlike words are not."""
    assert likeness(sounds(one), sounds(other)) >= least
    assert likeness(sounds(one), sounds("yesterday")) < 0.6
