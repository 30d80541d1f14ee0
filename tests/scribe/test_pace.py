"""What a recording can measure is stated as figures."""

from trellis.chart import Transcript, Turn
from trellis.scribe.pace import pace


def test_speech_rate_and_silence_are_figures_with_audio_evidence():
    """Rate counts the client's words over the client's time; silence is where nobody speaks."""
    turns = (
        Turn(id=1, speaker="clinician", text="How was it?", start=0.0, end=10.0),
        Turn(id=2, speaker="client", text="word " * 100, start=20.0, end=60.0),
    )
    rate, silence = pace(Transcript(turns=turns, duration=100.0))

    assert rate.text == "Client's speech rate: 150 words per minute."
    assert rate.evidence[0].source == "audio"
    assert (rate.evidence[0].value, rate.evidence[0].unit) == (150.0, "words/min")
    assert silence.evidence[0].value == 50.0
    assert silence.evidence[0].quote is None


def test_overlapping_turns_are_counted_once():
    """Two people at once are no more speech than one."""
    turns = (
        Turn(id=1, speaker="clinician", text="a", start=0.0, end=50.0),
        Turn(id=2, speaker="client", text="b", start=25.0, end=50.0),
    )
    (silence,) = pace(Transcript(turns=turns, duration=100.0))

    assert silence.evidence[0].value == 50.0


def test_nothing_is_measured_without_times():
    """A typed transcript has no pace."""
    assert pace(Transcript(turns=(Turn(id=1, speaker="client", text="word " * 200),))) == ()
