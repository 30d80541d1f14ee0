"""What a recording's own header promises about its length in bytes, held against the bytes that are there.

Why: libav reads a file that was cut in half without a word, and guesses its length from what is left. A wav, an mp3 and
an ogg say themselves how long they should be.

Takes: an open file. Gives: whether its end is missing; False where it promises nothing (a stream saved as it came).
"""

from __future__ import annotations

from typing import BinaryIO

TAIL = 1 << 17  # an Ogg page is at most 65,307 bytes
UNKNOWN = (0, 0xFFFFFFFF)  # what programs that can't go back write in place of a size
ID3_HEAD = 10
OGG_HEAD = 27


def is_cut_short(file: BinaryIO) -> bool:
    """Whether the file ends before its header says so; the file's position is kept."""
    position = file.tell()
    try:
        size = file.seek(0, 2)
        file.seek(0)
        head = file.read(12)
        if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
            return _is_wav_cut(file, size)
        if head[:4] == b"OggS":
            return _is_ogg_cut(file, size)
        return _is_mp3_cut(file, size)
    finally:
        file.seek(position)


def _is_wav_cut(file: BinaryIO, size: int) -> bool:
    """The chunk of samples says how many bytes it has."""
    at = 12
    while at + 8 <= size:
        file.seek(at)
        head = file.read(8)
        length = int.from_bytes(head[4:], "little")
        if head[:4] == b"data":
            return length not in UNKNOWN and length < 0x7FFFFF00 and at + 8 + length > size
        at += 8 + length + length % 2
    return True


def _is_ogg_cut(file: BinaryIO, size: int) -> bool:
    """The last page must be whole. That it isn't marked as the last is no proof: live recorders don't."""
    start = max(0, size - TAIL)
    file.seek(start)
    tail = file.read()
    page = tail.rfind(b"OggS")
    if page < 0 or len(tail) - page < OGG_HEAD:
        return True
    segments = tail[page + OGG_HEAD - 1]
    table = tail[page + OGG_HEAD : page + OGG_HEAD + segments]
    return len(table) < segments or page + OGG_HEAD + segments + sum(table) > len(tail)


def promises_frames(file: BinaryIO) -> bool:
    """Whether an mp3 says how many frames it has; else its length is libav's guess."""
    position = file.tell()
    try:
        return _xing(file) is not None
    finally:
        file.seek(position)


def _is_mp3_cut(file: BinaryIO, size: int) -> bool:
    """A Xing or Info frame says how many bytes follow the tags at the front."""
    found = _xing(file)
    if found is None:
        return False
    start, tag = found
    flags = int.from_bytes(tag[4:8])
    place = 12 if flags & 1 else 8
    return bool(flags & 2) and start + int.from_bytes(tag[place : place + 4]) > size


def _xing(file: BinaryIO) -> tuple[int, bytes] | None:
    """Where an mp3 begins behind its tags, and the Xing or Info tag of its first frame; None where there is none."""
    file.seek(0)
    head = file.read(ID3_HEAD)
    start = 0
    if head[:3] == b"ID3" and len(head) == ID3_HEAD:
        start = ID3_HEAD + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9])
    file.seek(start)
    frame = file.read(200)
    if len(frame) < 2 or frame[0] != 0xFF or frame[1] & 0xE0 != 0xE0:
        return None
    at = max(frame.find(b"Xing"), frame.find(b"Info"))
    return None if at < 0 or len(frame) < at + 16 else (start, frame[at : at + 16])
