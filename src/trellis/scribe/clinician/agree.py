"""How a proposal was taken: agreed, agreed with reserve, declined, or left without an answer that could be heard.

Takes the lines of a session and the place of a proposal; gives the reading and the line it rests on.
"""

from collections.abc import Sequence
from typing import Literal

from trellis.scribe.words.cues import Cues, Line

Answer = Literal["yes", "tentative", "no", "unheard"]

REACH = 8
"""Lines after a proposal in which its answer is looked for."""


def answer_to(said: Sequence[Line], at: int) -> tuple[Answer, Line | None]:
    """How the first client turn after line `at` takes what was proposed there, and the line that says so."""
    turn: int | None = None
    reading: Answer = "unheard"
    ground: Line | None = None
    for line in said[at + 1 : at + 1 + REACH]:
        if line.role not in ("client", "other"):
            if turn is not None:
                break
            continue
        if turn is not None and line.turn != turn:
            break
        turn = line.turn
        read = _read(line) if _is_its_answer(said, at, line) else "unheard"
        if read == "no" and reading in ("unheard", "tentative"):
            reading, ground = "no", line
        elif read == "tentative" and reading in ("unheard", "yes"):
            reading, ground = "tentative", line
        elif read == "yes" and reading == "unheard":
            reading, ground = "yes", line
        elif read in ("yes", "tentative") and reading == "no" and _BUT.find(line):
            reading, ground = "tentative", line
    return reading, ground


def _is_its_answer(said: Sequence[Line], at: int, line: Line) -> bool:
    """Whether the line answers what was proposed, and not a question asked after it about something else."""
    asked = line.utterance.answers
    first = said[0].utterance.index
    if asked is None or asked - first <= at or asked - first >= len(said):
        return True
    question = said[asked - first]
    return len(question.words) <= 6 and _CHECKS.find(question) is not None


def _read(line: Line) -> Answer:
    if _NO.find(line):
        return "no"
    if _TENTATIVE.find(line):
        return "tentative"
    return "yes" if _YES.find(line) else "unheard"


_CHECKS = Cues(
    (
        "that|it|this",
        "okay|ok|all_right|alright|fair|fine|deal|willing|doable|work",
        "how about",
        "what do you think",
        "how do that|it sound",
        "sound okay|good|fair",
    )
)
_NO = Cues(
    (
        "^ no $",
        "^ no thanks|thank|way|i|not|please",
        "^ nope|nah",
        "not really",
        "i do not|n't want|think_so|feel|like_that|see_the_point",
        "i would|'d rather not|n't",
        "i can not|n't|no do|go|take|afford|make|commit",
        "i ca n't",
        "i be|'m not|n't ready|go|going|gonna|doing|interested|comfortable|sure_i_can",
        "i will not|n't",
        "i wo n't",
        "that be|'s not|n't for|gonna|going|work|me|happen|possible|helpful",
        "that|it will|would|do not|n't work|help",
        "not * right now",
        "not yet",
        "maybe next time",
        "no thank_you",
    )
)
_TENTATIVE = Cues(
    (
        "i guess",
        "maybe",
        "i could",
        "i might",
        "might",
        "i will|'ll|can try",
        "try",
        "i will|'ll think|see|consider",
        "we will|'ll see",
        "probably",
        "i suppose",
        "if i have|can|get|remember|feel",
        "possibly",
        "perhaps",
        "not sure",
        "i do not|n't know",
        "depend",
        "whatever",
        "fine $",
    )
)
_YES = Cues(
    (
        (
            "^ yes|yeah|yep|yup|sure|okay|ok|alright|all_right|absolutely|definitely|right|deal|great|good|perfect|"
            "mm-hmm|cool|totally|exactly"
        ),
        "of course",
        "i will|'ll",
        "i can do|make|try|manage",
        "got it",
        "that|it will|would|'d|'ll work|be_good|be_great|be_fine|help|be_nice",
        "that|it work|works|sound|sounds|seem",
        "good|great idea|plan",
        "i would|'d like|love",
        "let_'s do",
        "no problem",
        "i be|'m go|in|willing|ready|happy|okay|fine",
        "that be|'s fine|good|great|okay|ok|fair|doable",
        "sound|sounds good|great|fine|like_a_plan",
        "thank_you|thanks",
    )
)
_BUT = Cues(("but", "i will|'ll|can|could|guess|might"))
