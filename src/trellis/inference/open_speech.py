"""The speech engine that the settings ask for.

Takes: the settings in force. Gives: an engine behind the port, nothing loaded yet; `Invalid` where `speech.engine` is
neither `local`, `null` nor the address of a server that may be called.
"""

from __future__ import annotations

from pathlib import Path

from trellis.inference.speech import NullSpeech, SpeechEngine
from trellis.kernel import Settings


def open_speech(settings: Settings) -> SpeechEngine:
    """The engine that `speech.engine` names: Whisper here, nothing, or a server."""
    engine = settings.text("speech.engine").strip()
    if engine == "null":
        return NullSpeech()
    if engine == "local":
        from trellis.inference.local_speech import LocalSpeech

        cache = settings.text("inference.cache")
        return LocalSpeech(
            settings.text("speech.model"),
            cache=Path(cache) if cache else None,
            threads=int(settings.number("inference.threads")),
        )
    from trellis.inference.remote_speech import RemoteSpeech

    return RemoteSpeech(
        engine,
        model=settings.text("speech.model"),
        allowed_hosts=settings.text("engines.allowed_hosts"),
        timeout=settings.number("engines.timeout_seconds"),
    )


def open_captions(speech: SpeechEngine) -> SpeechEngine:
    """The engine for words while they are spoken: the same model in a hurry; nothing where it isn't on this machine.

    A server would be sent the session before anybody asked for a draft of it.
    """
    from trellis.inference.local_speech import LocalSpeech

    return speech.quickly() if isinstance(speech, LocalSpeech) else NullSpeech()
