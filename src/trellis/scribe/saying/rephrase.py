"""Say in a note's own words what a sentence still repeats as it was said, or put the telling part of it in quotes.

Takes a sentence of a note and what it rests on; gives the sentence with written wordings, or with the few words in
quotation marks that say it best. Both leave every figure, denial and person alone; the check looks at the result again.
"""

import re
from collections.abc import Sequence

from trellis.scribe.words.runs import RUN, copied_runs
from trellis.scribe.words.wordings import as_written, wordings


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


def rephrase(text: str, said: Sequence[str]) -> str:
    """The sentence in written wordings, as good ones taken only where a run of it stands as it was said."""
    told = as_written(text)
    for start, end in reversed(copied_runs(told, said)):
        told = told[:start] + as_written(told[start:end], closer=True) + told[end:]
    return told


LEAST_QUOTED = 3
"""Words a partial quotation has at least."""
LEAST_CONTENT = 2
"""Words with a meaning of their own that a partial quotation should have."""
MOST_QUOTED = 14
"""Words a partial quotation has at most; a longer run stays as it is."""
_DETERMINERS = _set("a an the any some this these those his her their my our no every each another")
_LINKS = _set("of and or but that which who if because as than like so when where while to")
_SMALL = (
    _DETERMINERS
    | _LINKS
    | _set(
        "in on at for with from by about into is are was were be been being has have had do does did will would could "
        "can may might not it they he she we i there very more less too also or"
    )
)
_SUBJECTS = _set("it he she they we i that there")
_BE = _set("is are was were be been being had have has")
_AFTER = _set("in on at for with from by about into of is are was were be been being had have has to and or like")
"""Words after which a quotation may well begin."""
_COUNTS = re.compile(r"\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|several|few|many|next|last")
"""Words that what follows belongs to, at which no quotation ends."""
_WORD = re.compile(r"[\w']+(?:-\w+)*")
_HOLDS = re.compile(
    r"\b(?:hope\w*|want\w*|wish\w*|decid\w*|promis\w*|never again|done with|enough|chance|dream\w*|afraid|scar\w+|"
    r"ready|matter\w*|proud|alone|love\w*|hat(?:e|ed|es)|fear\w*|change\w*)\b",
    re.IGNORECASE,
)
"""Words of hope, decision and feeling: what of a run is best heard as it was said."""


def quote_runs(text: str, said: Sequence[str], *, to_the_end: bool = False) -> str:
    """The sentence with the telling part of each run in quotation marks, so that no run is left outside them.

    `to_the_end` quotes only what closes the sentence or one of its parts: a task is quoted whole or not at all.
    """
    for start, end in reversed(copied_runs(text, said)):
        chosen = _chosen(text, start, end)
        if to_the_end and (chosen is None or chosen[1] < end or text[end : end + 1] not in {".", ",", ";"}):
            chosen = _to_the_end(text, start, end)
        if chosen is not None:
            first, last = chosen
            text = f"{text[:first]}“{text[first:last]}”{text[last:]}"
    return text


def worth_quoting(text: str, said: Sequence[str]) -> float:
    """How much the runs of a sentence deserve quotation: images first, then hope, decision and feeling."""
    runs = [text[start:end] for start, end in copied_runs(text, said)]
    images = any(wordings().images.search(run) for run in runs)
    return (1.0 if images else 0.0) + (0.5 if any(_HOLDS.search(run) for run in runs) else 0.0)


def quote_images(text: str, said: Sequence[str]) -> str:
    """The sentence with its images ("walking on eggshells") in quotation marks, where they were said so."""
    heard = " ".join(said).lower()
    parts = re.split(r"(“[^”]*”)", text)
    return "".join(
        part
        if part.startswith("“")
        else wordings().images.sub(
            lambda image: f"“{image.group()}”" if image.group().lower() in heard else image.group(), part
        )
        for part in parts
    )


def _chosen(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The part of a run to quote: the shortest that begins and ends well and leaves no run on either side."""
    words = list(_WORD.finditer(text, start, end))
    row = [word.group().lower() for word in words]
    best: tuple[float, int, int] | None = None
    for first in range(min(RUN, len(row))):
        for last in range(max(first + LEAST_QUOTED, len(row) - RUN + 1), len(row) + 1):
            if last - first > MOST_QUOTED or row[last - 1] in _SMALL or _COUNTS.fullmatch(row[last - 1]):
                continue
            inside = text[words[first].start() : words[last - 1].end()]
            score = _score(row, first, last) + (4.0 if wordings().images.search(inside) else 0.0)
            score += 1.0 if _HOLDS.search(inside) else 0.0
            if best is None or score > best[0]:
                best = (score, first, last)
    return None if best is None else (words[best[1]].start(), words[best[2] - 1].end())


def _to_the_end(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The run from behind its "to" on, where it closes a part of the sentence and is short enough to be quoted."""
    words = list(_WORD.finditer(text, start, end))
    first = 1 if words[0].group().lower() == "to" else 0
    is_begun = first == 1 or text[:start].endswith(" to ")
    closes = text[end : end + 1] in {".", ";"}
    return (words[first].start(), end) if is_begun and closes and len(words) - first <= MOST_QUOTED else None


def _score(row: list[str], first: int, last: int) -> float:
    content = sum(word not in _SMALL for word in row[first:last])
    score = -0.1 * (last - first) + 0.8 * min(content, 4) - (3.0 if content < LEAST_CONTENT else 0.0)
    score += 2.0 if last == len(row) else 0.0
    if first:
        score += 2.0 if row[first - 1] == "to" else 1.5 if row[first - 1] in _BE else 0.0
        score += 0.5 if row[first - 1] in _AFTER else 0.0
        score -= 3.0 if row[first - 1] in _DETERMINERS else 0.0
        score -= 1.0 if row[first - 1] not in _SMALL and row[first] not in _DETERMINERS else 0.0
    else:
        score += 1.2
    score -= 3.0 if row[first] in _LINKS else 0.0
    score += 1.0 if row[first] in _DETERMINERS else 0.0
    score -= 1.5 * sum(word in _SUBJECTS for word in row[first + 1 : last])
    score -= 0.8 * sum(word in {"and", "but", "then"} for word in row[first + 1 : last])
    return score


_BARE_QUOTE = re.compile(r"[A-Z][\w' ]* states, “(?P<words>[^”]*)”\.?")
_NO_MATTER = re.compile(
    r"\b(?:yeah|yes|yep|no|nope|mm-hmm|mm|hmm|okay|ok|right|sure|exactly|true|well|so|and|but|oh|um|uh|like|just|i'm|i|you|"
    r"know|mean|guess|think|it's|it|that's|that|is|there|since|a|the|of|to|kind|sort|really|don't|do|have|had|was|am|"
    r"maybe|then|now|all|at|in|my|me|we|be|on|for|what|this)\b",
    re.IGNORECASE,
)


def says_nothing(text: str) -> bool:
    """Whether a sentence only quotes words that tell nothing by themselves: “Yeah.”, “I guess, since it's there.”."""
    quote = _BARE_QUOTE.fullmatch(text)
    return (
        quote is not None
        and len(re.findall(r"\w+", _NO_MATTER.sub(" ", quote["words"].replace("’", "'")))) < LEAST_CONTENT
    )
