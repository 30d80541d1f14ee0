"""Compare what was heard with what was said: wrong words, words given to the wrong person, and the words that count.

Takes turns as (speaker, text), said and heard. Gives a `Hearing`: counts from which rates are made.

How it counts:
- Both sides are normalised (`normalise`) and aligned by the fewest edits. Word errors are substitutions, insertions and
  deletions over words said.
- A word is given to the wrong person where it was heard (right or as another) but its turn belongs to somebody else,
  under the assignment of voices to people that suits the transcript best: it judges the separation of speakers.
  `wrong_role` counts the same under the names the transcript itself gives: it judges that and who is the clinician.
- Critical words (negations, numbers, drugs, risk words) are right where the very word is there; one heard but never
  said counts as an error too.
- A risk statement, somebody's own, is right where most of its words stand under the speaker who said it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from rapidfuzz.distance import Levenshtein
from scipy.optimize import linear_sum_assignment

from trellis.lab.scores.normalise import is_number, normalise


def _words(listed: str) -> tuple[str, ...]:
    return tuple(listed.split())


NEGATIONS = _words("not no never none nothing nobody neither nor without nowhere")
NEGATIONS_ES = _words("no nunca nada nadie ningún ninguno ninguna tampoco jamás sin ni")
RISK_STEMS = _words(
    "suicid die dead death dying kill hurt harm overdos cutting gun rope blade razor hang pills abus hit unsafe muert "
    "morir mori mata daño lastim cort"
)
NO_RISK = _words("hits hitting hardly diet dies diego hanging matter matters harmony cortisol harmless")
DRUGS = _words(
    "sertraline fluoxetine escitalopram citalopram paroxetine venlafaxine duloxetine bupropion mirtazapine trazodone "
    "lithium lamotrigine valproate quetiapine olanzapine risperidone aripiprazole clozapine haloperidol lorazepam "
    "clonazepam alprazolam diazepam buspirone hydroxyzine hydralazine zolpidem melatonin propranolol prazosin "
    "methylphenidate adderall ritalin naltrexone buprenorphine methadone suboxone acamprosate disulfiram zoloft prozac "
    "lexapro xanax ativan klonopin ambien seroquel lamictal wellbutrin sertralina fluoxetina"
)
KINDS = ("negations", "numbers", "drugs", "risk words")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One turn of the truth; `risk` marks somebody's own statement of danger."""

    speaker: str
    text: str
    risk: bool = False


@dataclass(slots=True, kw_only=True)
class Hearing:
    """Counts of one recording, and what went wrong in words a person can read."""

    words: int = 0
    errors: int = 0
    aligned: int = 0
    wrong_person: int = 0
    wrong_role: int = 0
    clinician_right: bool = False
    critical: dict[str, tuple[int, int]] = field(default_factory=dict)
    risk_statements: tuple[int, int] = (0, 0)
    worst: list[str] = field(default_factory=list)


def compare(said: Sequence[Said], heard: Sequence[tuple[str, str]], language: str = "en") -> Hearing:
    """Compare one recording's turns with its truth."""
    true = [(word, turn.speaker, at) for at, turn in enumerate(said) for word in normalise(turn.text, language)]
    found = [(word, speaker) for speaker, text in heard for word in normalise(text, language)]
    pairs, errors = _align([word for word, *_ in true], [word for word, _ in found])
    hearing = Hearing(words=len(true), errors=errors)
    both = [(i, j) for i, j in pairs if i is not None and j is not None]
    people = _assign([(true[i][1], found[j][1]) for i, j in both])
    hearing.aligned = len(both)
    hearing.wrong_person = sum(people.get(found[j][1]) != true[i][1] for i, j in both)
    hearing.wrong_role = sum(_role(found[j][1]) != _role(true[i][1]) for i, j in both)
    hearing.clinician_right = people.get("clinician") == "clinician"
    hearing.critical = _critical(pairs, [word for word, *_ in true], [word for word, _ in found], language)
    hearing.risk_statements = _risk(said, true, found, both)
    hearing.worst = _worst(pairs, [word for word, *_ in true], [word for word, _ in found])
    return hearing


def _align(said: list[str], heard: list[str]) -> tuple[list[tuple[int | None, int | None]], int]:
    """Pairs of places by the fewest edits, None where one side has no word; and the number of edits."""
    pairs: list[tuple[int | None, int | None]] = []
    errors = 0
    for step in Levenshtein.opcodes(said, heard):
        true, found = step.src_end - step.src_start, step.dest_end - step.dest_start
        both = min(true, found)
        pairs += [(step.src_start + k, step.dest_start + k) for k in range(both)]
        pairs += [(k, None) for k in range(step.src_start + both, step.src_end)]
        pairs += [(None, k) for k in range(step.dest_start + both, step.dest_end)]
        errors += 0 if step.tag == "equal" else max(true, found)
    return pairs, errors


def _assign(words: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Which person each heard speaker is, so that most words are right; one person for one speaker."""
    counts = Counter(words)
    people = sorted({person for person, _ in counts})
    voices = sorted({voice for _, voice in counts})
    table = np.array([[counts[person, voice] for voice in voices] for person in people])
    if not table.size:
        return {}
    rows, columns = linear_sum_assignment(table, maximize=True)
    return {voices[column]: people[row] for row, column in zip(rows, columns, strict=True)}


def _role(speaker: str) -> str:
    """Clinician or not: several clients, relatives and strangers differ only in whom they are."""
    return "clinician" if speaker == "clinician" else "other"


def _kind(word: str, language: str) -> str | None:
    if word in (NEGATIONS if language == "en" else NEGATIONS_ES):
        return "negations"
    if is_number(word):
        return "numbers"
    if word in DRUGS:
        return "drugs"
    if word.startswith(RISK_STEMS) and word not in NO_RISK:
        return "risk words"
    return None


def _critical(
    pairs: Sequence[tuple[int | None, int | None]], said: Sequence[str], heard: Sequence[str], language: str
) -> dict[str, tuple[int, int]]:
    """For each kind of critical word: how many are right, and how many were said or heard."""
    right, of = Counter[str](), Counter[str]()
    for i, j in pairs:
        true = _kind(said[i], language) if i is not None else None
        found = _kind(heard[j], language) if j is not None else None
        if i is not None and j is not None and said[i] == heard[j]:
            if true:
                right[true] += 1
                of[true] += 1
            continue
        for kind in {true, found} - {None}:
            assert kind is not None
            of[kind] += 1
    return {kind: (right[kind], of[kind]) for kind in KINDS}


def _risk(
    said: Sequence[Said],
    true: Sequence[tuple[str, str, int]],
    found: Sequence[tuple[str, str]],
    both: Sequence[tuple[int, int]],
) -> tuple[int, int]:
    """How many risk statements stand under the one who said them, as the transcript names people."""
    wanted = [at for at, turn in enumerate(said) if turn.risk]
    right = 0
    for at in wanted:
        speakers = [found[j][1] for i, j in both if true[i][2] == at]
        mine = sum(_role(speaker) == _role(said[at].speaker) for speaker in speakers)
        right += bool(speakers) and mine > len(speakers) / 2
    return right, len(wanted)


def _worst(pairs: Sequence[tuple[int | None, int | None]], said: Sequence[str], heard: Sequence[str]) -> list[str]:
    """The longest stretches of errors, said -> heard."""
    runs: list[tuple[int, str]] = []
    run: list[tuple[int | None, int | None]] = []
    for i, j in [*pairs, (0, 0)]:
        wrong = i is None or j is None or said[i] != heard[j]
        if wrong and len(run) < 40:
            run.append((i, j))
            continue
        if run:
            one = " ".join(said[i] for i, _ in run if i is not None)
            two = " ".join(heard[j] for _, j in run if j is not None)
            runs.append((len(run), f"{one or '(nothing)'} -> {two or '(nothing)'}"))
            run = []
    return [text for _, text in sorted(runs, key=lambda entry: -entry[0])[:5]]
