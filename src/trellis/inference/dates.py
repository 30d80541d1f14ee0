"""Dates as people write and say them: read, moved by days, written as they were.

Takes the words of one date; gives the words of another in the same manner, or None where they can't be read whole: then
nothing of them may be kept. A date without a year is moved within a year that has no 29 February.
"""

import re
from datetime import date, timedelta

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
ONES = {
    "zero": 0,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
}
TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
ORDINALS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "eleventh": 11,
    "twelfth": 12,
    "thirteenth": 13,
    "fourteenth": 14,
    "fifteenth": 15,
    "sixteenth": 16,
    "seventeenth": 17,
    "eighteenth": 18,
    "nineteenth": 19,
    "twentieth": 20,
    "thirtieth": 30,
}
PLAIN_YEAR = 2026
"""Stands for the year where none is said; it has no 29 February."""
ISO = re.compile(r"(?P<y>\d{4})(?P<sep>[-/.]?)(?P<m>\d\d)(?P=sep)(?P<d>\d\d)")
NUMERIC = re.compile(r"(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})(?:(?P=sep)(?P<y>\d{4}|\d\d))?")
CENTURY_TURNS = 35
"""Two digits of a year above this are of the last century."""


def moved(words: str, days: int) -> str | None:
    """The date `days` later, written in the same manner; None where the words aren't a whole date."""
    text = words.strip()
    if match := ISO.fullmatch(text):
        found = _date(int(match["y"]), int(match["m"]), int(match["d"]))
        return None if found is None else _later(found, days).strftime(f"%Y{match['sep']}%m{match['sep']}%d")
    if match := NUMERIC.fullmatch(text):
        return _moved_numeric(match, days)
    return _moved_words(text, days)


def year_of(words: str) -> str:
    """The year alone, as four digits; empty where none is written out."""
    found = re.search(r"(?<!\d)(?:19|20)\d\d(?!\d)", words) or re.match(r"(?:19|20)\d\d(?=\d{4}$)", words)
    return found.group() if found else ""


def _moved_numeric(match: re.Match[str], days: int) -> str | None:
    a, b, sep = int(match["a"]), int(match["b"]), match["sep"]
    is_day_first = a > 12
    month, day = (b, a) if is_day_first else (a, b)
    written = match["y"] or ""
    found = _date(_full_year(written), month, day)
    if found is None:
        return None
    then = _later(found, days)
    width = 2 if match["a"].startswith("0") or match["b"].startswith("0") else 1
    first, second = (then.day, then.month) if is_day_first else (then.month, then.day)
    year = "" if not written else f"{sep}{then.year if len(written) == 4 else f'{then.year % 100:02d}'}"
    return f"{first:0{width}d}{sep}{second:0{width}d}{year}"


def _moved_words(text: str, days: int) -> str | None:
    parts = re.findall(r"[a-z]+|\d+", text.lower())
    at = next((at for at, part in enumerate(parts) if _month(part)), None)
    if at is None:
        return None
    month = _month(parts[at])
    before, after = _numbers(parts[:at]), _numbers(parts[at + 1 :])
    if before is None or after is None or len(before) > 1 or len(after) > 2:
        return None
    day = before[0] if before else (after.pop(0) if after and after[0] <= 31 else None)
    if len(after) > 1:
        return None
    has_year = bool(after)
    found = _date(_full_year(str(after[0])) if has_year else PLAIN_YEAR, month, day or 15)
    if found is None:
        return None
    then = _later(found, days)
    name = MONTHS[then.month - 1].capitalize() if text != text.lower() else MONTHS[then.month - 1]
    if day is None:
        return f"{name} {then.year}" if has_year else name
    if before:
        return f"{then.day} {name}{f' {then.year}' if has_year else ''}"
    return f"{name} {then.day}{f', {then.year}' if has_year else ''}"


def _month(part: str) -> int:
    return next((at for at, month in enumerate(MONTHS, 1) if len(part) >= 3 and month.startswith(part[:4])), 0)


def _numbers(parts: list[str]) -> list[int] | None:
    """Numbers in figures and words, in their order; None where there is another word."""
    found: list[int] = []
    tens = hundreds = 0
    for part in [one for one in parts if one not in {"the", "of", "st", "nd", "rd", "th", "and", "oh"}]:
        if part.isdigit():
            found.append(int(part))
        elif part in TENS:
            tens = TENS[part]
            found.append(hundreds + tens)
            continue
        elif part in ONES or part in ORDINALS:
            number = ONES.get(part, 0) or ORDINALS.get(part, 0)
            if tens and number < 10:
                found[-1] += number
            else:
                found.append(number)
        elif part == "thousand" and found:
            found[-1] *= 1000
        else:
            return None
        tens = 0
    return _years(found)


def _years(numbers: list[int]) -> list[int]:
    """The same, with the years put together: "nineteen eighty seven" is one, "two thousand five" too."""
    joined: list[int] = []
    for number in numbers:
        last = joined[-1] if joined else 0
        if last in {19, 20} and number < 100 and len(numbers) > 1 and (number > 31 or len(joined) > 1 or last == 19):
            joined[-1] = last * 100 + number
        elif last in {1000, 2000} and number < 100:
            joined[-1] = last + number
        else:
            joined.append(number)
    return joined


def _full_year(written: str) -> int:
    if not written:
        return PLAIN_YEAR
    year = int(written)
    return year if year > 99 else year + (1900 if year > CENTURY_TURNS else 2000)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _later(day: date, days: int) -> date:
    return day + timedelta(days=days)
