"""What concludes, writes or hears by itself: a card for each, so that every automated output says what it came from.

Takes the shipped cards; gives them by name and version, whole: a card without one of the 31 source attributes is an
error, and so is an output of something that has no card.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from trellis.kernel import NotFound

ATTRIBUTES: Mapping[str, tuple[str, ...]] = {
    "Details and output": ("developer", "funding", "output", "kind"),
    "Purpose": ("intended_use", "population", "user", "role"),
    "Out of scope": ("out_of_scope", "risks"),
    "Development": ("training", "use_of_protected_attributes", "representativeness", "relevance"),
    "Fairness process": ("fairness_approach", "bias_management"),
    "External validation": ("external_data", "external_party", "external_demographics", "external_process"),
    "Quantitative measures": (
        "validity_same_source",
        "fairness_same_source",
        "validity_external",
        "fairness_external",
        "outcomes",
    ),
    "Maintenance": ("validity_monitoring", "local_validity", "fairness_monitoring", "local_fairness"),
    "Updates": ("update_process", "correction"),
}
"""The source attributes of 45 CFR 170.315(b)(11)(iv)(B), by the groups of the rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One automated part: `weights` are names in the manifest of `inference`, which holds their hash and licence."""

    name: str
    version: str
    title: str
    weights: tuple[str, ...]
    attributes: Mapping[str, str]


@cache
def cards() -> tuple[Card, ...]:
    """Every card, each with all its attributes; `KeyError` names one that is missing."""
    data = tomllib.loads((files("trellis.governance") / "data" / "registry.toml").read_text(encoding="utf-8"))
    names = [name for group in ATTRIBUTES.values() for name in group]
    return tuple(
        Card(
            name=entry["name"],
            version=entry["version"],
            title=entry["title"],
            weights=tuple(entry["weights"]),
            attributes={name: entry.get(name) or data["shared"][name] for name in names},
        )
        for entry in data["cards"]
    )


def card(name: str, version: str) -> Card:
    """The card of what wrote or concluded something; `NotFound` where it has none."""
    for one in cards():
        if (one.name, one.version) == (name, version):
            return one
    raise NotFound(
        "governance.card_absent",
        f"There is no card for {name} {version}.",
        hint="Describe it in the registry before it is used.",
    )
