"""Judge how an answer stands to its question: supposed under an "if", of the things asked about, or contradicted.

Takes utterances and the questions they answer; says yes or no, or which words contradict.
"""

import re
from collections.abc import Sequence

from trellis.scribe.facts.spell_out import named_many
from trellis.scribe.points import Utterance
from trellis.scribe.talk.answers import wants_yes_or_no
from trellis.scribe.words.smooth import numbers_in

SHORT_FIGURE = 5
"""Words of an answer that is an amount and nothing else."""

_IF = re.compile(r"\bif (?:you|he|she|they|that|it|someone)\b.*\b(?:would|could|might|what|how)\b", re.IGNORECASE)
_WOULD = re.compile(r"\b(?:would|could|might|probably)\b|\w'd\b", re.IGNORECASE)
_AMOUNT_ASKED = re.compile(r"\bhow (?:much|many|long|often|far|old)\b", re.IGNORECASE)


def is_supposed(utterance: Utterance, asked: Utterance | None) -> bool:
    """Whether it says what would be done under the "if" of its question."""
    return asked is not None and bool(_IF.search(asked.text) and _WOULD.search(utterance.text))


def is_of_things(utterance: Utterance, asked: Utterance | None) -> bool:
    """Whether its "they" are the things it was asked about."""
    return asked is not None and named_many(asked, utterance) is not None


def is_own_thought(utterance: Utterance) -> bool:
    """Whether the speaker thinks it, of whomever: "I thought they'd be better off"."""
    parse = utterance.parse
    if not parse.tokens:
        return False
    subjects = [i for i in parse.children(parse.root) if parse.tokens[i].dep == "nsubj"]
    return bool(subjects) and parse.tokens[subjects[0]].text.lower() == "i"


def wants_amount(utterance: Utterance, question: Utterance) -> bool:
    """Whether a question asks for an amount, by its words or by being answered with nothing else."""
    is_bare = len(utterance.text.split()) <= SHORT_FIGURE and not wants_yes_or_no(question)
    return is_bare or bool(_AMOUNT_ASKED.search(question.text))


def contradicting(utterance: Utterance, utterances: Sequence[Utterance]) -> Utterance | None:
    """What another person present says at once where it is another figure ("Nine thousand." "No, eleven.")."""
    own, after = numbers_in(utterance.text), utterances[utterance.index + 1 : utterance.index + 4]
    reply_to = next((each for each in after if each.turn.id == utterance.turn.id + 1), None)
    if not own or reply_to is None or reply_to.turn.role == "clinician":
        return None
    other = numbers_in(reply_to.text)
    opens = re.match(r"\W*(?:no\W+|it was |more like )*(\w+)", reply_to.text, re.IGNORECASE)
    is_short = opens is not None and bool(numbers_in(opens.group(1)))
    return reply_to if other and is_short and not set(other) & set(own) else None
