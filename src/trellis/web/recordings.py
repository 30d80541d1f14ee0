"""The sound of an encounter, streamed from its sealed blob: just the bytes the player asks for."""

import re

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from trellis.chart import Entry, Recording
from trellis.kernel import NotFound
from trellis.record import blob_of, check_audible, open_blob
from trellis.web.logins import ReadySeat

router = APIRouter()
RANGE = re.compile(r"bytes=(\d*)-(\d*)")
MOST = 4 << 20
"""Bytes given at once; a player asks again for more."""


@router.get("/recordings/{recording_id}")
def play(request: Request, seat: ReadySeat, recording_id: str) -> Response:
    """A recording that is this client's alone, whole or in part; never as anything but sound."""
    with seat.work() as work:
        recording: Entry[Recording] = work.open(recording_id)
        if recording.kind != "recording":
            raise NotFound("web.recording_absent", "There is no such recording.", hint="Open the draft again.")
        check_audible(work, recording, 0.0, recording.content.seconds)
        size = blob_of(work, recording.content.blob).size
    asked = part_of(request.headers.get("range", ""), size)
    headers = {"Accept-Ranges": "bytes", "Content-Disposition": "inline"}
    if asked is None:
        headers["Content-Range"] = f"bytes */{size}"
        return Response(status_code=416, headers=headers)
    start, end = asked
    is_part = "range" in request.headers
    if is_part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    headers["Content-Length"] = str(end - start)
    return StreamingResponse(
        open_blob(seat.desk.record, seat.actor, recording.content.blob, start, end),
        status_code=206 if is_part else 200,
        media_type=recording.content.media_type,
        headers=headers,
    )


def part_of(asked: str, size: int) -> tuple[int, int] | None:
    """The bytes from and to before, of what a `Range` asks for; all where it asks for none, None where it can't be."""
    if not asked:
        return 0, size
    found = RANGE.fullmatch(asked.strip())
    if not found or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(size, int(last) + 1) if last else size
    return (start, min(end, start + MOST)) if start < end else None
