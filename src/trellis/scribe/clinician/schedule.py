"""When the next meetings are, as agreed: the last word on day and hour stands.

Takes the lines of a session, gives appointment points: the next one with this clinician, and those with others that
were spoken of. Times are repeated as said.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from trellis.scribe.clinician.agree import answer_to
from trellis.scribe.points import Point, quote
from trellis.scribe.words.cues import Cues, Line
from trellis.scribe.words.dates import when_said

REACH = 10
"""Lines after a proposal in which another time can still replace it."""


CLOSING = 0.8
"""Share of the session after which a day with its hour, said by the clinician, is the next meeting."""


@dataclass(slots=True)
class _Meeting:
    times: dict[str, str] = field(default_factory=dict)
    ground: list[Line] = field(default_factory=list)
    at: int = -REACH - 1


def schedule(said: Sequence[Line], meetings: Cues, not_meetings: Cues) -> list[Point]:
    """The next appointment as it stands at the end of the talk, and appointments with others."""
    meeting = _Meeting()
    points: list[Point] = []
    for at, line in enumerate(said):
        times = {} if _HOURS.search(line.utterance.text) else when_said(_possible(line.utterance.text))
        times = {kind: phrase for kind, phrase in times.items() if not _HABIT.search(phrase)}
        text = line.utterance.text
        if (
            at - meeting.at <= REACH
            and meeting.times
            and not times.keys() & {"day", "clock"}
            and (other := _OTHER_HOUR.search(text))
        ):
            times = {**times, "clock": f"at {other['hour']}"}
            meeting.times.pop("clock", None)
            meeting.times["day"] = _WITHOUT_HOUR.sub("", meeting.times.get("day", "")) or meeting.times.get("day", "")
            meeting.times = {kind: phrase for kind, phrase in meeting.times.items() if phrase}
        if line.role == "clinician" and (point := _beside(line)):
            points.append(point)
            text = _BESIDE.sub("", text)
            times = when_said(text)
        elsewhere = _OTHERS.search(line.utterance.text)
        if elsewhere and (times or at + 1 < len(said)):
            points += _other(said, at, times, _theirs(elsewhere["who"] or elsewhere["seer"]))
            meeting.at = -REACH - 1  # days in the answer are the other appointment's
            continue
        is_meeting = meetings.find(line) and (not not_meetings.find(line) or _OURS.search(line.utterance.text))
        if is_meeting and not _is_routine(times) and line.role in ("clinician", "client"):
            near = times or (
                when_said(said[at + 1].utterance.text) if at + 1 < len(said) and said[at + 1].turn == line.turn else {}
            )
            # Early talk of days is about the week; an arrangement comes with a day or hour, or from the clinician.
            if (
                near
                and not _ELSEWHERE.search(line.utterance.text)
                and (line.role == "clinician" or _SEE.search(line.utterance.text))
                and (at > 0.4 * len(said) or "interval" in near or "clock" in near)
            ):
                kept = meeting.times if at - meeting.at <= REACH and not _INSTEAD.search(line.utterance.text) else {}
                whole = {**kept, **times} if "day" not in times and "interval" not in times else dict(times)
                meeting = _Meeting(times=whole, ground=[*meeting.ground, line] if kept else [line], at=at)
                continue
            if line.asks and not meeting.times and not near:
                meeting = _Meeting(ground=[line], at=at)
                continue
        if at - meeting.at <= REACH and times and _is_proposal(line) and not _is_routine(times):
            if _INSTEAD.search(line.utterance.text):
                meeting.times.clear()
            if "day" in times and "day" in meeting.times and times["day"].lower() not in meeting.times["day"].lower():
                meeting.times.pop("clock", None)
            longer = {
                kind: phrase for kind, phrase in times.items() if not _says_same(meeting.times.get(kind, ""), phrase)
            }
            meeting.times.update(longer)
            meeting.ground.append(line)
            meeting.at = at if longer else meeting.at
            continue
        if at >= CLOSING * len(said) and _closes(line, text, times):
            meeting = _Meeting(times=dict(times), ground=[line], at=at)
    if meeting.times:
        points.append(_point(said, meeting))
    return points


def _point(said: Sequence[Line], meeting: _Meeting) -> Point:
    answer, ground = answer_to(said, meeting.at)
    clock = meeting.times.get("clock", "")
    day = " ".join(part for part in (meeting.times.get("day", ""), clock) if part)
    day = re.sub(r"^on ", "", re.sub(r"^The ", "the ", day))
    interval = meeting.times.get("interval", "")
    interval = re.sub(r"^(?!next|this|same|every|in)(?=\w+ (?:days?|weeks?|months?)$)", "in ", interval)
    if clock or "day" in meeting.times:
        interval = re.sub(r"^same time ", "", interval, flags=re.IGNORECASE)
    parts = (interval, clock) if "day" not in meeting.times else (day, interval)
    text = ", ".join(part for part in parts if part)
    if text.split()[0] in (
        "In",
        "Every",
        "Next",
        "Same",
        "Once",
        "Twice",
        "Weekly",
        "This",
        "Tomorrow",
        "One",
        "Two",
        "Three",
        "Four",
        "Six",
    ):
        text = text[0].lower() + text[1:]
    lines = list(dict.fromkeys([*meeting.ground, *([ground] if ground else [])]))
    return Point(
        topic="appointment",
        text=f"Next appointment: {text}.",
        evidence=tuple(quote(line.utterance) for line in lines[-4:]),
        weight=0.85,
        key="appointment.next",
        doubts=("Client did not accept this time in words",) if answer == "no" else (),
    )


def _other(said: Sequence[Line], at: int, times: dict[str, str], who: str) -> list[Point]:
    """An appointment with someone else; where the answer gives another day, that one stands and is marked."""
    ground = [said[at]]
    corrected = False
    for line in said[at + 1 : at + 5]:
        later = when_said(line.utterance.text)
        if line.turn != said[at].turn + 1 or not later:
            continue
        corrected = bool(times) and _bare(later.get("day")) != _bare(times.get("day"))
        times, ground = later, [line, said[at]]
        break
    if not times:
        return []
    when = " ".join(times[kind] for kind in ("day", "clock", "interval") if kind in times)
    when = re.sub(r"^The ", "the ", when)
    return [
        Point(
            topic="appointment",
            text=f"Appointment with {who}: {when}.",
            evidence=tuple(quote(line.utterance) for line in ground),
            weight=0.65,
            key=f"appointment.{who.lower()}",
            doubts=("the day was given differently by Clinician and Client",) if corrected else (),
        )
    ]


def _beside(line: Line) -> Point | None:
    """A group or a meeting with the parents arranged in the same breath as the next session."""
    found = _BESIDE.search(line.utterance.text)
    times = when_said(found.group()) if found else {}
    times = {kind: phrase for kind, phrase in times.items() if not _HABIT.search(phrase)}
    if found is None or "day" not in times:
        return None
    what = re.sub(r"\s+", " ", (found["what"] or found["group"]).lower())
    when = " ".join(re.sub(r"^The ", "the ", times[kind]) for kind in ("day", "clock") if kind in times)
    return Point(
        topic="appointment",
        text=f"{what[0].upper()}{what[1:]}: {when}.",
        evidence=(quote(line.utterance),),
        weight=0.65,
        key=f"appointment.{what}",
    )


def _bare(day: str | None) -> str:
    return (day or "").lower().removeprefix("on ")


def _theirs(who: str) -> str:
    return re.sub(r"^(?:your|my)\b", "their", who)


def _closes(line: Line, text: str, times: Mapping[str, str]) -> bool:
    """Whether the clinician names a day and an hour in few words, as one does at the door."""
    whole = "clock" in times and ("day" in times or "interval" in times)
    usual = "interval" in times and _SAME_TIME.search(text)
    return (
        line.role == "clinician"
        and bool(whole or usual)
        and len(text.split()) <= 16
        and not (_PAST.search(text.lower()) or _ELSEWHERE.search(text) or _TASK.search(text) or _is_routine(times))
    )


def _is_proposal(line: Line) -> bool:
    if line.role == "client" and _OWN.search(line.utterance.text):
        return False
    if line.role == "clinician" and _INSTEAD.search(line.utterance.text):
        return True
    return len(line.words) <= 14 and not _PAST.search(line.utterance.text.lower())


def _possible(text: str) -> str:
    """The text without the times that don't suit: "I can't do next week, so let's meet on the nineteenth"."""
    return " ".join(part for part in re.split(r"(?<=[,.;]) |, (?=so |but )", text) if not _CANNOT.search(part)) or text


def _is_routine(times: Mapping[str, str]) -> bool:
    """Days of a habit ("Saturdays"), not of an appointment."""
    return bool(re.search(r"days\b", times.get("day", ""), re.IGNORECASE)) and not times.keys() & {"clock", "interval"}


def _says_same(standing: str, phrase: str) -> bool:
    return phrase.lower().removeprefix("on ") in standing.lower()


_OTHERS = re.compile(
    r"\b(?:appointment|see|seeing|visit|intake|evaluation)(?: is| scheduled)? (?:with )?"
    r"(?P<who>(?:Dr\.?|doctor) [A-Z]\w+|(?:the|my|your) (?:psychiatrist|doctor|gp|ob|dietitian|neurologist|"
    r"lawyer|probation officer))"
    r"|(?P<seer>(?:Dr\.?|[Dd]octor) [A-Z]\w+) (?:sees|is seeing|will see|wants to see|is going to see) you\b"
)
_BESIDE = re.compile(
    r"(?:,? and (?:then )?we \w+ )?(?:should |could |can |will )?(?:have )?(?:a |our |the )?"
    r"(?P<what>(?:parent|family|couples?|team|school) (?:meeting|session))(?! at\b)[^.?!]{0,40}[.?!]?$|"
    r"\b(?:in|at) (?:the )?(?P<group>group) (?:on |next |this )*\w+day\b",
    re.IGNORECASE,
)
_HABIT = re.compile(r"\b(?:a|per|every|each) day\b|\bdaily\b", re.IGNORECASE)
_SAME_TIME = re.compile(r"\bsame (?:time|day)\b|\bas (?:always|usual)\b", re.IGNORECASE)
_TASK = re.compile(
    r"\b(?:call|try|walk|write|practice|practise|take|go to|text|dinner|homework|bed|wake|log|curfew|meeting with)\b",
    re.IGNORECASE,
)
_SEE = re.compile(r"\b(?:see you|come back|next (?:week|appointment|session)|how about|can we)\b", re.IGNORECASE)
_OWN = re.compile(r"\bI(?:'ll|'m|'ve| will| am| have| get| take)\b(?! (?:be there|come|see you|make it|free|do that))")
_PAST = re.compile(r"\b(?:was|were|went|had|last|ago|since|used to|did|drank|called|yesterday)\b")
_OURS = re.compile(r"\b(?:next group|let's meet)\b", re.IGNORECASE)
_INSTEAD = re.compile(r"\b(?:actually|no,|instead|make it|make that|rather|scratch that|sorry)", re.IGNORECASE)
_CANNOT = re.compile(
    r"\b(?:can't|cannot|can not|won't|isn't|doesn't|don't|not (?:here|in|free|available)|i'm away|on vacation|"
    r"out of (?:town|the office))\b",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:drink\w*|drank|party|bar|work(?:ing)? on|dinner|court|class|shift|gym|church|your (?:brother|sister|"
    r"mom|mother|"
    r"dad|father|friend|husband|wife|partner|boyfriend|girlfriend|boss))\b",
    re.IGNORECASE,
)
_OTHER_HOUR = re.compile(
    r"\b(?:(?:can|could) (?:we|you) (?:do|make it|say|try|go with)|how about|what about|"
    r"(?:let's|let us) (?:do|say|make it)|make (?:it|that)) (?:like )?"
    r"(?P<hour>(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon|"
    r"\d{1,2}(?::\d\d)?)(?:[ -](?:fifteen|thirty|forty[ -]five))?)(?: instead)?(?=\W*$|\?)",
    re.IGNORECASE,
)
"""Another hour for the meeting just spoken of: "Can we do three?"."""
_WITHOUT_HOUR = re.compile(r",? (?:at )?(?:\w+ o'clock)$", re.IGNORECASE)
_HOURS = re.compile(r"day (?:through|to|till|until) \w+day\b|\bI'm (?:here|in)\b", re.IGNORECASE)
