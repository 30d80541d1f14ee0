"""Give the sentences of a section their sound: who is called what, how a sentence begins, which verb reports it.

Takes statements that were held to their evidence, in reading order, and a style; gives the same statements in the
style's words. Only the names of client and clinician, the pronoun and verb that open a sentence, and the terms a
clinic prefers change: nothing that was checked does.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from trellis.chart import Statement
from trellis.scribe.styles import Style
from trellis.scribe.talk.people import relations
from trellis.scribe.words.grammar import lemma, past, singular


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


MOST_AGAIN = 2
"""Sentences in a row that may begin with a pronoun, or without a subject."""

_OPENS = re.compile(r"Client (?P<verb>[a-z]+)\b(?! \d)(?P<rest>.*)", re.DOTALL)
_QUOTED = re.compile(r"(“[^”]*”)")
_NAME_WITHIN = re.compile(r"(?<=[a-z,;] )(?!I\b)[A-Z][a-zé]+")


def address(statements: Sequence[Statement], style: Style) -> tuple[Statement, ...]:
    """The statements of one section in this style."""
    told: list[Statement] = []
    before: str | None = None
    verb_before, again = "", 0
    for statement in statements:
        text = _with_verb(statement, verb_before) if style.varied else statement.text
        opening = _OPENS.match(text)
        verb_before = opening["verb"] if opening else ""
        is_again = opening is not None and before is not None and again < MOST_AGAIN and not _others(before + text)
        again = again + 1 if is_again else 0
        before = text if opening is not None else None
        text = _sounding(text, statement, style, again=is_again)
        told.append(replace(statement, text=text))
    return tuple(told)


def _others(text: str) -> bool:
    """Whether somebody else is spoken of, so that a pronoun could mean them."""
    outside = _QUOTED.sub(" ", text)
    words = set(re.findall(r"[a-z-]+", outside.lower()))
    if "the client" in outside or words & (relations().keys() | _PEOPLE):
        return True
    return bool(_NAME_WITHIN.search(outside.replace("Client", "")))


_PEOPLE = frozenset({"people", "others", "friends", "everyone", "someone", "parents", "children", "coworkers"})


# The verb ------------------------------------------------------------------------------------------------------------

_CAUSE = re.compile(r"\b(?:because|since|due to|as a result)\b")
_LONG_AGO = re.compile(r"\b(?:ago|last|formerly|when|in (?:college|school|\d{4})|as a child|growing up|years)\b")


def _with_verb(statement: Statement, before: str) -> str:
    """The sentence with a verb that says how it was told: a cause is explained, what is past recalled."""
    opening = _OPENS.match(statement.text)
    if opening is None or opening["verb"] != "reports":
        return statement.text
    rest, outside = opening["rest"], _QUOTED.sub(" ", opening["rest"])
    verb = "reports"
    if rest.startswith(" that ") and _CAUSE.search(outside):
        verb = "explains"
    elif rest.startswith(" having ") and _LONG_AGO.search(outside):
        verb = "recalls"
    elif statement.topic == "symptom" and re.match(r" (?:feeling|being|becoming|having (?:a|an|no|some|much)\b)", rest):
        verb = "describes"
    elif before == "reports" and rest.startswith(" that ") and not re.search(r"\bthat\b.*\bthat\b", outside):
        verb = "notes"
    return f"Client {verb}{rest}"


# Who -----------------------------------------------------------------------------------------------------------------


def _sounding(text: str, statement: Statement, style: Style, *, again: bool) -> str:
    if style.pronouns != "they" and _is_clients(statement):
        text = _agreeing(text, style.pronouns)
    if again and style.again != "name":
        text = _begun_again(text, style)
    parts = _QUOTED.split(text)
    return "".join(part if part.startswith("“") else _named(part, style) for part in parts)


def _begun_again(text: str, style: Style) -> str:
    """The sentence without its name: "They report …", "Reports …"."""
    opening = _OPENS.match(text)
    assert opening is not None
    verb, rest = opening["verb"], opening["rest"]
    if style.again == "nothing":
        return f"{verb.capitalize()}{rest}" if verb.endswith("s") else text
    if style.pronouns != "they":
        is_plain = not re.search(r"\b(?:they|them|their|themselves)\b", _QUOTED.sub(" ", rest))
        return f"{style.pronouns.capitalize()} {verb}{rest}" if is_plain else text
    return f"They {_plural(verb)}{rest}" if _SECOND_VERB.search(rest) is None else text


_SECOND_VERB = re.compile(
    r"\b(?:and|but|or|;) (?:reports|denies|states|wishes|plans|describes|believes|agreed|notes)\b"
)


def _plural(verb: str) -> str:
    """The form of a verb of reporting that goes with "they"."""
    known = {"does": "do", "is": "are", "has": "have", "was": "were", "denies": "deny", "worries": "worry",
             "wishes": "wish"}  # fmt: skip
    if verb in known:
        return known[verb]
    return verb[:-1] if verb.endswith("s") and not verb.endswith("ss") else verb


def _named(part: str, style: Style) -> str:
    for said, term in style.terms:
        part = _with_term(part, said, term)
    if style.clinician == "I":
        part = re.sub(r"\bClinician's\b", "my", part)
        part = re.sub(r"(?:^|(?<=which )|(?<=that ))Clinician\b", "I", part)
        part = re.sub(r"\bClinician\b", "me", part)
        part = re.sub(r"^my\b", "My", part)
    elif style.clinician != "Clinician":
        part = re.sub(r"\bClinician\b", lambda _: style.clinician, part)
    if style.client != "Client":
        part = re.sub(r"\bClient\b", lambda _: style.client, part)
    return part


def _with_term(part: str, said: str, term: str) -> str:
    return re.sub(rf"\b{re.escape(said)}\b", lambda found: _as_cased(found.group(), term), part, flags=re.IGNORECASE)


def _as_cased(said: str, term: str) -> str:
    return term[0].upper() + term[1:] if said[0].isupper() else term


# She and he ----------------------------------------------------------------------------------------------------------

_PLURAL = re.compile(r"\b(?:they|them|their|theirs|themselves|we|us|our|they're|they've|we're|we've)\b", re.IGNORECASE)
_FORMS = {
    "she": {"them": "her", "their": "her", "theirs": "hers", "themselves": "herself"},
    "he": {"them": "him", "their": "his", "theirs": "his", "themselves": "himself"},
}
_FIXED = _set(
    "can could would will should might may must had did was cannot also still always never often usually sometimes "
    "possibly probably formerly recently really only already certainly then now currently"
)
_UNCLEAR = _set("quit cut hurt put let hit set read cost bet shut split spread upset beat")
"""Verbs whose past looks like their present."""
_THEY = re.compile(
    r"\b(?P<they>[Tt]hey) (?P<between>(?:[a-z]+ly |also |still |always |never |often |sometimes |only )*)"
    r"(?P<verb>[a-z]+)\b"
)


_SHARED = re.compile(
    r"\b[Tt]hey\b(?:(?!\bthey\b).)* (?:and|or|but|yet) "
    r"(?!they\b|their\b|the\b|an?\b|that\b|not\b|to\b|\w+ing\b|\w+ed\b)"
)
"""A second verb that may hang on the same "they" and would have to agree too."""


def _is_clients(statement: Statement) -> bool:
    """Whether every "they" of a statement is the client: only one person speaks in it, and of no others as "they"."""
    said = [each.quote or "" for each in statement.evidence]
    return bool(said) and not any(_PLURAL.search(each) for each in said) and not _others(statement.text)


def _agreeing(text: str, pronouns: str) -> str:
    """The text with "she" or "he" for "they", and verbs that agree; unchanged where a verb's time would be unclear."""
    parts = _QUOTED.split(text)
    outside = " ".join(part for part in parts if not part.startswith("“"))
    if _SHARED.search(outside) or any(found["verb"] in _UNCLEAR for found in _THEY.finditer(outside)):
        return text
    forms = _FORMS[pronouns]

    def third(found: re.Match[str]) -> str:
        they = pronouns.capitalize() if found["they"][0] == "T" else pronouns
        return f"{they} {found['between']}{_third(found['verb'])}"

    def told(part: str) -> str:
        part = re.sub(r"\bthey\b", pronouns, _THEY.sub(third, part))
        return re.sub(r"\b(?:them|their|theirs|themselves)\b", lambda word: forms[word.group()], part)

    return "".join(part if part.startswith("“") else told(part) for part in parts)


def _third(verb: str) -> str:
    """The form that goes with "she" of a verb that went with "they"."""
    if verb == "were":
        return "was"
    stem = lemma(verb)
    is_present = verb not in _FIXED and not verb.endswith(("ed", "ing")) and past(stem) != verb
    return singular(verb) if is_present else verb
