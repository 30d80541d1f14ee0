"""A house of paper behind the real front door: rooms that answer at once, dawdle or fail, as PAPER_HOUSE says.

Run as a program with the arguments of `trellis`, so that exit codes, signals and outputs are tested as a shell sees
them, without models.
"""

import os
import sys
import time
from pathlib import Path

from trellis.chart import DraftNote, Evidence, Section, Statement, Transcript, Turn, Verdict, Writer
from trellis.cli import ScribeOrder, run
from trellis.kernel import Invalid, Unavailable

SECRET = "I never told anyone about the cellar"


def a_note(blank):
    evidence = Evidence(turn=1, start=4.0, end=9.0, quote="four hours\u001b[31m a night")
    doubtful = Statement(
        text="Improving.", topic="progress", status="unconfirmed", support=0.1, reasons=("it concludes",)
    )
    statement = Statement(
        text="Client reports sleeping four hours.", topic="sleep", status="supported", support=1.0, evidence=(evidence,)
    )
    return DraftNote(
        format="soap",
        language="en",
        people=(),
        transcript=Transcript(
            turns=(Turn(id=1, speaker="client", text="four hours\u001b[31m a night"),), duration=65.0
        ),
        sections=(Section(key="subjective", title="Subjective", statements=(statement, doubtful)),),
        not_assessed=(blank,),
        safety=Verdict(),
        checks=(),
        writer=Writer(name="paper", version="0"),
        seconds={},
    )


class PaperHouse:
    """Rooms without machinery."""

    def __init__(self, temper: str) -> None:
        self.temper = temper

    def scribe(self, order, tell):
        tell("transcribing", 0.5)
        match self.temper:
            case "slow":
                print("started", file=sys.stderr, flush=True)
                time.sleep(30)
            case "swallow":
                print("started", file=sys.stderr, flush=True)
                try:
                    time.sleep(30)
                except KeyboardInterrupt:
                    raise ImportError("a library lost the interruption") from None
            case "fault":
                raise ValueError(SECRET)
            case "refuse":
                raise Invalid("scribe.empty", "INPUT is empty.", hint="Choose another file.")
            case "away":
                raise Unavailable("inference.away", "The engine doesn't answer.", hint="Try again later.")
            case "hungry":
                raise MemoryError
        return a_note("a\ud800b" if self.temper == "broken" else "affect")

    def page(self, order, note):
        return "<!DOCTYPE html>" + ("x" * 3_000_000 if self.temper == "large" else "")

    def plain(self, order, note):
        return "Subjective:\nClient reports sleeping four hours.\n"

    def title(self, order):
        return "SOAP progress note"

    def demo(self):
        return ScribeOrder(input=Path(__file__))

    def evaluate(self, suite, data, tell):
        return {suite: {"f1": 0.5}}

    def figures_page(self, figures):
        return f"<!DOCTYPE html>{sorted(figures)}"

    def reading_pages(self, tell):
        return {"trap-one.html": "<!DOCTYPE html>one", "script-two.html": "<!DOCTYPE html>two"}

    def bench(self, suite, tell):
        return {suite: {"seconds": 1.5}}


if __name__ == "__main__":
    sys.exit(run(PaperHouse(os.environ.get("PAPER_HOUSE", "")), sys.argv[1:]))
