"""Leaving a part out changes what that part does, and nothing else."""

import json

import pytest

from trellis.inference import LocalParser, NullSpeakers, NullSpeech
from trellis.lab.ask_product import notes_of
from trellis.lab.suites import ablations
from trellis.lab.suites.ablations import VARIANTS, WHOLE, RememberingParser, compare, write
from trellis.scribe import ExtractiveWriter, Scribe

TURNS = [
    {"id": 1, "speaker": "clinician", "text": "How has your sleep been this week?"},
    {"id": 2, "speaker": "client", "text": "I sleep four hours a night and wake up tired."},
    {"id": 3, "speaker": "clinician", "text": "Are you having any thoughts of suicide?"},
    {"id": 4, "speaker": "client", "text": "No, none."},
    {"id": 5, "speaker": "client", "text": "I really sleep four hours a night and wake up tired."},
    {
        "id": 6,
        "speaker": "clinician",
        "text": "For homework, please keep the thought record every evening until next week.",
    },
    {"id": 7, "speaker": "client", "text": "Okay, I will do that."},
]
MARKS = {
    "facts": [
        {
            "id": "f1",
            "topic": "sleep",
            "fact": "4 h",
            "turns": [2],
            "essential": True,
            "keys": [["four", "4"], ["hour"]],
        },
        {
            "id": "f2",
            "topic": "homework",
            "fact": "Thought record",
            "turns": [6],
            "essential": True,
            "keys": [["thought"], ["record"]],
        },
    ],
    "must_not": [],
}


@pytest.fixture(scope="module")
def parser():
    """The real parser, asked once for each session."""
    return RememberingParser(LocalParser())


@pytest.fixture(scope="module")
def notes(parser):
    """The note of each variant that has grammar."""
    return {
        name: write(
            Scribe(
                speech=NullSpeech(),
                speakers=NullSpeakers(),
                parser=parser,
                writer=ExtractiveWriter(),
                acts=variant.acts,
            ),
            TURNS,
        )
        for name, variant in VARIANTS.items()
        if variant.has_grammar
    }


def texts(note):
    return [statement["text"] for section in note["sections"] for statement in section["statements"]]


def test_the_whole_says_both_sides(notes):
    """The note as it is has what the client said and what the clinician gave."""
    said = " ".join(texts(notes[WHOLE]))

    assert "four hours" in said
    assert "thought record" in said
    assert "suicid" in said.lower()


def test_the_whole_is_what_the_command_writes(notes):
    """The note that parts are left out of is the product's own, statement by statement."""
    written = notes_of({"s": TURNS}, lambda _done: None)["s"]

    assert written["sections"] == notes[WHOLE]["sections"]


@pytest.mark.parametrize(
    ("part", "lost", "kept"),
    [
        ("the clinician's side", "thought record", "four hours"),
        ("what client and others say", "four hours", "thought record"),
    ],
)
def test_a_part_left_out_takes_its_statements_along(notes, part, lost, kept):
    """Without a part, what only it finds is gone and the rest stays."""
    said = " ".join(texts(notes[part]))

    assert lost not in said
    assert kept in said


def test_without_merging_the_same_is_said_twice(notes):
    """Sleep is told once in the whole note, and twice where nothing is merged."""

    def told(name):
        return " ".join(texts(notes[name])).count("four hours")

    assert told("merging what is said twice") > told(WHOLE) == 1


def test_without_the_check_nothing_is_unconfirmed(notes):
    """Statuses are the check's work."""
    statuses = {
        statement["status"] for section in notes["the support check"]["sections"] for statement in section["statements"]
    }

    assert statuses == {"supported"}


def test_one_row_for_each_part(parser):
    """The whole comes first and has no change; each variant is scored on the same sessions, parsed once."""
    table = compare({"s": TURNS}, {"s": MARKS}, parser, lambda _step, _share: None)

    assert [row[0] for row in table.rows] == list(VARIANTS)
    whole, *others = table.rows
    assert (whole[1].value, whole[2]) == (1, "-")
    without = next(row for row in others if row[0] == "the clinician's side")
    assert without[1].value == 0.5
    assert without[2] == "-50.0 (-50.0 to -50.0)"
    assert len(parser._known) == 1


def test_the_screen_is_compared_with_and_without_its_reader(tmp_path):
    """Sets of labelled messages are screened both ways; a danger named outright needs no reader."""
    rows = [
        {"id": "a", "text": "I am going to kill myself tonight.", "gold": {"level": "emergency"}},
        {"id": "b", "text": "The bus was late.", "gold": {"level": "none"}},
    ]
    (tmp_path / "safety-ours").mkdir()
    file = tmp_path / "safety-ours" / "set.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    sets = ablations._labelled(tmp_path)
    table = ablations._screened(sets["safety-ours/set"], lambda _step, _share: None)

    assert [row[0] for row in table.rows] == ["nothing: the screen as it is", "the reader's second look"]
    assert [cell.value for cell in table.rows[1][1:]] == [1, 1]
