"""Weights are loaded only when every byte is the one the manifest names."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from trellis.inference import weights
from trellis.inference.weights import MANIFEST, find_weights
from trellis.kernel import Unavailable

SMALL = """
[[weights]]
name = "parts"
kind = "joined"
parts = [{ file = "a.part", sha256 = "", bytes = 3 }, { file = "b.part", sha256 = "", bytes = 3 }]
sha256 = "bef57ec7f53a6d40beb640a780a639c83bc29ac8a9816f1fc6c5c6dcd93c4721"
bytes = 6
[[weights.beside]]
file = "config.json"
path = "config.json"
sha256 = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
bytes = 2
[[weights]]
name = "one"
kind = "file"
file = "a.part"
sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
bytes = 3
"""  # digests of "abcdef", "{}" and "abc"


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A manifest of two small sets, in a folder of its own."""
    folder = tmp_path / "weights"
    folder.mkdir()
    (folder / "manifest.toml").write_text(SMALL)
    (folder / "a.part").write_bytes(b"abc")
    (folder / "b.part").write_bytes(b"def")
    (folder / "config.json").write_bytes(b"{}")
    monkeypatch.setattr(weights, "MANIFEST", folder / "manifest.toml")
    monkeypatch.setattr(weights, "_found", {})
    weights._manifest.cache_clear()
    yield folder
    weights._manifest.cache_clear()


def test_every_default_set_is_there_and_right(tmp_path):
    """The weights a clinic gets by installing Trellis are the ones that were measured."""
    import tomllib

    for entry in tomllib.loads(MANIFEST.read_text())["weights"]:
        if entry["default"] and entry["kind"] != "joined":
            assert find_weights(entry["name"]).exists()


def test_parts_are_joined_once(small, tmp_path):
    """Parts become one file in the cache folder and are found there the next time."""
    cache = tmp_path / "cache"
    folder = find_weights("parts", cache)
    assert (folder / "model.bin").read_bytes() == b"abcdef" and (folder / "config.json").read_bytes() == b"{}"
    made = (folder / "model.bin").stat().st_ino
    weights._found.clear()
    assert find_weights("parts", cache) == folder and (folder / "model.bin").stat().st_ino == made
    assert [path.name for path in cache.iterdir()] == [folder.name]


def test_a_spoilt_cache_is_made_again(small, tmp_path):
    """A cache that somebody changed is never loaded."""
    folder = find_weights("parts", tmp_path / "cache")
    (folder / "model.bin").write_bytes(b"abcdeX")
    weights._found.clear()
    assert (find_weights("parts", tmp_path / "cache") / "model.bin").read_bytes() == b"abcdef"


def test_without_a_cache_a_temporary_folder_serves(small, tmp_path):
    """Where the cache can't be written, the weights are joined for this process alone."""
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    folder = find_weights("parts", blocked / "cache")
    assert (folder / "model.bin").read_bytes() == b"abcdef" and not folder.is_relative_to(tmp_path / "file")
    shutil.rmtree(folder)


@pytest.mark.parametrize("name", ["parts", "one"])
def test_other_bytes_are_refused(small, tmp_path, name):
    """Weights that differ in one byte are never loaded."""
    (small / "a.part").write_bytes(b"abX")
    with pytest.raises(Unavailable) as refused:
        find_weights(name, tmp_path / "cache")
    assert refused.value.code == "inference.weights_differ"
    assert not list((tmp_path / "cache").glob("*")) if (tmp_path / "cache").exists() else True


@pytest.mark.parametrize("name", ["parts", "one"])
def test_missing_bytes_are_refused(small, tmp_path, name):
    """A set of which a file is missing says so."""
    (small / "a.part").unlink()
    with pytest.raises(Unavailable) as refused:
        find_weights(name, tmp_path / "cache")
    assert refused.value.code == "inference.weights_missing"


def test_two_processes_may_join_at_once(tmp_path):
    """Two processes that start on an empty cache both end with whole weights."""
    code = (
        "import sys; from pathlib import Path; from trellis.inference import weights as w; "
        "print(w.find_weights('whisper-base', Path(sys.argv[1])))"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    folders = {process.communicate(timeout=120)[0].strip() for process in running}
    assert all(process.returncode == 0 for process in running)
    assert len(folders) == 1 and (Path(folders.pop()) / "model.bin").is_file()
    assert len(list(tmp_path.iterdir())) == 1
