"""Journeys of a transcript: every form and every format to a note that keeps the contract, or to one line."""

import json

import pytest

from .conftest import DEMO

TALK = """Therapist: How have you been sleeping?
Client: Maybe four hours a night. I wake at three and can't get back to sleep.
Therapist: Any thoughts of not wanting to be alive?
Client: Sometimes I wish I wouldn't wake up. I don't have a plan or anything.
Therapist: Thank you for telling me. Would you call the crisis line if it got worse?
Client: Yes. I have the number in my phone.
"""
GERMAN = """Therapist: Guten Tag. Wie ging es Ihnen seit unserem letzten Gespräch, und wie haben Sie geschlafen?
Client: Es geht so. Ich schlafe immer noch schlecht, vielleicht vier Stunden, und ich komme nicht aus dem Bett.
"""
SPANISH = """Terapeuta: Hola, buenas tardes. ¿Cómo ha dormido estas dos semanas?
Cliente: Mal. Duermo unas cuatro horas y a veces pienso que sería mejor no despertar.
"""
FORMATS = ("soap", "dap", "birp", "girp", "pirp", "intake", "crisis", "group", "discharge", "med")


@pytest.fixture
def talk(tmp_path):
    """Writes a transcript and gives its path."""

    def write(content, name="talk.txt"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_keeps_the_contract(scribe, contract_true, name):
    """The shipped session's transcript becomes a note in each format, true to the published contract."""
    done = scribe(DEMO / "session.json", "--format", name)

    assert done.code == 0, done.err
    assert done.note["format"] == name
    contract_true(done.note)
    assert done.statements


def test_danger_is_found_and_cited(scribe, talk, contract_true):
    """A wish not to wake up is urgent, and the note quotes it whatever else it says."""
    done = scribe(talk(TALK))

    assert done.code == 0, done.err
    contract_true(done.note)
    assert done.note["safety"]["level"] == "urgent"
    assert any(
        "wish I wouldn't wake up" in evidence["quote"] for one in done.statements for evidence in one["evidence"]
    )
    assert not any("denies suicidal" in one["text"].lower() for one in done.statements)


WRITTEN = {
    "talk.vtt": """WEBVTT

00:01.000 --> 00:04.000
<v Therapist>How do you sleep?

00:05.000 --> 00:08.000
<v Client>Maybe four hours a night.
""",
    "talk.srt": """1
00:00:01,000 --> 00:00:04,000
Therapist: How do you sleep?

2
00:00:05,000 --> 00:00:08,000
Client: Maybe four hours a night.
""",
    "talk.csv": """speaker,start,end,text
Therapist,1,4,How do you sleep?
Client,5,8,Maybe four hours a night.
""",
    "talk.json": """{"turns": [
    {"speaker": "clinician", "start": 1, "end": 4, "text": "How do you sleep?"},
    {"speaker": "client", "start": 5, "end": 8, "text": "Maybe four hours a night."}
]}""",
    "TALK.TXT": """[00:00:01] Therapist: How do you sleep?
[00:00:05] Client: Maybe four hours a night.
""",
}


@pytest.mark.parametrize("name", WRITTEN)
def test_every_written_form_is_read(scribe, talk, contract_true, name):
    """Subtitles, tables, turns and plain lines say the same: who, when, and what; the note cites it."""
    done = scribe(talk(WRITTEN[name], name))

    assert done.code == 0, done.err
    contract_true(done.note)
    assert [(turn["speaker"], turn["start"]) for turn in done.turns] == [("clinician", 1.0), ("client", 5.0)]
    assert any("four hours" in statement["text"] for statement in done.statements)


@pytest.mark.parametrize("content", ["Client: Fine.\n", "hello there\n", "Therapist: Hi.\n", "Client: [sighs]\n"])
def test_a_single_line_is_a_valid_note(scribe, talk, contract_true, content):
    """So little is no error: a valid note with empty sections, and a check that says how little it was."""
    done = scribe(talk(content))

    assert done.code == 0, done.err
    contract_true(done.note)
    assert done.statements == []
    assert done.rules & {"transcript.short", "transcript.no_speech"}


def test_one_person_alone_is_a_valid_note(scribe, talk, contract_true):
    """Where only the client speaks, what they say is noted, and a check says that nobody asked."""
    done = scribe(talk("Client: I sleep four hours a night.\nClient: I feel tired all day.\n"))

    assert done.code == 0, done.err
    contract_true(done.note)
    assert any("four hours" in statement["text"] for statement in done.statements)
    assert {turn["speaker"] for turn in done.turns} == {"client"}
    assert done.rules & {"transcript.one_speaker", "transcript.short"}


def test_spanish_has_its_screen_and_its_note_comes_later(scribe, talk, contract_true):
    """A session in Spanish is screened for danger; its note comes later, and a check says so."""
    done = scribe(talk(SPANISH))

    assert done.code == 0, done.err
    contract_true(done.note)
    assert (done.note["language"], done.statements) == ("es", [])
    assert done.note["safety"]["level"] == "urgent"
    assert "language.note_later" in done.rules


@pytest.mark.parametrize(
    ("content", "asked", "words"),
    [
        (GERMAN, "any", "another language than English or Spanish"),
        (GERMAN, "en", "another language than English"),
        ("Therapist: こんにちは。最近はよく眠れていますか。\nClient: あまり眠れません。\n", "any", "another language"),
        (SPANISH, "en", "Use --language es."),
        (TALK, "es", "Use --language en."),
    ],
)
def test_another_language_is_refused(scribe, refused, talk, content, asked, words):
    """A transcript in a language that isn't read, or not the one asked for, is exit code 2 with one line."""
    refused(scribe(talk(content), "--language", asked), words)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("talk.txt", b"", "The transcript is empty"),
        ("talk.txt", b" \n\t\n", "The transcript is empty"),
        ("talk.json", b"", "The transcript is empty"),
        ("talk.txt", b"\x00\x01\x02 secret cellar" * 40, "no readable text"),
        ("talk.json", b'{"turns": [{"speaker": "client", "text": "secret cellar"}', "Line 1"),
        ("talk.json", b'{"turns": [{"speaker": 3, "text": "secret cellar"}]}', "Turn 1"),
        ("talk.json", b'{"text": "secret cellar"}', '"turns"'),
        ("talk.vtt", b"secret cellar", "Line 1"),
        ("talk.srt", b"1\n00:00:09,000 --> 00:00:01,000\nsecret cellar\n", "Line 2"),
        ("talk.csv", b"speaker,text\nclient,secret cellar\nclient\n", "Line 3"),
        ("talk.txt", b"[99:99] Client: secret cellar\n", "Line 1"),
    ],
)
def test_what_cant_be_read_is_named_by_its_line(scribe, refused, talk, name, content, words):
    """A malformed transcript is one line that says where, never what was said."""
    done = scribe(talk(content, name))

    refused(done, words)
    assert "cellar" not in done.err


def test_marks_and_controls_in_a_transcript_do_no_harm(command, talk, contract_true):
    """Bells, escapes and marks that turn the reading direction reach neither the terminal nor the quotes' truth."""
    said = "Therapist: How have you\a been \x1b[31msleeping?\nClient: \u202eMaybe four hours\u202c a\u200b night.\n"
    path = talk(said + TALK * 3)
    note = json.loads(command("scribe", path, "--json", "-").out)
    shown = command("scribe", path)

    contract_true(note)
    assert shown.code == 0, shown.err
    assert not set("\a\x1b\u202e\u202c\u200b") & set(shown.out)


def test_one_huge_turn_is_read(scribe, talk, contract_true):
    """Three thousand words without a break are one turn, and a note."""
    done = scribe(talk("Client: " + "I sleep four hours a night and then I wake up. " * 270))

    assert done.code == 0, done.err
    contract_true(done.note)
    assert len(done.turns) == 1


def test_thousands_of_turns_are_read(scribe, talk, contract_true):
    """Five thousand short turns keep their number and their order."""
    done = scribe(talk("Therapist: Mm-hm.\nClient: Tired.\n" * 2500))

    assert done.code == 0, done.err
    contract_true(done.note)
    assert len(done.turns) == 5000
    assert [turn["id"] for turn in done.turns] == list(range(1, 5001))
