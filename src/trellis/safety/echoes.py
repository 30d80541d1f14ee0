"""Reads a danger the clinician repeats back: "You've got the tablets and want to use them. Could you give them away?"

Why: what was said before a message may be known only from the clinician's next question; an answer that lets it stand
affirms it. Where the client was heard before, their own words count, and nothing is echoed. Takes a message; gives the
repeated words as the client would say them, where the answer doesn't take them back. The clinician's words alone make
nothing: without an answer there is no echo.
"""

import re
from collections.abc import Sequence

from trellis.safety.messages import Message
from trellis.safety.rules import Rulebook, is_found, places
from trellis.safety.words import Sentence, read

_TURNED = {
    "you've": "i've",
    "you're": "i'm",
    "you'd": "i'd",
    "you'll": "i'll",
    "yourself": "myself",
    "your": "my",
    "yours": "mine",
    "you": "i",
}
_TURN = re.compile(
    r"\b(?:you\s+are|you\s+were|" + "|".join(sorted(_TURNED, key=len, reverse=True)) + r")\b", re.IGNORECASE
)
_STATED = re.compile(
    r"^(?:so|and|but|okay|last week|earlier)?,?\s*you(?:'ve| have|'re| are| want| feel| took| had)\b", re.IGNORECASE
)
_SENTENCE = re.compile(r"[^.!?…]+[.!?…]*")


def read_echo(book: Rulebook, message: Message, sentences: Sequence[Sentence]) -> str:
    """The clinician's repeated words in the first person; empty where nothing was repeated, or it was taken back."""
    if not sentences or not message.context or any(earlier.role != "clinician" for earlier in message.context):
        return ""
    asked = message.context[-1].text.replace("’", "'")
    repeated = [said for part in _SENTENCE.findall(asked) if (said := _repeated(book, part.strip()))]
    if not repeated or _takes_back(book, asked, sentences):
        return ""
    return " ".join(_first_person(each) for each in repeated)


def _repeated(book: Rulebook, sentence: str) -> str:
    """The part of a sentence that repeats what the client said; nothing where it only asks."""
    read_as = read(sentence)
    if not read_as or not read_as[0].words:
        return ""
    words = read_as[0].words
    lead = max(
        (end for start, end in places(book.scope[read_as[0].language]["retold"], words) if start == 0), default=0
    )
    if lead and lead < len(words):
        return sentence[words[lead].start :].rstrip("?")
    return sentence if _STATED.match(sentence) and not sentence.endswith("?") else ""


def _takes_back(book: Rulebook, asked: str, sentences: Sequence[Sentence]) -> bool:
    """Whether the answer denies what was repeated: a plain "no" does, unless it answers "what …?" or "could you …?"."""
    if any(is_found(book.scope[one.language]["takes_back"], one.words) for one in sentences):
        return True
    last = read(_SENTENCE.findall(asked)[-1])
    asks_beyond = any(is_found(book.scope[one.language]["asks_beyond"], one.words) for one in last)
    first = sentences[0]
    return not asks_beyond and is_found(book.replies[first.language]["no"], first.words[:9])


def _first_person(said: str) -> str:
    def turned(match: re.Match[str]) -> str:
        words = " ".join(match.group().lower().split())
        return {"you are": "i am", "you were": "i was"}.get(words) or _TURNED[words]

    return _TURN.sub(turned, said)
