"""The language model that `--writer` names.

Takes: `local` or the address of a server, and the settings in force. Gives: a model behind the port, nothing loaded
yet; `Unavailable` where the local one isn't installed, `Invalid` where the server may not be called.
"""

from __future__ import annotations

from pathlib import Path

from trellis.inference.generation import TextGenerator
from trellis.kernel import Settings


def open_generator(name: str, settings: Settings) -> TextGenerator:
    """The model that runs here (`local`), or the one of a server; raises before anything is read or heard."""
    if name == "local":
        from trellis.inference.local_generation import LocalGenerator

        cache = settings.text("inference.cache")
        return LocalGenerator(cache=Path(cache) if cache else None, threads=int(settings.number("inference.threads")))
    from trellis.inference.remote_generation import RemoteGenerator

    return RemoteGenerator(
        name,
        model=settings.text("writer.model"),
        key=settings.text("writer.key"),
        allowed_hosts=settings.text("engines.allowed_hosts"),
        timeout=settings.number("engines.timeout_seconds"),
    )
