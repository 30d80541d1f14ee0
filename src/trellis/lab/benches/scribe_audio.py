"""`trellis bench scribe-audio`: a recording to a note, the whole process, for ten and for fifty minutes.

To reach on two cores: at most 0.12 of the recording's length, at most 1.2 GiB, and no more memory for the longer one.
Takes nothing; speaks its recordings once (synthetic voices) and keeps them. Gives medians over runs.
"""

import subprocess
import sys
import wave
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from trellis.inference.weights import user_cache
from trellis.lab.ask_product import command
from trellis.lab.benches.runs import environment, median_of, run

LENGTHS = {"10 minutes": (1_600, 3), "50 minutes": (8_000, 3)}
"""Words to speak, and runs to take the median of."""


def measure(tell: Callable[[str, float | None], None]) -> Mapping[str, Any]:
    """Time and peak memory of `trellis scribe RECORDING`."""
    figures: dict[str, Any] = {"environment": environment()}
    for name, (words, times) in LENGTHS.items():
        tell(f"speaking {name}", None)
        recording = _spoken(words)
        length = _seconds(recording)
        runs = []
        for number in range(times):
            tell(f"hearing {name}", number / times)
            runs.append(run(command("scribe", str(recording), "--json", "-")))
        middle = median_of(runs)
        figures[f"recording of {name} to note (synthetic voices)"] = {
            "length": f"{length:.1f} s",
            "time": f"{middle.seconds:.1f} s",
            "share of the length": f"{middle.seconds / length:.3f} (reach: 0.12)",
            "processor time": f"{middle.processor:.1f} s",
            "peak memory": f"{middle.peak:.0f} MiB (reach: 1229)",
            "each run": ", ".join(f"{one.seconds:.1f} s / {one.peak:.0f} MiB" for one in runs),
        }
    return figures


def _spoken(words: int) -> Path:
    """The recording, spoken the first time in a process of its own, so that this one stays small."""
    folder = user_cache() / "lab" / "long"
    folder.mkdir(parents=True, exist_ok=True)
    out = folder / f"{words}.wav"
    if not out.exists():
        unfinished = folder / f"{words}.part.wav"
        subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "trellis.lab.long_sessions", str(words), str(unfinished)],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        unfinished.replace(out)
    return out


def _seconds(path: Path) -> float:
    with wave.open(str(path), "rb") as sound:
        return sound.getnframes() / sound.getframerate()
