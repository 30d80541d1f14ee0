"""Read a written transcript strictly: what can't be understood is named by its line, never guessed at.

Takes a file: `.txt`, `.vtt`, `.srt`, `.csv` or `.json`, in UTF-8, UTF-16 with its mark, or Windows' Western code page.
Gives a transcript whose `speaker` fields are the labels as they were written (`Therapist`, `Speaker 1`, `Ana`;
`unknown` without one): who is the clinician is decided from them later. Every refusal is an `Invalid` that names a
line or turn and what is expected there; it never repeats what the file says, nor what it is called.
"""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from trellis.chart import Transcript, Turn
from trellis.kernel import Invalid
from trellis.scribe.reading.cues import read_srt, read_vtt
from trellis.scribe.reading.languages import language_of
from trellis.scribe.reading.lines import read_lines
from trellis.scribe.reading.pieces import Piece
from trellis.scribe.reading.rows import read_rows
from trellis.scribe.reading.turns import read_turns

LARGEST = 20_000_000
"""Bytes a transcript may have: fifty hours of talk. More is something else."""

MOST_TURNS = 50_000

FORMATS: Mapping[str, Callable[[str], Iterator[Piece]]] = {
    ".txt": read_lines,
    ".vtt": read_vtt,
    ".srt": read_srt,
    ".csv": read_rows,
    ".json": read_turns,
}
"""The written forms by the ending of the file's name."""


def read(path: Path) -> Transcript:
    """The transcript in a file, its speakers still labelled as written; raises `Invalid` where it can't be read."""
    form = FORMATS.get(path.suffix.lower())
    if form is None:
        raise Invalid(
            "scribe.transcript_format",
            "This kind of file is no transcript.",
            hint=f"Known endings are {', '.join(FORMATS)}.",
        )
    return read_text(_decoded(_bytes(path)), path.suffix.lower())


def read_text(text: str, ending: str) -> Transcript:
    """The transcript in a text of one of the `FORMATS`; raises `Invalid` as `read` does."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    if not text.strip():
        raise Invalid("scribe.transcript_empty", "The transcript is empty.", hint="Choose the file that has the words.")
    pieces = _ordered(_counted(FORMATS[ending](text)))
    times = [time for piece in pieces for time in (piece.start, piece.end) if time is not None]
    turns = tuple(_turn(piece, number) for piece, number in zip(pieces, _ids(pieces), strict=True))
    return Transcript(
        turns=turns,
        duration=max(times, default=None),
        language=language_of(turn.text for turn in turns)[0],
    )


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise Invalid("scribe.transcript_unreadable", "There is no such transcript.", hint="Check the path.")
        with path.open("rb") as file:
            content = file.read(LARGEST + 1) if path.stat().st_size <= LARGEST else b" " * (LARGEST + 1)
    except (OSError, ValueError) as error:
        raise Invalid(
            "scribe.transcript_unreadable", "The transcript can't be opened.", hint="Check its permissions."
        ) from error
    if len(content) > LARGEST:
        raise Invalid(
            "scribe.transcript_large",
            f"A transcript has at most {LARGEST // 1_000_000} MB.",
            hint="Is this a recording with the wrong ending?",
        )
    return content


_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def _decoded(content: bytes) -> str:
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    for name in (marked,) if marked else ("utf-8", "cp1252"):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text and len(_CONTROL.findall(text)) <= len(text) / 100:
            return text
        break
    raise Invalid("scribe.transcript_encoding", "The file holds no readable text.", hint="Save it as UTF-8 text.")


def _counted(pieces: Iterable[Piece]) -> Iterator[Piece]:
    for number, piece in enumerate(pieces, 1):
        if number > MOST_TURNS:
            raise Invalid(
                "scribe.transcript_large",
                f"A transcript has at most {MOST_TURNS} turns.",
                hint="Split it into its encounters.",
            )
        yield piece


def _ordered(pieces: Iterable[Piece]) -> list[Piece]:
    """In the order they began; one without a time stays behind the one it followed."""
    latest = 0.0
    keyed: list[tuple[float, Piece]] = []
    for piece in pieces:
        latest = piece.start if piece.start is not None else latest
        keyed.append((latest, piece))
    return [piece for _, piece in sorted(keyed, key=lambda pair: pair[0])]


def _ids(pieces: list[Piece]) -> list[int]:
    """The ids the transcript gave, where each turn has its own; counted from one otherwise."""
    own = [piece.id for piece in pieces if piece.id is not None]
    return own if len(set(own)) == len(pieces) else list(range(1, len(pieces) + 1))


def _turn(piece: Piece, number: int) -> Turn:
    return Turn(
        id=number,
        speaker=piece.speaker,
        text=piece.text,
        start=piece.start,
        end=piece.end,
        overlap=piece.overlap,
        corrections=piece.corrections,
        confidence=piece.confidence,
        marks=piece.marks,
    )
