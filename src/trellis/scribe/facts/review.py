"""Tell what a review of systems asked and what came back: "Fevers, chills?" "No." is a denial of both.

Takes an answer and the question it answers, where the question names things and no more ("Any chest pain?",
"Seizures?", "Have you noticed any rash or swelling?"); gives a sentence without its full stop, or None. A "no" denies
everything that was named with it; a "no" to one thing denies that thing only; a time said with the no is kept.
"""

import re

from trellis.scribe.points import Utterance
from trellis.scribe.saying.person import Voice, joined, retell
from trellis.scribe.saying.spoken import meant
from trellis.scribe.words.grammar import participle
from trellis.scribe.words.smooth import smooth

LONGEST_THING = 7
"""Words of one thing in a list."""
MOST_THINGS = 6

_FILLERS = (
    r"(?:(?:and|so|or|okay|ok|now|then|well|alright|all right|um|uh|great|good|right|what about|how about)\b[\s,.]*)*"
)
_ASKS = (
    r"(?:(?:are you (?:still )?(?:having|experiencing|noticing|getting|seeing)|"
    r"(?:have|had) you (?:ever |recently |lately )?"
    r"(?:had|been having|noticed|experienced|been getting|felt)|do you (?:ever |still |currently )?"
    r"(?:have|get|notice|experience)|has there (?:ever )?been|is there|were there|was there|did you (?:ever )?"
    r"(?:have|get|notice)|ever (?:had|have)|having|had|got) )?"
)
_QUESTION = re.compile(rf"^{_FILLERS}{_ASKS}(?P<any>any (?:other )?|a |an |some )?(?P<things>.+)$", re.IGNORECASE)
_PARTS = re.compile(r",? (?:or|and) (?:any )?|, ?(?:any )?|/")
_TAIL = re.compile(
    r",? (?:or )?(?:anything|stuff|things?) (?:like|of) (?:that|this|those|the sort)$|,? or anything$|,? at all$|"
    r",? (?:lately|recently|ever|yet|these days|right now|at the moment|though|then|with (?:it|that|them|this))$|"
    r",? between you(?: two)?$",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:any (?:other )?|a |an |some |like |(?:like )?(?:trouble|problems?|issues?) with (?:your|the) \w+,? )",
    re.IGNORECASE,
)
_NO_THING = re.compile(
    r"\b(?:you|i|we|he|she|it|that|this|how|what|which|who|why|where|when|is|are|was|were|do|does|did|have|has|had|can|"
    r"could|would|will|should|tell|me|us|not|n't|more|else|luck|questions?|news|plans?|ideas?|sense|okay|fine|good|"
    r"alright|siblings|children|kids|pets|friends|hobbies|updates?|preference|regular|often|much|many)\b",
    re.IGNORECASE,
)
_TIMES_WHEN = re.compile(
    r"^(?:periods?|times?|episodes?|stretch\w*) (?:of time )?(?:where|when) you (?!are\b)", re.IGNORECASE
)
_WHILE = re.compile(r" (?:when|after|before|while|if) you (?:\w+ ?){1,5}$", re.IGNORECASE)

_OH = r"^\W*(?:(?:oh|well|um|uh|god|gosh|lord|thankfully|thank god)\b[\s,.]*)*"
_NONE = r"(?:no|nope|nah|none|never|neither|uh-?uh|not at all|absolutely not|definitely not|nothing|not me)"
_PLAIN_NO = re.compile(
    rf"{_OH}{_NONE}(?:[,.]? (?:and )?(?:{_NONE}|thank god|thankfully|thanks|of (?:those|that|them|these)|"
    r"like that|i (?:don't|haven't|'m not|didn't)|doctor|sir|ma'am))*\W*$",
    re.IGNORECASE,
)
_SOFT_NO = re.compile(
    rf"{_OH}(?:no,? )?(?:not really|not so much|i don't think so|not that i(?:'ve| have)? "
    r"(?:know|noticed|can think)(?: of)?|"
    r"not particularly|not especially)(?:,? no)?\W*$",
    re.IGNORECASE,
)
_NO_SINCE = re.compile(
    rf"{_OH}(?:{_NONE}[,.]? )*not (?P<when>(?:since|in|for|lately|recently|now|right now|today|this|"
    r"at the moment|these days|currently)"
    r"(?: [\w']+){0,6})\W*$",
    re.IGNORECASE,
)
_PRESENT = re.compile(r"now|right now|today|at the moment|these days|currently", re.IGNORECASE)
_NO_ONE_THING = re.compile(rf"{_OH}(?:no|not any|zero) (?P<thing>[a-z][\w' -]{{2,40}})\W*$", re.IGNORECASE)
_NEVER_DID = re.compile(
    rf"{_OH}(?:i )?(?:(?:have )?never|haven't|have not|didn't|don't) (?:actually )?(?P<act>\w+)\W*$", re.IGNORECASE
)
_YES = re.compile(
    r"^\W*(?:(?:oh|well|um|uh)\b[\s,]*)*(?:yes|yeah|yep|yup|definitely|mm-hmm|uh-huh)"
    r"(?:,? (?:i do|i have|definitely))?\W*$",
    re.IGNORECASE,
)
_THING_YES = re.compile(
    r"^\W*(?:the )?(?P<thing>[a-z][\w' -]{2,30}),? (?:yes|yeah|yep|definitely|for sure)\W*$", re.IGNORECASE
)
_FIRST = re.compile(r"\b(?:i|me|my|we|us|our)\b", re.IGNORECASE)
_NO_START = frozenset({"of", "in", "on", "with", "like", "to", "from", "at", "by", "for", "about", "because", "since",
                       "the", "your", "their", "really", "even", "still", "and", "or", "until", "after", "before",
                       "when", "if", "during"})  # fmt: skip
_GOOD = frozenset(
    [
        "energy",
        "appetite",
        "motivation",
        "interest",
        "sleep",
        "concentration",
        "support",
        "focus",
        "libido",
        "pleasure",
        "joy",
        "hope",
        "exercise",
    ]
)
"""What one would rather have: a no to it is a lack, not a denial."""
LONGEST_WHERE = 12
_WHERE = frozenset({"in", "on", "around", "at", "after", "during", "before", "mostly", "mainly", "only"})
_TURNS = re.compile(
    r"^\W*(?:well|but|except|only|just|maybe|sometimes|i mean|actually|although|though|unless|once in a while|"
    r"a little|a few|kind of|sort of|i guess|i did|i have|i do)\b",
    re.IGNORECASE,
)
"""What may turn a no into something else, said right after it."""


_A_LITTLE = re.compile(
    r"^\W*(?:(?:yeah|yes|maybe|just|well|um|uh),? )*(?:a (?:little|bit|little bit)|some)"
    r"(?P<when>,? (?:when|if|after|before|in|at|on) (?:(?!\b(?:not|but|i)\b)[\w' ]){3,50})?\W*$",
    re.IGNORECASE,
)
"""How much of a thing there is, and when."""


def things_named(question: Utterance) -> tuple[str, ...]:
    """What a question of this kind names, in the third person; empty where it is no such question."""
    text = smooth(question.text).text.strip(" .,?!-") if question.text.strip() else ""
    found = _QUESTION.match(text)
    if found is None or not text or len(text.split()) > 24:
        return ()
    listed = found["things"]
    for _ in range(3):
        listed = _TAIL.sub("", listed).strip(" ,")
    if _TIMES_WHEN.match(listed):
        return (_third(listed),)
    while_ = _WHILE.search(listed)
    listed = listed[: while_.start()] if while_ else listed
    things = [_LEAD.sub("", each).strip() for each in _PARTS.split(listed) if each.strip()]
    things = [each for each in things if each]
    if not 1 <= len(things) <= MOST_THINGS or (while_ is not None and len(things) > 1):
        return ()
    if things[0].split()[0].lower() in _NO_START:
        return ()
    if any(_NO_THING.search(each) or len(each.split()) > LONGEST_THING or len(each) < 3 for each in things):
        return ()
    if not found["any"] and not _names_only(question):
        return ()
    return tuple(_third(each[0].lower() + each[1:] + (while_.group() if while_ else "")) for each in things)


_EVER = re.compile(
    r"^(?:and |so |okay,? )*(?:have you |had you |did you )?ever (?P<act>\w+)\b(?P<rest>.*)$", re.IGNORECASE
)


def _ever(question: Utterance, *, denied: bool) -> str | None:
    """What "Ever injected anything?" asks, as having been done."""
    text = smooth(question.text).text.strip(" .,?!-") if question.text.strip() else ""
    found = _EVER.match(text)
    if found is None or len(text.split()) > 14 or re.search(r"\b(?:you|i)\b", found["rest"], re.IGNORECASE):
        return None
    verb = next((token for token in question.parse.tokens if token.text.lower() == found["act"].lower()), None)
    if verb is None or verb.tag not in {"VBN", "VBD"} or verb.lemma.lower() == "have":
        return None
    rest = _third(found["rest"].strip())
    done = f"having {participle(verb.lemma.lower())} {rest}".strip()
    return f"ever {done}" if denied else re.sub(r"\bany(thing|one|body|where)?\b", r"some\1", done)


def tell_review(answer: Utterance, question: Utterance, voice: Voice, *, about: str = "") -> str | None:
    """One sentence for a question that names things and its answer.

    `about` is what a question about danger asks about; it stands for the things such a question names.
    """
    if not answer.text.strip():
        return None
    said = smooth(answer.text).text
    is_plain = bool(_PLAIN_NO.match(said) or _YES.match(said)) and not _is_turned(answer)
    if is_plain and (done := _ever(question, denied=bool(_PLAIN_NO.match(said)))) is not None:
        return f"{voice.name} {'denies' if _PLAIN_NO.match(said) else 'reports'} {done}"
    things = (about,) if about else things_named(question)
    if not things or _is_turned(answer):
        return None
    if _PLAIN_NO.match(said) or _SOFT_NO.match(said):
        if about:
            named = things_named(question)
            return f"{voice.name} denies any {_listed(named)}" if named else None
        if len(things) == 1 and things[0].split()[-1] in _GOOD:
            return f"Asked about {things[0]}, {voice.name} reports none"
        return f"{voice.name} denies {_listed(things)}"
    retold = joined(answer.parse.tokens, retell(answer.parse, voice), range(len(answer.parse.tokens))).strip()
    if (since := _NO_SINCE.match(retold)) is not None:
        if _PRESENT.fullmatch(since["when"].strip(" .,")):
            return f"{voice.name} denies current {_listed(things)}"
        had = "" if re.match(r"\w+ing\b", things[0]) else "having had "
        return f"{voice.name} denies {had}{_listed(things)} {since['when']}"
    if about:
        return None
    if (one := _NO_ONE_THING.match(said)) is not None:
        return _of_one(one["thing"], things, f"{voice.name} denies")
    if (never := _NEVER_DID.match(said)) is not None:
        return _of_one(never["act"], things, f"{voice.name} denies")
    if _YES.match(said) and len(things) == 1:
        return f"{voice.name} reports {things[0]}"
    if (some := _THING_YES.match(said)) is not None:
        return _of_one(some["thing"], things, f"{voice.name} reports")
    if len(things) == 1 and (little := _A_LITTLE.match(retold)) is not None:
        return f"{voice.name} reports a little {things[0]}{little['when'] or ''}"
    where = _where(answer, voice)
    return f"{voice.name} reports {_listed(things)} {where}" if where else None


def _where(answer: Utterance, voice: Voice) -> str | None:
    """Where or when a thing is, told of it: "In my fingers when I'm stressed."."""
    tokens, places = answer.parse.tokens, meant(answer.parse)
    if not places or len(places) > LONGEST_WHERE or tokens[places[0]].text.lower() not in _WHERE:
        return None
    head = tokens[tokens[places[0]].head]
    if head.pos in {"VERB", "AUX"} and head.dep == "ROOT":
        return None
    told = joined(tokens, retell(answer.parse, voice), places).strip(" .,")
    if not told or re.search(r"\b(?:not|no|never)\b|n't\b", told) or _FIRST.search(told):
        return None
    return told[0].lower() + told[1:]


def _names_only(question: Utterance) -> bool:
    """Whether a question is a list of things without a verb of its own: "Headaches, vision changes?"."""
    tokens = question.parse.tokens
    text = question.text.strip()
    asks = re.match(rf"^{_FILLERS}(?P<asks>{_ASKS})", text, re.IGNORECASE)
    if asks is not None and asks["asks"]:
        return True
    verbs = [token for token in tokens if token.tag in {"VBD", "MD"}]
    return not verbs and text.endswith("?") and len(text.split()) <= 12


def _of_one(said: str, things: tuple[str, ...], opening: str) -> str | None:
    """What is said of the one thing of a list that an answer names."""
    return next((f"{opening} {each}" for each in things if _is_about(said, each)), None)


def _is_about(said: str, named: str) -> bool:
    """Whether both name the same thing, by the stems of their first words."""
    stems = {word[:4] for word in re.findall(r"[a-z]{3,}", said.lower())}
    return bool(stems) and stems <= {word[:4] for word in re.findall(r"[a-z]{3,}", named.lower())}


def _is_turned(answer: Utterance) -> bool:
    """Whether what follows in the same breath may turn the answer: "No. Well, sometimes at night."."""
    return bool(_TURNS.match(answer.turn.text[answer.end :].lstrip(" .,!?-")))


def _listed(things: tuple[str, ...]) -> str:
    if len(things) < 3:
        return " or ".join(things)
    return f"{', '.join(things[:-1])}, or {things[-1]}"


_AS_ACTS = {"smoke": "smoking", "drink": "drinking", "vape": "vaping", "gamble": "gambling", "exercise": "exercising"}


def _third(text: str) -> str:
    text = _AS_ACTS.get(text.lower(), text)
    for second, third in (("yourself", "themselves"), ("your", "their"), ("you", "they")):
        text = re.sub(rf"\b{second}\b", third, text, flags=re.IGNORECASE)
    return text
