"""Leave no sentence of a note a mere copy: written wordings first, then its telling words in quotation marks.

Takes the sentences of all sections and what holds each to its evidence; gives the same sentences in the same order. A
new wording stands only where its evidence carries it as well as the old one. Quotation marks are spent within a share
of the note's words, on what is worth hearing first: danger, images, hope and decision.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from trellis.scribe.points import Point
from trellis.scribe.saying.rephrase import quote_images, quote_runs, rephrase, worth_quoting
from trellis.scribe.topics import Topic
from trellis.scribe.words.runs import copied_runs, quoted_words

Sections = Mapping[str, Sequence[Point]]


def polish(sections: Sections, carries: Callable[[Point], bool], *, quotable: float) -> dict[str, list[Point]]:
    """The sections with every sentence in the note's own words as far as its evidence allows.

    `carries` says whether its evidence carries a sentence; `quotable` is the share of the note's words that may stand
    inside quotation marks (0..1), those already there included.
    """
    told = {key: [_reworded(_heard(point, carries), carries) for point in points] for key, points in sections.items()}
    words = sum(len(point.text.split()) for points in told.values() for point in points)
    left = quotable * words - sum(quoted_words(point.text) for points in told.values() for point in points)
    places = [(key, at) for key, points in told.items() for at in range(len(points))]
    worth = {place: _worth(told[place[0]][place[1]]) for place in places}
    for key, at in sorted(places, key=lambda place: -worth[place]):
        if worth[key, at] <= 0:
            break
        point = told[key][at]
        quoted = _accepted(point, _with_quotes(point), carries)
        spent = quoted_words(quoted.text) - quoted_words(point.text)
        if 0 < spent <= left:
            told[key][at] = quoted
            left -= spent
    return told


def _with_quotes(point: Point) -> str:
    said = _said(point)
    return quote_runs(quote_images(point.text, said), said, to_the_end=point.topic in _ARRANGED)


def _said(point: Point) -> list[str]:
    return [evidence.quote for evidence in point.evidence if evidence.quote]


LONGEST_HEARD = 30
"""Words of what was said of death that are quoted whole."""
_OF_DEATH = re.compile(
    r"\b(?:die|died|dying|dead|death|kill\w*|suicid\w*|alive|disappear|not (?:be|being) here|be with (?:him|her|them)|"
    r"end (?:it|my life|things)|better off without|wak(?:e|ing) up|go to sleep|no point|worth living|"
    r"hurt(?:ing)? myself|cut(?:ting)? myself)\b",
    re.IGNORECASE,
)

_ARRANGED: frozenset[Topic] = frozenset({"plan", "homework", "appointment", "referral", "coordination"})
"""Topics of what was arranged, often in the clinician's words: quoted whole or not at all."""
_DENIES = re.compile(
    r"Client(?: \d+)? (?:denies|does not|reports (?:not|never|no)\b|"
    r"\w+ that they (?:\w+ )?(?:never|(?:do|did|would|will|have|had|are|were) not)\b)"
)
_LEAD = re.compile(r"^\W*(?:(?:but|and|so|because|well|yeah|yes|um|uh|i mean|you know)\b,? )+", re.IGNORECASE)


def _heard(point: Point, carries: Callable[[Point], bool]) -> Point:
    """What a client said of death or of harm to themselves, in the words it was said in."""
    told = re.match(r"(Client(?: \d+)?) (?:reports|states|believes|feels|supposes|wishes|describes) ", point.text)
    said = (point.evidence[0].quote or "").strip().rstrip(".,;!-–— ") if point.evidence else ""
    said = _LEAD.sub("", said)
    is_denial = _DENIES.match(point.text) is not None
    if point.topic != "risk" or told is None or is_denial or "“" in point.text or not _OF_DEATH.search(said):
        return point
    if len(said.split()) > LONGEST_HEARD or "?" in said:
        return point
    return _accepted(point, f"{told[1]} states, “{said}.”", carries)


def _reworded(point: Point, carries: Callable[[Point], bool]) -> Point:
    return _accepted(point, rephrase(point.text, _said(point)), carries)


def _accepted(point: Point, text: str, carries: Callable[[Point], bool]) -> Point:
    """The point in these words, unless its evidence carried the old ones and doesn't carry these."""
    if text == point.text:
        return point
    anew = replace(point, text=text)
    return anew if carries(anew) or not carries(point) else point


def _worth(point: Point) -> float:
    """How soon a sentence gets its quotation marks; 0 where it needs none: a denial's words are the question's."""
    said = _said(point)
    if _DENIES.match(point.text):
        return 0.0
    if quote_images(point.text, said) != point.text:
        return 2.0 + point.weight
    if not copied_runs(point.text, said):
        return 0.0
    return worth_quoting(point.text, said) + point.weight + (1.0 if point.topic == "risk" else 0.0)
