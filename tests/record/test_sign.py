"""Signing: nothing open, whole or not at all, by one person, and never changed afterwards."""

import os
import random
import signal
import threading
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from trellis.chart import CosignedNote, Signer, Statement
from trellis.governance import entries_of
from trellis.kernel import Conflict, Invalid, NotPermitted, TrellisError
from trellis.record.beside import addenda_of, amend, cosign, open_final
from trellis.record.drafts import CLOSED, OPEN, answer, bring_back, confirm, edit, remove, settle, stored, write
from trellis.record.proof import digest_of, fault_of
from trellis.record.ready import what_is_open
from trellis.record.sign import sign

from .desk import ANN, BEN, DANA, DENIAL, NOON, NOTE, SLEEP, STAGE, SUE, answered, one_session, said, with_statements


def test_what_is_open_is_listed_by_number_and_without_words(record):
    """A draft with an unconfirmed sentence, an unsettled check or an unanswered question of danger can't be signed."""
    draft = one_session(record, stopped=False)
    with pytest.raises(Invalid) as error, record.work(ANN) as work:
        sign(work, draft, DANA)
    told = str(error.value)

    assert "statements 2, 3, 4" in told and "risk questions 1" in told
    assert "encounter.times, intervention.named" in told
    assert not any(word in told for word in ("sertraline", "sleeping", "hurt"))


def test_the_chart_settles_what_it_knows_of_the_encounter(record):
    """A check that asks for times is settled by an encounter that has them, and by nothing said in the session."""
    draft = one_session(record)
    with pytest.raises(Invalid) as error, record.work(ANN) as work:
        sign(work, draft, DANA)

    assert "encounter.times" not in str(error.value) and "intervention.named" in str(error.value)


def test_each_thing_open_alone_keeps_a_note_from_being_signed(record):
    """Everything else answered, one sentence, one check or one question is enough to refuse."""
    draft = one_session(record)
    with record.work(ANN) as work:
        draft = confirm(work, draft, [2, 3, 4])
        draft = answer(work, draft, 1, "Asked again: never.")
        draft = confirm(work, draft, [5])
        with pytest.raises(Invalid, match=r"checks intervention\.named"):
            sign(work, draft, DANA)
        draft = settle(work, draft, "intervention.named", "Listened.")
        draft = edit(work, draft, 1, "Client sleeps four hours.")
        with pytest.raises(Invalid, match=r"statements 1\."):
            sign(work, draft, DANA)
        draft = confirm(work, remove(work, draft, [5]), [1])
        with pytest.raises(Invalid, match="risk questions 1"):
            sign(work, draft, DANA)


def test_a_signed_note_says_what_was_signed_by_whom(record):
    """Digest, signer, credentials, time, and for each sentence whose words it is and who changed or confirmed it."""
    draft = one_session(record)
    with record.work(BEN) as work:
        draft = edit(work, answered(work, draft), 1, "Client sleeps four hours.")
        draft = write(work, draft, "plan", "See again in a week.", "plan")
    with record.work(ANN) as work:
        draft = remove(work, confirm(work, draft, [1]), [4])
        note = sign(work, draft, DANA)
    text = note.content.text
    by_number = {each.number: each for each in text.statements()}

    assert (text.signer, text.signed_at, text.removed) == (DANA, NOON, 1)
    assert set(by_number) == {1, 2, 3, 5, 6}
    assert by_number[2].written_by == "machine"
    assert (by_number[1].written_by, by_number[1].machine) == ("machine_edited", SLEEP.text)
    assert by_number[6].written_by == "person"
    assert [(act.what, act.actor) for act in by_number[1].acts] == [("edited", BEN), ("confirmed", ANN)]
    assert text.header.name == "Ann Example" and text.header.stopped_at is not None
    assert text.checks[1].words.startswith("Supportive") and text.checks[1].act.actor == BEN
    assert note.content.digest == digest_of(text)
    assert fault_of(note.content, record.vault, record.tenant) == ""


def test_the_signed_digest_is_on_the_chain(record):
    """The line of the signature holds the digest of exactly what was signed, and no word of it."""
    draft = one_session(record)
    with record.work(ANN) as work:
        draft = answered(work, draft)
        note = sign(work, draft, DANA)
    with record.database.look(record.tenant) as connection:
        lines = [each.entry for each in entries_of(connection, record.tenant, note.client)]
    signed = next(line for line in lines if line.action == "note.sign")

    assert signed.subject == note.id and signed.detail["signed"] == note.content.digest
    assert "four hours" not in repr(lines)
    assert record.verify()[1] is None


def test_what_was_signed_never_changes(record):
    """A signed draft takes no more answers, the note's row can be neither changed nor deleted, and a copy that says
    something else is found out."""
    draft = one_session(record)
    with record.work(ANN) as work:
        draft = answered(work, draft)
        note = sign(work, draft, DANA)
    with record.work(ANN) as work:
        closed = work.open(draft.id)
        assert closed.state == CLOSED and closed.content.signed_as == note.id
        with pytest.raises(Conflict):
            confirm(work, closed, [1])
        with pytest.raises(Conflict):
            sign(work, closed, DANA)
    for statement in (
        f"UPDATE versions SET digest = '00' WHERE id = '{note.id}'",
        f"DELETE FROM versions WHERE id = '{note.id}'",
    ):
        with pytest.raises(Conflict), record.database.change(record.tenant) as connection:
            connection.exec_driver_sql(statement)
    other = replace(note.content.text, format="dap")
    forged = replace(note.content, text=other)
    resigned = replace(note.content, text=other, digest=digest_of(other))

    assert fault_of(forged, record.vault, record.tenant) == "altered"
    assert fault_of(resigned, record.vault, record.tenant) == "forged"


def test_what_was_not_seen_is_not_signed(record):
    """A draft whose content isn't the record's, whoever holds it, can't be signed in its place."""
    draft = one_session(record)
    clean = stored(with_statements(SLEEP))
    with pytest.raises(Conflict), record.work(ANN) as work:
        sign(work, replace(draft, content=clean), DANA)


def test_a_late_note_is_marked_with_its_reason(record):
    """Days after the encounter a signature needs a reason, and the note says that it is late."""
    note = with_statements(SLEEP)
    draft = one_session(record, now=NOON + timedelta(days=5), note=note)
    with record.work(ANN) as work:
        with pytest.raises(Invalid, match="late"):
            sign(work, draft, DANA)
        signed = sign(work, draft, DANA, late_reason="Ill since Monday.")

    assert signed.content.text.late.hours == 122 and signed.content.text.late.reason == "Ill since Monday."


def test_nothing_is_signed_before_it_happened(record):
    """By a clock that went backwards the encounter hasn't begun: the note waits."""
    draft = one_session(record, now=NOON, note=with_statements(SLEEP))
    record.clock.at = NOON - timedelta(days=1)
    with pytest.raises(Invalid, match="clock"), record.work(ANN) as work:
        sign(work, draft, DANA)


def test_nobody_signs_for_somebody_else(record):
    """The signer is who works here, with a name and credentials."""
    draft = one_session(record, note=with_statements(SLEEP))
    with record.work(BEN) as work:
        with pytest.raises(NotPermitted):
            sign(work, draft, DANA)
        with pytest.raises(Invalid):
            sign(work, draft, Signer(staff=BEN, name="Ben", credentials=" "))
        assert work.open(draft.id).state == OPEN


def test_an_empty_note_is_not_signed(record):
    """With every sentence removed there is nothing to answer for."""
    draft = one_session(record, note=with_statements(SLEEP))
    with pytest.raises(Invalid, match="nothing"), record.work(ANN) as work:
        sign(work, remove(work, draft, [1]), DANA)


def test_a_supervised_note_waits_for_its_cosignature(record):
    """Nobody builds on it before; the supervisor gets a task; once cosigned it is final, and no second time."""
    junior = replace(DANA, credentials="intern", supervisor=SUE)
    boss = Signer(staff=SUE, name="Sue Park", credentials="PhD")
    draft = one_session(record, note=with_statements(SLEEP))
    with record.work(ANN) as work:
        note = sign(work, draft, junior)
        with pytest.raises(Conflict, match="waits"):
            open_final(work, note.id)
        task = work.open_all(work.find(client=note.client, kinds=["task"], states=["open"]))[0]
        with pytest.raises(NotPermitted):
            cosign(work, note, junior)
    assert (task.content.owner, task.content.about) == (SUE, note.id)
    with record.work(SUE) as work:
        cosignature = cosign(work, note, boss, "Read and discussed.")
    with record.work(BEN) as work:
        final = open_final(work, note.id)
        assert work.find(client=note.client, kinds=["task"], states=["open"]) == []
    with pytest.raises(Conflict), record.work(SUE) as work:
        cosign(work, note, boss)

    assert isinstance(final, CosignedNote) and final.note == note.content
    assert final.cosignature.text.digest == note.content.digest
    assert fault_of(cosignature.content, record.vault, record.tenant) == ""


def test_additions_stand_beside_what_was_signed(record):
    """An addendum adds, a correction names its sentence; both are signed, and the note is as it was."""
    draft = one_session(record, note=with_statements(SLEEP))
    with record.work(ANN) as work:
        note = sign(work, draft, DANA)
        for wrong in (
            {"kind": "correction"},
            {"kind": "correction", "statement": 9},
            {"kind": "addendum", "statement": 1},
        ):
            with pytest.raises(Invalid):
                amend(work, note, DANA, words="Five hours.", reason="Misheard.", **wrong)
        with pytest.raises(Conflict):
            cosign(work, note, DANA)
    with record.work(ANN) as work:
        amend(work, note, DANA, kind="addendum", words="Called the sister.", reason="Came later.")
        amend(work, note, DANA, kind="correction", statement=1, words="Five hours.", reason="Misheard.")
    with record.work(BEN) as work:
        beside = addenda_of(work, note)
        assert work.open(note.id).content == note.content

    assert [(each.content.text.kind, each.content.text.statement) for each in beside] == [
        ("addendum", None),
        ("correction", 1),
    ]
    assert all(each.content.text.digest == note.content.digest for each in beside)


def test_of_two_who_sign_at_once_exactly_one_does(record):
    """Both have the same draft before them and sign in the same moment: one note, one refusal, no third outcome."""
    draft = one_session(record, note=with_statements(SLEEP))
    start, outcomes = threading.Barrier(2), []

    def try_to(actor):
        signer = Signer(staff=actor, name=actor, credentials="MD")
        start.wait()
        try:
            with record.work(actor) as work:
                outcomes.append(sign(work, draft, signer).content.text.signer.staff)
        except Conflict:
            outcomes.append("refused")

    people = [threading.Thread(target=try_to, args=(actor,)) for actor in (ANN, BEN)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    with record.work(ANN) as work:
        notes = work.find(client=draft.client, kinds=["note"])
        signed_by = work.open(notes[0].id).content.text.signer.staff
        signed_as = work.open(draft.id).content.signed_as

    assert sorted(outcomes) == sorted(["refused", signed_by])
    assert [note.id for note in notes] == [signed_as]
    assert record.verify()[1] is None


def test_a_crash_in_the_middle_of_signing_leaves_the_draft_as_it_was(record):
    """Killed before any one of its statements, or before its end, a signature hasn't happened; then it happens once."""
    draft = one_session(record, note=with_statements(SLEEP))
    head = record.verify()[0]
    died = 0
    while _dies_at(record, draft, died):
        died += 1
        with record.work(ANN) as work:
            found = work.open(draft.id)
            assert (found.state, found.version, found.content) == (OPEN, 1, draft.content)
            assert work.find(kinds=["note"]) == []
        now, broken = record.verify()
        assert broken is None and now.number == head.number + died
    with record.work(ANN) as work:
        notes = work.open_all(work.find(kinds=["note"]))

    assert died >= 8
    assert [fault_of(note.content, record.vault, record.tenant) for note in notes] == [""]
    assert record.verify()[1] is None


def _dies_at(record, draft, count):
    """Sign in a process that is killed before its statement number `count`; False where it lived to the end."""
    record.close()
    child = os.fork()
    if child == 0:
        try:
            left = [count]

            @event.listens_for(record.database.engine, "before_cursor_execute")
            def _(*_):
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
                left[0] -= 1

            @event.listens_for(record.database.engine, "commit")
            def _(*_):
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

            with record.work(ANN) as work:
                sign(work, draft, DANA)
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@pytest.mark.soak
def test_killed_at_any_moment_a_signature_is_whole_or_not_there(record):
    """Killed at random moments, each time the open draft is there, or the signed note with its proof and its line."""
    signed = 0
    draft = one_session(record, note=with_statements(SLEEP))
    for _ in range(150):
        record.close()
        child = os.fork()
        if child == 0:
            try:
                with record.work(ANN) as work:
                    sign(work, draft, DANA)
            finally:
                os._exit(0)
        time.sleep(random.uniform(0.0, 0.12))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with record.work(ANN) as work:
            found = work.open(draft.id)
            notes = work.open_found(client=draft.client, kinds=["note"])
        assert (found.state == CLOSED, found.version) == (bool(notes), 1 + len(notes))
        assert record.verify()[1] is None
        if notes:
            assert fault_of(notes[0].content, record.vault, record.tenant) == ""
            signed += 1
            draft = one_session(record, note=with_statements(SLEEP))
        else:
            assert found.content == draft.content

    assert 0 < signed < 150


def test_of_two_who_cosign_at_once_exactly_one_does(record):
    """One cosignature, one refusal, and the task is done once."""
    draft = one_session(record, note=with_statements(SLEEP))
    with record.work(ANN) as work:
        note = sign(work, draft, replace(DANA, supervisor=SUE))
    start, outcomes = threading.Barrier(2), []

    def try_to(actor):
        start.wait()
        try:
            with record.work(actor) as work:
                outcomes.append(cosign(work, note, Signer(staff=actor, name=actor, credentials="PhD")).id)
        except Conflict:
            outcomes.append("refused")

    people = [threading.Thread(target=try_to, args=(actor,)) for actor in (SUE, BEN)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    with record.work(ANN) as work:
        found = work.find(client=note.client, kinds=["cosignature"])

    assert sorted(outcomes) == sorted(["refused", *(one.id for one in found)]) and len(found) == 1
    assert record.verify()[1] is None


_TEXTS = st.sampled_from(
    ["Client sleeps well.", "Client denies suicidal thoughts.", "Client takes 50 mg.", "Client feels sad."]
)
_ACTS = st.lists(
    st.tuples(
        st.sampled_from(["confirm", "edit", "remove", "restore", "write", "answer", "settle"]), st.integers(1, 6)
    ),
    max_size=14,
)
_SENTENCES = st.lists(
    st.builds(
        lambda text, doubt, inferred: Statement(
            text=text, topic="symptom", status="unconfirmed" if doubt or inferred else "supported", support=0.5,
            inferred=inferred, evidence=(said(2, "four hours a night"),),
        ),
        _TEXTS, st.booleans(), st.booleans(),
    ),
    min_size=1, max_size=4,
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(sentences=_SENTENCES, acts=_ACTS, texts=st.lists(_TEXTS, min_size=14, max_size=14), danger=st.booleans())
def test_no_path_signs_an_unconfirmed_statement(record, sentences, acts, texts, danger):
    """Whatever was done in whatever order, what is signed was carried by its evidence or got a yes as it stands."""
    note = with_statements(*sentences)
    if danger:
        note = replace(note, safety=NOTE.safety, checks=NOTE.checks)
    draft = one_session(record, note=note)
    with record.work(ANN) as work:
        for (act, number), text in zip(acts, texts, strict=False):
            try:
                draft = {
                    "confirm": lambda d=draft, n=number: confirm(work, d, [n]),
                    "edit": lambda d=draft, n=number, t=text: edit(work, d, n, t),
                    "remove": lambda d=draft, n=number: remove(work, d, [n]),
                    "restore": lambda d=draft, n=number: bring_back(work, d, n),
                    "write": lambda d=draft, t=text: write(work, d, "subjective", t, "symptom"),
                    "answer": lambda d=draft, n=number, t=text: answer(work, d, n, t),
                    "settle": lambda d=draft: settle(work, d, "intervention.named", "Listened."),
                }[act]()
            except TrellisError:
                continue
        try:
            signed = sign(work, draft, DANA)
        except Invalid:
            assert what_is_open(draft.content) or all(each.is_removed for each in draft.content.statements())
            return
    machine = {each.text: each for each in sentences}
    for statement in signed.content.text.statements():
        yes = bool(statement.acts) and statement.acts[-1].what == "confirmed"
        first = machine.get(statement.text)
        plain = statement.written_by == "machine" and first is not None and first.status == "supported"
        grave = "denies" in statement.text or "50 mg" in statement.text
        if grave or statement.written_by == "machine_edited" or statement.inferred:
            assert yes
        else:
            assert yes or plain or statement.written_by == "person"
    for question in signed.content.text.questions:
        assert question.statement in {each.number for each in signed.content.text.statements()}


def test_a_supported_denial_still_needs_a_yes(record):
    """Evidence alone never signs that somebody denied something."""
    draft = one_session(record, note=with_statements(DENIAL, STAGE))
    with record.work(ANN) as work:
        with pytest.raises(Invalid, match="statements 1, 2"):
            sign(work, draft, DANA)
        assert sign(work, confirm(work, draft, [1, 2]), DANA).state == "signed"
