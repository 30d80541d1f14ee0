"""What comes from a program under 42 CFR Part 2 is labelled at its source and followed wherever it goes."""

import hashlib
import json
import shutil
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from sqlalchemy import select

from trellis.chart import (
    Attendance,
    Client,
    Configuration,
    Diagnosis,
    Document,
    Encounter,
    Episode,
    Evidence,
    Goal,
    Medication,
    Present,
    Recording,
    Section,
    Service,
    SignedNote,
    Statement,
    Task,
    Transcript,
)
from trellis.governance import unseal
from trellis.kernel import Invalid
from trellis.record import (
    add_encounter,
    amend,
    bring_in,
    configuration_of,
    configure,
    export,
    keep_blob,
    keep_sitting,
    make_clinic,
    open_clinic,
    record_draft,
    search,
    sign,
    what_is_known,
)
from trellis.record.blobs import blob_name, blobs_of
from trellis.record.labels import PART2
from trellis.record.sittings import Sitting
from trellis.record.tables import blobs, entries, versions
from trellis.record.work import version_place
from trellis.store import RECORD, as_bytes

from .desk import ANN, DANA, NOTE, agree, answered

PROGRAM = Configuration(services=(Service(key="iop", title="Intensive outpatient", part2=True),
                                  Service(key="talk", title="Psychotherapy")))  # fmt: skip
CANARY = "Wexford-Tamarind"
WORDS = replace(
    NOTE,
    transcript=replace(
        NOTE.transcript, turns=(replace(NOTE.transcript.turns[0], text=f"{CANARY}?"), *NOTE.transcript.turns[1:])
    ),
)


def meet(work, client, service):
    return add_encounter(
        work,
        Encounter(
            mode="video", clinician=ANN, service=service, started_at=work.now, stopped_at=work.now,
            present=(Present(role="client", client=client),),
        ),
    )  # fmt: skip


def begin(record):
    """A clinic with one such program, and a client of it and of psychotherapy."""
    with record.work(ANN) as work:
        if configuration_of(work) is None:
            configure(work, PROGRAM, reason="program")
        client = work.add(Client(legal_name="Zoe"), reason="client.add").id
        agree(work, client)
        return client, meet(work, client, "iop").id, meet(work, client, "talk").id


def heads(record):
    with record.database.look(record.tenant) as connection:
        return {row.id: row for row in connection.execute(select(entries))}


def inside_only(found, encounter):
    return {row.id for row in found.values() if row.encounter == encounter}


def one_sitting(record, client, encounter, sound):
    with record.work(ANN) as work:
        known = what_is_known(work, client)
    sitting = Sitting(client=client, encounter=encounter, owner=client, is_shared=False, known=known)
    return keep_sitting(record, ANN, WORDS, sitting, sound)


def test_everything_of_such_a_session_is_labelled_and_nothing_else(record, tmp_path):
    """Encounter, recording, its bytes, transcript, draft, alerts, signed note, addendum: labelled, each version of it.

    The same clinician's session of psychotherapy with the same client isn't.
    """
    sound = tmp_path / "x.wav"
    sound.write_bytes(b"RIFF" + CANARY.encode())
    client, inside, outside = begin(record)
    for encounter in (inside, outside):
        draft = one_sitting(record, client, encounter, sound)
        with record.work(ANN) as work:
            note = sign(work, answered(work, draft), DANA)
            amend(work, note, DANA, kind="addendum", words="More of it.", reason="said later")
            work.add(Task(words="Call", owner=ANN, about=note.id), client=client, reason="task.add")
    found = heads(record)
    of = {
        encounter: {row.kind for row in found.values() if row.encounter == encounter} for encounter in (inside, outside)
    }
    assert of[inside] == of[outside] >= {"recording", "transcript", "draft", "alert", "note", "addendum"}
    for row in found.values():
        if row.kind != "task":
            assert (row.label == PART2) == (inside in (row.id, row.encounter)), row
    assert sorted(row.label for row in found.values() if row.kind == "task") == ["", PART2]
    with record.work(ANN) as work:
        assert {blob.encounter: blob.label for blob in blobs_of(work)} == {inside: PART2, outside: ""}
        assert {one.label for one in search(work, client, "sertraline") if one.entry in inside_only(found, inside)} == {
            PART2
        }
        opened = work.open_found(client=client)
        assert {one.id: one.label for one in opened} == {one.id: found[one.id].label for one in opened}


def test_a_walk_through_every_table_and_file_finds_no_words_without_the_label(settings, tmp_path):
    """Whatever row or file holds what was said in the program, opened or not, is labelled or sealed beside a label.

    A table that gains content of its own without a label fails here.
    """
    make_clinic(settings, "Harbour")
    sound = tmp_path / "x.wav"
    sound.write_bytes(b"RIFF" + CANARY.encode())
    with open_clinic(settings) as record:
        client, inside, _ = begin(record)
        draft = one_sitting(record, client, inside, sound)
        with record.work(ANN) as work:
            sign(work, answered(work, draft), DANA)
        held = set()
        with record.database.look(record.tenant) as connection:
            labels = {row.id: row.label for row in connection.execute(select(entries))}
            for table in RECORD.sorted_tables:
                assert "sealed" not in table.columns or table.name in {"versions", "private_notes"}, table.name
                for row in connection.execute(select(table)):
                    assert CANARY not in "".join(str(value) for value in row), table.name
            for row in connection.execute(select(versions)):
                key = record.vault.key(record.tenant, row.key)
                place = version_place(record.tenant, row.id, row.version)
                if CANARY.encode() in unseal(key.material, as_bytes(row.sealed), place):
                    held.add(row.kind)
                    assert labels[row.id] == PART2, row.kind
            for row in connection.execute(select(blobs)):
                key = record.vault.key(record.tenant, row.key)
                plain = b"".join(record.blobs.read(blob_name(record.tenant, row.id, row.key), key.material))
                if CANARY.encode() in plain:
                    held.add("blob")
                    assert row.label == PART2
        assert held >= {"transcript", "blob"}
        out = tmp_path / "out"
        export(record, "Harbour", out, ANN)
    for line in (line for file in out.rglob("*.jsonl") for line in file.read_bytes().splitlines()):
        if CANARY.encode() in line:
            assert json.loads(line)["label"] == PART2
    for file in tmp_path.rglob("*"):
        if file.is_file() and out not in file.parents and file != sound:
            assert CANARY.encode() not in file.read_bytes(), file


def test_a_sentence_that_cites_such_an_entry_takes_the_label_with_it(record):
    """A note of another service that rests on a medication of the program is labelled; one that doesn't isn't."""
    client, inside, outside = begin(record)
    with record.work(ANN) as work:
        drug = work.add(Medication(name="naltrexone"), client=client, encounter=inside, reason="medication.add")
        assert drug.label == PART2
        cited = Statement(
            text="Takes naltrexone.", topic="medication", status="supported", support=1.0,
            evidence=(Evidence(source="chart", record=drug.id, quote="naltrexone"),),
        )  # fmt: skip
        plain = record_draft(work, NOTE, client=client, encounter=outside)
        draft = record_draft(
            work, replace(NOTE, sections=(Section(key="plan", title="Plan", statements=(cited,)),)),
            client=client, encounter=outside,
        )  # fmt: skip
    assert (plain.label, draft.label) == ("", PART2)


NOUNS = {
    "transcript": lambda ids: Transcript(turns=()),
    "task": lambda ids: Task(words="x", owner=ANN, about=ids[0] if ids else ""),
    "goal": lambda ids: Goal(words=" and ".join(ids)),
    "diagnosis": lambda ids: Diagnosis(code="F10.20", words="x"),
    "document": lambda ids: Document(title=" ".join(ids), media_type="text/plain", blob=""),
}


@given(data=strategies.data())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_order_of_writing_loses_the_label(record, data):
    """Whatever is written of what, in whichever order, has the label exactly where a path leads to the program."""
    client, inside, outside = begin(record)
    tainted, made = {inside}, [inside, outside]
    with record.work(ANN) as work:
        for _ in range(data.draw(strategies.integers(1, 8))):
            kind = data.draw(strategies.sampled_from(sorted(NOUNS)))
            names = data.draw(strategies.lists(strategies.sampled_from(made), max_size=2, unique=True))
            encounter = data.draw(strategies.sampled_from([None, inside, outside]))
            noun = NOUNS[kind](names)
            entry = work.add(noun, client=client, encounter=encounter, reason=f"{kind}.add")
            really = {one for one in names if one in json.dumps(str(noun))}
            if tainted & {*really, encounter}:
                tainted.add(entry.id)
            made.append(entry.id)
            assert (entry.label == PART2) == (entry.id in tainted)
    found = heads(record)
    assert {one for one in made if found[one].label == PART2} == tainted


def test_a_label_put_on_later_reaches_what_was_made_before(record, tmp_path):
    """Where an encounter turns out to be of the program, all of it, and what cites it elsewhere, is labelled then."""
    client, _, outside = begin(record)
    sound = tmp_path / "x.wav"
    sound.write_bytes(b"RIFFx")
    draft = one_sitting(record, client, outside, sound)
    with record.work(ANN) as work:
        cites = work.add(Goal(words=f"As in {draft.id}"), client=client, reason="goal.add")
        further = work.add(Task(words="See", owner=ANN, about=cites.id), client=client, reason="task.add")
        apart = work.add(Goal(words="Sleep"), client=client, reason="goal.add")
        meeting = work.open(outside)
        assert meeting.label == draft.label == ""
        after = work.change(meeting, replace(meeting.content, service="iop"), reason="encounter.change")
        assert after.label == PART2
        work.change(after, replace(after.content, service="talk"), reason="encounter.change")
        work.change(cites, Goal(words="Nothing cited"), reason="goal.change")
    found = heads(record)
    assert {found[one].label for one in (outside, draft.id, cites.id, further.id)} == {PART2}
    assert {row.label for row in found.values() if row.encounter == outside} == {PART2}
    assert found[apart.id].label == ""
    with record.work(ANN) as work:
        assert {blob.label for blob in blobs_of(work)} == {PART2}


def test_episodes_groups_and_documents_are_labelled_too(record):
    """An episode of the program; each member's attendance of its group; the bytes of a document kept in it."""
    client, inside, _ = begin(record)
    with record.work(ANN) as work:
        other = work.add(Client(legal_name="Yan"), reason="client.add").id
        episode = work.add(Episode(opened_on=date(2026, 1, 1), service="iop"), client=client, reason="episode.open")
        group = add_encounter(
            work,
            Encounter(
                mode="video", clinician=ANN, service="iop",
                present=(Present(role="client", client=client), Present(role="client", client=other)),
            ),
        )  # fmt: skip
        there = work.open_found(client=other, kinds=["attendance"])
        assert (episode.label, group.label, there[0].label) == (PART2, PART2, PART2)
        assert isinstance(there[0].content, Attendance)
    blob = keep_blob(record, ANN, [b"scan"], kind="document", client=client)
    with record.work(ANN) as work:
        assert [one.label for one in blobs_of(work, client)] == [""]
        work.add(Document(title="Scan", media_type="x", blob=blob), client=client, encounter=inside, reason="doc.add")
        assert [one.label for one in blobs_of(work, client)] == [PART2]
        shared = Recording(media_type="audio/wav", blob=blob, seconds=1.0)
        assert work.add(shared, client=client, reason="recording.record").label == PART2


def test_no_import_takes_the_label_off(settings, place_for, tmp_path):
    """An export comes back with its labels; one in which somebody took a label off is refused, naming the entry."""
    make_clinic(settings, "Harbour")
    with open_clinic(settings) as record:
        client, inside, _ = begin(record)
        with record.work(ANN) as work:
            goal = work.add(Goal(words="Stay dry"), client=client, encounter=inside, reason="goal.add")
            loose = work.add(Goal(words=f"As {goal.id}"), client=client, reason="goal.add")
        export(record, "x", tmp_path / "out", ANN)
        before = {one: row.label for one, row in heads(record).items()}
    whole = place_for("whole")
    bring_in(whole, tmp_path / "out", ANN)
    with open_clinic(whole) as record:
        assert {one: row.label for one, row in heads(record).items()} == before
    for name, entry in (("entries/goal.jsonl", goal.id), ("entries/goal.jsonl", loose.id)):
        altered = tmp_path / entry
        _without_label(tmp_path / "out", altered, name, entry)
        with pytest.raises(Invalid, match=entry):
            bring_in(place_for(entry), altered, ANN)


def _without_label(source, target, name, entry):
    """A copy of an export with the label of one entry taken off, and its manifest made to fit."""
    shutil.copytree(source, target)
    lines = [json.loads(line) for line in (target / name).read_bytes().splitlines()]
    raw = (target / name).read_bytes().splitlines(keepends=True)
    out = b"".join(
        text.replace(b'"label":"part2"', b'"label":""') if line["id"] == entry else text
        for line, text in zip(lines, raw, strict=True)
    )
    (target / name).write_bytes(out)
    manifest = json.loads((target / "manifest.json").read_bytes())
    for file in manifest["files"]:
        if file["name"] == name:
            file |= {"bytes": len(out), "sha256": hashlib.sha256(out).hexdigest()}
    (target / "manifest.json").write_text(json.dumps(manifest))


def test_a_signed_note_is_what_was_labelled(record):
    """The label stands on the head, not in what was signed: it changes no digest."""
    client, inside, _ = begin(record)
    with record.work(ANN) as work:
        draft = record_draft(work, NOTE, client=client, encounter=inside)
        note = sign(work, answered(work, draft), DANA)
        assert isinstance(note.content, SignedNote) and note.label == PART2
    assert record.verify()[1] is None


def test_an_export_with_records_of_a_program_carries_the_notice(settings, tmp_path):
    """The notice of 2024 lies beside the lines and is in the manifest; a clinic without a program has none."""
    make_clinic(settings, "Harbour")
    with open_clinic(settings) as record:
        export(record, "x", tmp_path / "without", ANN)
        begin(record)
        made = export(record, "x", tmp_path / "with", ANN)
    assert not (tmp_path / "without" / "part2-notice.txt").exists()
    assert "legislative proceedings" in (tmp_path / "with" / "part2-notice.txt").read_text()
    assert made.file("part2-notice.txt") is not None


def test_in_a_clinic_with_a_program_every_encounter_says_its_service(record):
    """A service that is missing or misspelt is refused there, since it would lose the label; elsewhere not."""
    with record.work(ANN) as work:
        client = work.add(Client(legal_name="Zoe"), reason="client.add").id
        assert meet(work, client, "").label == ""
        configure(work, PROGRAM, reason="program")
        for wrong in ("", "iopp"):
            with pytest.raises(Invalid, match="program"):
                meet(work, client, wrong)
        assert meet(work, client, "iop").label == PART2
