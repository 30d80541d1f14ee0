"""The support check: what isn't carried by what was said doesn't pass."""

import json
from importlib.resources import files

import pytest

from trellis.chart import Correction, Evidence, Transcript, Turn
from trellis.scribe.checking.check import check, may_be_written
from trellis.scribe.checking.support import Said, support_of_text
from trellis.scribe.points import Point

QUESTION = "Clinician: Do you have any thoughts of hurting yourself?\nClient: "


@pytest.mark.parametrize(
    ("statement", "evidence"),
    [
        ("Client reports insomnia.", "Client: I just can't sleep lately."),
        ("Client reports taking 50 mg of sertraline.", "Client: I take fifty milligrams of sertraline."),
        ("Client reports daily crying.", "Client: I cry every day."),
        ("Client reports having slept possibly four hours.", "Client: I slept maybe four hours."),
        ("Client denies having any thoughts of hurting themselves.", QUESTION + "No."),
        ("Client reports that their mother drinks nightly.", "Client: My mom drinks every night."),
        ("Client states, “I can't do this.”", "Client: I can't do this."),
    ],
)
def test_paraphrases_that_say_no_more_are_supported(statement, evidence):
    """Synonyms, figures for number words and answers with their questions carry a statement."""
    assert support_of_text(statement, evidence).status == "supported"


@pytest.mark.parametrize(
    ("statement", "evidence", "reason"),
    [
        ("Client reports taking 15 mg of sertraline.", "Client: I take fifty milligrams of sertraline.", "15"),
        ("Client reports thoughts of hurting themselves.", QUESTION + "No.", "denied"),
        ("Client denies thoughts of hurting themselves.", QUESTION + "Well, my landlord came.", "asked"),
        ("Client reports drinking nightly.", "Client: My mother drinks every night.", "somebody else"),
        ("Client reports that their mother drinks.", "Client: I drink every night.", "mother"),
        ("Client reports drinking six beers a night.", "Client: I used to drink six beers a night.", "over"),
        ("Client plans to quit smoking.", "Client: I'm thinking about quitting smoking.", "plan"),
        ("Client reports sleeping four hours.", "Client: Maybe I sleep four hours.", "doubt"),
        ("Client states, “I want to die.”", "Client: I wish I was gone.", "word for word"),
        ("Client appeared tearful with flat affect.", "Client: I'm tearful and flat.", "recording"),
        ("Client reports taking three pills.", "Client: I take two, no sorry, three pills.", None),
        ("Client reports taking two pills.", "Client: I take two, no sorry, three pills.", "taken back"),
    ],
)
def test_each_kind_of_error_is_named(statement, evidence, reason):
    """A wrong figure, polarity, person, time, certainty or quotation holds a sentence back and says why."""
    found = support_of_text(statement, evidence)
    assert (found.status == "supported") == (reason is None)
    assert reason is None or any(reason in each for each in found.reasons), found.reasons


THINGS = ("smoke cigarettes", "drink beer", "take lithium", "skip meals", "hear voices", "cut myself")
GERUNDS = ("smoking cigarettes", "drinking beer", "taking lithium", "skipping meals", "hearing voices",
           "cutting themselves")  # fmt: skip


@pytest.mark.parametrize(("thing", "gerund"), list(zip(THINGS, GERUNDS, strict=True)))
def test_a_flipped_denial_number_or_person_never_passes(thing, gerund):
    """For each thing: the true sentence stands; with a denial, a number or a person changed it doesn't."""
    for number, wrong in (("two", "three"), ("five", "15"), ("twelve", "20")):
        said = f"Client: I {thing} {number} times a week."
        assert support_of_text(f"Client reports {gerund} {number} times a week.", said).status == "supported"
        for statement in (
            f"Client reports not {gerund} {number} times a week.",
            f"Client denies {gerund}.",
            f"Client reports {gerund} {wrong} times a week.",
            f"Client reports that their sister reports {gerund} {number} times a week.",
        ):
            assert support_of_text(statement, said).status == "unconfirmed", statement
        asked = f"Clinician: Do you {thing.replace('myself', 'yourself')}?\nClient: "
        assert support_of_text(f"Client reports {gerund}.", asked + "No.").status == "unconfirmed"
        assert support_of_text(f"Client denies {gerund}.", asked + "Yes.").status == "unconfirmed"


@pytest.mark.parametrize(
    ("statement", "evidence"),
    [
        ("Client takes 100 mg of sertraline at dawn.", "Client: I take fifty milligrams of sertraline."),
        ("Client takes fluoxetine at dawn.", "Client: I take fifty milligrams of sertraline."),
        ("Client denies drinking beer every night.", "Client: I drink beer every night."),
        ("Client's sister drinks beer nightly.", "Client: My mother drinks beer every night."),
        ("Client's wife checked the stove four times.", "Client: I checked the stove four times, my wife timed it."),
        ("Client overdosed at the cabin.", "Client: I was out at the lake house and felt sick."),
        ("Client will be back on Friday.", "Client: I come back on Tuesday."),
        ("Client states, “I want to go.”", "Client: I wish I was gone."),
        ("Client appeared disheveled.", "Client: I didn't shower."),
    ],
)
def test_what_does_not_fit_is_told_from_what_is_only_worded_otherwise(statement, evidence):
    """A figure, drug, denial, person, danger, day, quotation or what can't be heard is open to no other judgement."""
    found = support_of_text(statement, evidence)
    assert (found.status, found.open) == ("unconfirmed", frozenset())
    reworded = support_of_text("Client lays a place out of habit.", "Client: I set the table for two.")
    assert (reworded.status, reworded.open) == ("unconfirmed", frozenset({"wording"}))


def test_both_ends_of_a_range_may_be_said_apart():
    """Two figures that were said make a range; one that wasn't makes none."""
    said = "Clinician: What is your efficiency? / Client: It was sixty four when I started and is eighty one."
    assert not any("number" in each for each in support_of_text("Efficiency rose from 64 to 81.", said).reasons)
    assert any("number" in each for each in support_of_text("Efficiency rose from 64 to 91.", said).reasons)


def test_the_check_keeps_what_it_reached_on_authored_pairs():
    """On pairs near to speech at least 97 % of planted errors are caught, at most 5 % of true sentences held."""
    folder = files("trellis.lab") / "corpora" / "support"
    pairs = [
        json.loads(line)
        for file in sorted(folder.iterdir(), key=lambda each: each.name)
        if file.name.endswith(".jsonl") and not file.name[0].isdigit()
        for line in file.read_text("utf-8").splitlines()
    ]
    held = [support_of_text(pair["statement"], pair["evidence"]).status == "unconfirmed" for pair in pairs]
    true = [was_held for pair, was_held in zip(pairs, held, strict=True) if pair["faithful"]]
    false = [was_held for pair, was_held in zip(pairs, held, strict=True) if not pair["faithful"]]
    assert len(pairs) >= 300
    assert sum(false) >= 0.97 * len(false)
    assert sum(true) <= 0.05 * len(true)


# Whole points --------------------------------------------------------------------------------------------------------


def transcript(*turns: Turn) -> Transcript:
    return Transcript(turns=turns)


def point(text: str, quote: str, **more) -> Point:
    evidence = (Evidence(turn=1, quote=quote),)
    return Point(**{"topic": "medication", "text": text, "evidence": evidence, "weight": 0.5, **more})


def test_a_dose_that_rests_on_a_correction_waits_for_a_clinician():
    """A corrected drug name is never vouched for by the machine that corrected it."""
    corrected = Correction(said="search line", text="sertraline", confidence=0.9)
    turn = Turn(id=1, speaker="client", text="I take sertraline daily.", corrections=(corrected,))
    statement = check(point("Client reports taking sertraline daily.", turn.text), transcript(turn))
    assert statement.status == "unconfirmed"
    assert any("search line" in reason for reason in statement.reasons)
    plain = Turn(id=1, speaker="client", text="I take sertraline daily.")
    assert check(point("Client reports taking sertraline daily.", plain.text), transcript(plain)).status == "supported"


def test_a_corrected_spelling_is_no_doubt():
    """A correction that changes no letter and no digit leaves nothing to confirm."""
    spelled = Correction(said="PHQ -9", text="PHQ-9", confidence=0.99)
    turn = Turn(id=1, speaker="client", text="I filled out the PHQ-9.", corrections=(spelled,))
    statement = check(point("Client reports filling out the PHQ-9.", turn.text), transcript(turn))
    assert statement.status == "supported"


def test_what_concludes_waits_for_a_clinician():
    """An inference is unconfirmed however well its words are carried."""
    turn = Turn(id=1, speaker="client", text="I take sertraline daily.")
    inferred = point("Client reports taking sertraline daily.", turn.text, inferred=True)
    assert check(inferred, transcript(turn)).status == "unconfirmed"


def test_evidence_that_is_not_verbatim_supports_nothing():
    """A quote that isn't in its turn, or no quote at all, leaves a statement unconfirmed."""
    turn = Turn(id=1, speaker="client", text="I take sertraline daily.")
    assert check(point("Client reports taking sertraline daily.", "I take sertraline."), transcript(turn)).reasons
    nothing = point("Client reports taking sertraline daily.", "", evidence=())
    assert check(nothing, transcript(turn)).status == "unconfirmed"
    assert check(nothing, transcript(turn)).support == 0.0


def test_doubts_of_understanding_are_kept():
    """What understanding doubted stays doubted, in its words."""
    turn = Turn(id=1, speaker="client", text="I take sertraline daily.")
    doubted = point("Client reports taking sertraline daily.", turn.text, doubts=("Answered by a gesture only.",))
    assert check(doubted, transcript(turn)).reasons == ("Answered by a gesture only.",)


@pytest.mark.parametrize("text", ["Client made poor eye contact.", "Affect was flat.", "Client appeared disheveled."])
def test_what_a_microphone_cannot_know_may_not_be_written(text):
    """Appearance, affect, eye contact and movement are refused; the client's own words about them are a report."""
    assert not may_be_written(text)
    said = [Said(role="client", text="I can't make eye contact with people.")]
    assert may_be_written("Client reports being unable to make eye contact with people.", said)
