"""Put a reading into one sentence of a note: told, told together with its question, or quoted where it must be.

Takes readings; gives sentences, or None where nothing can be said safely. What was asked about danger and answered by
neither a plain yes nor a plain no is quoted whole, so that no half of it is lost.
"""

import re
from collections.abc import Sequence

from trellis.scribe.facts.concepts import Hit
from trellis.scribe.facts.dangers import KEPT_SAFE, say_about
from trellis.scribe.facts.fragments import tell_fragment
from trellis.scribe.facts.interview import tell_standing
from trellis.scribe.facts.lasting import TIME
from trellis.scribe.facts.readings import KEPT_APART, Reading
from trellis.scribe.facts.relay import tell_relayed
from trellis.scribe.facts.review import tell_review, things_named
from trellis.scribe.facts.sift import is_broken
from trellis.scribe.facts.spell_out import drug_before
from trellis.scribe.points import Utterance
from trellis.scribe.saying.asked import PLAIN_NO, is_request
from trellis.scribe.saying.deny import deny
from trellis.scribe.saying.person import voice_of
from trellis.scribe.saying.say import say
from trellis.scribe.saying.things import asks_thought
from trellis.scribe.saying.wording import reword
from trellis.scribe.talk.answers import reply, wants_yes_or_no
from trellis.scribe.talk.people import People
from trellis.scribe.topics import Topic
from trellis.scribe.words.smooth import numbers_in, smooth

LEAST_WORDS = 3
"""Words that are worth a quotation."""
LONGEST_ASKED = 14
"""Words of a question or an answer that may be quoted whole."""
LONGEST_WHOLE = 40
"""Words of an answer about danger that is quoted whole where it is neither a plain yes nor a plain no."""
SHORT = 5
"""Words of a question that leaves out whom it is about: "Vaping, weed, alcohol?"."""
_OF_CLIENT = re.compile(r"\byou\b", re.IGNORECASE)
_OF_SELF = re.compile(r"\b(?:i|i'm|i've|i'd|me|myself)\b", re.IGNORECASE)
LONGEST_THOUGHT = 28
"""Words of a thought that is quoted."""
_JUDGED = re.compile(
    r"^(?P<who>Client(?: \d+)?) (?:reports|feels|believes) (?:being|having been|that they (?:are|were)) (?:just )?"
    r"(?P<what>(?:(?:so|such|like|very|really|kind of|pretty|just) )*(?:an? |the )?(?:\w+ )?"
    r"(?:idiot|freak|stupid|loser|failure|burden|"
    r"fraud|worthless|weird|crazy|ugly|disgusting|pathetic|useless|dumb|weak|mess|monster|"
    r"disappointment|bad (?:mother|mom|"
    r"father|dad|parent|person|wife|husband)))\.$"
)
"""What somebody calls themselves, which a note must not call them."""
_DENIABLE: frozenset[Topic] = frozenset({"risk", "substance", "symptom", "medical", "medication", "sleep", "appetite"})
"""Topics in which a no to a question is a denial and not only a report."""
_LAUGHS = re.compile(r"\b(?:(?:ha)+|lol)\W*$", re.IGNORECASE)
_PLAIN_YES_LEAD = re.compile(r"^\W*(?:yes|yeah|yep|yup|i do|i have|i am|i did|mm-hmm|mhm|uh-huh)\b", re.IGNORECASE)


class Phrases:
    """The wordings of one session; it knows which turns were quoted whole and what else a wording rests on."""

    def __init__(self, utterances: Sequence[Utterance], people: People, hits: Sequence[list[Hit]]) -> None:
        self.utterances = utterances
        self.people = people
        self.hits = hits
        self.quoted_turns: set[int] = set()
        self.told_turns: set[int] = set()
        self.also: Utterance | None = None

    def word(self, reading: Reading, spelled: Utterance, asked: Utterance | None, *, is_first: bool) -> str | None:
        """The sentence for a note; danger that can't be told is quoted."""
        speaker = self.people.named(reading.utterance.turn.speaker)
        role = re.sub(r" \d+$", "", speaker)
        is_closed = asked is not None and wants_yes_or_no(asked) and reading.concept.topic in _DENIABLE
        denied = reading.assertion.denied and reading.is_asked_for and is_closed
        text = self._reviewed(reading, asked, role) or self._standing(reading, spelled, asked, role)
        text = text or self._thought(reading, asked if is_first else None, role)
        text = text or self._with_question(reading, spelled, role)
        text = text or self._relayed(spelled, role)
        text = text or say(spelled, question=reading.question, subject=role, denied=denied)
        utterance = reading.utterance
        if asked is not None and is_first and self._evades(utterance, asked) and len(utterance.turn.text.split()) > 2:
            text = self._whole(utterance, asked, role, danger=True) or text
        is_open = text is None or text.startswith("Asked ")
        if is_open and reading.concept.danger and reading.question is not None and PLAIN_NO.search(spelled.text):
            about = say_about(reading.question)
            return (
                deny(f"{role} denies {about.replace(' and ', ' or ')}.") if about and KEPT_SAFE not in about else None
            )
        is_grave = reading.concept.danger or reading.concept.topic in KEPT_APART
        if is_open and is_grave and reading.question is not None and (reply(utterance) != "no" or text is None):
            text = self._whole(utterance, reading.question, role, danger=reading.concept.danger) or text
        if text is None and reading.question is not None:
            text = _asked_and_answered(reading, role)
        if text is None and reading.concept.danger and len(spelled.parse.tokens) > LEAST_WORDS:
            text = say(reading.utterance, question=reading.question, subject=role, keep_quote=True)
        if text is not None:
            self.told_turns.add(utterance.turn.id)
            if reading.concept.topic == "substance" and not self.hits[utterance.index]:
                text = self._about_thing(text, asked if is_first else None, role)
            text = _JUDGED.sub(r"\g<who> describes themselves as \g<what>.", text)
            text = re.sub(r",? (?:and )?that is (?:it|all|about it)\.$", ".", text)
            text = deny(text)
        if text is not None and is_broken(text):
            kept = reading.concept.topic in KEPT_APART
            text = say(reading.utterance, subject=role, keep_quote=True) if kept else None
        return text if text is None or role == speaker else re.sub(rf"\b{role}\b(?! \d)", speaker, text)

    def _about_thing(self, text: str, asked: Utterance | None, role: str) -> str:
        """The sentence with the one thing asked about before it, where it doesn't name it: "Cocaine?" "In college."."""
        things = things_named(asked) if asked is not None else ()
        if len(things) != 1 or asked is None or len(asked.text.split()) > SHORT or len(things[0].split()) > 2:
            return text
        stems = {word[:4].lower() for word in things[0].split()}
        if stems & {word[:4].lower() for word in text.split()} or not re.match(
            rf"{role} (?:reports|states|denies) ", text
        ):
            return text
        return f"Asked about {things[0]}, {text}"

    def _thought(self, reading: Reading, asked: Utterance | None, role: str) -> str | None:
        """A thought asked for, in the client's own words: they are what is worked with."""
        utterance = reading.utterance
        if asked is None or not asks_thought(asked):
            return None
        rest = re.match(r"[^.?!]*", utterance.turn.text[utterance.end :])
        whole = utterance.text + (
            rest.group() if rest and not utterance.text.rstrip().endswith((".", "?", "!")) else ""
        )
        whole = whole if len(whole.split()) <= LONGEST_THOUGHT else utterance.text
        words = re.sub(r"^that ", "", smooth(whole).text.strip(" .,!;-"), flags=re.IGNORECASE)
        start = whole.find(words)
        if start < 0 or not 3 <= len(words.split()) <= LONGEST_THOUGHT or reply(utterance) is not None:
            return None
        if whole != utterance.text:
            self.quoted_turns.add(utterance.turn.id)
        return f"{role} reports the thought “{words}.”"

    def _reviewed(self, reading: Reading, asked: Utterance | None, role: str) -> str | None:
        """A thing named by a question, denied or affirmed."""
        if asked is None:
            return None
        about = say_about(asked) if reading.concept.danger else ""
        if reading.concept.danger and not about:
            return None
        told = tell_review(reading.utterance, asked, voice_of(role, "they"), about=about)
        return f"{reword(told)}." if told else None

    def _standing(self, reading: Reading, spelled: Utterance, asked: Utterance | None, role: str) -> str | None:
        """A few words in answer to a standing question of an interview."""
        if asked is None or reading.concept.danger:
            return None
        told = tell_standing(spelled, asked, voice_of(role, "they"))
        return f"{reword(told)}." if told else None

    def _relayed(self, spelled: Utterance, role: str) -> str | None:
        """What "they", whom nobody named, said, found or gave."""
        told = tell_relayed(spelled, voice_of(role, "they"))
        return f"{reword(told)}." if told else None

    def _with_question(self, reading: Reading, spelled: Utterance, role: str) -> str | None:
        """A few words told in the place their question leaves for them."""
        question = reading.question
        if question is None:
            return None
        if reading.concept.danger:
            is_all = not spelled.turn.text[spelled.end :].strip(" .,!-")
            if not (is_all and _PLAIN_YES_LEAD.match(spelled.text)):
                return None
        earlier = self.utterances[max(0, question.index - 8) : question.index]
        before = next((each for each in reversed(earlier) if each.asks and each.turn.role == "clinician"), None)
        told = tell_fragment(spelled, question, before, voice_of(role, "they"))
        if told and before is not None and " rates " in told:
            self.also = before
        if told and re.search(r"\bit\b", told) and (drug := drug_before(question, self.utterances, self.hits)):
            told, self.also = re.sub(r"\bit\b", drug[0], told, count=1), drug[1]
        return f"{reword(told)}." if told else None

    def _evades(self, utterance: Utterance, asked: Utterance) -> bool:
        """Whether danger was asked about and somebody or something else came back: "My uncle has one"."""
        is_danger = any(hit.concept.danger for hit in self.hits[asked.index]) and wants_yes_or_no(asked)
        told = (
            is_danger and reply(utterance) is None and not any(hit.concept.danger for hit in self.hits[utterance.index])
        )
        return told and not _OF_SELF.search(utterance.text)

    def _whole(self, utterance: Utterance, question: Utterance, role: str, *, danger: bool) -> str | None:
        """An answer that is no plain yes or no, in all its words: "Not suicide. But some mornings …"."""
        turn = utterance.turn
        start = utterance.index
        while start and turn.id not in self.told_turns and self.utterances[start - 1].turn.id == turn.id:
            start -= 1
        said = [each for each in self.utterances[start:] if each.turn.id == turn.id]
        if not danger and start == utterance.index and turn.id in self.told_turns:
            return None
        while not danger and len(said) > 1 and _LAUGHS.search(said[0].text):
            said = said[1:]  # a joke before the answer
        words = turn.text[said[0].start :].strip().rstrip(".,;!-–— ")
        if not danger and is_request(question):
            return None
        if len(words.split()) > LONGEST_WHOLE or any(each.asks for each in said):
            return None
        is_about = len(question.text.split()) <= SHORT or _OF_CLIENT.search(question.text)
        if not danger and (len(words.split()) > LONGEST_ASKED * 2 or not is_about):
            return None
        if not danger and len(words.split()) < LEAST_WORDS and len(question.text.split()) > LONGEST_ASKED:
            return None
        self.quoted_turns.add(turn.id)
        if not danger:
            asked = smooth(question.text).text.strip(" .,!?-")
            short = len(asked.split()) <= LONGEST_ASKED
            return f"Asked “{asked}?”, {role} answers, “{words}.”" if short else f"{role} states, “{words}.”"
        if asked := say_about(question):
            return f"Asked about {asked}, {role} states, “{words}.”"
        asked = smooth(question.text).text.strip(" .,!?-")
        is_bare = len(words.split()) <= SHORT and 1 < len(asked.split()) <= LONGEST_ASKED
        return f"Asked “{asked}?”, {role} states, “{words}.”" if is_bare else f"{role} states, “{words}.”"


def _asked_and_answered(reading: Reading, role: str) -> str | None:
    """Both in their own words, where a short answer can't be told but must not be lost."""
    question, utterance = reading.question, reading.utterance
    matters = reading.concept.topic in KEPT_APART or numbers_in(utterance.text) or TIME.search(utterance.text)
    if (
        question is None
        or is_request(question)
        or not matters
        or reply(utterance) is not None
        or not utterance.parse.tokens
    ):
        return None
    asked, answered = smooth(question.text).text.strip(" .,!?-"), smooth(utterance.text).text.strip(" .,!?-")
    if len(asked.split()) > LONGEST_ASKED and len(asked.rpartition(",")[2].split()) > 2:
        asked = asked.rpartition(",")[2].strip()
    if not answered or len(asked.split()) > LONGEST_ASKED or len(answered.split()) > LONGEST_ASKED:
        return None
    return f"Asked “{asked}?”, {role} answers, “{answered}”."
