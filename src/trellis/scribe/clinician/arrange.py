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

from trellis.scribe.clinician.advise import advise
from trellis.scribe.clinician.assign import assign
from trellis.scribe.clinician.offer import offer
from trellis.scribe.clinician.plan_safety import plan_safety
from trellis.scribe.clinician.prescribe import prescribe
from trellis.scribe.clinician.refer import coordinate, refer
from trellis.scribe.clinician.schedule import schedule
from trellis.scribe.clinician.sum_up import told_once
from trellis.scribe.clinician.tasks import Words
from trellis.scribe.points import Point, Utterance
from trellis.scribe.words.cues import Cues, lines


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
            sure=frozenset(table["task_verbs"].split()),
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
    steps = plan_safety(said)
    changes = prescribe(said, data.drugs, data.changes)
    others = refer(said, data.referrals, data.referees) + coordinate(said, data.contacts)
    meetings = schedule(said, data.meetings, data.not_meetings)
    taken = {one.quote for point in (*steps, *changes, *others, *meetings) for one in point.evidence[:1]}
    tasks = [point for point in assign(said, data.words) if point.evidence[0].quote not in taken]
    taken |= {point.evidence[0].quote for point in tasks}
    offered = [point for point in (*advise(said), *offer(said)) if point.evidence[0].quote not in taken]
    points = told_once([*tasks, *offered, *steps, *changes, *others, *meetings])
    return tuple(sorted(points, key=lambda point: point.evidence[0].turn or 0))
