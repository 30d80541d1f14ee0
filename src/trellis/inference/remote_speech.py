"""Speech recognition by any server that speaks OpenAI's transcription API, within a clinic's own walls or with a BAA.

Takes: the server's address (up to `/v1`), the name of its model, the hosts that may be called and the seconds it may
take. Gives: the `SpeechEngine` port. Each window goes out as one WAV. A server that is slow, refuses or answers
nonsense is `Unavailable`, with one line that says which; what it answered is never repeated: a client
may have said it.
"""

from __future__ import annotations

import io
import math
import wave
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from trellis.inference.audio import RATE
from trellis.inference.loops import without_loops
from trellis.inference.speech import Heard, Word
from trellis.kernel import Unavailable, check_host

if TYPE_CHECKING:
    from trellis.inference.audio import Samples

CODES = {"english": "en", "spanish": "es"}
"""OpenAI's own server answers with a language's name, others with its code."""

LONGEST_ANSWER = 4 << 20  # bytes; thirty seconds of words are a few thousand
UNSURE = -1.0
NO_SPEECH = 0.6


class RemoteSpeech:
    """A transcription server. Redirects aren't followed, and no proxy of the environment is used."""

    def __init__(self, url: str, *, model: str = "base", allowed_hosts: str = "", timeout: float = 60.0) -> None:
        check_host(url, allowed_hosts, option="speech.engine")
        address = url.rstrip("/")
        self._url = address if address.endswith("/audio/transcriptions") else f"{address}/audio/transcriptions"
        self._model, self._timeout = model, timeout

    def hear(self, samples: Samples, *, language: str | None) -> Heard:
        """The words in a window; see `SpeechEngine`."""
        if not len(samples):
            return Heard(language=language or "", language_probability=1.0 if language else 0.0)
        answer = self._ask(_wav(samples), language)
        try:
            return _read(answer, language, len(samples) / RATE)
        except (AttributeError, KeyError, TypeError, ValueError, OverflowError) as error:
            raise _nonsense() from error

    def identify(self, samples: Samples) -> Mapping[str, float]:
        """Nothing: such servers tell the language only with the words."""
        del samples
        return {}

    def _ask(self, sound: bytes, language: str | None) -> Any:
        import httpx2

        fields: dict[str, Any] = {
            "model": self._model,
            "response_format": "verbose_json",
            "timestamp_granularities[]": ["word", "segment"],
            "temperature": "0",
        }
        if language:
            fields["language"] = language
        files = {"file": ("window.wav", sound, "audio/wav")}
        try:
            with (
                httpx2.Client(timeout=self._timeout, trust_env=False, follow_redirects=False) as client,
                client.stream("POST", self._url, data=fields, files=files) as response,
            ):
                if response.status_code != 200:
                    raise _refused(response.status_code)
                body = bytearray()
                for part in response.iter_bytes():
                    body += part
                    if len(body) > LONGEST_ANSWER:
                        raise _nonsense()
            return _parse(bytes(body))
        except httpx2.TimeoutException as error:
            raise Unavailable(
                "inference.speech_timeout",
                "The transcription server didn't answer in time.",
                hint="Try again, or raise engines.timeout_seconds.",
            ) from error
        except httpx2.HTTPError as error:
            raise Unavailable(
                "inference.speech_unreachable",
                "The transcription server can't be reached.",
                hint="Check speech.engine and that the server runs.",
            ) from error


def _parse(body: bytes) -> Any:
    import json

    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _nonsense() from error


def _read(answer: Any, language: str | None, length: float) -> Heard:
    """Turn an answer into words, or raise where it isn't what the API promises."""
    said = answer.get("language") if isinstance(answer, dict) else None
    if not isinstance(answer, dict) or not isinstance(answer.get("text"), str):
        raise TypeError
    code = language or CODES.get(str(said or "").lower(), str(said or "").lower())
    segments = answer.get("segments") or []
    means = [float(s["avg_logprob"]) for s in segments if s.get("avg_logprob") is not None]
    empties = [float(s["no_speech_prob"]) for s in segments if s.get("no_speech_prob") is not None]
    mean = sum(means) / len(means) if means else 0.0
    empty = min(empties) if empties else 0.0
    words: list[Word] = []
    if not (empty > NO_SPEECH and mean < UNSURE):
        found = answer.get("words") or [word for segment in segments for word in segment.get("words") or ()]
        if answer["text"].strip() and not found:  # text without word times can't be tied to a second
            raise ValueError
        words = without_loops(list(_words(found, length, math.exp(min(mean, 0.0)))))
    return Heard(
        words=tuple(words),
        language=code if words or language else "",
        language_probability=1.0 if code and (words or language) else 0.0,
        no_speech=min(max(empty, 0.0), 1.0),
        log_probability=min(mean, 0.0),
    )


def _words(found: Any, length: float, otherwise: float) -> Iterator[Word]:
    """Words in order with times inside the window; a server that gives no probabilities gets its segments' mean."""
    before = 0.0
    for word in found:
        text = word["word"].strip()
        start, end = float(word["start"]), float(word["end"])
        probability = float(word.get("probability", otherwise))
        if not (math.isfinite(start) and math.isfinite(end) and math.isfinite(probability)):
            raise ValueError
        start = min(max(start, before), length)
        end = min(max(end, start), length)
        before = start
        if any(letter.isalnum() for letter in text):
            yield Word(text=text, start=start, end=end, probability=min(max(probability, 0.0), 1.0))


def _wav(samples: Samples) -> bytes:
    import numpy as np

    sound = io.BytesIO()
    with wave.open(sound, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(RATE)
        written.writeframes(np.round(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return sound.getvalue()


def _refused(status: int) -> Unavailable:
    hint = "Check its key and model." if status < 500 else "Try again; the server's own log says more."
    return Unavailable(
        "inference.speech_refused", f"The transcription server answered with status {status}.", hint=hint
    )


def _nonsense() -> Unavailable:
    return Unavailable(
        "inference.speech_nonsense",
        "The transcription server's answer isn't a transcript with word times.",
        hint="Check that it offers verbose_json with word timestamps.",
    )
