"""Set apart what a note says in words of its own: "Client tentatively agreed to …", "Next appointment: …".

Takes a statement and its topic; gives the sentence that was heard in it, for the check to hold to the evidence. Names
of techniques, how a proposal was taken and headings are the note's own, nobody says them aloud; figures, names, danger
and every word of what was done stay in.
"""

import re
from functools import cache

from trellis.scribe.clinician.intervene import names
from trellis.scribe.topics import Topic

_AT = r"(?:Asked how that was|Asked what they heard|During processing|In play|In the exercise),"
_TOOK = (
    "(?:said|concluded|voiced reluctance|noted benefit|said this made sense|had not seen it this way before|"
    "had not known this|had not said this before|took the limit|chose where to start|voiced (?:change|sustain) talk|"
    "agreed|disagreed|accepted the suggestion|tried it in session)"
)
"""How a note leads in what somebody said to what was done."""

_FRAMES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), said)
    for pattern, said in (
        (r"^Client (?:tentatively )?(?:agreed|declined) to\b", "Clinician asked Client to"),
        (r"^Client (?:tentatively )?(?:plans|wants) to\b", "Client plans to"),
        (r"^Client (?:(?:tentatively )?(?:agreed that|accepted)|declined)\b", "Clinician:"),
        (r", which Clinician recommended\b", ""),
        (rf"^(?:{_AT} )?Client(?: {_TOOK})[^“]{{0,60}}: (?=“)", "Client states: "),
        (rf"^(?:{_AT} )?[Aa]nother person present(?: {_TOOK})[^“]{{0,40}}: (?=“)", "Another person present states: "),
        (r"^(Client)'s goal is to\b", r"\1 wants to"),
        (r"^(?:Next appointment|Follow-up call|Next group)\b", "Appointment"),
        (r"^(?:Plan|Homework) (?:agreed|assigned)\b", "Plan"),
        (r"^(?:Homework of the last note|Plan of the last note|Goal of the chart) \(“[^”]*”\): ", ""),
        (r" in the chart\.$", "."),
        (r"^Safety plan, if thoughts return or worsen: (?:Client would )?", "Clinician: "),
        (r"^Means safety: Client will\b", "Clinician: "),
        (r"^Clinician's diagnosis or impression as stated\b", "Clinician states"),
        (r" before the next session\b", ""),
    )
)


def heard(statement: str, topic: Topic) -> str:
    """The statement without the words that are the note's own."""
    if topic == "intervention":
        return _names().sub("", statement)
    statement = re.sub(r"^Client \d+\b", "Client", statement)
    for pattern, said in _FRAMES:
        statement = pattern.sub(said, statement)
    return statement


@cache
def _names() -> re.Pattern[str]:
    longest = sorted(names(), key=len, reverse=True)
    return re.compile("|".join(re.escape(name) for name in longest))
