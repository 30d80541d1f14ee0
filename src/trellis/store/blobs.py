"""Audio and documents, encrypted in chunks, in a folder or any object store: streamed in, streamed out, sought within.

A blob's key is derived from the one it is sealed with and a salt of its own; each chunk is sealed with its place in
the blob and whether it is the last, so that chunks can't be swapped, dropped or added. Never more than a few chunks
are in memory.
"""

import hashlib
import queue
import secrets
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import obstore
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from obstore.exceptions import BaseError
from obstore.store import LocalStore, from_url

from trellis.kernel import NotFound, Unavailable

FORMAT = b"\x01"
SALT = 16
HEADER = len(FORMAT) + SALT
CHUNK = 64 * 1024
TAG = 16
SEALED = CHUNK + TAG
READ = 16
"""Chunks fetched at once."""
PART = 5 * 1024 * 1024  # the least that object stores take as one part of an upload


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A blob as it was written: its length in bytes before sealing, and the SHA-256 of what is in the store."""

    size: int
    digest: bytes


class Blobs:
    """Sealed files by name. Names are ids: they say nothing of what is inside.

    `address` is the URL of the object store they are in; empty for a folder.
    """

    def __init__(self, store: Any, address: str = "") -> None:
        self._store = store
        self.address = address

    def write(self, name: str, key: bytes, plain: Iterable[bytes]) -> Written:
        """Seal a stream into a blob; it is there whole when this returns, or not at all."""
        sealing = _Sealing(key, name)
        self.put_raw(name, sealing.chunks(plain))
        return Written(size=sealing.size, digest=sealing.digest.digest())

    def read(self, name: str, key: bytes, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The bytes from `start` to before `end` (both before sealing), chunk by chunk; `NotFound` where it is gone."""
        try:
            size = int(obstore.head(self._store, name)["size"])
            header = bytes(obstore.get_range(self._store, name, start=0, end=min(HEADER, size)))
        except FileNotFoundError:
            raise NotFound("store.blob_absent", f"The blob {name} is gone.", hint="Its receipt says why.") from None
        except BaseError as error:
            raise _refused(error) from None
        last = max(0, (size - HEADER - 1) // SEALED)
        opener = AESGCM(_derived(key, header[len(FORMAT) :], name)) if header[:1] == FORMAT else None
        stop = (last + 1) * CHUNK if end is None else end
        at = start // CHUNK
        while opener is not None and at <= last and at * CHUNK < stop:
            until = min(last + 1, at + READ, -(-stop // CHUNK))
            ciphertext = self._range(name, at, until, size)
            for index in range(at, until):
                sealed = ciphertext[(index - at) * SEALED : (index - at + 1) * SEALED]
                plain = _opened(opener, sealed, index, name, is_last=index == last)
                yield plain[max(0, start - index * CHUNK) : max(0, stop - index * CHUNK)]
            at = until
        if opener is None:
            raise _altered(name)

    def delete(self, name: str) -> None:
        """Remove a blob; nothing happens where it is gone already."""
        try:
            obstore.delete(self._store, name)
        except FileNotFoundError:
            return
        except BaseError as error:
            raise _refused(error) from None

    def listed(self, prefix: str = "") -> Iterator[tuple[str, datetime]]:
        """Every blob whose name begins so, and when it was written."""
        for batch in obstore.list(self._store, prefix or None):
            yield from ((str(one["path"]), one["last_modified"]) for one in batch)

    def raw(self, name: str) -> Iterator[bytes]:
        """A blob as it lies in the store, sealed: for copies."""
        try:
            yield from (bytes(part) for part in obstore.get(self._store, name).stream())
        except FileNotFoundError:
            raise NotFound("store.blob_absent", f"The blob {name} is gone.", hint="Its receipt says why.") from None

    def put_raw(self, name: str, sealed: Iterable[bytes]) -> None:
        """Put a sealed stream in place: whole, or not at all."""
        with _produced(sealed) as parts:
            try:
                obstore.put(self._store, name, parts, use_multipart=True, chunk_size=PART, max_concurrency=2)
            except BaseError as error:
                raise _refused(error) from None

    def _range(self, name: str, first: int, until: int, size: int) -> bytes:
        try:
            return bytes(
                obstore.get_range(
                    self._store, name, start=HEADER + first * SEALED, end=min(size, HEADER + until * SEALED)
                )
            )
        except BaseError as error:
            raise _refused(error) from None


def open_blobs(place: str | Path) -> Blobs:
    """Blobs in a folder, made where there is none, or in an object store by its URL (`s3://…`, `gs://…`, `az://…`)."""
    if isinstance(place, str) and "://" in place:
        return Blobs(from_url(place), place)
    folder = Path(place)
    folder.mkdir(parents=True, exist_ok=True)
    return Blobs(LocalStore(prefix=folder))


@contextmanager
def _produced(parts: Iterable[bytes]) -> Iterator[Iterator[bytes]]:
    """The same parts, made in a thread of their own: a store that is being written to can't be read from in its own."""
    waiting: queue.Queue[bytes | BaseException | None] = queue.Queue(maxsize=READ)
    is_over = threading.Event()

    def hand_over(one: bytes | BaseException | None) -> None:
        while not is_over.is_set():
            try:
                waiting.put(one, timeout=0.1)
            except queue.Full:
                continue
            return

    def produce() -> None:
        try:
            for part in parts:
                hand_over(part)
                if is_over.is_set():
                    return
            hand_over(None)
        except BaseException as error:  # noqa: BLE001 (raised again where the parts are taken)
            hand_over(error)

    def taken() -> Iterator[bytes]:
        while (one := waiting.get()) is not None:
            if isinstance(one, BaseException):
                raise one
            yield one

    thread = threading.Thread(target=produce, daemon=True)
    thread.start()
    try:
        yield taken()
    finally:
        is_over.set()
        thread.join()


class _Sealing:
    """Seals one stream, and counts it."""

    def __init__(self, key: bytes, name: str) -> None:
        self._salt = secrets.token_bytes(SALT)
        self._sealer = AESGCM(_derived(key, self._salt, name))
        self._name = name
        self.size = 0
        self.digest = hashlib.sha256()

    def chunks(self, plain: Iterable[bytes]) -> Iterator[bytes]:
        """Header, then sealed chunks; the last is marked as such, and there even where the stream is empty."""
        yield self._counted(FORMAT + self._salt)
        waiting = bytearray()
        index = 0
        for part in plain:
            self.size += len(part)
            waiting += part
            while len(waiting) > CHUNK:  # what is exactly a chunk waits: it may be the last
                yield self._seal(bytes(waiting[:CHUNK]), index, is_last=False)
                del waiting[:CHUNK]
                index += 1
        yield self._seal(bytes(waiting), index, is_last=True)

    def _seal(self, chunk: bytes, index: int, *, is_last: bool) -> bytes:
        return self._counted(self._sealer.encrypt(_nonce(index, is_last=is_last), chunk, self._name.encode()))

    def _counted(self, sealed: bytes) -> bytes:
        self.digest.update(sealed)
        return sealed


def _opened(opener: AESGCM, sealed: bytes, index: int, name: str, *, is_last: bool) -> bytes:
    try:
        return opener.decrypt(_nonce(index, is_last=is_last), sealed, name.encode())
    except (InvalidTag, ValueError):
        raise _altered(name) from None


def _nonce(index: int, *, is_last: bool) -> bytes:
    """A chunk's own: the key is used for one blob alone."""
    return index.to_bytes(11, "big") + (b"\x01" if is_last else b"\x00")


def _derived(key: bytes, salt: bytes, name: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=f"trellis blob {name}".encode()).derive(key)


def _altered(name: str) -> Unavailable:
    return Unavailable(
        "store.blob_altered", f"The blob {name} was altered, cut, or sealed with another key.", hint="Restore it."
    )


def _refused(error: Exception) -> Unavailable:
    if "no space left" in str(error).lower():
        return Unavailable("store.disk_full", "The disk is full. Nothing was half-written.", hint="Make room.")
    return Unavailable("store.blobs_unavailable", "The place of blobs doesn't answer or refuses.", hint="Try again.")
