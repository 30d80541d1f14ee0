"""Telling in the third person: what was said stays what was said."""

import re

import pytest

from trellis.chart import Transcript, Turn
from trellis.inference import LocalParser
from trellis.scribe.points import Utterance
from trellis.scribe.saying.say import say, unite
from trellis.scribe.talk.utterances import utter
from trellis.scribe.words.numbers import numbers_in


@pytest.fixture(scope="session")
def parser():
    return LocalParser()


def heard(parser, *turns: tuple[str, str]) -> tuple[Utterance, ...]:
    said = tuple(Turn(id=at, speaker=who, text=text) for at, (who, text) in enumerate(turns, 1))
    return utter(Transcript(turns=said), parser)


def told(parser, text: str, **options):
    return say(heard(parser, ("client", text))[0], **options)


def answered(parser, question: str, answer: str, **options):
    utterances = heard(parser, ("clinician", question), ("client", answer))
    return say(utterances[-1], question=utterances[0], **options)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("I'm on 20 mg of Prozac.", "Client reports being on 20 mg of Prozac."),
        ("I take fifty milligrams of sertraline at noon.", "Client reports taking 50 mg of sertraline at noon."),
        ("I slept four hours last night.", "Client reports having slept four hours last night."),
        ("I was fired in June.", "Client reports having been fired in June."),
        ("I haven't been sleeping well.", "Client reports not sleeping well."),
        ("I never drink.", "Client reports never drinking."),
        ("I used to drink like six beers a night.", "Client reports that they formerly drank about six beers a night."),
        ("I don't think I need it anymore.", "Client does not believe that they need it any longer."),
        ("I guess I'm just kind of tired.", "Client supposes that they are somewhat tired."),
        ("I'm going to call my sister tomorrow.", "Client plans to call their sister tomorrow."),
        ("I would go if I could.", "Client states that they would go if they could."),
        ("I hope it gets better.", "Client hopes that it improves."),
        ("I feel like nobody cares about me.", "Client feels that nobody cares about them."),
        ("When I'm at work, I panic.", "Client reports that, when they are at work, they panic."),
        ("My mom told me that I'm lazy.", "Client reports that their mother told them that they are lazy."),
        ("I woke up at 3 and couldn't go back to sleep.",
         "Client reports that they woke at 3 and could not return to sleep."),
        ("I just sit on the couch all day.", "Client reports sitting on the couch throughout the day."),
        ("I've never tried to kill myself.", "Client reports never having attempted to kill themselves."),
        ("My pain is a seven out of ten.", "Client reports that their pain is a 7/10."),
        ("We fight all the time.", "Client reports that they fight constantly."),
    ],
)  # fmt: skip
def test_first_person_becomes_clinical_third_person(parser, said, written):
    """Person, tense, negation, agreement, hedges and conditions of a sentence survive its change of person."""
    assert told(parser, said) == written


@pytest.mark.parametrize(
    ("pronouns", "written"),
    [
        ("she", "Client reports that, when she is at work, she panics."),
        ("he", "Client reports that, when he is at work, he panics."),
        ("they", "Client reports that, when they are at work, they panic."),
    ],
)
def test_verbs_agree_with_the_pronoun(parser, pronouns, written):
    """Each pronoun brings the agreement of its verbs."""
    assert told(parser, "When I'm at work, I panic.", pronouns=pronouns) == written


@pytest.mark.parametrize(
    "said",
    [
        "Um, so like, I've been, you know, feeling really down for, like, three weeks.",
        "I've, I've been feeling really down for three weeks, you know.",
        "Well, I mean, I've been feeling really down for three weeks.",
    ],
)
def test_fillers_and_restarts_leave_no_trace(parser, said):
    """A sentence told with disfluencies reads as if it had been said without."""
    assert told(parser, said) == "Client reports feeling very down for three weeks."


@pytest.mark.parametrize(
    ("question", "answer", "written"),
    [
        ("How many hours do you sleep a night?", "Maybe four.",
         "Client reports sleeping possibly four hours a night."),
        ("How often do you drink?", "Three times a week.", "Client reports drinking three times a week."),
        ("How long have you been feeling this way?", "About two years.",
         "Client reports feeling this way for about two years."),
        ("Who do you live with?", "My mom.", "Client reports living with their mother."),
        ("Have you ever been hospitalized?", "No, never.", "Client denies ever having been hospitalized."),
        ("Do you have any thoughts of hurting yourself?", "No.",
         "Client denies having any thoughts of hurting themselves."),
        ("Any side effects?", "No.", "Client denies any side effects."),
        ("Did you do the homework?", "Yeah, I did.", "Client reports having done the homework."),
        ("Can you sleep?", "No.", "Client reports being unable to sleep."),
        ("Does your mom drink?", "Yeah.", "Client reports that their mother drinks."),
        ("How's your sleep?", "It's awful.", "Client reports that their sleep is awful."),
        ("Are you taking your medication?", "Not really.",
         "Asked whether they are taking their medication, Client answers, “Not really”."),
    ],
)  # fmt: skip
def test_an_answer_is_told_with_its_question(parser, question, answer, written):
    """Fragments, yes and no become sentences with what was asked; a half no is quoted, not made a denial."""
    assert answered(parser, question, answer) == written


def test_a_yes_to_one_of_two_things_chooses_neither(parser):
    """ "Sad or anxious?" "Yes." names neither as present."""
    written = answered(parser, "Have you been feeling sad or anxious?", "Yes.")
    assert written is None or "“Yes”" in written


@pytest.mark.parametrize(
    "said",
    [
        "Are you going to write this down?", "Yeah.", "I was going to the", "You told me to call her.",
        "It's fine.", "Thank you so much.", "If I ever", "Because of the",
    ],
)  # fmt: skip
def test_what_cannot_be_told_is_left_out(parser, said):
    """Questions, bare words, unfinished sentences and words for the clinician give nothing."""
    assert told(parser, said) is None


def test_a_denial_is_worded_as_one_only_where_it_was_asked_for(parser):
    """Without a question "I don't" is reported, not a denial."""
    assert "denies" not in (told(parser, "I don't smoke at home.") or "")
    assert told(parser, "I don't smoke at home.", denied=True) == "Client denies smoking at home."


def test_words_that_matter_can_be_kept(parser):
    """A quotation holds the words as they were said."""
    assert told(parser, "I just want it to stop.", keep_quote=True) == "Client states, “I just want it to stop”."


SUBJECTS = ("I", "My brother", "My wife")
VERBS = (("take", "takes"), ("drink", "drinks"), ("sleep", "sleeps"), ("skip", "skips"))
NEGATIONS = ("", "don't", "never")
AMOUNTS = ("two pills", "15 mg", "three beers", "six hours")


@pytest.fixture(scope="session")
def generated(parser):
    sentences = []
    for who in SUBJECTS:
        for own, other in VERBS:
            for negation in NEGATIONS:
                verb = own if who == "I" or negation == "don't" else other
                shown = "doesn't" if negation == "don't" and who != "I" else negation
                sentences.extend(f"{who} {shown} {verb} {amount} a night.".replace("  ", " ") for amount in AMOUNTS)
    return [(said, say(heard(parser, ("client", said))[0])) for said in sentences]


def test_numbers_are_neither_lost_nor_made(generated):
    """For every subject, verb, negation and amount the numbers stay the same."""
    written = [(said, text) for said, text in generated if text]
    assert len(written) > 0.8 * len(generated)
    for said, text in written:
        assert numbers_in(said) == numbers_in(text), (said, text)


def test_negations_are_neither_lost_nor_made(generated):
    """For every subject, verb and amount a denial stays one, and nothing else becomes one."""
    negated = re.compile(r"n't\b|\b(?:not|never|no|denies)\b")
    for said, text in generated:
        if text:
            assert bool(negated.search(said)) == bool(negated.search(text)), (said, text)


def test_whose_it_is_stays(generated):
    """What a brother or wife does is never told as the client's own."""
    for said, text in generated:
        if text:
            assert ("brother" in said) == ("brother" in text)
            assert ("wife" in said) == ("wife" in text)


def test_two_sentences_become_one_only_where_that_is_safe():
    """Plain reports of one person join; conditions, denials beside reports and other people don't."""
    one, two = "Client reports sleeping poorly.", "Client reports eating once a day."
    assert unite(one, two) == "Client reports sleeping poorly and eating once a day."
    assert unite("Client denies headaches.", "Client denies nausea.") == "Client denies headaches or nausea."
    assert unite(one, "Client denies nausea.") is None
    assert unite(one, "Mother reports eating once a day.") is None
    assert unite(one, "Client reports that they eat if they can.") is None


@pytest.mark.parametrize(
    "said", ["At lunch, when nobody's around.", "Three if I'm on the game.", "Pass chem so I can play."]
)
def test_a_fragment_with_a_clause_inside_is_no_sentence(parser, said):
    """What has no verb of its own is never told behind "that"."""
    assert " that " not in (told(parser, said) or "")


def test_staying_up_keeps_its_up(parser):
    """ "Up until three" is about being awake, not only about a time."""
    assert told(parser, "I was up until three in the morning.") == (
        "Client reports having been up until three in the morning."
    )


def test_a_verb_that_only_points_back_is_not_told(parser):
    """ "Ruth and I always did" says nothing without what was done."""
    assert told(parser, "Ruth and I always did.") is None


def test_a_rating_is_no_amount(parser):
    """How much a thought is believed is a figure of its own, not an amount of believing."""
    assert "believing" not in (answered(parser, "How much do you believe that one?", "Seventy.") or "")


def test_courtesy_is_no_part_of_what_was_asked(parser):
    """ "If I may ask" belongs to nobody's answer."""
    text = answered(parser, "How old are you now, if I may ask?", "Seventy-nine in June.")
    assert text is not None
    assert text.startswith("Asked how old they are now, Client answers")


@pytest.mark.parametrize(
    "said",
    [
        "70, and the old one's down to maybe 40.",
        "Then whatever's at the drive-through.",
        "My mom's been saying that for a year so don't tell her I said it.",
    ],
)
def test_half_a_thing_and_a_request_to_the_clinician_are_not_told(parser, said):
    """Neither tells a fact of the client."""
    assert told(parser, said) is None


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("I'm going to the gym after work.", "will the"),
        ("We're going to court on Monday.", "will court"),
        ("I think that decided that I've had enough tests.", "that decided"),
    ],
)
def test_a_way_somewhere_is_no_time_to_come(parser, said, wrong):
    """ "Going to the gym" never becomes "will the gym", and a sentence without its subject is not told."""
    assert wrong not in str(told(parser, said))
