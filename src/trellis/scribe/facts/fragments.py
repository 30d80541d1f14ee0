"""Tell a few words of an answer as one statement with their question: "And the dreams?" "Three or four times a week."

Takes an answer that is no sentence, its question, what was asked about before, and the voice; gives a sentence without
its full stop, or None where question and answer don't plainly fit. Nothing is quoted: the answer's words stand in the
third person, in the place the question leaves for them.
"""

import re

from trellis.scribe.points import Utterance
from trellis.scribe.saying.asked import PLAIN_NO, PLAIN_YES, Question, affirmed, phrase_of, read_question
from trellis.scribe.saying.person import Voice, joined, retell
from trellis.scribe.saying.spoken import meant
from trellis.scribe.saying.things import thing_asked
from trellis.scribe.words.smooth import smooth

LONGEST = 12
"""Words of an answer that is still a fragment."""

_NUMBER = (
    r"(?:\d[\d.:]*|(?:an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|\w+ty|half|hundred|"
    r"couple|few|several)(?: (?:of|and|a|hundred|thousand|one|two|three|four|five|six|seven|eight|nine|half))*)"
)
_ABOUT = r"(?:(?:possibly|about|around|probably|maybe|only|almost|nearly|over|under|roughly|at least|at most) )*"
_AMOUNT = re.compile(rf"{_ABOUT}{_NUMBER}(?:,? (?:or|to|sometimes|maybe) {_NUMBER})?", re.IGNORECASE)
_FREQUENCY = re.compile(
    r"\b(?:times? (?:a|per|each|every)|once|twice|every|each|daily|nightly|weekly|monthly|"
    r"all the time|constantly|always|most (?:days|nights|mornings)|some (?:days|nights|mornings)|sometimes|often|"
    r"rarely|on and off|(?:a|per) (?:day|night|week|month))\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(rf"{_ABOUT}{_NUMBER}(?:[ :-]\w+)?(?: (?:am|pm|o'clock|in the \w+))?", re.IGNORECASE)
_AROUND = re.compile(r"(?:on|in|at|a|per|most|some|every|during|when|since)\b", re.IGNORECASE)
_TIME = re.compile(r"\b(?:hours?|minutes?|days?|weeks?|months?|years?|since|ago|nights?|mornings?)\b", re.IGNORECASE)
_NEGATED = re.compile(r"n't\b|\b(?:not|never|no|without|nothing|none|neither)\b", re.IGNORECASE)
_NOW_OVER = re.compile(
    r",? but (?:that|it|they)(?:'s|'re| is| are)(?: all)?(?: now)? (?P<now>gone|better|over|fine|resolved|passed)"
    r"(?: now)?\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"\b(?:i|he|she|we|they|you|it|i'm|it's|that's|because)\b", re.IGNORECASE)
_LEADING_YES = re.compile(
    r"^\W*(?:(?:oh|well|um|uh|yes|yeah|yep|yup|mm-hmm|mhm|uh-huh|definitely|sure|i do|i have|i am|i did|i was)\b\W*)+",
    re.IGNORECASE,
)
_SCALE = re.compile(
    r"\b(?:scale (?:of|from)|zero to|one to|0 to|1 to|out of (?:ten|10|a hundred|100)|percent)\b", re.IGNORECASE
)
_RANGE = re.compile(
    r"\b(?P<low>zero|one|0|1)\s*(?:to|through|and|-)\s*(?P<high>ten|10|five|5|a hundred|hundred|100)\b", re.IGNORECASE
)
_HOW_ARE = re.compile(r"\bhow(?:'s| is| are| was| were) (?P<thing>the [a-z]+)\b(?=,|\W*$)", re.IGNORECASE)
_NAMES_OWN = re.compile(r"\b(?:your|the) (?!scale\b|same\b|last\b|past\b)[a-z]+", re.IGNORECASE)
"""A question that names what it asks about, though not in a form that can be told."""
_TO_DO = re.compile(
    r"\bhow long (?:does|did|do) it (?:usually )?take (?:you |for you )?to (?P<act>[\w' ]+?)\W*$", re.IGNORECASE
)


def tell_fragment(answer: Utterance, question: Utterance, before: Utterance | None, voice: Voice) -> str | None:
    """One sentence for both; `before` is the clinician's question before this one, for "on a scale of …?"."""
    said = smooth(answer.text).text if answer.text.strip() else ""
    if not said or len(said.split()) > LONGEST + 3 or PLAIN_NO.search(said) or PLAIN_YES.search(said):
        return None
    places = meant(answer.parse)
    told = joined(answer.parse.tokens, retell(answer.parse, voice), places)
    is_yes = bool(_LEADING_YES.match(said))
    told = _NOW_OVER.sub(r", now \g<now>", told)
    told = re.sub(r"^like\b", "about", re.sub(r"^(?:maybe|perhaps)\b", "possibly", told, flags=re.IGNORECASE))
    if re.fullmatch(r"about [a-z]+", told) and not re.search(rf"\b{_NUMBER}\b", told):
        told = told[6:]
    if not told or len(told.split()) > LONGEST or _CLAUSE.search(_NOW_OVER.sub("", _LEADING_YES.sub("", said))):
        return None
    told = _small(told, answer, places)
    parsed = read_question(question, voice)
    return (
        _rated(told, question, before, voice)
        or _time_taken(told, question, voice)
        or _with_verb(told, parsed, voice, is_yes=is_yes)
        or _of_thing(told, answer, question, voice, is_yes=is_yes)
    )


def _small(told: str, answer: Utterance, places: tuple[int, ...]) -> str:
    first = answer.parse.tokens[places[0]] if places else None
    is_name = (
        first is not None and first.tag in {"NNP", "NNPS"} and first.entity not in {"", "DATE", "CARDINAL", "TIME"}
    )
    return told if is_name or told[:2].isupper() else told[0].lower() + told[1:]


def _rated(told: str, question: Utterance, before: Utterance | None, voice: Voice) -> str | None:
    """A figure on a scale, of what was asked about just before."""
    if not _SCALE.search(question.text):
        return None
    figure = re.fullmatch(rf"(?:an? )?(?P<n>{_ABOUT}(?:an? )?{_NUMBER})(?P<when> [\w' ]+)?", told, re.IGNORECASE)
    if figure is None:
        return None
    span = _RANGE.search(question.text)
    scale = f" on a scale of {span['low']} to {span['high']}" if span else ""
    own = _HOW_ARE.search(question.text)
    thing = thing_asked(question, voice) or (own["thing"].lower() if own else None)
    if thing is None and before is not None and not _NAMES_OWN.search(question.text):
        thing = thing_asked(before, voice)
    number = re.sub(r"^((?:possibly |about )*)an? ", r"\1", figure["n"], flags=re.IGNORECASE)
    if thing is None:
        return None
    return f"{voice.name} rates {thing} at {number}{scale}{figure['when'] or ''}"


def _time_taken(told: str, question: Utterance, voice: Voice) -> str | None:
    act = _TO_DO.search(question.text)
    if act is None or not _TIME.search(told):
        return None
    return f"{voice.name} reports that it takes {voice.them} {told} to {act['act'].strip()}"


def _with_verb(told: str, question: Question | None, voice: Voice, *, is_yes: bool) -> str | None:
    """The question's own verb with what the answer adds: "taking the escitalopram, ten milligrams at night"."""
    if question is None or not question.is_self or _NEGATED.search(told):
        return None
    phrase = phrase_of(question)
    if phrase is None:
        return None
    opening = question.opening.lower()
    if not opening:
        if _FREQUENCY.search(told):
            phrase = re.sub(r" (?:every (?:single )?(?:day|night|morning|week)|daily|nightly|regularly)\b", "", phrase)
        is_time = bool(_FREQUENCY.search(told)) and len(told.split()) <= 6
        if not (is_yes or is_time) or re.search(r"\bor\b", question.rest):
            return None
        return f"{voice.name} reports {affirmed(phrase)}{'' if is_time and not is_yes else ','} {told}"
    if opening in {"what time", "when"} and _CLOCK.fullmatch(told):
        return f"{voice.name} reports {phrase} at {told}"
    amount = re.fullmatch(r"how (?:many|much) ?(?P<unit>.*)", opening)
    figure = _AMOUNT.search(told)
    if amount and figure and question.verb is not None:
        unit = amount["unit"].strip()
        head, _, rest = phrase.partition(question.rest) if question.rest else (phrase, "", "")
        told = re.sub(r" (?:like|maybe|about)$", "", told)
        around = f"{told[: figure.start()].strip().removesuffix('like').strip()} {told[figure.end() :].strip()}".strip()
        has_unit = bool(unit) and unit.split()[-1].rstrip("s") in told.lower()
        if around and not has_unit and not _AROUND.match(around):
            return None
        count = told if has_unit or not unit else f"{figure.group()} {unit}"
        parts = (
            f"{voice.name} reports",
            head.strip(),
            count,
            question.rest,
            rest.strip(),
            "" if has_unit or not unit else around,
        )
        return " ".join(part for part in parts if part)
    return None


def _of_thing(told: str, answer: Utterance, question: Utterance, voice: Voice, *, is_yes: bool) -> str | None:
    thing = thing_asked(question, voice)
    if thing is None or _NEGATED.search(told):
        return None
    if _FREQUENCY.search(told) and len(told.split()) <= 8:
        return f"{voice.name} reports {thing}, {told}"
    words = [token for token in answer.parse.tokens if token.text[:1].isalnum()]
    is_quality = bool(words) and all(token.pos in {"ADJ", "ADV", "CCONJ", "INTJ", "ADP", "VERB"} for token in words)
    if is_quality and len(words) <= 6 and any(token.pos == "ADJ" for token in words):
        return f"{voice.name} describes {thing} as {told}"
    if re.match(r"any\b", question.text.strip(" .,"), re.IGNORECASE) or re.search(r"\bany\b", question.text):
        return f"{voice.name} reports {thing}: {told}"
    if (_AMOUNT.search(told) or _TIME.search(told)) and not is_yes:
        return f"Asked about {thing}, {voice.name} reports {told}"
    return None
