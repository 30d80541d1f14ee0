"""Recordings of every kind, whole and broken."""

import random
import tracemalloc

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trellis.inference.audio import RATE, probe, stream
from trellis.kernel import Invalid

from .conftest import FORMATS, tones, write_sound


def _read(path):
    probe(path)
    return np.concatenate([block.samples for block in stream(path, seconds=1.0)], axis=1)


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("channels", [1, 2])
def test_every_format_gives_sixteen_kilohertz(kind, channels, tmp_path):
    """wav, mp3, m4a, flac, ogg/opus and webm, mono and stereo, give the same sound at 16 kHz."""
    path = write_sound(tmp_path / f"a.{kind}", tones(5, 48_000, channels), 48_000, kind)
    found = probe(path)
    assert found.channels == channels and found.duration == pytest.approx(5, abs=0.1)
    blocks = list(stream(path, seconds=1.0))
    assert [block.start for block in blocks[:5]] == [0, 1, 2, 3, 4]
    sound = np.concatenate([block.samples for block in blocks], axis=1)
    assert sound.dtype == np.float32 and sound.shape == (channels, pytest.approx(5 * RATE, abs=0.06 * RATE))
    spectrum = np.abs(np.fft.rfft(sound[0][: 4 * RATE]))
    assert np.argmax(spectrum) / 4 == pytest.approx(300, abs=2)


@pytest.mark.parametrize("rate", [8_000, 11_025, 22_050, 44_100, 48_000])
def test_every_rate_keeps_its_pitch(rate, tmp_path):
    """8 to 48 kHz come out at 16 kHz with the pitch they went in."""
    sound = _read(write_sound(tmp_path / "a.wav", tones(3, rate), rate, "wav"))
    assert np.argmax(np.abs(np.fft.rfft(sound[0][: 2 * RATE]))) / 2 == pytest.approx(300, abs=2)


def test_contents_decide_not_the_name(tmp_path):
    """A recording with the wrong extension is read; a text named .wav is refused."""
    path = write_sound(tmp_path / "a.wav", tones(2, 16_000), 16_000, "flac")
    assert _read(path).shape[1] == 2 * RATE
    text = tmp_path / "b.wav"
    text.write_text("Therapist: How did you sleep?\n" * 100)
    with pytest.raises(Invalid) as refused:
        probe(text)
    assert refused.value.code == "inference.audio_unreadable"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "audio_empty"),
        (random.Random(1).randbytes(300_000), "audio_unreadable"),
        (bytes(300_000), "audio_unreadable"),
        (b"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nother.mp3\n", "audio_unreadable"),
        (b"ffconcat version 1.0\nfile 'other.mp3'\n", "audio_unreadable"),
        (b"RIFF\xff\xff\xff\xffWAVE", "audio_unreadable"),
    ],
)
def test_what_is_no_recording_is_refused(content, code, tmp_path):
    """Empty files, garbage, and lists that name other files each get one clear line."""
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(Invalid) as refused:
        _read(path)
    assert refused.value.code == f"inference.{code}" and str(tmp_path) not in str(refused.value)


def test_a_missing_file_is_refused(tmp_path):
    """A recording that isn't there is the caller's mistake."""
    with pytest.raises(Invalid) as refused:
        probe(tmp_path / "none.wav")
    assert refused.value.code == "inference.audio_missing"


def test_a_picture_without_sound_is_refused(tmp_path):
    """A film without sound holds nothing to hear."""
    import av

    path = tmp_path / "a.webm"
    with av.open(str(path), "w", format="matroska") as written:
        film = written.add_stream("mpeg4", rate=10)
        film.width = film.height = 32
        for _ in range(5):
            written.mux(film.encode(av.VideoFrame(32, 32, "yuv420p")))
        written.mux(film.encode(None))
    with pytest.raises(Invalid) as refused:
        probe(path)
    assert refused.value.code == "inference.audio_soundless"


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_half_a_session_is_no_session(kind, share, tmp_path):
    """A recording whose end is missing is refused before anything is recognised."""
    whole = write_sound(tmp_path / "a", tones(20, 48_000), 48_000, kind).read_bytes()
    path = tmp_path / f"b.{kind}"
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(Invalid) as refused:
        probe(path)
    assert refused.value.code in {"inference.audio_cut_short", "inference.audio_unreadable"}


@pytest.mark.parametrize("kind", sorted(set(FORMATS) - {"wav"}))  # plain samples carry nothing to tell by
def test_damage_in_the_middle_is_refused(kind, tmp_path):
    """Two lost seconds out of twenty are two seconds nobody could check a note against."""
    whole = bytearray(write_sound(tmp_path / "a", tones(20, 48_000), 48_000, kind).read_bytes())
    at, count = len(whole) // 2, len(whole) // 10
    whole[at : at + count] = random.Random(1).randbytes(count)
    path = tmp_path / f"b.{kind}"
    path.write_bytes(whole)
    with pytest.raises(Invalid) as refused:
        _read(path)
    assert refused.value.code in {"inference.audio_damaged", "inference.audio_cut_short"}


def test_memory_does_not_grow_with_length(tmp_path):
    """Twenty times the length takes no more memory."""
    peaks = []
    for seconds in (30, 600):
        path = write_sound(tmp_path / "a.flac", tones(seconds, 16_000), 16_000, "flac")
        tracemalloc.start()
        for _ in stream(path):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0]


def test_libav_keeps_quiet(tmp_path, capfd):
    """Nothing that the decoder has to say about a broken file reaches the terminal."""
    whole = write_sound(tmp_path / "a.mp3", tones(6, 44_100), 44_100, "mp3").read_bytes()
    path = tmp_path / "b.mp3"
    path.write_bytes(whole[:2000] + random.Random(2).randbytes(16_000) + whole[18_000:])
    with pytest.raises(Invalid):
        _read(path)
    out, err = capfd.readouterr()
    assert out == "" and err == ""


def _survives(content, path):
    """Whatever the bytes, there is sound or a clear refusal."""
    path.write_bytes(content)
    try:
        sound = _read(path)
    except Invalid:
        return
    assert np.isfinite(sound).all() and np.abs(sound).max(initial=0) <= 1


def _mutated(draw, whole):
    content = bytearray(whole)
    for _ in range(draw(st.integers(0, 6))):
        content[draw(st.integers(0, len(content) - 1))] = draw(st.integers(0, 255))
    return bytes(content[: draw(st.integers(0, len(content)))])


HEADS = [
    b"",
    b"RIFF\x00\x10\x00\x00WAVEfmt ",
    b"fLaC\x00\x00\x00\x22",
    b"OggS\x00\x02",
    b"ID3\x04\x00",
    b"\x1aE\xdf\xa3",
]


@pytest.fixture(scope="module")
def wholes(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sound")
    return [write_sound(folder / kind, tones(1, 16_000), 48_000, kind).read_bytes() for kind in FORMATS]


FUZZ = settings(deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)


@settings(FUZZ, max_examples=60)
@given(data=st.data())
def test_no_bytes_are_too_strange(data, wholes, tmp_path_factory):
    """Random and mutated files end in sound or in a clear refusal, never in another error."""
    _try(data, wholes, tmp_path_factory)


@pytest.mark.soak
@settings(FUZZ, max_examples=20_000)
@given(data=st.data())
def test_no_bytes_are_too_strange_for_long(data, wholes, tmp_path_factory):
    """The same, many times over."""
    _try(data, wholes, tmp_path_factory)


def _try(data, wholes, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "fuzz.bin"
    if data.draw(st.booleans()):
        _survives(data.draw(st.sampled_from(HEADS)) + data.draw(st.binary(max_size=4000)), path)
    else:
        _survives(_mutated(data.draw, data.draw(st.sampled_from(wholes))), path)
