"""Roles and actions as data: what can be done here, and which role names it.

Takes the shipped file; gives roles and actions by name, each with its sentence. An action the file doesn't know is
one nobody was given.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

ALL = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something that can be done; `groups` are what rules speak of."""

    name: str
    sentence: str
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A grant of actions. `through` is the relation by which alone it holds; `only` the kind of actor that has it."""

    name: str
    sentence: str
    actions: tuple[str, ...]
    through: str = ""
    only: str = ""


@cache
def actions() -> Mapping[str, Action]:
    """Every action by its name."""
    return {
        one["name"]: Action(name=one["name"], sentence=one["sentence"], groups=tuple(one.get("groups", ())))
        for one in _data()["actions"]
    }


@cache
def roles() -> Mapping[str, Role]:
    """Every role by its name."""
    return {one["name"]: Role(**{**one, "actions": tuple(one["actions"])}) for one in _data()["roles"]}


@cache
def sentences() -> Mapping[str, str]:
    """What each rule says, by its id; what permits is the role's own sentence."""
    return {**_data()["rules"], **{f"role.{role.name}": role.sentence for role in roles().values()}}


def action_of(told: str) -> str:
    """The action that a line of the audit chain is an instance of; itself where it is none of them."""
    return _told().get(told, told)


@cache
def _told() -> Mapping[str, str]:
    return {told: one["name"] for one in _data()["actions"] for told in one.get("tells", ())}


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((files("trellis.governance") / "data" / "roles.toml").read_text(encoding="utf-8"))
