"""Whom the client is sent to, and whom the clinician will deal with: referrals and coordination, as said.

Takes the lines of a session, gives points. An offer counts when it was taken up; a plain "I'll call the pharmacy" is
the clinician's own undertaking and needs no answer.
"""

import re
from collections.abc import Sequence

from trellis.scribe.clinician.agree import answer_to
from trellis.scribe.points import Point, quote
from trellis.scribe.words.cues import Cues, Line
from trellis.scribe.words.swap import swap


def refer(said: Sequence[Line], referrals: Cues, referees: re.Pattern[str]) -> list[Point]:
    """Referrals and recommendations to see others."""
    points: list[Point] = []
    for at, line in enumerate(said):
        if line.role == "clinician" and (offered := _offered(said, at, referees)):
            points.append(offered)
            continue
        if line.role != "clinician" or line.asks or _NOT_NOW.search(line.utterance.text.lower()):
            continue
        if not referrals.find(line) or _SEEN_ANYWAY.search(line.utterance.text):
            continue
        text = line.utterance.text
        found = _TO.search(text)
        target = re.sub(r",? (?:Ms|Mr|Mrs|too|also|as well)\.?$", "", found.group("what").strip(" .,")) if found else ""
        target = re.sub(r" (?:today|tonight|tomorrow|this (?:week|morning|afternoon)|right (?:away|now))$", "", target)
        if not target or not referees.search(target):
            continue
        answer, ground = answer_to(said, at)
        if answer == "no":
            body = f"Client declined {swap(target, 'clinician')}, which Clinician recommended."
        else:
            seeing = "seeing " if found and _SEES.match(found.group()) else ""
            body = f"Clinician recommended {seeing}{swap(target, 'clinician')}."
        points.append(
            Point(
                topic="referral",
                text=body,
                evidence=tuple(quote(one.utterance) for one in ([line] if ground is None else [line, ground])),
                weight=0.75,
            )
        )
    return points


def coordinate(said: Sequence[Line], contacts: frozenset[str]) -> list[Point]:
    """What the clinician will do with others, and what the client allowed to be shared."""
    points: list[Point] = []
    for at, line in enumerate(said):
        text = line.utterance.text
        if line.role == "clinician" and (found := _WILL.search(text)) and not _GIVES.search(text):
            verb = found.group("verb").lower()
            offered = found.group("aux").lower() in ("i can", "i could")
            if verb not in contacts or not _is_third(found.group("what")) or _NOT_NOW.search(text.lower()):
                continue
            answer, ground = answer_to(said, at)
            if answer == "no" or (offered and answer == "unheard"):
                continue
            what, before = _whom(said, at, _short(found.group("what")))
            named_in = [before] if before is not None else []
            points.append(
                Point(
                    topic="coordination",
                    text=f"Clinician will {verb} {swap(what, 'clinician')}.",
                    evidence=tuple(
                        quote(one.utterance) for one in (line, *named_in, *([ground] if offered and ground else []))
                    ),
                    weight=0.7,
                )
            )
        elif line.role == "clinician" and (found := _GIVES.search(text)):
            points.append(
                Point(
                    topic="coordination",
                    text=f"Clinician will {found['verb'].lower()} Client {swap(_short(found['what']), 'clinician')}.",
                    evidence=(quote(line.utterance),),
                    weight=0.65,
                )
            )
        elif line.role == "clinician" and (found := _MAY.search(text)):
            answer, ground = answer_to(said, at)
            what = re.sub(r"\bClient's\b", "their", swap(_short(found.group("what")), "clinician"))
            if answer in ("yes", "tentative") and ground is not None:
                points.append(
                    Point(
                        topic="coordination",
                        text=f"Client agreed that Clinician may {found.group('verb').lower()} {what}.",
                        evidence=(quote(line.utterance), quote(ground.utterance)),
                        weight=0.7,
                    )
                )
    return points


def _offered(said: Sequence[Line], at: int, referees: re.Pattern[str]) -> Point | None:
    """A referral offered by question ("Would you want me to refer you?"), of what was named just before."""
    line = said[at]
    if not _OFFERS.search(line.utterance.text):
        return None
    before = [one for one in said[max(0, at - 2) : at + 1] if one.turn == line.turn]
    named = next((found for one in reversed(before) for found in [_named(one, referees)] if found), "")
    answer, ground = answer_to(said, at)
    if not named or ground is None or answer == "unheard":
        return None
    text = {
        "no": f"Client declined referral to {named}, which Clinician offered.",
        "yes": f"Client agreed to referral to {named}.",
        "tentative": f"Client tentatively agreed to referral to {named}.",
    }[answer]
    return Point(
        topic="referral", text=text, evidence=tuple(quote(one.utterance) for one in (*before, ground)), weight=0.75
    )


def _named(line: Line, referees: re.Pattern[str]) -> str:
    """The place or person with its article: "the evening IOP"."""
    for found in referees.finditer(line.utterance.text):
        lead = re.search(r"\b(?:the|a|an|our) (?:[\w-]+ ){0,3}$", line.utterance.text[: found.start()], re.IGNORECASE)
        if lead:
            return (lead.group() + found.group()).replace("our ", "the ")
    return ""


def _whom(said: Sequence[Line], at: int, what: str) -> tuple[str, Line | None]:
    """The words with the person for "her" or "him" where the sentence before names just one."""
    found = re.match(r"(?:(?:with|to) )?(?P<who>her|him)\b(?! \w+(?:'s)?\b(?<!today)(?<!about)(?<!tomorrow))", what)
    before = said[at - 1] if at and said[at - 1].turn == said[at].turn else None
    names = set(_TITLED.findall(before.utterance.text)) if before is not None else set()
    if found is None or len(names) != 1:
        return what, None
    return what[: found.start("who")] + names.pop() + what[found.end("who") :], before


def _is_third(what: str) -> bool:
    """Deals with someone or something besides the client themself."""
    return not re.match(
        r"(?:you\b(?! back| again| at| on| tomorrow| tonight| in)|it\b|that\b|this\b|with you\b|to you\b|about\b|"
        r"at\b|like\b|a (?:little|bit)\b)",
        what.lower(),
    )


def _short(what: str) -> str:
    return " ".join(
        re.split(r",? (?:and then|but|because|so that|if you|which)\b|(?<!Ms)(?<!Mr)(?<!Dr)(?<!Mrs)[.!?;]", what)[
            0
        ].split()[:16]
    )


_SEEN_ANYWAY = re.compile(
    r"\b(?:before|when|until|till|after|since|once) you(?:'re)? (?:see|seeing|meet|talk)", re.IGNORECASE
)
"""Names somebody the client sees anyway, and recommends nobody."""
_TO = re.compile(
    r"\b(?:refer(?:ring)? (?:you|her|him|them) (?:over )?to|referral (?:for|to)|(?:to )?(?:see|seeing|"
    r"consult(?:ing)?|join(?:ing)?|attend(?:ing)?|hear about|talk(?:ing)? (?:to|with)|speak(?:ing)? (?:to|"
    r"with)|check(?:ing)? with|meet(?:ing)? with|contact(?:ing)?)|"
    r"connect (?:you|her|him|them) (?:up )?with|(?:in touch|linked up|link you up|set you up|hook you up|"
    r"set up|get you in|sign you up) (?:with|to|for)|recommend|suggest|appointment with|evaluation (?:with|"
    r"by)|try) (?P<what>(?:Dr\.|[^.?!;])+)",
    re.IGNORECASE,
)
_OFFERS = re.compile(
    r"\b(?:(?:want|like) (?:me|us) to refer you|would you be (?:interested in|open to|willing to (?:try|go to|see))|"
    r"(?:can|could|may|shall|should) I refer you|how about (?:a referral|I refer you))\b",
    re.IGNORECASE,
)
_TITLED = re.compile(r"\b(?:Dr\.?|Doctor|Ms\.?|Mrs\.?|Mr\.?) [A-Z]\w+")
_SEES = re.compile(r"(?:to )?see(?:ing)?\b", re.IGNORECASE)
_WILL = re.compile(
    r"\b(?P<aux>I'll|I will|I'm going to|I am going to|I'm gonna|I'm also going to|I can|I could|let me|we'll|"
    r"I'd like to|"
    r"I'd be happy to)(?: also| go ahead and| just| then)? "
    r"(?P<verb>order|run|request|call|phone|speak|talk|write|email|fax|send|contact|ask|message|text|coordinate|"
    r"consult|"
    r"follow up|reach out|refer|print|check in|let)\b (?P<what>(?:(?:Ms|Mr|Mrs|Dr)\.|[^.?!;])+)",
    re.IGNORECASE,
)
_GIVES = re.compile(
    r"\bI(?:'ll| will|'m going to) (?:also |just )?(?P<verb>give|get|bring|send|email|mail|text|print) you "
    r"(?P<what>(?:a|an|the|some|two|three|your|another)\b(?! (?:minute|moment|second|call|break|hint|hard|heads|number|"
    r"example|choice|chance|scenario|word|bit|little))[^.?!;,]+)",
    re.IGNORECASE,
)
_MAY = re.compile(
    r"\b(?:may|can|could|is it (?:okay|ok|all right|alright|fine) (?:with you )?if|would it be (?:okay|ok|"
    r"all right|alright) (?:with you )?if|do I have your permission to|would you (?:be okay with me|"
    r"mind if I)|sign a release (?:so (?:that )?I can|for me to)|need (?:a|your) (?:release|permission|consent) "
    r"(?:to|so I can)) ?(?:I |she |he |me )?"
    r"(?P<verb>call|phone|speak|talk|write|email|fax|send|contact|coordinate|consult|share|"
    r"reach out)\w*\b (?P<what>(?:(?:with|to) (?!you\b)|your|her|his|the|him|dr\b)(?:(?:Ms|Mr|Mrs|Dr)\.|[^.?!;])+)",
    re.IGNORECASE,
)
_NOT_NOW = re.compile(
    r"\b(?:last (?:time|week|session)|been seeing|you saw|you've seen|"
    r"you(?:'re| are) seeing|used to|did you|have you ever|ever (?:been|seen|talked)|if you ever|"
    r"some (?:people|clients)|talk about|see (?:if|what|how|that|why|where)|tell you)\b"
)
