"""A language model on any server that speaks OpenAI's chat API, within a clinic's own walls or with a BAA.

Takes: the server's address (up to `/v1`), the name of its model, a key where it wants one, the hosts that may be called
and the seconds an answer may take. Gives: the `TextGenerator` port. The answer is streamed, so that a server that
stalls is noticed, and counts only when it is whole. Where the server is busy or can't be reached, it is asked once
more. What it answered is never repeated in an error: a client may have said it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from trellis.inference.generation import Prompt, messages_of
from trellis.kernel import Unavailable, check_host

if TYPE_CHECKING:
    import httpx2

LONGEST_ANSWER = 1 << 20  # bytes of a stream; a sentence with everything around it is some thousands
BUSY = frozenset({429, 500, 502, 503, 504})
PAUSE = 0.5  # seconds before asking once more
SSE = "data:"


class RemoteGenerator:
    """A chat server. Redirects aren't followed, and no proxy of the environment is used."""

    def __init__(
        self, url: str, *, model: str = "", key: str = "", allowed_hosts: str = "", timeout: float = 60.0
    ) -> None:
        check_host(url, allowed_hosts, option="--writer")
        address = url.rstrip("/")
        self._url = address if address.endswith("/chat/completions") else f"{address}/chat/completions"
        self._model, self._timeout = model, timeout
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}

    @property
    def model(self) -> str:
        """The model's name as the settings give it."""
        return self._model or "the server's own model"

    def generate(self, prompt: Prompt) -> str:
        """The whole answer; see `TextGenerator`."""
        until = time.monotonic() + self._timeout
        try:
            return self._ask(prompt, until)
        except Unavailable as error:
            again = error.code in ("inference.text_unreachable", "inference.text_busy")
            if not again or time.monotonic() + PAUSE >= until:
                raise
        time.sleep(PAUSE)
        return self._ask(prompt, until)

    def _ask(self, prompt: Prompt, until: float) -> str:
        import httpx2

        body: dict[str, Any] = {
            "messages": messages_of(prompt),
            "max_tokens": prompt.longest,
            "temperature": 0,
            "seed": 0,
            "stream": True,
        }
        if self._model:
            body["model"] = self._model
        left = max(until - time.monotonic(), 0.001)
        try:
            with (
                httpx2.Client(timeout=left, trust_env=False, follow_redirects=False) as client,
                client.stream("POST", self._url, json=body, headers=self._headers) as response,
            ):
                if response.status_code != 200:
                    raise _refused(response.status_code)
                return _read(response, until)
        except httpx2.TimeoutException as error:
            raise _late() from error
        except httpx2.HTTPError as error:
            raise Unavailable(
                "inference.text_unreachable",
                "The writing server can't be reached, or broke off.",
                hint="Check --writer and that the server runs.",
            ) from error


def _read(response: httpx2.Response, until: float) -> str:
    """The answer out of a stream of events, or out of one JSON document where the server doesn't stream."""
    parts: list[str] = []
    ended = ""
    for data in _events(response, until):
        if data == "[DONE]":
            break
        piece, end = _piece(data)
        parts.append(piece)
        ended = end or ended
    if ended != "stop":
        raise Unavailable(
            "inference.text_cut",
            "The writing server's answer isn't whole.",
            hint="Try again; the server's own log says more.",
        )
    return "".join(parts).strip()


def _events(response: httpx2.Response, until: float) -> Iterator[str]:
    """The data of each event. Bytes are counted and the clock is watched at every one of them."""
    streams = "json" not in response.headers.get("content-type", "")
    taken, rest = 0, b""
    for part in response.iter_bytes():
        taken += len(part)
        if taken > LONGEST_ANSWER:
            raise _nonsense()
        if time.monotonic() > until:
            raise _late()
        rest += part
        while streams and b"\n" in rest:
            line, rest = rest.split(b"\n", 1)
            yield from _data(line)
    yield from _data(rest) if streams else iter((rest.decode(errors="replace"),))


def _data(line: bytes) -> Iterator[str]:
    text = line.decode(errors="replace").strip()
    if text.startswith(SSE):
        yield text[len(SSE) :].strip()


def _piece(data: str) -> tuple[str, str]:
    """The words of one event, and why the answer ended where it did."""
    try:
        choices = json.loads(data)["choices"]
        if not choices:  # some servers close with an event about usage
            return "", ""
        choice = choices[0]
        told = choice.get("delta") or choice.get("message") or {}
        words, end = told.get("content") or "", choice.get("finish_reason") or ""
        if not isinstance(words, str) or not isinstance(end, str):
            raise _nonsense()
    except (AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise _nonsense() from error
    return words, end


def _refused(status: int) -> Unavailable:
    if status in BUSY:
        return Unavailable(
            "inference.text_busy",
            f"The writing server answered with status {status}.",
            hint="Try again; the server's own log says more.",
        )
    return Unavailable(
        "inference.text_refused",
        f"The writing server answered with status {status}.",
        hint="Check --writer, writer.model and writer.key.",
    )


def _late() -> Unavailable:
    return Unavailable(
        "inference.text_timeout",
        "The language model didn't answer in time.",
        hint="Try again, or raise engines.timeout_seconds.",
    )


def _nonsense() -> Unavailable:
    return Unavailable(
        "inference.text_nonsense",
        "The writing server's answer isn't a chat completion.",
        hint="Check that --writer ends in /v1 and that the server speaks OpenAI's chat API.",
    )
