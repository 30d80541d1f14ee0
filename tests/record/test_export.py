"""Everything leaves in open formats, and comes back with nothing changed but the keys."""

import hashlib
import json
import stat

import jsonschema
import pytest

from trellis.chart import Client, Goal
from trellis.governance import genesis
from trellis.kernel import Conflict, NotFound
from trellis.record import (
    add_private,
    bring_in,
    erase,
    export,
    fault_of,
    forget_client,
    keep_blob,
    make_clinic,
    open_blob,
    open_clinic,
    place_hold,
    place_of,
    receipts_of,
    sweep,
)
from trellis.record.sign import sign

from .desk import ANN, DANA, answered, one_session

NURSE = "staff:usr_a"
SOUND = bytes(range(256)) * 600


def fill(settings):
    """A clinic with a signed note, an erased transcript, a forgotten client, a hold, a recording; gives ids."""
    make_clinic(settings, "Harbour Street")
    with open_clinic(settings) as record:
        draft = one_session(record)
        with record.work(ANN) as work:
            note = sign(work, answered(work, draft), DANA, late_reason="Written from the tape.")
        client = note.client
        with record.work(NURSE) as work:
            goal = work.add(Goal(words="Stop hiding bottles"), client=client, reason="goal.add")
            work.change(goal, Goal(words="Two dry days a week, “honestly”\u2028\n"), reason="goal.change")
            gone = work.add(Client(legal_name="Zebediah Quill"), reason="client.add").id
            work.add(Goal(words="Forget me"), client=gone, reason="goal.add")
            bare = work.add(Client(legal_name="Ben"), reason="client.add").id
            erased = work.add(Goal(words="A slip of the pen"), client=bare, reason="goal.add").id
        blob = keep_blob(record, NURSE, [SOUND], kind="document", client=client)
        keep_blob(record, NURSE, [b"once"], kind="recording", client=gone)
        forget_client(record, gone, "asked_to_be", NURSE)
        erase(record, erased, "consent_revoked", NURSE)
        place_hold(record, client, "litigation", NURSE)
        sweep(record, NURSE)
        record.anchor()
    return {"client": client, "note": note.id, "goal": goal.id, "gone": gone, "erased": erased, "blob": blob}


def take_out(settings, folder):
    with open_clinic(settings) as record:
        return export(record, "Harbour Street", folder, NURSE)


def files_of(folder):
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def lines_of(folder, name):
    return [json.loads(line) for line in (folder / name).read_bytes().splitlines()]


GROWS = ("anchors.jsonl", "audit.jsonl", "signers.jsonl")
"""What an export and an import add to: lines at the end."""


def test_what_comes_back_is_what_left(settings, place_for, tmp_path):
    """Export, import, export: every file is the same byte for byte; the chain has the import and the export more."""
    fill(settings)
    take_out(settings, tmp_path / "first")
    elsewhere = place_for("elsewhere")
    bring_in(elsewhere, tmp_path / "first", NURSE)
    take_out(elsewhere, tmp_path / "second")
    first, second = files_of(tmp_path / "first"), files_of(tmp_path / "second")

    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == [
        "anchors.jsonl",
        "audit.jsonl",
        "manifest.json",
        "signers.jsonl",
    ]
    for name in GROWS:
        assert second[name].startswith(first[name])
    added = lines_of(tmp_path / "second", "audit.jsonl")[len(lines_of(tmp_path / "first", "audit.jsonl")) :]
    assert [line["action"] for line in added] == ["record.import", "record.export"]
    manifests = [json.loads(files["manifest.json"]) for files in (first, second)]
    for one in manifests:
        one["files"] = [file for file in one["files"] if file["name"] not in GROWS]
        for changing in ("made_at", "audit_entries", "audit_head"):
            del one[changing]
    assert manifests[0] == manifests[1]


def test_the_clinic_that_came_back_works(settings, place_for, tmp_path):
    """Signed notes verify, histories are whole, sound is heard, what was deleted stays so, and work goes on."""
    ids = fill(settings)
    take_out(settings, tmp_path / "out")
    elsewhere = place_for("elsewhere")
    bring_in(elsewhere, tmp_path / "out", NURSE)

    with open_clinic(elsewhere) as record:
        assert record.verify()[1] is None
        with record.work(NURSE) as work:
            note = work.open(ids["note"])
            history = work.history(ids["goal"])
            assert fault_of(note.content, record.vault, record.tenant) == ""
            assert [(one.version, one.reason, one.actor) for one in history] == [
                (1, "goal.add", NURSE),
                (2, "goal.change", NURSE),
            ]
            assert {one.client for one in receipts_of(work)} >= {ids["gone"]}
            work.change(history[-1], Goal(words="Three"), reason="goal.change")
            work.add(Goal(words="New"), client=ids["client"], reason="goal.add")
        assert b"".join(open_blob(record, NURSE, ids["blob"])) == SOUND
        for gone in (ids["gone"], ids["erased"]):
            with pytest.raises(NotFound), record.work(NURSE) as work:
                work.open(gone)
        with pytest.raises(Conflict, match="hold"):
            forget_client(record, ids["client"], "asked", NURSE)
        assert record.verify()[1] is None
    assert place_of(elsewhere).root.read_bytes() != place_of(settings).root.read_bytes()


def test_an_export_moves_between_the_databases(postgres, tmp_path):
    """Out of SQLite into PostgreSQL and out of that: the entries are the same byte for byte."""
    from tests.databases import ROLE
    from trellis.kernel import Settings

    owner, app = postgres().make()
    keys_owner, keys_app = postgres().make()
    embedded = Settings({"store.folder": str(tmp_path / "embedded")})
    served = Settings(
        {
            "store.folder": str(tmp_path / "served"), "store.url": app, "store.owner_url": owner, "store.role": ROLE,
            "store.keys_url": keys_app, "store.keys_owner_url": keys_owner,
        }
    )  # fmt: skip
    fill(embedded)
    take_out(embedded, tmp_path / "first")
    bring_in(served, tmp_path / "first", NURSE)
    take_out(served, tmp_path / "second")

    first, second = files_of(tmp_path / "first"), files_of(tmp_path / "second")
    assert {name for name in first if first[name] != second[name]} == {*GROWS, "manifest.json"}


def test_anybody_can_read_and_prove_it_without_trellis(settings, tmp_path):
    """Every line fits the schema beside it, every file its digest; digests and chain are computed anew by hand."""
    ids = fill(settings)
    folder = tmp_path / "out"
    take_out(settings, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    schema = json.loads((folder / "schema.json").read_text())

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert all(not stat.S_IMODE(file.stat().st_mode) & 0o077 for file in folder.rglob("*"))
    assert {file["name"] for file in manifest["files"]} == files_of(folder).keys() - {"manifest.json"}
    for file in manifest["files"]:
        assert hashlib.sha256((folder / file["name"]).read_bytes()).hexdigest() == file["sha256"]
    seen = 0
    for name, shape in schema["files"].items():
        check = jsonschema.Draft202012Validator({**shape, "$defs": schema["$defs"]})
        for line in [manifest] if name == "manifest.json" else lines_of(folder, name):
            check.validate(line)
            seen += 1
    assert seen > 50
    digest = genesis(manifest["tenant"])
    for line in lines_of(folder, "audit.jsonl"):
        *values, given = line.values()
        told = json.dumps(values, separators=(",", ":"), ensure_ascii=False).encode()
        digest = hashlib.sha256(digest + told).digest()
        assert digest.hex() == given
    assert digest.hex() == manifest["audit_head"]
    for text in (folder / "entries/goal.jsonl").read_bytes().splitlines():
        line = json.loads(text)
        if line["content"] is not None:
            content = text[text.index(b'"content":') + len(b'"content":') : text.rindex(b',"destroyed_key"')]
            assert hashlib.sha256(bytes.fromhex(line["salt"]) + content).hexdigest() == line["digest"]
    assert (folder / "blobs" / ids["blob"]).read_bytes() == SOUND
    everything = b"".join(files_of(folder).values())
    assert b"bottles" in everything and b"Forget me" not in everything and b"slip of the pen" not in everything


def test_left_out_is_counted(settings, tmp_path):
    """Psychotherapy notes stay, whoever exports, and are counted; so is what nobody can read any more."""
    ids = fill(settings)
    with open_clinic(settings) as record:
        add_private(record, NURSE, ids["client"], "Countertransference, mine")
        made = export(record, "x", tmp_path / "out", NURSE)

    assert [one.count for one in made.left_out[:2]] == [1, 2]
    assert b"ountertransference" not in b"".join(files_of(tmp_path / "out").values())


def test_an_export_goes_nowhere_where_something_is_and_leaves_nothing_when_it_fails(settings, tmp_path):
    """A folder with something in it is refused; where a blob is gone, the error names it; no folder stays."""
    ids = fill(settings)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with pytest.raises(Conflict):
        take_out(settings, tmp_path / "full")
    for file in place_of(settings).blobs.rglob("*"):
        if file.is_file():
            file.unlink()
    with pytest.raises(NotFound, match=ids["blob"]):
        take_out(settings, tmp_path / "out")

    assert files_of(tmp_path / "full") == {"mine.txt": b"mine"}
    assert not (tmp_path / "out").exists()
