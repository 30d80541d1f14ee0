"""Checks: each thing a payer or auditor would miss fires when it is missing, and is still when it is there."""

import re
from dataclasses import replace
from typing import get_args

import pytest

from trellis.chart import (
    Correction,
    DraftNote,
    Evidence,
    Finding,
    Person,
    Section,
    Severity,
    Statement,
    Transcript,
    Turn,
    Verdict,
    Writer,
)
from trellis.scribe.checks import LOOKS, checks, rules
from trellis.scribe.formats import SHIPPED, load_format, rule_ids

SAID = "I sleep maybe four hours a night and it is hard to get to work on time " * 4


def turn(number, speaker="client", text=SAID, **more):
    return Turn(id=number, speaker=speaker, text=text, start=number * 10.0, end=number * 10.0 + 8, **more)


def statement(topic, turn_id=2, quote="maybe four hours a night", **more):
    fields = {"text": "Client reports so.", "status": "supported", "support": 0.9}
    return Statement(topic=topic, evidence=(Evidence(turn=turn_id, quote=quote),), **fields | more)


def a_note(*statements, turns=None, **more):
    spoken = (turn(1, "clinician", "How have you been sleeping these days?"), turn(2)) if turns is None else turns
    fields = {
        "format": "soap",
        "language": "en",
        "people": (),
        "transcript": Transcript(turns=spoken, duration=600.0),
        "sections": (Section(key="subjective", title="Subjective", statements=statements),),
        "not_assessed": (),
        "safety": Verdict(),
        "checks": (),
        "writer": Writer(name="extractive", version="1"),
        "seconds": {},
    }
    return DraftNote(**fields | more)


def fired(note, format_name="soap"):
    return {check.rule: check for check in checks(note, load_format(format_name))}


def finding(level="urgent", turn_id=2, **more):
    fields = {"concern": "suicide", "assertion": "present", "quote": "x"}
    return Finding(level=level, turn=turn_id, **fields | more)


@pytest.mark.parametrize(
    ("rule", "topic", "format_name"),
    [
        ("intervention.named", "intervention", "soap"),
        ("response.described", "response", "soap"),
        ("progress.toward_goals", "progress", "soap"),
        ("goal.linked", "goal", "soap"),
        ("risk.assessed", "risk", "soap"),
        ("diagnosis.stated", "diagnosis", "soap"),
        ("plan.stated", "homework", "soap"),
        ("plan.next_appointment", "appointment", "soap"),
        ("measure.scored", "measure", "soap"),
        ("presenting.stated", "presenting", "intake"),
        ("history.taken", "history", "intake"),
        ("substance.asked", "substance", "intake"),
        ("medical.asked", "medical", "intake"),
        ("function.described", "work", "intake"),
        ("strength.named", "strength", "intake"),
        ("coordination.recorded", "referral", "crisis"),
        ("medication.reviewed", "medication", "med"),
    ],
)
def test_what_is_missing_is_named_and_what_is_there_is_not(rule, topic, format_name):
    """The check fires without a sentence on the topic, says where to mend it, and is still with one."""
    without, with_it = fired(a_note(), format_name), fired(a_note(statement(topic)), format_name)

    assert rule in without
    assert rule not in with_it
    assert without[rule].section in {section.key for section in load_format(format_name).sections}
    assert load_format(format_name).section_title(without[rule].section) in without[rule].message


def test_only_the_record_knows_who_when_and_where():
    """Identification, times and modality block every draft: a recording has no clock and no name tag."""
    found = fired(a_note())

    for rule in ("encounter.identification", "encounter.times", "encounter.modality"):
        assert found[rule].severity == "block"
    assert "about 10 min" in found["encounter.times"].message


def test_a_transcript_without_times_says_so():
    """Where there was no recording, the check doesn't pretend to know its length."""
    note = a_note()
    note = replace(note, transcript=replace(note.transcript, duration=None))

    assert "no times" in fired(note)["encounter.times"].message


@pytest.mark.parametrize(
    ("topics", "words"),
    [
        (("symptom", "work"), "symptoms and daily life"),
        (("sleep",), "not how they affect"),
        (("relationship",), "names no symptoms"),
        ((), "neither"),
    ],
)
def test_medical_necessity_is_asked_with_what_the_note_already_has(topics, words):
    """Why treatment is needed is the clinician's sentence; the check says what it can rest on."""
    assert words in fired(a_note(*map(statement, topics)))["necessity.stated"].message


def test_no_speech_says_only_that():
    """Silence, noise or music gives one clear check, not a list of everything that isn't there."""
    for turns in ((), (turn(1, text="   "),)):
        assert list(fired(a_note(turns=turns))) == ["transcript.no_speech"]


def test_very_little_speech_is_said():
    """A note from a few words is marked incomplete, with how few they were."""
    found = fired(a_note(turns=(turn(1, "clinician", "Hello there."), turn(2, text="Hi."))))

    assert "3 words" in found["transcript.short"].message
    assert "transcript.short" not in fired(a_note())


def test_a_spanish_note_comes_later():
    """A Spanish session is transcribed and screened; its note isn't promised, nor asked to be complete."""
    found = fired(a_note(language="es", safety=Verdict(findings=(finding(),))))

    assert found["language.note_later"].severity == "block"
    assert "safety.review" in found
    assert "intervention.named" not in found


def test_unconfirmed_sentences_block():
    """A note with unconfirmed sentences can't be signed, and their number is told."""
    one = fired(a_note(statement("progress", status="unconfirmed")))["statements.unconfirmed"]
    two = fired(a_note(*[statement("progress", status="unconfirmed")] * 2))["statements.unconfirmed"]

    assert one.severity == "block"
    assert one.message.startswith("1 sentence is ")
    assert two.message.startswith("2 sentences are ")
    assert "statements.unconfirmed" not in fired(a_note(statement("sleep")))


def test_corrected_words_under_a_sentence_are_told():
    """A sentence that rests on a corrected word has to be compared with the recording; others don't."""
    fixed = (Correction(said="foreign", text="four", confidence=0.9),)
    note = a_note(
        statement("sleep"), statement("work", quote="hard to get to work"), turns=(turn(2, corrections=fixed),)
    )

    assert fired(note)["statements.corrected_words"].message.startswith("1 sentence rests ")


def test_words_hard_to_hear_under_a_sentence_are_told():
    """Low confidence of the recogniser reaches the reader."""
    assert "statements.low_confidence" in fired(a_note(statement("sleep"), turns=(turn(2, confidence=0.4),)))
    assert "statements.low_confidence" not in fired(a_note(statement("sleep"), turns=(turn(2, confidence=0.9),)))
    assert "statements.low_confidence" not in fired(a_note(turns=(turn(2, confidence=0.4),)))


@pytest.mark.parametrize(
    "broken",
    [
        statement("sleep", quote="five hours"),
        statement("sleep", turn_id=99),
        statement("sleep", quote=None),
        replace(statement("sleep"), evidence=()),
    ],
)
def test_a_quote_that_isnt_verbatim_is_a_fault(broken):
    """Evidence that doesn't stand in its turn word for word blocks the note, whoever wrote it."""
    assert fired(a_note(broken))["evidence.verbatim"].severity == "block"
    assert "evidence.verbatim" not in fired(a_note(statement("sleep")))


def test_audio_and_chart_evidence_need_no_quote():
    """Only evidence from the transcript is compared with the transcript."""
    measured = Evidence(source="audio", start=0.0, end=5.0, measure="pause", value=4.0, unit="s")

    assert "evidence.verbatim" not in fired(a_note(replace(statement("speech_measure"), evidence=(measured,))))


def test_danger_has_to_be_read_and_documented():
    """An urgent finding blocks until it was reviewed, and points to its turn where the note is silent about it."""
    found = fired(a_note(statement("sleep", turn_id=1, quote="sleeping"), safety=Verdict(findings=(finding(),))))

    assert found["safety.review"].severity == "block"
    assert "level urgent" in found["safety.review"].message
    assert "turn 2" in found["risk.documented"].message
    assert found["risk.documented"].section == "subjective"


def test_danger_that_the_note_documents_isnt_asked_for_again():
    """Where a sentence rests on the turn of the finding, only the review remains."""
    found = fired(a_note(statement("risk"), safety=Verdict(findings=(finding(),))))

    assert "risk.documented" not in found
    assert "safety.review" in found


def test_lesser_findings_dont_block():
    """What a clinician should merely know is shown by the screen and blocks nothing."""
    found = fired(a_note(safety=Verdict(findings=(finding("monitor", assertion="past"),))))

    assert "safety.review" not in found
    assert "risk.documented" not in found


def test_a_question_without_an_answer_is_told():
    """Silence after a question about suicide is for a human to know."""
    note = a_note(
        safety=Verdict(findings=(finding("monitor", assertion="asked"), finding("monitor", 4, assertion="asked")))
    )

    assert "turns 2, 4" in fired(note)["risk.unanswered"].message


def test_danger_without_a_safety_plan_blocks_a_crisis_note():
    """A crisis note that found danger needs its safety plan; without danger none is demanded."""
    dangerous = a_note(safety=Verdict(findings=(finding("emergency"),)))

    assert fired(dangerous, "crisis")["risk.safety_plan"].severity == "block"
    assert "risk.safety_plan" not in fired(a_note(), "crisis")


def test_what_a_recording_cant_know_is_asked_of_the_clinician():
    """Appearance and the like are listed, with the section they belong in."""
    found = fired(a_note(not_assessed=("appearance", "affect")))["mse.not_assessed"]

    assert "appearance, affect" in found.message
    assert found.section == "objective"
    assert "mse.not_assessed" not in fired(a_note())


def test_doubt_about_roles_is_told():
    """Who the clinician is, is stated with its confidence when it isn't sure; unknown speakers are counted."""
    note = a_note()
    unsure = replace(note, transcript=replace(note.transcript, role_confidence=0.55))
    sure = replace(note, transcript=replace(note.transcript, role_confidence=0.97))

    assert "55 %" in fired(unsure)["roles.uncertain"].message
    assert "roles.uncertain" not in fired(sure)
    assert "roles.uncertain" not in fired(note)
    assert fired(a_note(turns=(turn(1, "unknown"), turn(2))))["roles.unknown"].message.startswith("1 turn is ")


def test_one_voice_alone_is_told():
    """A recording with one speaker only may have lost the other."""
    assert "transcript.one_speaker" in fired(a_note(turns=(turn(1), turn(2))))
    assert "transcript.one_speaker" not in fired(a_note())


def test_others_in_the_room_are_named_or_asked_for():
    """Who else took part belongs in the header, unless their relation is known."""
    turns = (turn(1, "clinician"), turn(2), turn(3, "other"))
    mother = Person(id="other", role="other", relation="mother")

    assert "1 person nobody" in fired(a_note(turns=turns))["encounter.participants"].message
    assert "encounter.participants" not in fired(a_note(turns=turns, people=(mother,)))


def test_other_members_of_a_group_dont_enter_the_record():
    """A group note warns that other members spoke."""
    turns = (turn(1, "clinician"), turn(2), turn(3, "client:2"), turn(4, "client:3"))

    assert "2 other members" in fired(a_note(turns=turns), "group")["group.other_members"].message
    assert "group.other_members" not in fired(a_note(), "group")


def test_medication_changes_need_reason_and_consent():
    """A changed medication asks for consent; side effects asked and answered are recognised."""
    assert "medication.consent" in fired(a_note(statement("medication_change")), "med")
    assert "medication.consent" not in fired(a_note(), "med")
    told = statement("medication", text="Client reports no side effects of sertraline.")
    assert "medication.side_effects" not in fired(a_note(told), "med")
    assert "medication.side_effects" in fired(a_note(statement("medication")), "med")


def test_the_gravest_comes_first():
    """What blocks stands above what warns, above what is good to know."""
    found = [check.severity for check in checks(a_note(), load_format("soap"))]

    assert found == sorted(found, key=("block", "warn", "info").index)


def test_a_format_sets_how_grave_a_lack_is():
    """The same lack warns in one format and blocks in another."""
    assert fired(a_note(), "soap")["response.described"].severity == "warn"
    assert fired(a_note(), "birp")["response.described"].severity == "block"


@pytest.mark.parametrize("format_name", SHIPPED)
def test_messages_are_complete_in_every_format(format_name):
    """No placeholder is left open, and no message repeats what a person said."""
    said = (turn(1, "other"), turn(2, confidence=0.3), turn(3, "client:2"), turn(4, "unknown"))
    note = a_note(
        statement("sleep", status="unconfirmed"),
        statement("medication_change"),
        turns=said,
        safety=Verdict(findings=(finding(), finding("monitor", 1, assertion="asked"))),
        not_assessed=("affect",),
    )

    for check in checks(note, load_format(format_name)):
        assert not re.search(r"[{}]", check.message), check.rule
        assert "four hours" not in check.message


def test_rules_are_data_and_each_has_what_it_needs():
    """Every rule is dated and sourced, and each that looks at the note has the code that looks."""
    assert {rule.id for rule in rules() if rule.kind == "looks"} == set(LOOKS)
    assert {rule.id for rule in rules()} == rule_ids()
    for rule in rules():
        assert rule.severity in get_args(Severity)
        assert rule.source
        assert rule.date.year >= 2026
        assert bool(rule.topics) == (rule.kind == "lacks")


def test_every_rule_is_used():
    """A rule that no format asks for and that isn't looked at always would never fire."""
    asked = {requirement.rule for key in SHIPPED for requirement in load_format(key).requires}

    assert {rule.id for rule in rules() if not rule.always} == asked - {rule.id for rule in rules() if rule.always}


def test_a_note_says_what_became_of_a_models_wordings():
    """How many wordings stand and how many were left out is told; a note no model touched says nothing of it."""
    model = Writer(name="local", version="1, small", reworded=3, refused=1, unanswered=0)
    silent = Writer(name="local", version="1, small", reworded=0, refused=0, unanswered=2)

    assert "4 sentences; 3 said" in fired(a_note(writer=model))["writer.reworded"].message
    assert "writer.unanswered" not in fired(a_note(writer=model))
    assert "2 times" in fired(a_note(writer=silent))["writer.unanswered"].message
    assert "writer.reworded" not in fired(a_note(writer=silent))
    assert not {"writer.reworded", "writer.unanswered"} & set(fired(a_note()))
