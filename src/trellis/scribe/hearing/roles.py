"""Who is the clinician, who the client, and who is somebody else: from labels where they say so, else from talk.

Takes turns whose `speaker` is as it came: a label of a transcript (`Therapist`, `Dr. Reyes`, `Mother`, `Speaker 1`)
or the letter of a voice (`A`). Gives the same turns with roles (`clinician`, `client`, `other`, `unknown`; `client:2`
where there are several), how sure that is (0..1; None where labels or the caller said it), and the people who speak.

What is decided from talk is decided from each person's own words (`manner`): who asks, reflects and structures, against
who tells of themselves. Who speaks first or most says nothing. A label that says nothing and belongs to nobody
(`unknown`) stays so: such speech is later read as the client's.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from trellis.chart import Person, Role, Turn
from trellis.kernel import Invalid
from trellis.scribe.hearing.manner import clinical, count_cues, cues
from trellis.scribe.talk.people import relations

UNKNOWN = "unknown"

PEOPLE: tuple[Role, ...] = ("clinician", "client", "other")

FEW_WORDS = 6
"""Words below which a voice among three or more is nobody in particular."""

CAUTION = 0.75
"""What the log-odds are multiplied by: fitted on talk with doctors, they are surer than they may be in therapy."""

_KEPT = re.compile(r"(?:clinician|client|other|unknown)(?::[2-9]\d*)?")
_TITLE = re.compile(r"(?:dr|dra|doctor|doctora)\b\.?\s+\S", re.IGNORECASE)
_KIN_OF = re.compile(r"\b(?:client|patient|pt|cl) s (?P<who>\w+)$")
_INTRODUCED = (
    r"\b(?:i'm|i am|this is|soy)\s+(?:just\s+)?(?:(?:his|her|their|the|\w+'s|su|el|la)\s+)?"
    r"(?P<who>{words})\b(?!\s+of\b)"
)


@dataclass(frozen=True, slots=True)
class _Guess:
    """What is thought of one label: its role where it is settled, its relation to the client, a name."""

    role: str | None = None
    relation: str | None = None
    name: str | None = None


def assign_roles(
    turns: Sequence[Turn], *, clinician: str | None = None
) -> tuple[tuple[Turn, ...], float | None, tuple[Person, ...]]:
    """The turns with roles, the confidence in who is the clinician, and the people who speak.

    `clinician` is the label or letter of the clinician where the caller knows it; `Invalid` with the code
    `scribe.clinician_unknown` names the ones there are where it is none of them.
    """
    said: dict[str, list[str]] = {}
    for turn in turns:
        said.setdefault(turn.speaker, []).append(turn.text)
    guesses = {label: _Guess() if _is_voice(label, said) else _read_label(label) for label in said}
    if clinician is not None:
        chosen = _chosen(clinician, guesses)
        guesses[chosen] = replace(guesses[chosen], role="clinician")
        for label, guess in guesses.items():
            if label != chosen and guess.role == "clinician":
                guesses[label] = replace(guess, role=None)
    confidence = _decide(guesses, said)
    roles = _numbered(guesses, said)
    people = tuple(
        Person(id=role, role=kind, name=guesses[label].name, relation=guesses[label].relation)
        for label, role in roles.items()
        for kind in PEOPLE
        if role.partition(":")[0] == kind
    )
    return tuple(replace(turn, speaker=roles[turn.speaker]) for turn in turns), confidence, people


def _chosen(wanted: str, guesses: Mapping[str, _Guess]) -> str:
    """The label that was meant; upper and lower case are one. A refusal repeats no name: it may be a client's."""
    for label in guesses:
        if label.casefold() == wanted.strip().casefold():
            return label
    raise Invalid(
        "scribe.clinician_unknown",
        "No speaker has the label that --clinician names.",
        hint=f"Speakers are {_listed(guesses)}." if guesses else "Nobody speaks in it.",
    )


def _listed(guesses: Mapping[str, _Guess]) -> str:
    """The labels that are no names, and how many others there are."""
    plain = [label for label, guess in guesses.items() if guess.name is None]
    named = len(guesses) - len(plain)
    return " and ".join([*([", ".join(plain)] if plain else []), *([f"{named} called by name"] if named else [])])


def _is_voice(label: str, labels: Iterable[str]) -> bool:
    """Whether a letter numbers a voice (`A`, `B`, `C`) rather than shortening a role (`T`, `C`)."""
    return len(label) == 1 and "A" in labels


def _read_label(label: str) -> _Guess:
    """What a label says by itself; a plain name or the number of a voice says no role."""
    if _KEPT.fullmatch(label):
        return _Guess(role=label.partition(":")[0])
    words = re.findall(r"[^\W\d_]+", label.lower())
    text = " ".join(words)
    if _TITLE.match(label):
        return _Guess(role="clinician", name=label.strip())
    if kin := _KIN_OF.search(text):
        return _Guess(
            role="other", relation=relations()[kin["who"]].relation if kin["who"] in relations() else kin["who"]
        )
    for role in ("clinician", "client", "other"):
        for known in cues().labels[role]:
            if text == known or (len(known) > 2 and re.search(rf"\b{re.escape(known)}\b", text)):
                return _Guess(role=role, relation=known if role == "other" and known != "other" else None)
    for word in words:
        if word in relations():
            return _Guess(role="other", relation=relations()[word].relation, name=_name_beside(label, word))
    if not words or words[0] in cues().labels["voice"] or len(text) == 1:
        return _Guess()
    return _Guess(name=label.strip())


def _name_beside(label: str, relation: str) -> str | None:
    """The name in `Karen (mother)`; None in `Mother`."""
    names = [word for word in re.findall(r"[^\W\d_]+", label) if word.lower() != relation and word[0].isupper()]
    return " ".join(names) or None


def _decide(guesses: dict[str, _Guess], said: Mapping[str, list[str]]) -> float | None:
    """Settle the role of every label in place; gives the confidence where talk had to decide on the clinician."""
    confidence: float | None = None
    open_ = [label for label, guess in guesses.items() if guess.role is None]
    if len(open_) > 2:
        for label in open_:
            if sum(len(text.split()) for text in said[label]) < FEW_WORDS:
                guesses[label] = replace(guesses[label], role=UNKNOWN)
        open_ = [label for label in open_ if guesses[label].role is None]
    taken = {guess.role for guess in guesses.values()}
    if open_ and "clinician" not in taken:
        if len(open_) == 1 and "client" in taken:
            chosen: str | None = open_[0]
        else:
            chosen, confidence = _likeliest(open_, said)
        if chosen is not None:
            guesses[chosen] = replace(guesses[chosen], role="clinician")
            open_.remove(chosen)
    _settle_others(open_, guesses, said)
    return confidence


def _likeliest(labels: Sequence[str], said: Mapping[str, list[str]]) -> tuple[str | None, float]:
    """Who of these talks most like a clinician, and how sure that is; None where one speaks alone, and as a client."""
    scores = {label: CAUTION * clinical(said[label]) for label in labels}
    best = max(labels, key=lambda label: scores[label])
    if len(labels) == 1:
        sure = 1 / (1 + math.exp(-scores[best]))
        return (best, sure) if sure > 0.5 else (None, 1 - sure)
    return best, 1 / sum(math.exp(score - scores[best]) for score in scores.values())


def _settle_others(labels: Iterable[str], guesses: dict[str, _Guess], said: Mapping[str, list[str]]) -> None:
    """Those who are not the clinician: kin who say so or plainly are, and clients."""
    left = list(labels)
    kin = {label: relation for label in left if (relation := _relation(label, left, said))}
    if len(kin) == len(left) and "client" not in {guess.role for guess in guesses.values()}:
        kin = dict(list(kin.items())[1:]) if len(kin) > 1 else {}
    for label in left:
        role = "other" if label in kin else "client"
        guesses[label] = replace(guesses[label], role=role, relation=kin.get(label))


def _relation(label: str, labels: Sequence[str], said: Mapping[str, list[str]]) -> str | None:
    """The relation to the client of somebody who says it, whom another calls a parent, or who calls another a child."""
    text = "\n".join(said[label]).lower().replace("’", "'")
    if found := _introductions().search(text):
        who = " ".join(found["who"].split())
        return relations()[who].relation if who in relations() else who
    for child in labels:
        if child == label:
            continue
        for relation in ("mother", "father") if len(labels) == 2 else ():
            if _times(said[child], f"calls_{relation}") > _times(said[label], f"calls_{relation}"):
                return relation
        if _times(said[label], "parent_of_client") and _times(said[child], "child_of_parent"):
            return "parent"
    return None


def _times(texts: Iterable[str], kind: str) -> int:
    """How many cues of a kind turns hold."""
    return sum(count_cues(text.lower().replace("’", "'"), kind) for text in texts)


@cache
def _introductions() -> re.Pattern[str]:
    kin = [word for word, relation in relations().items() if relation.kind in {"kin", "partner"}]
    words = sorted([*kin, "interpreter", "translator", "guardian", "caregiver"], key=len, reverse=True)
    return re.compile(_INTRODUCED.format(words="|".join(re.escape(word) for word in words)))


def _numbered(guesses: Mapping[str, _Guess], said: Iterable[str]) -> dict[str, str]:
    """Each label's role, numbered from the second of a kind on, in the order they first speak."""
    roles: dict[str, str] = {}
    for label in said:
        role = guesses[label].role or UNKNOWN
        if _KEPT.fullmatch(label) and role == label.partition(":")[0]:
            roles[label] = label
    for label in said:
        if label in roles:
            continue
        role = guesses[label].role or UNKNOWN
        number, numbered = 1, role
        while role != UNKNOWN and numbered in roles.values():
            number += 1
            numbered = f"{role}:{number}"
        roles[label] = numbered
    return roles
