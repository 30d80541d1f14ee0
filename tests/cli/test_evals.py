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
