"""Put the person or drug a pronoun stands for in its place, so that a sentence can be read away from its neighbours.

Takes an utterance and the people; gives the utterance with "she" read as "their sister" and "it" as the drug just
spoken of, and the utterances that name them, whose words belong to the evidence. A pronoun of unclear meaning stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from trellis.inference import Sentence, Token
from trellis.scribe.facts.concepts import Hit
from trellis.scribe.points import Utterance
from trellis.scribe.talk.people import UNCLEAR, People, relations

DRUG_WITHIN = 6
"""Utterances within which "it" can mean the last drug named."""

_POSSESSIVE = frozenset({"his", "her", "their"})
_REFLEXIVE = frozenset({"himself", "herself", "themselves", "themself"})
_PERSONS = frozenset({"he", "she", "they", "him", "her", "them", "his", "their"})
_DRUG_DOES = frozenset({"give", "make", "help", "cause", "work", "take", "stop", "upset", "start", "raise", "knock"})
"""Verbs of what a drug does: "it makes me sleepy"."""
_DONE_WITH_DRUG = frozenset(
    {"take", "stop", "start", "miss", "skip", "forget", "use", "increase", "raise", "lower", "double", "try", "quit"}
)
"""Verbs of what is done with a drug: "I take it". "I made it to work" has no drug in it."""
_NO_DRUG_AFTER = frozenset({"easy", "slow", "personally", "seriously", "out", "back", "one", "for", "from", "as"})
"""What follows "it" where nothing is taken: "take it easy"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spelled:
    """An utterance to be read alone; `grounds` name what its pronouns stood for."""

    utterance: Utterance
    grounds: tuple[Utterance, ...] = ()
    names_drug: bool = False


def spell_out(
    utterance: Utterance,
    people: People,
    before: Sequence[Utterance],
    hits: Sequence[Sequence[Hit]],
    asked: tuple[str, Utterance] | None = None,
) -> Spelled:
    """The utterance with its first pronoun of a known person, and an "it" that is known, spelled out.

    `asked` is the thing its question asks about, and the question.
    """
    tokens = list(utterance.parse.tokens)
    asked = _owned_before(utterance, before) or asked
    grounds: list[Utterance] = []
    told: set[str] = set()
    names_drug = changed = False
    for at, token in enumerate(tokens):
        word = token.text.lower()
        is_asked = asked is not None and word == "they" and _is_thing(utterance, at, asked[0])
        if word in _PERSONS and word not in _REFLEXIVE and not is_asked:
            person = people.meant.get((utterance.index, at), UNCLEAR)
            if person == "client" and utterance.turn.role == "other":
                is_owner = word in _POSSESSIVE and token.dep == "poss"
                tokens[at] = _in_place(token, "Client" + ("'s" if is_owner else ""))
                changed = True
                continue
            named = _naming(person, people, before) or _spoke(person, before)
            if person == UNCLEAR or person in told or named is None or _is_named_here(person, utterance, people, at):
                continue
            told.add(person)
            is_owner = word in _POSSESSIVE and token.dep == "poss"
            tokens[at] = _in_place(token, _called(person, utterance, people) + ("'s" if is_owner else ""))
            grounds.append(named)
        elif word in {"it", "them"} and (drug := _drug(utterance, at, before, hits)) is not None:
            tokens[at] = _in_place(token, drug[0])
            grounds.append(drug[1])
            names_drug = True
        elif word in {"it", "they"} and asked is not None and not grounds and _is_thing(utterance, at, asked[0]):
            tokens[at] = replace(_in_place(token, asked[0]), entity="", pos="NOUN", tag="NN")
            grounds.append(asked[1])
    if not grounds and not changed:
        return Spelled(utterance=utterance)
    parse = Sentence(tokens=tuple(tokens), start=utterance.parse.start, end=utterance.parse.end)
    return Spelled(
        utterance=replace(utterance, parse=parse), grounds=tuple(dict.fromkeys(grounds)), names_drug=names_drug
    )


def _owned_before(utterance: Utterance, before: Sequence[Utterance]) -> tuple[str, Utterance] | None:
    """What the same breath just named as the speaker's own: "I rated my mood before and after. Before, it was …"."""
    for each in reversed(before[-2:]):
        if each.turn.id != utterance.turn.id:
            return None
        tokens = each.parse.tokens
        if each is not before[-1] and "it" not in {token.text.lower() for token in before[-1].parse.tokens}:
            return None
        owned = [
            at
            for at, token in enumerate(tokens)
            if token.pos == "NOUN" and any(tokens[i].text.lower() == "my" for i in each.parse.children(at))
            and token.dep in {"dobj", "nsubj"} and token.tag == "NN" and token.text.lower() not in relations()
        ]  # fmt: skip
        if len(owned) == 1:
            return f"their {tokens[owned[0]].text.lower()}", each
    return None


def named_many(question: Utterance, answer: Utterance) -> str | None:
    """The things a question asks about, for an answer that calls them "they": "And your hands?" "They're cracked."."""
    tokens = question.parse.tokens
    first = answer.parse.tokens[0].text.lower() if answer.parse.tokens else ""
    many = [token for token in tokens if token.tag == "NNS" and token.text.lower() not in relations()]
    if first != "they" or len(many) != 1:
        return None
    return f"their {many[0].text.lower()}"


def _is_thing(utterance: Utterance, at: int, thing: str) -> bool:
    """Whether this "it" can be what was asked about: the first one, with no thing named before it.

    A "they" can where more than one thing was asked about and is only said to be so or so.
    """
    tokens = utterance.parse.tokens
    if tokens[at].text.lower() == "they":
        is_many = thing.endswith("s") and not thing.endswith("ss") and thing.rpartition(" ")[2] not in relations()
        return at == 0 and is_many and tokens[at].dep == "nsubj" and tokens[tokens[at].head].lemma.lower() == "be"
    if tokens[at].dep not in {"nsubj", "nsubjpass", "dobj"}:
        return False
    verb = tokens[tokens[at].head].lemma.lower()
    if verb[:5] == thing.rpartition(" ")[2][:5].lower():
        return False
    is_empty = _is_made(utterance, at) or (
        verb == "be" and any(tokens[i].dep in {"ccomp", "advcl"} for i in utterance.parse.children(tokens[at].head))
    )
    return not is_empty and not any(
        token.pos in {"NOUN", "PROPN"} or token.text.lower() == "it" for token in tokens[:at]
    )  # fmt: skip


def _is_made(utterance: Utterance, at: int) -> bool:
    """Whether it is the "it" of "I made it to work"."""
    tokens = utterance.parse.tokens
    after = tokens[at + 1].text.lower() if at + 1 < len(tokens) else ""
    return at > 0 and tokens[at - 1].lemma.lower() == "make" and after in {"to", "through", "in", "home", "out"}


def _in_place(token: Token, words: str) -> Token:
    return replace(token, text=words, lemma=words, pos="PROPN", tag="NNP", entity="PERSON")


def _called(person: str, utterance: Utterance, people: People) -> str:
    """What the client's sister is called in a sentence about the client: "their sister"."""
    known = people.person(person)
    if known is not None and known.relation and utterance.turn.role == "client":
        return f"their {known.relation}"
    return people.named(person)


def _spoke(person: str, before: Sequence[Utterance]) -> Utterance | None:
    """The latest words of somebody present, who needs no naming."""
    if not person.startswith("other"):
        return None
    return next((each for each in reversed(before) if each.turn.speaker == person), None)


def _naming(person: str, people: People, before: Sequence[Utterance]) -> Utterance | None:
    """The latest utterance before that names this person as a note does: by the relation where there is one."""
    known = people.person(person)
    by_name = None
    for each in reversed(before):
        for at, token in enumerate(each.parse.tokens):
            if people.meant.get((each.index, at)) != person or token.text.lower() in _PERSONS:
                continue
            relation = relations().get(token.text.lower())
            if known is None or not known.relation or (relation and known.relation.endswith(relation.relation)):
                return each
            by_name = by_name or each
    return by_name


def _is_named_here(person: str, utterance: Utterance, people: People, at: int) -> bool:
    tokens = utterance.parse.tokens
    return any(
        people.meant.get((utterance.index, i)) == person and tokens[i].text.lower() not in _PERSONS for i in range(at)
    )


def _drug(
    utterance: Utterance, at: int, before: Sequence[Utterance], hits: Sequence[Sequence[Hit]]
) -> tuple[str, Utterance] | None:
    """The one drug an "it" can stand for: named shortly before, with a verb of taking or of what drugs do."""
    parse = utterance.parse
    verb = parse.tokens[parse.tokens[at].head].lemma.lower()
    verbs = {"nsubj": _DRUG_DOES, "dobj": _DONE_WITH_DRUG}.get(parse.tokens[at].dep, frozenset())
    after = parse.tokens[at + 1].text.lower() if at + 1 < len(parse.tokens) else ""
    if verb not in verbs or after in _NO_DRUG_AFTER or _is_made(utterance, at):
        return None
    return drug_before(utterance, before, hits)


def drug_before(
    utterance: Utterance, before: Sequence[Utterance], hits: Sequence[Sequence[Hit]]
) -> tuple[str, Utterance] | None:
    """The one drug named shortly before, and where."""
    near = [each for each in before if 0 < utterance.index - each.index <= DRUG_WITHIN]
    named = [
        (each.parse.tokens[hit.token].text, each)
        for each in near
        for hit in hits[each.index]
        if hit.concept.key == "medication.drug"
    ]
    names = {name.lower() for name, _ in named}
    return named[-1] if len(names) == 1 else None
