"""Encounters of one client and of several: each chart holds its own client's words and nobody else's."""

from dataclasses import replace
from datetime import timedelta

import pytest

from trellis.chart import (
    Client,
    DraftNote,
    Encounter,
    Evidence,
    Finding,
    Person,
    Present,
    Recording,
    Section,
    Statement,
    Transcript,
    Turn,
    Verdict,
    Writer,
)
from trellis.kernel import Invalid, NotFound, NotPermitted
from trellis.record.blobs import keep_blob
from trellis.record.retain import erase
from trellis.record.sessions import add_encounter, name_voice, names_of_others, record_session, voice_of
from trellis.record.shared import owner_of_sound
from trellis.record.walk import check_audible, walk
from trellis.record.withhold import audible, share_of, share_of_verdict

from .desk import ANN, NOON, NOTE, TRANSCRIPT, agree

GROUP = Transcript(
    turns=(
        Turn(id=1, speaker="clinician", start=0.0, end=4.0, text="Mara, how was your week?"),
        Turn(id=2, speaker="client", start=4.0, end=9.0, text="I drank on Friday. I was so ashamed."),
        Turn(id=3, speaker="clinician", start=9.0, end=12.0, text="Mara, thank you. Ivo, and you?"),
        Turn(id=4, speaker="client:2", start=12.0, end=18.0, text="I stayed sober, but I want to be dead."),
        Turn(id=5, speaker="client", start=16.0, end=17.0, text="Oh, Ivo."),
        Turn(id=6, speaker="clinician", start=18.5, end=22.0, text="Do you have a plan for it?"),
        Turn(id=7, speaker="client:2", start=22.0, end=23.0, text="No."),
        Turn(id=8, speaker="clinician", start=24.0, end=28.0, text="What keeps you going?"),
        Turn(id=9, speaker="other", start=28.0, end=29.0, text="He has me, his mother."),
        Turn(id=10, speaker="clinician", start=30.0, end=33.0, text="We meet again next Tuesday."),
    ),
    duration=33.0,
)
PEOPLE = (
    Person(id="client", role="client", name="Mara"),
    Person(id="client:2", role="client", name="Ivo"),
    Person(id="other", role="other", relation="mother"),
)

THERE = (Person(id="client", role="client"), Person(id="client:2", role="client", name="Mara"))


def note_of(transcript, turn, text="Client reports staying sober."):
    found = transcript.turn(turn)
    statement = Statement(
        text=text, topic="substance", status="supported", support=1.0,
        evidence=(Evidence(turn=turn, start=found.start, end=found.end, quote=found.text),),
    )  # fmt: skip
    return DraftNote(
        format="group", language="en", people=THERE, transcript=transcript,
        sections=(Section(key="response", title="Response", statements=(statement,)),), not_assessed=(),
        safety=Verdict(), checks=(), writer=Writer(name="extractive", version="1"), seconds={},
    )  # fmt: skip


@pytest.fixture
def group(record):
    """Two clients in one encounter: their ids and the encounter's entry."""
    with record.work(ANN) as work:
        mara = work.add(Client(legal_name="Mara Voss"), reason="client.add").id
        ivo = work.add(Client(legal_name="Ivan Petrov", chosen_name="Ivo"), reason="client.add").id
        present = (Present(role="client", client=mara), Present(role="client", client=ivo))
        encounter = add_encounter(work, Encounter(mode="in_person", clinician=ANN, started_at=NOON, present=present))
        agree(work, mara, ivo)
    return mara, ivo, encounter


def test_the_words_of_others_are_not_in_a_share():
    """A share has the client's turns as the client's, the clinician's to them, and times of what is left out."""
    share = share_of(GROUP, "client:2", ["Mara Voss"])

    assert [(turn.id, turn.speaker) for turn in share.turns] == [
        (4, "client"), (6, "clinician"), (7, "client"),
    ]  # fmt: skip
    assert not any(word in repr(share) for word in ("Mara", "drank", "ashamed", "mother"))
    assert (16.0, 17.0) in share.withheld and (4.0, 9.0) in share.withheld


def test_a_question_to_somebody_else_is_nobodys_elses():
    """What the clinician asked another member is withheld: else the next words would seem to answer it."""
    share = share_of(GROUP, "client", ["Ivan", "Ivo"])

    assert [turn.id for turn in share.turns] == [1, 2, 5]
    assert "plan for it" not in repr(share) and "dead" not in repr(share)


def test_closing_words_belong_to_who_spoke_last():
    """The clinician's last words, with nobody after them, stay with the client who spoke before."""
    ended = replace(GROUP, turns=(*GROUP.turns[:8], GROUP.turns[9]))

    assert [turn.id for turn in share_of(ended, "client:2").turns] == [3, 4, 6, 7, 8, 10]
    assert [turn.id for turn in share_of(ended, "client").turns] == [1, 2, 5]


def test_a_stretch_where_two_speak_is_not_to_be_heard():
    """Sound is given only where this client or the clinician speaks to them, and nobody else at the same time."""
    share = share_of(GROUP, "client:2")

    assert audible(share, 22.0, 23.0)
    assert not audible(share, 12.0, 18.0), "another spoke over it"
    assert not audible(share, 4.0, 9.0), "another's words"
    assert not audible(share, 23.0, 24.0), "in between"
    assert audible(TRANSCRIPT, 0.0, 26.0)
    untimed = replace(GROUP, turns=tuple(replace(turn, start=None, end=None) for turn in GROUP.turns))
    assert not audible(share_of(untimed, "client:2"), 22.0, 23.0)


def test_what_the_screen_found_in_the_whole_session_stays_with_whose_it_is():
    """Danger that only the other's question makes plain isn't lost with the question, and comes to no other chart."""
    found = Finding(concern="suicide", assertion="present", level="urgent", quote="I want to be dead", turn=4)
    other = Finding(concern="substance", assertion="present", level="monitor", quote="I drank", turn=2)
    whole = Verdict(findings=(other, found))

    assert share_of_verdict(whole, GROUP, "client:2").findings == (found,)
    assert share_of_verdict(whole, GROUP, "client:2").and_also(Verdict(findings=(found, other))).findings == (
        found,
        other,
    )


def test_an_encounter_of_several_belongs_to_none_of_them(record, group):
    """Who was there is sealed under the encounter's own key; each chart has an attendance that names nobody."""
    mara, ivo, encounter = group
    assert encounter.client == encounter.id
    record.vault.destroy(record.tenant, mara, "retention")
    with record.work(ANN) as work:
        assert work.open(encounter.id).content.clients == (mara, ivo)
        attendance = work.open_all(work.find(client=ivo, kinds=["attendance"]))[0]
        assert attendance.encounter == encounter.id and mara not in repr(attendance.content)


def test_an_encounter_of_one_is_that_clients(record):
    """Without a second client there is nothing to keep apart."""
    with record.work(ANN) as work:
        client = work.add(Client(legal_name="Ann"), reason="client.add").id
        encounter = add_encounter(
            work, Encounter(mode="video", clinician=ANN, present=(Present(role="client", client=client),))
        )
        assert encounter.client == client and work.find(kinds=["attendance"]) == []
        with pytest.raises(Invalid):
            add_encounter(work, Encounter(mode="video", clinician=ANN))
        with pytest.raises(NotFound):
            add_encounter(
                work, Encounter(mode="video", clinician=ANN, present=(Present(role="client", client="cli_none"),))
            )


def test_whose_voice_is_whose(record, group):
    """By the name in the transcript; where that doesn't tell, by what a person said; never by a guess."""
    mara, ivo, encounter = group
    nameless = tuple(replace(person, name=None) for person in PEOPLE)
    with record.work(ANN) as work:
        assert voice_of(work, mara, encounter.id, PEOPLE) == "client"
        assert voice_of(work, ivo, encounter.id, PEOPLE) == "client:2"
        with pytest.raises(Invalid):
            voice_of(work, ivo, encounter.id, nameless)
        name_voice(work, ivo, encounter.id, "client:2")
        assert voice_of(work, ivo, encounter.id, nameless) == "client:2"
        assert set(names_of_others(work, encounter, ivo)) == {"Mara Voss"}


def test_a_chart_takes_no_words_of_others(record, group):
    """A draft whose transcript holds another member's turns is refused, whatever its sentences say."""
    _, ivo, encounter = group
    for transcript in (GROUP, replace(GROUP, turns=GROUP.turns[:4])):
        with pytest.raises(Invalid, match="people whose chart"), record.work(ANN) as work:
            record_session(work, note_of(transcript, 4), client=ivo, encounter=encounter.id)
    with record.work(ANN) as work:
        stranger = work.add(Client(legal_name="Eve"), reason="client.add").id
        with pytest.raises(Invalid, match="no part"):
            record_session(work, note_of(share_of(GROUP, "client:2"), 4), client=stranger, encounter=encounter.id)


def test_from_one_chart_nobody_elses_words_or_voice_is_reached(record, group):
    """Everything in a member's chart, opened, and every stretch its evidence leads to, is theirs or the clinician's."""
    mara, ivo, encounter = group
    blob = keep_blob(
        record, ANN, [b"sound" * 100], kind="recording", client=owner_of_sound(encounter.id), encounter=encounter.id
    )
    sound = Recording(media_type="audio/wav", blob=blob, seconds=33.0)
    share = share_of(GROUP, "client:2", ["Mara"])
    with record.work(ANN) as work:
        draft = record_session(work, note_of(share, 7), client=ivo, encounter=encounter.id, sound=sound)
        over = record_session(work, note_of(share, 4), client=ivo, encounter=encounter.id, sound=sound)
        record_session(
            work, note_of(share_of(GROUP, "client", ["Ivo"]), 2), client=mara, encounter=encounter.id, sound=sound
        )
    with record.work(ANN) as work:
        everything = work.open_all(work.find(client=ivo))
        own, spoken_over = walk(work, draft, 1).steps[0], walk(work, over, 1).steps[0]
        recording = work.open(own.recording)
        check_audible(work, recording, 22.0, 23.0)
        for start, end in ((12.0, 18.0), (4.0, 9.0), (0.0, 33.0)):
            with pytest.raises(NotPermitted):
                check_audible(work, recording, start, end)

    assert [each.kind for each in everything].count("transcript") == 1, "kept once"
    assert not any(word in repr(everything) for word in ("Mara", "drank", "ashamed", "mother", mara))
    assert (own.blob, own.start, own.end) == (blob, 22.0, 23.0)
    assert (spoken_over.blob, spoken_over.start, spoken_over.turn.text) == ("", None, GROUP.turns[3].text)


def test_without_the_share_nothing_of_a_shared_recording_is_given(record, group):
    """When the transcript that says whose the seconds are is gone, so is the right to hear them."""
    _, ivo, encounter = group
    blob = keep_blob(
        record, ANN, [b"sound"], kind="recording", client=owner_of_sound(encounter.id), encounter=encounter.id
    )
    note = note_of(share_of(GROUP, "client:2"), 7)
    with record.work(ANN) as work:
        draft = record_session(
            work, note, client=ivo, encounter=encounter.id,
            sound=Recording(media_type="audio/wav", blob=blob, seconds=33.0),
        )  # fmt: skip
    erase(record, draft.content.transcript, "asked", ANN)
    with record.work(ANN) as work:
        step = walk(work, draft, 1).steps[0]
        with pytest.raises(NotPermitted):
            check_audible(work, work.open(draft.content.recording), 22.0, 23.0)

    assert (step.source, step.sound, step.blob, step.start) == ("deleted", "kept", "", None)


def test_what_was_deleted_is_kept_anew_when_the_session_is_written_again(record, group):
    """An erased transcript isn't taken for the one that is there."""
    _, ivo, encounter = group
    note = note_of(share_of(GROUP, "client:2"), 7)
    with record.work(ANN) as work:
        first = record_session(work, note, client=ivo, encounter=encounter.id)
    erase(record, first.content.transcript, "asked", ANN)
    with record.work(ANN) as work:
        second = record_session(work, note, client=ivo, encounter=encounter.id)
        assert walk(work, second, 1).steps[0].source == "kept"
        assert walk(work, first, 1).steps[0].source == "deleted"

    assert second.content.transcript != first.content.transcript


def test_half_a_character_does_not_stop_a_session_from_being_kept(record):
    """A transcript may hold half a character; it is kept as the sign for one that is missing, in text and quote."""
    turn = Turn(id=1, speaker="client", text="I sleep \ud83d badly.", start=0.0, end=1.0)
    broken = replace(TRANSCRIPT, turns=(turn,))
    with record.work(ANN) as work:
        client = work.add(Client(legal_name="Ann"), reason="client.add").id
        agree(work, client)
        began = NOON - timedelta(hours=1)
        present = (Present(role="client", client=client),)
        encounter = add_encounter(work, Encounter(mode="video", clinician=ANN, started_at=began, present=present))
        draft = record_session(work, note_of(broken, 1), client=client, encounter=encounter.id)
        again = record_session(work, replace(NOTE, transcript=TRANSCRIPT), client=client, encounter=encounter.id)
    with record.work(ANN) as work:
        step = walk(work, work.open(draft.id), 1).steps[0]

    assert step.turn.text == "I sleep \ufffd badly." and step.quoted
    assert again.content.transcript != draft.content.transcript and again.occurred_at == began
