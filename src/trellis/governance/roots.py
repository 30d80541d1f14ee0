"""Where the root key comes from: a file only its owner may read, or a secret in the environment; both behind one port.

The root key wraps each organisation's key and nothing else. Without it the record is noise; nothing here can bring a
lost one back. A file or secret may hold several keys, one a line: the first is in use, the others still open what
they wrapped, so that a root key is changed without stopping.
"""

import hashlib
import os
import secrets
import stat
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from trellis.kernel import Conflict, Invalid, Unavailable

VARIABLE = "TRELLIS_ROOT_KEY"


class RootKeys(Protocol):
    """Gives root keys of 32 bytes by their names; a name says nothing of its key."""

    @property
    def current(self) -> str:
        """The name of the key that wraps from now on."""
        ...

    def key(self, name: str) -> bytes:
        """The key of this name; `Unavailable` where it isn't here."""
        ...


class HeldRoots:
    """Root keys held in memory, in the order given; the first is current.

    `again` reads them anew: asked when a key isn't known, so that a process that runs through a change of the root
    key goes on.
    """

    def __init__(self, keys: Sequence[bytes], again: Callable[[], Sequence[bytes]] | None = None) -> None:
        self._hold(keys)
        self._again = again

    @property
    def current(self) -> str:
        """The name of the first."""
        return self._current

    def key(self, name: str) -> bytes:
        """The key of this name."""
        if name not in self._keys and self._again is not None:
            self._hold(self._again())
        if name not in self._keys:
            raise Unavailable(
                "governance.root_missing",
                f"The root key {name} isn't here. Nothing was changed.",
                hint="Put it back into the root key file, after the current one.",
            )
        return self._keys[name]

    def _hold(self, keys: Sequence[bytes]) -> None:
        self._keys: Mapping[str, bytes] = {name_of(key): key for key in keys}
        self._current = name_of(keys[0])


def name_of(key: bytes) -> str:
    """The name of a root key, from its digest."""
    return "root_" + hashlib.sha256(b"trellis root key" + key).hexdigest()[:16]


def make_root(path: Path) -> None:
    """Write a fresh root key to a file of its owner's; `Conflict` where there is a file already."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Conflict(
            "governance.root_exists", "There is a root key already.", hint="Keep it: it opens this clinic's record."
        ) from None
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_hex(32) + "\n")
        file.flush()
        os.fsync(file.fileno())


def add_root(path: Path) -> None:
    """Put a fresh root key before those of a file, whole or not at all."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    make_root(fresh)
    with fresh.open("a") as file:
        file.write(path.read_text(encoding="utf-8"))
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def read_roots(path: Path, environment: Mapping[str, str] | None = None) -> HeldRoots:
    """The root keys from the environment where it has them, else from the file."""
    secret = (os.environ if environment is None else environment).get(VARIABLE, "")
    if secret:
        return HeldRoots(_parsed(secret))
    return HeldRoots(_read(path), again=lambda: _read(path))


def _read(path: Path) -> Sequence[bytes]:
    if not path.exists():
        raise Unavailable(
            "governance.root_absent",
            "There is no root key.",
            hint=f"Set {VARIABLE}, or put the root key file back where it was.",
        )
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise Unavailable(
            "governance.root_open", "Others may read the root key file.", hint="Allow only its owner: chmod 600."
        )
    return _parsed(path.read_text(encoding="utf-8"))


def _parsed(text: str) -> Sequence[bytes]:
    try:
        keys = [bytes.fromhex(word) for word in text.replace(",", " ").split()]
    except ValueError:
        keys = []
    if not keys or any(len(key) != 32 for key in keys):
        raise Invalid(
            "governance.root_invalid", "A root key is 64 hexadecimal digits, one a line.", hint="Check for a cut line."
        )
    return keys
