"""`trellis eval scribe`: what notes say, miss and must not say, on sessions marked before anything was scored on them.

Takes the data folder: `annomi-dev` (the transcripts of 30 marked sessions) and `aci-bench`; 14 authored trap sessions
come with the product. Gives, for each group: facts found (all, essential), forbidden statements met (candidates: read
them), words, compression, the share of words copied in runs of seven or more, the share of statements left unconfirmed,
and lists to read. Beside it, ROUGE on the ACI-Bench validation visits, which are general medicine, with the nearest
training note as a baseline of our own.

Keys are a coarse judge (see the card of the marks): a recall is of keys, and every hit on a forbidden statement has to
be read before it counts. No clinician has reviewed the marks.
"""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from trellis.kernel.errors import Invalid, NotFound
from trellis.lab.ask_product import notes_of, statements_of
from trellis.lab.scores.intervals import rate
from trellis.lab.scores.marks import expresses, meets
from trellis.lab.scores.rouge import rouge

Json = dict[str, Any]
MARKED = Path(__file__).parents[1] / "evals" / "scribe"
RUN = 7
"""Words in a row that count as copied."""


def evaluate(data: Path, tell: Callable[[str, float | None], None]) -> Mapping[str, Any]:
    """Figures on the marked sessions and on ACI-Bench, where the folder has it."""
    check_frozen(MARKED)
    figures: Json = {}
    for group, sessions in (("traps", _traps()), ("annomi-dev", _annomi(data))):
        if not sessions:
            figures[group] = "not in the data folder"
            continue
        notes = notes_of(sessions, lambda done, group=group: tell(f"notes on {group}", done))  # type: ignore[misc]
        figures[group] = score(sessions, notes, {name: _marks(name) for name in sessions})
    figures["aci-bench valid (general medicine)"] = _aci(data, tell)
    return figures


def check_frozen(folder: Path) -> None:
    """Raise `Invalid` where a mark differs from what was frozen: figures from changed marks can't be compared."""
    for line in (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines():
        digest, _, name = line.partition("  ")
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            raise Invalid("lab.marks_changed", f"The marks {name} aren't the frozen ones.", hint="Restore them.")


def score(sessions: Mapping[str, Sequence[Json]], notes: Mapping[str, Json], marks: Mapping[str, Json]) -> Json:
    """Figures for one group of sessions."""
    facts, essential, by_topic = [], [], defaultdict(list)
    forbidden, lengths, compressed, copied, unconfirmed = [], [], [], [], []
    missed: list[str] = []
    met: list[str] = []
    for name, turns in sessions.items():
        statements = statements_of(notes[name])
        found = {fact["id"]: any(expresses(one, fact) for one in statements) for fact in marks[name]["facts"]}
        facts.append((sum(found.values()), len(found)))
        needed = [fact["id"] for fact in marks[name]["facts"] if fact["essential"]]
        essential.append((sum(found[one] for one in needed), len(needed)))
        for fact in marks[name]["facts"]:
            by_topic[fact["topic"]].append((int(found[fact["id"]]), 1))
            if not found[fact["id"]]:
                star = "* " if fact["essential"] else "  "
                missed.append(f"{star}{name} {fact['id']} [{fact['topic']}] {fact['fact']}")
        hits = [(bad, one) for bad in marks[name]["must_not"] for one in statements if meets(one, bad)]
        forbidden.append((len({bad["id"] for bad, _ in hits}), len(marks[name]["must_not"])))
        met += [f'{name} {bad["id"]} "{bad["statement"]}" <- ({one["status"]}) {one["text"]}' for bad, one in hits]
        words = sum(len(one["text"].split()) for one in statements)
        said = " ".join(turn["text"] for turn in turns)
        lengths.append(words)
        compressed.append((words, len(said.split())))
        copied.append(copied_words([one["text"] for one in statements], said))
        unconfirmed.append((sum(one["status"] == "unconfirmed" for one in statements), len(statements)))
    return {
        "sessions": len(sessions),
        "facts found": str(rate(facts)),
        "essential facts found": str(rate(essential)),
        "forbidden statements met (candidates)": str(rate(forbidden)),
        "words a note, median": sorted(lengths)[len(lengths) // 2],
        "note words of transcript words": str(rate(compressed)),
        f"words in copied runs of {RUN} or more": str(rate(copied)),
        "statements unconfirmed": str(rate(unconfirmed)),
        "facts found by topic": {topic: str(rate(ones)) for topic, ones in sorted(by_topic.items())},
        "candidates to read": dict(enumerate(met, 1)),
        "facts missed (* essential)": dict(enumerate(sorted(missed, key=lambda line: line[0] != "*"), 1)),
    }


def copied_words(statements: Sequence[str], said: str) -> tuple[int, int]:
    """How many words of the statements stand in runs of seven or more as they were said, and how many there are."""
    source = re.findall(r"[\w']+", said.lower())
    runs = {tuple(source[at : at + RUN]) for at in range(len(source) - RUN + 1)}
    hits = total = 0
    for statement in statements:
        words = re.findall(r"[\w']+", statement.lower())
        marked = {
            at + k for at in range(len(words) - RUN + 1) if tuple(words[at : at + RUN]) in runs for k in range(RUN)
        }
        hits, total = hits + len(marked), total + len(words)
    return hits, total


def _marks(name: str) -> Json:
    marks: Json = json.loads((MARKED / "marks" / f"{name}.json").read_text(encoding="utf-8"))
    return marks


def _traps() -> dict[str, list[Json]]:
    files = sorted((MARKED / "traps").glob("*.json"))
    return {f"trap-{file.stem}": json.loads(file.read_text(encoding="utf-8"))["turns"] for file in files}


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
    """ROUGE of our notes and of two baselines: the transcript itself, and the note of the nearest training visit."""
    folder = data / "aci-bench"
    if not folder.exists():
        return "not in the data folder"
    train, valid = (_rows(folder / f"{name}.jsonl") for name in ("train", "valid"))
    visits = {row["encounter_id"]: _visit(row["dialogue"]) for row in valid}
    notes = notes_of(visits, lambda done: tell("notes on aci-bench", done), "--length", "detailed")
    ours = {name: "\n".join(one["text"] for one in statements_of(note)) for name, note in notes.items()}
    nearest = _nearest([row["dialogue"] for row in train], [row["dialogue"] for row in valid])
    return {
        "visits": len(valid),
        "our note (ROUGE-1 / 2 / Lsum)": _mean([rouge(row["note"], ours[row["encounter_id"]]) for row in valid]),
        "the transcript as the note": _mean([rouge(row["note"], row["dialogue"]) for row in valid]),
        "the note of the nearest training visit (TF-IDF)": _mean(
            [rouge(row["note"], train[at]["note"]) for row, at in zip(valid, nearest, strict=True)]
        ),
    }


def _rows(file: Path) -> list[Json]:
    if not file.exists():
        raise NotFound("lab.data", f"{file.name} is missing from aci-bench.", hint="See the README of the set.")
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _visit(dialogue: str) -> list[Json]:
    """Turns of a visit: `[doctor] …` and `[patient] …`."""
    pieces = re.split(r"\[(doctor|patient|[a-z_ ]+)\]", dialogue)
    return [
        {"id": number, "speaker": {"doctor": "clinician", "patient": "client"}.get(who, "other"), "text": text.strip()}
        for number, (who, text) in enumerate(zip(pieces[1::2], pieces[2::2], strict=True), 1)
        if text.strip()
    ]


def _nearest(known: Sequence[str], asked: Sequence[str]) -> list[int]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=2)
    table = vectors.fit_transform(known)
    return [int(at) for at in (vectors.transform(asked) @ table.T).toarray().argmax(axis=1)]


def _mean(scores: Sequence[tuple[float, float, float]]) -> str:
    return " / ".join(f"{100 * sum(one[k] for one in scores) / len(scores):.2f}" for k in range(3))
