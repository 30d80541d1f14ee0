"""Say spoken words as a note writes them, by a table that writer and support check share.

Takes a text after contractions were written out; gives the same with its phrases in written words. The table
(`data/wordings.toml`) holds only pairs that mean the same wherever they stand; figures, denials, hedges, danger and
what is inside quotation marks stay as they are. The check puts both sides of a comparison through the same table, so
that a rewording can neither need ground of its own nor hide that there is none.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from trellis.scribe.words.grammar import gerund, participle, past, singular

_POSSESSIVE = frozenset({"my", "your", "his", "her", "their", "our", "one's"})
_REFLEXIVE = frozenset(
    {"myself", "yourself", "himself", "herself", "themselves", "ourselves", "oneself", "themself", "yourselves"}
)
_OBJECT = frozenset({"me", "you", "him", "her", "them", "us", "one"})
_SUBJECT = frozenset({"i", "you", "he", "she", "they", "we", "it", "one"})
_SLOTS: Mapping[str, frozenset[str]] = {
    "{their}": _POSSESSIVE, "{themselves}": _REFLEXIVE, "{them}": _OBJECT, "{they}": _SUBJECT,
}  # fmt: skip
_OPEN = frozenset().union(*_SLOTS.values())
_DONE_AFTER = frozenset(
    {"have", "has", "had", "having", "is", "are", "was", "were", "be", "been", "being", "gotten"}
)  # fmt: skip
"""Words after which a form that is past and participle is a participle."""
_BETWEEN = frozenset({"not", "never", "always", "also", "already", "still", "ever", "recently", "often", "since"})
_WORD = re.compile(r"[\w']+(?:-\w+)*")
_QUOTED = re.compile(r"(“[^”]*”)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wordings:
    """The table: `written` and `closer` by spoken words, each with its form after "have" and its form elsewhere.

    `longest` is how many words the phrases have at most that begin with a word.
    """

    written: Mapping[str, tuple[str, str]]
    closer: Mapping[str, tuple[str, str]]
    longest: Mapping[str, int]
    images: re.Pattern[str]


@cache
def wordings() -> Wordings:
    """The table, read once."""
    with (files("trellis.scribe") / "data" / "wordings.toml").open("rb") as file:
        data = tomllib.load(file)
    written: dict[str, tuple[str, str]] = {}
    for said, note in data["verbs"].items():
        for form, done, plain in _forms(said, note):
            written.setdefault(form, (done, plain))
    for said, note in data["nouns"].items():
        for one, other in zip(said.split("/"), note.split("/"), strict=True):
            written[one] = (other, other)
    written |= {said: (note, note) for said, note in data["phrases"].items()}
    closer = {said: (note, note) for said, note in data["closer"].items()}
    longest: dict[str, int] = {}
    for said in (*written, *closer):
        first, *rest = said.split()
        for begin in _SLOTS.get(first, (first,)):
            longest[begin] = max(longest.get(begin, 0), len(rest) + 1)
    images = sorted(data["images"]["list"], key=len, reverse=True)
    return Wordings(
        written=written,
        closer=closer,
        longest=longest,
        images=re.compile(rf"\b(?:{'|'.join(map(re.escape, images))})\b", re.IGNORECASE),
    )


def _forms(said: str, note: str) -> Iterator[tuple[str, str, str]]:
    """Each form of a phrase with a verb first: as said, as written after "have", as written elsewhere."""
    (verb, _, more), (other, _, rest) = said.partition(" "), note.partition(" ")

    def whole(first: str, second: str) -> str:
        return f"{first} {second}".strip()

    base, before, done = verb, past(verb), participle(verb)
    plain = {verb: other, singular(verb): singular(other), gerund(verb): gerund(other)}
    if before != base:
        plain[before] = past(other)
    else:
        del plain[base]
    for form, instead in plain.items():
        after = participle(other) if form == done else instead
        yield whole(form, more), whole(after, rest), whole(instead, rest)
    if done not in plain and done != base:
        yield whole(done, more), whole(participle(other), rest), whole(participle(other), rest)


def as_written(text: str, *, closer: bool = False) -> str:
    """The text in written words outside quotation marks; `closer` also takes wordings that are merely as good."""
    parts = _QUOTED.split(text)
    return "".join(part if part.startswith("“") else _as_written(part, closer=closer) for part in parts)


def _as_written(text: str, *, closer: bool) -> str:
    known = wordings()
    words = list(_WORD.finditer(text))
    said = [word.group().lower() for word in words]
    told: list[str] = []
    end = at = 0
    while at < len(words):
        count, instead = _longest(known, text, words, said, at, closer=closer)
        if instead is None:
            at += 1
            continue
        start = words[at].start()
        before = text[end:start]
        if text[start].isupper() and said[at] != "i":
            instead = instead[0].upper() + instead[1:]
        told.append(_with_article(before, instead) if at and words[at - 1].end() + 1 == start else before)
        told.append(instead)
        at += count
        end = words[at - 1].end()
    told.append(text[end:])
    return "".join(told)


def _longest(
    known: Wordings, text: str, words: list[re.Match[str]], said: list[str], at: int, *, closer: bool
) -> tuple[int, str | None]:
    """How many words from here on are one phrase of the table, and what is written for it."""
    most = min(known.longest.get(said[at], 0), len(words) - at)
    for count in range(1, most):
        if text[words[at + count - 1].end() : words[at + count].start()] != " ":
            most = count
            break
    for count in range(most, 0, -1):
        row = said[at : at + count]
        for key in _keys(row):
            pair = known.written.get(key) or (known.closer.get(key) if closer else None)
            if pair is not None:
                if pair[1] == key:
                    return count, None if count == 1 else text[words[at].start() : words[at + count - 1].end()]
                note = pair[0] if _is_done(said, at) else pair[1]
                return count, _filled(note, key, [word.group() for word in words[at : at + count]])
    return 1, None


def _keys(row: list[str]) -> Iterator[str]:
    """The phrase as it stands, then with its person left open."""
    yield " ".join(row)
    if _OPEN.isdisjoint(row):
        return
    for slot, members in _SLOTS.items():
        if any(word in members for word in row):
            yield " ".join(slot if word in members else word for word in row)


def _filled(note: str, key: str, row: list[str]) -> str:
    """What is written, with the person that was said."""
    for slot, word in zip(key.split(), row, strict=True):
        if slot in _SLOTS:
            note = note.replace(slot, word)
    return note


def _is_done(said: list[str], at: int) -> bool:
    before = at - 1
    while before >= 0 and said[before] in _BETWEEN:
        before -= 1
    return before >= 0 and said[before] in _DONE_AFTER


def _with_article(before: str, instead: str) -> str:
    """What stands before, its "a" or "an" as the next word now wants it."""
    found = re.search(r"\b(an?)( )$", before, re.IGNORECASE)
    if found is None:
        return before
    vowel = instead[:1].lower() in "aeio" or instead.lower().startswith(("un", "up"))
    article = ("an" if vowel else "a") if found[1].islower() else ("An" if vowel else "A")
    return f"{before[: found.start()]}{article} "
