"""Bring what was said and what was heard to one spelling, so that only real differences count as errors.

Why: "I'm taking fifty milligrams" and "I am taking 50 mg" are the same words; a recogniser is not to be blamed for
the second, nor praised for the first. Both sides go through the same rules.

Takes text and its language (`en`, `es`). Gives words: lower case, no punctuation; English contractions written out;
numbers as digits, whether they were words or digits, with what directly follows a number without punctuation joined to
it ("six thirty", "6:30" and "630" are one word, `630`); fillers ("um", "mm-hm") left out, because they are heard at
random and change nothing. Accents stay: "esta" and "está" differ.
"""

import re
from collections.abc import Iterator

FILLERS = frozenset({"um", "uh", "uhm", "umm", "hmm", "hm", "mm", "mhm", "mmm", "mmhm", "erm", "er", "ah", "eh", "em"})

CONTRACTIONS = (
    (r"\bwon't\b", "will not"),
    (r"\b(?:can't|cannot)\b", "can not"),
    (r"\bshan't\b", "shall not"),
    (r"n't\b", " not"),
    (r"\blet's\b", "let us"),
    (r"\b(it|that|what|he|she|there|here|where|who|how|when|everything|nothing|something|everyone)'s\b", r"\1 is"),
    (r"'re\b", " are"),
    (r"'ll\b", " will"),
    (r"'ve\b", " have"),
    (r"'d\b", " would"),
    (r"\bi'm\b", "i am"),
    (r"\bgonna\b", "going to"),
    (r"\bwanna\b", "want to"),
    (r"\bgotta\b", "got to"),
    (r"\b(?:ok|o\.k\.)(?!\w)", "okay"),
    (r"\balright\b", "all right"),
    (r"\b([ap])\.m\b\.?", r"\1m"),
    (r"(?<=\d)([ap]m)\b", r" \1"),
    (r"\bdr\.", "doctor"),
    (r"\b(mr|mrs|ms)\.", r"\1"),
)
UNITS = ((r"%", " percent "), (r"(?<=\d)\s*mgs?\b", " milligrams"), (r"[$](\d[\d,.]*)", r"\1 dollars"))


def _from(first: int, words: str, step: int = 1) -> dict[str, int]:
    return {word: first + step * at for at, word in enumerate(words.split())}


_ENGLISH = {
    **_from(0, "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"),
    **_from(17, "seventeen eighteen nineteen"),
    **_from(20, "twenty thirty forty fifty sixty seventy eighty ninety", 10),
}
_ENGLISH_RANKS = {
    **_from(1, "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth"),
    **_from(14, "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"),
    **_from(20, "twentieth thirtieth", 10),
}
_SPANISH = {
    **_from(0, "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis"),
    **_from(17, "diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco"),
    **_from(26, "veintiséis veintisiete veintiocho veintinueve"),
    **_from(30, "treinta cuarenta cincuenta sesenta setenta ochenta noventa", 10),
    **_from(
        200, "doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos", 100
    ),
    "cien": 100,
    "ciento": 100,
}
_TOKEN = re.compile(r"\d+(?:[.:]\d+)?|[^\W\d_]+|[.,;:?!]")


def normalise(text: str, language: str = "en") -> list[str]:
    """The words of a text in one spelling."""
    spelled = text.lower().replace("’", "'").replace("‘", "'")
    for pattern, plain in UNITS:
        spelled = re.sub(pattern, plain, spelled)
    spelled = re.sub(r"(?<=\d),(?=\d{3}\b)", "", spelled)
    if language == "en":
        for pattern, plain in CONTRACTIONS:
            spelled = re.sub(pattern, plain, spelled)
        spelled = re.sub(r"\b(\d+)(?:st|nd|rd|th)\b", r"\1", spelled)
        spelled = re.sub(r"\b(m{1,2}|u+h*)-h+u*[mh]+\b", "mhm", spelled)
    spelled = spelled.replace("'", "")
    tokens = _TOKEN.findall(spelled)
    numbered = _english(tokens) if language == "en" else _spanish(tokens)
    return [word for word in _joined(numbered) if word not in FILLERS]


def is_number(word: str) -> bool:
    """Whether a normalised word is a number."""
    return word[0].isdigit()


def _english(tokens: list[str]) -> Iterator[str]:
    """Number words as digits, one run of cardinals at a time ("one hundred and five" -> 105)."""
    at = 0
    while at < len(tokens):
        value, after = _english_number(tokens, at)
        if after > at:
            yield str(value)
            at = after
        else:
            yield tokens[at]
            at += 1


def _english_number(tokens: list[str], at: int) -> tuple[int, int]:
    """A cardinal or ordinal that begins here and where it ends; ends where it begins if there is none."""
    total, after = _below_hundred(tokens, at)
    if after == at:
        return 0, at
    if tokens[at] == "one" and _stands_for_something(tokens, at):
        return 0, at
    while after < len(tokens) and tokens[after] in ("hundred", "thousand"):
        scale = 100 if tokens[after] == "hundred" else 1000
        total, after = total * scale, after + 1
        skip = after + (after < len(tokens) and tokens[after] == "and")
        more, end = _below_hundred(tokens, skip)
        if end > skip:
            if end < len(tokens) and tokens[end] == "hundred" and scale == 1000:
                more, end = more * 100, end + 1
            total, after = total + more, end
    return total, after


def _below_hundred(tokens: list[str], at: int) -> tuple[int, int]:
    word = tokens[at] if at < len(tokens) else ""
    if word in _ENGLISH_RANKS and word != "second":
        return _ENGLISH_RANKS[word], at + 1
    if word not in _ENGLISH:
        return 0, at
    value = _ENGLISH[word]
    following = tokens[at + 1] if at + 1 < len(tokens) else ""
    unit = _ENGLISH.get(following, _ENGLISH_RANKS.get(following, 0))
    if value >= 20 and 0 < unit < 10:
        return value + unit, at + 2
    return value, at + 1


def _stands_for_something(tokens: list[str], at: int) -> bool:
    """Whether "one" is no number here ("no one", "that one", "one of those"): it stays a word on both sides."""
    before = tokens[at - 1] if at else ""
    return before in {"no", "that", "this", "the", "any", "every", "some", "another", "which", "old", "last", "next"}


def _spanish(tokens: list[str]) -> Iterator[str]:
    """Spanish number words as digits ("cuarenta y cinco" -> 45, "dos mil veinte" -> 2020)."""
    at = 0
    while at < len(tokens):
        if tokens[at] not in _SPANISH:
            yield tokens[at]
            at += 1
            continue
        total = _SPANISH[tokens[at]]
        at += 1
        while at < len(tokens):
            ahead = tokens[at + 1] if at + 1 < len(tokens) else ""
            if tokens[at] == "y" and total % 100 >= 30 and total % 10 == 0 and 0 < _SPANISH.get(ahead, 0) < 10:
                total, at = total + _SPANISH[ahead], at + 2
            elif tokens[at] == "mil" and total < 1000:
                total, at = total * 1000, at + 1
            elif total and total % 100 == 0 and 0 < _SPANISH.get(tokens[at], 0) < (1000 if total % 1000 == 0 else 100):
                total, at = total + _SPANISH[tokens[at]], at + 1
            else:
                break
        yield str(total)


def _joined(tokens: Iterator[str]) -> Iterator[str]:
    """Words without punctuation; numbers that follow each other directly are one ("6 30", "6:30" -> 630)."""
    run = ""
    for token in tokens:
        if token[0].isdigit():
            run += token.replace(":", "")
            continue
        if run:
            yield run
            run = ""
        if token[0].isalpha():
            yield token
    if run:
        yield run
