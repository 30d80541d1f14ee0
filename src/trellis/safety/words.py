"""Reads text as sentences of plain words, each of which knows its place in what was written.

People type and recognisers hear the same thing in many ways ("dont wanna be here", "kms", "sue a side"). Rules are
written once, over one plain form, and quotes must still be verbatim: so each word keeps the span it came from.
Takes any text; gives sentences. Never fails.
"""

import re
import unicodedata
from dataclasses import dataclass

from trellis.safety.lexicon import Lexicon, load_lexicon

_TOKEN = re.compile(r"[^\W_](?:[^\W_]|['’*@$!](?=[^\W_]))*|[.!?…;\n]+|[,:()\[\]\"“”«»—–/-]+|\S")
_STRETCH = re.compile(r"(.)\1{2,}")
_SIGNS = str.maketrans("013@$!", "oieasi")
_KEEP = {"sí", "él"}
_LATIN1 = re.compile("[\u0300-\u036f]")

LONGEST_SENTENCE = 60
"""Words after which a sentence without a full stop is cut, so that no text takes longer than its length allows."""


@dataclass(frozen=True, slots=True)
class Word:
    """One plain word; `start` and `end` are its place in the original text, `clause` the number of its clause."""

    text: str
    start: int
    end: int
    clause: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words up to a full stop, with the language they seem to be in; fillers are left out.

    `languages` are those whose rules are tried: more than one where people mix them, or where nothing tells.
    """

    words: tuple[Word, ...]
    language: str
    is_question: bool
    languages: frozenset[str] = frozenset(("en", "es"))

    def clause_span(self, start: int, end: int) -> tuple[int, int]:
        """The word positions of the clauses that hold words start..end."""
        first, last = self.words[start].clause, self.words[max(start, end - 1)].clause
        inside = [i for i, word in enumerate(self.words) if first <= word.clause <= last]
        return inside[0], inside[-1] + 1


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    start: int
    end: int
    stop: bool = False
    comma: bool = False


def read(text: str, language: str | None = None) -> tuple[Sentence, ...]:
    """Sentences of plain words."""
    lexicon = load_lexicon()
    tokens = _join_phrases(_expand(_tokens(text), lexicon), lexicon)
    sentences: list[Sentence] = []
    current: list[_Token] = []
    for token in tokens:
        if token.stop:
            _close(current, sentences, lexicon, language, question="?" in token.text)
            current = []
        else:
            current.append(token)
            if len(current) >= LONGEST_SENTENCE:
                _close(current, sentences, lexicon, language, question=False)
                current = []
    _close(current, sentences, lexicon, language, question=False)
    return tuple(sentences)


def plain(word: str) -> str:
    """One word in plain form: lower case, without accents and without stretched letters."""
    word = word.lower().replace("’", "'")
    if word in _KEEP or word.isascii():
        return _STRETCH.sub(r"\1", word)
    bare = _LATIN1.sub("", unicodedata.normalize("NFKD", word))
    return _STRETCH.sub(r"\1", bare)


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    for match in _TOKEN.finditer(text):
        raw = match.group()
        if raw[0].isalnum():
            found.append(_Token(plain(raw), match.start(), match.end()))
        elif raw[0] in ".!?…;\n":
            found.append(_Token(raw, match.start(), match.end(), stop=True))
        elif raw[0] in "-/" and len(raw) == 1 and _is_inside_word(text, match.start()):
            continue
        else:
            found.append(_Token(",", match.start(), match.end(), comma=True))
    return found


def _is_inside_word(text: str, at: int) -> bool:
    return 0 < at < len(text) - 1 and text[at - 1].isalnum() and text[at + 1].isalnum()


def _expand(tokens: list[_Token], lexicon: Lexicon) -> list[_Token]:
    """Contractions, text-speak, typos and hidden letters to plain words; one word may become several."""
    expanded: list[_Token] = []
    for token in tokens:
        if token.stop or token.comma:
            expanded.append(token)
            continue
        before = expanded[-1].text if expanded else ""
        expanded += [_Token(part, token.start, token.end) for part in _parts(token.text, before, lexicon)]
    return expanded


def _parts(word: str, before: str, lexicon: Lexicon) -> list[str]:
    bare = word.replace("'", "")
    if bare == "ill" and "'" not in word and before in lexicon.before_ill:
        return ["ill"]
    if bare in lexicon.expand:
        return lexicon.expand[bare].split()
    if word.endswith("'s"):
        return [word[:-2]]
    if not bare.isalpha() and not bare.isdigit():
        shown = bare.translate(_SIGNS)
        if shown in lexicon.expand:
            return lexicon.expand[shown].split()
        bare = lexicon.hidden(shown) or (shown if shown in lexicon.risk_words else bare)
    return lexicon.typos.get(bare, bare).split() or [bare]


def _join_phrases(tokens: list[_Token], lexicon: Lexicon) -> list[_Token]:
    """What a recogniser splits or mishears ("sue a side") to the word that was meant."""
    joined: list[_Token] = []
    at = 0
    while at < len(tokens):
        for length in (4, 3, 2):
            run = tokens[at : at + length]
            meant = lexicon.phrases.get(tuple(token.text for token in run)) if len(run) == length else None
            if meant is not None:
                joined += [_Token(part, run[0].start, run[-1].end) for part in meant.split()]
                at += length
                break
        else:
            joined.append(tokens[at])
            at += 1
    return joined


def _close(
    tokens: list[_Token], sentences: list[Sentence], lexicon: Lexicon, language: str | None, *, question: bool
) -> None:
    """Make a sentence of the tokens so far: fillers out, clauses numbered."""
    texts = [token.text for token in tokens if not token.comma]
    if not texts:
        return
    before = sentences[-1].language if sentences else (language or "en")
    spoken = lexicon.language_of(texts, before)
    kept = _without_fillers(tokens, lexicon.fillers[spoken])
    if all(token.comma for token in kept):
        kept = tokens  # an answer may be nothing but a murmur
    words = _number_clauses(kept, lexicon, spoken)
    if words:
        languages = lexicon.languages_in(texts, spoken)
        sentences.append(Sentence(tuple(words), spoken, question, languages))


def _without_fillers(tokens: list[_Token], fillers: frozenset[str]) -> list[_Token]:
    """Drop words that carry nothing, with the commas around them."""
    kept: list[_Token] = []
    dropped = False
    for at, token in enumerate(tokens):
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        loose_like = token.text == "like" and (following is None or following.comma or (bool(kept) and kept[-1].comma))
        if (token.text in fillers or loose_like) and not token.comma:
            dropped = True
            if kept and kept[-1].comma and following is not None and following.comma:
                kept.pop()
            continue
        if token.comma and (not kept or (dropped and not kept[-1].comma and token.text == "," and _is_bare(kept))):
            dropped = False
            continue
        dropped = False
        kept.append(token)
    return kept


def _is_bare(kept: list[_Token]) -> bool:
    """Whether the words so far are too few to be a clause of their own ("I, like, want")."""
    return len(kept) <= 1


def _number_clauses(tokens: list[_Token], lexicon: Lexicon, language: str) -> list[Word]:
    words: list[Word] = []
    clause = 0
    starters, joiners = lexicon.clause_starters[language], lexicon.clause_joiners[language]
    subjects, lists = lexicon.subjects[language], lexicon.list_words[language]
    pending = False
    for at, token in enumerate(tokens):
        following = tokens[at + 1].text if at + 1 < len(tokens) else ""
        if token.comma:
            pending = following not in lists
            continue
        opens = pending or token.text in starters or (token.text in joiners and following in subjects)
        if opens and words:
            clause += 1
        pending = False
        words.append(Word(token.text, token.start, token.end, clause))
    return words
