"""Find the reason for coming that the clinician says and the client agrees to: "You were referred for anxiety?" "Yeah."

Takes the client's answer and what the clinician said just before it, early in a session; gives the reason in the third
person, without its full stop. What the client contradicts or passes over is no reason.
"""

import re
from collections.abc import Sequence

from trellis.scribe.points import Utterance
from trellis.scribe.talk.answers import reply
from trellis.scribe.words.smooth import smooth

EARLY = 24
"""Turns of a session within which the reason for coming is gone into."""
LONGEST = 26
"""Words of a reason that is told whole."""

_HERE = re.compile(
    r"\b(?P<what>you(?:'re| are| were|'ve been| have been|'ve| have)? (?:here (?:because|for|to|about|after)|"
    r"(?:coming|came|come) (?:in|here)(?: today)? (?:because|for|to|about|after|with)|"
    r"referred|sent (?:here|to|by|over)|brought in|mandated|ordered)\b.+)$",
    re.IGNORECASE,
)
_TO_TALK = re.compile(
    r"\byou (?:said|mentioned|were saying|told (?:me|us)|wrote|put down|indicated)\b.{0,40}?\b(?:you )?"
    r"(?:want|wanted|'d like|would like|'re hoping|wanna)(?: to)? (?P<verb>talk|discuss|work|chat|get help|speak)"
    r"(?P<link> about| on| with)? (?P<what>.+)$",
    re.IGNORECASE,
)
_KNOWN = re.compile(
    r"\b(?:i (?:understand|see|hear|gather)|i(?:'ve| have) (?:heard|been told|read)|my understanding is|"
    r"it says(?: here)?|"
    r"(?:your|the) (?:chart|referral|form|notes?|file|paperwork) (?:says?|shows?|indicates?))(?: here)?,? (?:that )?"
    r"(?P<what>(?:you|your)\b.+)$",
    re.IGNORECASE,
)
_TAG = re.compile(
    r",? (?:(?:is|isn't|does|would) (?:that|it)(?: (?:right|correct|so|sound right|be right|true|fair))?|right|correct|"
    r"yeah|yes|okay)\W*$",
    re.IGNORECASE,
)
_TO_ME = re.compile(
    r" (?:to|by|with|for) (?:me|us)\b| (?:to )?(?:see|talk to|speak to|meet with) (?:me|us)\b| today\b", re.IGNORECASE
)
_NOT_TOLD = re.compile(r"\b(?:i|i'm|me|my|we|us|our|let's)\b|[?\"]|--", re.IGNORECASE)
_BUT = re.compile(r"^\W*(?:\w+\W+){0,2}(?:but|actually|not really|sort of|kind of|well)\b", re.IGNORECASE)
_THIRD = (
    (r"\byou're\b", "they are"),
    (r"\byou've\b", "they have"),
    (r"\byou'd\b", "they would"),
    (r"\byou'll\b", "they will"),
    (r"\byourself\b", "themselves"),
    (r"\byours\b", "theirs"),
    (r"\byour\b", "their"),
    (
        (
            r"(?<!\bthat )(?<!\bbecause )(?<!\band )(?<!\bwhen )(?<!\bif )\byou\b"
            r"(?=\s*(?:$|[.,;]|(?:to|for|from|here|with|after)\b))"
        ),
        "them",
    ),
    (r"\byou\b", "they"),
)


def reason_before(answer: Utterance, utterances: Sequence[Utterance]) -> tuple[str, Utterance] | None:
    """The reason for coming that a plain yes agrees to, and the clinician's words for it."""
    if answer.turn.role != "client" or answer.turn.id > EARLY or reply(answer) != "yes" or _BUT.match(answer.turn.text):
        return None
    if answer.index and utterances[answer.index - 1].turn.id == answer.turn.id:
        return None
    said = [each for each in utterances[max(0, answer.index - 6) : answer.index]
            if each.turn.id == answer.turn.id - 1 and each.turn.role == "clinician"]  # fmt: skip
    for each in reversed(said):
        told = tell_reason(each)
        if told is not None:
            return told, each
    return None


def tell_reason(statement: Utterance) -> str | None:
    """What a clinician's sentence gives as the reason for coming, told of the client; None where it gives none."""
    text = smooth(statement.text).text.strip(" .,!?") if statement.text.strip() else ""
    wish = _TO_TALK.search(text)
    found = wish or _KNOWN.search(text) or _HERE.search(text)
    if found is None:
        return None
    what = _TO_ME.sub("", _TAG.sub("", found["what"])).strip(" .,!?")
    if not what or _NOT_TOLD.search(what) or len(what.split()) > LONGEST:
        return None
    for second, third in _THIRD:
        what = re.sub(second, third, what, flags=re.IGNORECASE)
    if wish is not None:
        return f"they want to {wish['verb'].lower()}{(wish['link'] or '').lower()} {what}"
    return what[0].lower() + what[1:]
