"""The safety plan as it was spoken: warning signs, steps, people, emergency care, and what is kept out of reach.

Takes the lines of a session, gives points: one with the steps in the order of the talk, one for each agreement about
means. Only answers to the clinician's questions count, in the client's words; nothing is added.

Source of the parts: Stanley and Brown's safety planning (warning signs, coping alone, people, professionals, means).
"""

import re
from collections.abc import Sequence

from trellis.scribe.clinician.agree import answer_to
from trellis.scribe.clinician.intervene import listed
from trellis.scribe.points import Point, quote
from trellis.scribe.words.cues import Cues, Line
from trellis.scribe.words.swap import swap

STEPS = 6
"""Lines after a question about a crisis in which the client's words are steps of the safety plan."""

STEPS_REACH = 16
"""Lines after a question about a crisis in which "what else?" asks for one more step of its plan."""

DANGER_REACH = 60
"""Lines after talk of danger in which a question about coming days is about a crisis."""

NAMED_WITHIN = 8
"""Lines before an agreement on access to means within which "it" was named."""

LONGEST = 16
"""Words of a step a note repeats."""


def plan_safety(said: Sequence[Line]) -> list[Point]:
    """What the client would do in a crisis, whom they would tell, and what is to be kept out of reach."""
    points: list[Point] = []
    steps: list[tuple[str, Line]] = []
    questions: list[Line] = []
    asked, danger, signs = -STEPS - 1, -DANGER_REACH - 1, False
    crisis = -DANGER_REACH
    for at, line in enumerate(said):
        if _DANGER.find(line):
            danger = at
        near = at - danger <= DANGER_REACH
        if line.role == "clinician":
            if near and (point := _means(said, at)):
                points.append(point)
                asked = -STEPS - 1
            elif near and line.asks and (_SIGNS.find(line) or _CRISIS.find(line)):
                asked, signs, crisis = at, _SIGNS.find(line) is not None, at
            elif near and line.asks and at - crisis <= STEPS_REACH and _STEP.find(line):
                asked, signs = at, False
            elif near and not line.asks and _EMERGENCY.search(line.utterance.text) and _taken(said, at):
                steps.append((f"{_URGENT}{_emergency(line)}", line))
            elif line.asks:
                asked = -STEPS - 1
        elif at - asked <= STEPS and line.role == "client" and not line.asks:
            step = _sign(line) if signs else _step(line)
            if step:
                steps.append((step, line))
                questions.append(said[asked])
    return points + ([_plan(steps, questions)] if steps else [])


def _plan(steps: Sequence[tuple[str, Line]], questions: Sequence[Line]) -> Point:
    ordered = list(dict.fromkeys(step for step, _ in steps))
    signs = [step for step in ordered if step.startswith("warning signs")]
    urgent = [step.removeprefix(_URGENT) for step in ordered if step.startswith(_URGENT)]
    rest = [step for step in ordered if step not in signs and not step.startswith(_URGENT)]
    if not signs and not urgent and all(step.split()[0] in _STEP_VERBS for step in rest):
        body = f"Client would {listed(rest)}"
    else:
        body = "; ".join([*signs[:1], *rest, *([f"in an emergency, {listed(urgent)}"] if urgent else [])])
    ground = list(dict.fromkeys([*(line for _, line in steps), *questions]))
    return Point(
        topic="safety_plan",
        text=f"Safety plan, if thoughts return or worsen: {body}.",
        evidence=tuple(quote(line.utterance) for line in ground),
        weight=0.85,
        key="safety_plan.steps",
    )


def _means(said: Sequence[Line], at: int) -> Point | None:
    """An agreement on access to means: asked and accepted, or told by the clinician."""
    line = said[at]
    text = line.utterance.text
    asked_where = _WHERE.search(text) is not None
    if line.asks and _LETS.search(text) and (named := _named_before(said, at)) is not None:
        answer, ground = answer_to(said, at)
        if ground is None or answer not in ("yes", "tentative"):
            return None
        return Point(
            topic="safety_plan",
            text=f"Means safety ({named[0]}): asked “{text.strip(' ?')}?”, Client agreed.",
            evidence=tuple(quote(one.utterance) for one in (line, ground, named[1])),
            weight=0.9,
            key=f"safety_plan.means.{named[0]}",
        )
    if not (_MEANS.find(line) or asked_where) or _HAVE.search(text):
        return None
    if not line.asks and asked_where:
        return None
    if not line.asks:
        told = text.strip(" .")
        return Point(
            topic="safety_plan",
            text=f"On access to means, Clinician said: “{told}.”",
            evidence=(quote(line.utterance),),
            weight=0.85,
            key="safety_plan.means",
        )
    answer, ground = answer_to(said, at)
    own = next(
        (one for one in said[at + 1 : at + 5] if one.role == "client" and _KEEPS.search(one.utterance.text)), None
    )
    if answer == "no" or (own is None and (asked_where or answer == "unheard")):
        return None
    thing = _THING.search(text)
    who = re.search(r"\b(?i:could|can|would|will) (?P<who>[A-Z][a-z]+|your \w+)\b", text)
    evidence = [line, *([own] if own else []), *([ground] if ground and ground is not own else [])]
    if own is not None:
        body = _LEAD.sub("", own.utterance.text.strip(" ."))
        body = re.sub(r"\b(?:them|it|those)\b", f"the {thing.group().lower()}" if thing else "them", body, count=1)
        if who:
            body = re.sub(r"\b(?:him|her)$", who["who"], body)
        when = next(
            (one for one in said[at + 1 : at + 8] if one.role == "client" and _TIME.fullmatch(one.utterance.text)), None
        )
        text = f"Means safety: Client will {swap(body[0].lower() + body[1:], 'client')}"
        text += f", {when.utterance.text.strip(' .').lower()}" if when else ""
        evidence += [when] if when else []
    else:
        asked = re.sub(r"^(?:and |so |then |okay,? )*", "", text.strip(" ?"), flags=re.IGNORECASE)
        text = f"Means safety: asked “{asked}?”, Client agreed"
    return Point(
        topic="safety_plan",
        text=f"{text}.",
        evidence=tuple(quote(one.utterance) for one in evidence),
        weight=0.9,
        key=f"safety_plan.means.{thing.group().lower() if thing else ''}",
    )


def _named_before(said: Sequence[Line], at: int) -> tuple[str, Line] | None:
    """The means that "it" stands for, named by either a few lines before."""
    for line in reversed(said[max(0, at - NAMED_WITHIN) : at]):
        if found := _THING.search(line.utterance.text):
            return found.group().lower(), line
    return None


def _taken(said: Sequence[Line], at: int) -> bool:
    return answer_to(said, at)[0] != "no"


def _emergency(line: Line) -> str:
    found = _EMERGENCY.search(line.utterance.text)
    return found.group().lower() if found else ""


def _sign(line: Line) -> str:
    """A warning sign in the client's own words."""
    text = line.utterance.text.strip(" .")
    return f"warning signs “{text}”" if 2 <= len(text.split()) <= LONGEST else ""


def _step(line: Line) -> str:
    """The step from its verb on ("I'd call my sister" -> "call their sister"), or a thing or person named alone."""
    text = line.utterance.text.strip().replace("’", "'")
    if crisis := re.match(
        r"(?:probably |the )?(?:nine eight eight|988|crisis (?:line|text line))\b", text, re.IGNORECASE
    ):
        return crisis.group()
    body = re.split(r"[.!?;]", _LEAD.sub("", text))[0]
    words = body.split()
    if not words or len(words) > LONGEST or re.match(_NO_STEP, body.lower()):
        return ""
    is_verb = words[0].lower().strip(",") in _STEP_VERBS and not re.search(r"\bi (?:just )?(?:do|did)\b", body.lower())
    is_named = len(words) <= 7 and not re.search(r"\b(?:i|it|he|she|they|we|you|that|is|was|'s|not)\b", body.lower())
    if (
        not (is_verb and (len(words) > 1 or words[0].lower() in {"shower", "walk", "breathe", "read", "pray"}))
        and not is_named
    ):
        return ""
    return swap(body[0].lower() + body[1:] if not _is_name(words[0]) else body, "client")


def _is_name(word: str) -> bool:
    return word[0].isupper() and word.lower() not in _STEP_VERBS and word.lower() not in _COMMON


_COMMON = frozenset({"my", "the", "a", "an", "first", "then", "ice", "maybe", "shower", "music", "call", "walk"})
_NO_STEP = r"(?:yes|yeah|no|okay|ok|sure|right|probably|maybe|good|fine|i don't know|not sure|um|uh|nothing|huh)\W*$"
_URGENT = "!"
_EMERGENCY = re.compile(
    r"\b(?:emergency (?:room|department)|911|nine one one|nine eight eight|988|crisis line|999)\b", re.IGNORECASE
)
_HAVE = re.compile(r"\b(?:do you have|are there|is there|any (?:guns?|pills?|other)|have you)\b", re.IGNORECASE)
_WHERE = re.compile(
    r"\bwhat (?:about|do we do with|will you do with) (?:the|your|those) (?:\w+ )?"
    r"(?:pills?|medicines?|medications?|guns?|blades?|razors?|knives|rope)\b",
    re.IGNORECASE,
)
_LETS = re.compile(
    r"\b(?:would|could|can|will) you (?:let|have|ask) (?:him|her|them|your [\w-]+|[A-Z]\w+) (?:to )?"
    r"(?:take|hold|keep|lock|store|hang on to) (?:it|them|that|those)\b",
    re.IGNORECASE,
)
_THING = re.compile(
    r"\b(?:rifles?|shotguns?|pistols?|pills?|medicines?|medications?|guns?|firearms?|blades?|razors?|knives|knife|bottles?|tablets?|rope)\b",
    re.IGNORECASE,
)
_KEEPS = re.compile(r"\b(?:give|hand|lock|throw|put|flush|get rid|bring|leave|take)\b", re.IGNORECASE)
_TIME = re.compile(
    r"\W*(?:tonight|today|tomorrow(?: \w+)?|right (?:now|after \w+)|this (?:afternoon|evening)|after \w+)\W*",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:and |then |so |well,? |okay,? |yes[,.]? |yeah[,.]? |um,? |first,? |probably |maybe |no,? |or )*"
    r"(?:I guess,? )?(?:(?:I|we)(?:'d|'ll| would| will| can| could|'m going to)? )?(?:probably |just |always )*",
    re.IGNORECASE,
)
_STEP_VERBS = frozenset(
    {"call", "phone", "text", "tell", "talk", "go", "wake", "reach", "use", "walk", "take", "leave", "give", "hand",
     "ask", "drive", "get", "listen", "breathe", "put", "hold", "write", "read", "run", "come", "message", "find",
     "stay", "sit", "play", "watch", "lock", "distract", "do", "look", "ring", "page", "drink", "wait", "pray",
     "shower"}
)  # fmt: skip
_DANGER = Cues(
    (
        "suicid~",
        "kill~ yourself|myself",
        "end~ your|my life",
        "dead|die|dying",
        "hurt~|harm~ yourself|myself",
        "not be alive|here",
        "not want~ to be alive|here",
        "wake up",
        "cut~ myself|yourself",
        "safety|crisis plan",
        "gun|firearm|rifle|pistol|shotgun|weapon",
        "not|n't worth live|living",
        "exist",
        "wish",
        "urge~ to cut|hurt|die",
        "self harm~|injur~",
        "self_harm~|self-harm~|cutting",
    )
)
_SIGNS = Cues(
    (
        "warning sign",
        "what|how * sign|know|tell * get|getting|gets|worse|bad|coming|crisis",
        "sign * get|getting worse|bad",
    )
)
_CRISIS = Cues(
    (
        "if * come|came back|get|gets|got worse|strong|stronger|bad|more|stay|stays",
        "if * wish|thought|sentence|urge * back|stronger|do",
        "if * urge|thought|wish * hit|hits|reach|reaches|come|comes|return|returns",
        "what * do|would_you_do * instead|then|if",
        "what can|could|will|would you do by|on yourself|your_own",
        "who * tell|call|go|reach|turn|wake|talk",
        "if that ever come|came back",
        "what will you do",
        "and if|when it be|'s a? # or|more",
        "more than you can handle|take",
    )
)
_STEP = Cues(("first|second|third|next thing|step", "^ second|third|and_then", "what else * do|help|could", "who else"))
_MEANS = Cues(
    (
        (
            "medicine|pill|medication|gun|firearm|blade|razor|knife|tylenol|weapon|bottle ** lock|locked|safe|"
            "out_of|away|"
            "remove|hold|store|stay|keep|hand"
        ),
        "lock~ up|away|box|safe",
        "give|hand|take * blade|razor|pill|gun|bottle|knife|medicine|medication",
        "stay there",
        "hand * over",
    )
)
