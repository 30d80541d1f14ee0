"""Hold a sentence to the words it rests on: what it says that they don't, and what they say that it turned around.

Takes a statement and what was said (who, what, in which order); gives a score, a status and the reasons in plain
words. It knows nothing of how the sentence was written, so that it errs elsewhere than the writer. Numbers, denials,
persons, times, danger, doubt and every word that carries meaning are compared; any doubt is for a clinician to settle.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from trellis.chart import Status
from trellis.scribe.checking.amounts import (
    MEASURES,
    both_ends,
    is_same,
    is_turn_of_phrase,
    plain_numbers,
    shown,
    unit_of,
)
from trellis.scribe.checking.claims import CLIENT, CLINICIAN, Word, claims, expanded, rules
from trellis.scribe.checking.drugs import is_other_drug
from trellis.scribe.checking.kin import is_spoken_of, spoken_of
from trellis.scribe.checking.times import DATES, IMAGINED, misplaced
from trellis.scribe.talk.answers import ASKS_ANY, NO, YES
from trellis.scribe.talk.people import relations
from trellis.scribe.words.numbers import read_numbers
from trellis.scribe.words.smooth import smooth


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One piece of what was said: the speaker's role and the words, in the order of the session."""

    role: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """How well what was said carries a statement: `score` from 0 to 1; `reasons` say what is missing.

    `open` are the kinds of those reasons that only say that words differ, where all are such; it is empty where a
    figure, a denial, a person, a drug, a day or danger doesn't fit: that, no other judgement may overrule.
    """

    score: float
    status: Status
    reasons: tuple[str, ...]
    open: frozenset[str] = frozenset()


class Doubt(NamedTuple):
    """A reason to hold a statement back, its kind, and whether it is a mismatch or only another wording."""

    text: str
    kind: str
    is_firm: bool = True


SHARED = 0.6
"""Share of a statement's words from which on a denial or a person of a shared word tells of the statement itself."""


def support(statement: str, said: Sequence[Said], *, is_worded: bool = False) -> Support:
    """Whether what was said carries the statement.

    `is_worded` says that the statement names an act by its kind ("Clinician provided psychoeducation"), which nobody
    says aloud: then words in between need no ground, figures, names, danger and denials still do.
    """
    if not said:
        return Support(score=0.0, status="unconfirmed", reasons=("Nothing that was said is given for it.",))
    case = _Case(statement, said, is_worded=is_worded or bool(re.match(r"(?:Clinician|Therapist)\b", statement)))
    doubts = tuple(dict.fromkeys(case.doubts()))
    reasons = tuple(dict.fromkeys(doubt.text for doubt in doubts))
    score = case.covered if not reasons else min(0.45, case.covered * 0.5)
    return Support(
        score=round(score, 3),
        status="unconfirmed" if reasons else "supported",
        reasons=reasons,
        open=frozenset() if any(doubt.is_firm for doubt in doubts) else frozenset(doubt.kind for doubt in doubts),
    )


def support_of_text(statement: str, evidence: str) -> Support:
    """The same for evidence as lines of `Clinician: …`, `Client: …` or `Mother: …`; unlabelled text is the client's."""
    return support(statement, tuple(read_lines(evidence)))


_LABEL = re.compile(r"(?P<who>(?:Clinician|Therapist|Client|Patient|[A-Z][\w.' -]{1,24}))\s*:\s*")


def read_lines(evidence: str) -> Iterator[Said]:
    """What was said, of evidence in lines."""
    found = list(re.finditer(r"(?:^|\n|(?<=[.?!…\"]\s))" + _LABEL.pattern, evidence))
    if not found:
        yield Said(role="client", text=evidence)
        return
    for match, following in zip(found, [*found[1:], None], strict=True):
        text = evidence[match.end() : following.start() if following else len(evidence)].strip()
        role = {"clinician": "clinician", "therapist": "clinician", "client": "client", "patient": "client"}
        yield Said(role=role.get(match["who"].lower(), "other"), text=text)


def is_unheard(statement: str, said: Iterable[Said] = ()) -> bool:
    """Whether a statement claims what a microphone can't know; what the speakers themselves said of it is a report."""
    outside = re.sub(r"“[^”]*”", "", statement)
    match = rules().unheard.search(outside)
    if match is None:
        return False
    told = any(match.group().lower() in each.text.lower() for each in said if each.role != "clinician")
    return not (told and re.match(r"\w[\w' ]* (?:reports|states|describes|denies|says|notes)\b", statement))


# What is compared ----------------------------------------------------------------------------------------------------

_HEDGED = re.compile(
    r"\b(?:maybe|might|possibly|perhaps|probably|not sure|i guess|could be|not certain|unsure|i suppose|"
    r"don't know if|"
    r"do not know if|may be|may have)\b",
    re.IGNORECASE,
)
_KEEPS_DOUBT = re.compile(
    r"\b(?:possibly|possible|might|may|perhaps|probably|maybe|unsure|uncertain|supposes|believes|thinks|"
    r"about|wonders|"
    r"approximately|somewhat|could|not sure|does not know|considering|answers|guesses|suspects|likely|doubts|feels|"
    r"not certain|around|estimates)\b|“",
    re.IGNORECASE,
)
_TELLER = re.compile(
    r"(?P<who>(?!Client (?:\d+ )?\w+s\b|Asked|Clinician)[A-Z][\w.']*(?: \w+){0,3}?) (?:reports|states|"
    r"describes|denies|believes|says|feels|wishes|wants|hopes|plans|confirms|rates|notes|supposes|agrees)\b"
)
_NAME = re.compile(r"(?<=[a-z,;] )(?:Dr\.? )?[A-Z][a-zé]{2,}\b")
_NO_NAMES = frozenset({"Client", "Clinician", "Therapist", "English", "Spanish", "Monday", "Patient"})


class _Case:
    def __init__(self, statement: str, said: Sequence[Said], *, is_worded: bool) -> None:
        self.statement = statement
        self.outside = re.sub(r"“[^”]*”", " ", statement)
        self.said = said
        self.is_worded = is_worded
        self.smooth = [Said(role=each.role, text=smooth(each.text).text) for each in said]
        self.ground = " ".join(each.text for each in self.smooth)
        self.reporter = CLINICIAN if re.match(r"(?:Clinician|Therapist)\b", statement) else CLIENT
        self.teller = _TELLER.match(statement)
        body = statement[self.teller.end("who") :] if self.teller else statement
        self.words = claims(body, "other" if self.teller else CLIENT, is_note=True)
        self.evidence, self.asked = _evidence(self.smooth)
        self.by_meaning: dict[str, list[Word]] = {}
        for word in [*self.evidence, *self.asked]:
            self.by_meaning.setdefault(word.meaning, []).append(word)
        there = any(each.role.startswith("other") for each in said)
        self.missing = [
            word for word in self.words if not self._ground(word) and not (there and word.said in relations())
        ]
        total = max(1, len(self.words))
        self.covered = 1.0 - len(self.missing) / total

    def doubts(self) -> Iterator[Doubt]:
        """Everything that speaks against the statement."""
        for text in self._quotes():
            yield Doubt(text, "quotation")
        if is_unheard(self.statement, self.said):
            yield Doubt("It claims what a recording can't know.", "unheard")
        for text in self._speaker():
            yield Doubt(text, "speaker")
        yield from self._numbers()
        yield from self._people()
        yield from self._content()
        is_near = self.covered >= SHARED
        for kind, texts in {
            "denial": self._denials(), "person": self._whose(), "time": self._times(), "doubt": self._doubt(),
        }.items():  # fmt: skip
            for text in texts:
                yield Doubt(text, kind, is_near)

    def _ground(self, word: Word) -> list[Word]:
        found = self.by_meaning.get(word.meaning)
        if found:
            return found
        near = word.meaning[:5] if len(word.meaning) >= 6 else ""
        return [each for meaning, all_of in self.by_meaning.items() if near and meaning[:5] == near for each in all_of]

    def _quotes(self) -> Iterator[str]:
        heard = " ".join(_bare(each.text) for each in (*self.said, *self.smooth))
        for quote in re.findall(r"“([^”]*)”", self.statement):
            if _bare(quote) not in heard:
                yield "Its quotation is not word for word what was said."

    def _speaker(self) -> Iterator[str]:
        roles = {each.role.split(":")[0] for each in self.said}
        if re.match(
            r"Client (?:\d+ )?(?:reports|states|describes|denies|believes|endorses|plans|wants|hopes|feels|agrees)\b",
            self.statement,
        ):
            if not roles & {"client", "unknown"}:
                yield "It is told as the client's words, but somebody else said it."
        elif self.reporter == CLINICIAN and "clinician" not in roles and not self.is_worded:
            yield "It is told as the clinician's, but somebody else said it."

    def _numbers(self) -> Iterator[Doubt]:
        told, heard = read_numbers(plain_numbers(self.outside)), read_numbers(plain_numbers(self.ground))
        whole = read_numbers(plain_numbers(" ".join(each.text for each in self.said)))
        for number in told:
            same = [other for other in (*heard, *whole) if is_same(number, other)]
            if not same and (both_ends(number, heard) or shown(number, self.outside).lower() in self.ground.lower()):
                continue
            if not same:
                yield Doubt(
                    f"The number {shown(number, self.outside)} was not said.",
                    "number",
                    not is_turn_of_phrase(number, self.outside, heard),
                )
                continue
            unit = unit_of(self.outside, number)
            units = {unit_of(self.ground, other) for other in heard if is_same(number, other)}
            elsewhere = {unit_of(self.ground, other) for other in heard if not is_same(number, other)}
            swapped = unit in elsewhere or (unit in MEASURES and units <= MEASURES)
            if unit and units and "" not in units and unit not in units and swapped:
                yield Doubt(f"The number {shown(number, self.outside)} was said of something else.", "number")
        taken_back = [number for number in whole if not any(is_same(number, other) for other in heard)]
        if any(is_same(number, other) for number in told for other in taken_back):
            yield Doubt("A number in it was taken back.", "number")

    def _people(self) -> Iterator[Doubt]:
        heard = self.ground.lower()
        known = relations()
        spoken = spoken_of(self.ground)
        told = self.outside[self.teller.end("who") :] if self.teller else self.outside
        for word in re.findall(r"[a-z-]+", told.lower()):
            relation = known.get(word)
            is_present = any(each.role.startswith("other") for each in self.said)
            if relation is None or relation.kind == "professional" or is_present:
                continue
            carried = is_spoken_of(relation.relation, spoken)
            if carried != "carried":
                yield Doubt(f"Nobody spoke of a {relation.relation}.", "kin", carried == "other")
        for name in _NAME.findall(self.outside):
            if name not in _NO_NAMES and name.lower().split()[-1].removesuffix("s") not in heard:
                yield Doubt(f"The name {name} was not said.", "name")

    def _content(self) -> Iterator[Doubt]:
        known = rules()
        for word in self.missing:
            if is_other_drug(word.said, self.ground):
                yield Doubt(f"“{word.said}” was not said.", "drug")
        grave = [word for word in self.missing if word.meaning in known.risk or word.said in known.risk]
        if grave:
            yield Doubt(f"Nobody spoke of “{grave[0].said}”.", "danger")
        tight = [word for word in self.missing if word.meaning in known.strict or word.said in known.strict]
        if tight:
            yield Doubt(f"“{tight[0].said}” was not said.", "degree", any(word.said in DATES for word in tight))
        for word in self.missing:
            if known.opposite.get(word.meaning, frozenset()) & self.by_meaning.keys():
                yield Doubt(f"“{word.said}” is the opposite of what was said.", "opposite")
        if self.is_worded:
            return
        loose = [word for word in self.missing if word not in grave and word not in tight]
        if loose:
            yield Doubt(
                f"“{'”, “'.join(dict.fromkeys(word.said for word in loose[:3]))}” was not said.", "wording", False
            )
        if not self.words and not re.search(r"“", self.statement) and not read_numbers(self.outside):
            yield Doubt("It says nothing that can be compared.", "wording", False)

    def _denials(self) -> Iterator[str]:
        if self.is_worded or self.statement.startswith("Asked") or re.match(r"\w[\w' ]* rates\b", self.statement):
            return
        for word in self.words:
            if word.said in relations() or word.said in _TIMES:
                continue
            ground = [each for each in self._ground(word) if each in self.evidence]
            if not ground:
                if self._ground(word):
                    yield "It was asked, but not plainly answered."
                continue
            if any(each.denied == word.denied for each in ground):
                continue
            if word.is_hard and not word.denied:
                continue
            yield (
                f"“{word.said}” was said, not denied." if word.denied else f"“{word.said}” was denied or in question."
            )  # fmt: skip
        if re.match(r"\w[\w' ]* denies\b", self.statement) and not any(each.role == "clinician" for each in self.said):
            yield "It is told as a denial, but there is no question it answers."

    def _whose(self) -> Iterator[str]:
        if self.is_worded or (self.teller and any(each.role.startswith("other") for each in self.said)):
            return
        for word in self.words:
            if word.said in relations():
                continue
            owners = {each.of for each in self._ground(word) if each in self.evidence} or {
                each.of for each in self._ground(word)
            }
            if not word.of or not owners or "" in owners or word.of in owners:
                continue
            if word.of == CLIENT and not owners & {CLIENT} and all(not each.startswith("other") for each in owners):
                yield f"“{word.said}” was said of somebody else."
            elif word.of != CLIENT and owners <= {CLIENT}:
                yield f"“{word.said}” was said of the client."
            elif word.of != CLIENT and all(not each.startswith("third") and each != CLIENT for each in owners):
                yield f"“{word.said}” was said of somebody else."

    def _times(self) -> Iterator[str]:
        ground, told = expanded(self.ground), expanded(self.outside)
        if self.statement.startswith("Asked") or self.is_worded:
            return
        yield from misplaced(told, ground)
        for word in self.words:
            carried = [each for each in self._ground(word) if each in self.evidence]
            is_plain = not (word.unreal or word.denied or IMAGINED.search(told))
            if carried and is_plain and all(each.unreal for each in carried):
                yield f"“{word.said}” was wished, planned or imagined, and is told as fact."

    def _doubt(self) -> Iterator[str]:
        heard = " ".join(each.text for each in self.smooth if each.role != "clinician")
        if self.is_worded or not _HEDGED.search(heard) or _KEEPS_DOUBT.search(self.statement):
            return
        parts = re.split(r"(?<=[.?!;])\s+|, (?:but|and|so) ", heard)
        own = {word.meaning for word in self.words}
        for part in parts:
            shared = own & {word.meaning for word in claims(part, CLIENT)}
            if _HEDGED.search(part) and shared and len(shared) >= 0.5 * len(own):
                yield "What was said with doubt is told as certain."
                return
        if len(parts) == 1 or (heard.count(" ") < 6 and not own & {word.meaning for word in claims(heard, CLIENT)}):
            yield "What was said with doubt is told as certain."


def _evidence(said: Sequence[Said]) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """What was claimed, and what was only asked. An answer makes its question a claim, or with a no a denial."""
    claimed: list[Word] = []
    asked: list[Word] = []
    question: tuple[Word, ...] = ()
    stated: tuple[Word, ...] = ()
    is_open = False
    for each in said:
        if each.role == "clinician":
            for part in re.split(r"(?<=[.?!])\s+", each.text):
                words = claims(part, CLINICIAN)
                asked.extend(words)
                if part.rstrip().endswith("?") or not part.rstrip().endswith((".", "!")) or ASKS_ANY.search(part):
                    question, is_open = words, bool(_OPEN.search(part))
                else:
                    claimed.extend(word for word in words if word.of != CLIENT)
                    stated = (*stated, *(word for word in words if word.of == CLIENT))
            continue
        if stated and YES.search(each.text):
            claimed.extend(stated)
        stated = ()
        for part in re.split(r"(?<=[.?!;])\s+", each.text):
            claimed.extend(claims(part, CLIENT if each.role in {"client", "unknown"} else "other"))
        if each.role == "other":
            question = tuple(replace(word, of="other") if word.of == CLIENT else word for word in question)
        if question and NO.search(each.text):
            claimed.extend(replace(word, denied=not word.denied) for word in question)
        elif question and (is_open or YES.search(each.text) or _FRAGMENT.match(each.text)):
            claimed.extend(question)
        question = ()
    return tuple(claimed), tuple(asked)


_TIMES = frozenset(
    {"most", "day", "days", "night", "nights", "morning", "mornings", "week", "weeks", "month", "months", "year",
     "years", "time", "times"}
)  # fmt: skip
"""Words of time, which say when and not what: a "not" before them denies something else."""
_OPEN = re.compile(
    r"\b(?:what|when|where|who|why|how|which|scale|rate)\b|"
    r"^\W*(?:(?:and|so|okay|now|but|or)\W+)*(?:the|your|any|those|these|\w+)(?: [\w'-]+){0,4}\W*$",
    re.IGNORECASE,
)
"""Questions whose matter an answer takes up without a yes: "How much?", "And the dreams?", "Any allergies?"."""
_FRAGMENT = re.compile(
    r"^\W*(?:(?:maybe|probably|like|about|um|uh|well),? )*(?:only|just|sometimes|when|every|once|twice|"
    r"a (?:couple|few|little)|"
    r"some|most|in the|at night|on \w+days?|since|for (?:a|about)|\d+|one|two|three|four|five|six|seven|"
    r"eight|nine|ten)\b",
    re.IGNORECASE,
)


def _bare(text: str) -> str:
    return " ".join(re.findall(r"[\w']+", text.lower().replace("’", "'")))
