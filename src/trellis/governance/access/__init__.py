"""Who may do what to whom, and for what: roles as data, rules that forbid, and what somebody is here and now."""

from trellis.governance.access.judge import Decision, Facts, judge, policy_text
from trellis.governance.access.roles import Action, Role, action_of, actions, roles, sentences
from trellis.governance.access.standing import Given, Standing

__all__ = [
    "Action",
    "Decision",
    "Facts",
    "Given",
    "Role",
    "Standing",
    "action_of",
    "actions",
    "judge",
    "policy_text",
    "roles",
    "sentences",
]
