"""Read a text into the claims it makes: each word that matters, whether it is denied, and whom it is said of.

Takes any sentence, of a note or of a session; gives its words by meaning (paraphrases share one), without grammar from
a model, so that what checks a writer doesn't err where the writer errs. Never fails.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from trellis.scribe.talk.people import relations
from trellis.scribe.words.grammar import lemma
from trellis.scribe.words.wordings import as_written

CLIENT, CLINICIAN, NOBODY = "client", "clinician", ""


@dataclass(frozen=True, slots=True)
class Word:
    """A word that needs ground: its meaning, whether it is denied, and whom it is said of (empty where unclear).

    `is_hard` says that it is called difficult, `unreal` that it is wished, planned or imagined.
    """

    meaning: str
    said: str
    denied: bool
    of: str
    is_hard: bool = False
    unreal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """`data/check.toml`, ready to be looked up by meaning."""

    same: Mapping[str, str]
    phrases: re.Pattern[str]
    opposite: Mapping[str, frozenset[str]]
    reporting: frozenset[str]
    empty: frozenset[str]
    strict: frozenset[str]
    risk: frozenset[str]
    unheard: re.Pattern[str]

    def meaning(self, word: str) -> str:
        """What a word has in common with its paraphrases."""
        stem = lemma(word)
        return self.same.get(word) or self.same.get(stem) or stem


@cache
def rules() -> Rules:
    """The rules, read once."""
    with (files("trellis.scribe") / "data" / "check.toml").open("rb") as file:
        data = tomllib.load(file)
    same: dict[str, str] = {}
    phrases: dict[str, str] = {}
    for group in data["same"]:
        for told in dict.fromkeys(form for entry in group for form in _both(expanded(entry))):
            if " " in told or "-" in told:
                phrases.setdefault(told, group[0])
            else:
                same.setdefault(told, group[0])
                same.setdefault(lemma(told), group[0])
    same |= {phrase: name for phrase, name in phrases.items() if phrase not in same}

    def meanings(words: Sequence[str]) -> frozenset[str]:
        return frozenset({*words, *(same.get(word) or same.get(lemma(word)) or lemma(word) for word in words)})

    opposite: dict[str, set[str]] = {}
    for one, other in data["opposite"]:
        first, second = (same.get(word) or lemma(word) for word in (one, other))
        opposite.setdefault(first, set()).add(second)
        opposite.setdefault(second, set()).add(first)
    longest_first = sorted(phrases, key=len, reverse=True)
    return Rules(
        same=same,
        phrases=re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b"),
        opposite={word: frozenset(others) for word, others in opposite.items()},
        reporting=frozenset({*data["reporting"], *(lemma(word) for word in data["reporting"])}),
        empty=frozenset(data["empty"]),
        strict=meanings(data["strict"]),
        risk=meanings(data["risk"]),
        unheard=re.compile("|".join(rf"\b{re.escape(each)}" for each in data["unheard"]), re.IGNORECASE),
    )


def _both(said: str) -> tuple[str, str]:
    """A wording as it is said and as the table of wordings writes it."""
    return said, as_written(said, closer=True).lower()


_WRITTEN_OUT = (
    (r"\bnot that (i|he|she|we|they) (?:don't|do not)\b", r"\1"),
    (r"\bcan't\b|\bcant\b|\bcannot\b", "can not"), (r"\bwon't\b|\bwont\b", "will not"), (r"\bain't\b", "is not"),
    (r"\b(do|does|did|is|are|was|were|have|has|had|would|could|should)n't\b", r"\1 not"),
    (r"\b(do|does|did|is|was|have|has|would|could)nt\b", r"\1 not"),
    (r"\b(i|you|we|they)'ve\b", r"\1 have"), (r"'re\b", " are"), (r"\bi'm\b|\bim\b", "i am"), (r"'ll\b", " will"),
    (r"'d (?=been\b|had\b|\w+ed\b|gone\b|done\b|found\b|got\b|better\b)", " had "),
    (r"'d\b", " would"), (r"\b(he|she|it|that|there|what|who|how|here)'s\b", r"\1 is"), (r"'s\b", ""),
    (r"\bgonna\b", "going to"), (r"\bwanna\b", "want to"), (r"\bgotta\b", "got to"), (r"\bkinda\b", "kind of"),
     (r"\bdunno\b", "do not know"), (r"\blet's\b", "let us"),
)  # fmt: skip


@cache
def expanded(text: str) -> str:
    """The text in small letters with its contractions written out."""
    told = text.lower().replace("’", "'")
    for pattern, instead in _WRITTEN_OUT:
        told = re.sub(pattern, instead, told)
    return told


# Words of a claim ----------------------------------------------------------------------------------------------------


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_NUMBERS = _set("one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
                "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
                "hundred thousand couple "
                "dozen half")  # fmt: skip
_UNREAL = _set(
    "will would might want wants wanted wish wishes hope hopes plan plans if should imagine "
    "hypothetically considering contemplating wanting hoping planning intends intend prefers shall whether"
)
_AUXILIARY = _set("do does did is are was were am have has had can could would will should may might must be been")
_PLACES = _set("work bed school church sleep a the my their his her therapy town")
_TOKEN = re.compile(r"\w+(?:[-_]\w+)*|[.,;:!?()]")
_NOT = _set("not no never none nothing nobody without denies deny denied denying neither nor unable "
    "hardly barely nowhere "
            "refuses refused refusing declines declined lacks lack cannot nobody free")  # fmt: skip
_STOPS = _set(". ; : ! ? but because although though however whereas while when if since unless due so as which who")
_TELLS = _set(
    "reports states describes endorses believes feels notes answers confirms plans wants hopes wishes supposes denies"
)
_HARD = _set("difficulty trouble struggle struggles struggling hard difficult problems difficulties tough")
_SUBJECTS = _set("he she they we it you there this that one")
_SELF = _set("i me my myself mine")
_BEFORE_SUBJECT = _set(
    ". , ; : ! ? that when because if and but while so since as although though whether says said think thinks "
    "believes reports states feels or than unless after before until how what why where asked"
)
_DETERMINERS = _set("my his her their our your the a an this that older younger little big old ex new")


def claims(text: str, speaker: str, *, is_note: bool = False) -> tuple[Word, ...]:
    """The words of a text that need ground. `speaker` is who "I" is; `is_note` reads "they" as the client."""
    told = expanded(re.sub(r"“[^”]*”", " ", text) if is_note else text)
    known = rules()
    told = _both(told)[1]
    told = known.phrases.sub(lambda match: _as_token(match.group(), known), told)
    tokens = _TOKEN.findall(told)
    reader = _Reader(tokens, speaker, is_note=is_note)
    return tuple(reader.words())


def _as_token(phrase: str, known: Rules) -> str:
    """A phrase as one token; with a mark where it starts as a denial that its meaning already holds."""
    return f"{known.same[phrase]}__"


class _Reader:
    def __init__(self, tokens: list[str], speaker: str, *, is_note: bool) -> None:
        self.tokens = tokens
        self.is_note = is_note
        self.speaker = speaker
        self.names_client = is_note and ("the", "client") in set(pairwise(tokens))
        self.has_they = bool({"they", "them", "their", "themselves"} & set(tokens))
        self.of = NOBODY if speaker == CLINICIAN else speaker
        self.denials = 0
        self.by_denies = False
        self.reach = 0
        self.unreal = 0
        self.hard = False

    def words(self) -> list[Word]:
        """The words that need ground, in order."""
        known = rules()
        found: list[Word] = []
        for at, spoken in enumerate(self.tokens):
            self._follow(at, spoken)
            if not spoken[0].isalpha() or spoken in _NOT or spoken in known.empty or spoken in _NUMBERS:
                continue
            word = spoken.removesuffix("__")
            meaning = word if spoken.endswith("__") else known.meaning(word)
            if not (self.is_note and (word in known.reporting or meaning in known.reporting)):
                found.append(
                    Word(
                        meaning=meaning, said=word, denied=self.denials % 2 == 1, of=self.of, is_hard=self.hard,
                        unreal=self.unreal > 0,
                    )
                )  # fmt: skip
                self.reach -= 1
                self.unreal -= 1
            self.hard = self.hard or word in _HARD
            if self.reach <= 0:
                self.denials = 0
        return found

    def _follow(self, at: int, word: str) -> None:
        """Follow where denials and wishes begin and end, and who is spoken of."""
        before, after = self._at(at - 1), self._at(at + 1)
        if word in _STOPS or (word in {",", "and"} and self._begins_clause(at + 1)):
            self.denials, self.hard, self.unreal = 0, False, 0
            if self.is_note and word == "and" and after.endswith("ing"):
                self.of = self.speaker
        self._follow_denial(word, before, after)
        if (
            word.removesuffix("__") in _UNREAL
            or (word == "going" and after == "to" and self._at(at + 2) not in _PLACES)
            or (word in {"thinking", "thought"} and after in {"about", "of"})
        ):
            self.unreal = 4
        self._follow_person(at, word, before)

    def _follow_denial(self, word: str, before: str, after: str) -> None:
        if word not in _NOT or (word == "not" and after == "only") or (word == "no" and after in {",", ".", "for"}):
            return
        if word == "free" and after != "of":
            return
        if word == "not" and before in _AUXILIARY:
            self.denials, self.by_denies = 1, False
        elif (
            self.denials and word in {"no", "nothing", "none", "nobody", "nor", "neither", "never"} and not self.is_note
        ):
            pass
        else:
            self.denials += 1
            self.by_denies = word.startswith(("den", "ref"))
        self.reach = 7

    def _follow_person(self, at: int, word: str, before: str) -> None:
        plain = word.removesuffix("__")
        if word == "i":
            self.of = NOBODY if before == "and" and self._at(at - 2).removesuffix("__") in relations() else self.speaker
        elif word == "me":
            self.of = NOBODY
        elif word == "client":
            self.of = CLIENT
        elif word in _SUBJECTS:
            self.of = self._of_pronoun(word)
        elif plain in relations() and self._is_subject(at):
            is_row = self._at(at - 2) == "and" or self._at(at + 1) == "and"
            self.of = NOBODY if is_row else relations()[plain].relation

    def _at(self, at: int) -> str:
        return self.tokens[at] if 0 <= at < len(self.tokens) else "."

    def _begins_clause(self, at: int) -> bool:
        word = self._at(at)
        if self.is_note and word.endswith("ing") and not self.by_denies:
            return True
        return word in _SUBJECTS | _AUXILIARY | _TELLS or word in {"i", "my", "client", "their"}

    def _of_pronoun(self, word: str) -> str:
        if self.is_note and word == "they" and not self.names_client:
            return CLIENT if self.speaker == CLIENT else NOBODY
        if word == "you" and self.speaker == CLINICIAN:
            return CLIENT
        if word in {"that", "this", "one"}:
            return self.of
        if word in {"it", "there", "you", "we"}:
            return NOBODY
        return f"third:{word}" if self.has_they or not self.is_note else NOBODY

    def _is_subject(self, at: int) -> bool:
        before = at - 1
        while before >= 0 and (
            self.tokens[before] in _DETERMINERS or (self.is_note and self.tokens[before] == "client")
        ):
            before -= 1
        return before < 0 or self.tokens[before] in _BEFORE_SUBJECT
