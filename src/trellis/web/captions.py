"""Words of a session while it is spoken, and danger in them: heard beside the recording, never in its way.

Takes the sound as it comes; gives what changed, as a browser is told it. One hearing at a time. Where the machine
can't keep up, the oldest sound is left unheard here (the recording has it, and the draft is made from that), and said.
"""

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from trellis.chart import Level
from trellis.inference import Caption, LiveSpeech
from trellis.kernel import new_id
from trellis.safety import Message, screen

MOST = 20 * 32_000
"""Bytes of sound that may wait to be heard: twenty seconds."""
CONTEXT = 6
"""Captions that are read with the next one, for danger."""
REMEMBERED = 400
"""Captions that are shown again to who opens the words later."""
GRAVE: tuple[Level, ...] = ("urgent", "emergency")


class Captions:
    """One session's words, counted from 1 for each `id`. `listen` makes an ear, when there is something to hear."""

    def __init__(self, listen: Callable[[], LiveSpeech]) -> None:
        self.id = new_id("ear")
        self._listen = listen
        self._ear: LiveSpeech | None = None
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._lost = False
        self._line = 0
        self._said: deque[Message] = deque(maxlen=CONTEXT)
        self.shown: dict[int, dict[str, Any]] = {}

    def put(self, pcm: bytes) -> None:
        """Give sound to be heard; at once, whatever is being heard."""
        self._waiting.append(pcm)
        self._bytes += len(pcm)
        while self._bytes > MOST:
            self._bytes -= len(self._waiting.popleft())
            self._lost = True

    def hear(self) -> Iterator[dict[str, Any]]:
        """Hear what waits; gives captions that changed, danger in those that are final, and that some was left out.

        Takes as long as the engine does: for a thread.
        """
        if self._lost:
            self._lost, self._ear = False, None
            yield {"behind": True}
        if self._ear is None:
            self._ear = self._listen()
            self._line = max(self.shown, default=0)
        while self._waiting:
            pcm = self._waiting.popleft()
            self._bytes -= len(pcm)
            for caption in self._ear.feed_pcm(pcm):
                yield from self._told(caption)

    def _told(self, caption: Caption) -> Iterator[dict[str, Any]]:
        number = self._line + caption.id
        stable = len(caption.words) if caption.final else caption.stable
        words = [word.text for word in caption.words]
        told = {"id": number, "stable": " ".join(words[:stable]), "loose": " ".join(words[stable:])}
        self.shown[number] = told
        while len(self.shown) > REMEMBERED:
            self.shown.pop(next(iter(self.shown)))
        yield {"caption": told}
        if caption.final and words:
            message = Message(text=caption.text, speaker="unknown", context=tuple(self._said))
            verdict = screen(message)
            self._said.append(Message(text=caption.text, speaker="unknown"))
            for found in verdict.findings:
                if found.level in GRAVE:
                    yield {"danger": {"level": found.level, "quote": found.quote}}
