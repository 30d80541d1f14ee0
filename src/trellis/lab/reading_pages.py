"""Notes of the sessions we wrote ourselves, each beside its transcript, for somebody who reads every sentence.

Why: keys are a coarse judge; whether a sentence is true, and reads well, a person says who holds it to what was said.

Takes nothing but a way to tell how far it is; gives the product's own page of each authored session by its file name.
Spanish sessions are left out: their notes come later.
"""

from collections.abc import Callable
from typing import Any

from trellis.lab.ask_product import pages_of
from trellis.lab.scripts import list_scripts, read_script
from trellis.lab.suites.scribe import traps


def reading_pages(tell: Callable[[str, float | None], None]) -> dict[str, str]:
    """Pages of HTML by file name ("trap-….html", "script-….html")."""
    pages = pages_of(authored_sessions(), lambda done: tell("notes to read", done))
    return {f"{name}.html": page for name, page in pages.items()}


def authored_sessions() -> dict[str, list[dict[str, Any]]]:
    """The turns of all sessions we wrote, by name."""
    scripts = [read_script(name) for name in list_scripts()]
    return traps() | {
        f"script-{script.name}": [
            {"id": number, "speaker": turn.role, "text": turn.text} for number, turn in enumerate(script.turns, 1)
        ]
        for script in scripts
        if script.language == "en"
    }
