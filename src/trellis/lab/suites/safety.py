"""`trellis eval safety`: how the safety screen judges sets of messages whose level is known.

Why: a missed danger costs most, so misses are listed, one by one, before anything else.

Takes the data folder; every `*.jsonl` in its folders called `safety…`, with lines as `trellis safety screen` reads them
and `gold.level` beside; and the consultations of `primock57`, where they are there. Gives, for each set: sensitivity
and specificity at `urgent` and above with Wilson's intervals, English and Spanish apart, how much danger is told to a
human at all, how often a level moves with who its speaker is, how many levels are right, the confusion, the misses and
the false alarms by id (texts stay in the set); for consultations without risk, how many seem urgent.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from trellis.chart import LEVELS, Transcript, Turn
from trellis.kernel.errors import NotFound
from trellis.lab.ask_product import verdicts_of
from trellis.lab.dialogues import Dialogue, read_primock
from trellis.lab.lines import is_spanish
from trellis.lab.scores.intervals import share
from trellis.lab.scores.listings import Example, Listing, Table
from trellis.safety import screen_transcript

Json = dict[str, Any]
ALARM = LEVELS.index("urgent")
CUED = 100
"""About how many messages of a set are told again with who somebody is."""
CUES = {
    "en": ("I'm Black.", "I'm Polish.", "I'm a gay man.", "I'm a Muslim woman.", "I'm seventy-eight."),
    "es": ("Soy migrante.", "Soy indígena.", "Soy una mujer trans.", "Soy católico."),
}


def evaluate(data: Path, tell: Callable[[str, float | None], None]) -> Mapping[str, Any]:
    """Figures for every set in the folder."""
    figures = {}
    sets = labelled(data)
    for number, (name, rows) in enumerate(sets.items()):
        tell(f"screening {name}", number / len(sets))
        verdicts = verdicts_of(map(asked, rows))
        figures[name] = score(rows, verdicts) | {
            "levels moved by who speaks": share(*_moved(rows, verdicts)).at_most(0.0)
        }
    if consultations := list(read_primock(data)):
        urgent = [at for at, turns in enumerate(consultations, 1) if _is_alarmed(turns)]
        figures["primock57"] = {
            "consultations judged urgent": share(len(urgent), len(consultations)).at_most(0.05),
            "which": ", ".join(map(str, urgent)) or "none",
        }
    return figures


def _moved(rows: list[Json], verdicts: list[Json]) -> tuple[int, int]:
    """How many messages change their level where their speaker adds who they are; some of a set, each with all cues."""
    chosen = range(0, len(rows), max(1, len(rows) // CUED))
    cues = {at: CUES["es" if is_spanish(rows[at]["text"]) else "en"] for at in chosen}
    told = [asked(rows[at]) | {"text": f"{rows[at]['text'].rstrip()} {cue}"} for at in chosen for cue in cues[at]]
    levels = iter(verdict["level"] for verdict in verdicts_of(told))
    moved = sum({next(levels) for _ in cues[at]} != {verdicts[at]["level"]} for at in chosen)
    return moved, len(chosen)


def _is_alarmed(turns: Dialogue) -> bool:
    """Whether a whole consultation is judged urgent."""
    told = tuple(Turn(id=at, speaker=who, text=text) for at, (who, text) in enumerate(turns))
    return LEVELS.index(screen_transcript(Transcript(turns=told)).level) >= ALARM


def labelled(data: Path) -> dict[str, list[Json]]:
    """Every set of labelled messages in the folder by name; `NotFound` where there is none."""
    files = sorted(data.glob("safety*/*.jsonl")) or sorted(data.glob("*.jsonl"))
    if not files:
        raise NotFound("lab.data", "No labelled messages are in that folder.", hint="Expected: safety-dev/*.jsonl.")
    return {
        f"{file.parent.name}/{file.stem}": [
            json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()
        ]
        for file in files
    }


def asked(row: Json) -> Json:
    """A row as the product is given it, without what it should find."""
    return {key: value for key, value in row.items() if key not in ("gold", "tags")}


def score(rows: list[Json], verdicts: list[Json]) -> Json:
    """Figures for one set: labelled rows beside the verdicts on them."""
    pairs = [
        (row["id"], LEVELS.index(row["gold"]["level"]), LEVELS.index(verdict["level"]))
        for row, verdict in zip(rows, verdicts, strict=True)
    ]
    danger = [(name, found) for name, gold, found in pairs if gold >= ALARM]
    safe = [(name, found) for name, gold, found in pairs if gold < ALARM]
    in_language = {
        name: [
            (gold, found) for row, (_, gold, found) in zip(rows, pairs, strict=True) if is_spanish(row["text"]) is es
        ]
        for name, es in (("English", False), ("Spanish", True))
    }
    confusion = Counter((gold, found) for _, gold, found in pairs)
    return {
        "messages": len(pairs),
        "sensitivity at urgent and above": share(sum(found >= ALARM for _, found in danger), len(danger)).at_least(
            0.95
        ),
        "specificity at urgent and above": share(sum(found < ALARM for _, found in safe), len(safe)).at_least(0.90),
        **{
            f"{what}, {name}": share(*_judged(part, grave=grave))
            for name, part in in_language.items()
            for what, grave in (("sensitivity", True), ("specificity", False))
        },
        "danger told to a human at all": share(sum(found > 0 for _, found in danger), len(danger)),
        "exact level": share(sum(gold == found for _, gold, found in pairs), len(pairs)),
        "concern and assertion of the gold findings found": share(*_findings(rows, verdicts)),
        "confusion": Table(
            columns=("gold", *(f"judged {level}" for level in LEVELS)),
            rows=tuple(
                (LEVELS[gold], *(confusion[gold, found] for found in range(len(LEVELS)))) for gold in range(len(LEVELS))
            ),
        ),
        "missed danger": _listed([(n, g, f) for n, g, f in pairs if g >= ALARM > f]),
        "emergencies judged lower": _listed([(n, g, f) for n, g, f in pairs if g == len(LEVELS) - 1 > f >= ALARM]),
        "false alarms": _listed([(n, g, f) for n, g, f in pairs if f >= ALARM > g]),
    }


def _judged(pairs: list[tuple[int, int]], *, grave: bool) -> tuple[int, int]:
    """Of what is grave (or isn't) how much was judged so, and how much there is."""
    found = [judged >= ALARM for gold, judged in pairs if (gold >= ALARM) is grave]
    return sum(one is grave for one in found), len(found)


def _findings(rows: list[Json], verdicts: list[Json]) -> tuple[int, int]:
    hits = of = 0
    for row, verdict in zip(rows, verdicts, strict=True):
        found = {(one["concern"], one["assertion"]) for one in verdict["findings"]}
        wanted = {(one["concern"], one["assertion"]) for one in row["gold"].get("findings", ())}
        hits, of = hits + len(wanted & found), of + len(wanted)
    return hits, of


def _listed(pairs: list[tuple[str, int, int]]) -> Listing:
    """The widest misjudgements first."""
    return Listing.of(
        [
            Example(where=name, words=f"{LEVELS[gold]} judged {LEVELS[found]}")
            for name, gold, found in sorted(pairs, key=lambda pair: -abs(pair[1] - pair[2]))
        ]
    )
