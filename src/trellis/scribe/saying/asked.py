"""Say what an answer says together with its question: "How many hours?" "Maybe four." is four hours of sleep, maybe.

Takes an answer that can't stand alone, its question and the voice of who answers; gives a sentence without its full
stop, or None. Only questions of plain form are taken apart; else the question is told and the answer quoted, so that
nobody's "not really" becomes a no.
"""

import re
from dataclasses import dataclass

from trellis.inference import Token
from trellis.scribe.points import Utterance
from trellis.scribe.saying.person import Voice, joined, retell
from trellis.scribe.saying.spoken import meant
from trellis.scribe.saying.tellable import UNFINISHED
from trellis.scribe.words.grammar import gerund, participle, past, singular
from trellis.scribe.words.smooth import smooth


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


LONGEST_QUESTION = 24
"""Words of a question that is still told."""

_OH = r"^\W*(?:(?:oh|well|um|uh|god|and|so),? )*"
_ALSO = (
    r"(?:,? (?:(?:i|we) (?:do|don't|have|haven't|am|'m not|did|didn't|was|wasn't|can|can't|would|wouldn't)|i'm not|"
    r"it (?:is|isn't|does|doesn't)|doctor|sir|ma'am|not at all|none|never|nothing(?: like that)?|not that|thank you|"
    r"thanks|definitely|absolutely|of course|yeah|yes|no|nope|for sure|not))*\W*$"
)
PLAIN_NO = re.compile(
    _OH + r"(?:no|nope|nah|never|none|not at all|uh-uh|absolutely not|definitely not|of course not|not me|"
    r"i don't|i haven't|i didn't|i'm not)" + _ALSO,
    re.IGNORECASE,
)
PLAIN_YES = re.compile(
    _OH + r"(?:yes|yeah|yep|yup|yah|definitely|absolutely|of course|for sure|i do|i have|i am|i did|mm-hmm|uh-huh|"
    r"correct|exactly|right)" + _ALSO,
    re.IGNORECASE,
)
_OF_NOT = re.compile(r"\b(?:of|about|like|that) (?:\w+ ){0,4}?(?:not|n't|isn't|isn.t|aren't|weren't)\b", re.IGNORECASE)
"""A "not" inside what is asked after ("thoughts of not wanting to be alive"), which a no does not double."""
_NEGATED = re.compile(r"n't\b|\b(?:not|never|no|without|nothing|none)\b", re.IGNORECASE)
_AUX = _set("do does did are is was were have has had can could would will should")
_LEADS = _set("and so but or okay ok well now then alright all right um uh great yeah sure oh , - -- . i see good")
_WH = _set("how what when where who which why whereabouts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of plain form: `opening` ("how many hours"), `aux`, who it is about, and the rest from its verb on."""

    opening: str
    aux: str
    subject: str
    is_self: bool
    adverb: str
    verb: Token | None
    rest: str


def tell_answer(utterance: Utterance, question: Utterance, voice: Voice) -> str | None:
    """The sentence that question and answer make together."""
    nodded = not utterance.text.strip()
    said = smooth(utterance.text).text if not nodded else ""
    parsed = read_question(question, voice)
    is_no = bool(PLAIN_NO.search(said)) or (nodded and _marked(utterance, r"shak|shook"))
    is_yes = bool(PLAIN_YES.search(said)) or (nodded and _marked(utterance, r"\bnod"))
    if is_no and is_yes:
        is_yes = False
    if is_no or is_yes:
        return _yes_or_no(question, parsed, voice, yes=is_yes) or (None if nodded else _quoted(said, parsed, voice))
    if parsed is not None and parsed.opening:
        filled = _filled(utterance, parsed, voice)
        if filled is not None:
            return filled
    return _quoted(said, parsed, voice) if len(said.split()) <= 14 else None


_REQUEST = re.compile(
    r"\b(?:can|could|would|will) you (?:\w+ )?(?:tell|give|say|describe|explain|walk|help|share|talk|"
    r"show|think of|do that|try|live with|agree|commit)\b|"
    r"\b(?:do you mind|would you mind|are you (?:ready|willing|okay with)|is (?:it|that) (?:okay|ok|"
    r"alright|all right)|"
    r"(?:does|would|will|did) that (?:make|sound|work|suit)|can (?:i|we)|could (?:i|we)|"
    r"may i|shall we|do you (?:understand|see what|"
    r"know what|remember what))\b|\b(?:me|right)\s*\?",
    re.IGNORECASE,
)


def is_request(question: Utterance) -> bool:
    """Whether a question asks for a favour or for consent to the talk itself, so that a yes says nothing."""
    return bool(_REQUEST.search(question.text))


def _marked(utterance: Utterance, pattern: str) -> bool:
    return bool(re.search(pattern, " ".join(utterance.turn.marks), re.IGNORECASE))


# Reading the question ------------------------------------------------------------------------------------------------


def read_question(question: Utterance, voice: Voice) -> Question | None:
    """The parts of a question of plain form; None for other forms."""
    tokens = question.parse.tokens
    said = [token.text.lower().replace("’", "'") for token in tokens]
    words = retell(question.parse, voice, asked=True)
    start = 0
    while start < len(said) and (said[start] in _LEADS or not re.search(r"\w", said[start])):
        start += 1
    end = len(said)
    while end > start and (not re.search(r"\w", said[end - 1]) or said[end - 1] in {"then", "or", "though"}):
        end -= 1
    polite = next((at for at in range(start + 2, end - 2) if said[at : at + 2] == [",", "if"]
                   and said[at + 2] in {"i", "you", "it"}), end)  # fmt: skip
    end = polite if {"may", "can", "mind", "okay", "ok"} & set(said[polite:]) else end
    if end - start > 3 and tokens[end - 1].tag == "NNP" and said[end - 2] == ",":
        end -= 2  # the name it is said to
    if end <= start or end - start > LONGEST_QUESTION:
        return None
    if any(mark in said[start:end] for mark in (".", "?", "!", "--", ";")):
        return None
    opening = ""
    at = start
    if said[at] in _WH:
        while at < end and said[at] not in _AUX | {"'s", "'re", "'ve", "'d"}:
            at += 1
        opening = joined(tokens, words, range(start, at))
        if at >= end:
            return Question(opening=opening, aux="", subject="", is_self=False, adverb="", verb=None, rest="")
    if said[at] not in _AUX:
        return None
    aux, at = said[at], at + 1
    negated = at < end and said[at] in {"n't", "not"}
    if negated or at >= end or re.search(r",? or (?:do|does|did|is|are|was|were|has|have) ", " ".join(said[at:end])):
        return None
    subject_end = _subject_end(question, at, end)
    if subject_end is None:
        return None
    subject = joined(tokens, words, range(at, subject_end))
    is_self = said[at] in {"you", "ya"} and subject_end == at + 1
    at = subject_end
    adverbs: list[str] = []
    while (
        at < end
        and tokens[at].tag == "RB"
        and said[at]
        in {"ever", "still", "currently", "also", "usually", "always", "often", "actually", "typically", "normally"}
    ):
        adverbs.append(said[at])
        at += 1
    verb = tokens[at] if at < end and tokens[at].tag.startswith("VB") else None
    if aux in {"do", "does", "did", "have", "has", "had", "can", "could", "would", "will", "should"} and verb is None:
        return None
    rest = joined(tokens, words, range(at + (verb is not None), end))
    if aux in {"is", "are", "was", "were"} and verb is None and not rest and subject != "there" and not opening:
        return None
    adverb = " ".join(word for word in adverbs if word != "actually")
    return Question(
        opening=opening,
        aux=aux,
        subject=voice.they if is_self else subject,
        is_self=is_self,
        adverb=adverb,
        verb=verb,
        rest=rest,
    )


def _subject_end(question: Utterance, at: int, end: int) -> int | None:
    tokens = question.parse.tokens
    if tokens[at].text.lower() in {"you", "ya", "it", "he", "she", "they", "there", "we", "that", "this"}:
        return at + 1
    for index in range(at, min(end, at + 7)):
        if tokens[index].dep in {"nsubj", "nsubjpass"}:
            below = question.parse.subtree(index)
            whole = below[0] == at and below[-1] - below[0] + 1 == len(below) and below[-1] < end
            return below[-1] + 1 if whole else None
    return None


def phrase_of(question: Question, *, denied: bool = False) -> str | None:
    """The question's verb as "-ing" or "having -ed", without its subject."""
    verb, aux, rest = question.verb, question.aux, question.rest
    lead = question.adverb if denied or question.adverb != "ever" else ""
    if aux in {"are", "is"}:
        form = verb.text.lower() if verb and verb.tag == "VBG" else f"being {verb.text.lower()}" if verb else "being"
    elif aux in {"was", "were"}:
        form = f"having been {verb.text.lower()}" if verb else "having been"
    elif verb is None:
        return None
    elif aux in {"have", "has"}:
        step = re.match(r"(?P<ing>\w+ing)\b(?P<more>.*)", rest) if verb.text.lower() == "been" else None
        if step:
            form, rest = step["ing"], step["more"].strip()
        else:
            form = f"having {verb.text.lower()}"
    elif aux == "do":
        form = gerund(verb.lemma.lower())
    elif aux == "did":
        form = f"having {participle(verb.lemma.lower())}"
    elif aux == "can":
        form = f"being able to {verb.text.lower()}"
    else:
        return None
    return " ".join(part for part in (lead, form, rest) if part)


def _clause(question: Question) -> str | None:
    """The question's clause in the order of a statement: "they sleep at night"."""
    verb, aux, rest = question.verb, question.aux, question.rest
    plural = question.subject in {"they", "their parents"}
    if aux in {"do", "does", "did"}:
        assert verb is not None
        base = verb.lemma.lower()
        group = (
            past(base) if aux == "did" else base if plural or (aux == "do" and not question.is_self) else singular(base)
        )
        if question.is_self and aux == "do":
            group = base if question.subject == "they" else singular(base)
    else:
        shown = "are" if aux == "are" and plural else "is" if aux in {"are", "is"} and question.is_self else aux
        if question.is_self and aux in {"have", "were"} and not plural:
            shown = {"have": "has", "were": "was"}[aux]
        group = f"{shown} {verb.text.lower()}" if verb is not None else shown
    if question.subject == "there":
        group = aux
    return " ".join(
        part for part in (question.subject, question.adverb if question.adverb != "ever" else "", group, rest) if part
    )


# Yes and no ----------------------------------------------------------------------------------------------------------


def _yes_or_no(question: Utterance, parsed: Question | None, voice: Voice, *, yes: bool) -> str | None:
    if parsed is None and not yes and _OF_NOT.search(question.text):
        return _of_bare(question, voice, yes=False)
    if _NEGATED.search(question.text) and (yes or not _OF_NOT.search(question.text)):
        return None
    if parsed is None:
        return _of_bare(question, voice, yes=yes)
    if parsed.opening:
        return None
    either = re.search(r"\bor\b", parsed.rest)
    if (yes and either) or (not yes and re.search(r"\band\b", parsed.rest)):
        return None
    if not parsed.is_self:
        clause = _clause(parsed)
        if clause is None or parsed.subject in {"that", "it", "this"}:
            return None
        return f"{voice.name} {'reports' if yes else 'denies'} that {affirmed(clause) if yes else clause}"
    phrase = phrase_of(parsed, denied=not yes)
    if phrase is None:
        return None
    if parsed.aux == "can" and not yes:
        return f"{voice.name} reports {phrase.replace('being able', 'being unable', 1)}"
    return f"{voice.name} reports {affirmed(phrase)}" if yes else f"{voice.name} denies {phrase}"


def affirmed(phrase: str) -> str:
    """What a yes makes of "any" and "ever"."""
    phrase = re.sub(r"\bany(thing|one|body|where)\b", r"some\1", phrase)
    return re.sub(r"\bever\b ?", "", re.sub(r"\bany\b ?", "", phrase)).strip()


_BARE = re.compile(
    r"^(?:(?:and|so|but|or|okay|ok|um|uh|well|now|then|do you have|have you had|had|having|"
    r"got)\b\W*)*(?P<any>any (?:\w|\W)+)$",
    re.IGNORECASE,
)


def _of_bare(question: Utterance, voice: Voice, *, yes: bool) -> str | None:
    """Answers to "Any side effects?"."""
    words = retell(question.parse, voice, asked=True)
    text = joined(question.parse.tokens, words, range(len(words))).strip()
    match = _BARE.match(text)
    if match is None or len(text.split()) > 20 or re.search(r"[.;?]", text):
        return None
    thing = re.sub(r"^any\b ?", "", match["any"], flags=re.IGNORECASE)
    if (
        not thing
        or (yes and re.search(r"\bor\b|,", thing))
        or re.match(r"of |more\b|(?:other )?(?:questions|concerns|things?)\b", thing)
    ):
        return None
    return f"{voice.name} reports {thing}" if yes else f"{voice.name} denies any {thing}"


# Filling the gap -----------------------------------------------------------------------------------------------------

_AMOUNT = re.compile(r"^how (?:many|much)(?: (?P<unit>.+))?$", re.IGNORECASE)
_CLAUSE_WORD = re.compile(r"\b(?:i|he|she|we|they|it|you|there|that's|it's|because)\b", re.IGNORECASE)
_NUMBER = re.compile(
    r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|couple|half|dozen|\w+teen|"
    r"\w+ty|hundred|"
    r"few|several)\b",
    re.IGNORECASE,
)
_OFTEN = re.compile(
    r"\b(?:times?|once|twice|day|days|daily|week|weekly|weeks|night|nightly|month|monthly|every|never|rarely|"
    r"sometimes|often|always|constantly|hour|hours|weekends?|morning|evening)\b",
    re.IGNORECASE,
)


def _filled(utterance: Utterance, question: Question, voice: Voice) -> str | None:
    """The answer in its question's place; None where it doesn't plainly fit."""
    places = meant(utterance.parse)
    words = retell(utterance.parse, voice)
    answer = joined(utterance.parse.tokens, words, places)
    said = " ".join(utterance.parse.tokens[at].text for at in places)
    if not answer or len(answer.split()) > 12 or _CLAUSE_WORD.search(said) or _NEGATED.search(said):
        return None
    answer = re.sub(r"^like\b", "about", re.sub(r"^maybe\b", "possibly", answer, flags=re.IGNORECASE))
    answer = (
        answer[0].lower() + answer[1:]
        if not answer[:2].isupper() and utterance.parse.tokens[places[0]].tag not in {"NNP", "NNPS"}
        else answer
    )
    opening = question.opening.lower()
    amount = _AMOUNT.match(opening)
    if amount:
        return _amount(answer, amount["unit"] or "", question, voice)
    if not question.is_self or (phrase := phrase_of(question)) is None:
        return None
    if opening == "how often" and _OFTEN.search(answer):
        return f"{voice.name} reports {phrase} {answer}"
    if opening == "how long" and _NUMBER.search(answer):
        link = "" if re.match(r"(?:for|since)\b", answer) else "for "
        return f"{voice.name} reports {phrase} {link}{answer}"
    if opening in {"when", "where", "what time"} and re.match(
        r"(?:in|at|on|last|around|about|since|with|before|after|yesterday|this|next|two|three|\w+ "
        r"(?:days?|weeks?|months?|years?) ago)\b", answer
    ):  # fmt: skip
        return f"{voice.name} reports {phrase} {answer}"
    if opening in {"who", "what"} and re.search(r"\b(?:with|about|for|to|on|in)$", phrase):
        return f"{voice.name} reports {phrase} {answer}"
    return None


_OBJECT = re.compile(r"(?:that|this|those|these|the|it)\b", re.IGNORECASE)


def _amount(answer: str, unit: str, question: Question, voice: Voice) -> str | None:
    measured = not unit and re.match(r"(?:(?:about|possibly|probably|around|maybe) )?(?:an?|half|one)\b", answer)
    if not _NUMBER.search(answer) and not measured:
        return None
    stem = unit.rsplit(maxsplit=1)[-1].rstrip("s") if unit else ""
    has_unit = not unit or re.search(rf"\b{re.escape(stem)}", answer, re.IGNORECASE)
    bare = re.fullmatch(
        r"(?:(?:possibly|about|around|roughly|probably|only|at least|at most|almost|nearly|over|under) "
        r")*[\w-]+(?: (?:or|to) [\w-]+)?(?: hundred| thousand)?",
        answer,
    )
    if not has_unit and not bare:
        return None
    amount = answer if has_unit else f"{answer} {unit}"
    if question.aux == "":
        return f"Asked {question.opening}, {voice.name} reports {amount}"
    phrase = phrase_of(question) if question.is_self else None
    if phrase is None or question.verb is None:
        return None
    if not unit and question.rest and _OBJECT.match(question.rest):
        return None  # "How much do you believe that one?" "70": no amount of anything
    head, _, rest = phrase.partition(question.rest) if question.rest else (phrase, "", "")
    return " ".join(
        part for part in (f"{voice.name} reports", head.strip(), amount, question.rest or "", rest.strip()) if part
    )


def _quoted(said: str, question: Question | None, voice: Voice) -> str | None:
    """The question told, the answer in its own words."""
    words = said.strip().rstrip(".,;!-–— ").lstrip(".,;!-–— ")
    if question is None or not re.search(r"\w{2}", words) or re.search(r"[?\[\"]|--", words):
        return None
    if words.split()[-1].lower() in UNFINISHED and len(words.split()) > 2:
        return None
    if not question.aux:
        return None
    clause = _clause(question)
    if clause is None or question.subject in {"that", "it", "this"}:
        return None
    if question.opening == "how" and re.search(r"\bfeel", clause) and len(words.split()) < 2:
        return None
    return f"Asked {question.opening or 'whether'} {clause}, {voice.name} answers, “{words}”"
