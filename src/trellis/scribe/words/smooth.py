"""Take out of speech what its speaker took back: fillers, stutters, false starts, and the value before "no, sorry".

Takes the text of a turn; gives the text as it was meant, with the place of every character in the original, so that
whatever is read in the smooth text can be quoted from the real one. Parsers read smooth text far better, and what was
corrected ("twice, no, sorry, three times") can't slip into a note. Nothing is ever added or changed.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

REMEMBERED = 8192
"""Texts whose smooth form is remembered: the turns and sentences of the longest sessions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Smoothed:
    """`places[i]` is where character i of `text` stands in the original."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Characters start..end of the smooth text, in the original."""
        if start >= end:
            place = self.places[start] if start < len(self.places) else 0
            return place, place
        return self.places[start], self.places[end - 1] + 1


@lru_cache(maxsize=REMEMBERED)
def smooth(text: str) -> Smoothed:
    """The text without what was not meant; the whole text where nothing else would be left.

    Every act asks for the sentences of the session anew, so they are remembered until `smooth.cache_clear()`, which
    whoever wrote the note calls: what was said isn't held longer than its note needs.
    """
    smoothed = Smoothed(text=text.replace("\u2019", "'"), places=tuple(range(len(text))))
    for step in (_MARKS, _FILLERS, _STUTTERS, _STUTTERS, _REPEATS, _REPEATS):
        smoothed = _without(smoothed, [match.span() for match in step.finditer(smoothed.text)])
    smoothed = _without(smoothed, _taken_back(smoothed.text))
    for step in (_ASIDES, _ASIDES, _RECKONS, _KIND_OF, _BROKEN_WORDS, _FALSE_STARTS, _EDGES):
        smoothed = _without(smoothed, [match.span() for match in step.finditer(smoothed.text)])
    smoothed = _with_capital_i(smoothed)
    return smoothed if re.search(r"\w", smoothed.text) else Smoothed(text=text, places=tuple(range(len(text))))


def _without(smoothed: Smoothed, spans: list[tuple[int, int]]) -> Smoothed:
    if not spans:
        return smoothed
    parts: list[str] = []
    places: list[int] = []
    at = 0
    for start, end in sorted(spans):
        if start < at:
            continue
        parts.append(smoothed.text[at:start])
        places.extend(smoothed.places[at:start])
        at = end
    parts.append(smoothed.text[at:])
    places.extend(smoothed.places[at:])
    return Smoothed(text="".join(parts), places=tuple(places))


def _with_capital_i(smoothed: Smoothed) -> Smoothed:
    """Recognisers write "i": the parser needs the pronoun. The length does not change."""
    return Smoothed(text=re.sub(r"\bi(?=\b(?!\.e))", "I", smoothed.text), places=smoothed.places)


_MARKS = re.compile(r"\[[^\]]*\]\s?|<[^>]*>\s?")
_FILLERS = re.compile(
    r"(?<![\w-])(?:u+m+|u+h+|e+r+m*|a+h+|h+m+|mm+|huh(?=\s*,))(?![\w-])(?:\s*,|\.\.+)?\s*", re.IGNORECASE
)
# "s-smoke", "I-I-I", "da-- during", "to have- to have"
_STUTTERS = re.compile(
    r"(?<![\w'-])(?!mm|uh)((?:[\w']+ ){0,3}[\w']*\w)\s?(?:--+|\u2014|\u2013|-|\.\.\.+)\s*(?=\1)", re.IGNORECASE
)
_REPEATS = re.compile(
    r"\b(?:I've, (?=I have\b)|I'm, (?=I am\b)|it's(?: just)?, (?=it is\b|it has\b))|(?<![\w'-])([a-z]+), (?=\1 (?!\1))|"
    r"(?<![\w'-])(I|I'm|I've|the|a|an|to|and|it|it's|he|she|we|they|my|in|of|is|was|you|you're|but|that's|because|if|"
    r"with|for|at|on|just|like|so|this|what|when|or|have|[\w']+ [\w']+),?\s+(?=\2(?![\w']))",
    re.IGNORECASE,
)
_ASIDES = re.compile(
    r"(?:(?<=^)|(?<=[.?!,;\u2014-])|(?<=[.?!,;]\s)|(?<=\band )|(?<=\bbut )|(?<=\bso ))"
    r"(?:you know(?! (?:what|how|why|who|where|when|that|if|about|the|him|her|them))|I mean|you see|let's see|"
    r"like|okay|well|and stuff|I don't know|(?:like|as) I said|I must say|I have to say|"
    r"to be honest(?: with you)?)\s*(?:,|--+|\u2014)\s*",
    re.IGNORECASE,
)
# "I'd say three": how much somebody reckons, where the figure follows at once; "I have to say I was worried"
_RECKONS = re.compile(
    r"\bI (?:have to|must) (?:say|admit) (?=I\b)|"
    r"\b(?:I'd|I would) say (?=(?:it's |that's )?(?:like |about |around |maybe |probably )*(?:\d|a couple|half|one|two|"
    r"three|four|five|six|seven|eight|nine|ten|twelve|\w+teen|\w+ty)\b)",
    re.IGNORECASE,
)
_FUNCTION = (
    r"(?:i|i'm|i've|i'd|i'll|you|he|he's|she|she's|it|it's|we|we're|they|they're|that|that's|there|there's|the|a|an|my|"
    r"is|was|are|were|have|had|has|do|did|don't|didn't|can|could|would|will|just|so|and|but|because|if|to|of|in|like|"
    r"then|this|what|not|really)"
)
_FALSE_STARTS = re.compile(
    rf"(?:(?<=^)|(?<=[.?!,;]\s)){_FUNCTION}(?: {_FUNCTION}){{0,3}}\s?(?:--+|\u2014|\u2013|-(?=\s))\s*"
    r"(?=(?:i|i'm|i've|you|he|she|it|it's|we|they|my|there|that|that's|what|when|if|yes|no)\b)",
    re.IGNORECASE,
)
# "kind of staying in", not "what kind of work" and not "kind of sad": that one hedges
_KIND_OF = re.compile(
    r"(?<!what )(?<!some )(?<!any )(?<!\ba )(?<!this )(?<!that )(?<!the )(?<!which )(?<!different )(?<!every )"
    r"\b(?:kind of|sort of|kinda|sorta) (?=(?:\w+ing|just|like|have|had|get|got|go|went|try|tried|do|did|start|started|"
    r"want|wanted|be|been|of|the|an?|my|in|on|at|to|hold|think|thought|see|let|help|stay|stayed|stop|stopped|know|knew|"
    r"need|make|made|take|took|came|come)\b)",
    re.IGNORECASE,
)
# "I s-- I smoke"
_BROKEN_WORDS = re.compile(
    r"(?<![\w'])(I|he|she|we|they|you|it) \w{1,3}\s?(?:--+|\u2014|-)\s*(?=\1(?!\w))", re.IGNORECASE
)
_EDGES = re.compile(r"^[\s,;\u2014\u2013-]+|\s*(?:--+|\u2014|\u2013|-)$|(?<=[,;])\s*[,;]+")

# What was taken back -------------------------------------------------------------------------------------------------

_WORD = re.compile(r"[\w']+(?:[.:]\d+)?|[^\w\s]")
_CUES = re.compile(
    r"(?P<strong>\b(?:no,? sorry|sorry,? no|no,? wait|wait,? no|no,? i mean|i mean,? no|scratch that|make that|"
    r"or rather|let me correct (?:that|myself)|i misspoke|correction|no,? actually|actually,? no|"
    r"no,? i'm (?:lying|wrong)|i meant)\b)"
    r"|(?P<weak>\b(?:sorry|excuse me|i mean|actually|rather|(?:well,? )?(?:it's |it was )?more like|no)\b)",
    re.IGNORECASE,
)
_LATER = re.compile(r"^\W*(?:after|then|now|later|today|afterwards|since)\b", re.IGNORECASE)
"""Openings after which another value is a later one and corrects nothing."""
_LINKS = frozenset({"it's", "it", "is", "was", "that's", "i", "mean", "think", "make", "that", "more", "like", "well"})
_STOPS = frozenset({",", ".", ";", "-", "\u2014", "\u2013", ":"})
_NUMBER = re.compile(
    r"\d[\d.,:/]*|once|twice|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|"
    r"sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|half|couple",
    re.IGNORECASE,
)
_CALENDAR = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|january|february|march|april|may|june|july|august|september|"
    r"october|november|december|yesterday|today|tonight|tomorrow|morning|evening|afternoon|daily|weekly|monthly",
    re.IGNORECASE,
)
REACH = 6
"""How many words before the cue a correction can reach back."""


def _taken_back(text: str) -> list[tuple[int, int]]:
    """Spans of text that a correction right after them replaces, the correcting words included."""
    spans: list[tuple[int, int]] = []
    for cue in _CUES.finditer(text):
        before = list(_WORD.finditer(text[: cue.start()]))[-REACH * 2 :]
        after = list(_WORD.finditer(text, cue.end()))[:8]
        heard = [match.group().lower() for match in before if match.group() not in _STOPS]
        if cue["weak"] and not (before and before[-1].group() in _STOPS and heard and heard[-1] not in {"and", "or"}):
            continue
        if _LATER.search(re.split(r"[.?!]", text[: cue.start()])[-1]) and "more like" in cue.group().lower():
            continue
        start = _replaced_from(before, after, strong=cue["strong"] is not None)
        if start is not None:
            spans.append((start, _resumes_at(after, cue.end())))
    return spans


def _replaced_from(before: list[re.Match[str]], after: list[re.Match[str]], *, strong: bool) -> int | None:
    words = [match for match in before if match.group() not in _STOPS][-REACH:]
    new = [match for match in after if match.group() not in _STOPS]
    while new and new[0].group().lower() in _LINKS:
        new = new[1:]
    if not words or not new:
        return None
    for kind in (_NUMBER, _CALENDAR):
        if any(kind.fullmatch(match.group()) for match in new[:3]):
            old = [match for match in words[-5:] if kind.fullmatch(match.group())]
            if old:
                return _group_start(words, old[-1], kind)
    if not strong:
        return None
    same = [match for match in words if match.group().lower() == new[0].group().lower()]
    if same:
        return same[-1].start()
    is_name = new[0].group()[0].isupper() and words[-1].group()[0].isupper()
    return words[-1].start() if is_name and new[0].group() != "I" else None


def _group_start(words: list[re.Match[str]], last: re.Match[str], kind: re.Pattern[str]) -> int:
    """Where the value begins that ends in `last`: "two or three", "a hundred and fifty"."""
    at = words.index(last)
    while at > 0:
        previous = words[at - 1].group().lower()
        joins = previous in {"a", "or", "and", "to"} and at > 1 and kind.fullmatch(words[at - 2].group())
        if not (kind.fullmatch(words[at - 1].group()) or joins or (previous == "a" and kind is _NUMBER)):
            break
        at -= 1
    return words[at].start()


def _resumes_at(after: list[re.Match[str]], end: int) -> int:
    """Where the corrected value begins: past the commas and the "it's" between."""
    for match in after:
        if match.group() not in _STOPS and match.group().lower() not in _LINKS:
            return match.start()
    return end


def numbers_in(text: str) -> tuple[str, ...]:
    """The number words and digits of a text, in order, in small letters."""
    found = (match.group().lower().rstrip(".,:") for match in _WORD.finditer(text))
    return tuple(word for word in found if _NUMBER.fullmatch(word))
