"""Cut the turns of a session into sentences that know their place, their grammar and the question they answer.

Takes a transcript and a parser; gives utterances in the order they were said. A long sentence whose clauses could
stand alone ("I can't sleep and my boss yells at me") becomes several utterances, because each is a fact of its own.
The parse is of the smooth text (see `smooth`), with offsets in the real one. Everything is parsed in one call.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from trellis.chart import Transcript, Turn
from trellis.inference import Parser, Sentence, Token
from trellis.scribe.points import Utterance
from trellis.scribe.talk.answers import ASKS_ANY, link
from trellis.scribe.words.smooth import Smoothed, smooth

LONGEST_CONTRAST = 24
"""Words of a sentence whose "but" is not torn from what it limits."""
SHORTEST_CLAUSE = 3
"""Words a clause needs to stand alone as an utterance."""


def utter(transcript: Transcript, parser: Parser) -> tuple[Utterance, ...]:
    """Utterances of all turns; a turn of marks only (`nods`) gives one empty utterance, since it may be an answer."""
    smoothed = [smooth(turn.text) for turn in transcript.turns]
    parsed = parser.parse([each.text for each in smoothed])
    found: list[Utterance] = []
    for turn, smooth_text, sentences in zip(transcript.turns, smoothed, parsed, strict=True):
        for clause, asks in _clauses_of(turn, smooth_text, sentences):
            found.append(
                Utterance(
                    turn=turn, start=clause.start, end=clause.end, parse=clause, index=len(found), asks=asks
                )
            )  # fmt: skip
    answers = link(found)
    return tuple(replace(each, answers=answers.get(each.index)) for each in found)


def _clauses_of(turn: Turn, smooth_text: Smoothed, sentences: tuple[Sentence, ...]) -> Iterator[tuple[Sentence, bool]]:
    spoken = [real for sentence in sentences if (real := _in_place(sentence, smooth_text)) is not None]
    if not spoken and turn.marks:
        yield Sentence(tokens=(), start=0, end=0), False
    punctuated = bool(re.search(r"[.?!]", turn.text))
    for sentence in (part for whole in spoken for part in _at_full_stops(whole)):
        clauses = list(_clauses(sentence, punctuated=punctuated))
        for at, clause in enumerate(clauses):
            yield clause, _asks(clause, turn, last=at == len(clauses) - 1, punctuated=punctuated)


def _at_full_stops(sentence: Sentence) -> Iterator[Sentence]:
    """Parsers run over "No. I never did": a full stop ends an utterance."""
    tokens = sentence.tokens
    start = 0
    for at, token in enumerate(tokens):
        is_end = token.text in {".", "?", "!"} and at + 1 < len(tokens) and _words(tokens[at + 1 :]) > 0
        if is_end and _words(tokens[start : at + 1]) > 0:
            part = cut_out(sentence, start, at + 1)
            if part is not None:
                yield part
            start = at + 1
    if start == 0:
        yield sentence
    elif (rest := cut_out(sentence, start, len(tokens))) is not None:
        yield rest


def _in_place(sentence: Sentence, smooth_text: Smoothed) -> Sentence | None:
    """The sentence with offsets in the turn's own text and without empty tokens; None where no word is left."""
    kept = [index for index, token in enumerate(sentence.tokens) if token.text.strip()]
    if not any(re.search(r"\w", sentence.tokens[index].text) for index in kept):
        return None
    places = {old: new for new, old in enumerate(kept)}
    tokens = []
    for index in kept:
        token = sentence.tokens[index]
        start, end = smooth_text.span(token.start, token.end)
        head = _kept_head(sentence, index, places)
        before = sentence.tokens[index - 1].text if index and not sentence.tokens[index - 1].space else ""
        tokens.append(
            replace(
                token,
                text=_with_apostrophe(token.text, before),
                start=start,
                end=end,
                head=head,
                space=" " if token.space else "",
            )
        )
    return _with_verb(Sentence(tokens=tuple(tokens), start=tokens[0].start, end=tokens[-1].end))


def _with_verb(sentence: Sentence) -> Sentence:
    """The "'s" of "my dad's bipolar" as the verb it is, where a parser took it for an owner's."""
    tokens = list(sentence.tokens)
    root = sentence.root
    at = next(
        (i for i in range(1, len(tokens)) if tokens[i].text.lower() in {"'s", "’s"} and tokens[i].dep == "case"), 0
    )
    if not at or tokens[root].pos != "ADJ" or tokens[at].head == root or root <= at:
        return sentence
    owner = tokens[at].head
    if (
        tokens[owner].dep != "poss"
        or tokens[owner].head != root
        or any(each.pos == "NOUN" for each in tokens[at + 1 : root])
    ):
        return sentence
    tokens = [replace(token, head=at) if token.head == root else token for token in tokens]
    tokens[owner] = replace(tokens[owner], dep="nsubj", head=at)
    tokens[root] = replace(tokens[root], dep="acomp", head=at)
    tokens[at] = replace(tokens[at], pos="AUX", tag="VBZ", lemma="be", dep="ROOT", head=at)
    return replace(sentence, tokens=tuple(tokens))


_JOINED = re.compile(r"(?:m|ve|re|ll|d|s|nt)", re.IGNORECASE)
_BEFORE_JOINED = re.compile(
    r"(?:i|you|we|they|he|she|it|that|there|who|what|how|do|does|did|is|are|was|were|has|have|had|ca|wo|could|would|"
    r"should)",
    re.IGNORECASE,
)


def _with_apostrophe(text: str, before: str) -> str:
    """The "m" of a recogniser's "im" as that of "I'm"; `before` is the token it is written together with."""
    if not _JOINED.fullmatch(text) or not _BEFORE_JOINED.fullmatch(before):
        return text
    return "n't" if text.lower() == "nt" else f"'{text.lower()}"


def _kept_head(sentence: Sentence, index: int, places: dict[int, int]) -> int:
    head = sentence.tokens[index].head
    for _ in range(len(sentence.tokens)):
        if head in places or sentence.tokens[head].head == head:
            break
        head = sentence.tokens[head].head
    return places.get(head, places[index])


# Clauses that can stand alone ----------------------------------------------------------------------------------------

_CARRIERS = frozenset(
    {"say", "think", "mean", "know", "guess", "tell", "feel", "suppose", "believe", "hope", "wonder", "ask", "want",
     "need", "realize", "like", "see", "bet", "figure", "swear", "imagine", "wish"}
)  # fmt: skip
"""Verbs whose clause says what they are about: "I think, it's bad" is one thing said."""


_SAID_THINGS = frozenset({"thought", "thing", "idea", "fear", "worry", "story", "message", "voice", "belief", "answer"})
"""Subjects whose clause tells what they say: "The thought was, I'm a failure" is one thing said."""
_CONDITIONS = frozenset({"if", "unless", "when", "whenever"})


def _clauses(sentence: Sentence, *, punctuated: bool) -> Iterator[Sentence]:
    cuts = sorted({cut for cut in _cuts(sentence, punctuated=punctuated) if 0 < cut < len(sentence.tokens)})
    edges = [0]
    for cut in [*cuts, len(sentence.tokens)]:
        long_enough = _words(sentence.tokens[edges[-1] : cut]) >= SHORTEST_CLAUSE
        rest_long_enough = cut == len(sentence.tokens) or _words(sentence.tokens[cut:]) >= SHORTEST_CLAUSE
        if (long_enough and rest_long_enough) or cut == len(sentence.tokens):
            edges.append(cut)
    if len(edges) <= 2:
        yield sentence
        return
    for start, end in pairwise(edges):
        part = cut_out(sentence, start, end)
        if part is not None:
            yield part


def _cuts(sentence: Sentence, *, punctuated: bool) -> Iterator[int]:
    """Where a clause with a subject of its own begins, joined to the main one by "and", "but", "so" or a comma."""
    tokens = sentence.tokens
    if _is_conditional(sentence):
        return
    main = {sentence.root}
    grown = True
    while grown:
        grown = False
        for index, token in enumerate(tokens):
            if index in main or token.head not in main:
                continue
            below = sentence.subtree(index)
            if _is_contrast(sentence, below[0]) or any(
                each.text.lower() in {"or", "nor"} for each in tokens[token.head + 1 : below[0] + 1]
            ):
                continue
            if not _has_subject(sentence, index) or below[-1] - below[0] + 1 != len(below):
                continue
            if token.dep == "conj" and token.pos in {"VERB", "AUX"}:
                main.add(index)
                yield below[0]
                grown = True
            elif token.dep in {"ccomp", "parataxis"} and _is_spliced(sentence, index, below, punctuated=punctuated):
                main.add(index)
                yield below[-1] + 1 if below[-1] < token.head else below[0]
                grown = True


def _is_contrast(sentence: Sentence, start: int) -> bool:
    """Whether a clause after "but" belongs to what it limits: "I used to wish that, but I haven't in months"."""
    before = sentence.tokens[max(0, start - 2) : start + 1]
    return any(token.text.lower() == "but" for token in before) and _words(sentence.tokens) <= LONGEST_CONTRAST


def _is_conditional(sentence: Sentence) -> bool:
    """Whether all of the sentence holds only under an "if" or "when": its clauses must not be torn from it."""
    return any(
        sentence.tokens[at].dep == "advcl"
        and any(sentence.tokens[i].text.lower() in _CONDITIONS for i in sentence.children(at))
        for at in sentence.children(sentence.root)
    )


_OPEN_CLAUSES = frozenset({"i", "it", "he", "she", "they", "we", "its"})


def _is_spliced(sentence: Sentence, index: int, below: tuple[int, ...], *, punctuated: bool) -> bool:
    """Whether a clause only stands beside the main one: "It's constant, it's getting worse".

    Where nothing in the turn is punctuated, a clause that opens with its own "I" or "it" needs no comma before it.
    """
    tokens = sentence.tokens
    head = tokens[index].head
    if tokens[head].lemma.lower() in _CARRIERS or not _has_subject(sentence, head):
        return False
    if any(tokens[i].lemma.lower() in _SAID_THINGS for i in sentence.children(head) if tokens[i].dep == "nsubj"):
        return False
    between = tokens[below[-1] + 1 : head] if below[-1] < head else tokens[head + 1 : below[0]]
    comma = any(token.text in {",", ";", "-", "--", "\u2014", "\u2013"} for token in between)
    subjects = [i for i in sentence.children(head) if tokens[i].dep.startswith(("nsubj", "expl"))]
    second = tokens[min(subjects) if below[-1] < head else below[0]]
    comma = comma or (not punctuated and second.text.lower() in _OPEN_CLAUSES)
    if below[-1] < head:
        subject = min(i for i in sentence.children(head) if tokens[i].dep.startswith(("nsubj", "expl")))
        offers = any(token.text.lower() in {"or", "nor"} for token in tokens[max(0, below[-1] - 3) : subject])
        return comma and below[-1] < subject and not offers
    return comma and tokens[below[0]].lemma.lower() not in {"that", "whether", "if", "how", "what", "why"}


def _has_subject(sentence: Sentence, index: int) -> bool:
    return any(sentence.tokens[child].dep.startswith(("nsubj", "expl")) for child in sentence.children(index))


def cut_out(sentence: Sentence, start: int, end: int) -> Sentence | None:
    """Tokens start..end as a sentence of its own, without the "and" or comma at its edges; None where none is left."""
    tokens = sentence.tokens
    while start < end and (tokens[start].dep == "cc" or tokens[start].pos == "PUNCT"):
        start += 1
    while end > start and (
        tokens[end - 1].dep == "cc" or tokens[end - 1].text in {",", ";", "-", "--", "\u2014", "\u2013"}
    ):
        end -= 1
    if start >= end:
        return None
    inside = range(start, end)
    kept = tuple(
        replace(tokens[i], head=tokens[i].head - start if tokens[i].head in inside else i - start) for i in inside
    )
    return _single_root(Sentence(tokens=kept, start=kept[0].start, end=kept[-1].end))


def _single_root(sentence: Sentence) -> Sentence:
    """Hang stray tokens from the clause's verb, so that the clause has one head."""
    roots = [index for index, token in enumerate(sentence.tokens) if token.head == index]
    main = next((i for i in roots if sentence.tokens[i].pos in {"VERB", "AUX"}), roots[0])
    tokens = [
        replace(token, dep="ROOT") if index == main else replace(token, head=main) if index in roots else token
        for index, token in enumerate(sentence.tokens)
    ]
    return Sentence(tokens=tuple(tokens), start=sentence.start, end=sentence.end)


def _words(tokens: tuple[Token, ...]) -> int:
    return sum(1 for token in tokens if token.text[:1].isalnum())


# Questions -----------------------------------------------------------------------------------------------------------

_WH = frozenset({"what", "when", "where", "who", "why", "how", "which", "whose", "whereabouts"})
_AUX = frozenset(
    {"do", "does", "did", "are", "is", "was", "were", "have", "has", "had", "can", "could", "would", "will", "should",
     "any", "ever", "don't", "didn't", "aren't", "isn't", "haven't", "can't", "won't"}
)  # fmt: skip
_AFTER_WH = frozenset({"'s", "'re", "about", "often", "many", "much", "long"})
_LEADS = frozenset({"and", "so", "but", "or", "okay", "ok", "well", "now", "then", "alright", "right", "um", "uh", ","})
_SUBJECTS = frozenset(
    {"you", "your", "he", "she", "it", "they", "there", "that", "this", "the", "any", "we", "i", "n't"}
)
_REQUESTS = re.compile(
    r"\b(?:tell me|help me (?:to )?understand|walk me through|talk to me about|fill me in|"
    r"describe (?:that|it|what|how)|"
    r"what (?:brought|brings) you (?:in|here)|hear(?:ing)? (?:a (?:little|bit) )?(?:bit )?(?:more )?about|"
    r"i (?:wonder|'m wondering|was wondering|'m curious)|say more about)\b"
)
"""A clinician's requests are answered like questions."""


def _asks(clause: Sentence, turn: Turn, *, last: bool, punctuated: bool) -> bool:
    words = [token.text.lower() for token in clause.tokens]
    if words[-1] == "?" or (last and words[-2:-1] == ["?"]):
        return True
    if turn.role == "clinician" and (_REQUESTS.search(said := " ".join(words)) or ASKS_ANY.search(said)):
        return True
    if punctuated and last:
        return False
    while words and words[0] in _LEADS:
        words = words[1:]
    if len(words) < 3:
        return False
    if words[0] in _WH:
        return any(
            word in _AUX or word in {"'s", "'re", "about", "often", "many", "much", "long"} for word in words[1:4]
        )
    return words[0] in {"any", "ever"} or (words[0] in _AUX and words[1] in _SUBJECTS)
