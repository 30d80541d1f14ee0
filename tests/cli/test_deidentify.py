"""`trellis deidentify FILE`: a copy without what tells who somebody is, in the file's own shape."""

import json

from trellis.app import House
from trellis.cli import run

TEXT = (
    "Seen March 4, 2026: Maria Lopez, (503) 555-0148.\nMaria takes sertraline 75 mg; PHQ-9 14. Next: March 11, 2026.\n"
)


def copied(capfd, *arguments):
    code = run(House(), ["deidentify", *map(str, arguments)])
    return code, *capfd.readouterr()


def test_text(tmp_path, capfd):
    """A person keeps one invented name, dates their distance, clinical words their place; the count names nobody."""
    (tmp_path / "note.txt").write_text(TEXT)
    code, out, err = copied(capfd, tmp_path / "note.txt")
    assert code == 0
    assert not [word for word in ("Maria", "Lopez", "555", "March 4", "March 11") if word in out]
    assert "sertraline 75 mg; PHQ-9 14" in out and out.count("\n") == TEXT.count("\n")
    assert "phone 1" in err and "Maria" not in err


def test_json(tmp_path, capfd):
    """A transcript in JSON stays one, with its other values as they were; years alone stay where that is asked."""
    turns = [{"id": 1, "speaker": "client", "start": 1.5, "text": "i told marcus on June 3, 2025"}]
    (tmp_path / "said.json").write_text(json.dumps({"turns": turns}))
    code, out, _ = copied(capfd, tmp_path / "said.json", "--dates", "years")
    (turn,) = json.loads(out)["turns"]
    assert code == 0
    assert (turn["id"], turn["speaker"], turn["start"]) == (1, "client", 1.5)
    assert turn["text"].endswith("on 2025") and "marcus" not in turn["text"]


def test_unreadable(tmp_path, capfd):
    """What is missing, or no text, is refused in one line that doesn't repeat its name."""
    (tmp_path / "maria.txt").write_bytes(b"\xff\xfe\x00")
    for name in ("maria.txt", "maria-lopez.txt"):
        code, out, err = copied(capfd, tmp_path / name)
        assert code == 2 and not out
        assert "maria" not in err and err.count("\n") == 1
