"""Make a fact of what the clinician said and the client confirmed: "So you're standing guard all night." "Exactly."

Takes the clinician's statement and whether it was confirmed plainly; gives a sentence in the third person without its
full stop, or None. A nod in passing ("yeah" after advice) confirms nothing; what is told is told as confirmed.
"""

import re

from trellis.scribe.points import Utterance
from trellis.scribe.saying.asked import is_request
from trellis.scribe.saying.person import Voice, joined, retell
from trellis.scribe.saying.spoken import meant
from trellis.scribe.words.smooth import smooth

LONGEST = 22
"""Words of a statement that can be confirmed as a whole."""

CONFIRMS = re.compile(
    r"^\W*(?:(?:yeah|yes|oh|um|uh|that's|it's|well|mm-hmm|okay),? )*(?:exactly|that's (?:it|right|true|exactly it)|"
    r"that is it|precisely|absolutely|totally|definitely|a hundred percent|you got it|right)\W*"
    r"(?:yeah|yes|exactly)?\W*$|"
    r"^\W*(?:yes|yeah),? (?:exactly|that's it|it is|i do|i am|i have|i did|definitely)\W*$",
    re.IGNORECASE,
)
_LEADS = re.compile(
    r"^\W*(?:(?:so|and|okay|ok|well|right|mm-hmm|yeah|it sounds like|sounds like|it seems like|it feels like|"
    r"what i(?:'m| am) hearing is(?: that)?|i hear(?: that)?|you're saying(?: that)?|you're telling me(?: that)?|"
    r"in other words|part of you feels(?: that)?|if i understand(?: you)?(?: right)?|i guess)\b[\s,]*)+",
    re.IGNORECASE,
)
_TAG = re.compile(
    r",? (?:right|correct|yeah|yes|is that right|does that sound right|"
    r"(?:is|are|do|does|did|have|has|was|were|can|could)(?:n't)? (?:you|it|that|they|he|she))\W*\??$",
    re.IGNORECASE,
)
_NOT_TOLD = re.compile(
    r"\b(?:i|i'm|i'd|i'll|we|let's|me|my|us|maybe we|should|could you|would you|can you|try|congratulations|thank|"
    r"great|good job|well done|proud)\b|\?.+\?",
    re.IGNORECASE,
)
_OF_CLIENT = re.compile(r"\b(?:you|your|you're|you've)\b", re.IGNORECASE)
_INVERTED = frozenset(
    [
        "if",
        "when",
        "do",
        "does",
        "did",
        "are",
        "is",
        "was",
        "were",
        "have",
        "has",
        "had",
        "can",
        "could",
        "would",
        "will",
        "should",
        "any",
        "ever",
        "what",
        "how",
    ]
)
_VAGUE = re.compile(r"^(?:that|this|it|there|these|those|which|what|how|why|because|and|but)\b", re.IGNORECASE)


def tell_confirmed(statement: Utterance, voice: Voice) -> str | None:
    """The confirmed statement, told of the client; None where it is advice, praise, or about nothing in particular."""
    text = smooth(statement.text).text
    body = _TAG.sub("", _LEADS.sub("", text)).strip(" .,!?")
    if not _OF_CLIENT.search(body) or _NOT_TOLD.search(body) or _VAGUE.match(body) or is_request(statement):
        return None
    if not 4 <= len(body.split()) <= LONGEST:
        return None
    parse = statement.parse
    words = retell(parse, voice, asked=True)
    told = joined(parse.tokens, words, meant(parse))
    told = _TAG.sub("", _LEADS.sub("", told)).strip(" .,!?")
    if not told or _OF_CLIENT.search(told) or told.split()[0].lower() in _INVERTED:
        return None
    return f"{voice.name} confirms that {told[0].lower() + told[1:] if not told[:2].isupper() else told}"
