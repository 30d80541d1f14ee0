"""Whether whom a statement names is whom people spoke of: "a sibling" is carried by "my brother", not by "my mom".

Takes the words that were said and a relation that a statement names; gives whether it is carried, contradicted, or
can't be told: "he" may be a husband, and a name a coworker.
"""

import re
from collections.abc import Collection
from typing import Literal

from trellis.scribe.checking.claims import rules
from trellis.scribe.talk.people import relations

Carried = Literal["carried", "untold", "other"]

_NARROWER: dict[str, frozenset[str]] = {
    wide: frozenset(narrow.split())
    for wide, narrow in {
        "sibling": "brother sister brothers sisters",
        "child": "son daughter children",
        "children": "child son daughter",
        "son": "child children",
        "daughter": "child children",
        "parents": "mother father stepmother stepfather",
        "grandparents": "grandmother grandfather",
        "grandchildren": "grandson granddaughter",
        "partner": "husband wife boyfriend girlfriend fiancé ex-partner ex-husband ex-wife",
        "ex-partner": "ex-husband ex-wife partner",
        "mother-in-law": "mother",
        "father-in-law": "father",
        "friend": "roommate friends",
        "friends": "friend roommate",
        "coworkers": "coworker boss",
    }.items()
}
"""What a wide relation may rest on, and one seen from the other side: a husband's mother is one's mother-in-law."""

_OF_FAMILY = frozenset({"kin", "partner"})
_SAID_OTHERWISE = (
    (re.compile(r"\b(mother|father|sister|brother)s? in law\b"), r"\1-in-law"),
    (re.compile(r"\b(?:boy|boys|little one|big one|big kid)\b"), "son"),
    (re.compile(r"\b(?:girl|girls)\b"), "daughter"),
    (re.compile(r"\bt[ií]a\b"), "aunt"),
    (re.compile(r"\bt[ií]o\b"), "uncle"),
    (re.compile(r"\bpeople at work\b"), "coworkers"),
)
"""Words that may tell of a relation: enough for a doubt to fall, too little to write it down."""


def spoken_of(said: str) -> frozenset[str]:
    """The relations that were named, also where a recogniser left out an apostrophe or a hyphen."""
    told = said.lower().replace("’", "'")
    for pattern, instead in _SAID_OTHERWISE:
        told = pattern.sub(instead, told)
    known = relations()
    words = re.findall(r"[\w-]+", told)
    return frozenset(known[form].relation for word in words for form in (word, word.removesuffix("s")) if form in known)


def is_spoken_of(relation: str, spoken: Collection[str]) -> Carried:
    """Whether the relations that were named carry another: `other` where only different people were named."""
    if any(_same(relation, each) for each in spoken) or _NARROWER.get(relation, frozenset()) & set(spoken):
        return "carried"
    kinds = {each.relation: each.kind for each in relations().values()}
    close = {each for each in spoken if kinds[each] in _OF_FAMILY}
    if relation == "family":
        return "carried" if close else "untold"
    return "other" if any(kinds[each] == kinds[relation] or each in close for each in spoken) else "untold"


def _same(one: str, other: str) -> bool:
    known = rules()
    return known.meaning(one) == known.meaning(other) or one.rstrip("s") == other.rstrip("s")
