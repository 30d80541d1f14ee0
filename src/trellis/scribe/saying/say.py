"""Say in clinical third person what somebody said of themselves.

Takes an utterance and the question it answers; gives one sentence ("Client reports having slept "
    "possibly four hours."),
or None where that can't be done faithfully: questions, broken sentences, words for the clinician. Nothing is added;
what was hedged, denied, past or imagined stays so. What can't be put into the third person safely may still be quoted.
"""

import re

from trellis.scribe.points import Utterance
from trellis.scribe.saying.asked import is_request, tell_answer
from trellis.scribe.saying.person import Voice, voice_of
from trellis.scribe.saying.spoken import meant, needs_context
from trellis.scribe.saying.tellable import Telling
from trellis.scribe.saying.telling import tell
from trellis.scribe.saying.things import thing_asked
from trellis.scribe.saying.wording import reword
from trellis.scribe.talk.answers import reply, wants_yes_or_no
from trellis.scribe.words.numbers import numbers_in
from trellis.scribe.words.smooth import smooth
from trellis.scribe.words.wordings import as_written

LONGEST = 42
"""Words of a sentence that is still told rather than quoted or left out."""


def say(
    utterance: Utterance,
    *,
    question: Utterance | None = None,
    subject: str = "Client",
    pronouns: str = "they",
    denied: bool = False,
    keep_quote: bool = False,
) -> str | None:
    """One sentence of a note about what was said, or None.

    `question` is what the utterance answers. `denied` says that a denial was asked for ("denies" instead of "reports
    not"). `keep_quote` gives the words themselves in quotation marks, for where they matter.
    """
    voice = voice_of(subject, pronouns)
    if keep_quote:
        return quoted(utterance, voice)
    if question is not None and is_request(question):
        question = None
    if question is not None and (reply(utterance) is not None or needs_context(utterance)):
        answer = tell_answer(utterance, question, voice)
        if answer is not None:
            return _finished(answer, utterance, question)
        if reply(utterance) is not None and len(utterance.text.split()) <= 4:
            return None
    if utterance.asks or not utterance.parse.tokens:
        return None
    places = meant(utterance.parse)
    if not places or len(places) > LONGEST:
        return None
    if question is not None and (thing := thing_asked(question, voice)) is not None:
        told = _about(thing, utterance, places, voice)
        if told is not None:
            return _finished(told, utterance, question)
    told = tell(
        Telling(parse=utterance.parse, places=places, voice=voice), denied=denied or _was_asked(utterance, question)
    )
    return _finished(told, utterance, question) if told else None


def _was_asked(utterance: Utterance, question: Utterance | None) -> bool:
    """Whether a "no" to this was asked for: a yes-or-no question about the same thing."""
    if question is None or not wants_yes_or_no(question):
        return False
    return bool(_things(utterance) & _things(question))


def _things(utterance: Utterance) -> frozenset[str]:
    return frozenset(
        token.lemma.lower()
        for token in utterance.parse.tokens
        if token.pos in {"NOUN", "VERB", "ADJ"} and token.lemma.lower() not in {"have", "get", "think", "feel", "know"}
    )


def quoted(utterance: Utterance, voice: Voice) -> str | None:
    """The speaker's own words in quotation marks; None where there are none."""
    words = utterance.text.strip().rstrip(".,;!?-–—")
    return f"{voice.name} states, “{words}.”".replace(".”", "”.") if re.search(r"\w", words) else None


def _about(thing: str, utterance: Utterance, places: tuple[int, ...], voice: Voice) -> str | None:
    """An answer that begins with "it", with the thing asked about in its place."""
    tokens = utterance.parse.tokens
    if tokens[places[0]].text.lower() not in {"it", "that"} or tokens[places[0]].dep != "nsubj":
        return None
    telling = Telling(parse=utterance.parse, places=places, voice=voice)
    told = tell(telling, of_thing=True)
    return re.sub(r"\bthat (?:it|that)\b", f"that {thing}", told, count=1) if told else None


# Last touches and the last look --------------------------------------------------------------------------------------

_QUOTED = re.compile(r"(“[^”]*”)")
_FIRST = re.compile(r"\b(?:i|me|my|mine|myself|we|us|our|ours|you|your|yours|i'm|i've)\b", re.IGNORECASE)
_NO_SUBJECT = re.compile(r"\bthat (?:[a-z]{3,}ed|thought|said|told|felt|knew) that\b")
"""A clause that lost who did it: "reports that decided that …"."""
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nothing|nobody|nowhere|neither|nor|without|cannot|unable|den(?:y|ies|ied)|hardly|barely|"
    r"refus\w+)\b|n't\b|\bunsure\b",
    re.IGNORECASE,
)
_LEADING_NO = re.compile(r"^\W*(?:(?:oh|well|um|uh|and|but|so|yeah),? )*(?:no|nope|nah)\b\W*", re.IGNORECASE)
_PHRASES_NOT_NEGATED = re.compile(
    r"\bno,? (?:sorry|wait|I mean|actually)\b|\bI (?:don't|dunno|do not) know\b|\bwhy not\b|\bnot only\b", re.IGNORECASE
)


def _finished(text: str, utterance: Utterance, question: Utterance | None) -> str | None:
    """Clinical wording and a full stop; None where the sentence lost or gained what it must not."""
    parts = _QUOTED.split(text)
    told = "".join(part if part.startswith("“") else reword(part) for part in parts)
    told = re.sub(r"\b(about|of|with|for), (?=\w+ing\b|the\b|their\b)", r"\1 ", told)
    told = re.sub(r"\s+([,.;])", r"\1", re.sub(r"\s+", " ", told)).strip(" ,;")
    told = told[0].upper() + told[1:]
    told = told if told.endswith((".", ".”")) else f"{told}."
    return told if _is_faithful(told, utterance, question) else None


def _is_faithful(told: str, utterance: Utterance, question: Utterance | None) -> bool:
    said = smooth(utterance.text).text
    ground = f"{question.text if question else ''} . {utterance.text}"
    outside = _QUOTED.sub("", told)
    if _FIRST.search(outside) or "?" in outside or _NO_SUBJECT.search(outside):
        return False
    if set(numbers_in(told)) - set(numbers_in(ground)) - set(numbers_in(said)):
        return False
    lost = (
        set(numbers_in(as_written(said))) - set(numbers_in(told)) - set(numbers_in(question.text) if question else ())
    )
    if lost and not _QUOTED.search(told):
        return False
    heard = _PHRASES_NOT_NEGATED.sub("", _LEADING_NO.sub("", said))
    was_negated = bool(_NEGATION.search(heard))
    is_negated = bool(_NEGATION.search(told))
    if was_negated and not is_negated:
        return False
    return not is_negated or bool(_NEGATION.search(ground))


def unite(first: str, second: str) -> str | None:
    """One sentence for two about one person ("Client reports X and Y."); None where that could change either."""
    opening = re.compile(r"(?P<who>[A-Z][\w' ]*?) (?P<verb>reports|describes|denies) (?P<rest>(?!that\b).+)\.")
    one, two = opening.fullmatch(first), opening.fullmatch(second)
    if one is None or two is None or (one["who"], one["verb"]) != (two["who"], two["verb"]):
        return None
    if any(re.search(r"\b(?:and|or|but|because|that|if|when)\b|[;,“\"]", part["rest"]) for part in (one, two)):
        return None
    link = "or" if one["verb"] == "denies" else "and"
    return f"{first[:-1]} {link} {two['rest']}."
