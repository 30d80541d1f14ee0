"""`trellis eval` and `trellis bench`: figures as a table for people and as JSON for machines."""

import json


def test_figures_are_shown_as_a_table(paper, tmp_path):
    """Without --json the figures are for reading."""
    result = paper("eval", "safety", "--data", tmp_path)

    assert result.returncode == 0
    assert "safety\n  f1" in result.stdout


def test_figures_can_be_json(paper, tmp_path):
    """With --json - they are for machines, with a file for keeping."""
    assert json.loads(paper("bench", "start", "--json", "-").stdout) == {"start": {"seconds": 1.5}}
    paper("eval", "safety", "--data", tmp_path, "--json", tmp_path / "f.json")

    assert json.loads((tmp_path / "f.json").read_text()) == {"safety": {"f1": 0.5}}


def test_figures_can_be_a_page(paper, tmp_path):
    """With --html they are a page; the table is still shown here."""
    result = paper("eval", "safety", "--data", tmp_path, "--html", tmp_path / "f.html")

    assert (tmp_path / "f.html").read_text() == "<!DOCTYPE html>['safety']"
    assert "f1" in result.stdout


def test_leaves_of_the_lab_are_told_in_their_own_shape():
    """Figures, tables and listings become objects in JSON, and lines under their name in a terminal."""
    from trellis.cli.evals import _as_json, _rows
    from trellis.lab.scores.intervals import share
    from trellis.lab.scores.listings import Example, Listing, Table

    figures = {
        "recall": share(1, 2),
        "table": Table(columns=("session", "facts"), rows=(("s1", share(1, 2)),)),
        "cases": Listing.of([Example(where="s1", words="missed", turns=(3,))]),
    }
    told = json.loads(_as_json(figures))

    assert (told["recall"]["hits"], told["recall"]["of"]) == (1, 2)
    assert told["table"][0]["facts"]["value"] == 0.5
    assert told["cases"]["cases"][0]["turns"] == [3]
    assert _rows(figures)[1:] == [
        "table",
        "  session  facts",
        "  s1       50.0 % (9.5-90.5)",
        "cases",
        "    s1 (turn 3): missed",
    ]


def test_notes_of_authored_sessions_can_be_read(paper, tmp_path):
    """--notes puts a page for each into the folder; only the suite that writes notes has them."""
    paper("eval", "scribe", "--data", tmp_path, "--notes", tmp_path)
    assert (tmp_path / "trap-one.html").read_text() == "<!DOCTYPE html>one"
    assert (tmp_path / "script-two.html").exists()

    elsewhere = paper("eval", "safety", "--data", tmp_path, "--notes", tmp_path)
    nowhere = paper("eval", "scribe", "--data", tmp_path, "--notes", tmp_path / "none")
    assert (elsewhere.returncode, nowhere.returncode) == (2, 2)
    assert "has no notes" in elsewhere.stderr
    assert "--notes doesn't exist" in nowhere.stderr


def test_an_unknown_suite_is_exit_code_2(tmp_path):
    """A suite that doesn't exist is told with those that do."""
    import subprocess
    import sys

    result = subprocess.run(
        [sys.executable, "-m", "trellis", "eval", "nonsense", "--data", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert result.returncode == 2
    assert "no suite 'nonsense'" in result.stderr
