"""How clinical a person's way of talking is: questions, reflections and structure against disclosure of oneself.

Takes what one person said in an encounter. Gives four measures of it, and their sum as a log-odds; weights and cues are
data (`data/roles.toml`). Little speech is drawn towards what is usual, so that it proves little.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

WORDS_FOR_TRUST = 40.0
SENTENCES_FOR_TRUST = 5.0
"""Speech of ordinary manner that is added to everybody's."""

MEASURES = ("questions", "you", "self", "clinician")

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE = re.compile(r"[^.?!]+[.?!]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cues:
    """What `roles.toml` holds."""

    labels: Mapping[str, tuple[str, ...]]
    words: Mapping[str, frozenset[str]]
    cues: Mapping[str, tuple[re.Pattern[str], ...]]
    weights: Mapping[str, float]
    usual: Mapping[str, float]


@cache
def cues() -> Cues:
    """The lexicon, read once."""
    text = resources.files("trellis.scribe").joinpath("data/roles.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return Cues(
        labels={role: tuple(words) for role, words in table["labels"].items()},
        words={kind: frozenset(words) for kind, words in table["words"].items()},
        cues={kind: tuple(re.compile(cue) for cue in found) for kind, found in table["cues"].items()},
        weights=table["weights"],
        usual=table["usual"],
    )


def manner(texts: Iterable[str]) -> dict[str, float]:
    """The measures of somebody's speech: questions and cues a sentence, words of address and of oneself a word."""
    lexicon = cues()
    said = [text.lower().replace("’", "'") for text in texts]
    words = [word for text in said for word in _WORD.findall(text)]
    sentences = [sentence.strip() for text in said for sentence in _SENTENCE.findall(text) if _WORD.search(sentence)]
    counts = {
        "questions": float(sum(sentence.endswith("?") for sentence in sentences)),
        "you": float(sum(word in lexicon.words["you"] for word in words)),
        "self": float(sum(word in lexicon.words["self"] for word in words)),
        "clinician": float(sum(count_cues(sentence, "clinician") for sentence in sentences)),
    }
    measured: dict[str, float] = {}
    for name, count in counts.items():
        trust, spoken = (
            (WORDS_FOR_TRUST, len(words)) if name in {"you", "self"} else (SENTENCES_FOR_TRUST, len(sentences))
        )
        measured[name] = (count + lexicon.usual[name] * trust) / (spoken + trust)
    return measured


def count_cues(sentence: str, kind: str) -> int:
    """How many cues of a kind a lower-case sentence holds."""
    return sum(bool(cue.search(sentence)) for cue in cues().cues[kind])


def clinical(texts: Iterable[str]) -> float:
    """The log-odds that somebody who talks like this is the clinician, next to somebody who talks as is usual."""
    lexicon = cues()
    measured = manner(texts)
    return sum(lexicon.weights[name] * (measured[name] - lexicon.usual[name]) for name in MEASURES)
