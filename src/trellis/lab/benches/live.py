"""`trellis bench live`: how long after a word it is shown, and settled; and how many live sessions one machine carries.

To reach on two cores: shown within 2 s, settled within 4 s. Takes nothing; plays two minutes of the shipped recording
(synthetic voices) as if they were being spoken (`stream_live`). Gives medians and the delay that 95 in 100 words stay
below, for one session and for as many as stay within reach.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from trellis.lab.benches.runs import environment, run

RECORDING = Path(__file__).parents[1] / "demo" / "session.opus"
SECONDS = 120
MOST = 4
SHOWN, SETTLED = 2.0, 4.0


def measure(tell: Callable[[str, float | None], None]) -> Mapping[str, Any]:
    """Delays for one session, then for more until they are late."""
    figures: dict[str, Any] = {"environment": environment()}
    carried = 0
    for sessions in range(1, MOST + 1):
        tell(f"{sessions} at once", None)
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "live.json"
            words = ["-m", "trellis.lab.stream_live", str(RECORDING), str(out), str(sessions), str(SECONDS)]
            peak = run([sys.executable, *words]).peak
            found = json.loads(out.read_text(encoding="utf-8"))
        shown, settled = found["shown"], found["settled"]
        figures[f"{sessions} live at once (synthetic voices)"] = {
            "word shown after, median / 95 in 100": f"{shown['median']} / {shown['p95']} s (reach: {SHOWN:g})",
            "word settled after, median / 95 in 100": f"{settled['median']} / {settled['p95']} s (reach: {SETTLED:g})",
            "share of the time the machine was busy": f"{found['busy']:.2f}",
            "peak memory": f"{peak:.0f} MiB",
        }
        if shown["p95"] > SHOWN or settled["p95"] > SETTLED:
            break
        carried = sessions
    figures["live sessions this machine carries within reach"] = carried
    return figures
