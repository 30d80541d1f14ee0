"""Reads what a clinician asked about danger, and how: whether yes means danger, how often, when, in what way.

Takes a message with the turns before it; gives the question that still stands when the client speaks. A question
another question has run over still stands, as one nobody answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from trellis.safety.lexicon import load_lexicon
from trellis.safety.messages import Message
from trellis.safety.rules import Rulebook, Topic, is_found, places
from trellis.safety.words import Sentence, read

_TURNS_BACK = 4
_A_MURMUR_OR_TWO = 3
_A_QUESTION_AND_ITS_ANSWER = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What stands asked, in the order it was asked.

    `is_question`: asked, not only remarked on. `is_run_over`: the clinician went on to ask something else. `how`,
    `often` and `when`: what would be an answer.
    """

    topics: tuple[Topic, ...]
    is_question: bool = False
    is_run_over: bool = False
    how: bool = False
    often: bool = False
    when: bool = False


def read_question(book: Rulebook, message: Message) -> Question:
    """The question about danger this message follows; one without topics where there is none."""
    run_over = False
    for back, earlier in enumerate(reversed(message.context[-_TURNS_BACK:])):
        if earlier.role == "clinician":
            found = _asked(book, earlier, (*message.context, message), is_run_over=run_over)
            if found.topics or back > 1:
                return found
            run_over = run_over or _asks_something_else(book, earlier)
        elif not _is_still_thinking(earlier):
            break
    return Question(topics=())


def _is_still_thinking(message: Message) -> bool:
    """Whether a client's turn leaves the question standing: asked back ("What counts?"), or nothing but a murmur."""
    murmurs = frozenset().union(*load_lexicon().fillers.values())
    sentences = read(message.text, message.language)
    is_short = sum(len(one.words) for one in sentences) <= _A_MURMUR_OR_TWO
    return is_short and all(one.is_question or all(word.text in murmurs for word in one.words) for one in sentences)


def _asks_something_else(book: Rulebook, message: Message) -> bool:
    """Whether these words ask anew, rather than wait or explain ("Take your time.", "Sorry?")."""
    return any(
        one.is_question
        and len(one.words) > _A_MURMUR_OR_TWO
        and not is_found(book.scope[one.language]["asks_again"], one.words)
        for one in read(message.text, message.language)
    )


def _asked(book: Rulebook, message: Message, around: Sequence[Message], *, is_run_over: bool) -> Question:
    sentences = read(message.text, message.language)
    places_of: list[tuple[int, int, Topic, bool]] = []
    for number, sentence in enumerate(sentences):
        here = _topics_in(book, sentence)
        if here:
            asks = sentence.is_question or is_found(book.scope[sentence.language]["asks"], sentence.words[:4])
            places_of += [(number, place, topic, asks) for place, topic in here]
    if not places_of:
        return Question(topics=())
    asking = [place for place in places_of if place[3]]
    said = [one for earlier in around[-_TURNS_BACK:] for one in read(earlier.text, earlier.language)]
    ordered: list[Topic] = []
    for _, _, topic, _ in sorted(asking or places_of, key=lambda place: place[:2]):
        about_danger = _is_about_danger(topic, said, alone=len(around) == _A_QUESTION_AND_ITS_ANSWER)
        if about_danger and topic.id not in [one.id for one in ordered]:
            ordered.append(topic)
    return Question(
        topics=tuple(ordered),
        is_question=bool(asking),
        is_run_over=is_run_over,
        how=_asks(book, sentences, "asks_how"),
        often=_asks(book, sentences, "asks_how_often"),
        when=_asks(book, sentences, "asks_when"),
    )


def _topics_in(book: Rulebook, sentence: Sentence) -> list[tuple[int, Topic]]:
    """Topics with their places; one that asks the other way round ("do you want to live?") takes words for itself."""
    found = [(spot, topic) for topic in book.topics for spot in places(topic.patterns, sentence.words)[:1]]
    turned = [spot for spot, topic in found if topic.is_turned]
    taken = any(topic.is_turned and topic.needs for _, topic in found)
    negated = is_found(book.scope[sentence.language]["negation"], sentence.words)
    attempts = [spot for spot, topic in found if topic.id == "attempt"]
    of_ever = is_found(book.scope[sentence.language]["asks_ever"], sentence.words)
    here: list[tuple[int, Topic]] = []
    for (start, end), topic in found:
        if of_ever and topic.id == "thoughts" and any(a < end and start < b for a, b in attempts):
            continue  # an attempt asked about is one question, not two
        if topic.is_turned and topic.unless_negated and negated:
            continue
        overlaps = any(a < end and start < b for a, b in turned)
        if not topic.is_turned and (taken or (overlaps and not negated)):
            continue
        here.append((start, topic))
    return here


def _is_about_danger(topic: Topic, said: Sequence[Sentence], *, alone: bool) -> bool:
    """Whether what was said around the question gives the topic its meaning (a plan, for what?)."""
    if not topic.needs or any(is_found(topic.needs, one.words) for one in said):
        return True
    return alone and any(is_found(topic.alone, one.words) for one in said)


def _asks(book: Rulebook, sentences: Sequence[Sentence], name: str) -> bool:
    return any(is_found(book.scope[one.language][name], one.words) for one in sentences)
