"""Read what a language model is asked and what its wording must keep (`data/rewording.toml`)."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from trellis.scribe.topics import Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """The page of data, ready for use; what each part is for stands there.

    `examples` are facts, one a line, each with the sentence wanted for them.
    """

    version: str
    instructions: str
    examples: tuple[tuple[str, str], ...]
    topics: frozenset[Topic]
    never: re.Pattern[str]
    tied: frozenset[str]
    kept: tuple[str, ...]
    joiners: frozenset[str]
    may_go: frozenset[str]
    links: tuple[str, ...]


@cache
def guidance() -> Guidance:
    """The guidance, read once."""
    with (files("trellis.scribe") / "data" / "rewording.toml").open("rb") as file:
        data = tomllib.load(file)
    return Guidance(
        version=data["version"],
        instructions=data["instructions"].strip(),
        examples=tuple(("\n".join(each["facts"]), each["wording"]) for each in data["examples"]),
        topics=frozenset(data["topics"]),
        never=re.compile(rf"\b(?:{'|'.join(map(re.escape, data['never']))})", re.IGNORECASE),
        tied=frozenset(data["tied"]),
        kept=tuple(data["kept"]),
        joiners=frozenset(data["joiners"]),
        may_go=frozenset(data["may_go"]),
        links=tuple(data["links"]),
    )
