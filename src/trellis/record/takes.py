"""A session's recording while it is being made: on the disk within the second, sealed, and whole again after a crash.

A take is one file in a folder of this machine: a line that says whose it is (ids alone), then frames, each sealed under
the client's key with its place, so that none can be altered, moved or dropped. What is added is on the disk when `add`
returns. A frame a crash cut in half is left out when the take is opened again; whoever sends the sound sends it again.

Sound is mono, 16 kHz, signed 16 bits. Consent is asked when a take begins and when it goes on (`uses`), by the caller
in between.
"""

import json
import os
import struct
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from io import BufferedReader, FileIO
from pathlib import Path
from threading import Lock

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from trellis.chart import Encounter, Entry, Mark, Use
from trellis.governance import Key, seal, unseal
from trellis.kernel import Conflict, Invalid, NotPermitted, Unavailable, new_id
from trellis.record.consents import IN_A_SESSION, others_at, standing_of, standing_present
from trellis.record.room import Record
from trellis.record.sessions import is_shared
from trellis.record.shared import owner_of_sound
from trellis.record.uses import FROM_SOUND, on_chain, refuse_unscribed
from trellis.record.work import Work

RATE = 16_000
"""Samples a second."""
WIDTH = 2
LONGEST = 8 * 3600 * RATE
"""Samples a take may hold: eight hours."""
ENDING = ".take"
SOUND, MARK = b"s", b"m"
FRAME = struct.Struct(">I")
LARGEST = 1 << 20
"""Bytes of a sealed frame; more was never written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lack:
    """A consent that a recording still needs: of a client by id, or of another person by what they are called."""

    use: Use
    client: str = ""
    person: str = ""


class Take:
    """One recording under way. `samples` is how much of it is on the disk, `marks` what was set in it."""

    def __init__(self, place: Path, file: FileIO, key: Key, told: dict[str, str]) -> None:
        self.id, self.encounter, self.client, self.actor = (
            told[name] for name in ("id", "encounter", "client", "actor")
        )
        self.place = place
        self.samples = 0
        self.marks: dict[str, Mark] = {}
        self._file, self._key, self._lock = file, key, Lock()
        self._start = file.tell()
        self._frames = 0
        end = self._start
        for sort, content in self._read():
            self._count(sort, content)
            end = self._file.tell()
        self._file.truncate(end)
        self._file.seek(end)

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.samples / RATE

    def add(self, start: int, pcm: bytes) -> int:
        """Keep sound that begins at sample `start`; gives how many samples are on the disk now.

        What is there already is left out; sound that begins beyond the end isn't kept: what lies between comes first.
        """
        if len(pcm) % WIDTH or not 0 <= start <= LONGEST:
            raise Invalid("record.take_unreadable", "That isn't sound.", hint="Begin again from this page.")
        with self._lock:
            fresh = pcm[(self.samples - start) * WIDTH :] if start <= self.samples else b""
            if fresh and self.samples + len(fresh) // WIDTH > LONGEST:
                raise Invalid("record.take_too_long", "The recording is too long.", hint="End it and begin another.")
            if fresh:
                self._write(SOUND, fresh)
            return self.samples

    def mark(self, mark: Mark) -> None:
        """Keep a mark; the same one again changes nothing."""
        with self._lock:
            if mark.id not in self.marks:
                self._write(MARK, json.dumps(asdict(mark)).encode())

    def wav(self) -> Iterator[bytes]:
        """The whole recording as a wav file, piece by piece."""
        with self._lock:
            size, frames = self.samples * WIDTH, self._frames
        yield b"RIFF" + struct.pack("<I", 36 + size) + b"WAVEfmt "
        yield (
            struct.pack("<IHHIIHH", 16, 1, 1, RATE, RATE * WIDTH, WIDTH, 8 * WIDTH) + b"data" + struct.pack("<I", size)
        )
        with self.place.open("rb") as file:
            file.seek(self._start)
            for index in range(frames):
                sort, content = self._unsealed(_frame(file), index)
                if sort == SOUND:
                    yield content

    def pocket_key(self, account: str) -> bytes:
        """The key under which the browser of an account keeps sound that isn't here yet; the same one each time."""
        info = f"trellis pocket {self.id} {account}".encode()
        return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(self._key.material)

    def close(self) -> None:
        """Let go of the file; nothing is lost."""
        self._file.close()

    def _write(self, sort: bytes, content: bytes) -> None:
        sealed = seal(self._key.material, sort + content, self._about(self._frames))
        end, frame = self._file.tell(), FRAME.pack(len(sealed)) + sealed
        try:
            is_whole = self._file.write(frame) == len(frame)
            os.fsync(self._file.fileno())
        except OSError:
            is_whole = False
        if not is_whole:
            self._file.truncate(end)
            self._file.seek(end)
            raise Unavailable("record.take_unwritten", "The disk takes no more sound.", hint="Make room.")
        self._count(sort, content)

    def _count(self, sort: bytes, content: bytes) -> None:
        self._frames += 1
        if sort == SOUND:
            self.samples += len(content) // WIDTH
        else:
            mark = Mark(**json.loads(content))
            self.marks[mark.id] = mark

    def _read(self) -> Iterator[tuple[bytes, bytes]]:
        """The frames from the start to the last whole one."""
        index = 0
        while sealed := _frame(self._file):
            yield self._unsealed(sealed, index)
            index += 1

    def _unsealed(self, sealed: bytes, index: int) -> tuple[bytes, bytes]:
        plain = unseal(self._key.material, sealed, self._about(index))
        return plain[:1], plain[1:]

    def _about(self, index: int) -> str:
        return f"{self.id} {index}"


def begin_take(record: Record, actor: str, folder: Path, encounter: str, client: str) -> Take:
    """Begin the recording of an encounter, for the note of `client`, or go on with the one that is under way.

    `NotPermitted` without what a recording needs of everybody there and of the law (`refuse_unscribed`), or where
    somebody else's is under way.
    """
    with on_chain(record, actor, "record.begin_take", encounter, client), record.work(actor) as work:
        there: Entry[Encounter] = work.open(encounter)
        answer = work.door.allow("content.change", client)
        refuse_unscribed(work, encounter, hears=True)
        owner = owner_of_sound(encounter) if is_shared(there) else there.client
        work.tell("record.begin_take", encounter, client, answer=answer)
    under_way = find_take(record, actor, folder, encounter)
    if under_way is not None:
        return under_way
    key = record.vault.current(record.tenant, "client", owner)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    told = {"id": new_id("tak"), "encounter": encounter, "client": client, "actor": actor, "key": key.id}
    place = folder / f"{encounter}{ENDING}"
    try:
        handle = os.open(place, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Conflict("record.take_begun", "It is being recorded already.", hint="Open the recorder again.") from None
    file = FileIO(handle, "r+b")
    file.write(json.dumps(told).encode() + b"\n")
    os.fsync(file.fileno())
    _settle(folder)
    return Take(place, file, key, told)


def what_lacks(work: Work, there: Entry[Encounter]) -> tuple[Lack, ...]:
    """The consents that a recording of an encounter still needs, for a page that asks for them; empty where all stand.

    The law may ask for more: whether it may begin is `begin_take`'s to say.
    """
    clients = there.content.clients or (there.client,)
    given = {client: standing_of(work, client, FROM_SOUND) for client in clients}
    lacks = [Lack(use=use, client=client) for client in clients for use in FROM_SOUND if not given[client][use]]
    for person in others_at(there):
        asked = [use for use in FROM_SOUND if use in IN_A_SESSION]
        lacks += [Lack(use=use, person=person) for use in asked if not standing_present(work, there, person, use)]
    return tuple(lacks)


def ground(work: Work, take: Take) -> tuple[tuple[str, int], ...]:
    """What a recording rests on, by versions alone: where it changed, the consents have to be asked again.

    `NotPermitted` where who records may do so no more.
    """
    work.door.allow("content.change", take.client)
    there = work.listed(take.encounter)
    asked = {"consent", "representative"}
    found = [*work.find(client=take.client, kinds=asked), *work.find(encounter=take.encounter, kinds=asked)]
    return ((there.id, there.version), *((one.id, one.version) for one in found))


def find_take(record: Record, actor: str, folder: Path, encounter: str) -> Take | None:
    """The recording of an encounter that is under way or waits, opened again; None where there is none.

    `NotPermitted` where it is somebody else's.
    """
    with record.work(actor) as work:
        work.listed(encounter)
    place = folder / f"{encounter}{ENDING}"
    try:
        file = FileIO(place, "r+b")
    except FileNotFoundError:
        return None
    try:
        return _opened(record, actor, place, file)
    except BaseException:
        file.close()
        raise


def is_under_way(folder: Path, encounter: str) -> bool:
    """Whether a recording of an encounter is under way or waits, whoever's it is."""
    return (folder / f"{encounter}{ENDING}").exists()


def discard_take(record: Record, actor: str, take: Take) -> None:
    """Throw a recording away; the chain says that, and who did it."""
    with record.work(actor) as work:
        answer = work.door.allow("content.change", take.client)
        work.tell("record.discard_take", take.encounter, take.client, {"seconds": round(take.seconds)}, answer)
    remove_take(take)


def remove_take(take: Take) -> None:
    """Remove a recording that has become something else: its sound and its draft are in the record."""
    take.close()
    take.place.unlink(missing_ok=True)


def _opened(record: Record, actor: str, place: Path, file: FileIO) -> Take | None:
    try:
        told: dict[str, str] = json.loads(file.readline())
    except ValueError:  # it was cut in the moment it began: nothing is in it
        file.close()
        place.unlink()
        return None
    if told["actor"] != actor:
        raise NotPermitted(
            "record.take_of_another",
            "Somebody else is recording this encounter.",
            hint="They end it, or discard it, from their own sign-in.",
        )
    return Take(place, file, record.vault.key(record.tenant, told["key"]), told)


def _frame(file: FileIO | BufferedReader) -> bytes:
    """The next sealed frame; empty at the end, and where the last one was cut."""
    head = file.read(FRAME.size)
    if len(head) < FRAME.size:
        return b""
    (size,) = FRAME.unpack(head)
    sealed = file.read(size) if size <= LARGEST else b""
    return sealed if len(sealed) == size else b""


def _settle(folder: Path) -> None:
    """Have the disk know of a new file."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
