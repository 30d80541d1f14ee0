"""Speech recognised while it is being spoken: samples in as they come, growing captions out.

Why: a clinician who watches a live draft must see words within two seconds and be able to rely on them within four.

How: voice activity opens and closes captions. While somebody speaks, what was said since the last settled word is heard
again every `step` seconds with a narrow beam. Words that two hearings in a row agree on are stable (LocalAgreement,
Macháček et al. 2023, arXiv:2307.14743): they are never changed again. When the speaker pauses, or a caption grows long,
all of it is stable.

Takes: mono samples, 16 kHz, of any length. Gives: `Caption`s that have changed. A stream that is heard slower than it
is spoken skips steps, never sound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trellis.inference.audio import RATE
from trellis.inference.speech import Heard, SpeechEngine, Word
from trellis.inference.voice_activity import Stretch, VoiceActivity

if TYPE_CHECKING:
    from trellis.inference.audio import Samples

STEP = 1.0
PAUSE = 0.6  # seconds of silence that end a caption
LONGEST = 10.0  # seconds without a pause after which a caption is cut at its quietest place
AT_LEAST = 0.5  # seconds of sound worth hearing
BACK = 0.2  # seconds heard again before the first word that isn't stable
CUT_OFF = 0.15  # seconds before the end of the sound: a word there may be half a word


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """Words of one stretch of speech, in times of the stream.

    `id` counts from 1 and stays while the caption grows. The first `stable` words never change again; where `final`,
    nothing comes any more. A final caption without words takes back what was shown: it was no speech.
    """

    id: int
    words: tuple[Word, ...]
    stable: int
    final: bool = False

    @property
    def text(self) -> str:
        """The words with one space between them."""
        return " ".join(word.text for word in self.words)


class LiveSpeech:
    """One live stream. `engine` may be shared by several (`LocalSpeech.quickly()` is the one for captions).

    `language` is what is spoken, None to have it found out anew in each hearing.
    """

    def __init__(self, engine: SpeechEngine, *, language: str | None = None, step: float = STEP) -> None:
        self._engine, self._language, self._step = engine, language, step
        self._activity = VoiceActivity(pause=PAUSE, longest=LONGEST)
        self._id = 1
        self._stable: list[Word] = []
        self._loose: list[Word] = []
        self._last: Word | None = None  # the last word that became stable, of whichever caption
        self._since = 0.0  # seconds fed since the last hearing
        self._shown = False

    def feed(self, samples: Samples) -> list[Caption]:
        """Take the next samples [n]; give the captions that have changed, in order."""
        captions = [self._close(stretch) for stretch in self._activity.feed(samples)]
        self._since += len(samples) / RATE
        if self._activity.speaking:
            if self._since >= self._step:
                self._since = 0.0
                captions.append(self._grow())
        elif self._shown:  # a click was taken for speech
            captions.append(self._end(()))
        return [caption for caption in captions if caption is not None]

    def feed_pcm(self, pcm: bytes) -> list[Caption]:
        """The same for sound as it comes over a wire: signed 16-bit samples, the lower byte first."""
        import numpy as np

        return self.feed(np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768))

    def finish(self) -> list[Caption]:
        """The stream has ended: settle what is left."""
        captions = [self._close(stretch) for stretch in self._activity.finish()]
        if self._shown:
            captions.append(self._end(()))
        return [caption for caption in captions if caption is not None]

    def _grow(self) -> Caption | None:
        """Hear what isn't stable yet, and settle what was heard alike twice."""
        pending, start = self._activity.pending, self._activity.pending_start
        from_ = self._unsettled_from(start)
        unsettled = pending[round((from_ - start) * RATE) :]
        if len(unsettled) < AT_LEAST * RATE:
            return None
        heard = _placed(self._engine.hear(unsettled, language=self._language), from_)
        heard = self._beyond_stable(heard)
        end = start + len(pending) / RATE
        agreed = 0
        for before, now in zip(self._loose, heard, strict=False):
            if _key(before) != _key(now) or now.end > end - CUT_OFF:
                break
            agreed += 1
        self._settle(heard[:agreed])
        self._loose = heard[agreed:]
        if not self._stable and not self._loose:
            return None
        self._shown = True
        return Caption(id=self._id, words=(*self._stable, *self._loose), stable=len(self._stable))

    def _close(self, stretch: Stretch) -> Caption | None:
        """A stretch has ended: hear its rest once more; everything is stable."""
        from_ = self._unsettled_from(stretch.start)
        rest = stretch.samples[round((from_ - stretch.start) * RATE) :]
        heard: list[Word] = []
        if len(rest) >= AT_LEAST * RATE or (len(rest) and not self._stable):
            heard = self._beyond_stable(_placed(self._engine.hear(rest, language=self._language), from_))
        self._since = 0.0
        return self._end(heard)

    def _end(self, heard: Sequence[Word]) -> Caption | None:
        self._settle(heard)
        caption = Caption(id=self._id, words=tuple(self._stable), stable=len(self._stable), final=True)
        was_shown = self._shown
        self._stable, self._loose, self._shown = [], [], False
        if not caption.words and not was_shown:
            return None
        self._id += 1
        return caption

    def _settle(self, words: Sequence[Word]) -> None:
        self._stable += words
        if words:
            self._last = words[-1]

    def _unsettled_from(self, start: float) -> float:
        """Where to hear from: a caption cut in a monologue may have settled words beyond the cut."""
        return max(start, self._last.end - BACK) if self._last else start

    def _beyond_stable(self, heard: list[Word]) -> list[Word]:
        """Leave out words that are stable already and were heard once more in the overlap."""
        last = self._last
        if last is None:
            return heard
        beyond = [word for word in heard if (word.start + word.end) / 2 > last.end - BACK / 2]
        if beyond and _key(beyond[0]) == _key(last) and beyond[0].start < last.end:
            return beyond[1:]
        return beyond


def _placed(heard: Heard, start: float) -> list[Word]:
    return [replace(word, start=round(word.start + start, 3), end=round(word.end + start, 3)) for word in heard.words]


def _key(word: Word) -> str:
    return "".join(letter for letter in word.text.lower() if letter.isalnum())
