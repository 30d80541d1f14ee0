"""The shipped recording: small, open, and exactly what its reference says."""

import hashlib
import json
from pathlib import Path

import pytest

from trellis.app import House
from trellis.inference.audio import probe
from trellis.kernel.errors import Invalid
from trellis.lab.make_demo import FOLDER, make_demo
from trellis.lab.scripts import parse_script, read_script

HEAD = "title: A\nproblem: b\nlanguage: en\nT: clinician, {voice}, Dr. A\nC: client, hum-high, B\n---\n"


def test_the_demonstration_points_at_it():
    """`trellis demo` transcribes this very file."""
    assert House().demo().input == FOLDER / "session.opus"


def test_it_is_small_whole_and_named_in_notice():
    """At most a megabyte, as long as its reference says, with its digest in NOTICE."""
    recording = FOLDER / "session.opus"
    truth = json.loads((FOLDER / "session.json").read_text(encoding="utf-8"))

    assert recording.stat().st_size <= 1_000_000
    assert probe(recording).duration == pytest.approx(truth["duration"], abs=0.1)
    notice = (Path(__file__).parents[2] / "NOTICE").read_text(encoding="utf-8")
    assert hashlib.sha256(recording.read_bytes()).hexdigest() in notice


def test_its_reference_is_the_script():
    """Turn for turn the reference holds what the script says, and the card says that voices are synthetic."""
    truth = json.loads((FOLDER / "session.json").read_text(encoding="utf-8"))
    script = read_script("demo")

    assert [(turn["speaker"], turn["text"]) for turn in truth["turns"]] == [(t.role, t.text) for t in script.turns]
    assert truth["card"]["speech"] == "synthetic"


def test_it_can_be_made_again(tmp_path):
    """A script becomes a recording and its reference."""
    script = parse_script("x", HEAD.format(voice="hum-low") + "T: How are you today?\nC: Quite well, thank you.\n")
    recording = make_demo(tmp_path, script)
    truth = json.loads((tmp_path / "session.json").read_text(encoding="utf-8"))

    assert probe(recording).duration == pytest.approx(truth["duration"], abs=0.1)
    assert [turn["speaker"] for turn in truth["turns"]] == ["clinician", "client"]


def test_a_voice_that_may_not_be_shipped_is_refused(tmp_path):
    """Nothing is made with a voice whose origin isn't open."""
    script = parse_script("x", HEAD.format(voice="piper-joe") + "T: How are you?\n")
    with pytest.raises(Invalid, match="may not be shipped"):
        make_demo(tmp_path, script)
    assert not list(tmp_path.iterdir())
