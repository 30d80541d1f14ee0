"""Where somebody speaks, found while the sound streams past: blocks in, stretches of speech out.

Why: recognition invents words in silence, and therapy is full of silence. Only stretches in which Silero VAD finds a
voice are ever recognised; they are cut at silence, or, in a monologue, at its quietest place, so that no word is torn.

Takes: one channel of 16 kHz samples, piece by piece. Gives: `Stretch`es in order, never overlapping, each at most
`LONGEST` seconds, with a little of the silence around them. Memory is bounded by one stretch.

Silero works on frames of 512 samples (32 ms) and keeps a state from frame to frame; speeds and errors are in
`weights/manifest.toml`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from trellis.inference.audio import RATE
from trellis.inference.weights import find_weights

if TYPE_CHECKING:
    from trellis.inference.audio import Samples

FRAME = 512
CONTEXT = 64  # samples of the frame before that Silero wants to see again
SPEECH = 0.5  # a stretch begins at a frame at least this likely to be speech
SILENCE = 0.35  # and goes on until frames are less likely than this ...
PAUSE = 0.5  # ... for this many seconds
PAD = 0.2  # seconds of silence kept on each side: consonants begin and end below the threshold
SHORTEST = 0.1  # seconds of speech; less is a click
LONGEST = 28.0  # Whisper hears 30 at once
CUT_WITHIN = 10.0  # a monologue is cut at the quietest place of its last seconds


@dataclass(frozen=True, slots=True)
class Stretch:
    """Speech between two silences: `start` and `end` in seconds of the recording, `samples` [n] mono at 16 kHz.

    `voiced` is the share of frames in which Silero is sure of a voice (0..1).
    """

    start: float
    end: float
    samples: Samples
    voiced: float = 1.0


def find_speech(pieces: Iterable[Samples]) -> Iterator[Stretch]:
    """The stretches of speech in samples [n] that come piece by piece, each as soon as its end is known."""
    detector = VoiceActivity()
    for piece in pieces:
        yield from detector.feed(piece)
    yield from detector.finish()


class VoiceActivity:
    """Finds stretches of speech in a stream; one for each channel."""

    def __init__(self, *, pause: float = PAUSE, longest: float = LONGEST) -> None:
        import numpy as np

        self._silero = _Silero()
        self._pause, self._longest = round(pause * RATE / FRAME), round(longest * RATE / FRAME)
        self._pad = round(PAD * RATE / FRAME)
        self._rest: Samples = np.zeros(0, np.float32)
        self._frames: list[Samples] = []  # what may still become part of a stretch
        self._probabilities: list[float] = []
        self._first = 0  # number of the first frame kept
        self._speaking = False
        self._quiet = 0  # frames of silence since the last speech
        self._seen = 0  # samples fed so far

    @property
    def speaking(self) -> bool:
        """Whether a stretch has begun and not ended."""
        return self._speaking

    @property
    def pending(self) -> Samples:
        """The samples of the stretch that is being spoken, from its beginning until now; empty in silence."""
        import numpy as np

        if not self._speaking:
            return np.zeros(0, np.float32)
        return np.concatenate([*self._frames, self._rest])

    @property
    def pending_start(self) -> float:
        """Where in the recording `pending` begins, in seconds."""
        return self._first * FRAME / RATE

    def feed(self, samples: Samples) -> list[Stretch]:
        """Take the next samples [n]; give the stretches that have ended in them."""
        import numpy as np

        self._seen += len(samples)
        joined = np.concatenate([self._rest, samples]) if len(self._rest) else np.asarray(samples, np.float32)
        whole = len(joined) // FRAME * FRAME
        self._rest = joined[whole:].copy()
        frames = joined[:whole].reshape(-1, FRAME)
        found: list[Stretch] = []
        for frame, probability in zip(frames, self._silero.probabilities(frames), strict=True):
            found.extend(self._take(frame.copy(), probability))
        return found

    def finish(self) -> list[Stretch]:
        """The stretch that the end of the stream cut off, if there is one."""
        import numpy as np

        if not self._speaking:
            return []
        self._frames.append(self._rest)
        self._rest = np.zeros(0, np.float32)
        self._probabilities.append(0.0)
        self._speaking = False
        return self._cut(len(self._frames))

    def _take(self, frame: Samples, probability: float) -> Iterator[Stretch]:
        self._frames.append(frame)
        self._probabilities.append(probability)
        if not self._speaking:
            if probability >= SPEECH:
                self._speaking, self._quiet = True, 0
            elif len(self._frames) > self._pad:
                self._drop(len(self._frames) - self._pad)
            return
        self._quiet = self._quiet + 1 if probability < SILENCE else 0
        if self._quiet >= self._pause:
            self._speaking = False
            yield from self._cut(max(1, len(self._frames) - self._quiet + min(self._pad, self._quiet // 2)))
            self._drop(max(0, len(self._frames) - self._pad))
        elif len(self._frames) >= self._longest:
            yield from self._cut(self._quietest())

    def _cut(self, count: int) -> list[Stretch]:
        """End a stretch after that many frames; a click is no stretch."""
        import numpy as np

        spoken = self._probabilities[:count]
        voiced = sum(p >= SPEECH for p in spoken)
        start = self._first * FRAME
        samples = np.concatenate(self._frames[:count])
        self._drop(count)
        if voiced * FRAME < SHORTEST * RATE:
            return []
        end = min(start + len(samples), self._seen)
        return [Stretch(start / RATE, end / RATE, samples, voiced / max(1, len(spoken)))]

    def _quietest(self) -> int:
        """The frame of the last seconds in which a voice is least likely and least loud, by its neighbourhood."""
        import numpy as np

        begin = max(1, len(self._frames) - round(CUT_WITHIN * RATE / FRAME))
        loud = np.array([float(np.sqrt(np.mean(np.square(frame)))) for frame in self._frames[begin:]])
        doubt = np.array(self._probabilities[begin:]) + loud / max(1e-6, float(loud.max()))
        smooth = np.convolve(np.pad(doubt, 2, mode="edge"), np.ones(5) / 5, mode="valid")
        return begin + int(np.argmin(smooth))

    def _drop(self, count: int) -> None:
        del self._frames[:count]
        del self._probabilities[:count]
        self._first += count


class _Silero:
    """The network with its state."""

    def __init__(self) -> None:
        import numpy as np

        self._hidden = np.zeros((1, 1, 128), np.float32)
        self._cell = np.zeros((1, 1, 128), np.float32)
        self._context = np.zeros((1, CONTEXT), np.float32)

    def probabilities(self, frames: Samples) -> list[float]:
        """How likely each frame [n, 512] is speech."""
        import numpy as np

        if not len(frames):
            return []
        before = np.concatenate([self._context, frames[:-1, -CONTEXT:]])
        self._context = frames[-1:, -CONTEXT:].copy()
        inputs = {"input": np.concatenate([before, frames], axis=1), "h": self._hidden, "c": self._cell}
        answer, self._hidden, self._cell = _network().run(None, inputs)
        return [float(p) for p in np.ravel(answer)]


@cache
def _network() -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.inter_op_num_threads = options.intra_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(find_weights("silero-vad"), options, providers=["CPUExecutionProvider"])
