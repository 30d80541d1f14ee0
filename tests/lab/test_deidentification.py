"""The suite of de-identification counts words honestly, on the texts that were frozen."""

import hashlib

import pytest

from trellis.inference import Identifier
from trellis.kernel import Invalid
from trellis.lab.suites import deidentification
from trellis.lab.suites.deidentification import FROZEN, MARKED, judge, read_marked, score


def test_frozen():
    """At least 500 different texts, of which each kind of identifier has a mark, are those that were frozen."""
    sums = dict(reversed(line.split()) for line in (MARKED / "SHA256SUMS").read_text().splitlines())
    assert all(hashlib.sha256((MARKED / name).read_bytes()).hexdigest() == digest for name, digest in sums.items())
    texts = [one for name in FROZEN for one in read_marked(MARKED / f"{name}.txt")]
    assert len({one.text for one in texts}) >= 500
    assert {kind for one in texts for kind, _, _ in one.marks} == set(deidentification.KINDS)
    assert not {one.text for one in texts} & {one.text for one in read_marked(MARKED / "dev.txt")}


def test_judge(tmp_path):
    """An identifier of which one word is left is a miss; a harmless word that goes is counted."""
    (tmp_path / "a.txt").write_text("{n:Ann Lee} saw {g:Bend} on Monday\n")
    one = read_marked(tmp_path / "a.txt")[0]
    assert one.text == "Ann Lee saw Bend on Monday"
    half = judge(one, [Identifier(0, 3, "name"), Identifier(12, 16, "place"), Identifier(20, 26, "date")])
    assert half.missed == (("n", "Ann Lee"),)
    assert half.taken == (("date", "Monday"),)
    figures = score([half])
    assert (figures["identifiers gone whole"].hits, figures["identifiers gone whole"].of) == (1, 2)
    assert (figures["removed words that identify nobody"].hits, figures["removed words that identify nobody"].of) == (
        1,
        3,
    )


def test_changed(tmp_path, monkeypatch):
    """Texts that were changed after they were frozen are refused."""
    (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  notes.txt\n")
    (tmp_path / "notes.txt").write_text("x\n")
    monkeypatch.setattr(deidentification, "MARKED", tmp_path)
    with pytest.raises(Invalid):
        deidentification.evaluate(tmp_path, lambda *_: None)
