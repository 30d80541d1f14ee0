"""How a clinic or a clinician wants notes to sound, as data: what people are called, quotes, length, terms.

Takes a TOML file with the lines that differ from `data/style.toml`; gives a `Style`, or an error that says what is
wrong in one line. A style can't touch a figure, a denial or a word of danger.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, get_args

from trellis.kernel import Invalid
from trellis.scribe.words.numbers import numbers_in

Again = Literal["name", "pronoun", "nothing"]
Pronouns = Literal["they", "she", "he"]
Amount = Literal["none", "few", "some", "many"]

SHARES: Mapping[Amount, float] = {"none": 0.0, "few": 0.1, "some": 0.2, "many": 1 / 3}
"""Share of a note's words that may stand inside quotation marks."""

MOST_WORDS = 3000
"""Words a note may aim at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What `data/style.toml` holds, in its order; `words` by length, `terms` by the word they stand for."""

    client: str
    pronouns: Pronouns
    again: Again
    clinician: str
    quotes: Amount
    words: Mapping[str, int]
    varied: bool
    terms: tuple[tuple[str, str], ...]

    @property
    def quotable(self) -> float:
        """Share of the note's words that may stand inside quotation marks (0..1)."""
        return SHARES[self.quotes]


@cache
def default_style() -> Style:
    """The style that comes with the product."""
    return _style(_shipped())


def load_style(path: Path) -> Style:
    """The style of a file over the shipped one; raises `Invalid` where it can't be read or says what isn't known."""
    try:
        own = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _invalid("its file can't be read.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _invalid("its file isn't valid TOML.") from error
    shipped = _shipped()
    for part, lines in own.items():
        if part in {"version", "reviewed"}:
            continue
        if part not in shipped or not isinstance(lines, dict):
            raise _invalid(f"there is no part '{part}'.")
        unknown = [key for key in lines if part != "terms" and key not in shipped[part]]
        if unknown:
            raise _invalid(f"[{part}] has no '{unknown[0]}'.")
    return _style({part: {**lines, **own.get(part, {})} for part, lines in shipped.items() if isinstance(lines, dict)})


def _shipped() -> dict[str, Any]:
    with (files("trellis.scribe") / "data" / "style.toml").open("rb") as file:
        return tomllib.load(file)


def _parts(shipped: Mapping[str, Any]) -> list[str]:
    return [part for part, lines in shipped.items() if isinstance(lines, dict)]


def _style(data: Mapping[str, Any]) -> Style:
    return Style(
        client=_called("client", data["client"]["called"]),
        pronouns=_one_of("client.pronouns", data["client"]["pronouns"], get_args(Pronouns)),
        again=_one_of("client.again", data["client"]["again"], get_args(Again)),
        clinician=_called("clinician", data["clinician"]["called"]),
        quotes=_one_of("quotes.amount", data["quotes"]["amount"], get_args(Amount)),
        words={length: _words(length, count) for length, count in data["words"].items()},
        varied=_flag("verbs.varied", data["verbs"]["varied"]),
        terms=tuple(_term(said, term) for said, term in data["terms"].items()),
    )


_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[.'’ -]){0,39}")


def _called(who: str, name: object) -> str:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise _invalid(f"{who}.called has to be a name of at most 40 letters.")
    return name


def _one_of(key: str, value: object, known: tuple[str, ...]) -> Any:
    if value not in known:
        raise _invalid(f"{key} has to be one of {', '.join(known)}.")
    return value


def _flag(key: str, value: object) -> bool:
    if not isinstance(value, bool):
        raise _invalid(f"{key} has to be true or false.")
    return value


def _words(length: str, count: object) -> int:
    if not isinstance(count, int) or isinstance(count, bool) or not 40 <= count <= MOST_WORDS:
        raise _invalid(f"words.{length} has to be a number from 40 to {MOST_WORDS}.")
    return count


_GUARDED = re.compile(
    r"\b(?:not|no|never|none|nothing|nobody|without|cannot|unable|den(?:y|ies|ied)|client|clinician|they|them|their|"
    r"supported|unconfirmed)\b|kill|suicid|\bdie|death|dead|harm|hurt|overdos|gun|weapon|abus|violen|threat|rape|assault",
    re.IGNORECASE,
)


def _term(said: str, term: object) -> tuple[str, str]:
    """A preferred term; neither side may hold a number, a denial, a person or a word of danger."""
    if not isinstance(term, str) or not all(
        re.fullmatch(r"[^\W\d_]+(?:[ '-][^\W\d_]+){0,3}", each) for each in (said, term)
    ):
        raise _invalid("a term stands for one to four words, in one to four words.")
    if any(_GUARDED.search(each) or numbers_in(each) for each in (said, term)):
        raise _invalid("a term can't stand for or bring in a number, a denial, a person or a word of danger.")
    return said, term


def _invalid(reason: str) -> Invalid:
    return Invalid("scribe.style_invalid", f"The style can't be used: {reason}", hint="See docs/reference/style.md.")
