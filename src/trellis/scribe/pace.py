"""How fast and how much the client spoke, as figures: what a recording can measure, and nothing it would mean.

Takes a transcript with times; gives points with `audio` evidence. Off unless a clinic asks for it (setting
`scribe.audio_measures`): a figure about speech is easily read as a state of mind, which it is not.
"""

from trellis.chart import Evidence, Transcript, Turn
from trellis.scribe.points import Point

LEAST_SPEECH = 30.0
"""Seconds of a client's speech below which a rate says nothing."""


def pace(transcript: Transcript) -> tuple[Point, ...]:
    """Words per minute of the client and the share of the recording in which nobody speaks; empty without times."""
    timed = [turn for turn in transcript.turns if _length(turn) > 0]
    if not timed or not transcript.duration:
        return ()
    points = []
    spoken = [turn for turn in timed if turn.speaker == "client"]
    seconds = sum(map(_length, spoken))
    if seconds >= LEAST_SPEECH:
        rate = round(60 * sum(len(turn.text.split()) for turn in spoken) / seconds)
        points.append(
            _figure(f"Client's speech rate: {rate} words per minute.", spoken, "speech rate", rate, "words/min")
        )
    silence = round(100 * (1 - _covered(timed) / transcript.duration))
    if silence > 0:
        text = f"Nobody spoke during {silence} percent of the recording."
        points.append(_figure(text, timed, "silence", silence, "percent"))
    return tuple(points)


def _figure(text: str, turns: list[Turn], measure: str, value: float, unit: str) -> Point:
    evidence = Evidence(
        source="audio", start=turns[0].start, end=turns[-1].end, measure=measure, value=float(value), unit=unit
    )
    return Point(topic="speech_measure", text=text, evidence=(evidence,), weight=0.5, key=f"audio.{measure}")


def _length(turn: Turn) -> float:
    return 0.0 if turn.start is None or turn.end is None else turn.end - turn.start


def _covered(turns: list[Turn]) -> float:
    """Seconds in which at least one person speaks."""
    total, reached = 0.0, 0.0
    for turn in sorted(turns, key=lambda turn: turn.start or 0.0):
        start, end = max(turn.start or 0.0, reached), turn.end or 0.0
        total += max(0.0, end - start)
        reached = max(reached, end)
    return total
