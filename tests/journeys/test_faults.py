"""Journeys that can't end well: one clear line, the contract's exit code, and nothing written, half or whole."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from trellis.app import House
from trellis.kernel import Settings

from .conftest import RATE, write_wav

TALK = "Therapist: How have you been sleeping?\nClient: Maybe four hours a night. I feel tired.\n"
WORDS = [
    {"word": word, "start": n * 0.3, "end": n * 0.3 + 0.2} for n, word in enumerate(("I", "slept", "four", "hours."))
]
GOOD = {"text": "I slept four hours.", "language": "english", "words": WORDS}


@pytest.fixture
def talk(tmp_path):
    """A transcript that would give a note."""
    path = tmp_path / "talk.txt"
    path.write_text(TALK)
    return path


@pytest.fixture(scope="session")
def spoken(session, tmp_path_factory):
    """Six seconds of the shipped session (synthetic voices)."""
    return write_wav(tmp_path_factory.mktemp("spoken") / "spoken.wav", session[: 6 * RATE])


def house_with(**settings):
    """A house of its own with these settings (`__` for the dot)."""
    made = House()
    made.settings = Settings({name.replace("__", "."): value for name, value in settings.items()})
    return made


# Options ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--clinician", "Nobody"), "No speaker has the label that --clinician names"),
        (("--speakers", "9"), "--speakers"),
        (("--speakers", "none"), "--speakers"),
        (("--format", "nope"), "There is no note format"),
        (("--format", "gone.toml"), "There is no format file"),
        (("--language", "de"), "--language"),
        (("--length", "endless"), "--length"),
        (("--writer", "gpt"), "There is no such writer"),
        (("--writer", "http://example.org/v1"), "names a host beyond this machine"),
        (("--nonsense",), "--nonsense"),
        (("more.txt",), "more.txt"),
    ],
)
def test_a_wrong_option_is_refused(scribe, refused, talk, arguments, words):
    """Each wrong option is exit code 2 and one line that names it."""
    refused(scribe(talk, *arguments), words)


@pytest.mark.parametrize("content", [b"", b"title = ", b'key = "mine"\n', b"\xff\xfe\x00rubbish", b"sections = 3\n"])
def test_a_format_of_ones_own_that_cant_be_used_is_refused(scribe, refused, talk, tmp_path, content):
    """A malformed format file is exit code 2 and one line that says what it lacks."""
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    refused(scribe(talk, "--format", path), "can't be used")


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("TRELLIS_INFERENCE_THREADS", "many", "inference.threads"),
        ("TRELLIS_CONFIG", "gone.toml", "TRELLIS_CONFIG"),
    ],
)
def test_a_wrong_setting_is_refused(scribe, refused, talk, monkeypatch, variable, value, words):
    """A setting that can't be read is one line that names it."""
    monkeypatch.setenv(variable, value)
    refused(scribe(talk, house=House()), words)


# Places to write to -------------------------------------------------------------------------------------------------


def test_a_folder_that_cant_be_written_is_refused(scribe, talk, locked_folder):
    """A read-only folder is exit code 1, one line, and it stays as it was."""
    done = scribe(talk)

    assert (done.code, done.files) == (1, ())
    assert "The folder of --json can't be written to." in done.err
    assert done.err.count("\n") == 1


def test_a_full_disk_leaves_nothing_behind(command, talk, small_disk):
    """Where the note doesn't fit, nothing is written: no half, no rest, and what was there stays."""
    filler = small_disk / "filler"
    with pytest.raises(OSError, match="No space"):
        filler.write_bytes(bytes(2 * 1024 * 1024))
    done = command("scribe", talk, "--json", small_disk / "note.json", "--html", small_disk / "note.html")

    assert done.code == 1
    assert "can't be written: No space left on device." in done.err
    assert done.err.count("\n") == 1
    assert done.files == ("filler",)


# A recording that is interrupted ------------------------------------------------------------------------------------


def test_an_interruption_in_the_middle_leaves_nothing(out, session, tmp_path):
    """Ctrl-C while the recogniser works is exit code 130, one line, and no file, not even a part of one."""
    path = write_wav(tmp_path / "session.wav", session[: 60 * RATE])
    reader, writer = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "trellis", "scribe", path,
         "--json", out / "note.json", "--html", out / "note.html"],
        stdout=subprocess.PIPE, stderr=writer, env=os.environ | {"TERM": "dumb"},
    )  # fmt: skip
    os.close(writer)
    said = b""
    with process:
        while b"listening" not in said:
            said += os.read(reader, 1000)
        time.sleep(0.3)  # inside the network by now
        process.send_signal(signal.SIGINT)
        try:
            while part := os.read(reader, 1000):
                said += part
        except OSError:  # how Linux says that the other end is closed
            pass
        printed = process.stdout.read()
    os.close(reader)

    assert process.returncode == 130
    assert said.split(b"\r\x1b[2K")[-1].strip() == b"trellis: interrupted; nothing was written."
    assert printed == b""
    assert list(out.iterdir()) == []


# A server that hears ------------------------------------------------------------------------------------------------


@contextmanager
def server(status=200, answer=b"", delay=0.0):
    """A transcription server on this machine that answers as told."""

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            time.sleep(delay)
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_):  # a client that hung up
            pass

    with Quiet(("127.0.0.1", 0), Answering) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}/v1"
        running.shutdown()


def test_a_server_may_hear_instead(scribe, spoken, contract_true):
    """With `speech.engine` set to a server's address, its words become the transcript."""
    with server(answer=json.dumps(GOOD).encode()) as url:
        done = scribe(spoken, house=house_with(speech__engine=url))

    assert done.code == 0, done.err
    contract_true(done.note)
    assert "I slept four hours." in " ".join(turn["text"] for turn in done.turns)


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        ({"delay": 1.5}, "didn't answer in time"),
        ({"status": 500}, "answered with status 500"),
        ({"status": 302}, "answered with status 302"),
        ({"answer": b"<html>secret cellar</html>"}, "isn't a transcript"),
        ({"answer": b'{"text": "secret cellar"}'}, "isn't a transcript"),
        ({"answer": b"[]"}, "isn't a transcript"),
        ({"answer": b""}, "isn't a transcript"),
    ],
)
def test_a_server_that_fails_is_told_in_one_line(scribe, refused, spoken, behaviour, words):
    """A server that is slow, fails or answers nonsense is exit code 1; its answer is not repeated."""
    with server(**behaviour) as url:
        done = scribe(spoken, house=house_with(speech__engine=url, engines__timeout_seconds=0.5))

    refused(done, words, code=1)
    assert "cellar" not in done.err


def test_a_server_that_isnt_there_is_told_in_one_line(scribe, refused, spoken):
    """Nobody listens at that address: exit code 1 and one line."""
    with server() as url:
        pass
    refused(scribe(spoken, house=house_with(speech__engine=url)), "can't be reached", code=1)


@pytest.mark.parametrize(
    ("engine", "words"),
    [
        ("http://example.org/v1", "names a host beyond this machine"),
        ("http://127.0.0.1.example.org/v1", "names a host beyond this machine"),
        ("ftp://localhost/v1", "is no address of a server"),
        ("wisper", "is no address of a server"),
    ],
)
def test_sound_goes_nowhere_it_isnt_allowed(scribe, refused, spoken, engine, words):
    """An engine beyond this machine that the settings don't allow is refused before anything is sent."""
    refused(scribe(spoken, house=house_with(speech__engine=engine)), words)


# The screen ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (b'{"id": 1, "text": "hello"}\n{"id": 2, "text": "secret cellar"\n', "Line 2 isn't JSON"),
        (b'{"id": 1, "text": "hello"}\n{"id": 2}\n', "Line 2 has no text"),
        (b'{"id": 1, "text": null}\n', "Line 1 has no text"),
        (b'{"text": "secret cellar"}\n', "Line 1 has no id"),
        (b'"secret cellar"\n', "Line 1 isn't an object"),
        (b"\xff\xfe\x00\x01", "Line 1 isn't JSON in UTF-8"),
        (b'{"id": 1, "text": "hello", "context": [{"speaker": "client"}]}\n', "Line 1 has no text"),
    ],
)
@pytest.mark.parametrize("place", ["file", "stdin"])
def test_a_malformed_message_is_named_by_its_line(command, refused, tmp_path, given, words, place):
    """Exit code 2, the line's number, no word of the message and no verdict, from a file as from standard input."""
    path = tmp_path / "messages.jsonl"
    path.write_bytes(given)
    done = command("safety", "screen", path if place == "file" else "-", given=given)

    refused(done, words)
    assert "cellar" not in done.err


@pytest.mark.parametrize("given", [b"", b"\n\n"])
def test_no_messages_give_no_verdicts(command, given):
    """An empty standard input is no error."""
    done = command("safety", "screen", "-", given=given)

    assert (done.code, done.out, done.err) == (0, "", "")


def test_verdicts_that_cant_be_written_are_told(command, refused, out, tmp_path, small_disk):
    """Where the disk is read-only, screening ends in one line and exit code 1."""
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    path = tmp_path / "messages.jsonl"
    path.write_text('{"id": 1, "text": "hello"}\n')
    refused(command("safety", "screen", path, "--json", out / "verdicts.jsonl"), "can't be written to", code=1)
