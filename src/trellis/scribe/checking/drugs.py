"""Whether a word names a medicine, and whether the same medicine was spoken of: Lexapro carries escitalopram.

Takes words of a statement and what was said; the names are those of `data/vocabulary.toml`.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


def is_other_drug(word: str, said: str) -> bool:
    """Whether a word is the name of a medicine that was not spoken of, under this name or another."""
    names = _names().get(word.lower())
    heard = said.lower()
    return names is not None and not any(name in heard for name in names)


@cache
def _names() -> Mapping[str, frozenset[str]]:
    """All names of a medicine by each of them, in small letters."""
    with (files("trellis.scribe") / "data" / "vocabulary.toml").open("rb") as file:
        medications = tomllib.load(file)["medications"]
    same = [frozenset(name.lower() for name in (generic, *brands)) for generic, brands in medications.items()]
    return {name: names for names in same for name in names}
