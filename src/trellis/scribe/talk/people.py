"""List the people of a session once each, and say whom each word means.

Takes utterances and their transcript; gives `People`: those who spoke, those who were spoken of ("my sister Ana"), and
for every mention the person meant. A pronoun is resolved only where one person fits; else it stays unresolved, because
somebody else's drug or suicide in the client's record is the worst mistake a note can make.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

from trellis.chart import Person, Transcript
from trellis.scribe.points import Utterance

UNCLEAR = "unclear"
"""Whom a pronoun means where nobody or more than one fits."""
NEAR = 12
"""Utterances within which a pronoun may mean someone mentioned before."""

NEAR_PLURAL = 2
"""The same for "they", which soon means people in general."""


@dataclass(frozen=True, slots=True)
class Relation:
    """How people are called who stand in one relation to the client; `gender` is he, she or they."""

    relation: str
    gender: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The persons of a session and who is meant where: `meant[utterance index, token index]` is a person's id."""

    persons: tuple[Person, ...]
    meant: Mapping[tuple[int, int], str] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Person]:
        return iter(self.persons)

    def person(self, person_id: str) -> Person | None:
        """The person with this id; None for nobody known."""
        return next((each for each in self.persons if each.id == person_id), None)

    def named(self, person_id: str) -> str:
        """What a note calls somebody: "Client", "Client 2", "Clinician", "Client's sister", "Dr. Brown"."""
        role, _, number = person_id.partition(":")
        if role in {"client", "clinician"}:
            return f"{role.capitalize()} {number}".strip()
        person = self.person(person_id)
        if person and person.relation:
            return f"Client's {person.relation}"
        if person and person.name:
            return person.name
        return "Another person present" if role == "other" else "Someone"

    def meant_by(self, utterance: Utterance, token: int) -> str | None:
        """Whom a word means; None where it means no person, `UNCLEAR` where it can't be said whom."""
        found = self.meant.get((utterance.index, token))
        if found is not None:
            return found
        word = utterance.parse.tokens[token].text.lower()
        if word in _FIRST:
            return utterance.turn.speaker
        if word in _SECOND:
            return "client" if utterance.turn.role == "clinician" else None
        return UNCLEAR if word in _PRONOUNS else None


def list_people(utterances: Sequence[Utterance], transcript: Transcript, speaking: Iterable[Person] = ()) -> People:
    """Everyone of the session, those who speak first; `speaking` is what is known of them (name, relation)."""
    register = _Register(transcript, speaking)
    for utterance in utterances:
        register.read(utterance)
    return People(persons=tuple(register.persons.values()), meant=register.meant)


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_FIRST = frozenset({"i", "me", "my", "myself", "mine", "we", "us", "our", "i'm"})
_SECOND = frozenset({"you", "your", "yourself", "yours"})
_PRONOUNS: Mapping[str, str] = {
    "he": "he", "him": "he", "his": "he", "himself": "he", "she": "she", "her": "she", "hers": "she",
    "herself": "she", "they": "they", "them": "they", "their": "they", "themselves": "they",
}  # fmt: skip
_QUALIFIERS = _set(
    "older younger oldest youngest elder little big other best half new old former late ex twin first second third"
)
_CALLED = frozenset({"called", "named"})
_NAME = re.compile(r"[A-Z][a-zé'-]+")
_HELLO = re.compile(
    r"\b(?i:hi|hello|hey|good (?:morning|afternoon|evening)|thanks|thank you|welcome|nice to (?:see|meet) you|okay|so|"
    r"well|now),? (?P<name>[A-Z][a-zé'-]+)(?=[,.!?]|$)",
)
_GREETING = re.compile(r"(?i:hi|hello|hey|good (?:morning|afternoon|evening)|welcome)\b")
_THIS_IS = re.compile(r"\W*(?i:this is|that's|meet) (?P<name>[A-Z][a-zé'-]+)\W*$")
_MY_NAME = re.compile(r"\b(?:my name is|my name's|i'm called|call me) (?P<name>[A-Z][a-zé'-]+)", re.IGNORECASE)
_NO_NAMES = _set(
    "i yeah yes no okay well so um uh right good great thanks sure hi hello dr doctor everyone everybody guys god "
    "alright there now and but how what oh then today cool"
)


@cache
def relations() -> Mapping[str, Relation]:
    """Relations by the words for them."""
    with (files("trellis.scribe") / "data" / "people.toml").open("rb") as file:
        entries = tomllib.load(file)["relations"]
    return {
        word.replace("_", " "): Relation(entry["relation"], entry["gender"], entry["kind"])
        for entry in entries
        for word in entry["words"]
    }


class _Register:
    """Whom the session has mentioned so far."""

    def __init__(self, transcript: Transcript, speaking: Iterable[Person]) -> None:
        known = {person.id: person for person in speaking}
        speakers = dict.fromkeys(turn.speaker for turn in transcript.turns if turn.role != "unknown")
        ordered = sorted(speakers, key=lambda each: ("client", "clinician", "other").index(each.split(":")[0]))
        self.persons: dict[str, Person] = {}
        for speaker in dict.fromkeys(["client", *ordered] if "client" in speakers or not speakers else ordered):
            role = speaker.split(":")[0]
            if role in {"client", "clinician", "other"}:
                self.persons[speaker] = known.get(speaker) or Person(id=speaker, role=role)  # type: ignore[arg-type]
        self.meant: dict[tuple[int, int], str] = {}
        self.genders: dict[str, str] = {}
        self.recent: list[tuple[int, str]] = []
        self.ids: dict[tuple[str, str], str] = {}
        self.names: dict[str, str] = {}
        self.professionals: set[str] = set()
        self.turns: dict[int, int] = {}
        self.speakers = frozenset(self.persons)

    def read(self, utterance: Utterance) -> None:
        self.turns[utterance.index] = utterance.turn.id
        self._hear_names(utterance)
        mentioned: list[str] = []
        for at in range(len(utterance.parse.tokens)):
            person = self._mention(utterance, at)
            if person is not None:
                self.meant[utterance.index, at] = person
                mentioned.append(person)
                self.recent.append((utterance.index, person))
            elif (gender := _PRONOUNS.get(utterance.parse.tokens[at].text.lower())) is not None:
                self.meant[utterance.index, at] = self._resolve(utterance, gender, at)

    def _hear_names(self, utterance: Utterance) -> None:
        match = None
        if utterance.turn.role != "clinician" and (shown := _THIS_IS.match(utterance.text)) is not None:
            name = shown["name"]
            if name.lower() not in _NO_NAMES and name not in self.names:
                self.recent.append((utterance.index, self._add(("", name), None, name, "they")))
        if utterance.turn.role == "clinician" and utterance.turn.id <= 40:
            match = _HELLO.search(utterance.text)
        elif utterance.turn.role == "client":
            match = _MY_NAME.search(utterance.text)
        owner = "client" if utterance.turn.role == "clinician" else utterance.turn.speaker
        person = self.persons.get(owner)
        if match and person and person.name is None and match["name"].lower() not in _NO_NAMES:
            is_last = utterance.turn.role == "client" or utterance.text.rstrip(".,!? ").endswith(match["name"])
            if is_last or _GREETING.match(match.group()):
                self.persons[owner] = replace(person, name=match["name"].capitalize())

    def _mention(self, utterance: Utterance, at: int) -> str | None:
        tokens = utterance.parse.tokens
        word = tokens[at].text.lower()
        if word in {"dr", "dr.", "doctor"} and at + 1 < len(tokens) and _NAME.fullmatch(tokens[at + 1].text):
            return self._professional(tokens[at + 1].text, utterance.index)
        if at > 1 and tokens[at - 1].text == "-" and tokens[at - 2].text.lower() == "ex":
            return None
        known = next((found for words in _longest_first(utterance, at) if (found := relations().get(words))), None)
        if known is None:
            return self.names.get(tokens[at].text) if _NAME.fullmatch(tokens[at].text) else None
        owner = _owner(utterance, at)
        if owner is None and known.kind != "professional":
            return None
        if owner == "third":
            return None
        qualifier = next(
            (tokens[i].text.lower() for i in (at - 1, at - 2) if i >= 0 and tokens[i].text.lower() in _QUALIFIERS), ""
        )
        if utterance.turn.role == "other" and known.kind != "professional" and _is_my(utterance, at):
            return self._of_other(utterance, known, qualifier)
        person = self._person(known, qualifier, _name_after(utterance, at))
        if known.kind == "professional":
            self.professionals.add(person)
        return person

    def _of_other(self, utterance: Utterance, known: Relation, qualifier: str) -> str:
        """Whom somebody present means by "my brother", who is not the client's; a parent's child is the client."""
        if known.relation in _CHILDREN and not qualifier and "client" in self.persons:
            return "client"
        speaker = self.persons[utterance.turn.speaker]
        owner = f"Client's {speaker.relation}" if speaker.relation else speaker.name or "Another person present"
        name = f"{owner}'s {f'{qualifier} {known.relation}'.strip()}"
        key = ("", name)
        return self.ids.get(key) or self._add(key, None, name, known.gender)

    def _person(self, known: Relation, qualifier: str, name: str | None) -> str:
        relation = f"{qualifier} {known.relation}".strip() if qualifier != "ex" else f"ex-{known.relation}"
        key = (relation, name or "")
        same = [other for (rel, _), other in self.ids.items() if rel == relation]
        if key in self.ids:
            return self.ids[key]
        if name is None and len(same) >= 1:
            return same[-1]
        unnamed = self.ids.get((relation, ""))
        if name is not None and unnamed is not None and self.persons[unnamed].name is None:
            self.persons[unnamed] = replace(self.persons[unnamed], name=name)
            self.ids[key] = unnamed
            self.names[name] = unnamed
            return unnamed
        return self._add(key, relation, name, known.gender)

    def _professional(self, name: str, at: int) -> str:
        key = ("", f"Dr. {name}")
        near = [each for index, each in self.recent if index >= at - 2 and each in self.professionals]
        if key not in self.ids and near and self.persons[near[-1]].name is None:
            self.persons[near[-1]] = replace(self.persons[near[-1]], name=f"Dr. {name}")
            self.ids[key] = near[-1]
        return self.ids.get(key) or self._add(key, None, f"Dr. {name}", "they")

    def _add(self, key: tuple[str, str], relation: str | None, name: str | None, gender: str) -> str:
        person_id = f"p{len(self.ids) + 1}"
        self.ids[key] = person_id
        self.persons[person_id] = Person(id=person_id, role="other", name=name, relation=relation)
        self.genders[person_id] = gender
        if name is not None:
            self.names[name] = person_id
        return person_id

    def _resolve(self, utterance: Utterance, gender: str, at: int) -> str:
        """The one person a pronoun can mean: mentioned not long ago, and the only one who fits.

        Somebody present who speaks of nobody else speaks of the client.
        """
        if utterance.turn.role == "other" and gender != "they" and "client" in self.persons:
            return self._of_client(utterance, gender)
        reach = NEAR if gender != "they" else NEAR_PLURAL
        near = dict.fromkeys(
            person
            for index, person in reversed(self.recent)
            if utterance.index - index <= reach and self._fits(person, gender)
        )
        same = {person for index, person in self.recent if index == utterance.index and self._fits(person, gender)}
        if len(same) == 1 and gender != "they":
            return next(iter(same))
        is_subject = utterance.parse.tokens[at].dep in {"nsubj", "nsubjpass"}
        just_named = {person for index, person in self.recent if utterance.index - index <= 2}
        unsure = {each for each in near if gender != "they" and self.genders.get(each, "they") == "they"}
        if unsure & set(near) and len(near) == 1:
            if not (is_subject and unsure <= just_named):
                return UNCLEAR
            self.genders[next(iter(near))] = gender
        candidates = list(near)
        if len(candidates) == 1:
            return candidates[0]
        here = dict.fromkeys(
            person
            for index, person in reversed(self.recent)
            if utterance.index - index <= 2 and self._fits(person, gender)
        )
        if not candidates and gender != "they" and (present := self._present(utterance, gender)) is not None:
            return present
        if not is_subject and unsure & set(here):
            return UNCLEAR
        return next(iter(here)) if len(here) == 1 else UNCLEAR

    def _present(self, utterance: Utterance, gender: str) -> str | None:
        """Whom somebody in the room means who speaks of nobody else: the other one there."""
        clients = [person for person in self.persons if person.startswith("client")]
        if utterance.turn.role == "client" and len(clients) == 2:
            return next(person for person in clients if person != utterance.turn.speaker)
        there = [person for person in self.persons if person.startswith("other")]
        is_known = len(there) == 1 and self.genders.get(there[0], "they") == gender
        return there[0] if utterance.turn.role == "client" and is_known else None

    def _of_client(self, utterance: Utterance, gender: str) -> str:
        """Whom somebody means who came along with the client: whom this turn or its question named, or the client."""
        named = {
            person
            for index, person in self.recent
            if self._fits(person, gender) and self.turns.get(index, 0) >= utterance.turn.id - 1
        }
        known = self.genders.get("client")
        here = {person for index, person in self.recent if index == utterance.index} & named
        if named and not here and known in {None, gender}:
            return UNCLEAR
        if named:
            return next(iter(named)) if len(named) == 1 else UNCLEAR
        spoken_of = [person for person in self.persons if person not in self.speakers and self._fits(person, gender)]
        if known is not None and known != gender:
            return spoken_of[0] if len(spoken_of) == 1 else UNCLEAR
        if known is None and spoken_of:
            return UNCLEAR
        self.genders["client"] = gender
        return "client"

    def _fits(self, person: str, gender: str) -> bool:
        own = self.genders.get(person, "they")
        singular = not (self.persons[person].relation or "").endswith(("s", "family", "children")) or own in {
            "he",
            "she",
        }
        if gender == "they":
            return not singular
        return own == gender or (own == "they" and singular)


def _longest_first(utterance: Utterance, at: int) -> Iterator[str]:
    """The word at a place with up to four that follow it: "mother-in-law" before "mother"."""
    tokens = utterance.parse.tokens
    for end in range(min(at + 5, len(tokens)), at, -1):
        yield utterance.turn.text[tokens[at].start : tokens[end - 1].end].lower()


def _is_my(utterance: Utterance, at: int) -> bool:
    """Whether the speaker calls this relation their own."""
    return any(token.text.lower() in {"my", "our"} for token in utterance.parse.tokens[max(0, at - 3) : at])


_CHILDREN = frozenset({"daughter", "son", "child", "kid", "stepdaughter", "stepson"})


def _owner(utterance: Utterance, at: int) -> str | None:
    """Whose relation it is: `client` for "my" from a client, "your" from the clinician; `third` for others'."""
    tokens = utterance.parse.tokens
    for back in range(at - 1, max(-1, at - 4), -1):
        word = tokens[back].text.lower()
        if word in {"my", "our"}:
            return "client" if utterance.turn.role != "clinician" else None
        if word == "your":
            return "client" if utterance.turn.role == "clinician" else None
        if word in {"his", "her", "their", "'s", "’s", "whose"}:
            return "third"
        if word not in _QUALIFIERS and tokens[back].pos not in {"ADJ", "NOUN", "NUM"}:
            return _bare(utterance, at)
    return _bare(utterance, at)


def _bare(utterance: Utterance, at: int) -> str | None:
    """A capital or a bare noun ("Mom called") for a parent is the client's own."""
    word = utterance.parse.tokens[at].text
    has_article = any(utterance.parse.tokens[child].dep in {"det", "poss"} for child in utterance.parse.children(at))
    is_parent = word.lower() in {"mom", "mum", "dad", "mommy", "daddy", "mama", "papa", "grandma", "grandpa"}
    return "client" if is_parent and not has_article and utterance.turn.role == "client" else None


def _name_after(utterance: Utterance, at: int) -> str | None:
    """The name in "my sister Ana", "my wife, Karen,", "a friend called Joe"."""
    tokens = utterance.parse.tokens
    following = list(tokens[at + 1 : at + 4])
    while following and (following[0].text == "," or following[0].text.lower() in _CALLED):
        following = following[1:]
    if not following or not _NAME.fullmatch(following[0].text) or following[0].text.lower() in _NO_NAMES:
        return None
    is_name = following[0].tag == "NNP" or following[0].entity == "PERSON"
    return following[0].text if is_name and following[0].text.lower() not in relations() else None


def others(persons: Iterable[Person]) -> tuple[Person, ...]:
    """Those who are neither client nor clinician."""
    return tuple(person for person in persons if person.role == "other")
