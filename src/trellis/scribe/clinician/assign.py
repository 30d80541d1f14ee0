"""Who does what until next time: tasks the clinician gave and the client took, and what the client undertook themself.

Takes the lines of a session, gives homework and plan points. What was refused is no plan (it is written as declined);
what was only talked of is none either. How firmly the client agreed is read from the answer.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trellis.scribe.clinician.agree import Answer, answer_to
from trellis.scribe.points import Point, quote
from trellis.scribe.words.cues import Cues, Line
from trellis.scribe.words.swap import swap

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
            if _RECAP.search(line.utterance.text) and at > LATE * len(said) and (recap := _recap(said, at, words)):
                points.append(recap)
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
    if not found or _PAST.search(line.utterance.text.lower()) or at < 0.15 * len(said):
        return None
    task = _task(line, found.end())
    verb = task.split()[0].lower() if task else ""
    turn = [one for one in said[max(0, at - 3) : at + 4] if one.turn == line.turn]
    framed = any(words.frames.find(one) for one in turn)
    if not verb or verb not in words.home or (verb in words.room and not framed) or _is_vague(task):
        return None
    called = found.group().strip().startswith("homework/")
    if not (framed or called) and not _HOME.search(" ".join(one.utterance.text.lower() for one in turn)):
        return None
    answer, ground = answer_to(said, at)
    body = swap(task, "clinician")
    body = re.sub(r"\bClient's\b", "their", body)
    if any(one.role == "other" or ":" in one.utterance.turn.speaker for one in said):
        agreed = {"yes": "agreed", "tentative": "agreed with reserve"}.get(answer, "assigned")
        return _assigned(f"Homework {agreed}: {body}.", [line] if ground is None else [line, ground], answer)
    text = {
        "yes": f"Client agreed to {body}.",
        "tentative": f"Client tentatively agreed to {body}.",
        "no": f"Client declined to {body}.",
        "unheard": f"Clinician asked Client to {body}.",
    }[answer]
    return _assigned(text, [line] if ground is None else [line, ground], answer)


def _assigned(text: str, ground: Sequence[Line], answer: Answer) -> Point:
    return Point(
        topic="homework",
        text=text,
        evidence=tuple(quote(one.utterance) for one in ground),
        weight=_WEIGHTS[answer],
    )


def _own(said: Sequence[Line], at: int, words: Words, *, answers: bool, named: bool) -> Point | None:
    """What the client undertook, in their own words; `named` where the question was for the plan by that word."""
    line = said[at]
    text = line.utterance.text
    if words.no_plan.find(line) or _PAST.search(text.lower()) or _IF.match(text.lower()):
        return None
    found = words.commits.find(line)
    start = found.end() if found else 0
    task = _task(line, start) if found else _bare(line, words)
    if not task and named and (habit := _HABIT.match(text)):
        task = _clean(habit["task"])
    if not task or len(task.split()) < 2 or _is_vague(task):
        return None
    verb = task.split()[0].lower()
    taken_up = _taken_up(said, at)
    if verb not in words.home or (verb in words.room and not (words.frames.find(line) or taken_up)):
        return None
    firm = bool(found and re.search(r"\b(?:will|going|gonna|promise|plan)/|/will |/go ", found.group()))
    if any(_BACK.search(one.utterance.text.lower()) and verb in one.words for one in _rest(said, at)):
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
    names = {token.text for token in before.utterance.parse.tokens if token.tag == "NNP"} if before else set()
    if before is None or len(names) != 1 or not re.search(r"\b(?:him|her)\b(?! \w+s?\b(?<!to))", task):
        return task, None
    return re.sub(r"\b(?:him|her)\b", names.pop(), task, count=1), before


def _bare(line: Line, words: Words) -> str:
    """A fragment that begins with its verb ("Keep the three walks."), as answers to questions for a plan do."""
    tokens = [token for token in line.utterance.parse.tokens if token.text.strip()]
    if tokens and tokens[0].tag in ("VB", "VBP") and tokens[0].dep in ("ROOT", "conj", "dep", "ccomp", "xcomp"):
        return _clean(line.utterance.text)
    if len(line.words) > 1 and line.words[0] in words.home and _OBJECT.match(line.words[1]):
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


def _recap(said: Sequence[Line], at: int, words: Words) -> Point | None:
    """The clinician's own list of what was agreed: things or tasks, unless it is called the plan."""
    line = said[at]
    more = [line]
    for one in _rest(said, at):
        if not re.match(r"(?:and|plus|also)\b", one.utterance.text) or one.asks:
            break
        more.append(one)
    text = ", ".join(one.utterance.text.strip(" .,") for one in more)
    found = _RECAP.search(text)
    if not found or line.asks:
        return None
    rest = re.sub(r"^to (?:recap|sum up|summari[sz]e)[:,]?\s*", "", text[found.end() :], flags=re.IGNORECASE)
    body = re.sub(r"\bClient's\b", "their", swap(rest, "clinician"))
    if not 3 <= len(body.split()) <= 40 or _CLAUSE.match(body):
        return None
    named = rest != text[found.end() :] or re.search(r"plan|agree|recap|sum", found.group(), re.IGNORECASE)
    told = any(token.dep in ("nsubj", "nsubjpass", "csubj") for token in line.utterance.parse.tokens)
    tasks = body.split()[0].lower().strip(",") in words.home - words.room and not told
    if not (named or tasks) and (told or body.count(",") < 2 or body.lower().startswith(("even ", "maybe ", "like "))):
        return None
    return Point(
        topic="plan",
        text=f"Plan agreed: {body[0].lower() + body[1:]}.",
        evidence=tuple(quote(one.utterance) for one in more),
        weight=0.8,
        key="plan.recap",
    )


def told_once(points: Sequence[Point]) -> list[Point]:
    """The tasks without the clinician's summing up where it adds nothing, or without those it says in full."""
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


def _content(text: str) -> frozenset[str]:
    """What a task is about, in stems."""
    return frozenset(word[:5] for word in re.findall(r"[a-z']{3,}|\d+", text.lower()) if word not in _SMALL)


def _is_vague(task: str) -> bool:
    """A verb with nothing that says what: "do it", "try that", "do two"."""
    return _VAGUE.fullmatch(task.strip(" .")) is not None


def _lowered(time: str) -> str:
    """A time inside a sentence: days of the week keep their capital."""
    return time if re.match(r"\w+day\b", time) and not time.startswith("Today") else time[:1].lower() + time[1:]


def _when(said: Sequence[Line], at: int) -> Line | None:
    """The answer to "When?", where it was asked of the task just named."""
    after = [one for one in said[at + 1 : at + 5] if one.turn > said[at].turn]
    if len(after) < 2 or after[0].role != "clinician" or not _ASKS_WHEN.match(after[0].utterance.text.lower()):
        return None
    answer = next((one for one in after if one.role == "client"), None)
    return answer if answer is not None and len(answer.words) <= 4 and _TIME.search(answer.utterance.text) else None


def _rest(said: Sequence[Line], at: int) -> list[Line]:
    """What the speaker goes on to say in the same turn."""
    return [line for line in said[at + 1 : at + 6] if line.turn == said[at].turn]


def _taken_up(said: Sequence[Line], at: int) -> bool:
    """The clinician's next words take the resolve as one."""
    after = next((one for one in said[at + 1 : at + 5] if one.role == "clinician"), None)
    return after is not None and _WELL.search(after.utterance.text.lower()) is not None


_WEIGHTS: Mapping[Answer, float] = {"yes": 0.85, "tentative": 0.75, "no": 0.5, "unheard": 0.6}
_RECAP = re.compile(
    r"^(?:ok(?:ay)?[,.]? |all right[,.]? |alright[,.]? |great[,.]? )?(?:so\s*[:.,]\s*|so,? (?:(?:here's |that's "
    r")?the plan(?: is)?|you both agree(?:d)?|you(?:'ve| have) (?:both )?agreed(?: on| to)?|"
    r"to (?:recap|sum up|summarize|summarise)|we(?:'ve| have)? agreed(?: on)?|we have|you(?:'re|"
    r" are) going to|for (?:this|next) week)[:,]?\s*|to (?:recap|sum up|summarize|summarise)[:,]?\s*|"
    r"the plan is[:,]?\s*|so,? (?=[a-z]+ (?:your|the|that|down|two|three|a)\b))",
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
_VAGUE = re.compile(
    r"(?:(?:try|do|take|keep|use|make|get|give|have|see|put|look|say|go|talk|think)(?: to)?(?: (?:do|try))?"
    r"(?: (?:it|that|this|those|them|one|two|three|some|something|more|so|home|there|back|with|at|about|on|"
    r"through|again))+"
    r"|make (?:an|the|another) appointment\b.*)",
    re.IGNORECASE,
)
_ASKS_WHEN = re.compile(r"(?:and |so )?when\b")
_TIME = re.compile(
    r"\b(?:\w+day|tonight|tomorrow|today|morning|afternoon|evening|night|weekend|week|after \w+|before \w+|at \w+)\b",
    re.IGNORECASE,
)
_SMALL = frozenset(
    {"client", "clinician", "agreed", "tentatively", "plans", "plan", "wants", "and", "the", "their", "for", "with",
     "this", "that", "then", "from", "before", "next", "session", "also", "new", "one", "homework", "keep", "them",
     "her", "his"}
)  # fmt: skip
_OBJECT = re.compile(r"(?:a|an|the|my|our|two|three|four|five|around|with|to|on|at|for|no)$")
