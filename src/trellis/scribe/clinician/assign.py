"""Who does what until next time: tasks the clinician gave and the client took, and what the client undertook themself.

Takes the lines of a session, gives homework and plan points. What was refused is no plan (it is written as declined);
what was only talked of is none either. How firmly the client agreed is read from the answer.
"""

import re
from collections.abc import Sequence

from trellis.scribe.clinician.agree import answer_to
from trellis.scribe.clinician.sum_up import (
    LATE,
    RECAPS,
    TIME,
    chosen,
    elliptic,
    recapped,
    rest_of_turn,
    summed,
    told_once,
)
from trellis.scribe.clinician.tasks import PAST, Words, assigned, clean, is_vague
from trellis.scribe.points import Point, quote
from trellis.scribe.saying.things import asks_thought
from trellis.scribe.words.cues import Line
from trellis.scribe.words.swap import swap

_OFFERS_TO = re.compile(r"\b(?:shall|should|can|could|may) I\b", re.IGNORECASE)
"""Asks what the clinician shall do: what is answered with a bare verb is theirs to do."""
REACH = 8
"""Lines after a question for the plan in which the client's words are its answer."""


def assign(said: Sequence[Line], words: Words) -> list[Point]:
    """Tasks given, resolves made, and the clinician's own summing up, in the order they were said."""
    asked = -REACH - 1
    points: list[Point] = []
    for at, line in enumerate(said):
        if line.role == "clinician":
            if at > LATE * len(said) and (point := summed(said, at, words) or elliptic(said, at) or chosen(said, at)):
                points.append(point)
                continue
            if RECAPS.search(line.utterance.text) and at > LATE * len(said) and (told := recapped(said, at, words)):
                points.append(told)
                continue
            if words.plan_questions.find(line) and line.asks and not _BEFORE.search(line.utterance.text.lower()):
                asked = at
            elif (given := _given(said, at, words)) is not None:
                points.append(given)
        elif line.role == "client" and not line.asks:
            answers = at - asked <= REACH
            if answers or at > LATE * len(said):
                named = answers and "plan" in said[asked].vocabulary
                own = _own(said, at, words, answers=answers, named=named)
                if own is not None:
                    points.append(own)
    return told_once(points)


def _given(said: Sequence[Line], at: int, words: Words) -> Point | None:
    """A task the clinician gave, with how it was taken."""
    line = said[at]
    found = words.assigns.find(line)
    if not found or PAST.search(line.utterance.text.lower()) or at < 0.15 * len(said):
        return None
    task = _task(line, found.end())
    verb = task.split()[0].lower() if task else ""
    turn = [one for one in said[max(0, at - 3) : at + 4] if one.turn == line.turn]
    framed = any(words.frames.find(one) for one in turn)
    if not verb or verb not in words.home | {"have"} or (verb in words.room and not framed) or is_vague(task):
        return None
    if found.group().strip() in _LEADS and not _commands(line, task):
        return None
    called = found.group().strip().startswith("homework/")
    late = at > LATE * len(said) and verb in words.sure and answer_to(said, at)[0] in ("yes", "tentative")
    if not (framed or called or late) and not _HOME.search(" ".join(one.utterance.text.lower() for one in turn)):
        return None
    answer, ground = answer_to(said, at)
    body = swap(task, "clinician")
    body = re.sub(r"\bClient's\b", "their", body)
    if any(one.role == "other" or ":" in one.utterance.turn.speaker for one in said):
        agreed = {"yes": "agreed", "tentative": "agreed with reserve"}.get(answer, "assigned")
        return assigned(f"Homework {agreed}: {body}.", [line] if ground is None else [line, ground], answer)
    text = {
        "yes": f"Client agreed to {body}.",
        "tentative": f"Client tentatively agreed to {body}.",
        "no": f"Client declined to {body}.",
        "unheard": f"Clinician asked Client to {body}.",
    }[answer]
    return assigned(text, [line] if ground is None else [line, ground], answer)


def _commands(line: Line, task: str) -> bool:
    """Whether a sentence that only leads in with "and" or "so" tells somebody what to do."""
    first = task.split(maxsplit=1)[0].lower() if task else ""
    verb = next((token for token in line.utterance.parse.tokens if token.text.lower() == first), None)
    return not line.asks and verb is not None and verb.tag in ("VB", "VBP") and not _OTHERWISE.match(task)


def _own(said: Sequence[Line], at: int, words: Words, *, answers: bool, named: bool) -> Point | None:
    """What the client undertook, in their own words; `named` where the question was for the plan by that word."""
    line = said[at]
    text = line.utterance.text
    if words.no_plan.find(line) or PAST.search(text.lower()) or _IF.match(text.lower()):
        return None
    found = words.commits.find(line)
    start = found.end() if found else 0
    task = _task(line, start) if found else _bare(line, words)
    if not task and named and (habit := _HABIT.match(text)):
        task = clean(habit["task"])
    if not task or len(task.split()) < 2 or is_vague(task):
        return None
    verb = task.split()[0].lower()
    taken_up = _taken_up(said, at)
    if verb not in words.home or (verb in words.room and not (words.frames.find(line) or taken_up)):
        return None
    firm = bool(found and re.search(r"\b(?:will|going|gonna|promise|plan)/|/will |/go ", found.group()))
    if any(_BACK.search(one.utterance.text.lower()) and verb in one.words for one in rest_of_turn(said, at)):
        return None  # taken back in the next breath
    if not answers and not (firm and (words.frames.find(line) or taken_up)):
        return None
    hedged = bool(re.search(r"\b(?:might|could|maybe|guess|probably|try|possibly)\b", text.lower()))
    when = _when(said, at)
    who, named_in = _named(said, at, task)
    body = swap(who, "client") + (f" {_lowered(when.utterance.text.strip(' .,!'))}" if when else "")
    reserve = "tentatively plans" if hedged else "plans" if firm or not found else "wants"
    evidence = [quote(line.utterance)]
    question = next((one for one in reversed(said[max(0, at - REACH) : at]) if one.role == "clinician"), None)
    if question is not None and asks_thought(question.utterance):
        return None
    if not found and question is not None and _OFFERS_TO.search(question.utterance.text):
        return None
    if named_in is not None:
        evidence.append(quote(named_in.utterance))
    if when is not None:
        evidence.append(quote(when.utterance))
    if answers and question is not None:
        evidence.append(quote(question.utterance))
    return Point(
        topic="plan" if not words.frames.find(line) else "homework",
        text=f"Client {reserve} to {body}.",
        evidence=tuple(evidence),
        weight=0.65 if hedged else 0.75,
    )


def _named(said: Sequence[Line], at: int, task: str) -> tuple[str, Line | None]:
    """The task with the name the speaker gave in the sentence before for "him" or "her", where there is only one."""
    before = said[at - 1] if at and said[at - 1].turn == said[at].turn else None
    if before is None:
        return _asked_of(said, at, task)
    names = {token.text for token in before.utterance.parse.tokens if token.tag == "NNP"} if before else set()
    if before is None or len(names) != 1 or not re.search(r"\b(?:him|her)\b(?! \w+s?\b(?<!to))", task):
        return task, None
    return re.sub(r"\b(?:him|her)\b", names.pop(), task, count=1), before


def _asked_of(said: Sequence[Line], at: int, task: str) -> tuple[str, Line | None]:
    """The task with the one person the question before it named for "him" or "her"."""
    asked = [one for one in said[max(0, at - 3) : at] if one.role == "clinician" and one.turn == said[at].turn - 1]
    names = {(token.text, one) for one in asked for token in one.utterance.parse.tokens if token.tag == "NNP"}
    kin = {(f"my {found}", one) for one in asked for found in _KIN.findall(one.utterance.text)}
    people = names | kin
    if len(people) != 1 or not _HIM.search(task):
        return task, None
    name, line = people.pop()
    return _HIM.sub(name, task, count=1), line


def _bare(line: Line, words: Words) -> str:
    """A fragment that begins with its verb ("Keep the three walks."), as answers to questions for a plan do."""
    tokens = [token for token in line.utterance.parse.tokens if token.text.strip()]
    if tokens and tokens[0].tag in ("VB", "VBP") and tokens[0].dep in ("ROOT", "conj", "dep", "ccomp", "xcomp"):
        return clean(line.utterance.text)
    if len(line.words) > 1 and line.words[0] in words.home and _OBJECT.match(line.words[1]):
        return clean(line.utterance.text)
    return ""


def _task(line: Line, end: int) -> str:
    """The words after a cue, from the first of them that is a verb, as they stand in the turn."""
    done = line.text[:end].count(" ") - 1  # words before the task
    rest = [word for word in line.text.split(" ") if word][done:]
    if len(rest) > 2 and rest[0].startswith("do/") and rest[1].endswith("/be"):
        rest = rest[2:]  # "what I'd like you to do is to …"
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
                return clean(text[place:])
    return ""


def _lowered(time: str) -> str:
    """A time inside a sentence: days of the week keep their capital."""
    return time if re.match(r"\w+day\b", time) and not time.startswith("Today") else time[:1].lower() + time[1:]


def _when(said: Sequence[Line], at: int) -> Line | None:
    """The answer to "When?", where it was asked of the task just named."""
    after = [one for one in said[at + 1 : at + 5] if one.turn > said[at].turn]
    if len(after) < 2 or after[0].role != "clinician" or not _ASKS_WHEN.match(after[0].utterance.text.lower()):
        return None
    answer = next((one for one in after if one.role == "client"), None)
    return answer if answer is not None and len(answer.words) <= 4 and TIME.search(answer.utterance.text) else None


def _taken_up(said: Sequence[Line], at: int) -> bool:
    """The clinician's next words take the resolve as one."""
    after = next((one for one in said[at + 1 : at + 5] if one.role == "clinician"), None)
    return after is not None and _WELL.search(after.utterance.text.lower()) is not None


_LEADS = frozenset({"and/and", "so/so", "then/then", "also/also", "right/right", "good/good"})
_OTHERWISE = re.compile(
    r"\w+ (?:you|i|we|he|she|they|it|that|this|there|of|in|is|are|was|were|would|will|can)\b", re.IGNORECASE
)
_BEFORE = re.compile(rf"{PAST.pattern}|\b(?:did|was|were|had|been)\b")
_HIM = re.compile(r"\b(?:him|her)\b(?! \w+s?\b(?<!to)(?<!for)(?<!on)(?<!at)(?<!that)(?<!we're))")
_KIN = re.compile(
    r"\byour (brother|sister|mother|mom|father|dad|husband|wife|partner|boyfriend|girlfriend|son|daughter|boss|friend|"
    r"sponsor|cousin|aunt|uncle|roommate)\b",
    re.IGNORECASE,
)
_HABIT = re.compile(r"(?:and |then |so )*I (?P<task>(?!am\b|was\b|have\b|don)[a-z]+ .+)", re.IGNORECASE)
_BACK = re.compile(r"\bnot (?:going|gonna)\b|\bwon't\b")
_IF = re.compile(r"(?:and |but )?(?:if|when|even if|unless)\b")
_HOME = re.compile(
    r"\b(?:homework|between (?:now|sessions)|at home|this week|every (?:day|night|morning)|each (?:day|night)|"
    r"before (?:next|our|we|i see)|until (?:next|we|i))\b"
)
_WELL = re.compile(
    r"\b(?:good|great|excellent|perfect|sounds like a plan|that's a plan|wonderful|i (?:like|love) that|deal|"
    r"nice|awesome|fantastic|fair enough|i'll take it|brave|so you'll|so you're going to|so you will)\b"
)
_ASKS_WHEN = re.compile(r"(?:and |so )?when\b")
_OBJECT = re.compile(r"(?:a|an|the|my|our|two|three|four|five|around|with|to|on|at|for|no)$")
