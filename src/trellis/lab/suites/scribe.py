"""`trellis eval scribe`: what notes say, miss and must not say, on sessions marked before anything was scored on them.

Takes the data folder: `annomi-dev` (the transcripts of 30 marked sessions) and `aci-bench`; 14 authored trap sessions
come with the product. Gives, for each group: facts found (all, essential), forbidden statements met (candidates: read
them), words, compression, the share of words quoted and copied in runs of seven or more, the share of statements left
unconfirmed, the sessions by how much of them was missed, and lists to read. Beside it, ROUGE on the ACI-Bench
validation visits, which are general medicine, with baselines and published figures.

Keys are a coarse judge (see the card of the marks): a recall is of keys, and every hit on a forbidden statement has to
be read before it counts. No clinician has reviewed the marks. Of the demonstrations in `annomi-dev`, which state no
licence, only session and turn ids and our own words are given; sentences of notes are shown of authored sessions alone.
"""

import hashlib
import json
import statistics
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from trellis.kernel.errors import Invalid
from trellis.lab.ask_product import notes_of
from trellis.lab.scores.intervals import Figure, rate, share
from trellis.lab.scores.listings import Listing, Table
from trellis.lab.scores.notes import RUN, Tally, tally
from trellis.lab.visits import compare, read_visits, turns_of

Json = dict[str, Any]
MARKED = Path(__file__).parents[1] / "evals" / "scribe"
MAY_BE_SHOWN = ("traps",)
"""Groups of sessions we wrote ourselves: sentences of their notes may be repeated."""


def evaluate(data: Path, tell: Callable[[str, float | None], None]) -> Mapping[str, Any]:
    """Figures on the marked sessions and on ACI-Bench, where the folder has it."""
    figures: Json = {}
    for group, sessions in marked_sessions(data).items():
        if not sessions:
            figures[group] = "not in the data folder"
            continue
        notes = notes_of(sessions, lambda done, group=group: tell(f"notes on {group}", done))  # type: ignore[misc]
        figures[group] = score(sessions, notes, marks_of(sessions), may_show=group in MAY_BE_SHOWN)
    figures["aci-bench (general medicine)"] = _aci(data, tell)
    return figures


def marked_sessions(data: Path) -> dict[str, dict[str, list[Json]]]:
    """The turns of every marked session by group and name; raises `Invalid` where marks aren't the frozen ones."""
    check_frozen(MARKED)
    return {"traps": traps(), "annomi-dev": _annomi(data)}


def traps() -> dict[str, list[Json]]:
    """The turns of the authored sessions by name."""
    files = sorted((MARKED / "traps").glob("*.json"))
    return {f"trap-{file.stem}": json.loads(file.read_text(encoding="utf-8"))["turns"] for file in files}


def marks_of(sessions: Mapping[str, Any]) -> dict[str, Json]:
    """The marks of sessions by name."""
    return {name: json.loads((MARKED / "marks" / f"{name}.json").read_text(encoding="utf-8")) for name in sessions}


def check_frozen(folder: Path) -> None:
    """Raise `Invalid` where a mark differs from what was frozen: figures from changed marks can't be compared."""
    for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            raise Invalid("lab.marks_changed", f"The marks {name} aren't the frozen ones.", hint="Restore them.")


def score(
    sessions: Mapping[str, Sequence[Json]],
    notes: Mapping[str, Json],
    marks: Mapping[str, Json],
    *,
    may_show: bool = False,
) -> Json:
    """Figures for one group of sessions; `may_show` says whether sentences of their notes may be repeated."""
    tallies = [tally(name, turns, notes[name], marks[name], may_show=may_show) for name, turns in sessions.items()]
    by_topic: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for topic, found in (pair for one in tallies for pair in one.by_topic):
        by_topic[topic].append((int(found), 1))
    words = [one.words for one in tallies]
    met = [example for one in tallies for example in one.met]
    missed = [example for one in tallies for example in one.missed]
    return {
        "sessions": len(tallies),
        "essential facts found": rate([one.essential for one in tallies]).at_least(0.95),
        "facts found": rate([one.facts for one in tallies]).at_least(0.80),
        "forbidden statements met (candidates)": rate([one.forbidden for one in tallies]).at_most(0),
        "words a note": f"{sorted(words)[len(words) // 2]} (median; {min(words)}-{max(words)})",
        "note words of transcript words": rate([(one.words, one.said) for one in tallies]),
        "words inside quotes": rate([one.quoted for one in tallies]).at_most(0.20),
        f"words in copied runs of {RUN} or more": rate([one.copied for one in tallies]),
        "the same outside quotes": rate([one.copied_unquoted for one in tallies]).at_most(0.05),
        "statements unconfirmed": rate([one.unconfirmed for one in tallies]),
        "statements unconfirmed in the median note": _median(tallies).at_most(0.10),
        "facts found by topic": {topic: rate(ones) for topic, ones in sorted(by_topic.items())},
        "by session, the worst first": _by_session(tallies),
        "forbidden candidates to read": Listing.of(met, grave="stands as supported"),
        "facts missed": Listing.of(missed, grave="essential"),
    }


def _median(tallies: Sequence[Tally]) -> Figure:
    shares = [hits / of for hits, of in (one.unconfirmed for one in tallies) if of]
    return Figure(value=statistics.median(shares) if shares else None)


def _by_session(tallies: Sequence[Tally]) -> Table:
    """Sessions, those first of which most was missed or that may say what they must not."""

    def badness(one: Tally) -> tuple[float, float, float]:
        essential, facts = (hits / of if of else 1.0 for hits, of in (one.essential, one.facts))
        return essential, -one.forbidden[0], facts

    return Table(
        columns=("session", "essential facts", "all facts", "forbidden", "words", "unconfirmed"),
        rows=tuple(
            (
                one.session,
                share(*one.essential),
                share(*one.facts),
                f"{one.forbidden[0]} of {one.forbidden[1]}",
                one.words,
                f"{one.unconfirmed[0]} of {one.unconfirmed[1]}",
            )
            for one in sorted(tallies, key=badness)
        ),
    )


def _annomi(data: Path) -> dict[str, list[Json]]:
    """Transcripts of the marked sessions; the codes that experts gave them stay hidden from the product."""
    sessions = {}
    for marked in sorted((MARKED / "marks").glob("annomi-*.json")):
        file = data / "annomi-dev" / f"{marked.stem.removeprefix('annomi-')}.json"
        if not file.exists():
            continue
        turns = json.loads(file.read_text(encoding="utf-8"))["turns"]
        sessions[marked.stem] = [{key: turn[key] for key in ("id", "speaker", "text")} for turn in turns]
    return sessions


def _aci(data: Path, tell: Callable[[str, float | None], None]) -> Json | str:
    """Our detailed notes of the validation visits beside baselines and published figures."""
    folder = data / "aci-bench"
    if not folder.exists():
        return "not in the data folder"
    train, valid = read_visits(folder)
    visits = {row["encounter_id"]: turns_of(row["dialogue"]) for row in valid}
    notes = notes_of(visits, lambda done: tell("notes on aci-bench", done), "--length", "detailed")
    return {"ROUGE x 100": compare(train, valid, notes)}
