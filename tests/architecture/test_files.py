"""What no tracked file may hold, and what each binary file owes its authors."""

import hashlib
import re
import tomllib

# Built from parts, so that this file does not hold what it looks for.
DOT = "[.]"
HOSTS = re.compile(
    "|".join(
        (
            f"pypi{DOT}org",
            f"pythonhosted{DOT}org",
            f"registry{DOT}npmjs",
            f"registry{DOT}yarnpkg",
            f"(deb|ftp|security){DOT}debian",
            f"huggingface{DOT}co/[^ ]*resolve",
            f"files{DOT}python",
            f"conda{DOT}anaconda",
        )
    )
)
PATHS = re.compile("/" + r"(work|farm|home|Users)/[a-z]|/tmp/bash" + "_jobs|/root" + "/")
INDEX_OPTIONS = re.compile(r"^--?(i|index-url|extra-index-url|find-links|trusted-host)\b", re.MULTILINE)
TEXT_LIMIT = 8 * 1024 * 1024
BINARY = (".onnx", ".bin", ".opus", ".ogg", ".wav", ".flac", ".mp3", ".m4a", ".webm", ".npz", ".png", ".woff2")
OURS = (".png",)  # pictures of the product itself


def text_of(path):
    """The text of a file; empty where it is none."""
    try:
        return path.read_text(encoding="utf-8") if path.stat().st_size < TEXT_LIMIT else ""
    except UnicodeDecodeError:
        return ""


def test_no_file_names_an_index_or_a_hub(root, tracked):
    """No tracked file names the host of a package index or a download from a hub: machines reach their own."""
    found = [name for name in tracked if HOSTS.search(text_of(root / name))]

    assert found == []


def test_no_file_holds_a_path_of_one_machine(root, tracked):
    """No tracked file holds a path that exists on one machine only."""
    found = [name for name in tracked if PATHS.search(text_of(root / name))]

    assert found == []


def test_requirements_are_hashed_and_name_no_index(root):
    """Each pinned requirement has hashes, and no requirement file says where packages come from."""
    files = sorted(root.glob("requirements*.txt"))
    assert [file.name for file in files] == [
        "requirements-dev.txt",
        "requirements-lab.txt",
        "requirements-writer.txt",
        "requirements.txt",
    ]
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert not INDEX_OPTIONS.search(text), file.name
        pins = re.findall(r"^[A-Za-z0-9_.\[\]-]+==[^\n]*\n(?:\s+[^\n]*\n)*", text, re.MULTILINE)
        assert len(pins) > 20
        assert [pin.split("\n")[0] for pin in pins if "--hash=sha256:" not in pin] == []
        assert not re.search(r"^(torch|nvidia)", text, re.MULTILINE), file.name


def test_every_binary_file_is_in_notice(root, tracked):
    """A weight, a recording or another file made elsewhere is named in NOTICE with its origin and licence."""
    notice = (root / "NOTICE").read_text(encoding="utf-8")
    missing = [name for name in tracked if name.endswith(BINARY) and not name.endswith(OURS) and name not in notice]

    assert missing == []


def test_shipped_weights_are_the_ones_the_manifest_names(root):
    """Each committed weight has the digest and size the manifest and NOTICE state."""
    folder = root / "src/trellis/inference/weights"
    notice = (root / "NOTICE").read_text(encoding="utf-8")
    entries = tomllib.loads((folder / "manifest.toml").read_text(encoding="utf-8"))["weights"]
    checked = 0
    for entry in entries:
        beside = [one for one in entry.get("beside", ()) if "file" in one]
        for one in [entry, *beside] if "file" in entry else beside:
            content = (folder / one["file"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == one["sha256"], one["file"]
            assert len(content) == one["bytes"], one["file"]
            assert one["sha256"] in notice, one["file"]
            checked += 1
        assert entry["licence"] and entry["source"] and entry["known_limits"], entry["name"]
        assert entry["sha256"] in notice, entry["name"]
    assert checked >= 3


def test_no_lock_file(tracked):
    """Pins live in the requirement files alone."""
    assert [name for name in tracked if name.endswith(("uv.lock", "poetry.lock", "Pipfile.lock"))] == []
