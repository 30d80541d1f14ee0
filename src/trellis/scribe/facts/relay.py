"""Tell what unnamed staff said: "They said my liver numbers are high" is what the client was told.

Takes an utterance whose "they" means nobody named, and a voice; gives a sentence without its full stop, or None. Who
"they" were is left open: the client was told, and no more is claimed.
"""

import re

from trellis.scribe.points import Utterance
from trellis.scribe.saying.person import Voice, joined, retell
from trellis.scribe.talk.utterances import cut_out
from trellis.scribe.words.smooth import smooth

LONGEST = 24
"""Words of what was told."""

_LEAD = re.compile(
    r"^\W*(?:(?:well|um|uh|so|and|but|yeah|i mean)\b[\s,]*)*they(?:'ve| have)? "
    r"(?P<verb>said|told me|found|found out|think|thought)(?: that)? (?P<what>\w.+)$",
    re.IGNORECASE,
)
_OF_SELF = re.compile(r"^(?:i|my|it|there|i'm|i've|it's)\b", re.IGNORECASE)


def is_relayed(utterance: Utterance) -> bool:
    """Whether it is what unnamed people said of the speaker or of a thing."""
    match = _LEAD.match(smooth(utterance.text).text) if utterance.text.strip() else None
    return match is not None and bool(_OF_SELF.match(match["what"]))


def tell_relayed(utterance: Utterance, voice: Voice) -> str | None:
    """That the speaker was told something."""
    tokens = utterance.parse.tokens
    if not tokens or not is_relayed(utterance):
        return None
    match = _LEAD.match(smooth(utterance.text).text)
    assert match is not None
    start = _start(utterance, match["what"])
    if start <= 0 or len(tokens) - start > LONGEST or (below := cut_out(utterance.parse, start, len(tokens))) is None:
        return None
    told = joined(below.tokens, retell(below, voice), range(len(below.tokens))).strip(" .,;!-")
    if not told or re.search(r"[?\"“”]|--", told):
        return None
    is_thought = match["verb"].lower() in {"think", "thought"}
    lead = "having been told that it is thought that" if is_thought else "having been told that"
    return f"{voice.name} reports {lead} {told[0].lower() + told[1:] if not told[:2].isupper() else told}"


def _start(utterance: Utterance, what: str) -> int:
    """The token that what was told begins with."""
    first = re.split(r"[\s']", what, maxsplit=1)[0].lower()
    tokens = utterance.parse.tokens
    verb = next((at for at, token in enumerate(tokens) if token.lemma.lower() in {"say", "tell", "find", "think"}), 0)
    return next((at for at in range(verb + 1, len(tokens)) if tokens[at].text.lower() == first), 0)
