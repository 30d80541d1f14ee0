"""What comes next, as it was agreed: tasks, appointments, referrals, calls, medication changes, safety steps.

Takes utterances, gives points. The phrases are data (`data/arrangements.toml`). What was offered and not taken up is no
plan; what was refused is written as declined; of a time that changed in the talk the last word stands.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from trellis.scribe.assign import Words, assign
from trellis.scribe.cues import Cues, Line, lines
from trellis.scribe.points import Point, Utterance, quote
from trellis.scribe.prescribe import prescribe
from trellis.scribe.refer import coordinate, refer
from trellis.scribe.schedule import schedule
from trellis.scribe.swap import swap

STEPS = 6
"""Lines after a question about a crisis in which the client's words are steps of the safety plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrangements:
    """The phrases of `data/arrangements.toml`, ready to be looked for."""

    words: Words
    meetings: Cues
    not_meetings: Cues
    referrals: Cues
    referees: re.Pattern[str]
    contacts: frozenset[str]
    drugs: re.Pattern[str]
    changes: Mapping[str, re.Pattern[str]]


@cache
def arrangements() -> Arrangements:
    """The data, read once."""
    table = tomllib.loads(
        resources.files("trellis.scribe").joinpath("data/arrangements.toml").read_text(encoding="utf-8")
    )
    medication = table["medication"]
    return Arrangements(
        words=Words(
            plan_questions=Cues(table["plan_questions"]),
            commits=Cues(table["commits"]),
            assigns=Cues(table["assigns"]),
            no_plan=Cues(table["no_plan"]),
            frames=Cues(table["frames"]),
            home=frozenset(table["home_verbs"].split()),
            room=frozenset(table["room_verbs"].split()),
        ),
        meetings=Cues(table["meetings"]),
        not_meetings=Cues(table["not_meetings"]),
        referrals=Cues(table["referrals"]),
        referees=re.compile(rf"\b(?:{table['referees']})\b", re.IGNORECASE),
        contacts=frozenset(table["contacts"].split()) | {"follow up", "reach out", "check in"},
        drugs=re.compile(rf"\b(?:{medication['names']})\b"),
        changes={name: re.compile(rf"\b(?:{said})") for name, said in medication["changes"].items()},
    )


def arrange(utterances: Sequence[Utterance]) -> tuple[Point, ...]:
    """Everything agreed for the time after the session, in the order it was said."""
    said, data = lines(utterances), arrangements()
    steps = _safety_steps(said)
    changes = prescribe(said, data.drugs, data.changes)
    others = refer(said, data.referrals, data.referees) + coordinate(said, data.contacts)
    meetings = schedule(said, data.meetings, data.not_meetings)
    taken = {one.quote for point in (*steps, *changes, *others, *meetings) for one in point.evidence[:1]}
    tasks = [point for point in assign(said, data.words) if point.evidence[0].quote not in taken]
    points = [*tasks, *steps, *changes, *others, *meetings]
    return tuple(sorted(points, key=lambda point: point.evidence[0].turn or 0))


def _safety_steps(said: Sequence[Line]) -> list[Point]:
    """What the client would do in a crisis, whom they would tell, and what is to be kept out of reach."""
    points: list[Point] = []
    steps: dict[int, list[tuple[str, Line]]] = {}
    asked, danger = -STEPS - 1, -DANGER_REACH - 1
    for at, line in enumerate(said):
        if _DANGER.find(line):
            danger = at
        if line.role == "clinician":
            if at - danger <= DANGER_REACH and line.asks and (_CRISIS.find(line) or _STEP.find(line)):
                asked = at
            elif line.asks:
                asked = -STEPS - 1
            if _MEANS.find(line) and not line.asks and at - danger <= DANGER_REACH:
                points.append(_means(line))
        elif at - asked <= STEPS and line.role == "client" and not line.asks and (step := _step(line)):
            steps.setdefault(asked, []).append((step, line))
    return points + [_steps_point(said[question], found) for question, found in steps.items()]


def _steps_point(question: Line, found: Sequence[tuple[str, Line]]) -> Point:
    first, *rest = dict.fromkeys(step for step, _ in found)
    body = first if not rest else f"{', '.join([first, *rest[:-1]])} and {rest[-1]}"
    return Point(
        topic="safety_plan",
        text=f"Safety plan, if thoughts return or worsen: Client would {body}.",
        evidence=(*(quote(line.utterance) for _, line in found), quote(question.utterance)),
        weight=0.85,
    )


def _means(line: Line) -> Point:
    return Point(
        topic="safety_plan",
        text=f"On access to means, Clinician said: “{line.utterance.text.strip(' .')}.”",
        evidence=(quote(line.utterance),),
        weight=0.85,
    )


def _step(line: Line) -> str:
    """The step from its verb on ("I'd call my sister" -> "call their sister"); empty where it is none."""
    body = _LEAD.sub("", line.utterance.text.strip().replace("’", "'"))
    body = re.split(r"[.!?;]", body)[0]
    words = body.split()
    if not 2 <= len(words) <= 20 or words[0].lower().strip(",") not in _STEP_VERBS:
        return ""
    return swap(body[0].lower() + body[1:], "client")


DANGER_REACH = 60
"""Lines after talk of danger in which a question about coming days is about a crisis."""

_LEAD = re.compile(
    r"^(?:and |then |so |well,? |okay,? |um,? |first,? |probably |maybe |no,? |or )*"
    r"(?:I guess,? )?(?:(?:I|we)(?:'d|'ll| would| will| can| could|'m going to)? )?(?:probably |just |always )*",
    re.IGNORECASE,
)
_STEP_VERBS = frozenset(
    {"call", "phone", "text", "tell", "talk", "go", "wake", "reach", "use", "walk", "take", "leave", "give", "hand",
     "ask", "drive", "get", "listen", "breathe", "put", "hold", "write", "read", "run", "come", "message", "find",
     "stay", "sit", "play", "watch", "lock", "distract", "do", "look", "ring", "page", "drink", "wait", "pray"}
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
        "exist",
        "wish",
    )
)
_CRISIS = Cues(
    (
        "if * come|came back|get|gets|got worse|strong|stronger|bad|more|stay|stays",
        "if * wish|thought|sentence|urge * back|stronger|do",
        "what * do|would_you_do * instead|then|if",
        "who * tell|call|go|reach|turn|wake|talk",
        "if that ever come|came back",
        "what will you do",
        "warning sign",
        "and if|when it be|'s a? # or|more",
    )
)
_STEP = Cues(("first|second|third|next thing|step", "^ second|third|and_then", "what else * do|help|could"))
_MEANS = Cues(
    (
        (
            "medicine|pill|medication|gun|firearm|blade|razor|knife|tylenol|weapon * lock|locked|safe|out_of|away|"
            "remove|hold|store|stay"
        ),
        "lock~ up|away|box|safe",
        "stay there",
        "hand * over",
    )
)
