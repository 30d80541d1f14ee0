"""Journeys of a note on the record: from one session to the next, and of one client among several."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from trellis.app import House
from trellis.chart import Client, Encounter, Goal, Measurement, Medication, Present, Signer
from trellis.cli import run
from trellis.kernel import Settings
from trellis.record import (
    add_client,
    add_encounter,
    confirm,
    give,
    make_clinic,
    open_clinic,
    settle,
    sign,
    walk,
    what_is_open,
)

ANN = "staff:usr_ann"
DANA = Signer(staff=ANN, name="Dana Reyes", credentials="LCSW")

FIRST = """[00:00:00] Therapist: How have you been sleeping?
[00:00:05] Client: Maybe three hours a night.
[00:00:10] Therapist: Your PHQ-9 score today is 17.
[00:00:14] Client: Okay.
[00:00:16] Therapist: For homework, I'd like you to walk around the lake three times this week.
[00:00:21] Client: Okay, I'll do that.
"""
SECOND = """[00:00:00] Therapist: How did the walking go?
[00:00:04] Client: I walked around the lake twice this week.
[00:00:09] Therapist: How are you sleeping now?
[00:00:12] Client: I sleep about five hours a night now.
[00:00:16] Therapist: Are you taking the sertraline?
[00:00:19] Client: Yes, I take fifty milligrams of sertraline every morning.
[00:00:24] Therapist: Your PHQ-9 score today is 9.
[00:00:28] Client: That's good.
"""
GROUP = """[00:00:00] Therapist: Mara, how was your week?
[00:00:04] Mara: I relapsed on Friday and I drank a whole bottle of wine.
[00:00:09] Therapist: Thank you for telling us. And you?
[00:00:12] Ivo: I stayed sober for two weeks. I sleep about six hours a night.
[00:00:18] Therapist: What helps you to stay sober?
[00:00:21] Ivo: Running helps me, and my sponsor calls me every evening.
"""


@pytest.fixture
def clinic(tmp_path, house):
    """A clinic in a folder, and a house that works on it with the engines that are loaded already."""
    settings = Settings({"store.folder": str(tmp_path / "clinic")})
    make_clinic(settings, "Test clinic")
    own = House()
    own.__dict__["settings"] = settings
    own.__dict__["_scribe"] = house._scribe
    return own


@pytest.fixture
def scribed(clinic, tmp_path, capsys):
    """`trellis scribe` on this clinic: the note as JSON, or the one line of the refusal."""

    def scribe(text, *options):
        path = tmp_path / "session.txt"
        path.write_text(text, encoding="utf-8")
        code = run(clinic, ["scribe", str(path), "--json", "-", *options])
        said = capsys.readouterr()
        return json.loads(said.out) if code == 0 else (code, said.err)

    return scribe


def met(clinic, names, days_ago=0, **more):
    """Clients of these names who met; gives their ids, then the encounter's."""
    began = datetime.now(UTC) - timedelta(days=days_ago, hours=2)
    with open_clinic(clinic.settings) as record, record.work(ANN) as work:
        ids = [add_client(work, Client(legal_name=name, birth_date=date(1990, 5, 1))).id for name in names]
        for each in ids:
            for use in ("treatment", "ai_drafting"):
                give(work, each, use, signed_by="The client")
        encounter = again(work, ids, began)
        for noun in more.get("chart", ()):
            work.add(noun, client=ids[0], reason="chart.add")
    return [*ids, encounter]


def again(work, ids, began):
    present = tuple(Present(role="client", client=each) for each in ids)
    return add_encounter(work, Encounter(mode="in_person", clinician=ANN, started_at=began, present=present)).id


def of_chart(note):
    return [
        each
        for section in note["sections"]
        for each in section["statements"]
        if each["topic"] != "consent" and any(one["source"] == "chart" for one in each["evidence"])
    ]


def test_the_next_note_rests_on_the_last(clinic, scribed, contract_true, capsys):
    """A signed note's homework, a goal, a drug and a score come back beside what was said, each with its entry."""
    chart = (
        Goal(words="Sleep six hours a night"),
        Medication(name="sertraline", dose="50 mg", how="every morning"),
        Measurement(instrument="PHQ-9", value=17),
    )
    client, first = met(clinic, ["Ann Example"], days_ago=1, chart=chart)
    scribed(FIRST, "--client", client, "--encounter", first)
    with open_clinic(clinic.settings) as record, record.work(ANN) as work:
        draft = work.open_found(client=client, kinds=["draft"])[0]
        draft = confirm(work, draft, [number for number, _ in what_is_open(draft.content).statements])
        for rule in what_is_open(draft.content).checks:
            draft = settle(work, draft, rule, "Seen to.")
        signed = sign(work, draft, DANA)
        walked = walk(work, signed, 1)
        second = again(work, [client], datetime.now(UTC) - timedelta(hours=1))
    assert run(clinic, ["audit", "notes"]) == 0
    assert capsys.readouterr().out == "Every signature holds: 1.\n"
    note = scribed(SECOND, "--client", client, "--encounter", second)
    contract_true(note)
    found = of_chart(note)

    assert walked.steps[0].turn.start is not None and walked.steps[0].quoted
    assert {"homework_review", "progress", "medication"} <= {each["topic"] for each in found}
    for each in found:
        assert {one["source"] for one in each["evidence"]} == {"chart", "transcript"}
    review = next(each for each in found if each["topic"] == "homework_review")
    assert next(one["record"] for one in review["evidence"] if one["source"] == "chart") == signed.id
    assert all(each["inferred"] and each["status"] == "unconfirmed" for each in found if each["topic"] == "progress")
    with open_clinic(clinic.settings) as record, record.work(ANN) as work:
        kept = work.open_found(client=client, kinds=["draft"], encounter=second)
        numbers = [each.number for each in kept[0].content.statements() if each.topic == "homework_review"]
        steps = walk(work, kept[0], numbers[0]).steps

    assert {(step.source, step.quoted) for step in steps} == {("kept", True)}


def test_of_a_group_one_chart_gets_one_clients_words(clinic, scribed, tmp_path):
    """The note, its transcript, the page and everything in the chart hold this client's words and no other's."""
    mara, ivo, encounter = met(clinic, ["Mara Voss", "Ivo Petrov"])
    note = scribed(GROUP, "--client", ivo, "--encounter", encounter, "--format", "group")
    assert run(
        clinic,
        ["scribe", str(tmp_path / "session.txt"), "--client", ivo, "--encounter", encounter,
         "--html", str(tmp_path / "note.html")],
    ) == 0  # fmt: skip
    page = (tmp_path / "note.html").read_text(encoding="utf-8")
    with open_clinic(clinic.settings) as record, record.work(ANN) as work:
        everything = repr([work.open_found(client=ivo), json.dumps(note), page])
        assert work.find(client=mara, kinds=["draft", "transcript"]) == []

    assert "sponsor" in everything and "sober" in everything
    assert not any(word in everything for word in ("Mara", "relapsed", "wine", "Friday", mara))


def test_what_does_not_fit_together_is_refused_in_one_line(clinic, scribed):
    """An encounter of somebody else, none at all, or a member nobody named: nothing is kept, and the line names ids."""
    client, encounter = met(clinic, ["Ann Example"])
    other, _ = met(clinic, ["Eve"])
    for options in (
        ("--client", client),
        ("--client", other, "--encounter", encounter),
        ("--client", client, "--encounter", "enc_none"),
    ):
        code, line = scribed(FIRST, *options)
        assert code == 2 and line.count("\n") == 1
        assert "Example" not in line and "sleeping" not in line
    with open_clinic(clinic.settings) as record, record.work(ANN) as work:
        assert work.find(kinds=["draft", "transcript"]) == []
