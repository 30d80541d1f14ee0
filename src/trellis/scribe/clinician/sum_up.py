"""What was agreed as the clinician says it back: a list at the end, "So you'll …?", a choice, a task without its verb.

Takes the lines of a session and the place of one; gives a point, or None where it is nothing of the kind or the client
did not take it.
"""

import re
from collections.abc import Sequence

from trellis.scribe.clinician.agree import answer_to
from trellis.scribe.clinician.tasks import PAST, Words, assigned, clean, is_vague
from trellis.scribe.points import Point, quote
from trellis.scribe.words.cues import Line
from trellis.scribe.words.swap import swap

LATE = 0.55
"""Share of the session after which a client's own resolve counts as a plan without having been asked for."""


def recapped(said: Sequence[Line], at: int, words: Words) -> Point | None:
    """The clinician's own list of what was agreed: things or tasks, unless it is called the plan."""
    line = said[at]
    more = [line]
    for one in rest_of_turn(said, at):
        if not re.match(r"(?:and|plus|also)\b", one.utterance.text) or one.asks:
            break
        more.append(one)
    text = ", ".join(one.utterance.text.strip(" .,") for one in more)
    found = RECAPS.search(text)
    if not found or line.asks:
        return None
    rest = re.sub(r"^to (?:recap|sum up|summari[sz]e)[:,]?\s*", "", text[found.end() :], flags=re.IGNORECASE)
    body = re.sub(r"\bClient's\b", "their", swap(rest, "clinician"))
    if not 3 <= len(body.split()) <= 40 or _CLAUSE.match(body):
        return None
    named = rest != text[found.end() :] or re.search(r"plan|agree|recap|sum|homework", found.group(), re.IGNORECASE)
    told = any(token.dep in ("nsubj", "nsubjpass", "csubj") for token in line.utterance.parse.tokens)
    first = body.split()[0].lower().strip(",")
    dated = body.count(",") >= 1 and TIME.search(body) is not None
    tasks = not told and (first in words.home - words.room or (first in words.home and dated))
    if not (named or tasks) and (told or body.count(",") < 2 or body.lower().startswith(("even ", "maybe ", "like "))):
        return None
    return Point(
        topic="plan",
        text=f"Plan agreed: {body if _begins_with_name(line, body) else body[0].lower() + body[1:]}.",
        evidence=tuple(quote(one.utterance) for one in more),
        weight=0.8,
        key="plan.recap",
    )


def summed(said: Sequence[Line], at: int, words: Words) -> Point | None:
    """The clinician says back what the client will do ("So you'll keep the log?"), and the client agrees."""
    line = said[at]
    found = _SUMS.search(line.utterance.text.replace("’", "'"))
    answer, ground = answer_to(said, at)
    if found is None or ground is None or answer not in ("yes", "tentative"):
        return None
    verb = found["task"].split()[0].lower()
    if verb not in words.home | {"have"} or PAST.search(line.utterance.text.lower()) or is_vague(found["task"]):
        return None
    body = re.sub(r"\bClient's\b", "their", swap(clean(found["task"]), "clinician"))
    agreed = "agreed to" if answer == "yes" else "tentatively agreed to"
    return assigned(f"Client {agreed} {body}.", [line, ground], answer) if len(body.split()) > 1 else None


def elliptic(said: Sequence[Line], at: int) -> Point | None:
    """A task named without its verb ("And the recording, every day this time?"), taken up."""
    line = said[at]
    found = _ELLIPSIS.fullmatch(line.utterance.text.strip())
    answer, ground = answer_to(said, at)
    if found is None or ground is None or answer not in ("yes", "tentative"):
        return None
    agreed = "agreed" if answer == "yes" else "tentatively agreed"
    return assigned(f"Client {agreed} to the homework: {found['task']}.", [line, ground], answer)


def chosen(said: Sequence[Line], at: int) -> Point | None:
    """What the client chose, asked which of several to begin with."""
    line = said[at]
    if not line.asks or not _WHICH.search(line.utterance.text):
        return None
    answer = [one for one in said[at + 1 : at + 4] if one.role in ("client", "other") and one.turn == line.turn + 1]
    told = " ".join(one.utterance.text for one in answer).strip(" .")
    if not answer or not 1 < len(told.split()) <= 10 or any(one.asks for one in answer) or _UNDECIDED.search(told):
        return None
    return Point(
        topic="plan",
        text=f"Client chose where to start: “{told[0].upper()}{told[1:]}.”",
        evidence=(*(quote(one.utterance) for one in answer), quote(line.utterance)),
        weight=0.7,
    )


def told_once(points: Sequence[Point]) -> list[Point]:
    """The tasks without the clinician's summing up where it adds nothing, or without those it says in full."""
    points = [point for point in points if not any(_is_told_by(point, other) for other in points)]
    recaps = [point for point in points if point.key == "plan.recap"]
    if not recaps:
        return list(points)
    recap = recaps[-1]
    tasks = [point for point in points if point.key != "plan.recap"]
    items = [item for item in re.split(r",| and (?=\w+ \w)", recap.text.split(":", 1)[1]) if _content(item)]
    told = frozenset().union(*(_content(point.text) for point in tasks)) if tasks else frozenset()
    if all(len(_content(item) & told) >= 0.6 * len(_content(item)) for item in items):
        return tasks
    whole = _content(recap.text)
    return [point for point in tasks if not _content(point.text) or not _content(point.text) <= whole] + [recap]


def rest_of_turn(said: Sequence[Line], at: int) -> list[Line]:
    """What the speaker goes on to say in the same turn."""
    return [line for line in said[at + 1 : at + 6] if line.turn == said[at].turn]


def _begins_with_name(line: Line, body: str) -> bool:
    first = body.split(maxsplit=1)[0].strip(",")
    return any(token.text == first and token.tag == "NNP" for token in line.utterance.parse.tokens)


def _is_told_by(point: Point, other: Point) -> bool:
    """Whether a resolve is part of what was agreed in full later."""
    if other is point or not other.text.startswith(("Client agreed to", "Client tentatively agreed to")):
        return False
    own, whole = _content(point.text), _content(other.text)
    return point.topic in ("plan", "homework") and bool(own) and own < whole


def _content(text: str) -> frozenset[str]:
    """What a task is about, in stems."""
    return frozenset(word[:5] for word in re.findall(r"[a-z']{3,}|\d+", text.lower()) if word not in _SMALL)


RECAPS = re.compile(
    r"^(?:ok(?:ay)?[,.]? |all right[,.]? |alright[,.]? |great[,.]? )?(?:so\s*[:.,]\s*|so,? (?:(?:here's |that's "
    r")?the plan(?: is)?|you(?: both| all| two)? agreed?|you(?:'ve| have) (?:both )?agreed(?: on| to)?|"
    r"to (?:recap|sum up|summarize|summarise)|we(?:'ve| have)? agreed(?: on)?|we have|you(?:'re|"
    r" are) going to|for (?:this|next) week)[:,]?\s*|to (?:recap|sum up|summarize|summarise)[:,]?\s*|"
    r"the plan is[:,]?\s*|(?:so,? )?(?:your |the )?homework(?: is| (?:for )?this week(?: is)?)?[:,]\s*|"
    r"so,? (?=[a-z]+ (?:your|the|that|down|two|three|a|to|with)\b))",
    re.IGNORECASE,
)
_SUMS = re.compile(
    r"^(?:ok(?:ay)?[,.]? |all right[,.]? |alright[,.]? |great[,.]? |good[,.]? )*(?:so|and),? "
    r"(?:you'll|you will|you're going to|you are going to|you're gonna) (?P<task>[a-z]+ [^?!]+)",
    re.IGNORECASE,
)
_ELLIPSIS = re.compile(
    r"(?:and |so |then )+(?P<task>(?:the|your) [\w ]{3,30}, (?:every|each) \w+ (?:this time|this week|"
    r"until \w[\w ]*))\?",
    re.IGNORECASE,
)
_WHICH = re.compile(
    r"\bwhich (?:one|of (?:them|these|those)|step|item)?\b[^?]{0,30}\b(?:start|begin|first|try|pick|do this week)\b"
    r"|\bwhere (?:do|would|should) (?:you|we) (?:want to |like to )?(?:start|begin)\b",
    re.IGNORECASE,
)
_UNDECIDED = re.compile(r"\b(?:don't know|not sure|no idea|you tell me|whatever|neither|none)\b", re.IGNORECASE)
_CLAUSE = re.compile(
    r"(?:client|clinician|you|i|it|that|this|there|he|she|they|we|what|how|do|does|is|are|was|were|have|for where|"
    r"okay|well|really|when|if|because|then|yeah|um|uh|here)\b",
    re.IGNORECASE,
)
_SMALL = frozenset(
    {"client", "clinician", "agreed", "tentatively", "plans", "plan", "wants", "and", "the", "their", "for", "with",
     "this", "that", "then", "from", "before", "next", "session", "also", "new", "one", "homework", "keep", "them",
     "her", "his"}
)  # fmt: skip
TIME = re.compile(
    r"\b(?:\w+day|tonight|tomorrow|today|morning|afternoon|evening|night|weekend|week|after \w+|before \w+|at \w+)\b",
    re.IGNORECASE,
)
