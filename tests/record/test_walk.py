"""From a signed sentence to the second of audio, and what is said when that is gone."""

import pytest

from trellis.chart import Evidence, Goal, Recording, Statement
from trellis.kernel import NotFound
from trellis.record.blobs import keep_blob, mark_deleted
from trellis.record.drafts import confirm, record_draft
from trellis.record.retain import erase
from trellis.record.sign import sign
from trellis.record.walk import walk

from .desk import ANN, DANA, DENIAL, DRUG, NOON, SLEEP, one_session, with_statements


@pytest.fixture
def signed(record):
    """A signed note with a recording: the note's entry and the blob."""
    first = one_session(record, note=with_statements(SLEEP))
    blob = keep_blob(record, ANN, [b"sound"], kind="recording", client=first.client, encounter=first.encounter)
    with record.work(ANN) as work:
        sound = work.add(
            Recording(media_type="audio/opus", blob=blob, seconds=26.0),
            client=first.client, encounter=first.encounter, reason="recording.record",
        )  # fmt: skip
        goal = work.add(Goal(words="Sleep six hours"), client=first.client, reason="goal.add")
        charted = Statement(
            text="Client reports five hours.", topic="progress", status="supported", support=1.0,
            evidence=(SLEEP.evidence[0], Evidence(source="chart", record=goal.id, quote="six hours")),
        )  # fmt: skip
        draft = record_draft(
            work, with_statements(DENIAL, charted), client=first.client, encounter=first.encounter,
            transcript=first.content.transcript, recording=sound.id, occurred_at=NOON,
        )  # fmt: skip
        note = sign(work, confirm(work, draft, [1]), DANA)
    return note, blob


def test_a_signed_sentence_leads_to_the_second_it_was_said(record, signed):
    """Statement, evidence, turn, recording, seconds: the whole chain from the note alone."""
    note, blob = signed
    with record.work(ANN) as work:
        walked = walk(work, work.open(note.id), 1)

    assert walked.text == DENIAL.text
    assert [(step.turn.text, step.start, step.end) for step in walked.steps] == [
        ("No, none.", 11.0, 12.0),
        ("Any thoughts of ending your life?", 8.0, 11.0),
    ]
    assert {(step.blob, step.source, step.sound, step.quoted) for step in walked.steps} == {
        (blob, "kept", "kept", True)
    }


def test_chart_evidence_leads_to_its_entry(record, signed):
    """What rests on the chart names the entry, and whether it still says so."""
    note, _ = signed
    with record.work(ANN) as work:
        goal = work.open(walk(work, note, 2).steps[1].evidence.record)
        before = walk(work, note, 2).steps[1]
        work.change(goal, Goal(words="Sleep well"), reason="goal.change")
        after = walk(work, note, 2).steps[1]

    assert (before.source, before.quoted, after.quoted) == ("kept", True, False)


def test_deleted_audio_is_said_to_be_deleted(record, signed):
    """The words stay with their turn; the sound is gone, and nothing pretends otherwise."""
    note, blob = signed
    with record.work(ANN) as work:
        mark_deleted(work, blob)
    with record.work(ANN) as work:
        step = walk(work, note, 1).steps[0]

    assert (step.source, step.sound, step.blob, step.start) == ("kept", "deleted", "", None)
    assert step.turn.text == "No, none."


def test_a_deleted_transcript_leaves_the_quote(record, signed):
    """The signed note keeps the words it rests on, and says that the transcript they came from is gone."""
    note, blob = signed
    erase(record, note.content.text.transcript, "transcript_after_signing", ANN)
    with record.work(ANN) as work:
        step = walk(work, note, 1).steps[0]

    assert (step.source, step.turn, step.quoted) == ("deleted", None, None)
    assert step.evidence.quote == "No, none."
    assert (step.blob, step.start) == (blob, 11.0), "their own recording is theirs still"


def test_what_was_never_kept_is_not_called_deleted(record):
    """A session without a recording has none; a draft can be walked as a note can."""
    draft = one_session(record, note=with_statements(SLEEP, DRUG))
    with record.work(ANN) as work:
        step = walk(work, draft, 2).steps[0]
        with pytest.raises(NotFound):
            walk(work, draft, 3)

    assert (step.sound, step.source, step.quoted) == ("never kept", "kept", True)
