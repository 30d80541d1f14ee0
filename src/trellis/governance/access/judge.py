"""One decision: may this kind of actor, with these roles and relations, do this, for this purpose?

Takes facts, gives a decision with the rule it rests on. Nothing else comes into it, so one answer holds for whoever
has the same facts, on whichever surface they ask. The policies are Cedar's: one that permits for each role, made from
the roles' data, and those of `access.cedar`, which forbid and override.
"""

import json
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from cedarpy import Entities, PolicySet, is_authorized

from trellis.governance.access.roles import ALL, Role, actions, roles, sentences

KINDS = {"staff": "Person", "operator": "Operator", "job": "Job"}
"""Kinds of actors, as they begin on the audit chain, and what policies call them."""
REMEMBERED = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a decision rests on. `kind` is what the actor's name begins with; see `access.cedar` for the rest."""

    kind: str
    action: str
    roles: frozenset[str] = frozenset()
    relations: frozenset[str] = frozenset()
    purpose: str = "treatment"
    is_own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The answer, and the rule that gave it: `role.…` permits, any other refuses.

    Where no role names the action the rule is `grant.missing`, whatever else forbids it.
    """

    is_permitted: bool
    rule: str

    @property
    def sentence(self) -> str:
        """What the rule says."""
        return sentences()[self.rule]


@lru_cache(REMEMBERED)
def judge(facts: Facts) -> Decision:
    """The decision; remembered by its facts, of which it is a function."""
    if facts.kind not in KINDS:
        return Decision(is_permitted=False, rule="actor.unknown")
    if not any(facts.action in roles()[role].actions or roles()[role].actions == (ALL,) for role in facts.roles):
        return Decision(is_permitted=False, rule="grant.missing")
    answer = is_authorized(
        {
            "principal": {"type": KINDS[facts.kind], "id": "asking"},
            "action": {"type": "Action", "id": facts.action},
            "resource": {"type": "Subject", "id": "asked"},
            "context": {
                "roles": sorted(facts.roles),
                "relations": sorted(facts.relations),
                "purpose": facts.purpose,
                "is_own": facts.is_own,
            },
        },
        _policies(),
        _groups(),
    )
    rules = sorted(answer.diagnostics.id_annotations_by_reason.values())
    if answer.diagnostics.errors:
        return Decision(is_permitted=False, rule="grant.missing")
    return Decision(is_permitted=answer.allowed, rule=rules[0] if rules else "grant.missing")


def policy_text() -> str:
    """All policies in Cedar's language: those made of roles, then those that forbid."""
    shipped = (files("trellis.governance") / "data" / "access.cedar").read_text(encoding="utf-8")
    return "\n".join([*(_permit(role) for role in roles().values()), shipped])


def _permit(role: Role) -> str:
    named = ", ".join(f'Action::"{name}"' for name in role.actions)
    which = "action" if role.actions == (ALL,) else f"action in [{named}]"
    kind = KINDS[role.only or "staff"]
    return (
        f'@id("role.{role.name}")\npermit (principal is {kind}, {which}, resource)\n'
        f'when {{ context.roles.contains("{role.name}") }};\n'
    )


@cache
def _policies() -> PolicySet:
    return PolicySet.from_str(policy_text())


@cache
def _groups() -> Entities:
    """Actions in their groups, as Cedar reads them."""
    groups = sorted({group for action in actions().values() for group in action.groups})
    made: list[dict[str, Any]] = [
        {"uid": {"type": "Action", "id": group}, "attrs": {}, "parents": []} for group in groups
    ]
    made += [
        {
            "uid": {"type": "Action", "id": action.name},
            "attrs": {},
            "parents": [{"type": "Action", "id": group} for group in action.groups],
        }
        for action in actions().values()
    ]
    return Entities.from_json_str(json.dumps(made))
