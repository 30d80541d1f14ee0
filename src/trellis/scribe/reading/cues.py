"""Read subtitles, WebVTT and SubRip: cues with times, voices as `<v Name>` or `Name:`.

Cues cut sentences where the screen is full, so cues of one speaker that follow each other closely become one piece. A
cue without a name is by an unknown speaker, unless it plainly goes on with the sentence of the cue before.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from trellis.scribe.reading.pieces import (
    UNKNOWN,
    Piece,
    goes_on,
    malformed,
    seconds_from_clock,
    split_label,
    split_marks,
)

PAUSE = 3.0
"""Seconds of silence after which the same speaker begins a new turn."""

_ARROW = re.compile(r"\s*(\S+)\s+-->\s+(\S+)(?:\s.*)?")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?(?:\s+([^>]*))?>", re.IGNORECASE)
_TAG = re.compile(r"</?[^<>]{0,200}>|\{\\[^{}]{0,40}\}")
_BESIDE = ("NOTE", "STYLE", "REGION")

Block = list[tuple[int, str]]


def read_vtt(text: str) -> Iterator[Piece]:
    """The pieces of a WebVTT file; raises `Invalid` naming the line that can't be read."""
    blocks = _blocks(text)
    first = next(blocks, None)
    if first is None or not re.fullmatch(r"WEBVTT(?:[ \t].*)?", first[0][1]):
        raise malformed("Line 1", "'WEBVTT', with which every .vtt file begins")
    return _joined(_pieces(_cues_after_header(first, blocks)))


def read_srt(text: str) -> Iterator[Piece]:
    """The pieces of a SubRip file; raises `Invalid` naming the line that can't be read."""
    return _joined(_pieces(_blocks(text)))


def _cues_after_header(first: Block, blocks: Iterator[Block]) -> Iterator[Block]:
    """Header fields may follow the first line; a cue may too, where its blank line is missing."""
    if any("-->" in line for _, line in first):
        at = next(i for i, (_, line) in enumerate(first) if "-->" in line)
        yield first[at:]
    for block in blocks:
        if not re.match(rf"(?:{'|'.join(_BESIDE)})(?:\s|$)", block[0][1]):
            yield block


def _blocks(text: str) -> Iterator[Block]:
    block: Block = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            block.append((number, line))
        elif block:
            yield block
            block = []
    if block:
        yield block


def _pieces(blocks: Iterable[Block]) -> Iterator[tuple[Piece, bool]]:
    """Each piece, and whether it begins anew whatever stood before: a dash marks another speaker."""
    for block in blocks:
        at = 0 if "-->" in block[0][1] else 1
        number, line = block[min(at, len(block) - 1)]
        match = _ARROW.fullmatch(line)
        start = seconds_from_clock(match[1]) if match else None
        end = seconds_from_clock(match[2]) if match else None
        if start is None or end is None or end < start:
            raise malformed(f"Line {number}", "the times of a cue, as 00:00:01.000 --> 00:00:04.000")
        said = block[at + 1 :]
        for wrong in (number for number, line in said if "-->" in line):
            raise malformed(f"Line {wrong}", "a blank line before the next cue")
        for speaker, words, anew in _voices([line.strip() for _, line in said]):
            text, marks = split_marks(words)
            if text or marks or speaker != UNKNOWN:
                yield Piece(text=text, speaker=speaker, start=start, end=end, marks=marks), anew


def _voices(lines: list[str]) -> Iterator[tuple[str, str, bool]]:
    """Who says what in one cue; lines that open with a dash are by different people."""
    speaker, words, anew = UNKNOWN, "", False
    for line in lines:
        dash = re.match(r"[-–—]\s*(?=\S)", line) if len(lines) > 1 else None
        opening, *voices = _VOICE.split(line[dash.end() :] if dash else line)
        label, said = split_label(_plain(opening).strip())
        if label is not None or dash:
            if words.strip():
                yield speaker, words, anew
            speaker, words, anew = label or UNKNOWN, said, dash is not None
        else:
            words += f" {said}"
        for name, spoken in zip(voices[::2], voices[1::2], strict=True):
            if words.strip():
                yield speaker, words, anew
            speaker, words, anew = " ".join(_plain(name or "").split()) or UNKNOWN, _plain(spoken), False
    if words.strip() or speaker != UNKNOWN:
        yield speaker, words, anew


def _plain(text: str) -> str:
    return html.unescape(_TAG.sub("", text))


def _joined(pieces: Iterable[tuple[Piece, bool]]) -> Iterator[Piece]:
    last: Piece | None = None
    for piece, anew in pieces:
        if last is not None and not anew and _is_one(last, piece):
            text = f"{last.text} {piece.text}".strip()
            last = replace(last, text=text, end=max(last.end or 0, piece.end or 0), marks=last.marks + piece.marks)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None:
        yield last


def _is_one(last: Piece, piece: Piece) -> bool:
    if (piece.start or 0) - (last.end or 0) > PAUSE or (piece.start or 0) < (last.start or 0):
        return False
    if piece.speaker == UNKNOWN:
        return goes_on(last.text, piece.text)
    return piece.speaker == last.speaker
