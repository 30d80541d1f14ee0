"""Sessions as long as real ones, as recordings and as transcripts, for measuring speed and memory.

Why: cost has to be known for fifty minutes, not for a sample; and it must not grow with length where it need not.

    python -m trellis.lab.long_sessions WORDS OUT.wav

Takes a number of words (1,600 last some ten minutes, 8,000 some fifty) and where to write. Gives a recording spoken by
the two quickest synthetic voices, or the turns of a transcript with estimated times.
"""

import sys
from pathlib import Path
from typing import Any

from trellis.lab.scripts import long_script

CAST = {"clinician": "hibari-heart", "client": "piper-joe"}
"""The two voices that are spoken quickest; who speaks doesn't change what recognition costs."""

WORDS_A_SECOND = 2.7


def long_recording(words: int, out: Path) -> float:
    """Speak a session of about that many words into a wav; gives its length in seconds."""
    from trellis.lab.sessions import render

    return render(long_script(words), CAST, out=out, cache=out.parent / "sentences").duration


def long_transcript(words: int) -> list[dict[str, Any]]:
    """The turns of such a session, as in the contract."""
    turns: list[dict[str, Any]] = []
    at = 0.0
    for number, turn in enumerate(long_script(words).turns, 1):
        end = at + len(turn.text.split()) / WORDS_A_SECOND
        turns.append(
            {"id": number, "speaker": turn.role, "start": round(at, 2), "end": round(end, 2), "text": turn.text}
        )
        at = end + 0.4
    return turns


if __name__ == "__main__":
    print(f"{long_recording(int(sys.argv[1]), Path(sys.argv[2])):.1f} s")
