"""How a clinician listens: open questions and reflections, known by their form.

Takes the lines of a session, gives those of the clinician that reflect or ask openly. What they mean for the school of
a session is decided in `intervene`.
"""

from collections.abc import Sequence

from trellis.scribe.words.cues import Cues, Line

LISTENING = 4
"""Reflections and open questions, each, from which a session's listening is named."""

SOME = 2
"""The same beside other signs of a way of working."""


def ways_of_listening(said: Sequence[Line]) -> dict[str, list[Line]]:
    """The ways of listening that are more than chance in this session, by name, with the lines that show each."""
    asked, reflected = open_questions(said), reflections(said)
    if len(asked) + len(reflected) <= LISTENING:
        return {}
    affirmed = affirmations(said)
    ways = {"open questions": (asked, SOME), "affirmations": (affirmed, 1), "reflective listening": (reflected, SOME)}
    return {name: lines for name, (lines, least) in ways.items() if len(lines) >= least}


def affirmations(said: Sequence[Line]) -> list[Line]:
    """The clinician's statements that name a strength or an effort of the client."""
    return [line for line in said if line.role == "clinician" and not line.asks and AFFIRMS.find(line)]


def reflections(said: Sequence[Line]) -> list[Line]:
    """The clinician's statements that say back what the client said or meant."""
    return [
        line
        for line in said
        if line.role == "clinician"
        and not line.utterance.text.rstrip().endswith("?")
        and len(line.words) >= 5
        and REFLECTS.find(line)
        and not _AHEAD.find(line)
    ]


def open_questions(said: Sequence[Line]) -> list[Line]:
    """The clinician's questions that can't be answered by yes or no."""
    return [line for line in said if line.role == "clinician" and len(line.words) >= 4 and _OPENS.find(line)]


AFFIRMS = Cues(
    (
        "you be|'re very|really|so good|strong|committed|thoughtful|caring",
        "take|took * courage|strength|guts",
        "good for you",
        "that be|'s|is fantastic|great|wonderful|impressive|huge",
        "i like|love * how you|that_you",
        "i be|'m impressed|proud",
        "i|really? appreciate * you",
        "glad * you",
        "beautiful|great job|work",
        "you show|showed up",
        "you have|'ve * clear|good|real idea|sense|plan of",
        "you have|'ve|be|were * work|working|worked hard|on",
        "that take|takes|took * courage|strength|guts|effort|work",
    )
)
REFLECTS = Cues(
    (
        "^ so|and|but|yeah|okay|right? it? sound~|seem~|feel~|look~ like|as",
        "^ so|and|but|yeah|okay it sound~|seem~|feel~|look~ like|as",
        "sound~ like you|it|there|that",
        "what i hear|am_hearing",
        "^ so you|your|part|for_you",
        "^ so there be|'s * possibility|part|side|something|other",
        (
            "^ you also|be|'re|'ve|feel|want|have|like|know|see|need|wish|think|just|do|did|were|wonder|got|can|could|"
            "would|said|let|noticed|poured|sat"
        ),
        "on the? one hand",
        "part of you",
        "^ and|but|yeah|okay so? you",
        "you be feel~|say~|wonder~|worry~|wrestl~",
    )
)

_AHEAD = Cues(
    (
        "^ and|so|okay|then? you will|'ll|gonna",
        "^ and|so|okay|then? you be|'re go|gonna",
        "^ and|so|but|then? if you|anything",
        "you can|could always|call|come|reach|think|try|use",
        "you do|might|may? have|need|got|should|will|'ll * to",
        "you do * have|need to",
        "^ and|but|so? you know that|if|what",
    )
)
"""What the client is going to do or may ask, no words of theirs said back."""

_OPENS = Cues(
    (
        "^ and|so|but|okay|well? what|how",
        "^ what|how",
        "tell me * about|more|what|how",
        "help me understand",
        "fill me in",
        "say more",
        "describe",
        "walk me through",
        "i wonder what|how",
        "i be curious",
    )
)
