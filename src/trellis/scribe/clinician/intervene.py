"""Name what the clinician did, in the terms of its school, by what was said.

Takes utterances, gives one point for each kind of intervention delivered in the session, with the sentences that show
it. What is named is data (`data/interventions.toml`), so a supervisor can read and mend it. Talk of other clients,
earlier treatment or things to come is no intervention; questions alone are none either, unless questions and
reflections carry the session.
"""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from trellis.chart import Evidence
from trellis.scribe.clinician.listen import LISTENING, REFLECTS, open_questions, reflections, ways_of_listening
from trellis.scribe.points import Point, Utterance, quote
from trellis.scribe.words.cues import Cues, Line, lines

PARTS_NAMED = 8
"""Parts of one intervention a sentence can name and still be read; assessments of risk name all."""

TALKED_OF = 3
"""Mentions from which a behaviour counts as the target of the talk."""

FRAME_REACH = 1
"""Sentences from what frames a statement as information to the one that says what about."""

RISK_REACH = 40
"""Sentences after talk of suicide or harm in which a follow-up ("any plan?") still belongs to it."""

REFLECTED = 0.06
"""Share of the clinician's lines that have to reflect before listening is named as the work of the session."""

SPOKEN = 4
"""Words from which a line of the clinician is more than a sign of listening."""

SIGNATURES = ("importance and confidence rulers", "decisional balance")
"""Parts of motivational interviewing that name it by themselves; others name it together."""


@dataclass(frozen=True, slots=True)
class Part:
    """A named part of an intervention; `needs` must be near as well, `needs_risk` a question about risk before."""

    name: str
    cues: Cues
    needs: Cues
    needs_risk: bool
    talk: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """One intervention of `interventions.toml`; see there for what the fields mean."""

    key: str
    yields_to: tuple[str, ...]
    beside: Cues
    says: str
    plain: str
    talks: str
    weight: float
    least: int
    least_words: int
    cues: Cues
    parts: tuple[Part, ...]
    frames: Cues
    asks: bool
    tells: bool
    reflects: bool
    anywhen: bool
    several: bool
    substance: bool
    focus_required: bool


@dataclass(frozen=True, slots=True)
class Book:
    """All interventions, the behaviours they can aim at, and the talk that is none."""

    kinds: tuple[Kind, ...]
    targets: Mapping[str, Cues]
    elsewhere: Cues


@dataclass(frozen=True, slots=True)
class Session:
    """The lines of a session with what several kinds ask of it."""

    lines: tuple[Line, ...]
    of_turn: Mapping[int, tuple[Line, ...]]
    targets: Counter[str]
    several: bool
    elsewhere: frozenset[int]
    danger: frozenset[int]


@cache
def book() -> Book:
    """The data, read once."""
    table = tomllib.loads(
        resources.files("trellis.scribe").joinpath("data/interventions.toml").read_text(encoding="utf-8")
    )
    return Book(
        kinds=tuple(_kind(item) for item in table["interventions"]),
        targets={name: Cues(cues) for name, cues in table["targets"].items()},
        elsewhere=Cues(table["elsewhere"]),
    )


@cache
def names() -> frozenset[str]:
    """What techniques and their parts are called: the note's own words, that need not be in the evidence."""
    said = [
        text
        for kind in book().kinds
        for text in (*re.split(r"\{\w+\}", kind.says), kind.plain, *re.split(r"\{\w+\}", kind.talks))
    ]
    said += [part.name for kind in book().kinds for part in kind.parts]
    said += [*book().targets, "open questions", "reflective listening"]
    return frozenset(text.strip(" ,:") for text in said if re.search(r"\w{3}", text))


def intervene(utterances: Sequence[Utterance]) -> tuple[Point, ...]:
    """One point for each kind of intervention the clinician delivered, in the order each began."""
    session = _session(lines(utterances))
    found = [(kind, point) for kind in book().kinds if (point := _point(kind, session))]
    named = {point.key for _, point in found}
    points = [point for kind, point in found if named.isdisjoint(kind.yields_to)]
    if any(point.key in _SHOWS_HOMEWORK for point in points):
        points = [point for point in points if point.key != "intervention.homework_review"]
    if not any(point.key == "intervention.mi" for point in points):
        points += _listening(session)
    return tuple(sorted(points, key=lambda point: point.evidence[0].turn or 0))


def _session(all_lines: tuple[Line, ...]) -> Session:
    turns: dict[int, list[Line]] = {}
    for line in all_lines:
        turns.setdefault(line.turn, []).append(line)
    targets: Counter[str] = Counter()
    for name, cues in book().targets.items():
        targets[name] = sum(cues.find(line) is not None for line in all_lines)
    speakers = {line.utterance.turn.speaker for line in all_lines}
    return Session(
        lines=all_lines,
        of_turn={turn: tuple(said) for turn, said in turns.items()},
        targets=targets,
        elsewhere=frozenset(at for at, line in enumerate(all_lines) if book().elsewhere.find(line)),
        danger=frozenset(at for at, line in enumerate(all_lines) if _RISK.find(line)),
        several=len({speaker for speaker in speakers if speaker.startswith(("client", "other"))}) > 1,
    )


def _point(kind: Kind, session: Session) -> Point | None:
    if kind.several and not session.several:
        return None
    if kind.beside and not any(kind.beside.find(line) for line in session.lines):
        return None
    if kind.substance and not _target(session, ("drinking", "smoking", "cannabis use", "drug use", "gambling")):
        return None
    heard: dict[str, list[Line]] = {part.name: [] for part in kind.parts}
    plain: list[Line] = []
    asked_risk = -RISK_REACH
    for at, line in enumerate(session.lines):
        since = at - asked_risk
        if at in session.danger:
            asked_risk = at
        if line.role != "clinician" or len(line.words) < kind.least_words:
            continue
        if not kind.anywhen and at in session.elsewhere:
            continue
        if (kind.asks and not _asks(line)) or (kind.tells and line.asks):
            continue
        if not kind.reflects and REFLECTS.find(line):
            continue
        if kind.frames and (line.asks or not any(kind.frames.find(said) for said in _around(line, session))):
            continue
        if kind.cues.find(line):
            plain.append(line)
        for part in kind.parts:
            if part.needs_risk and since >= RISK_REACH:
                continue
            if part.cues.find(line) and _needed(part, line, session):
                heard[part.name].append(line)
    return _write(kind, plain, {name: found for name, found in heard.items() if found}, session)


def _around(line: Line, session: Session) -> Iterator[Line]:
    """The sentence with its neighbors in the turn, alone where "I" speaks: what frames a statement stands near it."""
    at, reach = line.utterance.index, 0 if "i" in line.words else FRAME_REACH
    return (said for said in session.of_turn[line.turn] if abs(said.utterance.index - at) <= reach)


def _needed(part: Part, line: Line, session: Session) -> bool:
    """What a part needs besides its cue stands in the turn, or in what was said just before it."""
    if not part.needs:
        return True
    near = session.of_turn[line.turn] + session.of_turn.get(line.turn - 1, ())
    return any(part.needs.find(said) for said in near)


def _write(kind: Kind, plain: list[Line], heard: dict[str, list[Line]], session: Session) -> Point | None:
    found = {line.utterance.index: line for line in (*plain, *(line for said in heard.values() for line in said))}
    if len(found) < kind.least or (not plain and not heard):
        return None
    if kind.key == "mi" and not _is_mi(heard, session):
        return None
    if "{parts}" in kind.says and not heard and not kind.plain:
        return None
    named = list(heard)
    if not kind.asks and len(named) > PARTS_NAMED:
        common = sorted(named, key=lambda name: -len(heard[name]))[:PARTS_NAMED]
        named = [name for name in named if name in common]
    shown = [_best(heard[name]) for name in named]
    if kind.key == "mi":
        ways = {name: said for name, said in ways_of_listening(session.lines).items() if name not in named}
        named += list(ways)
        shown += [_best(said) for said in ways.values()]
    belief, ground = _belief(session, min(found)) if "{belief}" in kind.says else ("", None)
    target = _target(session, book().targets)
    if kind.focus_required and not target:
        return None
    template = kind.says if heard or not kind.plain else kind.plain
    if kind.talks and not plain and all(part.talk for part in kind.parts if part.name in heard):
        template = kind.talks
    text = template.format(
        parts=listed(named), belief=belief, target=f" about {target}" if target else "", target_plain=target
    )
    shown += sorted(plain, key=lambda line: -len(line.words))[: max(1, 3 - len(shown))] if plain else []
    if len(shown) < 3:
        shown += [line for line in sorted(found.values(), key=lambda line: -len(line.words)) if line not in shown]
        shown = shown[:3]
    evidence = [quote(line.utterance) for line in _unique(shown)]
    if ground is not None:
        evidence.append(ground)
    return Point(
        topic="intervention",
        text=f"Clinician {text}.",
        evidence=tuple(evidence),
        weight=min(0.95, kind.weight + 0.02 * (len(found) - 1)),
        key=f"intervention.{kind.key}",
    )


def _is_mi(heard: dict[str, list[Line]], session: Session) -> bool:
    """Rulers and the decisional balance name it by themselves; other parts only together, and with listening."""
    if len(heard.get(SIGNATURES[1], ())) == 1:
        del heard[SIGNATURES[1]]  # one question about what is liked is no balance
    if any(name in heard for name in SIGNATURES):
        return True
    if len(heard) >= 3 and len(reflections(session.lines)) >= LISTENING and "evoking change talk" in heard:
        return True
    # Its spirit carries a session: much listening, strengths affirmed, and the choice left to the client.
    manners = ways_of_listening(session.lines)
    guides = not _GUIDING.isdisjoint(heard)
    return guides and len(heard) >= 2 and len(manners) >= 2 and bool(_target(session, book().targets))


def _listening(session: Session) -> list[Point]:
    """Reflections and open questions, where they carry a session that no other name would describe."""
    heard, questions = reflections(session.lines), open_questions(session.lines)
    spoken = sum(line.role == "clinician" and len(line.words) >= SPOKEN for line in session.lines)
    if len(heard) < LISTENING or len(questions) < LISTENING or len(heard) < REFLECTED * spoken:
        return []
    target = _target(session, book().targets)
    shown = [*sorted(heard, key=lambda line: -len(line.words))[:2], _best(questions)]
    return [
        Point(
            topic="intervention",
            text=f"Clinician used open questions and reflective listening{f' about {target}' if target else ''}.",
            evidence=tuple(quote(line.utterance) for line in _unique(shown)),
            weight=0.4,
            key="intervention.listening",
        )
    ]


def habit_of(said: Sequence[Line]) -> Cues | None:
    """The phrases of the habit the session is about; None where it is about none."""
    counts = {name: sum(cues.find(line) is not None for line in said) for name, cues in book().targets.items()}
    most = max((name for name in counts if name != "anger"), key=lambda name: counts[name])
    return book().targets[most] if counts[most] >= TALKED_OF else None


def _asks(line: Line) -> bool:
    return line.asks or _ANNOUNCES.find(line) is not None


def _target(session: Session, names: Iterable[str]) -> str:
    """The behaviour talked of most, where it is talked of enough."""
    most = max(names, key=lambda name: session.targets[name], default="")
    return most if most and session.targets[most] >= TALKED_OF else ""


_THOUGHT = re.compile(
    r"(?:thought (?:was|is|that came (?:up|in) (?:was|is))|(?:the|that|this) (?:thought|belief|idea) that|"
    r"\bI (?:just )?(?:thought|kept thinking|keep thinking|was thinking|keep telling myself|told myself)[,:])"
    r"(?: that)?[,:]? [\"“']?(?P<thought>[^.!?;\"”]+)",
    re.IGNORECASE,
)


def _belief(session: Session, first: int) -> tuple[str, Evidence | None]:
    """The client's thought that the work was about, as said, and where."""
    near = [line for line in session.lines if abs(line.utterance.index - first) <= 14 and line.role == "client"]
    for line in sorted(near, key=lambda line: (line.utterance.index > first + 2, -line.utterance.index)):
        # The thought may be a clause of its own ("The thought was, I'm a bad mother").
        found = _THOUGHT.search(line.utterance.turn.text, line.utterance.start)
        if found and found.start() < line.utterance.end and 2 <= len(found["thought"].split()) <= 12:
            thought = found["thought"].strip(" ,-")
            return f" on the thought “{thought}”", quote(line.utterance, found.start(), found.end())
    return "", None


def _best(said: Sequence[Line]) -> Line:
    """The sentence that shows most: the longest a reader takes in at a glance."""
    return max(said, key=lambda line: (len(line.words) <= 30, len(line.words)))


def _unique(said: Iterable[Line]) -> list[Line]:
    return list({line.utterance.index: line for line in said}.values())


def listed(names: Sequence[str]) -> str:
    """Names as a sentence has them: "a, b and c"."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def _kind(item: Mapping[str, Any]) -> Kind:
    return Kind(
        key=item["key"],
        yields_to=tuple(f"intervention.{key}" for key in item.get("yields_to", ())),
        beside=Cues(item.get("beside", ())),
        says=item["says"],
        plain=item.get("plain", ""),
        talks=item.get("talks", ""),
        weight=item["weight"],
        least=item.get("least", 1),
        least_words=item.get("least_words", 0),
        cues=Cues(item.get("cues", ())),
        parts=tuple(
            Part(
                part["name"],
                Cues(part["cues"]),
                Cues(part.get("needs", ())),
                part.get("needs_risk", False),
                part.get("talk", False),
            )
            for part in item.get("parts", ())
        ),
        frames=Cues(item.get("frames", ())),
        asks=item.get("asks", False),
        tells=item.get("tells", False),
        reflects=item.get("reflects", True),
        anywhen=item.get("anywhen", False),
        several=item.get("several", False),
        substance=item.get("substance", False),
        focus_required=item.get("focus_required", False),
    )


_RISK = Cues(
    (
        "suicid~",
        "kill~ yourself|anyone|anybody|someone|somebody",
        "dead|die|dying|alive",
        "hurt~|harm~ yourself|her|him|anyone|anybody|somebody|someone",
        "end~ your life",
        "not be|being here",
        "wake up",
        "self_harm|cutting|arm",
        "come back|gets_stronger",
        "safety plan",
    )
)

_SHOWS_HOMEWORK = frozenset({"intervention.thought_record", "intervention.diary_card"})
"""Reviews of homework that say which; the review as such need not be said beside them."""

_GUIDING = frozenset(
    {"evoking change talk", "supporting autonomy", "asking permission before giving information",
     "eliciting Client's view of the information"}
)  # fmt: skip

_ANNOUNCES = Cues(
    (
        "i|we want|need|like|have to ask|check",
        "ask you|about",
        "any thought|plan|intention|voice",
        "^ any|ever|what_about",
        "tell me about",
    )
)
