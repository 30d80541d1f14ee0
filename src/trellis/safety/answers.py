"""Reads an answer by its question: "Sometimes." means nothing until one knows what was asked.

Takes a message with the clinician's question before it; gives findings: what was affirmed, denied, said to be over, or
left unanswered. The clinician's words give the meaning, the client's the finding.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from trellis.chart import Assertion, Finding
from trellis.safety.judge import MONTH_DAYS, age_of, level_of
from trellis.safety.ladders import denies, read_pick
from trellis.safety.messages import Message
from trellis.safety.questions import Question, read_question
from trellis.safety.rules import Rulebook, Topic, is_found, places
from trellis.safety.times import when
from trellis.safety.words import Sentence, Word, read

_OPENING_WORDS = 9
_FIRST_WORDS = 4
_SHORT = 6
_A_MURMUR = 2
_MUST_BE_ANSWERED = ("suicide", "violence", "self_harm", "abuse")


@dataclass(slots=True)
class _Reply:
    """What an answer does with each topic; `at` is the sentence that says so."""

    yes: list[Topic] = field(default_factory=list)
    no: list[Topic] = field(default_factory=list)
    unclear: list[Topic] = field(default_factory=list)
    past: list[Topic] = field(default_factory=list)
    other: list[Topic] = field(default_factory=list)
    at: int = 0


def read_answer(
    book: Rulebook, message: Message, sentences: Sequence[Sentence], known: Sequence[Finding]
) -> list[Finding]:
    """Findings of an answer; `known` are those its own words gave already."""
    question = read_question(book, message)
    picked = _picked(book, message, question, sentences)
    if picked is not None:
        return picked
    if not question.topics:
        return []
    if not sentences:
        return _unanswered(message.text.strip(), question.topics) if question.is_question else []
    reply = _reply(book, question, sentences)
    said = _quote(message.text, sentences[reply.at])
    told = {(finding.concern, finding.detail) for finding in known if finding.assertion != "figurative"}
    concerns = {one.concern for one in known if one.assertion not in ("figurative", "denied") and one.level != "none"}
    findings = [
        _affirmed(book, said, sentences, topic, at=reply.at)
        for topic in reply.yes
        if (topic.concern, topic.detail) not in told
    ]
    findings += [
        _over(book, said, sentences, topic, at=reply.at) for topic in reply.past if topic.concern not in concerns
    ]
    findings += [_found(said, topic, "denied", "none") for topic in reply.no if topic.concern not in concerns]
    findings += [
        _found(said, topic, "other_person", "monitor") for topic in reply.other if topic.concern not in concerns
    ]
    if question.is_question:
        open_topics = [topic for topic in reply.unclear if topic.concern not in {finding.concern for finding in known}]
        findings += _unanswered(said, open_topics)
    return findings


def _picked(
    book: Rulebook, message: Message, question: Question, sentences: Sequence[Sentence]
) -> list[Finding] | None:
    """What an answer picked from numbered offers says; nothing where none about danger was offered or picked."""
    if not sentences or not message.context or message.context[-1].role != "clinician":
        return None
    offered = message.context[-1].text
    pick = read_pick(book, offered, sentences)
    if pick is None or not (question.topics or _names(book, offered, "named_plan")):
        return None
    said = message.text.strip()
    thoughts = next(one for one in book.topics if one.id == "thoughts" and one.language == sentences[0].language)
    topic = next((one for one in question.topics if one.kind != "plan"), thoughts)
    if denies(book, pick.offer):
        return [_found(said, topic, "denied", "none")]
    if _names(book, pick.offer, "named_plan") and not _names(book, pick.offer, "offers_no_plan"):
        topic = next(one for one in book.topics if one.id == "plan" and one.language == topic.language)
    return [_found(said, topic, "present", level_of(book, topic.kind, "undated"))]


def _names(book: Rulebook, text: str, name: str) -> bool:
    return any(is_found(book.replies[one.language][name], one.words) for one in read(text))


def _reply(book: Rulebook, question: Question, sentences: Sequence[Sentence]) -> _Reply:
    """What the answer says, topic by topic; one that asks the other way round turns it."""
    reply = _spoken(book, question, sentences)
    if question.is_run_over:
        return _Reply(no=reply.no, unclear=[*reply.yes, *reply.past, *reply.unclear, *reply.other], at=reply.at)
    if not question.is_question and (not reply.no) and not _is_plain_assent(sentences, reply):
        return _Reply(at=reply.at)
    yes = [one for one in reply.yes if not one.is_turned] + [one for one in reply.no if one.is_turned]
    no = [one for one in reply.no if not one.is_turned] + [one for one in reply.yes if one.is_turned]
    past = [one for one in reply.past if not one.is_turned]
    unclear = [one for one in reply.unclear if not one.is_turned]
    if _says(book, sentences[:1], "unsure") or _says(book, sentences[:2], "some"):
        yes += [one for one in reply.unclear if one.is_turned] + [
            one for one in no if one.is_turned and one in reply.yes
        ]
        no = [one for one in no if one not in yes]
    return replace(reply, yes=yes, no=no, past=past, unclear=unclear)


def _is_plain_assent(sentences: Sequence[Sentence], reply: _Reply) -> bool:
    """Whether a remark, not a question, got a yes and nothing else: then that is the answer to it."""
    few = sum(len(one.words) for one in sentences) <= _SHORT
    return few and bool(reply.yes) and not any(one.needs for one in reply.yes)


def _spoken(book: Rulebook, question: Question, sentences: Sequence[Sentence]) -> _Reply:
    """What was affirmed, denied, left open and said to be over, by the answer's own words."""
    asked = list(question.topics)
    chosen = _chosen(book, sentences, asked)
    if chosen is not None:
        return chosen
    if _says(book, sentences[:2], "twice_not"):
        turned = [topic for topic in asked if topic.is_turned]
        return _Reply(yes=[topic for topic in asked if not topic.is_turned], no=turned)
    if _asks_back(book, sentences) or _says(book, sentences[:2], "refuse"):
        return _Reply(unclear=asked)
    opening = [(at, _opens(book, one)) for at, one in enumerate(sentences[:6])]
    yes_at = next((at for at, opens in opening if opens == "yes"), None)
    no_at = next((at for at, opens in opening if opens == "no"), None)
    if question.often and yes_at is None and no_at is None:
        counted = _counted(book, sentences[:2])
        if counted is not None:
            return _Reply(yes=asked) if counted else _Reply(no=asked)
    if no_at is not None and _says(book, sentences, "misheard"):
        return _Reply(no=asked, at=no_at)
    if no_at == 0 and _says(book, sentences[:3], "not_me"):
        return _Reply(other=asked)
    if opening[0][1] == "past" or (no_at == 0 and len(sentences) > 1 and opening[1][1] == "past"):
        goes_on = _goes_on(book, sentences[1:]) and not (no_at is None and _says(book, sentences[:1], "said_no"))
        return _Reply(yes=asked, at=0) if goes_on else _Reply(past=asked)
    if yes_at is not None and (no_at is None or no_at > yes_at or yes_at <= no_at + 2):
        return _Reply(yes=asked, at=yes_at)
    if _says(book, sentences[:1], "unsure"):
        return _Reply(unclear=asked)
    if no_at is not None:
        return _Reply(no=asked, at=no_at)
    if question.when and _tells_when(book, sentences):
        return _Reply(yes=asked)
    if question.how and sum(len(one.words) for one in sentences) > _A_MURMUR:
        how = [topic for topic in asked if topic.asks_how]
        return _Reply(yes=how, unclear=[topic for topic in asked if topic not in how])
    return _Reply(unclear=asked)


def _opens(book: Rulebook, sentence: Sentence) -> str:
    """How a sentence opens: with a yes, a no, or that it is over; nothing of those: ''."""
    for language in sorted(sentence.languages):
        replies = book.replies[language]
        opening = sentence.words[:_OPENING_WORDS]
        if is_found(replies["past"], opening):
            return "past"
        says_no = is_found(replies["no"], opening)
        says_some = is_found(replies["some"], opening) and not sentence.is_question
        if says_some and not is_found(replies["no_some"], opening):
            return "yes"
        if says_no:
            return "yes" if is_found(replies["sure_yes"], sentence.words[2:]) else "no"
        if is_found(replies["sure_yes"], opening) or is_found(replies["yes"], sentence.words[:_FIRST_WORDS]):
            return "yes"
    return ""


def _says(book: Rulebook, sentences: Sequence[Sentence], name: str) -> bool:
    return any(
        is_found(book.replies[language][name], sentence.words)
        for sentence in sentences
        for language in sentence.languages
    )


def _asks_back(book: Rulebook, sentences: Sequence[Sentence]) -> bool:
    """Whether the answer is itself a question, or a condition, with no yes or no in front."""
    first = sentences[0]
    opens = _opens(book, first)
    is_weak = opens == "yes" and not _says(book, [first], "sure_yes")
    return first.is_question and (opens == "" or is_weak)


def _counted(book: Rulebook, sentences: Sequence[Sentence]) -> bool | None:
    """Whether a number of days or points is more than none; nothing where no number is told."""
    if _says(book, sentences[:1], "none"):
        return False
    return True if _says(book, sentences, "number") else None


def _tells_when(book: Rulebook, sentences: Sequence[Sentence]) -> bool:
    age = when(book, sentences, 0, 0, len(sentences[0].words))
    dated = any(
        is_found(book.scope[language]["dated"], one.words) for one in sentences[:2] for language in one.languages
    )
    return dated or age.days is not None or age.is_old or age.is_now


def _goes_on(book: Rulebook, sentences: Sequence[Sentence]) -> bool:
    """Whether something said to be over turns out to go on ("Used to. Now it's the wrist.")."""
    return any(is_found(book.scope[one.language]["goes_on"], one.words) for one in sentences)


def _chosen(book: Rulebook, sentences: Sequence[Sentence], asked: list[Topic]) -> _Reply | None:
    """Which of several topics the answer names by place ("the second one, yes", "no to the last two")."""
    if len(asked) < 2:
        return None
    yes: list[Topic] = []
    no: list[Topic] = []
    for sentence in sentences[:3]:
        replies = book.replies[sentence.language]
        of_self = [topic for topic in asked if topic.concern != "violence"]
        parts = {
            "the_self": of_self,
            "the_last_two": asked[-2:],
            "the_others": [topic for topic in asked if topic not in yes and topic not in no],
            "the_first": asked[:1],
            "the_second": asked[1:2],
            "the_last": asked[-1:],
            "named_plan": [topic for topic in asked if topic.id == "plan"],
            "named_attempt": [topic for topic in asked if topic.id == "attempt"],
            "named_preparation": [topic for topic in asked if topic.id == "preparation"],
        }
        for clause in _clauses(sentence):
            for name, part in parts.items():
                if not part or not is_found(replies[name], clause):
                    continue
                denies = name != "the_self" and is_found(replies["no"], clause)
                denies = denies or (name != "the_self" and is_found(replies["no_after"], clause))
                if name.startswith("named") and not denies:
                    continue
                if name == "the_others" and not yes and denies:
                    yes += asked[:1]
                (no if denies else yes).extend(topic for topic in part if topic not in yes and topic not in no)
                break
    if not yes and not no:
        return None
    rest = [topic for topic in asked if topic not in yes and topic not in no]
    return _Reply(yes=[*yes, *rest], no=no) if not yes else _Reply(yes=yes, no=[*no, *rest])


def _clauses(sentence: Sentence) -> list[list[Word]]:
    """The words clause by clause; a bare "yes" or "no" goes with the clause before it."""
    groups = [list(words) for _, words in groupby(sentence.words, key=lambda word: word.clause)]
    joined: list[list[Word]] = []
    for group in groups:
        if joined and len(group) == 1:
            joined[-1] += group
        else:
            joined.append(group)
    return joined


def _affirmed(book: Rulebook, said: str, sentences: Sequence[Sentence], topic: Topic, *, at: int) -> Finding:
    start, end = _yes_place(book, sentences[at])
    circumstance = age_of(when(book, sentences, at, start, end))
    held_back = topic.kind == "plan" and any(
        is_found(book.scope[one.language]["held_back"], one.words) for one in sentences[:3]
    )
    if held_back and topic.asks_how:  # contract rule 2: a method only thought of is active ideation
        topic = replace(topic, kind="thought", detail="active_ideation")
    level = level_of(book, topic.kind, circumstance)
    return _found(said, topic, "past" if circumstance in ("old", "over") else "present", level)


def _yes_place(book: Rulebook, sentence: Sentence) -> tuple[int, int]:
    """The words that say yes, so that the time told beside them is theirs; else the whole sentence."""
    said = [
        spot
        for language in sorted(sentence.languages)
        for spot in places([*book.replies[language]["sure_yes"], *book.replies[language]["some"]], sentence.words)
    ]
    return min(said, default=(0, len(sentence.words)))


def _over(book: Rulebook, said: str, sentences: Sequence[Sentence], topic: Topic, *, at: int) -> Finding:
    """Something said to be over: thoughts of long ago ask for nothing (contract rule 4), the rest is told."""
    age = when(book, sentences, at, 0, len(sentences[at].words))
    is_long_ago = age.is_old or (age.days is not None and age.days > MONTH_DAYS)
    return _found(said, topic, "past", "none" if topic.kind == "thought" and is_long_ago else "monitor")


def _found(said: str, topic: Topic, assertion: Assertion, level: str) -> Finding:
    return Finding(
        concern=topic.concern,
        assertion=assertion,
        level=level,  # type: ignore[arg-type]  # levels are data, checked by tests
        quote=said,
        detail=topic.detail,
        reason=f"{topic.language}.asked.{topic.id}",
    )


def _quote(text: str, sentence: Sentence) -> str:
    """The sentence that answers, verbatim."""
    return text[sentence.words[0].start : sentence.words[-1].end]


def _unanswered(said: str, topics: Sequence[Topic]) -> list[Finding]:
    """A question about dying or hurting that got no answer: a human has to know."""
    grave = [topic for topic in topics if topic.concern in _MUST_BE_ANSWERED]
    return [_found(said, topic, "asked", "monitor") for topic in grave[:1]]
