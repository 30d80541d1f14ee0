"""A note is written, not copied: wordings first, then quotation marks, never another meaning."""

from dataclasses import replace

import pytest

from trellis.chart import Evidence
from trellis.scribe.points import Point
from trellis.scribe.saying.polish import polish
from trellis.scribe.saying.rephrase import quote_images, quote_runs, rephrase, says_nothing
from trellis.scribe.words.numbers import numbers_in
from trellis.scribe.words.runs import copied_runs, quoted_words

SAID = "He had a horrible bout of sickness and diarrhea two years ago on holiday."
TOLD = "Client reports that he had a horrible bout of sickness and diarrhea two years ago on holiday."


def point(text, said, weight=0.6):
    return Point(topic="symptom", text=text, evidence=(Evidence(turn=1, quote=said),), weight=weight)


def test_runs_are_seven_words_or_more_outside_quotation_marks():
    """Six words in a row are a turn of phrase, seven are a copy, and a quotation says that it is one."""
    assert [TOLD[start:end] for start, end in copied_runs(TOLD, [SAID])] == [
        "he had a horrible bout of sickness and diarrhea two years ago on holiday"
    ]
    assert not copied_runs("Client reports a bout of sickness and diarrhea.", ["A bout of sickness and diarrhea."])
    assert not copied_runs(f"Client states, “{SAID}”", [SAID])


def test_a_run_is_quoted_where_it_says_most_and_no_run_is_left():
    """The telling part goes into quotation marks, word for word, and the sentence stays the same otherwise."""
    quoted = quote_runs(TOLD, [SAID])

    assert not copied_runs(quoted, [SAID])
    assert quoted.replace("“", "").replace("”", "") == TOLD
    assert 3 <= quoted_words(quoted) <= 14


@pytest.mark.parametrize(
    "said",
    [
        "My kids get so mad at me every single day because I work at the store until ten.",
        "He was never home and somebody had to look after the kids all the time.",
        "I don't have to talk to anybody about the other day, not even my mom.",
        "Maybe four of them hang out at my place every Friday until two in the morning.",
    ],
)
def test_rewording_leaves_figures_and_denials_alone(said):
    """Whatever the table does to a sentence, what is counted and what is denied stays."""
    told = rephrase(said, [said])

    assert told != said
    assert numbers_in(told) == numbers_in(said)
    for word in ("never", "not", "n't", "Maybe", "Possibly"):
        assert (word in told) == (word in said) or word in {"Maybe", "Possibly"}


def test_images_are_quoted_only_as_they_were_said():
    """An image in other words than the speaker's is no quotation."""
    text = "Client reports walking on eggshells around their father."

    assert quote_images(text, ["I'm walking on eggshells around my dad."]) == (
        "Client reports “walking on eggshells” around their father."
    )
    assert quote_images(text, ["I walk on eggshells around my dad."]) == text


def test_quotation_marks_are_spent_on_what_is_worth_hearing():
    """Where not everything may be quoted, hope and decision come before the rest."""
    plain = "he bought the blue car at the shop near the station in town"
    hope = "this is the last chance that he wanted for the whole team there"
    sections = {"s": [point(f"Client reports that {plain}.", plain), point(f"Client reports that {hope}.", hope)]}
    told = polish(sections, lambda _: True, quotable=0.4)["s"]

    assert "“" in told[1].text
    assert sum(quoted_words(one.text) for one in told) <= 0.4 * sum(len(one.text.split()) for one in told)


def test_a_wording_that_its_evidence_does_not_carry_is_not_taken():
    """The check has the last word: the sentence stays as it was."""
    one = point("Client reports that they freak out all the time.", "I freak out all the time.")
    told = polish({"s": [one]}, lambda tried: tried.text == one.text, quotable=0.2)["s"]

    assert told == [one]


def test_what_is_said_of_death_is_written_as_it_was_said():
    """Danger is never softened by another wording; a denial stays a denial."""
    said = "Sometimes I think it would be nice to go to sleep and not wake up."
    wish = replace(point("Client believes that it would be nice to fall asleep and not wake.", said), topic="risk")
    denial = replace(point("Client denies wanting to die.", "No, I don't want to die."), topic="risk")

    assert [one.text for one in polish({"s": [wish, denial]}, lambda _: True, quotable=0.2)["s"]] == [
        f"Client states, “{said}”",
        "Client denies wanting to die.",
    ]


@pytest.mark.parametrize(
    ("text", "empty"),
    [
        ("Client states, “Yeah.”", True),
        ("Client states, “I guess, I mean, since it's just there.”", True),
        ("Client states, “It's a nine.”", True),
        ("Client states, “My chest is a stone.”", False),
        ("Client reports sleeping.", False),
    ],
)
def test_a_quotation_that_tells_nothing_is_known(text, empty):
    """A yes without its matter is no fact of a note."""
    assert says_nothing(text) is empty


def test_no_quotation_ends_on_a_number_that_counts_what_follows():
    """ "“… the parked van three” times" tears a figure from what it counts."""
    said = ["Would you try sitting in the parked van three times this week after work"]
    text = quote_runs("Client plans on sitting in the parked van three times this week after work.", said)
    assert "three”" not in text


def test_a_task_is_quoted_whole_or_not_at_all():
    """What was agreed is never torn in the middle of what is to be done."""
    said = ["I'll try sitting in the parked van three times this week, fifteen minutes each"]
    whole = "Client agreed to try sitting in the parked van three times this week, fifteen minutes each."
    assert quote_runs(whole, said, to_the_end=True).endswith("three times this week, fifteen minutes each”.")
    more = "Client agreed to try sitting in the parked van three times this week and to keep a log of it."
    assert quote_runs(more, said, to_the_end=True) == more
