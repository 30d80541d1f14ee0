"""The meetings of a day with what became of their notes."""

from datetime import timedelta

from trellis.record.agenda import agenda, unfinished
from trellis.record.drafts import discard, undo
from trellis.record.sign import sign

from .desk import ANN, DANA, NOON, answered, one_session

DAY = (NOON - timedelta(hours=12), NOON + timedelta(hours=12))


def test_a_day_holds_its_meetings_and_no_others(record):
    """From its first moment to before the first of the next; those of one clinician where one is named."""
    draft = one_session(record)
    with record.work(ANN) as work:
        [met] = agenda(work, *DAY)
        assert (met.encounter.id, met.clients[0].id, met.note.id) == (draft.encounter, draft.client, draft.id)
        began = met.encounter.occurred_at
        assert agenda(work, began, began + timedelta(seconds=1)) and not agenda(work, began - timedelta(days=1), began)
        assert agenda(work, *DAY, clinician=ANN.removeprefix("staff:")) and not agenda(work, *DAY, clinician="usr_ben")


def test_a_note_takes_the_place_of_its_draft_and_waits_no_more(record):
    """An open draft is unfinished; a signed note isn't, nor is what was discarded."""
    first, second = one_session(record), one_session(record)
    with record.work(ANN) as work:
        assert {one.note.id for one in unfinished(work)} == {first.id, second.id}
        note = sign(work, answered(work, first), DANA)
        discard(work, second)
        assert unfinished(work) == ()
        found = {one.encounter.id: one.note for one in agenda(work, *DAY)}
        assert found[first.encounter].id == note.id and found[second.encounter] is None


def test_undo_gives_back_what_was_before_a_piece_of_work(record):
    """All that one piece of work did goes at once, and the history keeps it."""
    draft = one_session(record)
    record.clock.at += timedelta(minutes=1)
    with record.work(ANN) as work:
        answered(work, draft)
    record.clock.at += timedelta(minutes=1)
    with record.work(ANN) as work:
        before = len(work.history(draft.id))
        back = undo(work, work.open(draft.id))
        assert back.content == draft.content and len(work.history(draft.id)) == before + 1
