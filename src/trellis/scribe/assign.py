"""Who does what until next time: tasks the clinician gave and the client took, and what the client undertook themself.

Takes the lines of a session, gives homework and plan points. What was refused is no plan (it is written as declined);
what was only talked of is none either. How firmly the client agreed is read from the answer.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trellis.scribe.agree import Answer, answer_to
from trellis.scribe.cues import Cues, Line
from trellis.scribe.points import Point, quote
from trellis.scribe.swap import swap

LATE = 0.55
"""Share of the session after which a client's own resolve counts as a plan without having been asked for."""

REACH = 8
"""Lines after a question for the plan in which the client's words are its answer."""

LONGEST = 24
"""Words of a task a note repeats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The phrases of `data/arrangements.toml` that tasks are known by."""

    plan_questions: Cues
    commits: Cues
    assigns: Cues
    no_plan: Cues
    frames: Cues
    home: frozenset[str]
    room: frozenset[str]


def assign(said: Sequence[Line], words: Words) -> list[Point]:
    """Tasks given, resolves made, and the clinician's own summing up, in the order they were said."""
    asked = -REACH - 1
    points: list[Point] = []
    for at, line in enumerate(said):
        if line.role == "clinician":
            if _RECAP.search(line.utterance.text) and at > LATE * len(said) and (recap := _recap(line)):
                points.append(recap)
                continue
            if words.plan_questions.find(line) and line.asks and not _BEFORE.search(line.utterance.text.lower()):
                asked = at
            elif (given := _given(said, at, words) or _advised(said, at)) is not None:
                points.append(given)
        elif line.role == "client" and not line.asks:
            answers = at - asked <= REACH
            if answers or at > LATE * len(said):
                named = answers and "plan" in said[asked].vocabulary
                own = _own(said, at, words, answers=answers, named=named)
                if own is not None:
                    points.append(own)
    return points


def _given(said: Sequence[Line], at: int, words: Words) -> Point | None:
    """A task the clinician gave, with how it was taken."""
    line = said[at]
    found = words.assigns.find(line)
    if not found or _PAST.search(line.utterance.text.lower()) or at < 0.15 * len(said):
        return None
    task = _task(line, found.end())
    verb = task.split()[0].lower() if task else ""
    turn = [one for one in said[max(0, at - 3) : at + 4] if one.turn == line.turn]
    framed = any(words.frames.find(one) for one in turn)
    if not verb or verb not in words.home or (verb in words.room and not framed):
        return None
    if not framed and not _HOME.search(" ".join(one.utterance.text.lower() for one in turn)):
        return None
    answer, ground = answer_to(said, at)
    body = swap(task, "clinician")
    body = re.sub(r"\bClient's\b", "their", body)
    text = {
        "yes": f"Client agreed to {body}.",
        "tentative": f"Client tentatively agreed to {body}.",
        "no": f"Client declined to {body}.",
        "unheard": f"Clinician asked Client to {body}.",
    }[answer]
    return Point(
        topic="homework",
        text=text,
        evidence=tuple(quote(one.utterance) for one in ([line] if ground is None else [line, ground])),
        weight=_WEIGHTS[answer],
    )


def _advised(said: Sequence[Line], at: int) -> Point | None:
    """Advice for home that binds nobody to a task, and when to come back or get help."""
    line = said[at]
    found = _ADVISES.search(line.utterance.text) or _RETURNS.search(line.utterance.text)
    if line.asks or not found or _PAST.search(line.utterance.text.lower()) or at < 0.3 * len(said):
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
    )


def _own(said: Sequence[Line], at: int, words: Words, *, answers: bool, named: bool) -> Point | None:
    """What the client undertook, in their own words; `named` where the question was for the plan by that word."""
    line = said[at]
    text = line.utterance.text
    if words.no_plan.find(line) or _PAST.search(text.lower()) or _IF.match(text.lower()):
        return None
    found = words.commits.find(line)
    start = found.end() if found else 0
    task = _task(line, start) if found else _bare(line)
    if not task and named and (habit := _HABIT.match(text)):
        task = _clean(habit["task"])
    if not task or len(task.split()) < 2:
        return None
    verb = task.split()[0].lower()
    if verb not in words.home or (verb in words.room and not words.frames.find(line)):
        return None
    firm = bool(found and re.search(r"\b(?:will|going|gonna|promise|plan)/|/will |/go ", found.group()))
    if any(_BACK.search(one.utterance.text.lower()) and verb in one.words for one in _rest(said, at)):
        return None  # taken back in the next breath
    if not answers and not (firm and (words.frames.find(line) or _taken_up(said, at))):
        return None
    hedged = bool(re.search(r"\b(?:might|could|maybe|guess|probably|try|possibly)\b", text.lower()))
    body = swap(task, "client")
    reserve = "tentatively plans" if hedged else "plans" if firm or not found else "wants"
    evidence = [quote(line.utterance)]
    question = next((one for one in reversed(said[max(0, at - REACH) : at]) if one.role == "clinician"), None)
    if answers and question is not None:
        evidence.append(quote(question.utterance))
    return Point(
        topic="plan" if not words.frames.find(line) else "homework",
        text=f"Client {reserve} to {body}.",
        evidence=tuple(evidence),
        weight=0.65 if hedged else 0.75,
    )


def _bare(line: Line) -> str:
    """A fragment that begins with its verb ("Keep the three walks."), as answers to questions for a plan do."""
    tokens = [token for token in line.utterance.parse.tokens if token.text.strip()]
    if tokens and tokens[0].tag in ("VB", "VBP") and tokens[0].dep in ("ROOT", "conj", "dep", "ccomp", "xcomp"):
        return _clean(line.utterance.text)
    return ""


def _task(line: Line, end: int) -> str:
    """The words after a cue, from the first of them that is a verb, as they stand in the turn."""
    done = line.text[:end].count(" ") - 1  # words before the task
    rest = [word for word in line.text.split(" ") if word][done:]
    while rest and rest[0].split("/")[0] in (
        "to",
        "also",
        "then",
        "both",
        "probably",
        "please",
        "maybe",
        "definitely",
        "and",
        "go",
        "try",
    ):
        if rest[0].startswith(("go/", "try/")) and not (
            len(rest) > 1 and rest[1].split("/")[0] in ("to", "and", "ahead")
        ):
            break
        rest = rest[1:]
    if not rest:
        return ""
    first = rest[0].split("/")[0]
    text = line.utterance.text
    places = [match.start() for match in re.finditer(rf"\b{re.escape(first)}", text, re.IGNORECASE)]
    tail = " ".join(word.split("/")[0] for word in rest[:3])
    for place in places:
        if re.sub(r"[^\w\s']", "", text[place:].lower()).startswith(tail[: max(len(first), 3)]) and place >= 0:
            plain = re.sub(r"[^\w\s]", "", text[place:].lower()).split()
            if len(plain) <= len(rest) + 3:
                return _clean(text[place:])
    return ""


def _clean(text: str) -> str:
    text = text.strip()
    text = text[:1].lower() + text[1:] if not text.startswith("I ") else text
    body = re.split(
        r"(?:,? (?:because|since|cause|so that|but|if that's|does that|is that|would that|you know)\b|[.!?;]|--|—)",
        text.strip(),
    )[0]
    body = re.sub(r",? (?:okay|ok|right|please|I guess|I think)$", "", body.strip(" ,-–"), flags=re.IGNORECASE)
    return " ".join(body.split()[:LONGEST]) if len(body.split()) <= LONGEST + 8 else ""


def _recap(line: Line) -> Point | None:
    """The clinician's own list of what was agreed: things, not sentences, unless it is called the plan."""
    text = line.utterance.text
    found = _RECAP.search(text)
    if not found or line.asks:
        return None
    body = swap(text[found.end() :], "clinician")
    if not 3 <= len(body.split()) <= 40 or _CLAUSE.match(body):
        return None
    named = re.search(r"plan|agreed|recap|sum", found.group(), re.IGNORECASE)
    told = any(token.dep in ("nsubj", "nsubjpass", "csubj") for token in line.utterance.parse.tokens)
    if not named and (told or body.count(",") < 2 or body.lower().startswith(("even ", "maybe ", "like "))):
        return None
    return Point(
        topic="plan", text=f"Plan agreed: {body[0].lower() + body[1:]}.", evidence=(quote(line.utterance),), weight=0.8
    )


def _rest(said: Sequence[Line], at: int) -> list[Line]:
    """What the speaker goes on to say in the same turn."""
    return [line for line in said[at + 1 : at + 6] if line.turn == said[at].turn]


def _taken_up(said: Sequence[Line], at: int) -> bool:
    """The clinician's next words take the resolve as one."""
    after = next((one for one in said[at + 1 : at + 5] if one.role == "clinician"), None)
    return after is not None and _WELL.search(after.utterance.text.lower()) is not None


_WEIGHTS: Mapping[Answer, float] = {"yes": 0.85, "tentative": 0.75, "no": 0.5, "unheard": 0.6}
_RECAP = re.compile(
    r"^(?:ok(?:ay)?[,.]? |all right[,.]? |alright[,.]? |great[,.]? )?(?:so\s*[:.,]\s*|so,? (?:the plan is|"
    r"to (?:recap|sum up|summarize|summarise)|we(?:'ve| have)? agreed(?: on)?|we have|you(?:'re|"
    r" are) going to|for (?:this|next) week)[:,]?\s*|to (?:recap|sum up|summarize|summarise)[:,]?\s*|"
    r"the plan is[:,]?\s*)",
    re.IGNORECASE,
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
_CLAUSE = re.compile(
    r"(?:client|clinician|you|i|it|that|this|there|he|she|they|we|what|how|do|does|is|are|was|were|have|for where|"
    r"okay|well|really|when|if|because|then|yeah|um|uh|here)\b",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:last (?:time|week|session)|yesterday|used to|ago|back then|did you|have you|were you|had to|already)\b"
)
_BEFORE = re.compile(rf"{_PAST.pattern}|\b(?:did|was|were|had|been)\b")
_HABIT = re.compile(r"(?:and |then |so )*I (?P<task>(?!am\b|was\b|have\b|don)[a-z]+ .+)", re.IGNORECASE)
_BACK = re.compile(r"\bnot (?:going|gonna)\b|\bwon't\b")
_IF = re.compile(r"(?:and |but )?(?:if|when|even if|unless)\b")
_HOME = re.compile(
    r"\b(?:homework|between (?:now|sessions)|at home|this week|every (?:day|night|morning)|each (?:day|night)|"
    r"before (?:next|our|we|i see)|until (?:next|we|i))\b"
)
_WELL = re.compile(
    r"\b(?:good|great|excellent|perfect|sounds like a plan|that's a plan|wonderful|i (?:like|love) that|deal|"
    r"nice|awesome|fantastic|fair enough|i'll take it|brave)\b"
)
