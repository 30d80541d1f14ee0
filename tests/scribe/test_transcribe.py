"""From words and voices to turns, and from a file to a transcript, with engines that hear what they are told to."""

import json
import wave
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import trellis.lab
from trellis.inference import Heard, NullSpeakers, NullSpeech, Voice, Word
from trellis.inference.sides import hear_sides
from trellis.kernel.errors import Invalid
from trellis.scribe.hearing.transcribe import transcribe
from trellis.scribe.hearing.turns import assign_speakers, cut_turns

RATE = 16_000
DEMO = Path(trellis.lab.__file__).parent / "demo"


def words(*said: tuple[str, float, float]) -> list[Word]:
    """Words shared out evenly over each (text, start, end)."""
    made = []
    for text, start, end in said:
        each = (end - start) / len(text.split())
        made += [
            Word(text=word, start=start + each * n, end=start + each * (n + 1), probability=0.9)
            for n, word in enumerate(text.split())
        ]
    return made


def turned(said: list[Word], voices: list[Voice]) -> list[tuple[str, str]]:
    return [(turn.speaker, turn.text) for turn in cut_turns(assign_speakers(said, voices), voices)]


def test_words_go_to_the_voice_heard_during_them():
    """Each sentence is its speaker's, and speakers are letters in the order they first speak."""
    said = words(("How did you sleep?", 0.0, 1.2), ("Four hours.", 1.6, 2.4))
    voices = [Voice(start=0.0, end=1.3, speaker=1), Voice(start=1.5, end=2.5, speaker=0)]
    assert turned(said, voices) == [("A", "How did you sleep?"), ("B", "Four hours.")]


def test_a_sentence_keeps_its_speaker_where_a_border_is_a_little_off():
    """A border that falls two words too early or too late moves no words: sentences rarely change speakers midway."""
    said = words(("I only slept for four hours.", 0.0, 2.4), ("And how was that?", 2.5, 3.5))
    for border in (1.9, 2.8):
        voices = [Voice(start=0.0, end=border, speaker=0), Voice(start=border, end=3.6, speaker=1)]
        assert turned(said, voices) == [("A", "I only slept for four hours."), ("B", "And how was that?")]


def test_a_backchannel_becomes_a_turn_of_its_own():
    """A short `Mm-hm.` between two sentences of somebody else stays with the one who said it."""
    said = words(("I was so tired.", 0.0, 1.2), ("Mm-hm.", 1.4, 1.8), ("And then I cried.", 2.0, 3.2))
    voices = [
        Voice(start=0.0, end=1.3, speaker=0),
        Voice(start=1.4, end=1.8, speaker=1),
        Voice(start=1.9, end=3.2, speaker=0),
    ]
    assert [speaker for speaker, _ in turned(said, voices)] == ["A", "B", "A"]


def test_what_recognition_joins_is_parted_where_each_says_plainly_some():
    """Two people in one sentence of the recogniser are two turns, when each says several words of it."""
    said = words(("do you want to stop there no I want to go on", 0.0, 4.0))
    voices = [Voice(start=0.0, end=2.0, speaker=0), Voice(start=2.0, end=4.0, speaker=1)]
    assert turned(said, voices) == [("A", "do you want to stop there"), ("B", "no I want to go on")]


def test_words_without_a_voice_go_to_the_nearest():
    """A word the voices missed isn't lost, nor a person of its own."""
    said = words(("Yes I do.", 0.0, 1.0), ("Right.", 1.1, 1.4))
    assert turned(said, [Voice(start=0.0, end=0.9, speaker=0)]) == [("A", "Yes I do. Right.")]


def test_no_voices_are_one_speaker():
    """Where nobody told voices apart, everybody is one."""
    assert turned(words(("Hello there.", 0.0, 1.0)), []) == [("A", "Hello there.")]


def test_a_long_silence_is_marked_and_starts_a_turn():
    """Silences of three seconds and more are kept as marks: they mean something in therapy."""
    turns = cut_turns(assign_speakers(words(("I don't know.", 0.0, 1.0), ("I miss her.", 7.0, 8.0)), []), [])
    assert [turn.marks for turn in turns] == [(), ("pause 6s",)]
    assert [(turn.start, turn.end) for turn in turns] == [(0.0, 1.0), (7.0, 8.0)]


def test_talk_at_once_is_marked():
    """A turn during which another voice is heard says so; others don't."""
    said = words(("I told you that I was not there.", 0.0, 3.0), ("You were.", 3.5, 4.5))
    voices = [
        Voice(start=0.0, end=3.0, speaker=0),
        Voice(start=1.0, end=2.0, speaker=1, overlap=True),
        Voice(start=3.5, end=4.5, speaker=1),
    ]
    assert [turn.overlap for turn in cut_turns(assign_speakers(said, voices), voices)] == [True, False]


def test_confidence_is_the_mean_of_the_words():
    """How sure the recogniser was of a turn is the mean over its words."""
    said = [
        Word(text=text, start=n, end=n + 0.5, probability=p) for n, (text, p) in enumerate([("I", 1.0), ("do", 0.5)])
    ]
    assert cut_turns(assign_speakers(said, []), [])[0].confidence == 0.75


class Scripted:
    """A speech engine that hears one sentence again and again, two or three words a second."""

    def __init__(self, text: str = "Hello there.", languages: Mapping[str, float] | None = None) -> None:
        self.text = text
        self.languages = languages or {}

    def hear(self, samples: np.ndarray, *, language: str | None) -> Heard:
        seconds = len(samples) / RATE - 0.6
        text = " ".join([self.text] * max(1, round(seconds / len(self.text.split()) / 0.4)))
        made = words((text, 0.3, 0.3 + max(0.2, seconds)))
        return Heard(words=tuple(made), language=language or "en", language_probability=1.0)

    def identify(self, samples: np.ndarray) -> Mapping[str, float]:
        return self.languages


def written(path: Path, samples: np.ndarray) -> Path:
    """A wav of samples [channels, n]."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(len(samples))
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1).T * 32767).astype(np.int16).tobytes())
    return path


@pytest.fixture(scope="module")
def spoken() -> tuple[np.ndarray, list[dict]]:
    """The first half minute of the shipped session (synthetic voices) and its turns."""
    from trellis.inference.audio import stream

    samples = next(stream(DEMO / "session.opus", seconds=30.0)).samples.mean(axis=0)
    return samples, json.loads((DEMO / "session.json").read_text())["turns"]


def test_silence_gives_a_transcript_without_turns(tmp_path):
    """A recording in which nobody speaks is no error, and nothing is invented, whatever the engine would say."""
    path = written(tmp_path / "silence.wav", np.zeros((1, 5 * RATE), np.float32))
    heard = transcribe(path, speech=Scripted("Thank you for watching."), voices=NullSpeakers())
    assert heard.turns == ()
    assert heard.duration == pytest.approx(5.0, abs=0.1)


def test_an_engine_that_hears_nothing_gives_no_turns(tmp_path, spoken):
    """Where the recogniser finds no words, there are no turns."""
    path = written(tmp_path / "session.wav", spoken[0][None, :])
    assert transcribe(path, speech=NullSpeech(), voices=NullSpeakers()).turns == ()


def test_words_keep_the_times_of_the_recording(tmp_path, spoken):
    """Turns lie where speech was found, and progress is told as a share that grows."""
    path = written(
        tmp_path / "session.wav", np.concatenate([np.zeros(4 * RATE, np.float32), spoken[0][: 8 * RATE]])[None, :]
    )
    told: list[tuple[str, float | None]] = []
    heard = transcribe(
        path, speech=Scripted(), voices=NullSpeakers(), tell=lambda step, share: told.append((step, share))
    )
    assert 4.0 < heard.turns[0].start < 6.0
    assert heard.turns[-1].end <= heard.duration
    shares = [share for step, share in told if step == "listening"]
    assert shares and shares == sorted(shares) and all(0 <= share <= 1 for share in shares)


@pytest.mark.parametrize(
    ("languages", "wanted", "refused"),
    [
        ({"de": 0.9, "en": 0.1}, None, True),
        ({"es": 0.95, "en": 0.05}, "en", True),
        ({"es": 0.95, "en": 0.05}, None, False),
        ({"en": 0.6, "cy": 0.4}, "en", False),
        ({"de": 0.4, "en": 0.35, "nl": 0.25}, None, False),
        ({"fr": 0.46, "br": 0.35, "en": 0.02}, None, True),
    ],
)
def test_another_language_is_refused(tmp_path, spoken, languages, wanted, refused):
    """A language that isn't transcribed, or not the one asked for, is a wrong input; an unsure guess is not."""
    path = written(tmp_path / "session.wav", spoken[0][None, : 14 * RATE])
    engine = Scripted(languages=languages)
    if refused:
        with pytest.raises(Invalid) as error:
            transcribe(path, speech=engine, voices=NullSpeakers(), language=wanted)
        assert error.value.code == "scribe.language_other"
    else:
        assert transcribe(path, speech=engine, voices=NullSpeakers(), language=wanted).language in languages


def test_music_that_sounds_like_a_language_is_no_other_language(tmp_path, spoken):
    """What the recogniser takes for another language, but finds no words in, gives an empty transcript, no refusal."""

    class Music(NullSpeech):
        def identify(self, samples: np.ndarray) -> Mapping[str, float]:
            return {"cy": 0.9, "en": 0.1}

    path = written(tmp_path / "music.wav", spoken[0][None, : 14 * RATE])
    assert transcribe(path, speech=Music(), voices=NullSpeakers()).turns == ()


def test_a_few_seconds_are_never_another_language(tmp_path, spoken):
    """Short speech sounds like anything (two Spanish greetings like Japanese): the likelier of the two is taken."""
    path = written(tmp_path / "short.wav", spoken[0][None, : 6 * RATE])
    engine = Scripted(languages={"ja": 0.95, "es": 0.011, "en": 0.007})
    assert transcribe(path, speech=engine, voices=NullSpeakers()).language == "es"
    assert transcribe(path, speech=engine, voices=NullSpeakers(), language="en").language == "en"


@pytest.mark.parametrize(("named", "language"), [("en", "en"), ("es", "es"), ("", "en"), ("german", None)])
def test_an_engine_that_names_the_language_with_the_words_is_asked_for_words(tmp_path, spoken, named, language):
    """A server tells the language only with what it heard; Spanish isn't written down as English, German is refused."""

    class Server(Scripted):
        def hear(self, samples: np.ndarray, *, language: str | None) -> Heard:
            return replace(super().hear(samples, language=language), language=language or named)

    path = written(tmp_path / "session.wav", spoken[0][None, : 14 * RATE])
    if language:
        assert transcribe(path, speech=Server(), voices=NullSpeakers()).language == language
    else:
        with pytest.raises(Invalid, match="another language"):
            transcribe(path, speech=Server(), voices=NullSpeakers())


def test_another_language_than_the_likeliest_may_be_the_one_with_words(tmp_path, spoken):
    """German sounds like Yiddish, in which no words are heard: it is refused all the same, not written as English."""

    class German(Scripted):
        def hear(self, samples: np.ndarray, *, language: str | None) -> Heard:
            return Heard(language="yi") if language == "yi" else super().hear(samples, language=language)

    path = written(tmp_path / "session.wav", spoken[0][None, : 14 * RATE])
    with pytest.raises(Invalid, match="another language"):
        transcribe(path, speech=German(languages={"yi": 0.6, "de": 0.3, "en": 0.05}), voices=NullSpeakers())


def _two_sides(spoken: tuple[np.ndarray, list[dict]], bleed: float) -> np.ndarray:
    """The session as a video visit: each side on its channel, leaking into the other."""
    samples, turns = spoken
    sides = np.zeros((2, len(samples)), np.float32)
    for turn in turns:
        part = slice(round(turn["start"] * RATE), round(turn["end"] * RATE))
        sides[0 if turn["speaker"] == "clinician" else 1, part] = samples[part]
    return sides + bleed * sides[::-1]


@pytest.mark.parametrize("bleed", [0.0, 0.15])
def test_two_sides_are_two_speakers(tmp_path, spoken, bleed):
    """Channels with different speech are the speakers; what leaks over from the louder side is left out."""
    path = written(tmp_path / "visit.wav", _two_sides(spoken, bleed))
    heard = transcribe(path, speech=Scripted("One two."), voices=NullSpeakers())
    assert {turn.speaker for turn in heard.turns} == {"A", "B"}
    for turn in spoken[1]:
        if turn["overlap"] or turn["end"] > 28:
            continue
        wanted = "A" if turn["speaker"] == spoken[1][0]["speaker"] else "B"
        middle = (turn["start"] + turn["end"]) / 2
        assert {t.speaker for t in heard.turns if t.start < middle < t.end} <= {wanted}


def test_one_room_in_stereo_is_not_two_sides(tmp_path, spoken):
    """A stereo microphone hears the same people on both channels, one side a little louder."""
    samples = spoken[0]
    assert hear_sides(written(tmp_path / "room.wav", np.stack([samples, 0.7 * samples]))) is None
    assert hear_sides(written(tmp_path / "silent.wav", np.stack([samples, 0 * samples]))) is None
    assert hear_sides(written(tmp_path / "visit.wav", _two_sides(spoken, 0.1))) is not None
