"""Whose, whether and in what sense: what stands around a danger word decides what it means.

Takes a sentence and a place in it; gives the scope there: denied or not (double negatives read), whose it is, whether
it is conditional, remote, quoted or made up.
"""

from dataclasses import dataclass
from typing import Literal

from trellis.safety.rules import Rulebook, is_found, places
from trellis.safety.words import Sentence

Person = Literal["self", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What the words around a place make of it."""

    is_denied: bool
    person: Person
    is_conditional: bool
    is_remote: bool
    is_made_up: bool
    is_unwanted: bool


def read_scope(book: Rulebook, sentence: Sentence, start: int, end: int, *, negates: bool = True) -> Scope:
    """The scope of words start..end; a negation inside them counts too, unless what was looked for `negates` itself."""
    scope = book.scope[sentence.language]
    person = experiencer(book, sentence, start, end)
    before = sentence.words[:start]
    return Scope(
        is_denied=is_denied(book, sentence, start, end, negates=negates),
        person=person,
        is_conditional=is_found(scope["if"], before) or is_found(scope["if"], sentence.words[start : start + 1]),
        is_remote=is_found(scope["remote"], sentence.words),
        is_made_up=_is_made_up(book, sentence, start, person),
        is_unwanted=is_found(scope["unwanted"], sentence.words),
    )


def is_denied(book: Rulebook, sentence: Sentence, start: int, end: int, *, negates: bool = True) -> bool:
    """Whether an odd number of negations reaches these words."""
    scope = book.scope[sentence.language]
    words = sentence.words
    first = sentence.clause_span(start, end)[0]
    neutral = {i for a, b in places(scope["false_negation"], words) for i in range(a, b)}
    negators = [
        (a, b)
        for a, b in places(scope["negation"], words[first:start])
        if not neutral & set(range(first + a, first + b))
    ]
    count = len({b for _, b in negators if not _starts_anew(book, sentence, first + b, start)})
    if not negates:
        inside = [
            b for a, b in places(scope["negation"], words[start:end]) if not neutral & set(range(start + a, start + b))
        ]
        count += len({b for b in inside if not _starts_anew(book, sentence, start + b, end)})
    rest = words[end : end + 6]
    if any(a == 0 for a, _ in places(scope["denied_after"], rest)):
        count += 1
    if count == 0 and first > 0 and _continues_list(book, sentence, first, end):
        count += 1
    return count % 2 == 1


def _starts_anew(book: Rulebook, sentence: Sentence, after: int, start: int) -> bool:
    """Whether a new subject between a negation and these words ends its reach ("months without, and then I cut")."""
    between = [word.text for word in sentence.words[after:start]]
    if not set(between) & book.people[sentence.language]["subjects"]:
        return False
    return not set(between) & book.people[sentence.language]["carries_negation"]


def _continues_list(book: Rulebook, sentence: Sentence, first: int, end: int) -> bool:
    """Whether these words go on with a list that began with a negation ("No thoughts of dying, hurting myself")."""
    scope = book.scope[sentence.language]
    subjects = book.people[sentence.language]["subjects"]
    words = sentence.words
    if any(word.text in subjects for word in words[first:end]) or not is_found(scope["opens_denied_list"], words[:3]):
        return False
    return not is_found(scope["turn"], words[: first + 1])


def experiencer(book: Rulebook, sentence: Sentence, start: int, end: int) -> Person:
    """Whose thought or deed it is: told inside the words themselves, else by the nearest person before them."""
    people = book.people[sentence.language]
    inside = [word.text for word in sentence.words[start:end]]
    for text in inside:
        if text in people["self_inside"] or text.endswith(_SELF_ENDINGS[sentence.language]):
            return "self"
        if text in people["other_inside"] or text.endswith(_OTHER_ENDINGS[sentence.language]):
            return "other"
    addressed = is_found(book.scope[sentence.language]["addressed"], sentence.words[:end])
    for word in reversed(sentence.words[:start]):
        if word.text in people["self"]:
            return "self"
        if addressed and word.text in people["addressed"]:
            return "other"
        if word.text in people["other"]:
            return "other"
    return "self"


_SELF_ENDINGS: dict[str, tuple[str, ...]] = {"en": ("\0",), "es": ("arme", "erme", "irme", "ndome")}
_OTHER_ENDINGS: dict[str, tuple[str, ...]] = {"en": ("\0",), "es": ("arse", "erse", "irse", "ndose")}


def _is_made_up(book: Rulebook, sentence: Sentence, start: int, person: Person) -> bool:
    """A lyric, a film, a game, the news; one's own answer to it stays one's own."""
    scope = book.scope[sentence.language]
    if is_found(scope["owned"], sentence.words):
        return False
    if is_found(scope["quoting"], sentence.words[:start]):
        return True
    return person == "other" and is_found(scope["fiction"], sentence.words)
