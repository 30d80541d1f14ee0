"""Would a careful person stop here? The screen of one message, of many, and of a whole transcript.

Takes messages with their context, or a transcript; gives verdicts whose findings name the rule that decided. The rules
need no model and never fail: text nobody can read gives no finding. Where a reader is given, it takes a second look at
what the rules let pass, and may raise a level.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from trellis.chart import LEVELS, Finding, Transcript, Turn, Verdict
from trellis.inference import Reader
from trellis.safety.answers import read_answer
from trellis.safety.echoes import read_echo
from trellis.safety.judge import Reading, judge, quote
from trellis.safety.messages import Message
from trellis.safety.rules import Match, Rule, Rulebook, Together, is_found, load_rulebook
from trellis.safety.second_look import look_again
from trellis.safety.words import Sentence, read

CONTEXT_TURNS = 6
"""How many turns before one are read with it."""
_GRAVE = ("urgent", "emergency")
LONGEST = 20_000
"""Characters screened of one message at a time; longer text is screened in pieces."""


def screen(message: Message, *, reader: Reader | None = None) -> Verdict:
    """The verdict on a message, read with its context; a clinician's own words give none."""
    return screen_all([message], reader=reader)[0]


def screen_all(messages: Sequence[Message], *, reader: Reader | None = None) -> list[Verdict]:
    """The verdict on each message, in order; a reader sees them all at once, which is faster, and reads each alone."""
    verdicts = [_by_rules(message) for message in messages]
    return verdicts if reader is None else look_again(messages, verdicts, reader)


def _by_rules(message: Message) -> Verdict:
    if message.role == "clinician":
        return Verdict()
    book = load_rulebook()
    pieces = [message.text[at : at + LONGEST] for at in range(0, max(len(message.text), 1), LONGEST)]
    findings = [found for piece in pieces for found in _findings(book, replace(message, text=piece))]
    return Verdict(findings=_merged(findings))


def screen_transcript(transcript: Transcript) -> Verdict:
    """The verdict on a session: every turn that isn't the clinician's, read with the turns before it.

    Each finding names its turn; what is said again in later turns is told once, at its gravest. By rules alone: most of
    what is said in a session is ordinary talk, in which a reader sure enough to leave it in peace hears nothing new.
    """
    told = [Message(text=turn.text, speaker=turn.speaker, language=transcript.language) for turn in transcript.turns]
    messages = [replace(each, context=tuple(told[max(0, at - CONTEXT_TURNS) : at])) for at, each in enumerate(told)]
    verdicts = [_by_rules(message) for message in messages]
    findings: list[Finding] = []
    for at, turn in enumerate(transcript.turns):
        findings += [
            replace(found, turn=turn.id)
            for found in verdicts[at].findings
            if found.level != "none" or found.assertion == "denied"
        ]
        findings += _silence(transcript.turns, told, at)
    return Verdict(findings=_merged(findings))


def _silence(turns: Sequence[Turn], told: Sequence[Message], at: int) -> list[Finding]:
    """A question on danger that the clinician's own next turn, or the end, left without any answer."""
    turn = turns[at]
    if turn.role != "clinician" or any(later.role != "clinician" for later in turns[at + 1 :]):
        return []
    empty = Message(text="", context=tuple(told[max(0, at - CONTEXT_TURNS) : at + 1]))
    return [replace(found, turn=turn.id, quote=turn.text) for found in _by_rules(empty).findings]


def _findings(book: Rulebook, message: Message) -> list[Finding]:
    sentences = read(message.text, message.language)
    readings = _readings(book, message, sentences)
    findings = [reading.finding(message.text, sentences) for reading in readings if reading.rule.kind != "sign"]
    findings += _together(book, message, sentences, readings)
    findings += read_answer(book, message, sentences, findings)
    return findings + _echoed(book, message, sentences, findings)


def _echoed(book: Rulebook, message: Message, sentences: Sequence[Sentence], known: Sequence[Finding]) -> list[Finding]:
    """A danger the clinician repeated and the answer lets stand, in the words of the answer."""
    if any(found.level in _GRAVE for found in known):
        return []
    repeated = read_echo(book, message, sentences)
    if not repeated:
        return []
    said = message.text.strip()
    echo = Message(text=repeated, speaker=message.speaker)
    found = _findings(book, echo)
    return [replace(one, quote=said, reason=f"echo.{one.reason}") for one in found if one.level in _GRAVE]


def _readings(book: Rulebook, message: Message, sentences: Sequence[Sentence]) -> list[Reading]:
    """What every rule makes of every sentence, without what an idiom explains or a graver reading covers."""
    found: list[Reading] = []
    serious = any(is_found(book.scope[one.language]["serious"], one.words) for one in sentences)
    for at, sentence in enumerate(sentences):
        matches = list(book.matches(sentence))
        harmless = [] if serious else [match for match in matches if match[0].kind == "harmless"]
        here: list[Reading] = []
        for match in matches:
            rule, start, end, _ = match
            if rule.kind == "harmless":
                continue
            owned = _is_said_outright(book, sentence, start, end)
            if _is_cancelled(rule, sentence, sentences, message, within=(start, end) if owned else None):
                continue
            reading = judge(book, match, sentences, at=at, role=message.role)
            if any(_covers(other, start, end, whole=not owned) for other in harmless):
                reading = replace(reading, assertion="figurative", level="none")
            here.append(reading)
        found += _uncovered(here)
    return found


def _is_said_outright(book: Rulebook, sentence: Sentence, start: int, end: int) -> bool:
    """Whether the words name dying outright: a film or a holiday beside them changes nothing."""
    return is_found(book.scope[sentence.language]["explicit"], sentence.words[start:end])


def _is_cancelled(
    rule: Rule,
    sentence: Sentence,
    sentences: Sequence[Sentence],
    message: Message,
    *,
    within: tuple[int, int] | None,
) -> bool:
    """Whether what stands beside a match explains it; `within`: only words of the match itself may."""
    beside = sentence.words if within is None else sentence.words[within[0] : within[1]]
    if rule.unless and is_found(rule.unless, beside):
        return True
    if rule.unless_near and any(is_found(rule.unless_near, one.words) for one in sentences):
        return True
    if rule.needs and not any(is_found(rule.needs, one.words) for one in sentences):
        return True
    if not rule.needs_context:
        return False
    before = (one for earlier in message.context for one in read(earlier.text, earlier.language))
    return not any(is_found(rule.needs_context, one.words) for one in (*sentences, *before))


def _covers(match: Match, start: int, end: int, *, whole: bool) -> bool:
    """Whether a harmless sense explains these words: it overlaps them, or speaks for its `whole` sentence."""
    rule, first, last, _ = match
    return (whole and "sentence" in rule.tags) or (first < end and start < last)


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
    meant = [one for one in readings if one.assertion in ("present", "past", "hypothetical")]
    found: list[Finding] = []
    for rule in book.together:
        if rule.reported is not None and rule.reported != (message.role == "other"):
            continue
        parts = _meeting(meant, rule)
        if not parts:
            continue
        last = parts[-1]
        is_old = any(part.rule.kind == "sign" and part.assertion == "past" for part in parts)
        if is_old and rule.old == "none":
            continue
        found.append(
            Finding(
                concern=rule.concern,
                assertion="past" if is_old else "present",
                level=rule.old if is_old else rule.level,
                quote=quote(message.text, sentences[last.at], last.start, last.end),
                detail=rule.detail,
                reason=f"together.{rule.id}",
            )
        )
    return found


def _meeting(readings: Sequence[Reading], rule: Together) -> list[Reading]:
    """The things that meet here, in the order the rule names them; nothing where they don't all meet."""
    first, *rest = ([one for one in readings if one.rule.tags & tags] for tags in rule.all)
    for start in first:
        if any(one.rule.tags & rule.unless and abs(one.at - start.at) <= rule.near for one in readings):
            continue
        parts = [start]
        for some in rest:
            part = next((one for one in some if abs(one.at - start.at) <= rule.near and not _same(one, parts)), None)
            if part is None:
                break
            parts.append(part)
        if len(parts) == len(rule.all):
            return parts
    return []


def _same(reading: Reading, parts: Sequence[Reading]) -> bool:
    """Whether the same rule found some of these very words for a part already: nothing meets itself."""
    return any(
        one.rule.id == reading.rule.id and one.at == reading.at and one.start < reading.end and reading.start < one.end
        for one in parts
    )


def _merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Each danger once, at its gravest, in the order they came up."""
    best: dict[tuple[str, str, str | None], Finding] = {}
    for finding in findings:
        key = (finding.concern, finding.assertion, finding.detail)
        if key not in best or LEVELS.index(finding.level) > LEVELS.index(best[key].level):
            best[key] = finding
    return tuple(best.values())
