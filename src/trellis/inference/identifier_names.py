"""Identifiers that are told by their words: people, employers, schools, places smaller than a state.

Takes a text, its words with their tags, and what the pipeline takes for names. Gives identifiers, which may lie over
one another. Written text shows names by capitals; talk in small letters is read by `identifier_talk`. Instruments,
drugs and eponyms are kept, unless a title or another name stands before them.
"""

import re
from collections.abc import Iterator, Sequence

from trellis.inference.identifier_talk import is_talk, names_in_talk
from trellis.inference.identifier_words import (
    WORD,
    Named,
    Piece,
    Word,
    is_clinical,
    is_listed,
    is_unknown,
    lists,
    pattern,
)
from trellis.inference.identifiers import Identifier, IdentifierKind
from trellis.inference.ordinary_words import ordinary_words

PEOPLE, PLACES = frozenset({"PERSON"}), frozenset({"GPE", "LOC", "FAC"})
DOCTORS = frozenset({"dr", "mr", "mrs", "ms"})
NO_INITIALS = frozenset({"U.S.", "A.M.", "P.M.", "D.C.", "PRN", "BID", "RN", "MD"})
BETWEEN = (" ", "-", ". ", "'s ", "’s ", " & ", ' "', '" ', "/")
"""What stands between the words of one name."""


def names_in(text: str, pieces: Sequence[Piece], named: Sequence[Named]) -> Iterator[Identifier]:
    """Every name in a text."""
    words = _words(text, pieces, named)
    yield from _runs(text, words)
    yield from _by_place(text)
    if is_talk(text):
        yield from names_in_talk(text, words)


def _words(text: str, pieces: Sequence[Piece], named: Sequence[Named]) -> list[Word]:
    tags = {piece.start: piece.tag for piece in pieces}

    def word(match: re.Match[str]) -> Word:
        start, end = match.span()
        before = text[max(0, start - 40) : start]
        return Word(
            text=match.group(),
            start=start,
            end=end,
            tag=tags.get(start, ""),
            label=next((one.label for one in named if one.start <= start and end <= one.end), ""),
            opens=bool(pattern("ends").search(before)),
            before=before,
            after=text[end : end + 24],
        )

    return [word(match) for match in WORD.finditer(text)]


def _by_place(text: str) -> Iterator[Identifier]:
    """Names told by where they stand or by a word of theirs: initials, fields of forms, institutions, firms."""
    for match in (*pattern("initials").finditer(text), *pattern("signs").finditer(text)):
        start, end = match.span("x") if "x" in match.re.groupindex else match.span()
        if text[start:end] not in NO_INITIALS:
            yield Identifier(start, end, "name")
    for match in pattern("fields").finditer(text):
        if not all(low in lists().clinical for low in re.findall(r"[\w']+", match["x"].lower())):
            yield Identifier(match.start("x"), match.end("x"), "name")
    for one in (pattern("institutions"), pattern("giants"), lists().phrases):
        for match in one.finditer(text):
            yield Identifier(match.start(), match.end(), "organisation")


def _is_name(words: Sequence[Word], at: int) -> bool:
    """Whether a capitalised word is, or is part of, a name."""
    word, known = words[at], lists()
    if not word.is_capital:
        return False
    last = words[at - 1] if at and words[at - 1].end + 2 >= word.start and "\n" not in word.before[-2:] else None
    follows = words[at + 1] if at + 1 < len(words) else None
    if last and last.is_capital:
        if last.low in known.titles and (word.low not in known.clinical or last.low in DOCTORS):
            return True
        if last.low in known.given and not word.opens and (not word.text.isupper() or len(word.text) > 4):
            return word.low not in known.months
        if word.low in known.eponyms and not word.opens and _goes_on(last, word, follows):
            return True
    touches = follows is not None and follows.start == word.end + 1
    if word.low in known.headings and not word.opens and touches and follows and follows.text.istitle():
        return True
    if is_clinical(word.low) or word.low in known.titles or _is_acronym(word):
        return False
    if word.low in known.months:
        surname = touches and follows and follows.is_capital and follows.low not in known.clinical
        return bool(last and last.low in known.kin) or bool(surname and word.low in known.both and word.opens)
    if word.low in known.on_instruments:
        return False
    if word.opens:
        return _opens_with_name(words, at)
    return not (last and last.low in known.eponyms and last.is_capital and not is_listed(word.low))


def _goes_on(last: Word, word: Word, follows: Word | None) -> bool:
    """Whether an eponym stands right after another part of a name, and no instrument or disease after it."""
    beside = last.end + 1 == word.start and (is_listed(last.low) or is_unknown(last.low))
    return beside and (follows is None or follows.low not in lists().on_instruments)


def _is_acronym(word: Word) -> bool:
    if not word.text.isupper():
        return False
    is_name = word.low in lists().given | lists().surnames or (len(word.text) > 5 and is_unknown(word.low))
    return len(word.text) < 4 or not is_name


def _opens_with_name(words: Sequence[Word], at: int) -> bool:
    """Whether a word that would be capitalised anyhow is a name all the same."""
    word, known = words[at], lists()
    if word.low in known.given or _is_half(words, at):
        return True
    follows = words[at + 1] if at + 1 < len(words) else None
    if follows and follows.start == word.end + 1 and follows.is_capital and not follows.opens:
        short = follows.text.isupper() and not word.text.isupper() and len(follows.text) < 6
        if not short and not is_clinical(follows.low) and follows.low not in known.titles:
            return True
    if word.before.rstrip().endswith(":") and re.match(r", [A-Z]| \(\d", word.after) and not word.text.isupper():
        return True
    if word.low in known.both:
        return word.label in PEOPLE
    if word.low in (known.cities | known.surnames) - known.words_too or is_unknown(word.low):
        return True
    is_plain = len(word.low) < 4 and word.low in ordinary_words() and not is_listed(word.low)
    return word.label in PEOPLE | PLACES and word.tag.startswith("NNP") and not is_plain


def _is_half(words: Sequence[Word], at: int) -> bool:
    """Whether a word is the first half of one such as "Ji-woo", with a surname after it."""
    if not re.match(r"-[a-z]+ [A-Z][a-z]+", words[at].after) or at + 2 >= len(words):
        return False
    return words[at + 1].low not in lists().kin and not is_clinical(words[at + 2].low)


def _runs(text: str, words: Sequence[Word]) -> Iterator[Identifier]:
    """Words of names side by side, as one."""
    is_name = [_is_name(words, at) for at in range(len(words))]
    at = 0
    while at < len(words):
        if not is_name[at]:
            at += 1
            continue
        end = at
        while (further := _next_of_name(text, words, is_name, end)) is not None:
            end = further
        first, last = words[at], words[end]
        if at and _beside(text, words[at - 1], first):
            before = words[at - 1]
            first = before if before.low in lists().inside and before.is_capital else first
        if kind := _kind(text, words[at : end + 1]):
            more = pattern("after_name").match(text, last.end)
            yield Identifier(first.start, more.end() if more else last.end, kind)
        at = end + 1


def _next_of_name(text: str, words: Sequence[Word], is_name: Sequence[bool], end: int) -> int | None:
    """The next word of the name that has come to `end`, over at most two joining words; None where it ends."""
    step = end + 1
    while step < min(len(words), end + 3) and words[step].low in lists().joins:
        if not _beside(text, words[step - 1], words[step]):
            return None
        step += 1
    if step >= len(words) or not is_name[step] or not _beside(text, words[step - 1], words[step]):
        return None
    return None if step > end + 1 and words[end + 1].low in {"the", "and"} else step


def _beside(text: str, one: Word, other: Word) -> bool:
    return text[one.end : other.start] in BETWEEN


def _kind(text: str, run: Sequence[Word]) -> IdentifierKind | None:
    """What a run of names is; None where it is no name: a heading, or the word for a place alone."""
    known, lows = lists(), [word.low for word in run]
    is_heading = run[0].opens and text.startswith(":", run[-1].end)
    if is_heading and not any(is_listed(low) or is_unknown(low) for low in lows):
        return None
    if len(lows) == 1 and lows[0] in known.organisation | known.place:
        return None
    if any(low in known.organisation for low in lows):
        return "organisation"
    if any(low in known.given for low in lows):
        return "name"
    is_place = any(word.label in PLACES for word in run) and bool(pattern("where").search(run[0].before))
    if is_place or any(low in known.place | known.cities for low in lows):
        return "place"
    return "organisation" if any(word.label == "ORG" for word in run) else "name"
