"""Put right the clinical names a recogniser got wrong: "search line" where sertraline was said.

A recogniser writes ordinary words, or none at all, where it hears a name it doesn't know. A few words are taken for a
name only where they sound like it, like no other name nearly as much, and stand where a name of that kind would stand:
"the search line was long" stays. Negations, numbers and risk words are never touched, added or removed.

Takes recognised turns (never typed ones: people spell what they mean); gives the same turns, each change with the words
that stood there before. Only English.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from trellis.chart import Correction, Turn
from trellis.inference import ordinary_words
from trellis.scribe.hearing.sounds import likeness, skeleton, sounds
from trellis.scribe.hearing.vocabulary import NUMBER_WORDS, Name, Vocabulary, load_vocabulary, words_of

LONGEST = 5
"""Words a misheard name is at most written as."""
NEAR = 12
"""How many words away a word still speaks for a name."""
MARGIN, MARGIN_APART = 0.05, 0.1
"""How much better than the next name the best must sound; more where the two are known to be confused."""

MOST_RIVALS = 16
"""Names that are looked at closely for a few words: those whose consonants are most like."""
SHORT = 7
"""Sounds below which a name is short."""
LEAST = 0.6
"""Likeness below which a name is no rival."""

_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+")
_BARRIER = re.compile(r"[.?!;:,…\[\]()\"“”]")
_GRAMMAR = words_of(
    "the my your his her their our and or to of for i in on it is was at that this with but so if me you he she we",
    "they as be by from am are do did have had has just like um uh oh well yeah yes okay about what how when then them",
    "it's i'm i've that's there some more up out off because been were would will can could get got go very",
)
_MAY_BEGIN = words_of("in at i well so")
_MAY_END = words_of("and in an on or him by up")
"""Little words that are often the end of a name ("clone up and" for Klonopin)."""


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int
    is_cut: bool  # something stands between it and the token before


@dataclass(frozen=True, slots=True)
class _Change:
    first: int
    after: int
    text: str
    confidence: float


def correct(turns: Sequence[Turn], *, language: str = "en") -> tuple[Turn, ...]:
    """The turns with misheard names put right; other languages than English come back as they are."""
    if language != "en":
        return tuple(turns)
    vocabulary = load_vocabulary()
    before: list[_Token] = []
    corrected = []
    for turn in turns:
        tokens = _tokens(turn.text)
        corrected.append(_changed(turn, tokens, _changes(tokens, before, vocabulary), vocabulary))
        before = (before + tokens)[-2 * NEAR :]
    return tuple(corrected)


def _tokens(text: str) -> list[_Token]:
    tokens: list[_Token] = []
    last = 0
    for match in _TOKEN.finditer(text):
        cut = bool(_BARRIER.search(text, last, match.start()))
        tokens.append(_Token(match.group().lower().replace("’", "'"), match.start(), match.end(), cut))
        last = match.end()
    return tokens


def _changes(tokens: list[_Token], before: list[_Token], vocabulary: Vocabulary) -> list[_Change]:
    """What is to be changed, in order, no two in one place: the surest first."""
    found = [*_spelled(tokens, vocabulary), *_misheard(tokens, before, vocabulary)]
    chosen: list[_Change] = []
    for change in sorted(found, key=lambda change: (-change.confidence, change.first - change.after)):
        if all(change.after <= other.first or other.after <= change.first for other in chosen):
            chosen.append(change)
    return sorted(chosen, key=lambda change: change.first)


def _spelled(tokens: list[_Token], vocabulary: Vocabulary) -> Iterator[_Change]:
    """Names made of letters: "P H Q nine"."""
    words = [NUMBER_WORDS.get(token.text, token.text) for token in tokens]
    for first in range(len(tokens)):
        for after in range(first + 1, min(first + LONGEST, len(tokens)) + 1):
            text = vocabulary.letters.get(tuple(words[first:after]))
            if text is not None:
                yield _Change(first, after, text, 0.97)


def _misheard(tokens: list[_Token], before: list[_Token], vocabulary: Vocabulary) -> Iterator[_Change]:
    around = [token.text for token in before]
    for first, token in enumerate(tokens):
        if (token.text in _GRAMMAR and token.text not in _MAY_BEGIN) or token.text in vocabulary.known:
            continue
        if not any(_context(tokens, first, first, around, vocabulary)):
            continue
        best_shorter = 0.0
        for after in range(first + 1, min(first + LONGEST, len(tokens)) + 1):
            window = tokens[first:after]
            last = window[-1]
            if (last.is_cut and after > first + 1) or last.text in vocabulary.known:
                break
            words = tuple(each.text for each in window)
            if vocabulary.protected(words):
                break
            context = _context(tokens, first, after, around, vocabulary)
            wanted = _wanted(words, context)
            if wanted is None and not (context.terms and _is_unusual(words)):
                continue
            match = _match(words, vocabulary)
            if match is None:
                continue
            name, alike, _ = match
            if last.text in _GRAMMAR and (last.text not in _MAY_END or alike < best_shorter + 0.04):
                continue
            best_shorter = max(best_shorter, alike)
            confidence = _confidence(words, match, wanted, context)
            if confidence is not None:
                yield _Change(first, after, name.text, confidence)


@dataclass(frozen=True, slots=True)
class _Context:
    """What speaks for a name of a kind at one place."""

    strong: bool
    weak: int
    slot: bool  # where a medicine's name stands: after "taking", "put me on the", before "fifty milligrams"
    verb: bool  # right after a verb of taking or prescribing
    alone: bool  # nothing but pauses on either side
    terms: bool

    def __iter__(self) -> Iterator[bool]:
        yield from (self.strong, self.weak > 0, self.terms)


_VERBS = words_of(
    "taking take takes took taken prescribed prescribe prescribing prescribes started starting restarted stopped",
    "stopping increased increase decreased lowered raised",
)


def _context(tokens: list[_Token], first: int, after: int, around: list[str], vocabulary: Vocabulary) -> _Context:
    left = [token.text for token in tokens[max(0, first - NEAR) : first]]
    right = [token.text for token in tokens[after : after + NEAR]]
    near = [*around[-(NEAR - len(left)) :], *left, *right] if len(left) < NEAR else [*left, *right]
    pairs = [f"{one} {other}" for one, other in pairwise(near)]
    spoken = {*near, *pairs}
    prior = left[-1] if left else ""
    opens = first == 0 or tokens[first].is_cut
    doses = any(word in vocabulary.strong for word in right[1:3]) and bool(vocabulary.protected(right[:1]))
    doses = doses or (prior == "of" and any(word in vocabulary.strong for word in left[-2:-1]))
    by_verb = prior in _VERBS or any(
        word in _VERBS or word in {"put", "been", "was"} for word in left[-3:] if prior in vocabulary.slot
    )
    return _Context(
        strong=bool(spoken & vocabulary.strong or spoken & vocabulary.medications),
        weak=len(spoken & vocabulary.weak),
        slot=prior in _VERBS or (prior in vocabulary.slot and by_verb) or doses,
        verb=prior in _VERBS and not opens,
        alone=opens and (after == len(tokens) or tokens[after].is_cut),
        terms=bool(spoken & vocabulary.terms),
    )


def _match(words: tuple[str, ...], vocabulary: Vocabulary) -> tuple[Name, float, float] | None:
    """The name these words sound most like, how much, and by how much more than like the next; None for no name."""
    if words in vocabulary.heard:
        text = vocabulary.heard[words]
        return next(name for name in vocabulary.names if name.text == text), 1.0, 1.0
    read = sounds(" ".join(words))
    bones = skeleton(read)
    if len(read) < 4 or len(bones) < 2:
        return None
    scores: list[tuple[float, Name]] = []
    for name, way in vocabulary.near(bones, MOST_RIVALS):
        alike = likeness(read, way) if abs(len(read) - len(way)) <= 4 else 0.0
        if alike >= LEAST:
            scores.append((alike, name))
    if not scores:
        return None
    best, name = max(scores, key=lambda each: each[0])
    if name.kind == "other":
        return None
    margins = [
        best - alike - (MARGIN_APART - MARGIN if frozenset((name.text, rival.text)) in vocabulary.apart else 0)
        for alike, rival in scores
        if rival is not name
    ]
    return name, best, min(margins, default=1.0)


def _wanted(words: tuple[str, ...], context: _Context) -> float | None:
    """How much like a medicine these words must sound here; None where no likeness would be enough."""
    unusual = _is_unusual(words)
    if context.strong and context.slot:
        wanted = 0.78
    elif context.strong or (context.slot and context.weak):
        wanted = 0.82
    elif unusual:
        wanted = 0.88
    else:
        return None
    if unusual:
        return wanted
    return wanted + 0.04 if context.verb or (context.strong and (context.slot or context.alone)) else None


def _is_unusual(words: tuple[str, ...]) -> bool:
    """Whether one of the words is none that is ordinarily said; never, where the ordinary ones are not known."""
    ordinary = ordinary_words()
    return bool(ordinary) and any(len(word) > 3 and word.replace("'", "") not in ordinary for word in words)


def _confidence(
    words: tuple[str, ...], match: tuple[Name, float, float], wanted: float | None, context: _Context
) -> float | None:
    """How sure the name is here, None where it isn't sure enough to be written."""
    name, alike, margin = match
    if margin < MARGIN:
        return None
    if name.kind == "term":
        return round(alike * 0.95, 2) if context.terms and _is_unusual(words) and alike >= 0.85 else None
    if wanted is None or alike < wanted + _short(name, context):
        return None
    return round(min(0.99, 0.75 * alike + (0.2 if context.strong else 0.1) + (0.04 if context.slot else 0)), 2)


def _short(name: Name, context: _Context) -> float:
    """How much more a short name must sound alike, since many words sound nearly like it."""
    length = min(len(way) for way, _ in name.keys)
    if length >= SHORT:
        return 0.0
    return 0.05 if context.strong else 0.1


def _changed(turn: Turn, tokens: list[_Token], changes: list[_Change], vocabulary: Vocabulary) -> Turn:
    """The turn after the changes; one that would touch a protected word is left out, whatever spoke for it."""
    text, shift = turn.text, 0
    corrections = list(turn.corrections)
    for change in changes:
        start, end = tokens[change.first].start, tokens[change.after - 1].end
        said = turn.text[start:end]
        opens = start == 0 or turn.text[:start].rstrip()[-1:] in {".", "?", "!"}
        written = change.text[0].upper() + change.text[1:] if opens else change.text
        if said.lower() == written.lower() or vocabulary.protected(_words(said)) != vocabulary.protected(
            _words(written)
        ):
            continue
        text = text[: start + shift] + written + text[end + shift :]
        shift += len(written) - len(said)
        corrections.append(Correction(said=said, text=written, confidence=change.confidence))
    return replace(turn, text=text, corrections=tuple(corrections)) if text != turn.text else turn


def _words(text: str) -> list[str]:
    return _TOKEN.findall(text)
