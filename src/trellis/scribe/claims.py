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

from trellis.scribe.grammar import lemma
from trellis.scribe.people import relations

CLIENT, CLINICIAN, NOBODY = "client", "clinician", ""


@dataclass(frozen=True, slots=True)
class Word:
    """A word that needs ground: its meaning, whether it is denied, and whom it is said of (empty where unclear)."""

    meaning: str
    said: str
    denied: bool
    of: str
    is_hard: bool = False


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
        for entry in group:
            told = expanded(entry)
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
    return Rules(
        same=same,
        phrases=re.compile(rf"\b(?:{'|'.join(re.escape(each) for each in sorted(phrases, key=len, reverse=True))})\b"),
        opposite={word: frozenset(others) for word, others in opposite.items()},
        reporting=frozenset({*data["reporting"], *(lemma(word) for word in data["reporting"])}),
        empty=frozenset(data["empty"]),
        strict=meanings(data["strict"]),
        risk=meanings(data["risk"]),
        unheard=re.compile("|".join(rf"\b{re.escape(each)}" for each in data["unheard"]), re.IGNORECASE),
    )


_WRITTEN_OUT = (
    (r"\bcan't\b|\bcant\b|\bcannot\b", "can not"), (r"\bwon't\b|\bwont\b", "will not"), (r"\bain't\b", "is not"),
    (r"\b(do|does|did|is|are|was|were|have|has|had|would|could|should)n't\b", r"\1 not"),
    (r"\b(do|does|did|is|was|have|has|would|could)nt\b", r"\1 not"),
    (r"\b(i|you|we|they)'ve\b", r"\1 have"), (r"'re\b", " are"), (r"\bi'm\b|\bim\b", "i am"), (r"'ll\b", " will"),
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


_TOKEN = re.compile(r"\w+(?:[-_]\w+)*|[.,;:!?()]")
_NOT = _set("not no never none nothing nobody without denies deny denied denying neither nor unable hardly barely nowhere "
            "refuses refused refusing declines declined lacks lack cannot nobody free")  # fmt: skip
_STOPS = _set(
    ". ; : ! ? but because although though however whereas while when if since unless due after before until so as which who"
)
_TELLS = _set(
    "reports reported states stated describes described endorses believes feels notes says answers confirms that and , plans wants hopes wishes"
)
_HARD = _set("difficulty trouble struggle struggles struggling hard difficult problems difficulties tough")
_SUBJECTS = _set("he she they we it you there this that one")
_SELF = _set("i me my myself mine")
_BEFORE_SUBJECT = _set(". , ; : ! ? that when because if and but while so since as although though whether says said think thinks "
                       "believes reports states feels or than unless after before until how what why where asked")  # fmt: skip
_DETERMINERS = _set("my his her their our your the a an this that older younger little big old ex new")


def claims(text: str, speaker: str, *, is_note: bool = False) -> tuple[Word, ...]:
    """The words of a text that need ground. `speaker` is who "I" is; `is_note` reads "they" as the client."""
    told = expanded(re.sub(r"“[^”]*”", " ", text) if is_note else text)
    known = rules()
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
        self.speaker = CLIENT if is_note and speaker == CLIENT else speaker
        self.of = NOBODY if speaker == CLINICIAN else speaker
        self.denials = 0
        self.reach = 0
        self.hard = False

    def words(self) -> list[Word]:
        known = rules()
        found: list[Word] = []
        for at, token in enumerate(self.tokens):
            self._turn(at, token)
            if not token[0].isalnum() or token in _NOT or token in known.empty or token.isdigit():
                continue
            word = token.removesuffix("__")
            meaning = word if token.endswith("__") else known.meaning(word)
            if meaning in known.empty or (self.is_note and (word in known.reporting or meaning in known.reporting)):
                if word in _HARD:
                    self.hard = True
                continue
            found.append(
                Word(meaning=meaning, said=word, denied=self.denials % 2 == 1, of=self.of, is_hard=self.hard)
            )  # fmt: skip
            if word in _HARD:
                self.hard = True
            self.reach -= 1
            if self.reach <= 0:
                self.denials = 0
        return found

    def _turn(self, at: int, token: str) -> None:
        """Follow where denials begin and end, and who is spoken of."""
        before = self.tokens[at - 1] if at else "."
        after = self.tokens[at + 1] if at + 1 < len(self.tokens) else "."
        if token in _STOPS or (token in {",", "and"} and self._begins_clause(at + 1)):
            self.denials, self.hard = 0, False
        if token == "," and not (self.is_note and self.denials):
            self.denials = 0
        if token in _NOT and not (token == "not" and after == "only") and not (token == "no" and after in {",", "."}):
            if token == "free" and after != "of":
                return
            is_echo = (
                self.denials and token in {"no", "nothing", "none", "nobody", "nor", "neither"} and not self.is_note
            )
            self.denials = self.denials if is_echo else self.denials + 1
            self.reach = 7
        if token in _SELF:
            self.of = self.speaker if token == "i" else self.of
        elif token == "client":
            self.of = CLIENT
        elif token in _SUBJECTS:
            self.of = self._of_pronoun(token, before)
        elif token.removesuffix("__") in relations() and self._is_subject(at):
            self.of = relations()[token.removesuffix("__")].relation

    def _begins_clause(self, at: int) -> bool:
        word = self.tokens[at] if at < len(self.tokens) else "."
        return word in _SUBJECTS or word in {"i", "my", "client", "reports", "states", "describes", "their", "plans"}

    def _of_pronoun(self, token: str, before: str) -> str:
        if self.is_note and token in {"they", "she", "he"} and self.of in {CLIENT, NOBODY}:
            return CLIENT
        if token == "you" and self.speaker == CLINICIAN:
            return CLIENT
        if token == "we":
            return NOBODY
        if token in {"it", "there", "this", "that", "one", "you"}:
            return self.of if token in {"that", "this", "one"} else NOBODY
        return NOBODY if self.is_note else f"third:{token}"

    def _is_subject(self, at: int) -> bool:
        before = at - 1
        while before >= 0 and self.tokens[before] in _DETERMINERS:
            before -= 1
        return before < 0 or self.tokens[before] in _BEFORE_SUBJECT
