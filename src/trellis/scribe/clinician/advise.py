"""What the clinician recommended, and when the client is to call or come back; with a no where there was one.

Takes the lines of a session, gives plan points. Advice binds nobody: it is written as the clinician's, never as the
client's promise. What was recommended twice is said once, as it was said last.
"""

import re
from collections.abc import Sequence

from trellis.scribe.clinician.agree import answer_to
from trellis.scribe.points import Point, quote
from trellis.scribe.words.cues import Line
from trellis.scribe.words.swap import swap

EARLIEST = 0.1
"""Share of the session before which nothing is advised yet."""

LATER = 0.4
"""Share of the session before which "when you …" tells what happens, not what to do."""

LONGEST = 24
"""Words of advice a note repeats."""


def advise(said: Sequence[Line]) -> list[Point]:
    """Recommendations and what to do if things get worse, in the order they were said."""
    points: list[Point] = []
    for at, line in enumerate(said):
        if line.role != "clinician" or at < EARLIEST * len(said):
            continue
        point = _conditional(said, at) or _recommended(said, at) or _advised(said, at)
        if point is not None:
            _add(points, point)
    return points


def _add(points: list[Point], point: Point) -> None:
    """What was recommended before in other words is said once, at its fullest."""
    twin = next((one for one in points if _is_same(_content(one), _content(point))), None)
    if twin is None:
        points.append(point)
    elif len(point.text) > len(twin.text):
        points[points.index(twin)] = point


def _is_same(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) * 2 > min(len(one), len(other))


def _content(point: Point) -> frozenset[str]:
    """What advice is about, in stems."""
    return frozenset(word[:6] for word in re.findall(r"[a-z]{4,}", point.text.lower())) - _OWN


def _recommended(said: Sequence[Line], at: int) -> Point | None:
    line = said[at]
    text = line.utterance.text.replace("’", "'")
    found = _RECOMMENDS.search(text)
    if found is None or line.asks or _NOT_NOW.search(text):
        return None
    body = _ENDS.split(found["what"])[0]
    body = re.sub(r"\b(\w+ \w+)-? \1\b", r"\1", body.strip(" ,-"))
    words = body.split()
    if not 2 <= len(words) <= LONGEST or _EMPTY.match(body):
        return None
    answer, ground = answer_to(said, at)
    told = re.sub(r"\bClient's\b", "their", swap(body, "clinician"))
    no = "; Client did not agree" if answer == "no" else ""
    return Point(
        topic="plan",
        text=f"Clinician recommended that Client {told}{no}.",
        evidence=tuple(quote(one.utterance) for one in ([line, ground] if no and ground else [line])),
        weight=0.6,
        key=f"advice.{' '.join(word.lower().strip(',') for word in words if word.lower() not in _SMALL)[:9]}",
    )


def _advised(said: Sequence[Line], at: int) -> Point | None:
    """Advice said of a thing ("Keeping warm would be helpful"), and a request to come back."""
    line = said[at]
    text = line.utterance.text
    found = _ADVISES.search(text) or _RETURNS.search(text)
    if line.asks or not found or _PAST.search(text.lower()) or at < 0.3 * len(said):
        return None
    answer, ground = answer_to(said, at)
    if answer == "no":
        return None
    verb = "advised" if "advice" in found.groupdict() else "asked Client to"
    body = swap(found.groupdict().get("advice") or found["back"], "clinician")
    return Point(
        topic="plan",
        text=f"Clinician {verb} {body}.",
        evidence=tuple(quote(one.utterance) for one in ([line] if ground is None else [line, ground])),
        weight=0.6,
        key=f"advice.{body[:14]}",
    )


def _conditional(said: Sequence[Line], at: int) -> Point | None:
    """What to do if something happens: when to call, to come back, to go to the emergency room."""
    line = said[at]
    text = line.utterance.text.replace("’", "'")
    found = _IF.search(text)
    if found is None or line.asks:
        return _reminded(said, at)
    if found["cond"].lower() == "when" and (at < LATER * len(said) or _WAS.search(found["when"].lower())):
        return None
    told = swap(_advice(found), "clinician")
    told = re.sub(r"\b(?:if|when) Client (feel|get|notice|have|start|need|want)\b", _third, told)
    if len(told.split()) > LONGEST or answer_to(said, at)[0] == "no":
        return None
    who = "Client"
    if _hearer(said, at) == "other":
        who = "another person present"
        told = swap(re.sub(r"\b(you're|you|your)\b", _of_them, _advice(found)), "clinician")
    return Point(
        topic="plan",
        text=f"Clinician advised {who} to {told}.",
        evidence=(quote(line.utterance),),
        weight=0.65,
        key=f"advice.if {found['when'][:14].lower()}",
    )


def _advice(found: re.Match[str]) -> str:
    """What to do and when, in that order, without examples of what to say."""
    do = re.split(r",? like,|,? for example\b", found["do"])[0]
    return f"{do.strip(' ,.')} {found['cond'].lower()} {found['when'].strip(' ,.')}"


def _of_them(found: re.Match[str]) -> str:
    return {"you": "they", "your": "their", "you're": "they are"}[found[1].lower()]


def _reminded(said: Sequence[Line], at: int) -> Point | None:
    """That the client can call, and when."""
    line = said[at]
    found = _MAY_CALL.search(line.utterance.text.replace("’", "'"))
    if found is None or line.asks or answer_to(said, at)[0] == "no":
        return None
    told = re.sub(r"\b(you're|you|your)\b", _of_them, found["do"].strip(" ,."))
    return Point(
        topic="plan",
        text=f"Clinician reminded Client that they can {swap(told, 'clinician')}.",
        evidence=(quote(line.utterance),),
        weight=0.6,
        key="advice.call",
    )


def _hearer(said: Sequence[Line], at: int) -> str:
    """Whom a line is said to: who spoke last before it."""
    before = next((one for one in reversed(said[:at]) if one.role != "clinician"), None)
    return before.role if before is not None else "client"


def _third(found: re.Match[str]) -> str:
    return f"{found.group().split()[0]} Client {'has' if found[1] == 'have' else found[1] + 's'}"


_RECOMMENDS = re.compile(
    r"(?:\bI(?:'d| would|'ll| will|'m (?:really )?(?:going to|gonna)| am going to)? (?:really |strongly |"
    r"actually |definitely "
    r"|just |also |still )*(?:recommend|suggest|advise|encourage|urge)|"
    r"what I(?:'d| would)? (?:recommend|suggest) is|my (?:recommendation|advice) (?:is|would be)) "
    r"(?:(?:to you )?that you (?:should |would |just )?|(?:for )?you (?:to )?|to )(?:really |just |maybe "
    r")*(?P<what>(?!see\b|would\b|"
    r"are\b|have been\b)[a-z]+ [^?]+)"
)
_ADVISES = re.compile(
    r"\b(?P<advice>(?:keeping|taking|having|doing|getting|using|drinking|trying|going|starting|stopping|"
    r"avoiding|eating|resting|cutting|walking|writing|talking)\b[^.?!,]{3,80}?) "
    r"(?:would|might|could) be (?:quite |really |very |pretty )?"
    r"(?:important|helpful|good|useful|advisable|worth\w*|a good)\b",
    re.IGNORECASE,
)
_RETURNS = re.compile(
    r"\b(?:want|like|need|ask) you to (?P<back>(?:come back|call (?:us|me)|ring|"
    r"go (?:straight )?to (?:a&e|the e\.?r|the emergency|"
    r"hospital))[^.?!]*)",
    re.IGNORECASE,
)
_IF = re.compile(
    r"^(?:and |so |but |or |okay,? )*(?P<cond>if|when) (?P<when>(?:you|it|that|this|anything|something|things|"
    r"he|she|they|there|the \w+|your \w+)\b[^,?!]{3,80}?),? "
    r"(?:then )?(?:please |do |just |definitely |always |obviously )*(?:you (?:should |can |could |need to |"
    r"have to |must )?|"
    r"I(?:'d| would) (?:like|want) you to |feel free to |make sure (?:you|to) )?(?:just |please |always )?"
    r"(?P<do>(?:call|ring|phone|contact|come (?:back|in)|go (?:straight |right )?(?:to|back)|see (?:a|your|the|"
    r"us|me)|"
    r"get (?:in touch|help|seen|yourself)|text|let (?:me|us) know|dial|give (?:me|us)|use|jot|write|note|"
    r"bring (?:it|that|them)|practi[cs]e|try (?:to|saying|using|the|doing|naming|putting)|ride|reach (?:out|for)|"
    r"remember to|breathe|step|walk|take (?:a|the|your)|say to yourself)\b[^.?!]*)",
    re.IGNORECASE,
)
_MAY_CALL = re.compile(
    r"\byou (?:can|could) (?:always |also |just )?(?P<do>(?:call|text|reach|page|ring) (?:me|us|the \w+)\b"
    r" (?:any ?time|before|between|if|when|day or night|at any)\b[^?!]{2,60})",
    re.IGNORECASE,
)
_WAS = re.compile(r"\b(?:was|were|had|did|came|went|got|felt|said)\b")
_NOT_NOW = re.compile(
    r"\b(?:don't recommend|not recommend|wouldn't|would then|if you|if I|last (?:time|week|session|year)|used "
    r"to|did you|"
    r"people|patients|clients)\b|\bI (?:recommend|suggest)ed\b",
    re.IGNORECASE,
)
_EMPTY = re.compile(r"(?:that|this|it|think about (?:it|that)|know|look at (?:it|this))\b[^,]{0,12}$", re.IGNORECASE)
_PAST = re.compile(
    r"\b(?:last (?:time|week|session)|yesterday|used to|ago|back then|did you|have you|were you|had to|already)\b"
)
_SMALL = frozenset({"to", "try", "not", "a", "the", "you", "your", "at", "down", "up", "really", "just"})
_OWN = frozenset({"clinic", "client", "recomm", "that", "advise", "their", "your", "agree"})
_ENDS = re.compile(r"[.?!;]|,? (?:because|since|so that|so you|which|does that|okay|but)\b|--|—")
