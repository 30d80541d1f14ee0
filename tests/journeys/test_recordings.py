"""Journeys of a recording: through the real engines to a note that keeps the contract, or to one line that says why.

All voices are synthetic: those of the shipped session, and of two short clips in German and Spanish (`data/CARD.md`).
"""

import json
from pathlib import Path

import numpy as np
import pytest

from .conftest import DATA, DEMO, RATE, write_coded, write_wav

pytestmark = pytest.mark.xdist_group("recordings")

SIZE = 500 * 1024 * 1024


@pytest.fixture(scope="session")
def clip(session):
    """Half a minute of the session: both people speak."""
    return session[: 30 * RATE]


def drawn(kind, seconds=14):
    """What a room may hold besides voices."""
    chance, times = np.random.default_rng(5), np.arange(seconds * RATE) / RATE
    match kind:
        case "silence":
            return np.zeros(len(times))
        case "noise":
            return 0.1 * chance.standard_normal(len(times))
    notes = np.array([220, 277.18, 329.63, 440, 392, 349.23, 293.66, 246.94])[(times * 2).astype(int) % 8]
    decay = np.exp(-3 * (times % 0.5))
    return 0.3 * decay * sum(np.sin(2 * np.pi * over * notes * times) / over for over in range(1, 6))


def test_a_session_becomes_a_note_in_every_shape(command, out, clip, tmp_path, contract_true):
    """One run gives JSON that keeps the contract, a page with the sound inside, and text; only text is printed."""
    path = write_wav(tmp_path / "session.wav", clip)
    arguments = ("--json", out / "note.json", "--html", out / "note.html", "--text", "--speakers", 2)
    done = command("scribe", path, *arguments)

    assert done.code == 0, done.err
    assert done.files == ("note.html", "note.json")
    contract_true(done.note)
    assert done.note["language"] == "en"
    assert {turn["speaker"] for turn in done.turns} == {"clinician", "client"}
    assert 29 < done.note["transcript"]["duration"] < 31
    assert all(0 <= turn["start"] <= turn["end"] <= 30.1 for turn in done.turns)
    assert "four hours" in " ".join(turn["text"] for turn in done.turns)
    page = (out / "note.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>") and "<audio" in page
    for statement in done.statements:
        assert statement["text"] in done.out
    assert not done.out.lstrip().startswith("{")


def test_json_on_standard_output_is_nothing_but_json(command, clip, tmp_path, contract_true):
    """`--json -` prints one JSON document; progress and everything else stay away from it."""
    done = command("scribe", write_wav(tmp_path / "session.wav", clip[: 15 * RATE]), "--json", "-")

    assert done.code == 0, done.err
    contract_true(json.loads(done.out))


def test_what_is_in_a_file_counts_not_its_ending(scribe, clip, tmp_path, contract_true):
    """An mp3 that is called .wav is a recording like any other."""
    done = scribe(write_coded(tmp_path / "session.wav", clip[: 15 * RATE], "mp3", "libmp3lame"))

    assert done.code == 0, done.err
    contract_true(done.note)
    assert done.turns


@pytest.mark.parametrize("kind", ["silence", "noise", "music"])
def test_a_recording_without_speech_is_no_error(scribe, tmp_path, contract_true, kind):
    """Silence, noise and music give a valid note with empty sections, nothing invented, and a check that says so."""
    done = scribe(write_wav(tmp_path / f"{kind}.wav", drawn(kind)))

    assert done.code == 0, done.err
    contract_true(done.note)
    assert done.turns == []
    assert done.statements == []
    assert done.note["safety"] == {"level": "none", "findings": []}
    assert "transcript.no_speech" in done.rules


def test_one_voice_alone_is_a_note_with_a_check(scribe, session, tmp_path, contract_true):
    """Where one person is heard, everything is theirs, and a check asks whether the recording is whole."""
    done = scribe(write_wav(tmp_path / "alone.wav", session[round(24.3 * RATE) : round(31.4 * RATE)]))

    assert done.code == 0, done.err
    contract_true(done.note)
    assert len({turn["speaker"] for turn in done.turns}) == 1
    assert "transcript.one_speaker" in done.rules


def test_a_language_that_isnt_spoken_here_is_refused(scribe, refused):
    """A session in German is never written down as English: exit code 2, one line, nothing written."""
    refused(scribe(DATA / "german.opus"), "in another language than English or Spanish")


def test_spanish_is_transcribed_and_screened_and_its_note_comes_later(scribe, contract_true):
    """A session in Spanish has its transcript, its screen, and a check that says that its note comes later."""
    done = scribe(DATA / "spanish.opus")

    assert done.code == 0, done.err
    contract_true(done.note)
    assert done.note["language"] == "es"
    assert "cuatro horas" in " ".join(turn["text"] for turn in done.turns)
    assert done.statements == []
    assert "language.note_later" in done.rules


def test_spanish_is_refused_where_english_was_asked_for(scribe, refused):
    """The language asked for counts, and the line says how to ask for the other."""
    refused(scribe(DATA / "spanish.opus", "--language", "en"), "Use --language es.")


def test_a_greeting_is_not_taken_for_another_language(scribe, tmp_path, contract_true):
    """Two seconds of Spanish sound like Japanese to the recogniser; they are Spanish all the same."""
    from trellis.inference.audio import stream

    samples = next(stream(DATA / "spanish.opus", seconds=2.6)).samples.mean(axis=0)
    done = scribe(write_wav(tmp_path / "greeting.wav", samples))

    assert done.code == 0, done.err
    contract_true(done.note)
    assert done.note["language"] == "es"
    assert "buenas tardes" in done.turns[0]["text"].lower()
    assert {"language.note_later", "transcript.short"} <= done.rules


# What is no whole recording ------------------------------------------------------------------------------------------


def _cut(path, clip):
    return write_wav(path, clip), lambda content: content[: len(content) // 2]


def _broken(path, clip):
    noise = np.random.default_rng(1).bytes(90_000)
    whole = write_coded(path, clip, "flac", "flac")
    return whole, lambda content: content[:150_000] + noise + content[240_000:]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.wav", b"", "is empty (0 bytes)"),
        ("empty.m4a", b"", "is empty (0 bytes)"),
        ("talk.wav", b"Therapist: How are you?\nClient: Tired.\n" * 40, "isn't a recording that can be read"),
        ("rubbish.mp3", np.random.default_rng(0).bytes(30_000), "isn't a recording that can be read"),
        ("session.docx", b"Therapist: How are you?\n", "neither a recording nor a transcript by its ending"),
        ("session", b"Therapist: How are you?\n", "neither a recording nor a transcript by its ending"),
    ],
)
def test_what_is_no_recording_is_refused(scribe, refused, tmp_path, name, content, words):
    """An empty file, another kind of file and an unknown ending are each one line, exit code 2."""
    path = tmp_path / name
    path.write_bytes(content)
    refused(scribe(path), words)


@pytest.mark.parametrize(
    ("make", "name", "words"),
    [(_cut, "half.wav", "cut short: its end is missing"), (_broken, "broken.flac", "part of it can't be decoded")],
)
def test_part_of_a_session_isnt_taken_for_the_whole(scribe, refused, clip, tmp_path, make, name, words):
    """A recording cut short or damaged is refused: its note would look like that of a whole session."""
    path, harm = make(tmp_path / name, clip)
    path.write_bytes(harm(path.read_bytes()))
    refused(scribe(path), words)


def test_a_shipped_recording_cut_short_is_refused(scribe, refused, tmp_path):
    """Opus without its last page says so, too."""
    path = tmp_path / "half.opus"
    path.write_bytes((DEMO / "session.opus").read_bytes()[:200_000])
    refused(scribe(path), "cut short")


def test_sound_called_text_is_refused_as_text(scribe, refused, tmp_path):
    """A recording that is called .txt is no readable text, and nobody tries to guess."""
    path = tmp_path / "session.txt"
    path.write_bytes((DEMO / "session.opus").read_bytes())
    refused(scribe(path), "no readable text")


@pytest.mark.parametrize("name", ["big.wav", "big.m4a", "big.webm", "big.txt", "big.json"])
def test_half_a_gigabyte_of_nothing_is_refused_unread(scribe, refused, tmp_path, name):
    """A huge file that is neither recording nor transcript is refused without taking it into memory."""
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(SIZE)
    done = scribe(path)

    refused(done, "at most 20 MB" if Path(name).suffix in (".txt", ".json") else "isn't a recording")


@pytest.mark.parametrize(("name", "words"), [("gone.wav", "can't be opened"), ("folder.wav", "can't be opened")])
def test_a_recording_that_isnt_there_is_refused(scribe, refused, tmp_path, name, words):
    """A missing file, or a folder of that name, is one line that doesn't repeat the name."""
    (tmp_path / "folder.wav").mkdir()
    done = scribe(tmp_path / name)

    refused(done, words)
    assert name not in done.err
