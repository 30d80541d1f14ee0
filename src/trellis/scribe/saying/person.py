"""Turn first person into third, word by word: "I've got my pills" becomes "they have their pills".

Takes a parsed sentence and who speaks; gives one word for each of its tokens (empty where a word falls away), with
contractions written out, spoken forms made plain and verbs agreeing. Nothing is reordered and nothing added, so that
what comes out can be held against what went in.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trellis.inference import Sentence, Token
from trellis.scribe.talk.people import relations
from trellis.scribe.words.grammar import singular


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """How a note speaks of somebody. `is_plural` says that verbs agree as with "they"."""

    name: str
    they: str
    them: str
    their: str
    theirs: str
    themselves: str
    is_plural: bool = False


VOICES: Mapping[str, tuple[str, str, str, str, str]] = {
    "they": ("they", "them", "their", "theirs", "themselves"),
    "she": ("she", "her", "her", "hers", "herself"),
    "he": ("he", "him", "his", "his", "himself"),
}
"""Pronouns by their first."""


def voice_of(name: str, pronouns: str) -> Voice:
    """The voice of somebody with these pronouns, of the client's kin with theirs; unknown pronouns are "they"."""
    relation = relations().get(name.removeprefix("Client's ")) if name.startswith("Client's ") else None
    if relation is not None and pronouns == "they":
        pronouns = relation.gender
    they, them, their, theirs, themselves = VOICES.get(pronouns, VOICES["they"])
    return Voice(
        name=name, they=they, them=them, their=their, theirs=theirs, themselves=themselves, is_plural=they == "they"
    )  # fmt: skip


def retell(parse: Sentence, voice: Voice, *, asked: bool = False) -> list[str]:
    """One word for each token. `asked` sentences are the clinician's: there "you" is the client."""
    return _Retelling(parse, voice, asked=asked).words()


_SELF = frozenset({"i", "me", "my", "mine", "myself"})
_US: Mapping[str, str] = {
    "we": "they", "us": "them", "our": "their", "ours": "theirs", "ourselves": "themselves", "ourself": "themselves",
}  # fmt: skip
_ONE: Mapping[str, str] = {"you": "one", "your": "one's", "yours": "one's own", "yourself": "oneself", "ya": "one"}
_SPOKEN: Mapping[str, str] = {
    "gon": "going", "wan": "want", "na": "to", "ta": "to", "kinda": "somewhat", "sorta": "somewhat", "cause": "because",
    "'cause": "because", "cuz": "because", "coz": "because", "'em": "them", "em": "them", "'til": "until",
    "til": "until", "nt": "not", "n't": "not", "'ll": "will", "'re": "are", "'ve": "have", "wo": "will", "sha": "shall",
    "ca": "can", "lotta": "lot of", "gotta": "have to", "gonna": "going to", "wanna": "want to", "alot": "a lot",
    "dunno": "do not know", "coulda": "could have", "shoulda": "should have", "woulda": "would have",
}  # fmt: skip
_HAD_BEFORE = frozenset({"been", "had", "got", "gotten", "become", "gone", "done", "better"})
_BEFORE_CAUSE = _set("to can could will would might may not n't 'll does do did the a root main only and that")
"""Words after which "cause" is no "because"."""
_OF_THINGS = _set(
    "have take flush eat buy use get throw do make smoke keep need put sell count lose find drink wear fill write "
    "finish"
)
"""Verbs whose "them" is things."""
_CALENDAR = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?$|January|February|April|June|July|August|"
                       r"September|October|November|December|Christmas|Easter")  # fmt: skip
_THIRD = _set("she he they her him them his their hers")


class _Retelling:
    def __init__(self, parse: Sentence, voice: Voice, *, asked: bool) -> None:
        self.parse = parse
        self.tokens = parse.tokens
        self.voice = voice
        self.asked = asked
        own = "you" if asked else "i"
        said = [token.text.lower().replace("’", "'") for token in self.tokens]
        self.said = said
        rivals = {voice.they, voice.them, voice.their}
        is_self = any(word in {own, "me", "my"} for word in said)
        self.rival = is_self and any(word in rivals and not self._is_thing(at) for at, word in enumerate(said))

    def words(self) -> list[str]:
        told = [self._word(at) for at in range(len(self.tokens))]
        for at in range(len(told) - 1):
            if told[at + 1] == "not" and told[at] == "can":
                told[at], told[at + 1] = "cannot", ""
            if self.said[at] == "got" and told[at + 1] == "to" and self.said[at + 1] == "ta":
                told[at] = "" if at and self.said[at - 1] in {"'ve", "have", "'s"} else "have"
            elif self.said[at] == "got" and at and self.said[at - 1] in {"'ve", "have", "'s", "has"}:
                told[at] = "" if self.tokens[at].tag in {"VBN", "VBD"} and self._has_object(at) else told[at]
        return told

    def _is_thing(self, at: int) -> bool:
        """Whether a "them" means things and no people: pills that were flushed, thoughts that were had."""
        token = self.tokens[at]
        return self.said[at] == "them" and token.dep == "dobj" and self.tokens[token.head].lemma.lower() in _OF_THINGS

    def _has_object(self, at: int) -> bool:
        return any(self.tokens[i].dep in {"dobj", "xcomp"} for i in self.parse.children(at))

    def _word(self, at: int) -> str:
        token, said = self.tokens[at], self.said[at]
        person = self._person(at)
        if person is not None:
            return person
        if said in {"'s", "s"} and token.tag != "POS":
            return "has" if self._is_perfect(at) else "is"
        if said == "'d":
            return "had" if self._next(at) in _HAD_BEFORE or self._next_tag(at) == "VBN" else "would"
        if said in {"am", "'m", "m"}:
            return "are" if self.voice.is_plural and not self.rival else "is"
        if said == "ai":
            return "are" if self.voice.is_plural else "is"
        if said in {"na", "ta"} and at and self.said[at - 1] in {"gon", "wan", "got"}:
            return "to"
        if said == "wan":
            return singular("want") if self._subject(at) == "self" and not self.voice.is_plural else "want"
        is_cause = said == "cause" and at > 0 and self.said[at - 1] in _BEFORE_CAUSE
        spoken = None if is_cause else _SPOKEN.get(said)
        word = self._agreeing(at, spoken or (said if self._is_small(at) else token.text))
        return word.replace("’", "'")

    def _person(self, at: int) -> str | None:
        said, token = self.said[at], self.tokens[at]
        if self.asked:
            if said in {"you", "ya"}:
                is_caused = at > 0 and self.tokens[at - 1].lemma.lower() in {"make", "let", "help", "keep", "have"}
                is_subject = not is_caused and (
                    (token.dep.startswith("nsubj") and not (at and self.tokens[at - 1].tag == "IN"))
                    or token.dep == "expl"
                    or self._verb_follows(at)
                )
                return self._own("they" if is_subject else "them")
            own = {"your": "their", "yours": "theirs", "yourself": "themselves"}.get(said)
            if own is not None:
                return self._own(own)
            return {"i": "the clinician", "me": "the clinician", "my": "the clinician's", "we": "they"}.get(said)
        if said in _SELF:
            form = {"i": "they", "me": "them", "my": "their", "mine": "theirs", "myself": "themselves"}[said]
            return self._own(form)
        return _US.get(said) or _ONE.get(said)

    def _own(self, form: str) -> str:
        if self.rival and form in {"they", "them"}:
            return "the client" if self.voice.name.startswith("Client") else self.voice.name
        if self.rival and form == "their":
            return "the client's" if self.voice.name.startswith("Client") else f"{self.voice.name}'s"
        return str(getattr(self.voice, form))

    def _is_perfect(self, at: int) -> bool:
        """Whether "'s" stands for "has": "it's gone up", "he's never touched me", not "it's gone"."""
        following = self._next(at)
        if following in {"been", "had", "got", "gotten", "become"}:
            return True
        verb = next((i for i in range(at + 1, min(len(self.tokens), at + 4)) if self.said[i] == following), at)
        after = self.said[verb + 1] if verb + 1 < len(self.said) else ""
        if following == "gone":
            return after in {"up", "down", "back", "on", "through"}
        return self.tokens[verb].tag == "VBN" and any(self.tokens[i].dep == "dobj" for i in self.parse.children(verb))

    def _verb_follows(self, at: int) -> bool:
        return self._next_tag(at) in {"VB", "VBP", "VBD", "VBZ", "MD"}

    def _is_small(self, at: int) -> bool:
        token = self.tokens[at]
        if (token.text.isupper() and len(token.text) > 1) or _CALENDAR.match(token.text) or token.text == "Dr.":
            return False
        is_name = token.tag.startswith("NNP") and (
            token.entity not in {"", "DATE", "CARDINAL"}
            or (token.dep == "nsubj" and token.text.lower() not in relations())
        )
        return at == 0 and not is_name

    def _next(self, at: int) -> str:
        for after in range(at + 1, min(len(self.tokens), at + 4)):
            if self.tokens[after].tag not in {"RB", "RBR"} and self.said[after] not in {"not", "n't"}:
                return self.said[after]
        return ""

    def _next_tag(self, at: int) -> str:
        for after in range(at + 1, min(len(self.tokens), at + 4)):
            if self.tokens[after].tag not in {"RB", "RBR"} and self.said[after] not in {"not", "n't"}:
                return self.tokens[after].tag
        return ""

    def _agreeing(self, at: int, word: str) -> str:
        """The word as it stands with the new subject."""
        token, said = self.tokens[at], self.said[at]
        if token.tag not in {"VBP", "VBD", "VB"} and said not in {"was", "have", "'ve", "do", "are", "'re"}:
            return word
        subject = self._subject(at)
        if subject is None:
            return word
        plural = subject == "self" and self.voice.is_plural and not self.rival
        if said == "was":
            return "were" if plural else "was"
        if plural or token.tag == "VB" or said == "were":
            return "was" if said == "were" and subject in {"one", "self"} and not plural else word
        if token.tag == "VBP" or said in {"have", "'ve", "do", "are", "'re"}:
            return singular(word)
        return word

    def _subject(self, at: int) -> str | None:
        """Whether this finite verb agrees with the speaker (`self`) or a general you (`one`)."""
        before = at - 1
        while before >= 0 and (self.tokens[before].tag.startswith("RB") and self.said[before] not in {"not", "n't"}):
            before -= 1
        if before >= 0 and (kind := self._kind(before)) is not None:
            return kind
        token = self.tokens[at]
        verb = token.head if token.dep in {"aux", "auxpass"} else at
        if self._has_aux_before(verb, at):
            return None
        seen: set[int] = set()
        while verb not in seen:
            seen.add(verb)
            subjects = [i for i in self.parse.children(verb) if self.tokens[i].dep in {"nsubj", "nsubjpass"}]
            if subjects:
                is_row = any(self.tokens[i].dep == "conj" for i in self.parse.children(subjects[0]))
                return None if is_row else self._kind(subjects[0])
            if self.tokens[verb].dep != "conj" or (verb != at and self._has_aux_before(self.tokens[verb].head, at)):
                return None
            verb = self.tokens[verb].head
            if self._has_aux_before(verb, at) and token.tag == "VB":
                return None
        return None

    def _has_aux_before(self, verb: int, at: int) -> bool:
        return any(self.tokens[i].dep in {"aux", "auxpass"} and i < at for i in self.parse.children(verb)) and (
            self.tokens[at].head == verb or at == verb
        )

    def _kind(self, at: int) -> str | None:
        said = self.said[at]
        if self.asked:
            return "self" if said in {"you", "ya"} else None
        return "self" if said == "i" else "one" if said in {"you", "ya"} else None


# Putting words together ----------------------------------------------------------------------------------------------

_TIGHT_LEFT = frozenset({",", ".", ";", ":", "!", "?", "%", ")", "'s", "'", "...", "’s", "-", "/"})
_TIGHT_RIGHT = frozenset({"(", "$", "#", "-", "/"})


def joined(tokens: Sequence[Token], words: Sequence[str], places: Iterable[int]) -> str:
    """The words of these places as running text."""
    text = ""
    before: int | None = None
    for at in places:
        word = words[at]
        if not word:
            continue
        if text and not _is_tight(tokens, words, before, at):
            text += " "
        text += word
        before = at
    text = re.sub(r"\s*,(?:\s*,)+", ",", text)
    text = re.sub(r"\b(and|but|or|that|because), (?=\w)", r"\1 ", text)
    return re.sub(r"^[\s,;.\-]+|[\s,;.!?\-]+$", "", text)


def _is_tight(tokens: Sequence[Token], words: Sequence[str], before: int | None, at: int) -> bool:
    apart = before is not None and before == at - 1 and bool(tokens[before].space)
    if tokens[at].tag == "POS" or words[at] in {",", ".", ";", ":", "!", "?", "%", ")"}:
        return True
    if before is None or apart:
        return False
    return words[at] in _TIGHT_LEFT or words[before] in _TIGHT_RIGHT
