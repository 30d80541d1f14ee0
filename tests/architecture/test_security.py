"""What the documents say is proved, is proved: every test they name is there."""

import ast
import re

import pytest

PROVED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
AFTERNOON = (
    "stolen session",
    "guessed ids",
    "replayed codes",
    "tenant hopping",
    "mass assignment",
    "confused proxy",
    "timing of refusals",
    "leaks by logs and errors",
    "malicious import",
    "curious colleague",
    "hostile co-parent",
)


@pytest.mark.parametrize("name", ["security.md", "compliance.md"])
def test_every_test_a_document_names_is_there(root, name):
    """Each proof is a test of that name in that file."""
    named = PROVED.findall((root / "docs" / name).read_text(encoding="utf-8"))
    assert len(named) > 20
    missing = []
    for file, test in named:
        tree = ast.parse((root / file).read_text(encoding="utf-8")) if (root / file).exists() else ast.Module([], [])
        if test not in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}:
            missing.append(f"{file}::{test}")

    assert missing == []


def test_the_afternoon_is_whole(root):
    """Each thing an attacker would try has a part with at least one proof in it."""
    text = (root / "docs/security.md").read_text(encoding="utf-8")
    parts = {part.split("\n", 1)[0].casefold(): part for part in text.split("\n## ")[1:]}
    for tried in AFTERNOON:
        part = next((body for title, body in parts.items() if tried in title), "")
        assert PROVED.search(part), tried
