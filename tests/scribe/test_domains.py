"""The symptom view: the note's statements by domain, what is denied apart, nothing of others, nothing added."""

import re
import tomllib
from importlib import resources

import pytest

from trellis.chart import DraftNote, Evidence, Section, Statement, Transcript, Turn, Verdict, Writer
from trellis.scribe.domains import view_domains
from trellis.scribe.topics import TOPICS


def note(*told):
    """A note of these statements, each a text with its topic."""
    statements = tuple(
        Statement(text=text, topic=topic, status="supported", support=0.9, evidence=(Evidence(turn=1, quote="Yes."),))
        for text, topic in told
    )
    return DraftNote(
        format="soap",
        language="en",
        people=(),
        transcript=Transcript(turns=(Turn(id=1, speaker="client", text="Yes."),)),
        sections=(Section(key="subjective", title="Subjective", statements=statements),),
        not_assessed=(),
        safety=Verdict(),
        checks=(),
        writer=Writer(name="extractive", version="1"),
        seconds={},
    )


def spoken_of(text, topic="symptom"):
    return {view.domain.key for view in view_domains(note((text, topic))) if view}


@pytest.mark.parametrize(
    ("text", "topic", "domain"),
    [
        ("Client reports crying most afternoons.", "symptom", "mood.low"),
        ("Client reports racing thoughts and spending sprees.", "symptom", "mood.high"),
        ("Client reports panic attacks in shops.", "symptom", "anxiety"),
        ("Client reports checking the stove twenty times.", "symptom", "obsessions"),
        ("Client describes flashbacks of the crash.", "symptom", "trauma"),
        ("Client reports feeling outside their body.", "symptom", "dissociation"),
        ("Client reports waking at three.", "sleep", "sleep"),
        ("Client reports hearing voices at night.", "risk", "psychosis"),
        ("Client reports six beers on Friday.", "substance", "substance"),
        ("Client reports skipping meals and weight loss.", "appetite", "eating"),
        ("Client reports that they cannot concentrate.", "symptom", "attention"),
        ("Client reports that they got lost on the way home.", "symptom", "cognition"),
        ("Client reports headaches.", "medical", "somatic"),
        ("Client denies suicidal thoughts.", "risk", "risk"),
        ("Client reports that they missed work twice.", "work", "function"),
        ("PCL-5 score 52, down from 58.", "measure", "trauma"),
        ("GAD-7 score 12.", "measure", "anxiety"),
    ],
)
def test_a_statement_stands_in_its_domain(text, topic, domain):
    """Each domain gathers the statements that speak of it, measures by their instrument."""
    assert domain in spoken_of(text, topic)


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("Client reports that they cut down to three cigarettes.", "mood.low"),
        ("Client reports a number of errands.", "mood.low"),
        ("Client reports that they did the worksheet.", "function"),
        ("Client reports a panic attack.", "trauma"),
        ("Client reports a soft drink at lunch.", "substance"),
        ("Client reports binge watching a show.", "eating"),
    ],
)
def test_words_that_mean_something_else_do_not_count(text, domain):
    """A word inside another word or a saying is no evidence of a symptom."""
    assert domain not in spoken_of(text)


def test_denials_stand_apart_and_silence_is_no_denial():
    """What the client denied is shown as denied; a domain nobody spoke of holds nothing at all."""
    views = {view.domain.key: view for view in view_domains(note(("Client denies hearing voices.", "symptom")))}
    assert [each.text for each in views["psychosis"].denied] == ["Client denies hearing voices."]
    assert not views["psychosis"].reported
    assert not views["eating"]


def test_what_others_say_of_themselves_is_not_the_clients():
    """Symptoms of relatives and of others in the room are no evidence about the client; what they tell of them is."""
    assert spoken_of("Another person present reports being terrified.") == set()
    assert spoken_of("Client reports that their mother cried all night.") == set()
    assert "mood.low" in spoken_of("Another person present reports that Client cries every evening.")


def test_what_the_clinician_did_is_no_symptom():
    """Interventions and plans name symptoms without being evidence of any."""
    assert spoken_of("Clinician gave psychoeducation on anxiety and panic.", "intervention") == set()
    assert spoken_of("Client plans to stop drinking.", "plan") == set()


def test_the_same_note_gives_the_same_view_and_every_statement_is_the_notes_own():
    """The view repeats statements of the note with their evidence; it makes none."""
    made = note(("Client reports crying.", "symptom"), ("Client denies suicidal thoughts.", "risk"))
    own = set(made.statements())
    shown = [each for view in view_domains(made) for each in (*view.reported, *view.denied, *view.measured)]
    assert shown and set(shown) <= own
    assert view_domains(made) == view_domains(made)


def test_the_data_is_dated_sourced_and_names_no_diagnosis():
    """Domains are reviewable data: dated, sourced, of known topics, titled by what is looked for."""
    table = tomllib.loads(resources.files("trellis.scribe").joinpath("data/domains.toml").read_text(encoding="utf-8"))
    assert table["date"] and table["source"] and table["version"]
    assert set(table["topics"]) <= set(TOPICS)
    keys = [entry["key"] for entry in table["domains"]]
    assert len(keys) == len(set(keys))
    for entry in table["domains"]:
        assert set(entry.get("topics", ())) <= set(TOPICS)
        assert not re.search(r"disorder|syndrome|criteri", f"{entry['title']} {entry['about']}", re.IGNORECASE)
