"""What Whisper hears on this machine, and what it is kept from inventing."""

import numpy as np
import pytest

from trellis.inference import local_speech
from trellis.inference.audio import RATE
from trellis.inference.local_speech import LocalSpeech
from trellis.inference.loops import without_loops
from trellis.inference.open_speech import open_speech
from trellis.inference.remote_speech import RemoteSpeech
from trellis.inference.speech import NullSpeech, Word
from trellis.inference.voice_activity import find_speech
from trellis.kernel import Invalid, Settings

from .conftest import noises


def _plain(text):
    return "".join(letter for letter in text.lower() if letter.isalnum() or letter == " ").split()


def test_what_was_said_is_heard_with_its_times(said, whisper):
    """The words of a synthetic voice are recognised, each within half a second of where it was said."""
    samples, reference = said
    stretch = next(find_speech([samples]))
    heard = whisper.hear(stretch.samples, language=None)
    turn = reference["turns"][0]
    wanted = _plain(turn["text"])
    found = _plain(heard.text)
    assert heard.language == "en" and heard.language_probability > 0.8
    assert sum(word in found for word in wanted) >= 0.9 * len(wanted)
    first = {_plain(word["text"])[0]: word["start"] for word in reversed(turn["words"]) if _plain(word["text"])}
    for word in heard.words:
        said_at = first.get(_plain(word.text)[0])
        if said_at is not None and wanted.count(_plain(word.text)[0]) == 1:
            assert word.start + stretch.start == pytest.approx(said_at, abs=0.5)


def test_the_same_sound_gives_the_same_words(said, whisper):
    """Nothing is left to chance."""
    assert whisper.hear(said[0], language="en") == whisper.hear(said[0], language="en")


@pytest.mark.parametrize("name", ["silence", "white noise", "band"])
def test_nothing_is_invented_even_without_voice_activity(name, whisper):
    """Given a window without any voice, Whisper's inventions are dropped."""
    assert whisper.hear(noises()[name], language="en").words == ()


def test_the_language_is_told(said, whisper):
    """English is told from the first seconds."""
    shares = whisper.identify(said[0])
    assert max(shares, key=shares.get) == "en" and sum(shares.values()) == pytest.approx(1, abs=0.01)


def test_an_unknown_language_or_model_is_refused(whisper, tmp_path):
    """What the model can't do is said, not guessed."""
    with pytest.raises(Invalid) as refused:
        whisper.hear(np.zeros(RATE, np.float32), language="xx")
    assert refused.value.code == "inference.language_unknown"
    with pytest.raises(Invalid) as refused:
        LocalSpeech(str(tmp_path)).hear(np.zeros(RATE, np.float32), language="en")
    assert refused.value.code == "inference.speech_model_unknown"


def test_loops_are_cut_and_repetitions_stay():
    """A phrase said over and over is a recogniser's slip; "no, no, no" is a person's."""

    def words(text):
        return [Word(text=t, start=i, end=i + 1, probability=1.0) for i, t in enumerate(text.split())]

    assert [w.text for w in without_loops(words("well " + "I know. " * 9 + "yes"))] == ["well", "I", "know.", "yes"]
    assert len(without_loops(words("no no no no I mean it"))) == 7


def test_settings_choose_the_engine():
    """`speech.engine` opens Whisper, nothing, or a server on an allowed host."""
    assert isinstance(open_speech(Settings()), LocalSpeech)
    assert isinstance(open_speech(Settings({"speech.engine": "null"})), NullSpeech)
    assert isinstance(open_speech(Settings({"speech.engine": "http://127.0.0.1:9/v1"})), RemoteSpeech)
    allowed = {"speech.engine": "https://asr.clinic.example/v1", "engines.allowed_hosts": "asr.clinic.example"}
    assert isinstance(open_speech(Settings(allowed)), RemoteSpeech)


@pytest.mark.parametrize(
    ("engine", "code"),
    [
        ("https://asr.clinic.example/v1", "kernel.host_not_allowed"),
        ("http://127.0.0.1.evil.example/v1", "kernel.host_not_allowed"),
        ("http://localhost@evil.example/v1", "kernel.host_not_allowed"),
        ("ftp://127.0.0.1/v1", "kernel.address_invalid"),
        ("http://[::1/v1", "kernel.address_invalid"),
        ("whisper", "kernel.address_invalid"),
    ],
)
def test_sound_never_leaves_unasked(engine, code):
    """A server beyond this machine is refused unless an operator allowed it by name."""
    with pytest.raises(Invalid) as refused:
        open_speech(Settings({"speech.engine": engine}))
    assert refused.value.code == code


def test_pieces_of_one_word_are_one_word():
    """What the recogniser splits without a space ("6" ".30", " PHQ" "-9") is written as it is said: in one piece."""
    said = [("at", 0.0), (" 6", 0.4), (".30", 0.6), (" PHQ", 1.0), ("-9", 1.3), (" well", 1.6)]
    pieces = [{"word": word, "start": at, "end": at + 0.2, "probability": 0.9} for word, at in said]

    words = list(local_speech._believed(pieces, 5.0))

    assert [word.text for word in words] == ["at", "6.30", "PHQ-9", "well"]
    assert (words[1].start, words[1].end) == (0.4, 0.8)
