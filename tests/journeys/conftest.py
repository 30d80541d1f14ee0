"""How journeys call the whole product: the real rooms and engines, held by one house for all of them, as a command.

A process of its own is started only where the process is the point (an interruption, standard input). Recordings are
cut from the shipped session; all voices are synthetic.
"""

import io
import json
import os
import subprocess
import sys
import wave
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import av
import jsonschema
import numpy as np
import pytest
from referencing import Registry, Resource

import trellis.lab
from tests.gates import open_gates
from trellis.app import House
from trellis.cli import run
from trellis.inference.audio import RATE, stream

DEMO = Path(trellis.lab.__file__).parent / "demo"
DATA = Path(__file__).parent / "data"
GRAVE = ("urgent", "emergency")


@dataclass(frozen=True)
class Done:
    """What a command left: its exit code, both outputs, and the files in its folder."""

    code: int
    out: str
    err: str
    files: tuple[str, ...]
    note: dict | None

    @property
    def rules(self):
        """The rules of the checks that the note carries."""
        return {check["rule"] for check in self.note["checks"]}

    @property
    def statements(self):
        return [statement for section in self.note["sections"] for statement in section["statements"]]

    @property
    def turns(self):
        return self.note["transcript"]["turns"]


@pytest.fixture(autouse=True, scope="module")
def _everyone_may():
    """What is tested here isn't access: that has tests of its own, with the fixture `guarded`."""
    with open_gates():
        yield


@pytest.fixture(scope="session")
def house():
    """The real house, its engines loaded once."""
    return House()


@pytest.fixture
def out(tmp_path):
    """The folder that results go to."""
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def command(house, out, monkeypatch):
    """Runs a command in this process; `house` may be another one, `given` is what standard input holds."""

    def call(*arguments, house=house, given=b""):
        printed, said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.StringIO()
        with monkeypatch.context() as during:
            during.setattr(sys, "stdout", printed)
            during.setattr(sys, "stderr", said)
            during.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
            code = run(house, [str(argument) for argument in arguments])
            printed.flush()
        files = tuple(sorted(path.name for path in out.iterdir()))
        note = json.loads((out / "note.json").read_text(encoding="utf-8")) if "note.json" in files else None
        return Done(code, printed.buffer.getvalue().decode(), said.getvalue(), files, note)

    return call


@pytest.fixture
def scribe(command, out):
    """A file in, the note as JSON in the folder of results."""

    def call(path, *arguments, **more):
        return command("scribe", path, "--json", out / "note.json", *arguments, **more)

    return call


@pytest.fixture
def refused(out):
    """Holds a failed command to the contract: its exit code, one line that says what, and nothing written."""

    def check(done, words, code=2):
        assert done.code == code, done.err
        assert done.err.startswith("trellis: ")
        assert done.err.count("\n") == 1
        assert words in done.err
        assert done.out == ""
        assert done.files == ()

    return check


@pytest.fixture(scope="session")
def contract_true():
    """Holds a note to the published contract, in its shape and in what the shape can't say."""
    texts = [resources.files("trellis.chart") / "data" / f"{name}.schema.json" for name in ("draft-note", "verdict")]
    schemas = [json.loads(text.read_text("utf-8")) for text in texts]
    known = Registry().with_resources((schema["$id"], Resource.from_contents(schema)) for schema in schemas)
    validator = jsonschema.Draft202012Validator(schemas[0], registry=known)

    def check(note):
        validator.validate(note)
        turns = {turn["id"]: turn for turn in note["transcript"]["turns"]}
        statements = [statement for section in note["sections"] for statement in section["statements"]]
        for statement in statements:
            assert statement["evidence"] or statement["status"] == "unconfirmed", statement
            assert not statement["inferred"] or statement["status"] == "unconfirmed", statement
            for evidence in statement["evidence"]:
                if evidence["source"] == "transcript":
                    assert evidence["quote"] and evidence["quote"] in turns[evidence["turn"]]["text"], evidence
        cited = {evidence.get("turn") for statement in statements for evidence in statement["evidence"]}
        for finding in note["safety"]["findings"]:
            if note["language"] == "en" and finding["level"] in GRAVE:
                assert finding["turn"] in cited, finding

    return check


@pytest.fixture(scope="session")
def session():
    """Samples [n] of the shipped session, at 16 kHz."""
    return np.concatenate([block.samples.mean(axis=0) for block in stream(DEMO / "session.opus")])


def write_wav(path, samples):
    """Samples [n] or [channels, n] as a wav."""
    sides = np.atleast_2d(samples)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(sides))
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(sides, -1, 1).T * 32767).astype("<i2").tobytes())
    return path


def write_coded(path, samples, container, codec):
    """Samples [n] in another container and coding, whatever the path says."""
    with av.open(str(path), "w", format=container) as file:
        coded = file.add_stream(codec, rate=RATE, layout="mono")
        frame = av.AudioFrame.from_ndarray((samples * 32767).astype(np.int16)[None, :], format="s16", layout="mono")
        frame.sample_rate = RATE
        frames = av.AudioFifo()
        frames.write(frame)
        at = 0
        while (part := frames.read(4096, True)) is not None:
            part.pts = at
            at += part.samples
            file.mux(coded.encode(part))
        file.mux(coded.encode(None))
    return path


@pytest.fixture
def small_disk(out):
    """The folder of results as a disk of one megabyte, where this machine lets us make one."""
    made = os.geteuid() == 0 and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(out)], capture_output=True, check=False
    )
    if not made or made.returncode:
        pytest.skip("mounting a small disk needs root")
    yield out
    subprocess.run(["umount", str(out)], check=True)


@pytest.fixture
def locked_folder(out, request):
    """The folder of results where nothing can be written: by its permissions, or for root by its mount."""
    if os.geteuid() == 0:
        subprocess.run(["mount", "-o", "remount,ro", str(request.getfixturevalue("small_disk"))], check=True)
        yield out
    else:
        out.chmod(0o500)
        yield out
        out.chmod(0o700)
