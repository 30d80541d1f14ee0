"""`trellis eval ablations`: what each part of the product brings, by what is lost without it.

Takes the data folder, as `trellis eval scribe` and `trellis eval safety` do. Gives, for each group of marked sessions,
a table with a row for the note as it is and one for each part left out: essential facts found and how far that moved
(in points, with the interval of paired draws of sessions), all facts, forbidden statements met, copied words,
statements unconfirmed, words. And for each labelled set, how the danger screen does by rules alone and with the
reader's second look.

Parts are left out where the product is put together, so nothing else changes: the rooms run as they are, in this
process. What can't be taken out whole (rewording, joining) isn't here; nor is the correction of misheard words, which
written sessions don't need.
"""

import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from trellis.chart import Person, Section, Statement, Transcript, note_as_json, verdict_as_json
from trellis.cli.safety import parse_message
from trellis.inference import LocalParser, LocalReader, NullParser, NullSpeakers, NullSpeech, Parser, Sentence
from trellis.lab.scores.intervals import Figure, change, rate
from trellis.lab.scores.listings import Cell, Table
from trellis.lab.scores.notes import Tally, tally
from trellis.lab.suites import safety
from trellis.lab.suites.scribe import marked_sessions, marks_of
from trellis.safety import screen_all
from trellis.scribe import ExtractiveWriter, Scribe, Wish, load_format
from trellis.scribe.draft import draft
from trellis.scribe.points import Point, Utterance
from trellis.scribe.room import Acts
from trellis.scribe.talk.people import People, list_people
from trellis.scribe.talk.utterances import utter

Json = dict[str, Any]
Tell = Callable[[str, float | None], None]
WHOLE = "nothing: the note as it is"


class RememberingParser:
    """A parser that parses each session once, however many variants ask for it."""

    def __init__(self, parser: Parser) -> None:
        self._parser = parser
        self._known: dict[tuple[str, ...], list[tuple[Sentence, ...]]] = {}

    def parse(self, texts: Sequence[str]) -> list[tuple[Sentence, ...]]:
        """The sentences of each text."""
        key = tuple(texts)
        if key not in self._known:
            self._known[key] = self._parser.parse(texts)
        return self._known[key]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """The product with a part left out."""

    acts: Acts = Acts()  # noqa: RUF009 - frozen
    has_grammar: bool = True


def evaluate(data: Path, tell: Tell) -> Mapping[str, Any]:
    """Tables for notes and for the danger screen."""
    figures: Json = {}
    parser = RememberingParser(LocalParser())
    for group, sessions in marked_sessions(data).items():
        if sessions:
            title = f"what notes lose: {group}, {len(sessions)} sessions"
            figures[title] = compare(sessions, marks_of(sessions), parser, tell)
    figures |= {f"danger at urgent and above: {name}": _screened(rows, tell) for name, rows in _labelled(data).items()}
    return figures


def compare(sessions: Mapping[str, Sequence[Json]], marks: Mapping[str, Json], parser: Parser, tell: Tell) -> Table:
    """One row for the whole, and one for each part left out."""
    tallies: dict[str, list[Tally]] = {}
    for number, (name, variant) in enumerate(VARIANTS.items()):
        tell(f"without {name}", number / len(VARIANTS))
        scribe = Scribe(
            speech=NullSpeech(),
            speakers=NullSpeakers(),
            parser=parser if variant.has_grammar else NullParser(),
            writer=ExtractiveWriter(),
            acts=variant.acts,
        )
        tallies[name] = [
            tally(session, turns, write(scribe, turns), marks[session], may_show=False)
            for session, turns in sessions.items()
        ]
    return Table(
        columns=(
            "left out",
            "essential facts",
            "change, points",
            "all facts",
            "forbidden",
            "copied",
            "unconfirmed",
            "words",
        ),
        rows=tuple(_row(name, ones, tallies[WHOLE]) for name, ones in tallies.items()),
    )


def write(scribe: Scribe, turns: Sequence[Json]) -> Json:
    """The standard note of a session, in the published contract."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "session.json"
        path.write_text(json.dumps({"turns": list(turns)}), encoding="utf-8")
        note = scribe.note(path, Wish(format=load_format("soap")), lambda _step, _share: None)
    return note_as_json(note)


def _row(name: str, ones: Sequence[Tally], whole: Sequence[Tally]) -> tuple[Cell, ...]:
    moved = "-" if name == WHOLE else change([one.essential for one in whole], [one.essential for one in ones])
    return (
        name,
        rate([one.essential for one in ones]),
        moved,
        rate([one.facts for one in ones]),
        f"{sum(one.forbidden[0] for one in ones)} of {sum(one.forbidden[1] for one in ones)}",
        rate([one.copied for one in ones]),
        rate([one.unconfirmed for one in ones]),
        sorted(one.words for one in ones)[len(ones) // 2],
    )


def _without_answers(transcript: Transcript, parser: Parser) -> tuple[Utterance, ...]:
    """Every sentence alone, as if nothing had been asked."""
    return tuple(replace(utterance, answers=None) for utterance in utter(transcript, parser))


def _only_speakers(_: Sequence[Utterance], transcript: Transcript, speaking: Sequence[Person]) -> People:
    """Those who speak, and nobody they speak of."""
    return list_people((), transcript, speaking)


def _unmerged(points: Sequence[Point], *details: Any, **wishes: Any) -> tuple[Section, ...]:
    """Points under keys of their own say nothing twice."""
    return draft([replace(point, key=f"apart.{at}") for at, point in enumerate(points)], *details, **wishes)


def _believed(point: Point, _: Transcript) -> Statement:
    """Every point as if its evidence carried it."""
    return Statement(
        text=point.text,
        topic=point.topic,
        status="supported",
        support=1.0,
        evidence=point.evidence,
        inferred=point.inferred,
    )


VARIANTS: Mapping[str, Variant] = {
    WHOLE: Variant(),
    "grammar: sentences aren't parsed": Variant(has_grammar=False),
    "what client and others say": Variant(acts=Acts(listen=lambda _utterances, _people: ())),
    "the clinician's side": Variant(acts=Acts(watch=())),
    "questions and answers read together": Variant(acts=Acts(split=_without_answers)),
    "who is spoken of": Variant(acts=Acts(know=_only_speakers)),
    "danger documented from the screen": Variant(acts=Acts(warn=lambda *_: ())),
    "merging what is said twice": Variant(acts=Acts(compose=_unmerged)),
    "the support check": Variant(acts=Acts(hold=_believed)),
}
"""What is left out, in words, and how."""


def _labelled(data: Path) -> dict[str, list[Json]]:
    return safety.labelled(data) if any(data.glob("safety*/*.jsonl")) else {}


def _screened(rows: Sequence[Json], tell: Tell) -> Table:
    """Rules with the reader's second look, as the product screens messages, and rules alone."""
    messages = [parse_message(at, json.dumps(safety.asked(row)).encode())[1] for at, row in enumerate(rows, 1)]
    lines: list[tuple[Cell, ...]] = []
    for name, reader in ((WHOLE.replace("note", "screen"), LocalReader()), ("the reader's second look", None)):
        tell(f"screening without {name}", None)
        verdicts = screen_all(messages, reader=reader)
        figures = safety.score(
            list(rows), [verdict_as_json(row["id"], one) for row, one in zip(rows, verdicts, strict=True)]
        )
        lines.append((name, *(_figure(figures, kind) for kind in ("sensitivity", "specificity"))))
    return Table(columns=("left out", "sensitivity", "specificity"), rows=tuple(lines))


def _figure(figures: Mapping[str, Any], kind: str) -> Figure | str:
    found = figures[f"{kind} at urgent and above"]
    return found if isinstance(found, Figure) else str(found)
