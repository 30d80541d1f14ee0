"""What the chart knew before the session, held beside what was said in it: homework, progress, adherence.

Takes what a chart knows and the points understanding made; gives the points with those that rest on both, each citing
the entry of the chart and the words of this session. What became of homework that the session itself reviews is told as
it was said; where seeing the two together is a conclusion of ours, the point is inferred, for a clinician to judge.
Nothing is made of what the chart knows and nobody spoke of.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from trellis.chart import Evidence, Fact, Known
from trellis.scribe.checking.claims import expanded, rules
from trellis.scribe.points import Point
from trellis.scribe.topics import Topic
from trellis.scribe.words.numbers import read_numbers

TOLD: frozenset[Topic] = frozenset(
    {
        "symptom", "sleep", "appetite", "medical", "substance", "trigger", "function", "relationship", "work",
        "strength", "homework_review", "change_talk", "insight",
    }
)  # fmt: skip
"""Topics in which a client tells what became of a plan, a goal, homework."""

WEIGHT = 0.75
HAS_FIGURE = 0.5
"""What a figure on both sides counts for, in words they share."""
OF_PLANS = frozenset(
    {
        "homework", "assigned", "agreed", "plan", "plans", "goal", "goals", "week", "weeks", "day", "days", "night",
        "nights", "hour", "hours", "minute", "minutes", "month", "months", "daily", "weekly", "time", "times", "next",
        "last", "before", "between", "start", "try", "continue", "practice", "use", "keep", "make", "able", "one",
        "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "once", "twice", "first", "second",
        "third", "regular", "regularly", "often", "always", "never", "sometimes", "usually", "every", "each", "more",
        "less", "better", "worse", "improve", "reduce", "increase", "decrease", "part", "full", "new", "good", "bad",
        "thing", "things", "help", "want", "wants", "wishes", "will", "would",
    }
)  # fmt: skip
"""Words of plans and their measures, which any two of them share."""


def recall(known: Known, points: Sequence[Point], carries: Callable[[Point], bool]) -> list[Point]:
    """The points, those that the chart bears on with its words as evidence, and new ones that rest on both.

    `carries` says whether what was said carries a point alone: what it doesn't is in doubt beside the chart too.
    """
    if not known.facts:
        return list(points)
    beside = [_with_medication(known.of("medication"), point) for point in points]
    reviewed = dict(_reviews(known.of("homework"), beside, carries))
    told = [reviewed.get(at, point) for at, point in enumerate(beside)]
    return [
        *told,
        *_progress(known.of("goal"), "Goal of the chart", points, carries),
        *_progress(known.of("plan"), "Plan of the last note", points, carries),
        *_scores(known.of("score"), points),
    ]


def _reviews(
    homework: Sequence[Fact], points: Sequence[Point], carries: Callable[[Point], bool]
) -> Iterator[tuple[int, Point]]:
    """What became of each homework: the place of the point that tells it, and the point with both."""
    taken: set[int] = set()
    for fact in homework:
        found = _best(fact, points, taken)
        alone = [at for at, point in enumerate(points) if point.topic == "homework_review" and at not in taken]
        plainly = found is not None and points[found].topic == "homework_review"
        if found is None and len(homework) == 1 and len(alone) == 1:
            found = alone[0]
        if found is None:
            continue
        taken.add(found)
        point = points[found]
        words = _quoted(fact, point.text)
        yield (
            found,
            replace(
                point,
                topic="homework_review",
                text=f"Homework of the last note (“{words}”): {point.text}",
                evidence=(*point.evidence, _cited(fact, words)),
                weight=max(point.weight, WEIGHT),
                key="",
                inferred=point.inferred or not plainly,
                doubts=_doubts(point, carries),
            ),
        )


def _progress(
    facts: Sequence[Fact], name: str, points: Sequence[Point], carries: Callable[[Point], bool]
) -> Iterator[Point]:
    """What this session says of a goal or a plan; that it is progress, or none, is for a clinician to say."""
    for fact in facts:
        found = _best(fact, points, set())
        if found is None:
            continue
        words = _quoted(fact, points[found].text)
        yield Point(
            topic="progress",
            text=f"{name} (“{words}”): {points[found].text}",
            evidence=(*points[found].evidence, _cited(fact, words)),
            weight=WEIGHT,
            inferred=True,
            doubts=_doubts(points[found], carries),
        )


def _scores(facts: Sequence[Fact], points: Sequence[Point]) -> Iterator[Point]:
    """A score of this session beside the last of the chart."""
    for fact in facts:
        for point in points:
            match = _SCORE.match(point.text) if point.topic == "measure" else None
            if match is None or fact.value is None or _name(match["name"]) != _name(fact.name):
                continue
            now = float(match["now"])
            way = "unchanged from" if now == fact.value else "down from" if now < fact.value else "up from"
            yield Point(
                topic="progress",
                text=f"{match['name']} score {now:g}, {way} {fact.value:g} in the chart.",
                evidence=(*point.evidence, _cited(fact)),
                weight=point.weight,
                key=f"progress.{match['name'].lower()}",
                inferred=True,
                doubts=point.doubts,
            )


def _with_medication(facts: Sequence[Fact], point: Point) -> Point:
    """A point about a drug with the entry of the chart beside it; another dose than the chart's is in doubt."""
    if point.topic not in {"medication", "medication_change"} or point.subject != "client":
        return point
    for fact in facts:
        if not re.search(rf"\b{re.escape(fact.name)}\b", point.text, re.IGNORECASE):
            continue
        told, kept = _doses(point.text), _doses(fact.words)
        differs = bool(told and kept) and not told & kept and point.topic == "medication"
        doubts = (*point.doubts, f"The chart has “{fact.words.strip()}”.") if differs else point.doubts
        point = replace(point, evidence=(*point.evidence, _cited(fact)), doubts=doubts)
    return point


def _doubts(point: Point, carries: Callable[[Point], bool]) -> tuple[str, ...]:
    return point.doubts if carries(point) else (*point.doubts, "What was said of it has to be confirmed itself.")


def _best(fact: Fact, points: Sequence[Point], taken: set[int]) -> int | None:
    """The place of the client's own point that shares most with a fact, if that is enough to be about it."""
    wanted, counts = _content(fact.words), bool(read_numbers(fact.words))
    found: tuple[float, float, int] | None = None
    for at, point in enumerate(points):
        if at in taken or point.topic not in TOLD or point.subject != "client" or point.inferred:
            continue
        shared = len(wanted & _content(point.text))
        alone = len(wanted) == 1 or (len(wanted) == 2 and fact.kind == "goal") or point.topic == "homework_review"
        if shared < 1 or (shared == 1 and not alone):
            continue
        fit = shared + (HAS_FIGURE if counts and read_numbers(point.text) else 0.0)
        if found is None or (fit, point.weight) > found[:2]:
            found = (fit, point.weight, at)
    return found[2] if found is not None else None


def _content(text: str) -> frozenset[str]:
    """Words that carry meaning, by their meaning, so that paraphrases meet."""
    known = rules()
    words = re.findall(r"[a-z]{3,}", expanded(text))
    kept = (word for word in words if word not in known.empty and word not in known.reporting and word not in OF_PLANS)
    return (
        frozenset(known.meaning(word) for word in kept) - known.reporting - {known.meaning(word) for word in OF_PLANS}
    )


def _doses(text: str) -> frozenset[float]:
    """The amounts that stand before a unit of weight."""
    return frozenset(
        number.value
        for number in read_numbers(text)
        if re.match(r"\s*(?:mg|mcg|milligram|microgram)", text[number.end :])
    )


def _cited(fact: Fact, words: str = "") -> Evidence:
    return Evidence(source="chart", record=fact.record, quote=words or fact.words.strip())


def _quoted(fact: Fact, told: str) -> str:
    """The words of the chart without heading; where they quote somebody, the stretch that is nearest to a text."""
    words = re.sub(r"^(?:Homework|Plan) (?:assigned|agreed): ", "", fact.words)
    stretches = [stretch.strip(" ,;:") for stretch in re.split(r"[“”]", words)]
    about = _content(told)
    return max(stretches, key=lambda stretch: (len(_content(stretch) & about), len(stretch)))


def _name(instrument: str) -> str:
    return re.sub(r"[\W_]", "", instrument).casefold()


_SCORE = re.compile(r"(?P<name>[A-Z][\w-]*(?: [A-Z][\w-]*)*) score (?P<now>\d+(?:\.\d+)?)\b")
