"""When was that? Ages in days, from what people say ("six weeks ago", "back in college", "hace tres noches").

Takes a sentence and a place in it; gives the age of what is said there: in days where that can be told, and whether it
is marked as old, as going on now, or as over.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from trellis.safety.rules import Rulebook, is_found, places
from trellis.safety.words import Sentence, Word

_UNITS = {
    **dict.fromkeys(("second", "seconds", "minute", "minutes", "min", "mins", "segundos", "minuto", "minutos"), 0.001),
    **dict.fromkeys(("hour", "hours", "hr", "hrs", "hora", "horas"), 0.042),
    **dict.fromkeys(("day", "days", "night", "nights", "dia", "dias", "noche", "noches"), 1.0),
    **dict.fromkeys(("week", "weeks", "wk", "wks", "semana", "semanas"), 7.0),
    **dict.fromkeys(("month", "months", "mes", "meses"), 30.4),
    **dict.fromkeys(("year", "years", "yr", "yrs", "ano", "anos"), 365.0),
    **dict.fromkeys(("decade", "decades", "decada", "decadas"), 3650.0),
}
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "eighteen": 18,
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "couple": 2, "few": 3, "several": 4, "some": 4, "many": 10,
    "un": 1, "una": 1, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8,
    "nueve": 9, "diez": 10, "once": 11, "doce": 12, "quince": 15, "veinte": 20, "treinta": 30, "pocos": 3, "pocas": 3,
    "unos": 3, "unas": 3, "varios": 4, "varias": 4, "muchos": 10, "cuantos": 3, "half": 0.5, "media": 0.5, "par": 2,
}  # fmt: skip
_AFTER = {"ago", "back", "earlier", "prior", "atras"}
_SINCE = {"since", "clean", "sober", "free"}
_LEAD_IN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """The age of something said: `days` where known, and what else marks it."""

    days: float | None = None
    is_old: bool = False
    is_now: bool = False
    is_over: bool = False


def when(book: Rulebook, sentences: Sequence[Sentence], at: int, start: int, end: int) -> When:
    """The age of what stands at words start..end of sentence `at`, read with the sentences beside it."""
    sentence = sentences[at]
    scope = book.scope[sentence.language]
    first, last = sentence.clause_span(start, end)
    clause = sentence.words[first:last]
    beside = _follow_up(book, sentences, at)
    days = _days(book, clause, sentence.language)
    if days is None or is_found(scope["again"], sentence.words):
        wider = _days(book, sentence.words, sentence.language)
        days = wider if days is None else min(days, wider if wider is not None else days)
    if days is None and beside is not None:
        days = _days(book, beside.words, beside.language)
    if days is None and beside is None:
        beside = _lead_in(book, sentences, at)
        days = _days(book, beside.words, beside.language) if beside is not None else None
    marked_old = is_found(scope["old"], sentence.words) or (beside is not None and is_found(scope["old"], beside.words))
    marked_now = is_found(scope["now"], clause)
    inside = range(start, end)
    over = any(a not in inside and b - 1 not in inside for a, b in places(scope["over"], sentence.words)) or any(
        is_found(book.scope[later.language]["over"], later.words) for later in sentences[at + 1 : at + 3]
    )
    return When(days=days, is_old=marked_old, is_now=marked_now, is_over=over)


def _follow_up(book: Rulebook, sentences: Sequence[Sentence], at: int) -> Sentence | None:
    """The next sentence, where it says when ("That was six weeks ago.", "Ten years ago.")."""
    if at + 1 >= len(sentences):
        return None
    following = sentences[at + 1]
    opens = is_found(book.scope[following.language]["refers_back"], following.words[:4])
    return following if opens or len(following.words) <= 5 else None


def _lead_in(book: Rulebook, sentences: Sequence[Sentence], at: int) -> Sentence | None:
    """The sentence before, where it sets the time for what follows ("Ninety-eight.", "Back in college, then.").

    Only short ones do, and only for what is told in the past tense: "That was years ago. I want to die." is now.
    """
    if at == 0 or len(sentences[at - 1].words) > _LEAD_IN or not sentences[at - 1].words:
        return None
    before, here = sentences[at - 1], sentences[at]
    scope = book.scope[here.language]
    if is_found(scope["now"], here.words) or not is_found(scope["told_as_past"], here.words):
        return None
    dates = is_found(scope["old"], before.words) or _days(book, before.words, before.language) is not None
    return before if dates else None


def _days(book: Rulebook, words: Sequence[Word], language: str) -> float | None:
    """The age told in these words: counted if there is a count, else the nearest that is named."""
    counted = _counted(words)
    if counted:
        return min(counted)
    named = (("hours", 0.1), ("day", 1.0), ("week", 4.0), ("month", 30.0), ("quarter", 80.0), ("year", 365.0))
    return next((days for name, days in named if places(book.scope[language][f"age_{name}"], words)), None)


def _counted(words: Sequence[Word]) -> list[float]:
    """Ages with a number and a unit: "six weeks ago", "clean for ten years", "hace tres meses"."""
    ages: list[float] = []
    for at, word in enumerate(words):
        unit = _UNITS.get(word.text)
        if unit is None or not _is_age(words, at):
            continue
        ages.append(_number(words, at, plural=word.text.endswith("s")) * unit)
    return ages


def _is_age(words: Sequence[Word], at: int) -> bool:
    after = {word.text for word in words[at + 1 : at + 4]}
    before = [word.text for word in words[max(0, at - 6) : at]]
    if after & _AFTER:
        return True
    if "hace" in before or "hacia" in before:
        return "que" not in after
    since = bool(after & _SINCE) or "since" in before
    return since or ("in" in before[-4:] and bool({"not", "never"} & set(before)))


def _number(words: Sequence[Word], at: int, *, plural: bool) -> float:
    total, seen = 0.0, False
    for word in words[max(0, at - 5) : at]:
        value = float(word.text) if word.text.isascii() and word.text.isdigit() else _NUMBERS.get(word.text)
        if value is not None and not (seen and word.text in ("a", "an", "un", "una")):
            total, seen = (value if word.text != "few" else 3.0), True
    return total if seen else (10.0 if plural else 1.0)
