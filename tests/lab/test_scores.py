"""How figures are counted: by hand-worked cases, because a wrong ruler makes every figure wrong."""

import pytest

from trellis.lab.scores.diarization import diarization_error
from trellis.lab.scores.intervals import rate, share
from trellis.lab.scores.marks import expresses, meets
from trellis.lab.scores.normalise import normalise
from trellis.lab.scores.rouge import rouge
from trellis.lab.scores.words import Said, compare


def test_a_share_has_wilsons_interval():
    """9 of 10 is 59.6 to 98.2 % (Wilson), all of nothing is nothing."""
    figure = share(9, 10)

    assert (figure.value, round(figure.low, 3), round(figure.high, 3)) == (0.9, 0.596, 0.982)
    assert share(0, 0).value is None
    assert str(share(0, 0)) == "nothing to measure"


def test_a_rate_is_drawn_by_session():
    """Sessions that differ give a wide interval around the pooled rate, alike ones a narrow one; it is repeatable."""
    wide, narrow = rate([(0, 100), (40, 100)]), rate([(20, 100), (20, 100)])

    assert wide.value == narrow.value == 0.2
    assert (wide.low, wide.high) == (0.0, 0.4)
    assert (narrow.low, narrow.high) == (0.2, 0.2)
    assert rate([(1, 10), (5, 10)]) == rate([(1, 10), (5, 10)])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I'm taking fifty milligrams.", "I am taking 50 mg"),
        ("at six thirty", "at 6:30"),
        ("at six thirty", "at 630"),
        ("the fourteenth of twenty nineteen", "the 14th of 2019"),
        ("PHQ nine", "PHQ-9"),
        ("one hundred and five", "105"),
        ("ninety percent", "90%"),
        ("two thousand", "2,000"),
        ("I can't, I won't, I didn't", "I cannot I will not I did not"),
        ("Um, it's gonna be, uh, okay", "it is going to be OK"),
        ("eleven p.m.", "11pm"),
    ],
)
def test_the_same_said_in_two_spellings_is_the_same(one, other):
    """Neither side of a comparison is blamed for how it spells."""
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("fifteen", "fifty"),
        ("I can", "I can't"),
        ("two, three", "twenty three"),
        ("no one", "none"),
        ("sertraline", "search line"),
        ("four and a half", "four"),
    ],
)
def test_what_differs_stays_different(one, other):
    """Normalising never makes two things one."""
    assert normalise(one) != normalise(other)


def test_spanish_numbers_are_read():
    """Spanish number words are digits, accents stay."""
    assert normalise("Cuarenta y cinco, dos mil veinte; está", "es") == ["45", "2020", "está"]


SAID = [
    Said(speaker="clinician", text="How did you sleep this week?"),
    Said(speaker="client", text="Four hours a night, and no nightmares."),
    Said(speaker="clinician", text="Any thoughts of being dead?"),
    Said(speaker="client", text="Some nights I wish I was dead.", risk=True),
]


def test_a_perfect_transcript_has_no_error():
    """Every count is right where everything is."""
    hearing = compare(SAID, [(turn.speaker, turn.text) for turn in SAID])

    assert (hearing.words, hearing.errors, hearing.wrong_person, hearing.wrong_role) == (25, 0, 0, 0)
    assert hearing.clinician_right
    assert hearing.critical == {"negations": (1, 1), "numbers": (1, 1), "drugs": (0, 0), "risk words": (2, 2)}
    assert hearing.risk_statements == (1, 1)


def test_roles_and_persons_are_judged_apart():
    """With the two roles exchanged every word is under the wrong role, and none is given to the wrong person."""
    swapped = {"clinician": "client", "client": "clinician"}
    hearing = compare(SAID, [(swapped[turn.speaker], turn.text) for turn in SAID])

    assert (hearing.errors, hearing.wrong_person, hearing.wrong_role) == (0, 0, 25)
    assert not hearing.clinician_right
    assert hearing.risk_statements == (0, 1)


def test_one_voice_for_all_gives_the_words_of_the_lesser_to_the_wrong_person():
    """A transcript that hears one person gives the other's words away."""
    hearing = compare(SAID, [("clinician", turn.text) for turn in SAID])

    assert hearing.wrong_person == 11
    assert hearing.risk_statements == (0, 1)


def test_words_are_counted_by_edits():
    """One substitution, one deletion, one insertion; a lost negation and an invented number are critical errors."""
    heard = [
        ("clinician", "How did you sleep this week?"),
        ("client", "Five hours a night, and nightmares."),
        ("clinician", "Any thoughts of being dead?"),
        ("client", "Some nights I wish I was dead 7."),
    ]
    hearing = compare(SAID, heard)

    assert hearing.errors == 3
    assert hearing.critical["negations"] == (0, 1)
    assert hearing.critical["numbers"] == (0, 2)
    assert "4 -> 5" in hearing.worst


def test_diarization_error_counts_what_is_missed_made_up_and_confused():
    """Ten seconds each; one second is missed beyond the collar and the voices' names don't matter."""
    true = [(0.0, 10.0, "a"), (10.0, 20.0, "b")]

    assert diarization_error(true, [(0.0, 10.0, "x"), (10.0, 20.0, "y")])[0] == 0.0
    error, of = diarization_error(true, [(0.0, 10.0, "x"), (11.25, 20.0, "y")])
    assert (round(error, 2), round(of, 2)) == (1.0, 19.0)
    error, _ = diarization_error(true, [(0.0, 20.0, "x")])
    assert round(error, 2) == 9.5
    error, _ = diarization_error(true, [*true, (5.0, 6.0, "z")])
    assert round(error, 2) == 1.0


def test_overlap_counts_for_both():
    """Where two speak and one is heard, one is missed."""
    error, of = diarization_error([(0.0, 10.0, "a"), (4.0, 6.0, "b")], [(0.0, 10.0, "x")])

    assert (round(error, 2), round(of, 2)) == (1.5, 10.0)


def test_rouge_by_hand():
    """One of two bigrams, two of three words, and lines that are covered by several lines."""
    one, two, lsum = rouge("no fever today", "no fever yesterday")
    assert (round(one, 3), round(two, 3), round(lsum, 3)) == (0.667, 0.5, 0.667)
    assert rouge("one two\nthree", "three\none two") == (1.0, pytest.approx(0.5), 1.0)
    assert rouge("a", "") == (0.0, 0.0, 0.0)


FACT = {"turns": [4], "keys": [["16", "sixteen"], ["phq", "score"]]}


@pytest.mark.parametrize(
    ("text", "turn", "found"),
    [
        ("PHQ-9 is 16.", 9, True),
        ("Scored sixteen.", 9, True),
        ("PHQ-9 is 12.", 9, False),
        ("PHQ-9 is 12.", 4, True),
        ("Slept well.", 4, False),
    ],
)
def test_a_statement_expresses_a_fact_by_its_keys_and_turns(text, turn, found):
    """All groups, or half of them with a turn of the fact."""
    assert expresses({"text": text, "evidence": [{"turn": turn}]}, FACT) is found


def test_a_forbidden_statement_needs_all_its_keys():
    """One key alone is no hit."""
    forbidden = {"keys": [["denie"], ["self-harm", "harm"]]}

    assert meets({"text": "Client denies thoughts of self-harm."}, forbidden)
    assert not meets({"text": "Client denies pain."}, forbidden)
