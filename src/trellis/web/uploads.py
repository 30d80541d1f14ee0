"""Recordings and transcripts as they come in: sniffed, bounded, read in the background, gone when that is done.

A file is what its first bytes say, whatever it is called; it never goes back to a browser as it came. While it is read
it lies in the clinic's workroom under a name of ours, for its owner alone, and whatever a crash left is removed at the
next start. One is read at a time: the engines use every core.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import BinaryIO

from trellis.kernel import Invalid, NotFound, TrellisError, new_id
from trellis.web.desk import Desk, DraftOrder

SNIFFED = 4096
"""Bytes that say what a file is."""
CHUNK = 1 << 20
MOST_RUNS = 500
"""Runs that are remembered; the oldest that are done are forgotten first."""
SOUNDS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"RIFF", ".wav"),
    (0, b"ID3", ".mp3"),
    (0, b"\xff\xfb", ".mp3"),
    (0, b"\xff\xf3", ".mp3"),
    (0, b"\xff\xf2", ".mp3"),
    (4, b"ftyp", ".m4a"),
    (0, b"fLaC", ".flac"),
    (0, b"OggS", ".ogg"),
    (0, b"\x1a\x45\xdf\xa3", ".webm"),
)
"""Where in a file, which bytes, and what it then is."""
SAME = {".ogg": (".ogg", ".opus")}
WRITTEN = (".txt", ".vtt", ".srt", ".csv", ".json")


def sniff(name: str, first: bytes) -> str:
    """The ending a file has by its first bytes; `Invalid` where it is nothing that is read here."""
    ending = Path(name).suffix.lower()
    for at, mark, sound in SOUNDS:
        if first[at : at + len(mark)] == mark:
            return ending if ending in SAME.get(sound, ()) else sound
    if ending in WRITTEN and first.strip() and (first[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" not in first):
        return ending
    raise Invalid(
        "web.upload_unknown",
        "That is neither a recording nor a transcript Trellis reads.",
        hint="Recordings: wav, mp3, m4a, flac, ogg, opus, webm. Transcripts: txt, vtt, srt, csv, json.",
    )


@dataclass(slots=True)
class Run:
    """One file on its way to a draft: what is done just now, and what became of it."""

    id: str
    actor: str
    encounter: str
    step: str = "waiting"
    share: float | None = None
    draft: str = ""
    problem: str = ""

    @property
    def is_done(self) -> bool:
        """Whether it ended, well or not."""
        return bool(self.draft or self.problem)


@dataclass(slots=True)
class Runs:
    """The files that are read, one after another, and how far each is."""

    desk: Desk
    known: dict[str, Run] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)
    workers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(max_workers=1))

    def open(self) -> None:
        """Make the workroom, and remove what a crash left in it."""
        self.desk.workroom.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in self.desk.workroom.iterdir():
            left.unlink()

    def close(self) -> None:
        """Finish what is being read; what waits is dropped, and its files with it."""
        self.workers.shutdown(cancel_futures=True)
        for left in self.desk.workroom.iterdir():
            left.unlink()

    def begin(
        self,
        upload: BinaryIO,
        name: str,
        order: Callable[[Path], DraftOrder],
        after: Callable[[Run], None] = lambda _: None,
    ) -> Run:
        """Take a file in and read it in the background; `after` is called when that ended, well or not."""
        first = upload.read(SNIFFED)
        run_id = new_id("run")
        place = self.desk.workroom / f"{run_id}{sniff(name, first)}"
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(first)
            while part := upload.read(CHUNK):
                file.write(part)
        made = order(place)
        run = Run(id=run_id, actor=made.actor, encounter=made.encounter)
        with self.lock:
            for old in [one for one in self.known.values() if one.is_done][: max(0, len(self.known) - MOST_RUNS)]:
                del self.known[old.id]
            self.known[run.id] = run
        self.workers.submit(self._work, run, made, after)
        return run

    def of(self, run_id: str, actor: str) -> Run:
        """A run of this actor's; `NotFound` for anybody else's."""
        run = self.known.get(run_id)
        if run is None or run.actor != actor:
            raise NotFound("web.run_absent", "Nothing of that name is being read.", hint="Look at the encounter.")
        return run

    def _work(self, run: Run, order: DraftOrder, after: Callable[[Run], None]) -> None:
        def tell(step: str, share: float | None = None) -> None:
            run.step, run.share = step, share

        try:
            run.draft = self.desk.draft(order, tell).id
        except TrellisError as error:
            run.problem = str(error)
        except Exception:  # noqa: BLE001, an engine's own words could hold what was said
            run.problem = "It couldn't be read. Try again; if it happens twice, try another form of the file."
        finally:
            order.input.unlink(missing_ok=True)
            after(run)
