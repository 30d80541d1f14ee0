"""Read a table of turns: a header with `speaker,start,end,text` in any order, then a row a turn.

Only `text` must be there; other columns are left alone. Times are seconds or HH:MM:SS; an empty one is unknown.
"""

import csv
from collections.abc import Iterator, Mapping

from trellis.scribe.reading.pieces import UNKNOWN, Piece, check_time, malformed, seconds_from_clock, split_marks

WANTED = "a header 'speaker,start,end,text' and rows with as many fields"


def read_rows(text: str) -> Iterator[Piece]:
    """The pieces of a CSV transcript; raises `Invalid` naming the line on which the row that can't be read begins."""
    lines = text.lstrip("\n").split("\n")
    skipped = text.count("\n") - len(lines) + 1
    header = lines[0].lower()
    delimiter = max(",;\t", key=header.count)
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=delimiter, strict=True)
    names: list[str] = []
    line = skipped + 1
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            raise malformed(f"Line {line}", WANTED) from None
        if row is None:
            break
        if not names:
            names = [name.strip().lower() for name in row]
            if "text" not in names or len(set(names)) != len(names):
                raise malformed(f"Line {line}", WANTED)
        elif any(field.strip() for field in row):
            if len(row) != len(names):
                raise malformed(f"Line {line}", f"{len(names)} fields, as in the header")
            yield _piece(dict(zip(names, row, strict=True)), line)
        line = skipped + reader.line_num + 1


def _piece(row: Mapping[str, str], line: int) -> Piece:
    start, end = _time(row.get("start", ""), line), _time(row.get("end", ""), line)
    if start is not None and end is not None and end < start:
        raise malformed(f"Line {line}", "an end that is not before its start")
    text, marks = split_marks(row["text"])
    speaker = " ".join(split_marks(row.get("speaker", ""))[0].split()) or UNKNOWN
    return Piece(text=text, speaker=speaker, start=start, end=end, marks=marks)


def _time(field: str, line: int) -> float | None:
    field = field.strip()
    if not field:
        return None
    if ":" in field:
        time = seconds_from_clock(field)
    else:
        try:
            time = check_time(float(field))
        except ValueError:
            time = None
    if time is None:
        raise malformed(f"Line {line}", "times in seconds or as HH:MM:SS, not negative")
    return time
