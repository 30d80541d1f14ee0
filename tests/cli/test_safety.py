"""`trellis safety screen`: a message a line in, a verdict a line out, or one clear line and nothing written."""

import json
import subprocess
import sys


def line(number, text, **more):
    return json.dumps({"id": f"m{number}", "text": text, **more})


def call(*arguments, **more):
    command = [sys.executable, "-m", "trellis", "safety", "screen", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, **more)


def test_verdicts_come_in_the_order_of_the_messages(tmp_path):
    """One verdict a line, same order, ids as given, extra keys ignored."""
    file = tmp_path / "messages.jsonl"
    file.write_text(
        "\n".join([line(1, "I want to die."), line(2, "Fine, thanks.", extra={"a": 1}), line(3, "Me muero de risa.")])
    )
    result = call(file)

    verdicts = [json.loads(one) for one in result.stdout.splitlines()]
    assert result.returncode == 0
    assert [(verdict["id"], verdict["level"]) for verdict in verdicts] == [
        ("m1", "urgent"),
        ("m2", "none"),
        ("m3", "none"),
    ]
    assert verdicts[0]["findings"][0]["quote"] == "I want to die"


def test_the_context_gives_an_answer_its_meaning():
    """Context is read, oldest first; `-` is standard input."""
    context = [{"speaker": "clinician", "text": "Any thoughts of dying?"}]
    result = call("-", input=line(1, "Sometimes.", context=context) + "\n")

    assert json.loads(result.stdout)["level"] == "urgent"


def test_a_malformed_line_is_named_and_nothing_is_written(tmp_path):
    """Exit code 2, the line's number, no word of the message, no output and no file."""
    file = tmp_path / "messages.jsonl"
    for bad in (
        "{secret cellar",
        "[]",
        '{"id": "x"}',
        '{"text": "secret cellar"}',
        line(2, "secret cellar", context=3),
        '{"id": "x", "text": "secret cellar", "speaker": 4}',
    ):
        file.write_text(line(1, "hello") + "\n" + bad + "\n")
        result = call(file, "--json", tmp_path / "out.jsonl")

        assert result.returncode == 2, bad
        assert "Line 2" in result.stderr
        assert "cellar" not in result.stderr
        assert result.stdout == ""
        assert not (tmp_path / "out.jsonl").exists()


def test_a_missing_file_is_exit_code_2(tmp_path):
    """A file that isn't there is one clear line."""
    result = call(tmp_path / "none.jsonl")

    assert result.returncode == 2
    assert "none.jsonl" not in result.stderr


def test_an_empty_file_gives_no_verdicts(tmp_path):
    """No messages, no verdicts, no error."""
    file = tmp_path / "messages.jsonl"
    file.write_text("")

    result = call(file)
    assert (result.returncode, result.stdout) == (0, "")


def test_screening_loads_no_model_library(tmp_path):
    """The screen starts at once because it needs no engine."""
    file = tmp_path / "messages.jsonl"
    file.write_text(line(1, "hello"))
    code = (
        "import sys, trellis.app\n"
        f"sys.argv = ['trellis', 'safety', 'screen', {str(file)!r}]\n"
        "trellis.app.main()\n"
        "print({'numpy', 'spacy', 'onnxruntime'} & {name.split('.')[0] for name in sys.modules})\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)

    assert result.stdout.splitlines()[-1] == "set()"
