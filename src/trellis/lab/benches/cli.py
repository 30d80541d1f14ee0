"""`trellis bench cli`: how soon the terminal answers, and how long a thousand messages take to screen.

To reach on two cores: help in 0.3 s, 1,000 messages in 5 s. Takes nothing; the messages are the turns of our own
scripts, each with the turns before it as context. Gives medians over runs of whole processes.
"""

import json
import tempfile
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from trellis.lab.ask_product import command
from trellis.lab.benches.runs import Run, environment, median_of, run
from trellis.lab.long_sessions import long_transcript

RUNS = 7
MESSAGES = 1_000
CONTEXT = 4


def measure(tell: Callable[[str, float | None], None]) -> Mapping[str, Any]:
    """Time and peak memory of `trellis --help` and of `trellis safety screen`."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "messages.jsonl"
        file.write_text("".join(json.dumps(message) + "\n" for message in messages(MESSAGES)), encoding="utf-8")
        figures: dict[str, Any] = {"environment": environment()}
        for name, words, reach in (
            ("trellis --help", command("--help"), 0.3),
            (f"trellis safety screen, {MESSAGES:,} messages", command("safety", "screen", str(file)), 5),
        ):
            tell(name, None)
            runs: list[Run] = [run(words) for _ in range(RUNS)]
            middle = median_of(runs)
            figures[name] = {
                "time": f"{middle.seconds:.2f} s (reach: {reach})",
                "peak memory": f"{middle.peak:.0f} MiB",
                "each run": ", ".join(f"{one.seconds:.2f} s" for one in runs),
            }
    return figures


def messages(wanted: int) -> list[dict[str, Any]]:
    """That many messages of clients, with what was said before each."""
    found: list[dict[str, Any]] = []
    for words in count(8_000, 8_000):
        turns = [{"speaker": turn["speaker"], "text": turn["text"]} for turn in long_transcript(words)]
        found = [
            {"id": f"m{at}", **turn, "context": turns[max(0, at - CONTEXT) : at]}
            for at, turn in enumerate(turns)
            if turn["speaker"] == "client"
        ]
        if len(found) >= wanted:
            break
    return found[:wanted]
