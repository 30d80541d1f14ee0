"""The line from a microphone to the record: a socket that takes sound, says how much of it is safe, and ends in time.

A browser sends each piece with the sample it begins at. What is answered (`have`) is on the disk; what isn't, the
browser sends again, after a cut or when this process was killed. Its own sign-in, what it rests on (consents, the law,
the care team) and whether another window took over are asked again every second: where one of them ended, it stops.
"""

import asyncio
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import anyio
import msgspec
from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from starlette.concurrency import run_in_threadpool

from trellis.chart import Mark
from trellis.kernel import Conflict, Invalid, TrellisError
from trellis.record import Take, ground, refuse_unscribed
from trellis.web.captions import Captions
from trellis.web.logins import Seat, take_seat
from trellis.web.problems import ELSEWHERE
from trellis.web.takes import Takes

router = APIRouter()
START = struct.Struct("<Q")
LARGEST = 1 << 19
"""Bytes of one piece: sixteen seconds."""
RATE = 16_000
ASKED_EVERY, WHOLLY_EVERY = 1.0, 30.0
"""Seconds between two looks at whether it may go on, and between two in full, where nothing seems to have changed."""
STOPPED = 4403


class SetMark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A marker, or a stretch of `seconds` that isn't in the recording, at a sample of it."""

    id: str
    at: int
    what: Literal["important", "homework", "risk", "paused", "off_record", "interrupted"]
    seconds: float = 0.0


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a browser says beside the sound: a mark, and whether it shows the words."""

    mark: SetMark | None = None
    words: bool | None = None


@dataclass(slots=True)
class Line:
    """One socket, while it brings the sound of one recording."""

    socket: WebSocket
    seat: Seat
    take: Take
    takes: Takes
    captions: Captions
    shows_words: bool = False
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    replaced: asyncio.Event = field(default_factory=asyncio.Event)
    sending: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def run(self) -> None:
        """Until the browser goes, or may go on no more (which is raised)."""
        await self._say({"have": self.take.samples, "marked": list(self.take.marks), "ear": self.captions.id})
        async with anyio.create_task_group() as group:
            group.start_soon(self._ask)
            group.start_soon(self._hear)
            await self._receive()
            group.cancel_scope.cancel()

    async def _receive(self) -> None:
        while True:
            message = await self.socket.receive()
            if message["type"] == "websocket.disconnect":
                return
            if (pcm := message.get("bytes")) is not None:
                await self._keep(pcm)
            else:
                await self._told(message.get("text") or "")

    async def _keep(self, piece: bytes) -> None:
        if not START.size < len(piece) <= LARGEST:
            raise _unreadable()
        (start,) = START.unpack_from(piece)
        before = self.take.samples
        have = await run_in_threadpool(self.take.add, start, piece[START.size :])
        if have > before:
            self.captions.put(piece[-2 * (have - before) :])
            self.heard.set()
        await self._say({"have": have})

    async def _told(self, text: str) -> None:
        try:
            told = msgspec.json.decode(text, type=Told)
        except msgspec.MsgspecError:
            raise _unreadable() from None
        if told.words is not None:
            self.shows_words = told.words
            if told.words:
                for caption in list(self.captions.shown.values()):
                    await self._say({"caption": caption})
        if told.mark is not None:
            mark = told.mark
            if not 0 < len(mark.id) <= 40 or mark.at < 0 or not 0 <= mark.seconds < 86_400:
                raise _unreadable()
            at = min(mark.at, self.take.samples) / RATE
            kept = Mark(id=mark.id, at=at, what=mark.what, seconds=round(mark.seconds, 1))
            await run_in_threadpool(self.take.mark, kept)
            await self._say({"marked": [mark.id]})

    async def _ask(self) -> None:
        """Raise when it may go on no more."""
        may_go_on = self._asking()
        while True:
            try:
                await asyncio.wait_for(self.replaced.wait(), ASKED_EVERY)
            except TimeoutError:
                await run_in_threadpool(may_go_on)
                continue
            raise Conflict("web.take_moved", "The recording goes on in another window.", hint="Close this one.")

    def _asking(self) -> Callable[[], None]:
        last: tuple[tuple[tuple[str, int], ...], float] = ((), 0.0)

        def ask() -> None:
            nonlocal last
            take_seat(self.socket)
            with self.seat.work() as work:
                rests_on, now = ground(work, self.take), time.monotonic()
                if rests_on != last[0] or now - last[1] > WHOLLY_EVERY:
                    refuse_unscribed(work, self.take.encounter, hears=True)
                    last = (rests_on, now)

        return ask

    async def _hear(self) -> None:
        """Have the words heard beside, one hearing after another; tell what the browser wants to see."""
        loop = asyncio.get_running_loop()

        def hear() -> None:
            for told in self.captions.hear():
                asyncio.run_coroutine_threadsafe(self._show(told), loop)

        while True:
            await self.heard.wait()
            self.heard.clear()
            try:
                await loop.run_in_executor(self.takes.ears, hear)
            except Exception:  # noqa: BLE001, what is recorded never depends on what is heard beside it
                await self._say({"behind": True})

    async def _show(self, told: dict[str, Any]) -> None:
        if self.shows_words or "caption" not in told:
            await self._say(told)

    async def _say(self, told: dict[str, Any]) -> None:
        async with self.sending:
            await self.socket.send_json(told)


@router.websocket("/encounters/{encounter_id}/recorder/socket")
async def record(socket: WebSocket, encounter_id: str) -> None:
    """Take the sound of a recording that was begun."""
    await socket.accept()
    takes: Takes = socket.app.state.takes
    lines: dict[str, Line] = socket.app.state.lines
    line: Line | None = None
    told: dict[str, str] = {}
    try:
        seat = await run_in_threadpool(take_seat, socket)
        take = await run_in_threadpool(takes.under_way, seat, encounter_id)
        if (earlier := lines.get(encounter_id)) is not None:
            earlier.replaced.set()
        line = lines[encounter_id] = Line(socket, seat, take, takes, takes.captions_of(encounter_id))
        await line.run()
    except* TrellisError as found:
        error = _first(found)
        told = {"stopped": error.message, "hint": error.hint, "elsewhere": ELSEWHERE.get(error.code, "")}
    except* (WebSocketDisconnect, RuntimeError):  # it went while it was being told something
        pass
    finally:
        if line is not None and lines.get(encounter_id) is line:
            del lines[encounter_id]
    if told:
        await _close(socket, told)


def _first(found: BaseExceptionGroup[TrellisError]) -> TrellisError:
    inner = found.exceptions[0]
    return _first(inner) if isinstance(inner, BaseExceptionGroup) else inner


async def _close(socket: WebSocket, told: dict[str, str]) -> None:
    try:
        await socket.send_json(told)
        await socket.close(STOPPED)
    except (WebSocketDisconnect, RuntimeError):  # it is gone already
        return


def _unreadable() -> Invalid:
    return Invalid("web.line_unreadable", "That isn't what a recorder sends.", hint="Open the recorder again.")
