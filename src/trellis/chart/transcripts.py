"""What was said, by whom and when: the noun that transcription gives and every later step reads."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A word the recogniser got wrong and vocabulary correction put right, kept beside the original.

    `confidence` is between 0 and 1. Corrections never touch a negation, a number or a risk term.
    """

    said: str
    text: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One person's words until another speaks.

    `speaker` is `clinician`, `client`, `other` or `unknown`; where there are several of a role, `client:2`, `other:2`
    and so on. `start` and `end` are seconds from the beginning of the recording, None where a transcript has no
    times. `text` is what stands after correction. `confidence` is the recogniser's mean word probability (0..1),
    None for typed transcripts. `marks` are the bracketed notes of a typed transcript (`pause 6s`, `laughs`): no words.
    """

    id: int
    speaker: str
    text: str
    start: float | None = None
    end: float | None = None
    overlap: bool = False
    corrections: tuple[Correction, ...] = ()
    confidence: float | None = None
    marks: tuple[str, ...] = ()

    @property
    def role(self) -> str:
        """The speaker's role without its number: `client` for `client:2`."""
        return self.speaker.split(":")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """The turns of one encounter in the order they began.

    `duration` is in seconds, None where no times are known. `language` is an ISO 639-1 code. `role_confidence` says
    how sure it is who the clinician is (0..1); None where the transcript named its speakers. `withheld` are stretches
    (seconds from and to) in which somebody spoke whose words are not this client's; their turns are left out.
    """

    turns: tuple[Turn, ...]
    duration: float | None = None
    language: str = "en"
    role_confidence: float | None = None
    withheld: tuple[tuple[float, float], ...] = ()

    def turn(self, turn_id: int) -> Turn:
        """The turn with this id; `KeyError` where there is none."""
        for turn in self.turns:
            if turn.id == turn_id:
                return turn
        raise KeyError(turn_id)
