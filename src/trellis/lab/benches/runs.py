"""Run a command whole and see how long it took and how much memory it had, several times.

Why: a user waits for the process, not for a function; start-up, loading of models and the end count.

Takes a command line. Gives wall seconds, processor seconds and peak resident memory, from the operating system's own
account of the finished process (`wait4`), and medians over runs. Raises `Unavailable` where a run fails.
"""

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from trellis.kernel.errors import Unavailable

KIB_PER_MIB = 1024
LIBRARIES = ("ctranslate2", "faster-whisper", "onnxruntime", "spacy", "numpy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One finished process: wall and processor seconds, peak resident memory in MiB."""

    seconds: float
    processor: float
    peak: float


def run(words: Sequence[str]) -> Run:
    """Run a command to its end; what it says goes nowhere."""
    with tempfile.TemporaryFile() as said:
        started = time.perf_counter()
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=said)  # noqa: S603 - our own command
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            last = (said.read().decode(errors="replace").strip().splitlines() or ["no word"])[-1]
            raise Unavailable(
                "lab.bench",
                f"A measured command ended with {process.returncode}: {last}",
                hint="Run that command alone to see why.",
            )
    unit = KIB_PER_MIB if sys.platform == "linux" else KIB_PER_MIB**2  # macOS counts bytes
    return Run(seconds=seconds, processor=usage.ru_utime + usage.ru_stime, peak=usage.ru_maxrss / unit)


def median_of(runs: Sequence[Run]) -> Run:
    """The medians of several runs, each figure by itself."""
    return Run(
        seconds=statistics.median(one.seconds for one in runs),
        processor=statistics.median(one.processor for one in runs),
        peak=statistics.median(one.peak for one in runs),
    )


def environment() -> Mapping[str, str]:
    """What the figures were measured on, to be printed beside them."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {
        "processor": f"{_processor()}, {cores} cores",
        "load when it began": " ".join(f"{load:.1f}" for load in os.getloadavg()),
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "versions": ", ".join(f"{name} {version(name)}" for name in (*LIBRARIES, "trellis-care")),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")
