"""Play a recording to live recognition as if it were being spoken, and see when each word is shown, and settled.

    python -m trellis.lab.stream_live RECORDING OUT.json SESSIONS [SECONDS]

Why: what a clinician at a live draft waits for is the time between a word and its being on the screen.

Takes a recording, where to write, how many such sessions run at once, and how much of the recording to play. Gives
JSON: delays in seconds, between the end of a word and its first being shown, and its being settled for good; and the
share of the time the machine was busy. Time is virtual: a block of sound is there when it has been spoken, and a
session waits while another is being heard, so a run takes no longer than the machine is busy. Delays count by the times
recognition gives its words.
"""

import json
import statistics
import sys
import time
from pathlib import Path

from trellis.inference.audio import RATE, stream
from trellis.inference.live_speech import Caption, LiveSpeech
from trellis.inference.local_speech import LocalSpeech

BLOCK = 0.2
"""Seconds of sound a browser sends at once."""

STAGGER = 0.37
"""Seconds by which parallel sessions begin after one another."""


class Watch:
    """When the words of one session were first shown and settled, in its own time."""

    def __init__(self) -> None:
        self.shown: list[float] = []
        self.settled: list[float] = []
        self._counts = (0, 0, 0)

    def see(self, caption: Caption, now: float) -> None:
        """A caption has changed: count the words that are new in it, and those that are newly settled."""
        known, shown, settled = self._counts
        if caption.id != known:
            shown = settled = 0
        stable = len(caption.words) if caption.final else caption.stable
        self.shown += [now - word.end for word in caption.words[shown:]]
        self.settled += [now - word.end for word in caption.words[settled:stable]]
        self._counts = (caption.id, max(shown, len(caption.words)), max(settled, stable))


def play(recording: Path, sessions: int, seconds: float) -> dict[str, object]:
    """Delays and load of that many sessions at once on this machine."""
    engine = LocalSpeech().quickly()
    blocks = [block.samples.mean(axis=0) for block in stream(recording, seconds=BLOCK) if block.start < seconds]
    engine.hear(blocks[0][: RATE // 2], language="en")  # weights are loaded before anybody speaks
    lives = [LiveSpeech(engine, language="en") for _ in range(sessions)]
    watches = [Watch() for _ in range(sessions)]
    now = busy = 0.0
    for number, samples in enumerate(blocks):
        for at, (live, watch) in enumerate(zip(lives, watches, strict=True)):
            begun = at * STAGGER
            now = max(now, begun + (number + 1) * BLOCK)
            started = time.perf_counter()
            captions = live.feed(samples)
            taken = time.perf_counter() - started
            now, busy = now + taken, busy + taken
            for caption in captions:
                watch.see(caption, now - begun)
    return {
        "seconds": len(blocks) * BLOCK,
        "busy": busy / (len(blocks) * BLOCK),
        "shown": _spread([delay for watch in watches for delay in watch.shown]),
        "settled": _spread([delay for watch in watches for delay in watch.settled]),
    }


def _spread(delays: list[float]) -> dict[str, float]:
    """How many, their median and the delay 95 in 100 stay below."""
    ordered = sorted(delays)
    return {
        "words": len(ordered),
        "median": round(statistics.median(ordered), 2),
        "p95": round(ordered[round(0.95 * (len(ordered) - 1))], 2),
    }


if __name__ == "__main__":
    length = float(sys.argv[4]) if len(sys.argv) > 4 else float("inf")
    Path(sys.argv[2]).write_text(json.dumps(play(Path(sys.argv[1]), int(sys.argv[3]), length)), encoding="utf-8")
