"""What was offered and how it was taken: a group, an app, a visit of the mother to the next session, a second drug.

Takes the lines of a session, gives points. What was taken up is a plan, what was refused is written as declined; an
offer without an answer that could be heard is nothing.
"""

import re
from collections.abc import Sequence

from trellis.scribe.clinician.agree import answer_to
from trellis.scribe.points import Point, quote
from trellis.scribe.words.cues import Line
from trellis.scribe.words.swap import swap

EARLIEST = 0.1
"""Share of the session before which questions for willingness are about the session itself."""

LONGEST = 16
"""Words of an offer a note repeats."""


def offer(said: Sequence[Line]) -> list[Point]:
    """Offers that were taken or refused."""
    points: list[Point] = []
    for at, line in enumerate(said):
        text = line.utterance.text.replace("’", "'")
        found = _OFFERS.search(text) if line.role == "clinician" and at >= EARLIEST * len(said) else None
        if found is None and line.role == "clinician" and at >= EARLIEST * len(said):
            found = _thought_of(said, at)
        if found is None or _NO_OFFER.search(text) or _AT_HAND.search(text):
            continue
        what, named_in = _thing(said, at, found["what"])
        if not what:
            continue
        asked = at + 1 if found.re is _THINKS else at
        answer, ground = answer_to(said, asked)
        if answer == "unheard" or ground is None:
            continue
        body = re.sub(r"\bClient's\b", "their", swap(what, "clinician"))
        if found.lastgroup == "what" and re.match(r"I'd like (?!you\b)|I would like (?!you\b)", found.group()):
            body = "have " + re.sub(r"\bto (?=come\b)", "", body, count=1)
        verbal = body.split()[0].endswith("ing") or found.group().lower().startswith(("how about", "what about"))
        points.append(
            Point(
                topic="plan",
                text=_told(body, answer, verbal=verbal),
                evidence=tuple(quote(one.utterance) for one in (line, *named_in, ground)),
                weight=0.5 if answer == "no" else 0.7,
            )
        )
    return points


def _thought_of(said: Sequence[Line], at: int) -> re.Match[str] | None:
    """An offer by opinion, "What do you think about Tai Chi?", where the next words ask for trying it."""
    found = _THINKS.search(said[at].utterance.text)
    after = said[at + 1] if at + 1 < len(said) and said[at + 1].turn == said[at].turn else None
    return found if found and after is not None and _TRIES.search(after.utterance.text) else None


def _told(body: str, answer: str, *, verbal: bool) -> str:
    if answer == "no":
        return f"Client declined {'' if verbal or not _BASE.match(body) else 'to '}{body}."
    to = "to " if _BASE.match(body) else "to try "
    return f"Client {'tentatively ' if answer == 'tentative' else ''}agreed {to}{body}."


def _thing(said: Sequence[Line], at: int, what: str) -> tuple[str, tuple[Line, ...]]:
    """What is offered; "that" is what the clinician named in the sentence before, which is given too."""
    named_in: tuple[Line, ...] = ()
    what = re.split(r"[.?!;]|,? (?:because|so that|if that|which|does that|would that)\b", what)[0]
    what = re.sub(r"[ ,]+(?:too|then|as well|maybe|instead)$", "", what.strip(" ,"))
    if re.fullmatch(r"(?:that|it|this|one)(?: (?:out|too|this week|next week))?", what) and at:
        before = said[at - 1]
        named = _THERE.search(before.utterance.text) if before.turn == said[at].turn else None
        what, named_in = (named["what"].strip(" .,"), (before,)) if named else ("", ())
    words = what.split()
    return (what, named_in) if 1 <= len(words) <= LONGEST and not _EMPTY.match(what) else ("", ())


_OFFERS = re.compile(
    r"\b(?:(?i:would|could|can|are) you (?:be )?(?:willing|open|interested|up)(?: to| in| for)?"
    r"(?: (?:try|trying|try out|consider|considering|do|doing))?|(?i:would) you consider|(?i:have) you considered|"
    r"(?i:would) you (?:like|want) to (?=try|join|attend|come|have|start|invite|bring)|"
    r"(?i:how about) (?=trying|joining|a |the |an )|I(?:'d| would) like (?=(?:your|[A-Z][a-z]+) [\w ]*?to come\b)|"
    r"(?i:would it) (?:help|be okay|be all right) (?:if|to have) (?=your|[A-Z])) ?(?P<what>[^?!]+)"
)
_THINKS = re.compile(
    r"\bwhat (?:do|would) you think (?:about|of) (?P<what>(?!that\b|it\b|this\b|what\b|how\b|all\b)[^?]+)"
)
_TRIES = re.compile(r"\bsomething you(?:'d| would| think| might| could)\b.*\b(?:try|do|go|consider|able|interested)\b")
_NO_OFFER = re.compile(
    r"\b(?:tell me|share|talk(?:ing)? (?:about|more)|say more|describe|last (?:time|week)|show me|imagine|close "
    r"your eyes|"
    r"look at|start with|rate|scale)\b",
    re.IGNORECASE,
)
_AT_HAND = re.compile(
    r"\bhow about the (?!(?:\w+ )?(?:group|app|class|program|meeting|clinic|worksheet|log|course|letter|list)\b)"
    r"[a-z]+\W*$",
    re.IGNORECASE,
)
"""Points at something in the room or in the talk."""
_THERE = re.compile(
    r"\b(?:there's|there is|we (?:have|offer|run)|I (?:have|know of)) (?P<what>(?:a|an|the)\b[^.?!]+)", re.IGNORECASE
)
_EMPTY = re.compile(
    r"(?:the|that|this|an?) (?:idea|thought|belief|notion|feeling|fact|voices?|way)\b|"
    r"(?:me|us|more|anything|something|that|it|this|what|how)\b",
    re.IGNORECASE,
)
_BASE = re.compile(
    r"(?:have|come|join|attend|invite|bring|start|see|go|try|write|call|keep|take|meet|talk|give|use|make|"
    r"practi[cs]e|get|"
    r"let|sign|stop|cut|walk|read|hand|set|move|add)\b"
)
