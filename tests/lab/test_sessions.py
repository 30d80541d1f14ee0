"""Spoken scripts: the recording holds what its truth says, where its truth says it."""

import json
import wave

import numpy as np
import pytest

from trellis.kernel.errors import Invalid
from trellis.lab.scripts import parse_script
from trellis.lab.sessions import cut_pieces, find_speech, render, rttm, write_reference

HEAD = "title: A\nproblem: b\nlanguage: en\nT: clinician, hum-low, Dr. A\nC: client, hum-high, B\n---\n"
SCRIPT = parse_script(
    "tones",
    HEAD
    + "T: How did you sleep this week, would you say?\n"
    + "C [pause=3]: Four hours a night. Maybe four and a half on a good one.\n"
    + "T [backchannel=1.5]: Mm-hm.\n"
    + "C [overlap=0.4,risk]: Some nights I wish I would not wake up.\n",
)


def samples(path):
    """The samples of a wav, [channels, n]."""
    with wave.open(str(path), "rb") as sound:
        raw = np.frombuffer(sound.readframes(sound.getnframes()), np.int16)
        return raw.reshape(-1, sound.getnchannels()).T.astype(float) / 32767


def loudness(sound, start, end):
    """Root mean square between two seconds."""
    return float(np.sqrt(np.mean(np.square(sound[round(start * 16_000) : round(end * 16_000)]))))


def test_the_same_arguments_give_the_same_file(tmp_path):
    """Two renderings agree to the byte, with or without the cache of spoken pieces."""
    one = render(SCRIPT, out=tmp_path / "1.wav", cache=tmp_path / "cache")
    two = render(SCRIPT, out=tmp_path / "2.wav", cache=tmp_path / "cache")
    three = render(SCRIPT, out=tmp_path / "3.wav")

    assert one.path.read_bytes() == two.path.read_bytes() == three.path.read_bytes()
    assert one.turns == two.turns == three.turns


def test_another_seed_gives_another_session(tmp_path):
    """The seed decides pace and pauses."""
    assert render(SCRIPT, seed=1, out=tmp_path / "1.wav").turns != render(SCRIPT, seed=2, out=tmp_path / "2.wav").turns


def test_pauses_overlaps_and_backchannels_are_as_written(tmp_path):
    """A pause lasts what the script says, an overlap reaches back, a backchannel lies inside the turn before it."""
    first, second, third, fourth = render(SCRIPT, out=tmp_path / "a.wav").turns

    assert second.start - first.end == pytest.approx(3.0, abs=0.01)
    assert second.start < third.start < third.end <= second.end
    assert fourth.start == pytest.approx(second.end - 0.4, abs=0.01)
    assert [turn.overlap for turn in (first, second, third)] == [False, True, True]
    assert (third.backchannel, fourth.risk) == (True, True)


def test_words_lie_in_their_turns_in_order(tmp_path):
    """Every word of the script is there once, in order, within its turn."""
    for turn in render(SCRIPT, out=tmp_path / "a.wav").turns:
        assert [word.text for word in turn.words] == turn.text.split()
        times = [moment for word in turn.words for moment in (word.start, word.end)]
        assert times == sorted(times)
        assert turn.start <= times[0] and times[-1] <= turn.end + 0.001


def test_silence_is_quiet_and_speech_is_heard_where_the_truth_says(tmp_path):
    """The recording is loud in each stretch of speech and quiet in the pause, but never digitally silent."""
    rendered = render(SCRIPT, out=tmp_path / "a.wav")
    (sound,) = samples(rendered.path)

    for stretch in rendered.speech:
        assert loudness(sound, stretch.start, stretch.end) > 0.02
    first, second = rendered.turns[:2]
    assert 0 < loudness(sound, first.end + 0.1, second.start - 0.1) < 0.001
    assert rendered.duration == pytest.approx(len(sound) / 16_000, abs=0.001)


def test_stereo_has_the_clinician_left_and_everyone_else_right(tmp_path):
    """The channels of a call carry one side each."""
    rendered = render(SCRIPT, out=tmp_path / "a.wav", stereo=True)
    left, right = samples(rendered.path)
    first, second = rendered.turns[:2]

    assert loudness(left, first.start, first.end) > 20 * loudness(right, first.start, first.end)
    assert loudness(right, second.start, third_start := rendered.turns[2].start) > 20 * loudness(
        left, second.start, third_start
    )


def test_voices_can_be_swapped(tmp_path):
    """A role speaks with the voice it is given; the rest of the cast stays."""
    rendered = render(SCRIPT, {"client": "hum-low"}, out=tmp_path / "a.wav")

    assert rendered.cast == {"clinician": "hum-low", "client": "hum-low"}


def test_a_degraded_recording_is_mono(tmp_path):
    """Stereo with reverb or noise is refused."""
    with pytest.raises(Invalid, match="mono"):
        render(SCRIPT, out=tmp_path / "a.wav", stereo=True, reverb=True)


def test_the_truth_can_be_written(tmp_path):
    """The reference file has turns as in a transcript; the RTTM has a line a stretch of speech."""
    rendered = render(SCRIPT, out=tmp_path / "a.wav")
    write_reference(rendered, tmp_path / "a.json", {"speech": "synthetic"})
    truth = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))

    assert truth["card"] == {"speech": "synthetic"}
    assert [(turn["id"], turn["speaker"]) for turn in truth["turns"]] == [
        (1, "clinician"), (2, "client"), (3, "clinician"), (4, "client"),
    ]  # fmt: skip
    assert truth["turns"][1]["text"] == SCRIPT.turns[1].text
    assert len(rttm(rendered).splitlines()) == len(rendered.speech)


def test_pauses_of_half_a_second_part_stretches_of_speech():
    """Shorter pauses are bridged, longer ones part; silence has no speech."""
    tone = 0.1 * np.sin(np.arange(16_000) / 5, dtype=np.float32)
    short, long = np.zeros(4_800, np.float32), np.zeros(16_000, np.float32)

    assert find_speech(np.concatenate([tone, short, tone])) == ((0.0, 2.3),)
    assert find_speech(np.concatenate([tone, long, tone])) == ((0.0, 1.0), (2.0, 3.0))
    assert find_speech(np.zeros(0, np.float32)) == ()


def test_short_sentences_stay_with_their_neighbour():
    """No piece that is spoken alone is shorter than four words, except where the whole turn is."""
    assert cut_pieces("No. I slept well on Tuesday. I really did not nap.") == [
        "No. I slept well on Tuesday.",
        "I really did not nap.",
    ]
    assert cut_pieces("Yeah.") == ["Yeah."]
