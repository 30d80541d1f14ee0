"""Hold a wording to the facts it was made of: the same numbers, people, denials and words, and no connection between
them that wasn't there.

Why, beside the check against what was said: that one asks whether everything told was said. A wording can pass it and
still lose a fact, or tell two facts as cause and effect. Takes the sentences given to a writer and the one it gave
back; gives an objection in plain words, None where both say the same. Any doubt is an objection: the facts then stand
as they were.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from trellis.scribe.checking.amounts import is_same, plain_numbers
from trellis.scribe.checking.claims import CLIENT, Word, claims, expanded, rules
from trellis.scribe.rewording.guidance import guidance
from trellis.scribe.talk.people import relations
from trellis.scribe.words.numbers import Number, read_numbers

LONGEST = 60
"""Words a wording may have; a longer sentence is read twice."""

MORE = 6
"""Words a wording may have more than its facts: "and", "that", a verb again."""

_NEXT_SENTENCE = re.compile(r"(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bSt)[.!?]\s+(?=[A-Z])")
_SHARED = frozenset({"no", "not", "without"})
"""Words one of which may stand for several ("no nightmares or snoring"); whether each is denied is compared apart."""

_REACH = re.compile(
    r"\b(?:not|no|never|denies|without)\b[^,;.]* and (?!(?:reports|describes|denies|states|hopes|wants|plans)\b)\w+"
)
"""A denial and what an "and" without a comma adds to it: "not eating lunch and sleeping" can be read two ways."""

_CAPITAL = re.compile(r"\b[A-ZÁÉÍÓÚÑ][\w’'-]*")


def objection(facts: Sequence[str], wording: str) -> str | None:
    """Why the wording may not stand for the facts; None where it may."""
    return next(_objections(" ".join(facts), facts, wording), None)


def _objections(told: str, facts: Sequence[str], wording: str) -> Iterator[str]:
    if not _is_sentence(facts, wording):
        yield "It isn't one plain sentence about the client."
        return
    before_numbers, after_numbers = [each for fact in facts for each in _numbers(fact)], _numbers(wording)
    if _others(before_numbers, after_numbers) or _others(after_numbers, before_numbers):
        yield "Its numbers are others."
    if _people(told) != _people(wording):
        yield "It speaks of others."
    known = guidance()
    before, after = expanded(told), expanded(wording)
    if any(_has(before, word) != _has(after, word) for word in known.kept):
        yield "What is wished, denied or over, or who is meant, has changed."
    if any(_has(after, link) and not _has(before, link) for link in known.links):
        yield "It connects what nobody connected."
    side_by_side = frozenset().union(*map(_neighbours, facts))
    if any(not known.joiners & set(pair) for pair in _neighbours(wording) - side_by_side):
        yield "It puts words together that stood apart."
    if any(reach not in before for reach in _REACH.findall(after)):
        yield "How far a denial reaches has changed."
    lost, added = _tied(before) - _tied(after), _tied(after) - _tied(before)
    if added or any(word not in _SHARED for word, _ in lost):
        yield "How sure, how often or how much has changed."
    yield from _words([word for fact in facts for word in _claims(fact)], list(_claims(wording)))


def _is_sentence(facts: Sequence[str], wording: str) -> bool:
    return (
        re.match(r"Client [a-z]", wording) is not None
        and wording.endswith(".")
        and all(char.isalnum() or char in " ,.;'-" or any(char in fact for fact in facts) for char in wording)
        and _NEXT_SENTENCE.search(wording) is None
        and len(wording.split()) <= min(LONGEST, sum(len(fact.split()) for fact in facts) + MORE)
    )


def _numbers(text: str) -> list[tuple[Number, str]]:
    """Each number with the word it counts, empty where none follows at once."""
    plain = plain_numbers(text)
    return [(number, _unit(plain, number)) for number in read_numbers(plain)]


def _unit(text: str, number: Number) -> str:
    following = re.match(r"[ -]([a-z]+)", text[number.end :].lower())
    if following is None or following[1] in rules().empty | rules().reporting:
        return ""
    return rules().meaning(following[1])


def _others(numbers: Iterable[tuple[Number, str]], among: Sequence[tuple[Number, str]]) -> bool:
    """Whether any of the numbers is not said, of the same thing, among the others."""
    return any(not any(is_same(number, each) and unit == other for each, other in among) for number, unit in numbers)


def _people(text: str) -> tuple[frozenset[str], frozenset[str]]:
    kin = frozenset(word for word in re.findall(r"[a-z]+", text.lower()) if word in relations())
    names = frozenset(word.removesuffix("'s").removesuffix("’s") for word in _CAPITAL.findall(text))
    return kin, names - {"Client"}


def _tied(text: str) -> set[tuple[str, str]]:
    """Each word that says how sure, how often or how much, with the word it says it of."""
    words = re.findall(r"[\w'-]+", text)
    return {(word, after) for word, after in zip(words, [*words[1:], ""], strict=True) if word in guidance().tied}


def _neighbours(text: str) -> frozenset[tuple[str, str]]:
    """Each two words with nothing between them."""
    stretches = (re.findall(r"[\w'’-]+", stretch) for stretch in re.split(r"[,.;:]", text.lower()))
    return frozenset(pair for words in stretches for pair in pairwise(words))


def _claims(text: str) -> tuple[Word, ...]:
    return claims(text, CLIENT, is_note=True)


def _words(facts: Sequence[Word], wording: Sequence[Word]) -> Iterator[str]:
    if any(not _alike(word, wording) and word.said not in guidance().may_go for word in facts):
        yield "It leaves something out."
    if any(not _alike(word, facts) for word in wording):
        yield "It adds something."
    if any(all(word.denied != each.denied for each in _alike(word, facts)) for word in wording if _alike(word, facts)):
        yield "What was denied and what was not has changed."
    if any(all(word.of != each.of for each in _alike(word, facts)) for word in wording if _alike(word, facts)):
        yield "It says something of somebody else."


def _alike(word: Word, among: Sequence[Word]) -> list[Word]:
    return [each for each in among if each.meaning == word.meaning]


def _has(text: str, words: str) -> bool:
    return re.search(rf"\b{re.escape(words)}\b", text) is not None
