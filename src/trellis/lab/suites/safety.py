"""`trellis eval safety`: how the safety screen judges sets of messages whose level is known.

Why: a missed danger costs most, so misses are listed, one by one, before anything else.

Takes the data folder; every `*.jsonl` in its folders called `safety…`, with lines as `trellis safety screen` reads them
and `gold.level` beside. Gives, for each set: sensitivity and specificity at `urgent` and above with Wilson's intervals,
how many levels are right, the confusion, the misses and the false alarms by id (texts stay in the set).
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from trellis.chart import LEVELS
from trellis.kernel.errors import NotFound
from trellis.lab.ask_product import verdicts_of
from trellis.lab.scores.intervals import share
from trellis.lab.scores.listings import Example, Listing, Table

Json = dict[str, Any]
ALARM = LEVELS.index("urgent")


def evaluate(data: Path, tell: Callable[[str, float | None], None]) -> Mapping[str, Any]:
    """Figures for every set in the folder."""
    figures = {}
    sets = labelled(data)
    for number, (name, rows) in enumerate(sets.items()):
        tell(f"screening {name}", number / len(sets))
        figures[name] = score(rows, verdicts_of(map(asked, rows)))
    return figures


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
    confusion = Counter((gold, found) for _, gold, found in pairs)
    return {
        "messages": len(pairs),
        "sensitivity at urgent and above": share(sum(found >= ALARM for _, found in danger), len(danger)).at_least(
            0.95
        ),
        "specificity at urgent and above": share(sum(found < ALARM for _, found in safe), len(safe)).at_least(0.90),
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
