"""Would a careful person stop here? The deterministic screen of one message, and of a whole transcript.

Takes a message with its context, or a transcript; gives a verdict whose findings name the rule that decided. Needs no
model and never fails: text nobody can read gives no finding.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from trellis.chart import LEVELS, Finding, Transcript, Turn, Verdict
from trellis.safety.answers import read_answer
from trellis.safety.judge import Reading, judge, quote
from trellis.safety.messages import Message
from trellis.safety.rules import Rule, Rulebook, Together, is_found, load_rulebook
from trellis.safety.words import Sentence, read

CONTEXT_TURNS = 6
"""How many turns before one are read with it."""
LONGEST = 20_000
"""Characters screened of one message at a time; longer text is screened in pieces."""


def screen(message: Message) -> Verdict:
    """The verdict on a message, read with its context; a clinician's own words give none."""
    if message.role == "clinician":
        return Verdict()
    book = load_rulebook()
    pieces = [message.text[at : at + LONGEST] for at in range(0, max(len(message.text), 1), LONGEST)]
    findings = [found for piece in pieces for found in _findings(book, replace(message, text=piece))]
    return Verdict(findings=_merged(findings))


def screen_transcript(transcript: Transcript) -> Verdict:
    """The verdict on a session: every turn that isn't the clinician's, read with the turns before it.

    Each finding names its turn; what is said again in later turns is told once, at its gravest.
    """
    told = [Message(text=turn.text, speaker=turn.speaker, language=transcript.language) for turn in transcript.turns]
    findings: list[Finding] = []
    for at, turn in enumerate(transcript.turns):
        message = replace(told[at], context=tuple(told[max(0, at - CONTEXT_TURNS) : at]))
        findings += [
            replace(found, turn=turn.id)
            for found in screen(message).findings
            if found.level != "none" or found.assertion == "denied"
        ]
        findings += _silence(transcript.turns, told, at)
    return Verdict(findings=_merged(findings))


def _silence(turns: Sequence[Turn], told: Sequence[Message], at: int) -> list[Finding]:
    """A question on danger that the clinician's own next turn, or the end, left without any answer."""
    turn = turns[at]
    if turn.role != "clinician" or (at + 1 < len(turns) and turns[at + 1].role != "clinician"):
        return []
    empty = Message(text="", context=tuple(told[max(0, at - CONTEXT_TURNS) : at + 1]))
    if at + 1 < len(turns):
        return []
    return [replace(found, turn=turn.id, quote=turn.text) for found in screen(empty).findings]


def _findings(book: Rulebook, message: Message) -> list[Finding]:
    sentences = read(message.text, message.language)
    readings = _readings(book, message, sentences)
    findings = [reading.finding(message.text, sentences) for reading in readings if reading.rule.kind != "sign"]
    findings += _together(book, message, sentences, readings)
    return findings + read_answer(book, message, sentences, findings)


def _readings(book: Rulebook, message: Message, sentences: Sequence[Sentence]) -> list[Reading]:
    """What every rule makes of every sentence, without what an idiom explains or a graver reading covers."""
    found: list[Reading] = []
    serious = any(is_found(book.scope[one.language]["serious"], one.words) for one in sentences)
    for at, sentence in enumerate(sentences):
        matches = list(book.matches(sentence))
        harmless = [] if serious else [match for match in matches if match[0].kind == "harmless"]
        here: list[Reading] = []
        for rule, start, end in matches:
            if rule.kind == "harmless" or _is_cancelled(rule, sentence, sentences, message):
                continue
            reading = judge(book, (rule, start, end), sentences, at=at, role=message.role)
            if any(_covers(match, start, end) for match in harmless):
                reading = replace(reading, assertion="figurative", level="none")
            here.append(reading)
        found += _uncovered(here)
    return found


def _is_cancelled(rule: Rule, sentence: Sentence, sentences: Sequence[Sentence], message: Message) -> bool:
    if rule.unless and is_found(rule.unless, sentence.words):
        return True
    if rule.unless_near and any(is_found(rule.unless_near, one.words) for one in sentences):
        return True
    if rule.needs and not any(is_found(rule.needs, one.words) for one in sentences):
        return True
    if not rule.needs_context:
        return False
    before = (one for earlier in message.context for one in read(earlier.text, earlier.language))
    return not any(is_found(rule.needs_context, one.words) for one in (*sentences, *before))


def _covers(match: tuple[Rule, int, int], start: int, end: int) -> bool:
    """Whether a harmless sense explains these words: it overlaps them, or speaks for its whole sentence."""
    rule, first, last = match
    return "sentence" in rule.tags or (first < end and start < last)


def _uncovered(readings: list[Reading]) -> list[Reading]:
    """Without readings of the same words for the same concern that a graver one covers."""
    order = sorted(readings, key=lambda one: (-LEVELS.index(one.level), one.start - one.end))
    kept: list[Reading] = []
    for reading in order:
        if reading.rule.kind == "sign" or not any(
            other.rule.kind != "sign"
            and other.concern == reading.concern
            and other.start < reading.end
            and reading.start < other.end
            for other in kept
        ):
            kept.append(reading)
    return sorted(kept, key=lambda one: one.start)


def _together(
    book: Rulebook, message: Message, sentences: Sequence[Sentence], readings: Sequence[Reading]
) -> list[Finding]:
    """Findings of things that are graver together than apart."""
    meant = [
        one for one in readings if one.assertion in ("present", "past", "hypothetical") and one.rule.kind != "none"
    ]
    found: list[Finding] = []
    for rule in book.together:
        last = _meeting(meant, rule)
        if last is None:
            continue
        found.append(
            Finding(
                concern=rule.concern,
                assertion="present",
                level=rule.level,
                quote=quote(message.text, sentences[last.at], last.start, last.end),
                detail=rule.detail,
                reason=f"together.{rule.id}",
            )
        )
    return found


def _meeting(readings: Sequence[Reading], rule: Together) -> Reading | None:
    """The last of the things that meet here, where all of them do."""
    first, *rest = ([one for one in readings if one.rule.tags & tags] for tags in rule.all)
    for start in first:
        parts = [next((one for one in some if abs(one.at - start.at) <= rule.near), None) for some in rest]
        found = [part for part in parts if part is not None]
        if len(found) == len(rest):
            return found[-1]
    return None


def _merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each danger once, at its gravest, in the order they came up."""
    best: dict[tuple[str, str, str | None], Finding] = {}
    for finding in findings:
        key = (finding.concern, finding.assertion, finding.detail)
        if key not in best or LEVELS.index(finding.level) > LEVELS.index(best[key].level):
            best[key] = finding
    return tuple(best.values())
