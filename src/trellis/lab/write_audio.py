"""Write a wav as the containers people send: opus, ogg, flac, mp3, m4a, webm.

Why: decoders are tried on every format, and the demonstration's recording has to be small.

Takes: a wav and a path whose ending says the format. Gives: the file. Works as a stream, whatever the length.
"""

from fractions import Fraction
from importlib import import_module
from pathlib import Path
from typing import Any

from trellis.kernel.errors import Invalid

# Ending -> container, codec, rate in hertz (None: as in the wav).
FORMATS: dict[str, tuple[str, str, int | None]] = {
    ".opus": ("ogg", "libopus", 48_000),
    ".ogg": ("ogg", "libopus", 48_000),
    ".webm": ("webm", "libopus", 48_000),
    ".flac": ("flac", "flac", None),
    ".mp3": ("mp3", "libmp3lame", None),
    ".m4a": ("mp4", "aac", None),
    ".wav": ("wav", "pcm_s16le", None),
}


def write_audio(wav: Path, out: Path, *, bit_rate: int | None = None) -> None:
    """Encode a wav into the format of `out`'s ending; `bit_rate` in bits a second where the codec has one."""
    if out.suffix not in FORMATS:
        raise Invalid("lab.audio", f"{out.suffix!r} is no format to write.", hint=f"Use {', '.join(FORMATS)}.")
    container, codec, wanted = FORMATS[out.suffix]
    av: Any = import_module("av")
    with av.open(str(wav)) as source, av.open(str(out), "w", format=container, options={"fflags": "+bitexact"}) as sink:
        sound = source.streams.audio[0]
        rate = wanted or sound.rate
        stream = sink.add_stream(codec, rate=rate, layout="stereo" if sound.layout.nb_channels == 2 else "mono")
        if bit_rate:
            stream.bit_rate = bit_rate
        stream.codec_context.open()  # only an open codec knows how many samples it takes at once
        resampler = av.AudioResampler(format=stream.format, layout=stream.layout, rate=rate)
        fifo = av.AudioFifo()
        samples = stream.codec_context.frame_size or rate // 10
        written = 0

        def encode(*, last: bool) -> None:
            nonlocal written
            while frame := fifo.read(samples, partial=last):
                frame.pts, frame.time_base = written, Fraction(1, rate)
                written += frame.samples
                sink.mux(stream.encode(frame))

        for decoded in (*source.decode(sound), None):
            for frame in resampler.resample(decoded):
                frame.pts = None
                fifo.write(frame)
            encode(last=decoded is None)
        sink.mux(stream.encode(None))
