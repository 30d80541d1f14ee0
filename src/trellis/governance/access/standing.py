"""What somebody is here, now: their roles, where these hold, and what they are to each client.

Takes a transaction and who asks; gives decisions. Standing is read in the transaction in which it is used, and held
(on PostgreSQL by a lock on the account, on SQLite by its one writer): whoever takes a role, a place on a team or an
account away waits for work under way, and once that is committed, nothing rests on it any more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Table, bindparam, select

from trellis.governance.access.judge import Decision, Facts, judge
from trellis.governance.access.roles import action_of, roles
from trellis.governance.tables import accounts, emergencies, grants, placements, relations

AT_ONCE = 500


def _in_force(table: Table) -> tuple[ColumnElement[bool], ...]:
    return (
        table.c.tenant == bindparam("of"),
        table.c.ended_at.is_(None),
        table.c.ends_at.is_(None) | (table.c.ends_at > bindparam("now")),
    )


_WHOSE: BindParameter[Any] = bindparam("whose", expanding=True)
_WHOM: BindParameter[Any] = bindparam("whom", expanding=True)
SUPERVISED = select(relations.c.subject).where(
    *_in_force(relations), relations.c.account == bindparam("who"), relations.c.kind == "supervises"
)
HELD = (
    select(accounts.c.id, accounts.c.state)
    .where(accounts.c.tenant == bindparam("of"), accounts.c.id.in_(_WHOSE))
    .order_by(accounts.c.id)
    .with_for_update(read=True)
)
GRANTED = select(grants.c.role, grants.c.site, grants.c.program).where(
    *_in_force(grants), grants.c.account == bindparam("who")
)
RELATED = select(relations.c.account, relations.c.kind, relations.c.subject).where(
    *_in_force(relations), relations.c.account.in_(_WHOSE), relations.c.kind != "supervises"
)
RELATED_TO = RELATED.where(relations.c.subject.in_(_WHOM))
OPENED = select(emergencies.c.subject).where(
    emergencies.c.tenant == bindparam("of"),
    emergencies.c.account == bindparam("who"),
    emergencies.c.ends_at > bindparam("now"),
)
PLACED = select(placements).where(placements.c.tenant == bindparam("of"), placements.c.subject.in_(_WHOM))
"""Statements of every decision, built once: building them takes longer than running them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A role in force: everywhere where neither site nor program is named."""

    role: str
    site: str
    program: str


class Standing:
    """What one actor is, for one purpose, inside one transaction; one that may write, since it holds the account."""

    def __init__(self, connection: Connection, *, tenant: str, actor: str, purpose: str, now: datetime) -> None:
        self._connection = connection
        self._kind, _, self.account = actor.partition(":")
        self._asked: dict[str, Any] = {"of": tenant, "who": self.account, "now": now}
        self._purpose = purpose
        self._given: tuple[Given, ...] | None = None
        self._whose: tuple[str, ...] = (self.account,)
        self._emergencies: frozenset[str] = frozenset()
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
        self.meet([subject])
        related = self._relations[subject]
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

    def meet(self, subjects: Iterable[str]) -> None:
        """Read what the actor is to several subjects, and where they are, before decisions on each: only for speed."""
        if self._kind != "staff":
            return
        given = self._load()
        new = [one for one in dict.fromkeys(subjects) if one not in self._relations]
        is_bound = any(one.site or one.program for one in given)
        for start in range(0, len(new), AT_ONCE):
            some = new[start : start + AT_ONCE]
            places: dict[str, set[tuple[str, str]]] = {one: set() for one in some}
            if some == [""]:
                self._relations[""], self._places[""] = frozenset(), frozenset()
                continue
            if is_bound:
                for row in self._connection.execute(PLACED, self._asked | {"whom": some}):
                    places[row.subject].add((row.site, row.program))
            found = self._read(RELATED_TO, some)
            for one in some:
                self._relations[one] = frozenset(found.get(one, ()))
                self._places[one] = frozenset(places[one])

    def caseload(self) -> frozenset[str]:
        """Whom the actor is anything to: the only ones whose clinical content they may know of."""
        self._load()
        return frozenset(self._read(RELATED, ())) | self._emergencies

    @property
    def given(self) -> tuple[Given, ...]:
        """The roles in force; none for who is no person."""
        return self._load() if self._kind == "staff" else ()

    def welcomed(self, subject: str, *, is_treating: bool, places: Iterable[tuple[str, str]]) -> None:
        """Somebody new was just added by the actor, in this transaction (see `grants.welcome`)."""
        self._relations[subject] = frozenset({"team"} if is_treating else ())
        self._places[subject] = frozenset(places)

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
        return any(
            given.site in {"", site} and given.program in {"", program} for site, program in self._places[subject]
        )

    def _load(self) -> tuple[Given, ...]:
        """Read who the actor is; holds their account, and those they supervise, until the transaction ends."""
        if self._given is not None:
            return self._given
        known = {row.subject for row in self._connection.execute(SUPERVISED, self._asked)}
        held = self._connection.execute(HELD, self._asked | {"whose": sorted({self.account, *known})})
        self._is_stopped = {row.id: row.state for row in held}.get(self.account) != "active"
        if known:  # asked again: the first answer was before they were held
            known &= {row.subject for row in self._connection.execute(SUPERVISED, self._asked)}
        self._whose = (self.account, *sorted(known - {self.account}))
        self._emergencies = frozenset(row.subject for row in self._connection.execute(OPENED, self._asked))
        self._given = tuple(
            Given(role=row.role, site=row.site, program=row.program)
            for row in self._connection.execute(GRANTED, self._asked)
            if row.role in roles() and not roles()[row.role].only
        )
        return self._given

    def _read(self, statement: Any, whom: Iterable[str]) -> dict[str, set[str]]:
        """What the actor is to subjects: of themselves, through those they supervise, in an emergency."""
        found: dict[str, set[str]] = {one: {"emergency"} for one in whom if one in self._emergencies}
        for row in self._connection.execute(statement, self._asked | {"whose": self._whose, "whom": list(whom)}):
            if row.account == self.account:
                found.setdefault(row.subject, set()).add(row.kind)
            elif row.kind == "team":
                found.setdefault(row.subject, set()).add("supervises")
        return found
