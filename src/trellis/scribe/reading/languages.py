"""Tell in which language a written transcript is, so that another one than can be written about is refused by name.

Small words are most of talk and hardly shared between languages, so a share of them decides (`data/languages.toml`);
other scripts speak for themselves. Takes the texts of the turns; gives an ISO 639-1 code, `other` for a language not
listed, and a confidence between 0 and 1. Texts too short to tell count as English, with confidence 0. Never fails.
"""

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

DEFAULT = "en"
SHORTEST = 5
"""Words below which nothing is decided."""
LEAST_SHARE = 0.12
"""Share of small words below which it is none of the listed languages; talk has 0.4 and more."""
ENOUGH = 25
"""Words from which `other` may be said; a short answer may hold no small word at all."""
VARIED = 10
"""Different words among them: `Mm-hm`, said a hundred times, is no language of its own."""
MARGIN = 1.3
"""How much more than English another language needs."""
MOST = 20_000
"""Words that are looked at."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class _Profile:
    weights: Mapping[str, Mapping[str, float]]  # word -> language -> weight
    scripts: tuple[tuple[str, str, str], ...]  # language, first and last letter


def language_of(texts: Iterable[str]) -> tuple[str, float]:
    """The code of the language most of the words are in, and how sure that is."""
    profile = _profile()
    words = _words(texts)
    enough = len(words) >= ENOUGH and len(set(words)) >= VARIED
    script, share = _script(words, profile)
    if script is not None:
        return script, share
    if len(words) < SHORTEST:
        return DEFAULT, 0.0
    scores: defaultdict[str, float] = defaultdict(float)
    for word in words:
        for language, weight in profile.weights.get(word, {}).items():
            scores[language] += weight
    if not scores:
        return ("other", 0.5) if enough else (DEFAULT, 0.0)
    best, score = max(scores.items(), key=lambda item: item[1])
    if best != DEFAULT and score < MARGIN * scores[DEFAULT]:
        best, score = DEFAULT, scores[DEFAULT]
    if score < LEAST_SHARE * len(words):
        return ("other", 0.5) if enough else (DEFAULT, 0.0)
    if len(words) < ENOUGH and best not in {DEFAULT, "es"} and score < 2:
        return DEFAULT, 0.0
    return best, round(score / sum(scores.values()), 3)


def _words(texts: Iterable[str]) -> list[str]:
    words: list[str] = []
    for text in texts:
        words += _WORD.findall(text.lower().replace("’", "'"))
        if len(words) >= MOST:
            break
    return words[:MOST]


def _script(words: list[str], profile: _Profile) -> tuple[str | None, float]:
    """The language whose own script most letters are in; kana beside Chinese letters means Japanese."""
    letters = Counter("".join(words))
    counts: Counter[str] = Counter()
    for letter, count in letters.items():
        if letter.isascii():
            continue
        for language, first, last in profile.scripts:
            if first <= letter <= last:
                counts[language] += count
    if not counts:
        return None, 0.0
    share = sum(counts.values()) / sum(letters.values())
    if share < 0.5:
        return None, 0.0
    if counts["ja"] > 0.1 * counts["zh"] > 0:
        return "ja", share
    return counts.most_common(1)[0][0], share


@cache
def _profile() -> _Profile:
    data = tomllib.loads((resources.files("trellis.scribe") / "data" / "languages.toml").read_text("utf-8"))
    lists = {language: set(words.split()) for language, words in data["words"].items()}
    spread = Counter(word for words in lists.values() for word in words)
    weights: dict[str, dict[str, float]] = {}
    for language, words in lists.items():
        for word in words:
            weights.setdefault(word, {})[language] = 1 / spread[word]
    scripts = tuple((language, first, last) for language, (first, last) in data["scripts"].items())
    return _Profile(weights, scripts)
