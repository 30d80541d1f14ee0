"""A draft as it is reviewed: what must be looked at first, each sentence with its ground, each turn with its sentences.

Takes a draft, its transcript where that is kept, and what keeps it from being signed; gives nouns for the page. A pure
function of these.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from trellis.chart import DraftCheck, DraftSection, DraftStatement, Header, StoredDraft, Transcript, Turn
from trellis.record import Open

RISKS = ("risk.", "safety.")
UNSEEN = "mse.not_assessed"
"""The check that names what a microphone can't know, and where it goes."""
GRAVITY = {"block": 0, "warn": 1, "info": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a turn's words: the sentences that quote it, and what was heard where it was corrected."""

    text: str
    statements: tuple[int, ...] = ()
    heard: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A turn with the sentences that rest on it."""

    turn: Turn
    pieces: tuple[Piece, ...]
    statements: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """All that the page shows; `unseen` is the section for what a microphone can't know, empty where there is none."""

    draft: StoredDraft
    header: Header
    open: Open
    turns: tuple[Said, ...]
    by_turn: Mapping[int, Turn]
    risk_checks: tuple[DraftCheck, ...]
    other_checks: tuple[DraftCheck, ...]
    unseen: str

    @property
    def waiting(self) -> int:
        """How many things have to be settled before it can be signed."""
        return len(self.open.statements) + len(self.open.checks) + len(self.open.questions)

    def must_settle(self, check: DraftCheck) -> bool:
        """Whether a check keeps the draft from being signed."""
        return check.rule in self.open.checks

    def is_answered(self, question: int) -> bool:
        """Whether a question of danger has its answer."""
        return question not in self.open.questions


def review(draft: StoredDraft, transcript: Transcript | None, header: Header, found: Open) -> Review:
    """A draft, ready to be shown."""
    turns = transcript.turns if transcript is not None else ()
    standing = [each for each in draft.statements() if not each.is_removed]
    checks = sorted(draft.checks, key=lambda check: (check.act is not None, GRAVITY[check.severity]))
    unseen = next((check.section for check in checks if check.rule == UNSEEN and check.section), "")
    return Review(
        draft=draft,
        header=header,
        open=found,
        turns=tuple(_said(turn, standing) for turn in turns),
        by_turn={turn.id: turn for turn in turns},
        risk_checks=tuple(check for check in checks if check.rule.startswith(RISKS)),
        other_checks=tuple(check for check in checks if not check.rule.startswith(RISKS)),
        unseen=unseen if draft.not_assessed else "",
    )


def plain_section(section: DraftSection) -> str:
    """A section as plain text, for another record; what waits for a yes says so."""
    lines = [
        ("[unconfirmed] " if each.is_open else "") + " ".join(each.text.split())
        for each in section.statements
        if not each.is_removed
    ]
    return "\n".join([f"{section.title}:", *(lines or ["[nothing]"])])


def topic_in(section: DraftSection) -> str:
    """What a sentence somebody adds to a section is about, as far as the section tells."""
    return section.statements[-1].topic if section.statements else "presenting"


def _said(turn: Turn, statements: Sequence[DraftStatement]) -> Said:
    resting = dict.fromkeys(
        each.number for each in statements if any(evidence.turn == turn.id for evidence in each.evidence)
    )
    return Said(turn=turn, pieces=tuple(_pieces(turn, statements)), statements=tuple(resting))


def _pieces(turn: Turn, statements: Sequence[DraftStatement]) -> Iterator[Piece]:
    """The turn's words cut where a quote or a correction begins or ends; joined again they are the turn's."""
    quoted, fixed = list(_quoted(turn, statements)), list(_corrected(turn))
    cuts = sorted({0, len(turn.text), *(cut for first, last, _ in (*quoted, *fixed) for cut in (first, last))})
    for first, last in itertools.pairwise(cuts):
        yield Piece(
            text=turn.text[first:last],
            statements=tuple(dict.fromkeys(number for start, end, number in quoted if start <= first and last <= end)),
            heard=next((said for start, end, said in fixed if start <= first and last == end), ""),
        )


def _quoted(turn: Turn, statements: Sequence[DraftStatement]) -> Iterator[tuple[int, int, int]]:
    for statement in statements:
        for evidence in statement.evidence:
            if evidence.turn == turn.id and evidence.quote and (at := turn.text.find(evidence.quote)) >= 0:
                yield at, at + len(evidence.quote), statement.number


def _corrected(turn: Turn) -> Iterator[tuple[int, int, str]]:
    after = 0
    for correction in turn.corrections:
        if correction.text and (at := turn.text.find(correction.text, after)) >= 0:
            after = at + len(correction.text)
            yield at, after, correction.said
