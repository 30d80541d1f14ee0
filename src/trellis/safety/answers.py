"""Reads an answer by its question: "Sometimes." means nothing until one knows what was asked.

Takes a message with the clinician's question before it; gives findings: what was affirmed, denied, said to be over, or
left unanswered. The clinician's words give the meaning, the client's the finding.
"""

from collections.abc import Sequence

from trellis.chart import Assertion, Finding
from trellis.safety.judge import age_of, level_of
from trellis.safety.messages import Message
from trellis.safety.rules import Rulebook, Topic, is_found, places
from trellis.safety.times import when
from trellis.safety.words import Sentence, read

_OPENING_WORDS = 9
_A_MURMUR = 2
_ONE_QUESTION_AND_ITS_ANSWER = 2
_MUST_BE_ANSWERED = ("suicide", "violence", "self_harm")


def read_answer(
    book: Rulebook, message: Message, sentences: Sequence[Sentence], known: Sequence[Finding]
) -> list[Finding]:
    """Findings of an answer; `known` are those its own words gave already."""
    asked, is_question = _asked(book, message)
    if not asked:
        return []
    if not sentences:
        return _unanswered(message, asked) if is_question else []
    yes, no, unclear, past = _sort(book, sentences, asked)
    if unclear and sum(len(one.words) for one in sentences) > _A_MURMUR:  # "How would you?" is answered by any way told
        how = [topic for topic in unclear if topic.asks_how and _asks_how(book, message.context)]
        refused = _says(book, sentences, "refuse") or _says(book, sentences, "unsure")
        yes, unclear = (yes, unclear) if refused or not how else ([*yes, *how], [])
    told = {(finding.concern, finding.detail) for finding in known if finding.assertion != "figurative"}
    concerns = {finding.concern for finding in known if finding.assertion not in ("figurative", "denied")}
    findings = [
        _affirmed(book, message, sentences, topic) for topic in yes if (topic.concern, topic.detail) not in told
    ]
    findings += [_found(message, topic, "past", "monitor") for topic in past if topic.concern not in concerns]
    findings += [_found(message, topic, "denied", "none") for topic in no if topic.concern not in concerns]
    if is_question:
        open_topics = [topic for topic in unclear if topic.concern not in {finding.concern for finding in known}]
        findings += _unanswered(message, open_topics)
    return findings


def _asked(book: Rulebook, message: Message) -> tuple[list[Topic], bool]:
    """The topics of the clinician's last words, in the order they were asked, and whether they were a question."""
    for back, earlier in enumerate(reversed(message.context[-4:])):
        if earlier.role == "clinician":
            found, question = _topics(book, earlier, (*message.context, message))
            if found or back > 1:
                return found, question
        elif len(earlier.text.split()) > 3:
            return [], False
    return [], False


def _is_about_danger(topic: Topic, said: Sequence[Sentence], *, alone: bool) -> bool:
    """Whether what was said around the question gives the topic its meaning (a plan, for what?)."""
    if not topic.needs or any(is_found(topic.needs, one.words) for one in said):
        return True
    return alone and any(is_found(topic.alone, one.words) for one in said)


def _asks_how(book: Rulebook, context: Sequence[Message]) -> bool:
    last = next((one for one in reversed(context) if one.role == "clinician"), None)
    return last is not None and any(
        is_found(book.scope[one.language]["asks_how"], one.words) for one in read(last.text, last.language)
    )


def _topics(book: Rulebook, message: Message, context: Sequence[Message]) -> tuple[list[Topic], bool]:
    places_of: list[tuple[int, int, Topic]] = []
    question = False
    for number, sentence in enumerate(read(message.text, message.language)):
        here: list[tuple[int, int, Topic]] = []
        for topic in book.topics:
            found = places(topic.patterns, sentence.words)
            if found:
                here.append((number, found[0][0], topic))
        places_of += here
        asks = sentence.is_question or is_found(book.scope[sentence.language]["asks"], sentence.words[:4])
        question = question or bool(here and asks)
    said = [one for earlier in context for one in read(earlier.text, earlier.language)] if places_of else []
    ordered: list[Topic] = []
    for _, _, topic in sorted(places_of, key=lambda place: place[:2]):
        if not _is_about_danger(topic, said, alone=len(context) == _ONE_QUESTION_AND_ITS_ANSWER):
            continue
        if topic.id not in [one.id for one in ordered]:
            ordered.append(topic)
    return ordered, question


def _sort(
    book: Rulebook, sentences: Sequence[Sentence], asked: list[Topic]
) -> tuple[list[Topic], list[Topic], list[Topic], list[Topic]]:
    """Which topics were affirmed, denied, left open, and said to be over."""
    chosen = _chosen(book, sentences, asked)
    if chosen is not None:
        return *chosen, [], []
    says = {name: _says(book, sentences, name) for name in ("refuse", "some", "past", "no", "unsure", "yes")}
    if says["refuse"]:
        return [], [], asked, []
    if says["past"]:
        return [], [], [], asked
    if says["some"] or (says["yes"] and not says["no"]):
        return asked, [], [], []
    if says["unsure"]:
        return [], [], asked, []
    if says["no"]:
        return [], asked, [], []
    return [], [], asked, []


def _says(book: Rulebook, sentences: Sequence[Sentence], name: str) -> bool:
    """Whether the beginning of the answer says this; `some` and `past` may come a little later."""
    reach = sentences[:2] if name in ("some", "past", "refuse", "unsure") else sentences[:1]
    return any(
        is_found(book.replies[language][name], sentence.words[:_OPENING_WORDS])
        for sentence in reach
        for language in sentence.languages
    )


def _chosen(
    book: Rulebook, sentences: Sequence[Sentence], asked: list[Topic]
) -> tuple[list[Topic], list[Topic]] | None:
    """Which of several topics the answer names by place ("the second one, yes", "no to the last two")."""
    if len(asked) < 2:
        return None
    words = sentences[0].words
    replies = book.replies[next((one.language for one in asked), sentences[0].language)]
    of_self = [topic for topic in asked if topic.concern != "violence"]
    parts = {
        "the_self": of_self,
        "the_first": asked[:1],
        "the_second": asked[1:2],
        "the_last_two": asked[-2:],
        "the_last": asked[-1:],
    }
    for name, part in parts.items():
        if not is_found(replies[name], words):
            continue
        rest = [topic for topic in asked if topic not in part]
        if name != "the_self" and is_found(replies["no"], words) and not is_found(replies["yes"], words):
            return rest, part
        return part, rest
    return None


def _affirmed(book: Rulebook, message: Message, sentences: Sequence[Sentence], topic: Topic) -> Finding:
    age = when(book, sentences, 0, 0, len(sentences[0].words))
    circumstance = age_of(age)
    level = level_of(book, topic.kind, circumstance)
    return _found(message, topic, "past" if circumstance in ("old", "over") else "present", level)


def _found(message: Message, topic: Topic, assertion: Assertion, level: str) -> Finding:
    return Finding(
        concern=topic.concern,
        assertion=assertion,
        level=level,  # type: ignore[arg-type]  # levels are data, checked by tests
        quote=message.text.strip(),
        detail=topic.detail,
        reason=f"{topic.language}.asked.{topic.id}",
    )


def _unanswered(message: Message, topics: Sequence[Topic]) -> list[Finding]:
    """A question about dying or hurting that got no answer: a human has to know."""
    grave = [topic for topic in topics if topic.concern in _MUST_BE_ANSWERED]
    return [_found(message, topic, "asked", "monitor") for topic in grave[:1]]
