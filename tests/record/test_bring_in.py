"""An import takes a whole export or nothing: whatever is wrong is named by file and line, and no clinic is left."""

import hashlib
import json
import random
import shutil

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from tests.record.test_export import NURSE, files_of, fill, take_out
from trellis.kernel import Conflict, Invalid, NotFound, Settings, TrellisError
from trellis.record import bring_in, make_clinic, open_clinic, place_of

SHORT = rules(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
LONG = rules(max_examples=5000, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The files of an export of a small clinic, by name."""
    folder = tmp_path_factory.mktemp("made")
    clinic = Settings({"store.folder": str(folder / "clinic")})
    fill(clinic)
    take_out(clinic, folder / "out")
    return files_of(folder / "out")


@pytest.fixture
def exported(made, tmp_path):
    """The export on the disk, to be spoilt."""
    return write(made, tmp_path / "out")


def write(files, folder):
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def agree(folder):
    """Make the manifest name the files as they are now, so that what stands in them is what is judged."""
    manifest = json.loads((folder / "manifest.json").read_text())
    for file in manifest["files"]:
        content = (folder / file["name"]).read_bytes()
        file["bytes"], file["sha256"] = len(content), hashlib.sha256(content).hexdigest()
        if file["lines"] is not None:
            file["lines"] = content.count(b"\n")
    (folder / "manifest.json").write_text(json.dumps(manifest))


def spoil(folder, name, number, change):
    """Change one line (from 1) of a file; `change` takes and gives its fields."""
    lines = (folder / name).read_bytes().splitlines()
    lines[number - 1] = json.dumps(change(json.loads(lines[number - 1])), separators=(",", ":")).encode()
    (folder / name).write_bytes(b"".join(line + b"\n" for line in lines))
    agree(folder)


@pytest.fixture
def elsewhere(tmp_path):
    """Where there is no clinic yet."""
    return Settings({"store.folder": str(tmp_path / "elsewhere")})


def nothing_is_left(place):
    folder = place_of(place).folder
    return not folder.exists() or not any(file.is_file() for file in folder.rglob("*"))


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("entries/goal.jsonl", lambda line: line | {"content": {"words": "Another"}}, "digest"),
        ("entries/goal.jsonl", lambda line: line | {"digest": "0" * 64}, "digest"),
        ("entries/goal.jsonl", lambda line: line | {"client": "cli_0"}, "nobody with a key"),
        ("entries/goal.jsonl", lambda line: line | {"version": 2}, "out of order"),
        ("entries/goal.jsonl", lambda line: line | {"kind": "note"}, "out of order"),
        ("entries/goal.jsonl", lambda line: line | {"made_at": "yesterday"}, "made_at"),
        ("entries/goal.jsonl", lambda line: line | {"made_at": "2026-01-01T00:00:00"}, "made_at"),
        ("entries/goal.jsonl", lambda line: line | {"made_at": "0001-01-01T00:00:00+14:00"}, "read"),
        ("entries/goal.jsonl", lambda line: line | {"salt": None}, "neither content"),
        ("entries/goal.jsonl", lambda line: line | {"extra": 1}, "fit"),
        ("entries/goal.jsonl", lambda line: line | {"actor": "x" * 61}, "actor"),
        ("entries/goal.jsonl", lambda line: line | {"reason": "a\x00b"}, "reason"),
        ("audit.jsonl", lambda line: line | {"actor": "staff:usr_x"}, "entry 1"),
        ("audit.jsonl", lambda line: line | {"detail": "[1]"}, "detail"),
        ("anchors.jsonl", lambda line: line | {"number": 3}, "entry 3"),
        ("anchors.jsonl", lambda line: line | {"tenant": "org_other"}, "another clinic"),
        ("deleted.jsonl", lambda line: line | {"kind": "tape"}, "kind"),
        ("deleted.jsonl", lambda line: line | {"version": 9}, "line|deleted|manifest"),
        ("owners.jsonl", lambda line: line | {"owner": "everybody"}, "owner"),
        ("blobs.jsonl", lambda line: line | {"deleted_at": "2026-01-01T00:00:00Z"}, "neither"),
        ("blobs.jsonl", lambda line: line | {"bytes": 1}, "manifest"),
        ("tombstones.jsonl", lambda line: line | {"key": "key_0"}, "content"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_left(exported, elsewhere, name, change, says):
    """The error names file and line, or the entry of the chain; there is no clinic, no key, no blob afterwards."""
    spoil(exported, name, 1, change)

    with pytest.raises(Invalid, match=says) as error:
        bring_in(elsewhere, exported, NURSE)
    assert "bottles" not in str(error.value) and "yesterday" not in str(error.value)
    assert nothing_is_left(elsewhere)


def test_content_a_noun_does_not_have_is_refused(exported, elsewhere):
    """A field this version doesn't know would be lost later: it is refused, even with a digest of its own."""

    def change(line):
        line["content"]["colour"] = "red"
        content = json.dumps(line["content"], separators=(",", ":")).encode()
        return line | {"digest": hashlib.sha256(bytes.fromhex(line["salt"]) + content).hexdigest()}

    spoil(exported, "entries/client.jsonl", 1, change)
    with pytest.raises(Invalid, match=r"Line 1 of entries/client.jsonl holds no client"):
        bring_in(elsewhere, exported, NURSE)


@pytest.mark.parametrize("name", ["manifest.json", "schema.json", "audit.jsonl", "entries/note.jsonl", "blobs"])
def test_a_file_that_is_missing_or_cut_is_named(made, tmp_path, elsewhere, name):
    """Each file is needed, and needed whole."""
    known = next(one for one in made if one.startswith(name))
    folder = write(made, tmp_path / "out")
    (folder / known).write_bytes(made[known][: len(made[known]) // 2])
    with pytest.raises(Invalid, match=known):
        bring_in(elsewhere, folder, NURSE)
    (folder / known).unlink()
    with pytest.raises((Invalid, NotFound), match=r"manifest|export has no"):
        bring_in(elsewhere, folder, NURSE)
    assert nothing_is_left(elsewhere)


def test_after_a_failure_the_same_place_takes_a_whole_export(made, exported, place_for):
    """What failed is in nobody's way."""
    elsewhere = place_for("elsewhere")
    spoil(exported, "audit.jsonl", 5, lambda line: line | {"actor": "staff:usr_x"})
    with pytest.raises(Invalid):
        bring_in(elsewhere, exported, NURSE)
    write(made, exported)
    bring_in(elsewhere, exported, NURSE)

    with open_clinic(elsewhere) as record:
        assert record.verify()[1] is None
        assert len(record.vault.publics(record.tenant)) == 2


def test_an_import_never_touches_a_clinic(made, exported, place_for):
    """Where there is a clinic, or its rows, the import refuses and changes nothing."""
    there = place_for("there")
    make_clinic(there, "Elm Street")
    with pytest.raises(Conflict):
        bring_in(there, exported, NURSE)
    with open_clinic(there) as record:
        assert record.verify()[0].number == 1


def bent(files, seed):
    """The files with something changed in one of them: a bit, a byte, a line, a value; and the manifest, or not."""
    chance = random.Random(seed)
    name = chance.choice([one for one in files if one != "schema.json"])
    content = bytearray(files[name])
    for _ in range(chance.choice((1, 1, 1, 3))):
        place = chance.randrange(len(content)) if content else 0
        match chance.randrange(7):
            case 0 if content:
                content[place] ^= 1 << chance.randrange(8)
            case 1:
                content[place:place] = chance.choice((b"\n", b"\x00", b'"', b"{", b"[" * 3000, b"\\ud800", b"9" * 400))
            case 2:
                del content[place : place + chance.choice((1, 10, 1000))]
            case 3:
                lines = bytes(content).splitlines(keepends=True)
                chance.shuffle(lines)
                content = bytearray(b"".join(lines))
            case 4:
                content += bytes(content[place:])
            case _ if content:
                content = bytearray(_mutated(bytes(content), chance))
    return {**files, name: bytes(content)}


def _mutated(content, chance):
    """One value of one line replaced by another kind of thing."""
    lines = content.splitlines()
    number = chance.randrange(len(lines))
    try:
        line = json.loads(lines[number])
        field = chance.choice(list(line))
    except (ValueError, TypeError, IndexError):
        return content
    odd = (
        None,
        "",
        -1,
        0,
        2**63,
        1e308,
        "x" * 70,
        "cli_0",
        [],
        {},
        True,
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00Z",
    )
    line[field] = chance.choice(odd)
    lines[number] = json.dumps(line, separators=(",", ":")).encode()
    return b"".join(one + b"\n" for one in lines)


def _fuzz(made, folder, seed, *, is_agreed):
    """A bent export is imported, or refused by an error of ours that leaves nothing."""
    source = write(bent(made, seed), folder / "out")
    if is_agreed:
        try:
            agree(source)
        except (ValueError, KeyError, TypeError, AttributeError):
            return
    elsewhere = Settings({"store.folder": str(folder / "clinic")})
    try:
        bring_in(elsewhere, source, NURSE)
    except TrellisError as error:
        said = str(error)
    else:
        said = ""
    if said:
        assert "bottles" not in said
        assert nothing_is_left(elsewhere)
    else:
        with open_clinic(elsewhere) as record:
            assert record.verify()[1] is None
    shutil.rmtree(folder / "clinic", ignore_errors=True)


@SHORT
@given(seed=st.integers(0, 2**32), is_agreed=st.booleans())
def test_no_bent_export_crashes_or_leaves_anything(made, tmp_path_factory, seed, is_agreed):
    """A short run of the fuzzer."""
    _fuzz(made, tmp_path_factory.mktemp("fuzz"), seed, is_agreed=is_agreed)


@pytest.mark.soak
@LONG
@given(seed=st.integers(0, 2**32), is_agreed=st.booleans())
def test_no_bent_export_crashes_or_leaves_anything_for_long(made, tmp_path_factory, seed, is_agreed):
    """A long run of the fuzzer."""
    _fuzz(made, tmp_path_factory.mktemp("fuzz"), seed, is_agreed=is_agreed)
