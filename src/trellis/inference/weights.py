"""Where trained weights are, and proof that they are the right ones.

Why: weights are code somebody else wrote, and they come inside packages of little-known uploaders. What is trusted is
their digest, written in `weights/manifest.toml`, never their name.

Takes: the name of a set of weights. Gives: the path of its file or folder, whose every byte was compared with the
manifest in this process. `Unavailable` where bytes are missing or differ; such weights are never loaded.

Weights in parts (`kind = "joined"`) are joined once into the cache folder and found there the next time. The join is
written beside its place and moved there whole, so two processes may do it at once; where the cache can't be written, a
temporary folder serves until the process ends. Comparing Whisper base (148 MB)
takes 0.1 to 0.2 seconds, once a process.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import tempfile
import threading
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from trellis.kernel import Unavailable

MANIFEST = Path(__file__).parent / "weights" / "manifest.toml"
BLOCK = 1 << 20

_lock = threading.Lock()
_found: dict[tuple[str, Path | None], Path] = {}


def find_weights(name: str, settings_cache: Path | None = None) -> Path:
    """The file or folder of a set of weights, its bytes compared with the manifest (once a process).

    `settings_cache` is the folder for weights that come in parts, None for the user's own cache folder. A set of kind
    `file` gives its file, `tree` and `joined` give a folder. Raises `Unavailable` with the code
    `inference.weights_missing` or `inference.weights_differ`; `KeyError` for a name the manifest doesn't have.
    """
    with _lock:
        key = (name, settings_cache)
        if key not in _found:
            _found[key] = _find(_manifest()[name], settings_cache)
        return _found[key]


def check_weights(settings_cache: Path | None = None) -> int:
    """Compare every set of weights that an unconfigured clinic uses with the manifest; gives how many there are."""
    names = [name for name, entry in _manifest().items() if entry["default"]]
    for name in names:
        find_weights(name, settings_cache)
    return len(names)


def user_cache() -> Path:
    """The folder where this user's programs keep what they can make again."""
    if base := os.environ.get("XDG_CACHE_HOME"):
        return Path(base) / "trellis"
    if local := os.environ.get("LOCALAPPDATA"):
        return Path(local) / "trellis"
    return Path(os.path.expanduser("~")) / ".cache" / "trellis"  # noqa: PTH111 - Path.home raises without a home


def check_file(path: Path, facts: Mapping[str, Any], name: str) -> None:
    """Raise `Unavailable` unless the file has the size and the SHA-256 of its manifest entry."""
    try:
        same = path.stat().st_size == facts["bytes"] and _digest(path) == facts["sha256"]
    except OSError as error:
        raise _missing(name) from error
    if not same:
        raise _differ(name)


@cache
def _manifest() -> dict[str, dict[str, Any]]:
    entries = tomllib.loads(MANIFEST.read_text(encoding="utf-8"))["weights"]
    return {entry["name"]: entry for entry in entries}


def _find(entry: Mapping[str, Any], settings_cache: Path | None) -> Path:
    if entry["kind"] == "joined":
        return _joined(entry, settings_cache)
    path = _place(entry)
    if entry["kind"] == "tree":
        _check_tree(path, entry)
    else:
        check_file(path, entry, entry["name"])
    for facts in entry.get("beside", ()):
        check_file(_place(facts), facts, entry["name"])
    return path


def _place(facts: Mapping[str, Any]) -> Path:
    """Where a file of the manifest lies: beside it, or in the folder that installed packages share."""
    if "package" not in facts:
        return MANIFEST.parent / str(facts["file"])
    from importlib import metadata

    try:
        return Path(str(metadata.distribution(facts["package"]).locate_file(facts["path"])))
    except metadata.PackageNotFoundError as error:
        raise Unavailable(
            "inference.weights_missing",
            f"The package {facts['package']} isn't installed.",
            hint="Install the requirements again: `make setup`, or `make writer` for the local writer.",
        ) from error


def _check_tree(folder: Path, entry: Mapping[str, Any]) -> None:
    if not folder.is_dir():
        raise _missing(entry["name"])
    whole = hashlib.sha256()
    files = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    for inside in sorted(files):
        if "__pycache__" not in inside.split("/"):
            whole.update(f"{_digest(files[inside])}  {inside}\n".encode())
    if whole.hexdigest() != entry["sha256"]:
        raise _differ(entry["name"])


def _joined(entry: Mapping[str, Any], settings_cache: Path | None) -> Path:
    """The folder with the joined file and its companions: from the cache, or made now."""
    home = settings_cache or user_cache()
    folder = home / f"{entry['name']}-{entry['sha256'][:12]}"
    if _is_whole(folder, entry):
        return folder
    try:
        home.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{entry['name']}-", dir=home))
    except OSError:
        return _join_for_now(entry)
    try:
        _write_parts(entry, made)
        return _move(made, folder, entry)
    except OSError:  # a full disk; perhaps the temporary folder is on another one
        return _join_for_now(entry)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _join_for_now(entry: Mapping[str, Any]) -> Path:
    try:
        made = Path(tempfile.mkdtemp(prefix="trellis-"))
        atexit.register(shutil.rmtree, made, ignore_errors=True)
        _write_parts(entry, made)
    except OSError as error:
        raise Unavailable(
            "inference.weights_no_room",
            f"There is no folder where the weights '{entry['name']}' can be joined ({entry['bytes'] >> 20} MiB).",
            hint="Free some space, or name a folder in inference.cache.",
        ) from error
    return made


def _move(made: Path, folder: Path, entry: Mapping[str, Any]) -> Path:
    """Put a finished folder in its place; another process may have been there first, or have left ruins."""
    for _ in range(2):
        try:
            made.rename(folder)
        except OSError:
            if _is_whole(folder, entry):
                return folder
            ruins = Path(tempfile.mkdtemp(prefix=".ruins-", dir=folder.parent))
            if folder.exists():
                folder.rename(ruins / "old")
            shutil.rmtree(ruins, ignore_errors=True)
        else:
            return folder
    raise OSError


def _write_parts(entry: Mapping[str, Any], folder: Path) -> None:
    """Join the parts into `model.bin`, copy what belongs beside it, and compare every byte on the way."""
    whole = hashlib.sha256()
    with (folder / "model.bin").open("wb") as joined:
        for part in entry["parts"]:
            path = _place(part)
            if not path.is_file():
                raise _missing(entry["name"])
            with path.open("rb") as file:
                while block := file.read(BLOCK):
                    whole.update(block)
                    joined.write(block)
    if whole.hexdigest() != entry["sha256"]:
        raise _differ(entry["name"])
    for facts in entry.get("beside", ()):
        place = _place(facts)
        check_file(place, facts, entry["name"])
        shutil.copyfile(place, folder / place.name)


def _is_whole(folder: Path, entry: Mapping[str, Any]) -> bool:
    """Whether the cache holds exactly what the manifest promises; anything else is made again."""
    try:
        check_file(folder / "model.bin", entry, entry["name"])
        for facts in entry.get("beside", ()):
            check_file(folder / Path(facts["path"]).name, facts, entry["name"])
    except Unavailable:
        return False
    return True


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _missing(name: str) -> Unavailable:
    return Unavailable(
        "inference.weights_missing",
        f"The weights '{name}' aren't there.",
        hint=f"Install {_requirements(name)} again.",
    )


def _differ(name: str) -> Unavailable:
    return Unavailable(
        "inference.weights_differ",
        f"The weights '{name}' aren't the ones Trellis was tested with, so they weren't loaded.",
        hint=f"Install {_requirements(name)} again; its hashes name the right ones.",
    )


def _requirements(name: str) -> str:
    """The file that installs a set of weights."""
    return str(_manifest().get(name, {}).get("requirements", "requirements.txt"))
