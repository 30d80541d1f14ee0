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
        if line.role != "clinician" or line.asks or _NOT_NOW.search(line.utterance.text.lower()):
            continue
        if not referrals.find(line):
            continue
        text = line.utterance.text
        found = _TO.search(text)
        target = re.sub(r",? (?:Ms|Mr|Mrs|too|also|as well)\.?$", "", found.group("what").strip(" .,")) if found else ""
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
        if line.role == "clinician" and (found := _WILL.search(text)):
            verb = found.group("verb").lower()
            offered = found.group("aux").lower() in ("i can", "i could")
            if verb not in contacts or not _is_third(found.group("what")) or _NOT_NOW.search(text.lower()):
                continue
            answer, ground = answer_to(said, at)
            if answer == "no" or (offered and answer == "unheard"):
                continue
            points.append(
                Point(
                    topic="coordination",
                    text=f"Clinician will {verb} {swap(_short(found.group('what')), 'clinician')}.",
                    evidence=tuple(quote(one.utterance) for one in ([line, ground] if offered and ground else [line])),
                    weight=0.7,
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


def _is_third(what: str) -> bool:
    """Deals with someone or something besides the client themself."""
    return not re.match(
        r"(?:you\b(?! back| again| at| on| tomorrow| tonight| in)|it\b|that\b|this\b|with you\b|to you\b|about\b|"
        r"at\b|like\b|a (?:little|bit)\b)",
        what.lower(),
    )


def _short(what: str) -> str:
    return " ".join(re.split(r",? (?:and then|but|because|so that|if you|which)\b|[.!?;]", what)[0].split()[:16])


_TO = re.compile(
    r"\b(?:refer(?:ring)? (?:you|her|him|them) (?:over )?to|referral (?:for|to)|(?:to )?(?:see|seeing|"
    r"consult(?:ing)?|join(?:ing)?|attend(?:ing)?|hear about|talk(?:ing)? (?:to|with)|speak(?:ing)? (?:to|"
    r"with)|check(?:ing)? with|meet(?:ing)? with|contact(?:ing)?)|"
    r"connect (?:you|her|him|them) (?:up )?with|(?:in touch|linked up|link you up|set you up|hook you up|"
    r"set up|get you in|sign you up) (?:with|to|for)|recommend|suggest|appointment with|evaluation (?:with|"
    r"by)|try) (?P<what>(?:Dr\.|[^.?!;])+)",
    re.IGNORECASE,
)
_SEES = re.compile(r"(?:to )?see(?:ing)?\b", re.IGNORECASE)
_WILL = re.compile(
    r"\b(?P<aux>I'll|I will|I'm going to|I am going to|I'm gonna|I'm also going to|I can|I could|let me|we'll|"
    r"I'd like to|"
    r"I'd be happy to)(?: also| go ahead and| just| then)? "
    r"(?P<verb>order|run|request|call|phone|speak|talk|write|email|fax|send|contact|ask|message|text|coordinate|"
    r"consult|"
    r"follow up|reach out|refer|print|check in|let)\b (?P<what>[^.?!;]+)",
    re.IGNORECASE,
)
_MAY = re.compile(
    r"\b(?:may|can|could|is it (?:okay|ok|all right|alright|fine) (?:with you )?if|would it be (?:okay|ok|"
    r"all right|alright) (?:with you )?if|do I have your permission to|would you (?:be okay with me|"
    r"mind if I)|sign a release (?:so (?:that )?I can|for me to)|need (?:a|your) (?:release|permission|consent) "
    r"(?:to|so I can)) ?(?:I |she |he |me )?"
    r"(?P<verb>call|phone|speak|talk|write|email|fax|send|contact|coordinate|consult|share|"
    r"reach out)\w*\b (?P<what>(?:(?:with|to) (?!you\b)|your|her|his|the|him|dr\b)[^.?!;]+)",
    re.IGNORECASE,
)
_NOT_NOW = re.compile(
    r"\b(?:last (?:time|week|session)|been seeing|you saw|you've seen|"
    r"you(?:'re| are) seeing|used to|did you|have you ever|ever (?:been|seen|talked)|if you ever|"
    r"some (?:people|clients)|talk about|see (?:if|what|how|that|why|where)|tell you)\b"
)
