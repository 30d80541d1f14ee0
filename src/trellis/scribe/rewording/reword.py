"""Word a note with a language model: a few neighbouring facts become one sentence, where it says exactly what they say.

Takes the points of one section; gives them back, some joined. Only plain reports of the client are given away: danger,
medication, substances, figures, quotations, the clinician's acts and the plan never are. What comes back has to pass
the check against what was said, and the comparison with the facts it was made of; else, and where nothing comes back,
the facts stand as they were. So a writer that fails costs time, never a fact.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from trellis.chart import Evidence, Writer
from trellis.inference import Prompt, TextGenerator
from trellis.kernel import Unavailable
from trellis.scribe.points import Point
from trellis.scribe.rewording.compare import objection
from trellis.scribe.rewording.guidance import guidance
from trellis.scribe.topics import Topic
from trellis.scribe.writers import Carries, Tell

MOST = 4
"""Facts given at once: with more, small models begin to invent."""

MOST_WORDS = 50
"""Words of all facts given at once."""

GIVEN_UP = 2
"""Answers that fail to come, one after the other, before the model isn't asked again for this note."""

_KINDS: tuple[frozenset[Topic], ...] = (frozenset({"symptom", "trigger"}), frozenset({"work", "function"}))
"""Topics whose facts may stand in one sentence."""


class GenerativeWriter:
    """A language model behind the port of writers. `name` is what the note says wrote it: `local` or `remote`."""

    def __init__(self, generator: TextGenerator, *, name: str) -> None:
        self._generator, self._name = generator, name

    @property
    def signature(self) -> Writer:
        """The name of the writer, with the version of its guidance and its model."""
        return Writer(name=self._name, version=f"{guidance().version}, {self._generator.model}")

    def begin(self, carries: Carries, tell: Tell) -> "Rewording":
        """The writer of one note."""
        return Rewording(self._generator, self.signature, carries, tell)

    def word(self, points: Sequence[Point]) -> Sequence[Point]:
        """The points as they are: without a check nothing is reworded."""
        return points


class Rewording:
    """One note's rewording: what became of each proposal is counted, and told in the signature."""

    def __init__(self, generator: TextGenerator, signature: Writer, carries: Carries, tell: Tell) -> None:
        self._generator, self._signature, self._carries, self._tell = generator, signature, carries, tell
        self._reworded = self._refused = self._unanswered = 0
        self._failed = 0

    @property
    def signature(self) -> Writer:
        """Who wrote, with what and how it went so far."""
        return replace(self._signature, reworded=self._reworded, refused=self._refused, unanswered=self._unanswered)

    def begin(self, carries: Carries, tell: Tell) -> "Rewording":
        """Another note by the same model."""
        return Rewording(self._generator, self._signature, carries, tell)

    def word(self, points: Sequence[Point]) -> Sequence[Point]:
        """The points of one section, some joined; each wording rests on the evidence of all its facts."""
        worded: list[Point] = []
        for group, is_worth in _groups(points, self._carries):
            told = self._reword(group) if is_worth else None
            worded += [told] if told else group
        return worded

    def _reword(self, group: Sequence[Point]) -> Point | None:
        """One point for a group; None where its facts have to stand as they were."""
        answer = self._answer(group)
        if answer is None:
            self._unanswered += 1
            return None
        if [answer] == [point.text for point in group]:
            return None
        told = replace(
            group[0],
            text=answer,
            evidence=_united(group),
            weight=max(point.weight for point in group),
            key="",
        )
        if objection([point.text for point in group], answer) or not self._carries(told):
            self._refused += 1
            return None
        self._reworded += 1
        return told

    def _answer(self, group: Sequence[Point]) -> str | None:
        if self._failed >= GIVEN_UP:
            return None
        done = self._reworded + self._refused + self._unanswered
        self._tell(f"rewording, {done} done", None)
        known = guidance()
        prompt = Prompt(
            instructions=known.instructions,
            examples=known.examples,
            text="\n".join(point.text for point in group),
        )
        try:
            answer = self._generator.generate(prompt)
        except Unavailable:
            self._failed += 1
            return None
        self._failed = 0
        return " ".join(answer.split()) or None


def _groups(points: Sequence[Point], carries: Carries) -> Iterator[tuple[list[Point], bool]]:
    """Neighbours that may be told together, and whether there is anything to tell better; all others alone."""
    group: list[Point] = []
    for point in points:
        may_be_given = _may_be_given(point, carries)
        if group and not (may_be_given and _may_join(group, point)):
            yield group, _is_worth(group)
            group = []
        if may_be_given:
            group.append(point)
        else:
            yield [point], False
    if group:
        yield group, _is_worth(group)


def _may_join(group: Sequence[Point], point: Point) -> bool:
    first = group[-1]
    same_kind = first.topic == point.topic or any({first.topic, point.topic} <= kind for kind in _KINDS)
    words = sum(len(each.text.split()) for each in (*group, point))
    return same_kind and first.subject == point.subject and len(group) < MOST and words <= MOST_WORDS


def _may_be_given(point: Point, carries: Carries) -> bool:
    """Whether a model may see and reword a point: a plain report, certain, of nothing grave."""
    return (
        point.topic in guidance().topics
        and point.subject == "client"
        and not (point.inferred or point.doubts)
        and re.match(r"Client [a-z]", point.text) is not None
        and not re.search(r"[“”\"]", point.text)
        and guidance().never.search(point.text) is None
        and carries(point)
    )


def _is_worth(group: Sequence[Point]) -> bool:
    """Whether there is anything to join: several facts, or one sentence that strings them."""
    return len(group) > 1 or ";" in group[0].text


def _united(group: Sequence[Point]) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(evidence for point in group for evidence in point.evidence))
