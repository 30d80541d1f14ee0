"""Turn a statement that its evidence carries into one that it doesn't, by one small change; or change it truly.

Why: writers that reword err in one word: a figure, a denial, a person, a day, a drug. Authored pairs show how such
errors read; these show, again and again, that one word decides. They are made while a network is trained and are never
stored; nothing is measured on them.

Takes a pair whose evidence carries its statement and a source of chance. Gives the changed pair and the kind of its
error; or, where a word stands on both sides, the pair with that word changed on both, which is as true as before. None
where nothing can be changed.
"""

import random
import re
from collections.abc import Callable, Sequence

from trellis.lab.pairs import Pair

_FIGURES = re.compile(r"(?<![\w.,/-])\d{1,4}(?![\w/-]|[.,]\d)")
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
            "fifteen", "twenty", "thirty", "forty", "fifty", "sixty", "once", "twice")  # fmt: skip

GROUPS: dict[str, tuple[tuple[str, ...], ...]] = {
    "number": (_NUMBERS, ("first", "second", "third", "fourth", "fifth"), ("half", "a quarter", "a third")),
    "time": (
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        ("January", "February", "March", "April", "June", "July", "August", "September", "October", "November",
         "December"),
        ("morning", "afternoon", "evening", "night"), ("yesterday", "today", "tomorrow"), ("before", "after"),
        ("spring", "summer", "autumn", "winter"), ("hours", "days", "weeks", "months", "years"),
        ("hour", "day", "week", "month", "year"), ("last", "next"), ("daily", "weekly", "monthly"),
    ),
    "person": (
        ("mother", "father", "sister", "brother", "aunt", "uncle", "grandmother", "grandfather", "cousin", "roommate"),
        ("wife", "sister", "mother", "daughter"), ("husband", "brother", "father", "son"),
        ("boss", "coworker", "neighbor", "friend", "teacher", "therapist", "partner"),
        ("psychiatrist", "sponsor", "pharmacist", "nurse"),
    ),
    "medication": (
        ("sertraline", "fluoxetine", "escitalopram", "venlafaxine", "bupropion", "trazodone", "mirtazapine", "Zoloft",
         "Lexapro", "Prozac", "Wellbutrin", "duloxetine", "citalopram", "buspirone"),
        ("lithium", "lamotrigine", "quetiapine", "aripiprazole", "valproate", "Seroquel", "Abilify", "Depakote"),
        ("lorazepam", "clonazepam", "alprazolam", "Xanax", "Ativan", "hydroxyzine", "propranolol", "gabapentin"),
        ("methadone", "buprenorphine", "naltrexone", "Suboxone"),
        ("alcohol", "cannabis", "cocaine", "heroin", "opioids", "nicotine", "beer", "wine", "whiskey", "vodka"),
    ),
    "polarity": (
        ("better", "worse"), ("more", "less"), ("increased", "decreased"), ("improved", "worsened"), ("up", "down"),
        ("rose", "fell"), ("higher", "lower"), ("easy", "hard"), ("easier", "harder"), ("accepted", "declined"),
        ("agreed", "refused"), ("started", "stopped"), ("able", "unable"), ("remembers", "forgets"),
        ("with", "without"), ("likes", "dislikes"),
        ("helpful", "unhelpful"), ("safe", "unsafe"), ("often", "rarely"), ("has", "lacks"),
        ("longer", "shorter"), ("keeps", "loses"), ("gained", "lost"), ("missed", "took"), ("willing", "unwilling"),
        ("good", "poor"), ("satisfied", "dissatisfied"), ("comfortable", "uncomfortable"), ("present", "absent"),
    ),
    "overgeneral": (
        ("sometimes", "always"), ("occasionally", "constantly"), ("some", "all"), ("often", "always"),
        ("usually", "always"), ("rarely", "never"), ("mostly", "entirely"), ("partly", "completely"),
        ("a few", "most"), ("several", "all"), ("one", "every"), ("at times", "at all times"),
    ),
    "severity": (
        ("mild", "severe"), ("slightly", "severely"), ("somewhat", "extremely"), ("a little", "extremely"),
        ("upset", "devastated"), ("annoyed", "enraged"), ("nervous", "terrified"), ("sad", "hopeless"),
        ("difficult", "impossible"), ("tired", "exhausted"), ("reduced", "eliminated"),
    ),
    "modality": (
        ("plans to", "has begun to"), ("would like to", "is going to"), ("may", "will"), ("might", "will"),
        ("wants to", "decided to"), ("is considering", "has decided on"), ("hopes to", "managed to"),
        ("believes", "knows"), ("is unsure whether", "is certain that"), ("possibly", "definitely"),
        ("thinks", "is certain"), ("appears", "is certain"), ("suspects", "confirmed"), ("intends to", "was able to"),
    ),
}  # fmt: skip
"""Words of which one may stand for another by mistake, by the kind of error that makes."""
MIN_WORDS = 4
"""Words that a clause needs to be a statement."""
_ONE_WAY = frozenset({"overgeneral", "severity"})
"""Kinds whose words only err from the first to the second; back again, the sentence says too little, not too much."""
_DENIALS: tuple[tuple[str, str], ...] = (
    (r"\b(Client|client) (?:reports|states|describes|endorses|acknowledges)\b", r"\1 denies"),
    (r"\b(is|was|are|were|has|have|had|can|could|will|would|does|did) not\b", r"\1"),
    (r"\b(is|was|are|were|can|could|will|would) (?!not|no\b|unable|to\b)", r"\1 not "),
    (r"\b(has|have|had) (?=(?:been|\w+ed|gone|made|taken|lost|come|begun|kept|left|found|had)\b)", r"\1 not "),
    (r"\bno longer\b", "still"), (r"\bstill\b", "no longer"), (r"\bnever\b", "regularly"), (r"\bdenies\b", "reports"),
    (r"\b(?:does|do) not (\w+)", r"does \1"), (r"\bnot\b ?", ""), (r"\bno (?=\w)", "some "),
)  # fmt: skip


def corrupt(pair: Pair, chance: random.Random) -> tuple[Pair, str] | None:
    """The pair with one error planted in its statement, and the kind of that error."""
    makers = [_figure, _deny, _role, *(_swapper(kind) for kind in GROUPS)]
    chance.shuffle(makers)
    for make in makers:
        made = make(pair.statement, chance)
        if made is not None and made[0] != pair.statement:
            return Pair(pair.evidence, made[0]), made[1]
    return None


def change_both(pair: Pair, chance: random.Random) -> Pair | None:
    """The pair with a figure, day, person or drug that both sides name changed in both: as true as before."""
    kinds = ["figure", "number", "time", "person", "medication"]
    chance.shuffle(kinds)
    for kind in kinds:
        changed = _both_figures(pair, chance) if kind == "figure" else _both_words(pair, kind, chance)
        if changed is not None:
            return changed
    return None


def first_clause(statement: str) -> str | None:
    """What a statement says before it goes on; None where it doesn't, or too little is left."""
    first = re.split(r";|, (?:and|but|with|which|who|while|though|although|in|as|after|so|since)\b", statement)[0]
    return f"{first}." if first != statement and len(first.split()) >= MIN_WORDS else None


def join(statements: Sequence[str], chance: random.Random) -> str:
    """Two statements as one sentence, in either order."""
    one, other = chance.sample([each.rstrip(".") for each in statements], 2)
    kept = other if other.startswith("Client") else other[0].lower() + other[1:]
    return f"{one}{chance.choice(('; ', ', and '))}{kept}."


def _figure(text: str, chance: random.Random) -> tuple[str, str] | None:
    found = list(_FIGURES.finditer(text))
    if not found:
        return None
    match = chance.choice(found)
    return text[: match.start()] + _other_figure(match.group(), chance) + text[match.end() :], "number"


def _other_figure(figure: str, chance: random.Random) -> str:
    value = int(figure)
    choices = {value + 1, value - 1, value * 2, value + 10, value // 2, value * 10}
    if value > 1900:
        choices = {value + 1, value - 1, value + 10, value - 10}
    if len(figure) == 2:
        choices.add(int(figure[::-1]))
    return str(chance.choice(sorted(each for each in choices if each > 0 and each != value)))


def _deny(text: str, chance: random.Random) -> tuple[str, str] | None:
    order = list(_DENIALS)
    chance.shuffle(order)
    for pattern, instead in order:
        changed = re.sub(pattern, instead, text, count=1)
        if changed != text:
            return re.sub(r" {2,}", " ", changed), "polarity"
    return None


def _role(text: str, chance: random.Random) -> tuple[str, str] | None:
    """Client and another person change places."""
    other = re.search(r"\b(?:Client's|[Hh]er|[Hh]is|[Tt]he|[Aa]) (\w+)\b", text)
    if other is None or not re.search(r"\bClient\b(?!')", text) or other[1].lower() not in _PEOPLE:
        return None
    whole = other.group()
    marked = text.replace(whole, "\0", 1)
    if not re.search(r"\bClient\b(?!')", marked):
        return None
    changed = re.sub(r"\bClient\b(?!')", f"Client's {other[1]}", marked, count=1).replace("\0", "Client")
    return changed, "role" if chance.random() < 0.7 else "person"


_PEOPLE = frozenset(word.lower() for group in GROUPS["person"] for word in group) | {"daughter", "son", "child"}


def _swapper(kind: str) -> Callable[[str, random.Random], tuple[str, str] | None]:
    def swap(text: str, chance: random.Random) -> tuple[str, str] | None:
        found = _words_of(text, kind)
        if not found:
            return None
        word, group = chance.choice(found)
        if kind in _ONE_WAY:
            if word != group[0]:
                return None
            return _replaced(text, word, group[1]), kind
        return _replaced(text, word, chance.choice([other for other in group if other != word])), kind

    return swap


def _words_of(text: str, kind: str) -> list[tuple[str, Sequence[str]]]:
    return [(word, group) for group in GROUPS[kind] for word in group if re.search(rf"\b{word}\b", text, re.IGNORECASE)]


def _replaced(text: str, word: str, instead: str) -> str:
    def put(match: re.Match[str]) -> str:
        return instead[0].upper() + instead[1:] if match.group()[0].isupper() and word[0].islower() else instead

    return re.sub(rf"\b{word}\b", put, text, flags=re.IGNORECASE)


def _both_figures(pair: Pair, chance: random.Random) -> Pair | None:
    shared = sorted(set(_FIGURES.findall(pair.statement)) & set(_FIGURES.findall(pair.evidence)))
    if not shared:
        return None
    figure = chance.choice(shared)
    other = _other_figure(figure, chance)
    pattern = rf"(?<![\w.,/-]){figure}(?![\w/-]|[.,]\d)"
    if re.search(rf"\b{other}\b", pair.evidence):
        return None
    return Pair(re.sub(pattern, other, pair.evidence), re.sub(pattern, other, pair.statement))


def _both_words(pair: Pair, kind: str, chance: random.Random) -> Pair | None:
    shared = [
        (word, group)
        for word, group in _words_of(pair.statement, kind)
        if re.search(rf"\b{word}\b", pair.evidence, re.IGNORECASE) and word not in {"before", "after", "last", "next"}
    ]
    if not shared:
        return None
    word, group = chance.choice(shared)
    free = [other for other in group if not re.search(rf"\b{other}\b", pair.evidence + pair.statement, re.IGNORECASE)]
    if not free:
        return None
    other = chance.choice(free)
    return Pair(_replaced(pair.evidence, word, other), _replaced(pair.statement, word, other))
