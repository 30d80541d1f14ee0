"""A draft in the record: answered for sentence by sentence, by whom and when; two people don't overwrite each other."""

import pytest

from trellis.chart import Statement
from trellis.kernel import Conflict, Invalid, NotFound
from trellis.record.drafts import answer, bring_back, confirm, discard, edit, remove, settle, stored, write
from trellis.record.ready import what_is_open
from trellis.record.sign import sign

from .desk import ANN, BEN, DANA, NOTE, SLEEP, one_session, said, with_statements


def statement(draft, number):
    return next(each for each in draft.content.statements() if each.number == number)


def test_a_stored_draft_holds_no_transcript_and_keeps_its_quotes(record):
    """A draft names its transcript and carries no copy: only the words its sentences quote."""
    draft = one_session(record)
    with record.work(ANN) as work:
        found = work.open(draft.id)

    assert found.content == draft.content
    assert found.content.transcript.startswith("tra_")
    assert "My sister called" not in repr(found.content)
    assert statement(found, 1).evidence[0].quote == "four hours a night"


@pytest.mark.parametrize(
    ("text", "topic", "ask"),
    [
        ("Client reports a wish to be dead last week.", "symptom", "risk"),
        ("Client describes cutting her forearm.", "risk", "risk"),
        ("Client denies alcohol use.", "substance", "denial"),
        ("No history of seizures was reported.", "medical", "denial"),
        ("Client takes lamotrigine 100 mg at night.", "medication", "dose"),
        ("Client takes half a tablet.", "medication", "dose"),
        ("Client reports taking sertraline 50.", "medication", "dose"),
        ("Client reports no side effects.", "medication", "denial"),
        ("Clinician's diagnosis as stated: panic disorder.", "diagnosis", "diagnosis"),
        ("Client says the doctor diagnosed bipolar disorder.", "history", "diagnosis"),
    ],
)
def test_what_needs_a_yes_of_its_own(text, topic, ask):
    """Danger, denials, doses and diagnoses are asked about even where their evidence carries them."""
    note = with_statements(Statement(text=text, topic=topic, status="supported", support=1.0, evidence=SLEEP.evidence))
    draft = stored(note)

    assert ask in next(draft.statements()).asks
    assert what_is_open(draft).statements == ((1, next(draft.statements()).asks),)


def test_a_corrected_word_needs_a_yes():
    """A sentence that rests on a word put right after recognition is asked about, though the check was content."""
    resting = Statement(
        text="Client takes the tablets.", topic="other", status="supported", support=1.0,
        evidence=(said(5, "I take sertraline"),),
    )  # fmt: skip

    assert next(stored(with_statements(resting)).statements()).asks == ("corrected",)


def test_a_plain_sentence_needs_no_yes():
    """What evidence carries and is of no grave kind may be signed without a click."""
    assert not what_is_open(stored(with_statements(SLEEP)))


def test_each_answer_says_who_and_when(record):
    """Confirming, editing and removing leave who did it and when, and the machine's first words."""
    draft = one_session(record)
    with record.work(BEN) as work:
        draft = confirm(work, draft, [2])
        draft = edit(work, draft, 1, "Client reports four hours of sleep.")
        draft = remove(work, draft, [4])
        now = work.now

    assert [(act.what, act.actor, act.at) for act in statement(draft, 2).acts] == [("confirmed", BEN, now)]
    assert statement(draft, 1).machine == SLEEP.text
    assert statement(draft, 1).evidence[-1].source == "clinician"
    assert statement(draft, 4).is_removed
    with record.work(ANN) as work:
        assert [each.actor for each in work.history(draft.id)] == [ANN, BEN, BEN, BEN]


def test_a_yes_counts_only_for_the_words_it_was_given_to(record):
    """Rewording, or bringing back what was removed, makes a sentence open again."""
    draft = one_session(record, note=with_statements(SLEEP))
    with record.work(ANN) as work:
        draft = edit(work, confirm(work, draft, [1]), 1, "Client sleeps four hours.")
        assert [number for number, _ in what_is_open(draft.content).statements] == [1]
        draft = confirm(work, draft, [1])
        assert not what_is_open(draft.content)
        draft = bring_back(work, remove(work, draft, [1]), 1)

    assert [number for number, _ in what_is_open(draft.content).statements] == [1]


def test_a_question_of_danger_stays_open_until_a_sentence_answers_it(record):
    """The answer becomes a sentence of the note that has to be confirmed; removed, the question is open again."""
    draft = one_session(record)
    assert what_is_open(draft.content).questions == (1,)
    with record.work(ANN) as work:
        draft = answer(work, draft, 1, "Client denies ever having hurt himself.")
        found = what_is_open(draft.content)
        assert found.questions == () and 5 in dict(found.statements)
        assert {"risk", "denial"} <= set(statement(draft, 5).asks)
        draft = remove(work, draft, [5])

    assert what_is_open(draft.content).questions == (1,)


def test_what_a_person_writes_is_theirs(record):
    """A sentence of one's own stands in its section, and asks as any other: a dose needs a yes."""
    draft = one_session(record, note=with_statements(SLEEP))
    with record.work(ANN) as work:
        draft = write(work, draft, "subjective", "Takes 20 mg of fluoxetine.", "medication")

    assert not statement(draft, 2).is_machine
    assert dict(what_is_open(draft.content).statements) == {2: ("dose",)}


def test_two_people_at_one_draft_do_not_overwrite_each_other(record):
    """The second to answer what the first has changed since is told so, and nothing of the first is lost."""
    draft = one_session(record)
    with record.work(ANN) as work:
        confirm(work, draft, [2])
    with pytest.raises(Conflict), record.work(BEN) as work:
        remove(work, draft, [2])
    with record.work(ANN) as work:
        assert statement(work.open(draft.id), 2).is_confirmed


def test_what_is_not_there_is_refused(record):
    """Numbers, rules, sections and questions that the draft doesn't have, and empty words, are refused."""
    draft = one_session(record)
    with record.work(ANN) as work:
        for wrong in (
            lambda: confirm(work, draft, [9]),
            lambda: settle(work, draft, "no.such", "done"),
            lambda: write(work, draft, "nowhere", "Words.", "plan"),
            lambda: answer(work, draft, 7, "Words."),
            lambda: edit(work, draft, 9, "Words."),
        ):
            with pytest.raises(NotFound):
                wrong()
        with pytest.raises(Invalid):
            edit(work, draft, 1, "  ")
        with pytest.raises(Conflict):
            bring_back(work, draft, 1)
        removed = remove(work, draft, [1])
        with pytest.raises(Conflict):
            confirm(work, removed, [1])
        with pytest.raises(Conflict):
            edit(work, removed, 1, "Words.")


def test_the_note_itself_is_the_contract_still():
    """What the record counts anew (open sentences) is no check of its own; every other check is kept."""
    assert [each.rule for each in stored(NOTE).checks] == ["encounter.times", "intervention.named", "plan.stated"]


def test_a_discarded_draft_is_no_longer_anybodys(record):
    """Nobody can answer for it or sign it; it no longer waits for anybody, and no other work on it is lost."""
    draft = one_session(record, note=with_statements(SLEEP))
    with record.work(ANN) as work:
        gone = discard(work, draft)
        assert work.find(kinds=["draft"], states=["open"]) == []
    for try_to in (lambda w: edit(w, gone, 1, "x"), lambda w: sign(w, gone, DANA), lambda w: discard(w, gone)):
        with pytest.raises(Conflict, match="discarded"), record.work(ANN) as work:
            try_to(work)
    with record.work(BEN) as work:
        assert work.open(draft.id).content == draft.content
