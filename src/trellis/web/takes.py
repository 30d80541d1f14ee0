"""The recordings under way in this process: one for an encounter, whoever's socket it is that brings the sound."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from io import BufferedReader, RawIOBase
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from trellis.chart import Encounter, Entry
from trellis.kernel import Conflict, NotFound, NotPermitted
from trellis.record import Take, begin_take, discard_take, find_take, refuse_unscribed, remove_take
from trellis.web.captions import Captions
from trellis.web.desk import Desk, DraftOrder
from trellis.web.logins import Seat
from trellis.web.uploads import Run, Runs

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


@dataclass(slots=True)
class Takes:
    """The recordings of one clinic that are under way or wait to be drafted, each open once."""

    desk: Desk
    runs: Runs
    open: dict[str, Take] = field(default_factory=dict)
    drafted: dict[str, str] = field(default_factory=dict)
    """Encounters whose recording is being drafted, and by which run."""
    heard: dict[str, Captions] = field(default_factory=dict)
    """What was heard of each, beside the recording."""
    lock: Lock = field(default_factory=Lock)
    ears: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(max_workers=1))

    @property
    def folder(self) -> Path:
        """Where they lie, sealed: beside the workroom, which is emptied at each start."""
        return self.desk.workroom.with_name("takes")

    def close(self) -> None:
        """Let go of them; they go on when their browsers come back."""
        self.ears.shutdown(cancel_futures=True)
        with self.lock:
            for take in self.open.values():
                take.close()
            self.open.clear()

    def find(self, seat: Seat, encounter: str) -> Take | None:
        """The recording of an encounter that is under way or waits; `NotPermitted` where it is somebody else's."""
        with self.lock:
            take = self.open.get(encounter)
            if take is None:
                take = find_take(self.desk.record, seat.actor, self.folder, encounter)
                if take is not None:
                    self.open[encounter] = take
            elif take.actor != seat.actor:
                raise NotPermitted(
                    "web.take_of_another", "Somebody else is recording this encounter.", hint="Ask them to end it."
                )
        return take

    def begin(self, seat: Seat, encounter: str, client: str) -> Take:
        """Begin the recording of an encounter, or go on with it; its consents are asked."""
        self._refuse_drafted(encounter)
        take = self.find(seat, encounter)
        if take is None:
            with self.lock:
                take = self.open[encounter] = begin_take(self.desk.record, seat.actor, self.folder, encounter, client)
            return take
        with seat.work() as work:
            work.door.allow("content.change", take.client)
            refuse_unscribed(work, encounter, hears=True)
        return take

    def under_way(self, seat: Seat, encounter: str) -> Take:
        """The recording of an encounter that was begun; `NotFound` where none was."""
        self._refuse_drafted(encounter)
        take = self.find(seat, encounter)
        if take is None:
            raise NotFound("web.take_absent", "Nothing is being recorded here.", hint="Open the recorder again.")
        return take

    def captions_of(self, encounter: str) -> Captions:
        """The words of a recording as they are heard; the same after a cut."""
        return self.heard.setdefault(encounter, Captions(self.desk.listen))

    def discard(self, seat: Seat, encounter: str) -> None:
        """Throw the recording of an encounter away."""
        take = self.under_way(seat, encounter)
        discard_take(self.desk.record, seat.actor, take)
        self._forget(encounter)

    def end(self, seat: Seat, encounter: str, order: Callable[[Path], DraftOrder]) -> Run:
        """Draft a note of the recording of an encounter, as of a file that is given in.

        It goes when the draft is there; until then it waits, whatever happens to this process.
        """
        take = self.under_way(seat, encounter)
        sound = BufferedReader(_Stream(take.wav()))
        self.drafted[encounter] = ""
        try:
            run = self.runs.begin(sound, "session.wav", order, lambda run: self._ended(seat, take, run))
        except BaseException:
            del self.drafted[encounter]
            raise
        with self.lock:
            if encounter in self.drafted:
                self.drafted[encounter] = run.id
        return run

    def _ended(self, seat: Seat, take: Take, run: Run) -> None:
        """The run is over: keep the marks, and let the recording go where there is a draft."""
        try:
            if run.draft:
                with seat.work() as work:
                    there: Entry[Encounter] = work.open(take.encounter)
                    marks = tuple(sorted(take.marks.values(), key=lambda mark: mark.at))
                    work.change(there, replace(there.content, marks=marks), reason="encounter.mark")
                self._forget(take.encounter)
                remove_take(take)
        finally:
            with self.lock:
                self.drafted.pop(take.encounter, None)

    def _forget(self, encounter: str) -> None:
        self.open.pop(encounter, None)
        self.heard.pop(encounter, None)

    def _refuse_drafted(self, encounter: str) -> None:
        if encounter in self.drafted:
            raise Conflict("web.take_drafted", "The note is being drafted of it.", hint="Wait until it is done.")


class _Stream(RawIOBase):
    """Parts, as a file to read from."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts, self._rest = parts, b""

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        """The next bytes, as many as there are at hand."""
        view = memoryview(buffer)
        while not self._rest:
            part = next(self._parts, None)
            if part is None:
                return 0
            self._rest = part
        taken = self._rest[: len(view)]
        view[: len(taken)] = taken
        self._rest = self._rest[len(taken) :]
        return len(taken)
