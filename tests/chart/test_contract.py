"""The published shapes: what the chart writes obeys its schemas, and the schemas say what the contract says."""

import json
from dataclasses import replace
from importlib import resources
from typing import get_args

import jsonschema
import pytest
from referencing import Registry, Resource

from trellis.chart import (
    LEVELS,
    Assertion,
    Check,
    Concern,
    Correction,
    Detail,
    DraftNote,
    Evidence,
    Finding,
    Person,
    Section,
    Statement,
    Transcript,
    Turn,
    Verdict,
    Writer,
    note_as_json,
    verdict_as_json,
)


def schema(name):
    return json.loads(resources.files("trellis.chart").joinpath(f"data/{name}.schema.json").read_text("utf-8"))


def validator(name):
    known = Registry().with_resources(
        (item["$id"], Resource.from_contents(item)) for item in (schema("draft-note"), schema("verdict"))
    )
    return jsonschema.Draft202012Validator(schema(name), registry=known)


def statement(**changes):
    fields = {
        "text": "Client reports sleeping four hours a night.",
        "topic": "sleep",
        "status": "supported",
        "support": 0.97,
        "evidence": (Evidence(turn=1, start=0.0, end=2.5, quote="four hours a night"),),
    }
    return Statement(**fields | changes)


@pytest.fixture
def note():
    turns = (
        Turn(
            id=1,
            speaker="client:2",
            text="Maybe four hours a night, on sertraline.",
            start=0.0,
            end=2.5,
            overlap=True,
            corrections=(Correction(said="search line", text="sertraline", confidence=0.9412),),
            confidence=0.91,
            marks=("pause 6s",),
        ),
        Turn(id=2, speaker="unknown", text="Mhm."),
    )
    evidence = (
        Evidence(source="audio", start=0.0, end=2.5, measure="speech rate", value=141.0, unit="words/min"),
        Evidence(source="chart", record="not_1", quote="four hours"),
        Evidence(source="clinician", quote="looked tired"),
    )
    statements = (
        statement(),
        statement(evidence=evidence),
        statement(evidence=(), status="unconfirmed", reasons=("no evidence",)),
        statement(inferred=True, status="unconfirmed"),
    )
    found = Finding(
        concern="suicide", assertion="present", level="urgent", quote="x", detail="plan", turn=1, reason="rule"
    )
    return DraftNote(
        format="soap",
        language="en",
        people=(Person(id="client", role="client"), Person(id="p1", role="other", name="Ana", relation="sister")),
        transcript=Transcript(turns=turns, duration=2.5, role_confidence=0.9),
        sections=(Section(key="subjective", title="Subjective", statements=statements), Section(key="p", title="P")),
        not_assessed=("appearance",),
        safety=Verdict(findings=(found,)),
        checks=(Check(rule="encounter.times", severity="block", message="Add them.", section=None),),
        writer=Writer(name="extractive", version="1"),
        seconds={"draft": 0.1234567},
    )


def test_a_full_note_obeys_the_schema(note):
    """Whatever a note can hold is written in the contract's shape."""
    shape = json.loads(json.dumps(note_as_json(note)))

    validator("draft-note").validate(shape)


def test_an_empty_note_obeys_the_schema(note):
    """A recording without speech gives a valid note with empty sections."""
    empty = replace(
        note, people=(), transcript=Transcript(turns=()), sections=(), safety=Verdict(), checks=(), seconds={}
    )

    validator("draft-note").validate(note_as_json(empty))


@pytest.mark.parametrize("name", ["draft-note", "verdict"])
def test_schemas_are_valid_schemas(name):
    """The schemas themselves are right, so that an integrator's tools accept them."""
    jsonschema.Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize(
    "broken",
    [
        {"evidence": (), "status": "supported"},
        {"inferred": True, "status": "supported"},
        {"evidence": (Evidence(turn=1, start=0.0, end=1.0, quote=""),)},
        {"evidence": (Evidence(turn=1, start=0.0, end=1.0),)},
        {"support": 1.5},
        {"status": "maybe"},
        {"text": ""},
    ],
)
def test_a_broken_statement_is_refused(note, broken):
    """No third status, no support without evidence, no conclusion passed as a fact, no evidence without a quote."""
    section = Section(key="s", title="S", statements=(statement(**broken),))

    with pytest.raises(jsonschema.ValidationError):
        validator("draft-note").validate(note_as_json(replace(note, sections=(section,))))


def test_a_verdict_obeys_its_schema(note):
    """A line of `trellis safety screen` has the message's own id, a level and findings."""
    shape = verdict_as_json("m-1", note.safety)

    validator("verdict").validate(shape)
    assert shape["id"] == "m-1"
    assert shape["level"] == "urgent"


def test_schemas_know_every_word_of_the_vocabulary():
    """Levels, concerns, assertions and details in the schema are those of the code: neither can grow alone."""
    defs = schema("verdict")["$defs"]
    finding = defs["finding"]["properties"]

    assert tuple(defs["level"]["enum"]) == LEVELS
    assert tuple(finding["concern"]["enum"]) == get_args(Concern)
    assert tuple(finding["assertion"]["enum"]) == get_args(Assertion)
    assert tuple(finding["detail"]["enum"]) == get_args(Detail)


def test_fields_may_be_added(note):
    """A reader with today's schema accepts a note of tomorrow with more fields."""
    shape = note_as_json(note) | {"tomorrow": True}
    shape["sections"][0]["statements"][0]["tomorrow"] = 1

    validator("draft-note").validate(shape)


def test_times_stay_unknown_where_they_are_unknown(note):
    """A transcript without times has null, never zero."""
    turn = note_as_json(note)["transcript"]["turns"][1]

    assert turn["start"] is None
    assert turn["end"] is None
