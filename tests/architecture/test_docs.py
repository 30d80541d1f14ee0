"""The documentation is part of the product: it says what the code does, and its links lead somewhere."""

import re

from trellis.cli.root import COMMANDS
from trellis.kernel import SETTINGS
from trellis.lab.reference import FOLDER, pages, raised_errors

ROOMS = ("scribe", "safety", "inference", "chart", "record", "governance", "jobs", "store", "web", "lab")


def documents(root):
    return [root / "README.md", root / "CHANGELOG.md", *sorted((root / "docs").rglob("*.md"))]


def test_reference_pages_are_up_to_date():
    """Each generated page is what the code says today."""
    assert {name: (FOLDER / name).read_text(encoding="utf-8") for name in pages()} == pages()


def test_every_error_has_a_code_of_its_room_and_a_hint():
    """Codes follow `room.thing`, and each error says what to do next."""
    errors = raised_errors()
    assert len(errors) > 20
    for error in errors:
        assert re.fullmatch(r"[a-z]+\.[a-z][a-z0-9_]*", error.code), error
        assert error.hint, error.code


def test_links_lead_somewhere(root):
    """A relative link in a document points to a file of this repository, and a heading it names is there."""
    broken = []
    for document in documents(root):
        for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8")):
            if target.startswith(("http://", "https://", "#")):
                continue
            if not (document.parent / target.split("#")[0]).exists():
                broken.append(f"{document.name} -> {target}")

    assert broken == []


def test_each_room_has_a_page(root):
    """One capability, one name: code, tests and documentation."""
    for room in ROOMS:
        assert (root / "docs/rooms" / f"{room}.md").exists(), room
        assert (root / "src/trellis" / room).is_dir(), room
        assert (root / "tests" / room).is_dir(), room


def test_documents_name_commands_and_settings_that_exist(root):
    """Every `trellis …` command, `make …` target, setting and module path the documents name is real."""
    settings = {setting.name for setting in SETTINGS}
    rooms = {name.split(".")[0] for name in settings}
    targets = set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    wrong = []
    for document in documents(root):
        text = document.read_text(encoding="utf-8")
        wrong += [f"{document.name}: trellis {c}" for c in re.findall(r"`trellis ([a-z]+)", text) if c not in COMMANDS]
        wrong += [f"{document.name}: make {t}" for t in re.findall(r"`make ([a-z]+)", text) if t not in targets]
        for path in re.findall(r"`(src/trellis/[\w./-]+)`", text):
            if not (root / path).exists():
                wrong.append(f"{document.name}: {path}")
        for name in re.findall(r"setting `([a-z]+\.[a-z_]+)`", text):
            if name not in settings and name.split(".")[0] in rooms:
                wrong.append(f"{document.name}: {name}")

    assert wrong == []


def test_readme_is_one_screen(root):
    """The README says what it is in one screen, with the two commands and a picture."""
    text = (root / "README.md").read_text(encoding="utf-8")

    assert len(text.splitlines()) <= 60
    assert "make demo" in text and "make test" in text
    assert re.search(r"!\[[^\]]+\]\(docs/[\w/.-]+\.png\)", text)
