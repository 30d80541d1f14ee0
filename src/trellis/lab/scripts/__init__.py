"""The authored conversations that synthetic sessions are spoken from. Every person and place in them is invented.

Why: speech can only be scored against words that are known beforehand, and real sessions are nobody's to publish.
Each script is a text file beside this module, written by hand: a head (title, problem, language, who speaks with which
voice), a line `---`, then one turn a line.

    T: clinician, kokoro-kumo, Dr. Reyes
    C: client, hibari-heart, Maya
    ---
    T: How did you sleep?
    C [pause=3]: Four hours. Maybe four and a half.
    T [backchannel=1.5]: Mm-hm.
    C [overlap=0.4,risk]: Some nights I wish I wouldn't wake up.

`pause`: seconds of silence before the turn. `overlap`: starts that many seconds before the turn before it ends.
`backchannel`: the same, but the turn before keeps the floor. `risk`: the client's own statement of danger to
themselves, whose speaker must never be mistaken.

Takes: a script's name. Gives: a `Script`; `Invalid` names the file and the line that is wrong.
"""

import re
from dataclasses import dataclass, replace
from importlib import resources

from trellis.kernel.errors import Invalid

# Two speakers, English: what long recordings are joined from, in this order.
LONG_ORDER = ("alcohol", "bipolar", "ocd", "grief", "panic", "trauma", "followup", "demo")

_TURN = re.compile(r"(?P<key>[A-Z])(?: \[(?P<marks>[^\]]*)\])?: (?P<text>.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """One person of a script: the letter they have in the file, their role, voice and invented name."""

    key: str
    role: str  # as in a transcript: clinician, client, client:2, other
    voice: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptTurn:
    """What one person says before another does, and how it meets the turn before it (seconds)."""

    role: str
    text: str
    pause: float | None = None
    overlap: float = 0.0
    backchannel: bool = False
    risk: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One conversation."""

    name: str
    title: str
    problem: str
    language: str
    speakers: tuple[Speaker, ...]
    turns: tuple[ScriptTurn, ...]

    @property
    def cast(self) -> dict[str, str]:
        """The voice of each role, as the author chose them."""
        return {speaker.role: speaker.voice for speaker in self.speakers}

    @property
    def words(self) -> int:
        """How many words are spoken."""
        return sum(len(turn.text.split()) for turn in self.turns)


def list_scripts() -> tuple[str, ...]:
    """The names of all scripts, the demonstration's among them."""
    folder = resources.files(__name__)
    return tuple(sorted(file.name.removesuffix(".txt") for file in folder.iterdir() if file.name.endswith(".txt")))


def read_script(name: str) -> Script:
    """The script of that name."""
    if name not in list_scripts():
        raise Invalid("lab.script", f"There is no script {name!r}.", hint=f"Choose one of {', '.join(list_scripts())}.")
    return parse_script(name, (resources.files(__name__) / f"{name}.txt").read_text("utf-8"))


def parse_script(name: str, content: str) -> Script:
    """Read a script's text; `Invalid` says which line is malformed."""
    head: dict[str, str] = {}
    speakers: dict[str, Speaker] = {}
    turns: list[ScriptTurn] = []
    in_head = True
    for number, line in enumerate(content.splitlines(), start=1):
        if line.strip() == "---":
            in_head = False
        elif in_head:
            key, colon, value = line.partition(": ")
            parts = [part.strip() for part in value.split(",", 2)]
            if not colon or (len(key) == 1 and len(parts) != 3):
                raise _malformed(name, number)
            if len(key) == 1:
                speakers[key] = Speaker(key=key, role=parts[0], voice=parts[1], name=parts[2])
            else:
                head[key] = value.strip()
        else:
            turns.append(_turn(name, number, line, speakers, first=not turns))
    if in_head or not turns or not {"title", "problem", "language"} <= head.keys():
        raise Invalid("lab.script", f"Script {name} is incomplete.", hint="It needs a head, a line --- and turns.")
    return Script(
        name=name,
        title=head["title"],
        problem=head["problem"],
        language=head["language"],
        speakers=tuple(speakers.values()),
        turns=tuple(turns),
    )


def long_script(words: int) -> Script:
    """A two-speaker English script of about that many words: 1,600 last some ten minutes, 8,000 some fifty.

    Whole scripts follow one another and the last is cut after the turn that reaches the number. Nothing is repeated
    up to 9,000 words; beyond, it starts over. The voices are those of the first script throughout.
    """
    first = read_script(LONG_ORDER[0])
    turns: list[ScriptTurn] = []
    said = 0
    while True:
        for name in LONG_ORDER:
            for position, turn in enumerate(read_script(name).turns):
                turns.append(replace(turn, pause=4.0) if position == 0 and turns else turn)
                said += len(turn.text.split())
                if said >= words:
                    return replace(
                        first,
                        name=f"long-{words}",
                        title=f"About {words} words",
                        problem="several scripts, one after the other",
                        turns=tuple(turns),
                    )


def _turn(name: str, number: int, line: str, speakers: dict[str, Speaker], *, first: bool) -> ScriptTurn:
    matched = _TURN.fullmatch(line.strip())
    if matched is None or matched["key"] not in speakers:
        raise _malformed(name, number)
    turn = ScriptTurn(role=speakers[matched["key"]].role, text=matched["text"].strip())
    for mark in filter(None, (matched["marks"] or "").split(",")):
        turn = _marked(name, number, turn, mark.strip())
    if first and turn.overlap:
        raise _malformed(name, number)
    return turn


def _marked(name: str, number: int, turn: ScriptTurn, mark: str) -> ScriptTurn:
    key, _, value = mark.partition("=")
    if key == "risk" and not value:
        return replace(turn, risk=True)
    if not re.fullmatch(r"\d+(\.\d+)?", value):
        raise _malformed(name, number)
    match key:
        case "pause":
            return replace(turn, pause=float(value))
        case "overlap":
            return replace(turn, overlap=float(value))
        case "backchannel":
            return replace(turn, overlap=float(value), backchannel=True)
        case _:
            raise _malformed(name, number)


def _malformed(name: str, number: int) -> Invalid:
    return Invalid("lab.script", f"Script {name}, line {number} is malformed.", hint="See trellis.lab.scripts.")
