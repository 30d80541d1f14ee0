"""Sound from a recording, as a stream: any common container in, blocks of samples at 16 kHz out.

Why: a session lasts up to three hours and must never be held in memory whole. What a file is called says nothing; what
is in it decides, and only the formats below are ever tried (a playlist that names other files is no recording).

Takes: the path of a recording (wav, mp3, m4a, flac, ogg/opus, webm; mono or stereo; any rate). Gives: what it is
(`probe`) and its samples, block by block (`stream`). A file that is empty, no recording, without sound, cut short or
damaged raises `Invalid`, each with a code of its own: a note from half a session must not look like a whole one.

A recording counts as cut short where its header promises more than 1 second (and 1 %) beyond what is there, or where
its last page or block is incomplete; as damaged where more than half a second of it can't be decoded.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeAlias

from trellis.inference.promises import is_cut_short, promises_frames
from trellis.kernel import Invalid

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Samples: TypeAlias = npt.NDArray[np.float32]

RATE = 16_000
"""Samples a second of everything that engines hear."""

FORMATS = ("wav", "w64", "mp3", "mov", "mp4", "m4a", "flac", "ogg", "matroska", "webm", "aac", "aiff", "caf")
CONTIGUOUS = ("mp3", "aac", "flac", "matroska,webm")  # packet lies beside packet: bytes between them are damage
GAPLESS = ("flac", "ogg", "wav")  # sample follows sample: time between them is damage, not a recorder's pause
HOLE = 512  # bytes between packets that a container may need for itself
LOST = 0.5  # seconds that may fail to decode: the frame a recorder was stopped in, the first of a cut mp3
SHORT = 1.0  # seconds a header may promise too much: encoders round and pad
SHORT_SHARE = 0.01
GAP = 0.1  # seconds between frames that are a pause, not rounding
TRIED = 2000  # packets without a single frame of sound after which a file is no recording


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What is known of a recording before it is heard.

    `duration` is in seconds, from the packets that are there, not from what the header says. `channels` is 1 or 2 (more
    are mixed into one); `rate` is the recording's own, in hertz; `codec` is libav's name for its coding.
    """

    duration: float
    channels: int
    rate: int
    codec: str


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a recording: where it starts (seconds) and its samples [channels, n], 16 kHz."""

    start: float
    samples: Samples


def probe(path: Path) -> Recording:
    """Look through a recording without decoding it (under two seconds for three hours).

    Raises `Invalid`, its code `inference.` and one of `audio_missing`, `audio_empty`, `audio_unreadable`,
    `audio_soundless`, `audio_cut_short`, `audio_damaged`.
    """
    with _opened(path) as (container, sound, file):
        end = promised = 0.0
        packets = held = holes = 0
        expected: int | None = None
        for packet in container.demux(sound):
            if packet.size and packet.pts is not None:
                packets += 1
                end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
                held += packet.size
                if packet.pos is not None and packet.pos >= 0:
                    hole = packet.pos - expected if expected is not None else 0
                    holes += hole if hole > HOLE else 0
                    expected = packet.pos + packet.size
        start = float((sound.start_time or 0) * sound.time_base)
        if sound.duration is not None:
            promised = float(sound.duration * sound.time_base)
        elif container.duration is not None:
            promised = container.duration / 1_000_000
        if not packets:
            raise _unreadable()
        duration = max(0.0, end - max(start, 0.0))
        is_promise = container.format.name != "mp3" or promises_frames(file)
        if is_promise and promised - duration > max(SHORT, promised * SHORT_SHARE):
            raise _cut_short()
        if is_cut_short(file):
            raise _cut_short()
        if container.format.name in CONTIGUOUS and len(container.streams) == 1 and holes * duration > LOST * held:
            raise _damaged()
        codec = sound.codec_context
        return Recording(
            duration=duration, channels=2 if codec.channels == 2 else 1, rate=codec.sample_rate, codec=codec.name
        )


def stream(path: Path, *, seconds: float = 10.0) -> Iterator[Block]:
    """The samples of a recording, in blocks of that many seconds (the last is shorter).

    Pauses that a recorder left out are filled with silence, so that a block's place is its time. Memory stays the same
    for any length. Raises `Invalid` as `probe` does, and `inference.audio_damaged` as soon as too much was lost.
    """
    import numpy as np

    size = round(seconds * RATE)
    with _opened(path) as (container, sound, _):
        channels = 2 if sound.codec_context.channels == 2 else 1
        kept: list[Samples] = []
        held = sent = 0
        for piece in _pieces(container, sound, channels):
            kept.append(piece)
            held += piece.shape[1]
            while held >= size:
                whole = np.concatenate(kept, axis=1)
                yield Block(sent / RATE, whole[:, :size])
                sent += size
                kept, held = [whole[:, size:].copy()], held - size
        if held:
            yield Block(sent / RATE, np.concatenate(kept, axis=1))
        elif not sent:
            raise _unreadable()


def _pieces(container: Any, sound: Any, channels: int) -> Iterator[Samples]:
    """Resampled frames with gaps filled; keeps count of what can't be decoded."""
    import av

    layout = "stereo" if channels == 2 else "mono"
    resampler, shape = None, None
    lost, given, tried = 0.0, 0, 0
    origin: float | None = None
    for packet in container.demux(sound):
        try:
            frames = packet.decode()
        except (av.error.FFmpegError, ValueError) as error:
            tried += 1
            lost += float((packet.duration or 0) * (packet.time_base or 0))
            if given and lost > LOST:
                raise _damaged() from error
            if not given and tried > TRIED:
                raise _unreadable() from error
            continue
        for frame in frames:
            if resampler is None or shape != (frame.format.name, frame.layout.name, frame.sample_rate):
                if resampler is not None:
                    for rest in resampler.resample(None):
                        given += rest.samples
                        yield _samples(rest)
                resampler = av.AudioResampler(format="fltp", layout=layout, rate=RATE)
                shape = (frame.format.name, frame.layout.name, frame.sample_rate)
            if frame.pts is not None and frame.time_base is not None:
                at = float(frame.pts * frame.time_base)
                origin = at if origin is None else origin
                gap = at - origin - given / RATE
                if gap > GAP:
                    lost += gap if container.format.name in GAPLESS else 0.0
                    if lost > LOST:
                        raise _damaged()
                    for silence in _silence(gap, channels):
                        given += silence.shape[1]
                        yield silence
            frame.pts = None  # the resampler would keep times of its own
            for heard in resampler.resample(frame):
                given += heard.samples
                yield _samples(heard)
    if resampler is not None:
        for rest in resampler.resample(None):
            given += rest.samples
            yield _samples(rest)


def _samples(frame: Any) -> Samples:
    """Samples between -1 and 1; a float recording may hold anything."""
    import numpy as np

    heard = np.nan_to_num(frame.to_ndarray(), nan=0.0, posinf=0.0, neginf=0.0)
    return np.asarray(np.clip(heard, -1.0, 1.0), np.float32)


def _silence(seconds: float, channels: int) -> Iterator[Samples]:
    """That much silence, a minute at a time."""
    import numpy as np

    left = round(seconds * RATE)
    while left > 0:
        count = min(left, 60 * RATE)
        yield np.zeros((channels, count), np.float32)
        left -= count


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Any, Any, BinaryIO]]:
    """The container, its sound and the file; everything libav refuses becomes one clear line."""
    import av

    av.logging.set_level(None)  # what libav has to say about broken files is not for the terminal
    try:
        file = path.open("rb")
    except OSError as error:
        raise Invalid(
            "inference.audio_missing", "The recording can't be opened.", hint="Check the path and its permissions."
        ) from error
    with file:
        if not file.seek(0, 2):
            raise Invalid(
                "inference.audio_empty", "The recording is empty (0 bytes).", hint="Record or export it again."
            )
        file.seek(0)
        try:
            with av.open(file, options={"format_whitelist": ",".join(FORMATS)}) as container:
                yield container, _sound(container), file
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise _unreadable() from error


def _sound(container: Any) -> Any:
    """The first stream of sound that can be decoded."""
    for stream_ in container.streams.audio:
        if stream_.codec_context is not None and stream_.codec_context.sample_rate:
            return stream_
    if not container.streams.video:
        raise _unreadable()
    raise Invalid(
        "inference.audio_soundless", "The file holds no sound.", hint="Choose the file that the sound was recorded to."
    )


def _unreadable() -> Invalid:
    return Invalid(
        "inference.audio_unreadable",
        "The file isn't a recording that can be read.",
        hint="Use wav, mp3, m4a, flac, ogg, opus or webm.",
    )


def _cut_short() -> Invalid:
    return Invalid(
        "inference.audio_cut_short",
        "The recording is cut short: its end is missing.",
        hint="Copy or export it again.",
    )


def _damaged() -> Invalid:
    return Invalid(
        "inference.audio_damaged",
        "The recording is damaged: part of it can't be decoded.",
        hint="Copy or export it again.",
    )
