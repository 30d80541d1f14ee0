"""`trellis bench scribe-text`: a transcript of fifty minutes (8,000 words) to a note, the whole process.

To reach on two cores: at most 5 s and 400 MiB. Takes nothing; the transcript is our own scripts, joined.
Gives medians over runs, and the same for 24,000 words, to see what grows.
"""

import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from trellis.lab.ask_product import command
from trellis.lab.benches.runs import environment, median_of, run
from trellis.lab.long_sessions import long_transcript

RUNS = 5
LENGTHS = {8_000: " (reach: 5)", 24_000: ""}


def measure(tell: Callable[[str, float | None], None]) -> Mapping[str, Any]:
    """Time and peak memory of `trellis scribe TRANSCRIPT`."""
    figures: dict[str, Any] = {"environment": environment()}
    with tempfile.TemporaryDirectory() as folder:
        for words, reach in LENGTHS.items():
            transcript = Path(folder) / f"{words}.json"
            transcript.write_text(json.dumps({"turns": long_transcript(words)}), encoding="utf-8")
            runs = []
            for number in range(RUNS):
                tell(f"reading {words} words", number / RUNS)
                runs.append(run(command("scribe", str(transcript), "--json", "-")))
            middle = median_of(runs)
            figures[f"transcript of {words:,} words to note"] = {
                "time": f"{middle.seconds:.2f} s{reach}",
                "processor time": f"{middle.processor:.2f} s",
                "peak memory": f"{middle.peak:.0f} MiB" + (" (reach: 400)" if reach else ""),
                "each run": ", ".join(f"{one.seconds:.2f} s / {one.peak:.0f} MiB" for one in runs),
            }
    return figures
