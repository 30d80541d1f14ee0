"""What somebody is here, now: their roles, where these hold, and what they are to each client.

Takes a transaction and who asks; gives decisions. Standing is read in the transaction in which it is used, and held
(on PostgreSQL by a lock on the account, on SQLite by its one writer): whoever takes a role, a place on a team or an
account away waits for work under way, and once that is committed, nothing rests on it any more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Table, select

from trellis.governance.access.judge import Decision, Facts, judge
from trellis.governance.access.roles import action_of, roles
from trellis.governance.tables import accounts, emergencies, grants, placements, relations


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A role in force: everywhere where neither site nor program is named."""

    role: str
    site: str
    program: str


class Standing:
    """What one actor is, for one purpose, inside one transaction."""

    def __init__(self, connection: Connection, *, tenant: str, actor: str, purpose: str, now: datetime) -> None:
        self._connection = connection
        self._tenant = tenant
        self._kind, _, self.account = actor.partition(":")
        self._purpose = purpose
        self._now = now
        self._given: tuple[Given, ...] | None = None
        self._relations: dict[str, frozenset[str]] = {}
        self._places: dict[str, frozenset[tuple[str, str]]] = {}
        self._is_stopped = False

    def decide(self, told: str, subject: str = "", *, about: str = "") -> Decision:
        """Whether an action, or what the audit chain tells of one, is permitted on a subject.

        `subject` is the id of a client (or of whatever is nobody's), empty for the clinic as a whole; `about` is the
        account whose standing it changes, if any.
        """
        action = action_of(told)
        if self._kind != "staff":
            return judge(Facts(kind=self._kind, action=action, roles=frozenset({self._kind}), purpose=self._purpose))
        given = self._load()
        if self._is_stopped:
            return Decision(is_permitted=False, rule="account.stopped")
        related = self._relations.get(subject, frozenset()) if subject else frozenset()
        return judge(
            Facts(
                kind=self._kind,
                action=action,
                roles=self._roles(given, subject, related),
                relations=related,
                purpose=self._purpose,
                is_own=about == self.account,
            )
        )

    def place(self, subjects: Iterable[str]) -> None:
        """Read where several subjects are at once, before decisions on each; needed for no answer, only for speed."""
        wanted = [one for one in dict.fromkeys(subjects) if one not in self._places]
        if self._kind != "staff" or not any(one.site or one.program for one in self._load()):
            return
        for start in range(0, len(wanted), 500):
            some = wanted[start : start + 500]
            asked = select(placements).where(placements.c.tenant == self._tenant, placements.c.subject.in_(some))
            found: dict[str, set[tuple[str, str]]] = {one: set() for one in some}
            for row in self._connection.execute(asked):
                found[row.subject].add((row.site, row.program))
            self._places.update({one: frozenset(places) for one, places in found.items()})

    @property
    def given(self) -> tuple[Given, ...]:
        """The roles in force; none for who is no person."""
        return self._load() if self._kind == "staff" else ()

    def forget(self) -> None:
        """Read everything anew at the next decision: after this transaction changed it."""
        self._given = None
        self._places.clear()

    def _roles(self, given: tuple[Given, ...], subject: str, related: frozenset[str]) -> frozenset[str]:
        """The roles that hold at a subject. Who stands there for themselves or a client holds no other role there."""
        own = {"self", "proxy"} & related
        if own:
            return frozenset(one.role for one in given if roles()[one.role].through in own)
        return frozenset(
            one.role for one in given if not roles()[one.role].through and (not subject or self._is_at(one, subject))
        )

    def _is_at(self, given: Given, subject: str) -> bool:
        if not given.site and not given.program:
            return True
        if subject not in self._places:
            self.place([subject])
        return any(
            given.site in {"", site} and given.program in {"", program} for site, program in self._places[subject]
        )

    def _load(self) -> tuple[Given, ...]:
        if self._given is not None:
            return self._given
        asked = select(relations.c.subject).where(*self._mine(relations), relations.c.kind == "supervises")
        known = {row.subject for row in self._connection.execute(asked)}
        self._hold({self.account, *known})
        supervised = {row.subject for row in self._connection.execute(asked)} & known
        whose = {self.account: "", **dict.fromkeys(supervised - {self.account}, "supervises")}
        found: dict[str, set[str]] = {}
        in_force = self._in_force(relations)
        for row in self._connection.execute(
            select(relations.c.account, relations.c.kind, relations.c.subject).where(
                relations.c.tenant == self._tenant, relations.c.account.in_(list(whose)), *in_force
            )
        ):
            if row.account == self.account and row.kind != "supervises":
                found.setdefault(row.subject, set()).add(row.kind)
            elif row.account != self.account and row.kind == "team":
                found.setdefault(row.subject, set()).add("supervises")
        opened = select(emergencies.c.subject).where(
            emergencies.c.tenant == self._tenant,
            emergencies.c.account == self.account,
            emergencies.c.ends_at > self._now,
        )
        for row in self._connection.execute(opened):
            found.setdefault(row.subject, set()).add("emergency")
        self._relations = {subject: frozenset(kinds) for subject, kinds in found.items()}
        self._given = tuple(
            Given(role=row.role, site=row.site, program=row.program)
            for row in self._connection.execute(select(grants).where(*self._mine(grants)))
            if row.role in roles() and not roles()[row.role].only
        )
        return self._given

    def _hold(self, whose: set[str]) -> None:
        """Hold accounts as they are until the transaction ends; says whether the one who asks is active."""
        asked = select(accounts.c.id, accounts.c.state).where(
            accounts.c.tenant == self._tenant, accounts.c.id.in_(sorted(whose))
        )
        states = {
            row.id: row.state
            for row in self._connection.execute(asked.order_by(accounts.c.id).with_for_update(read=True))
        }
        self._is_stopped = states.get(self.account) != "active"

    def _mine(self, table: Table) -> tuple[ColumnElement[bool], ...]:
        return (table.c.tenant == self._tenant, table.c.account == self.account, *self._in_force(table))

    def _in_force(self, table: Table) -> tuple[ColumnElement[bool], ...]:
        return (table.c.ended_at.is_(None), (table.c.ends_at.is_(None)) | (table.c.ends_at > self._now))
