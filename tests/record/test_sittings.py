"""A sitting: whose chart and which encounter a note is written on, and what is kept of it."""

from dataclasses import replace

import pytest

from trellis.chart import Client, Encounter, Finding, Goal, Person, Present, Verdict
from trellis.kernel import Invalid
from trellis.record.blobs import blobs_of, open_blob
from trellis.record.clients import add_client, merge
from trellis.record.retain import Rule, load_rules
from trellis.record.sessions import add_encounter
from trellis.record.shared import owner_of_sound
from trellis.record.sittings import find_sitting, keep_sitting, may_keep_sound, voice_in
from trellis.record.walk import walk
from trellis.record.withhold import own_people, share_of

from .desk import ANN, DENIAL, NOON, SLEEP, agree, with_statements
from .test_sessions import GROUP, PEOPLE, note_of


@pytest.fixture
def alone(record):
    """A client with a goal and an encounter of their own: both ids."""
    with record.work(ANN) as work:
        client = add_client(work, Client(legal_name="Ann Example")).id
        agree(work, client)
        work.add(Goal(words="Sleep six hours"), client=client, reason="goal.add")
        encounter = add_encounter(
            work,
            Encounter(mode="video", clinician=ANN, started_at=NOON, present=(Present(role="client", client=client),)),
        )
    return client, encounter.id


def test_an_encounter_tells_whose_it_is(record, alone):
    """Of one client the encounter is enough; the chart's facts come along."""
    client, encounter = alone
    with record.work(ANN) as work:
        sitting = find_sitting(work, None, encounter)
        assert sitting == find_sitting(work, client, encounter)
        other = add_client(work, Client(legal_name="Eve")).id
        for wrong in ((client, None), (other, encounter), (client, client)):
            with pytest.raises(Invalid):
                find_sitting(work, *wrong)

    assert (sitting.client, sitting.owner, sitting.is_shared) == (client, client, False)
    assert [fact.words for fact in sitting.known.facts] == ["Sleep six hours"]


def test_a_merged_client_is_found_under_either_id(record, alone):
    """The encounter stands in the duplicate's record; what is known comes from both."""
    client, encounter = alone
    with record.work(ANN) as work:
        kept = add_client(work, Client(legal_name="Anne Example")).id
        work.add(Goal(words="Find work"), client=kept, reason="goal.add")
        merge(work, client, kept, "Same person.")
        by_either = [find_sitting(work, each, encounter) for each in (client, kept)]

    assert [each.client for each in by_either] == [client, client]
    assert {fact.words for fact in by_either[0].known.facts} == {"Sleep six hours", "Find work"}


def test_sound_transcript_and_draft_are_kept_and_lead_to_each_other(record, alone, tmp_path):
    """From the draft to the bytes of the file; the same file again is not kept twice."""
    _, encounter = alone
    sound = tmp_path / "session.wav"
    sound.write_bytes(b"RIFF" + bytes(range(256)) * 9000)
    with record.work(ANN) as work:
        sitting = find_sitting(work, None, encounter)
    draft = keep_sitting(record, ANN, with_statements(SLEEP), sitting, sound)
    again = keep_sitting(record, ANN, with_statements(DENIAL), sitting, sound)
    with record.work(ANN) as work:
        step = walk(work, work.open(draft.id), 1).steps[0]
        blobs = blobs_of(work)

    assert b"".join(open_blob(record, ANN, step.blob)) == sound.read_bytes()
    assert (step.start, step.end, step.quoted) == (3.5, 7.5, True)
    assert [blob.id for blob in blobs] == [step.blob]
    assert again.content.recording == draft.content.recording
    assert again.content.transcript == draft.content.transcript
    other = tmp_path / "other.wav"
    other.write_bytes(b"RIFF" + bytes(range(255, -1, -1)) * 9000)
    assert keep_sitting(record, ANN, with_statements(SLEEP), sitting, other).content.recording != step.recording


def test_a_transcript_file_is_no_sound(record, alone, tmp_path):
    """Nothing is kept as a recording where there was none."""
    _, encounter = alone
    typed = tmp_path / "session.txt"
    typed.write_text("Client: Hello.")
    with record.work(ANN) as work:
        sitting = find_sitting(work, None, encounter)
    draft = keep_sitting(record, ANN, with_statements(SLEEP), sitting, typed)

    assert draft.content.recording == ""
    with record.work(ANN) as work:
        assert blobs_of(work) == []


def test_the_sound_of_a_session_that_could_not_be_kept_goes_too(record, tmp_path):
    """A draft that is refused leaves no recording behind; what belongs to others stays theirs."""
    sound = tmp_path / "group.wav"
    sound.write_bytes(b"RIFF" * 100)
    with record.work(ANN) as work:
        ids = [add_client(work, Client(legal_name=name)).id for name in ("Mara Voss", "Ivo Petrov")]
        agree(work, *ids)
        present = tuple(Present(role="client", client=each) for each in ids)
        encounter = add_encounter(work, Encounter(mode="in_person", clinician=ANN, started_at=NOON, present=present))
        with pytest.raises(Invalid, match="Several"):
            find_sitting(work, None, encounter.id)
        sitting = find_sitting(work, ids[1], encounter.id)
        voice = voice_in(work, sitting, PEOPLE)
    with pytest.raises(Invalid, match="people whose chart"):
        keep_sitting(record, ANN, note_of(GROUP, 4), sitting, sound)
    with record.work(ANN) as work:
        assert blobs_of(work) == []
        assert work.find(kinds=["draft", "transcript", "recording"]) == []
    draft = keep_sitting(record, ANN, note_of(share_of(GROUP, voice, sitting.others), 7), sitting, sound)
    with record.work(ANN) as work:
        blobs = blobs_of(work)

    assert (voice, sitting.others) == ("client:2", ("Mara Voss",))
    assert [blob.client for blob in blobs] == [sitting.owner] == [owner_of_sound(encounter.id)]
    assert draft.client == ids[1]
    assert own_people(PEOPLE, voice) == (Person(id="client", role="client", name="Ivo"),)


def test_danger_that_was_found_is_kept_with_who_has_to_see_it(record, alone):
    """Each finding once, however many notes of the session there are; urgent ones are open until somebody acts."""
    _, encounter = alone
    urgent = Finding(concern="suicide", assertion="present", level="urgent", quote="wish I wouldn't wake up", turn=4)
    older = Finding(concern="suicide", assertion="past", level="monitor", quote="when I was nineteen", turn=5)
    denied = Finding(concern="violence", assertion="denied", level="none", quote="No.", turn=6)
    note = replace(with_statements(SLEEP), safety=Verdict(findings=(urgent, older, denied)))
    with record.work(ANN) as work:
        sitting = find_sitting(work, None, encounter)
    for _ in range(2):
        draft = keep_sitting(record, ANN, note, sitting, None)
    with record.work(ANN) as work:
        alerts = work.open_found(client=sitting.client, kinds=["alert"])

    assert {(alert.content.level, alert.state, alert.content.owner) for alert in alerts} == {
        ("urgent", "open", ANN),
        ("monitor", "noted", ANN),
    }
    assert len(alerts) == 2 and alerts[0].content.source == draft.content.transcript


def test_sound_is_kept_unless_a_rule_says_never():
    """Deleted when signed, or after days, is kept until then; deleted the moment it is made is not kept at all."""
    assert may_keep_sound(load_rules())
    assert not may_keep_sound([Rule(name="never", kinds=("recording",), after="made", days=0)])


def test_two_notes_of_one_session_stand_beside_each_other(record, alone):
    """Another format of the same session is a draft of its own, on the same transcript."""
    _, encounter = alone
    with record.work(ANN) as work:
        sitting = find_sitting(work, None, encounter)
    first = keep_sitting(record, ANN, with_statements(SLEEP), sitting, None)
    second = keep_sitting(record, ANN, with_statements(DENIAL), sitting, None)

    assert first.id != second.id and first.content.transcript == second.content.transcript
