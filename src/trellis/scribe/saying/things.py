"""What a question is about, where its form says so: "How's your sleep?", "And the dreams?", "What was your mood like?".

Takes a question and the voice of who answers; gives the thing in the third person ("their sleep"), so that an answer
that only calls it "it", or doesn't name it at all, can be told; None for questions of other forms.
"""

import re

from trellis.scribe.points import Utterance
from trellis.scribe.saying.person import Voice
from trellis.scribe.words.smooth import smooth


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


LONGEST = 6
"""Words a thing may have."""

_THING = re.compile(
    r"^\W*(?:(?:and|so|okay|ok|now|well|but|or|alright|all right|great|good)\b\W*)*"
    r"(?:(?:how|what) about |what's happening with |how (?:are|is|was|were|has|have|did) |how's |how've )?"
    r"(?P<thing>(?:your|the|any|those|these|this) [\w' -]+?|[A-Za-z]+)"
    r"(?: (?:been|going|doing|lately|these days|at the moment|now|recently|like))*\W*$",
    re.IGNORECASE,
)
_LIKE = re.compile(
    r"\bwhat(?:'s| is| was| has| are| were)? (?P<thing>(?:your|the) [\w' -]+?)(?: been)? (?:been )?like\b",
    re.IGNORECASE,
)
_WENT = re.compile(
    r"\bhow (?:did|was|has|have|is|'s) (?:it (?:go|going|gone|been|been going) with )?(?P<thing>(?:the|your) [\w' -]+?)"
    r"(?: (?:go|going|been going|work out|work))?"
    r"(?:,? (?:that )?(?:we|you|i) (?:planned|agreed|talked|set|discussed|were)\b.*)?\W*$",
    re.IGNORECASE,
)
_NO_THINGS = _set(
    "you that it this anything something who what why how where when which yes no okay right really good great sorry "
    "any_other one ones he she they there here and so then or but well now week day things everything else more "
    "today time today's"
)


def thing_asked(question: Utterance, voice: Voice) -> str | None:
    """The thing asked about, as the note names it."""
    text = smooth(question.text).text.strip()
    match = _LIKE.search(text) or _WENT.search(text) or _THING.match(text)
    if match is None or len(match["thing"].split()) > LONGEST:
        return None
    thing = match["thing"].strip().lower()
    words = thing.split()
    if words[0] in _NO_THINGS or (len(words) == 2 and words[1] in _NO_THINGS) or {"you", "i", "we"} & set(words):
        return None
    if len(words) == 1 and any(
        token.tag == "NNP" and token.entity in {"PERSON", ""} and token.text.lower() == thing
        for token in question.parse.tokens
    ):
        return None
    thing = re.sub(r"\bmy\b", "the clinician's", re.sub(r"\byour\b", voice.their, thing))
    return re.sub(r"^any ", "", thing)


_THOUGHT = re.compile(
    r"\bwhat (?:went|was going|goes|is going|'s going|was running|ran) through your (?:mind|head)|"
    r"\bwhat (?:were|are) you (?:thinking|telling yourself|saying to yourself)|"
    r"\bwhat did you (?:tell yourself|think)\b|"
    r"\bwhat(?:'s| is| was) the (?:thought|worst|story)|\bwhat are you afraid (?:of|would|will|might)|"
    r"\bwhat (?:do|did) you (?:predict|expect|fear)",
    re.IGNORECASE,
)


def asks_thought(question: Utterance) -> bool:
    """Whether a question asks for the very words of a thought."""
    return bool(_THOUGHT.search(question.text))
