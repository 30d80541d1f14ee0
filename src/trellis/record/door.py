"""The gate in the one door to the record: what an actor may open, write and see, asked before anything is given out.

Takes what an actor is (governance's standing) and ids; gives decisions, or a refusal. The surfaces ask nothing
themselves: web, terminal and jobs get the same answer, since there is no other door. A refusal names its rule to
those who may know what it is about; to everybody else there is nothing there, in the same words as of an id that never
was. Every refusal is on the audit chain, also of an id that isn't there: who guesses leaves a trace.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import Connection, Row, Select, select

from trellis.governance import AuditEntry, Decision, Given, Standing, refusal, welcome
from trellis.kernel import NotFound, TrellisError, is_id
from trellis.record.tables import entries

GROUPS = {
    "client": "contact",
    "merge": "contact",
    "membership": "contact",
    "episode": "schedule",
    "encounter": "schedule",
    "attendance": "schedule",
    "task": "schedule",
    "consent": "consent",
    "representative": "consent",
    "diagnosis": "diagnosis",
    "medication": "medication",
    "allergy": "medication",
    "configuration": "config",
    "disclosure": "disclosure",
}
"""Which actions open and change a kind of entry; every kind that isn't here is clinical content."""
WRITES = {
    "note": "note.sign",
    "cosignature": "note.cosign",
    "addendum": "note.amend",
    "disclosure": "disclosure.add",
}
"""Kinds whose writing is an action of its own."""
UNKNOWN = ("grant.missing", "account.stopped", "actor.unknown")
"""Rules that refuse because of what the actor is, whoever it is about: they prove no right to know of it."""


class Stands(Protocol):
    """What an actor is, in one transaction: governance's `Standing`, or a twin of it."""

    def decide(self, told: str, subject: str = "", *, about: str = "") -> Decision:
        """Whether an action is permitted on a subject."""
        ...

    def meet(self, subjects: Iterable[str]) -> None:
        """Several subjects are about to be decided on."""
        ...

    def caseload(self) -> frozenset[str] | None:
        """Whom the actor is anything to; None where that is everybody."""
        ...

    def welcomed(self, subject: str, *, is_treating: bool, places: Iterable[tuple[str, str]]) -> None:
        """Somebody new was added by the actor in this transaction."""
        ...

    @property
    def given(self) -> Sequence[Given]:
        """The roles in force."""
        ...


class Gate(Protocol):
    """Says what an actor is; `Standing` itself is one."""

    def __call__(self, connection: Connection, *, tenant: str, actor: str, purpose: str, now: datetime) -> Stands:
        """What an actor is, for one purpose, inside one transaction."""
        ...


GATE: Gate = Standing


class Door:
    """The gate of one piece of work; made by it."""

    def __init__(
        self, connection: Connection, standing: Stands, *, tenant: str, actor: str, purpose: str, now: datetime
    ) -> None:
        self._connection = connection
        self._standing = standing
        self._tenant = tenant
        self._actor = actor
        self._purpose = purpose
        self._now = now
        self._is_person = actor.startswith("staff:")
        self._answers: dict[tuple[str, str], Decision] = {}
        self.refusals: list[AuditEntry] = []

    def decide(self, action: str, client: str = "") -> Decision:
        """Whether an action is permitted on a client, or whoever else an entry belongs to; on the clinic where empty.

        What belongs to an encounter of several clients is open to who may do it for one of them.
        """
        asked = (action, client if self._is_person else "")
        if asked not in self._answers:
            answers = [self._standing.decide(action, one) for one in self._concerned(client)]
            self._answers[asked] = next((one for one in answers if one.is_permitted), answers[0])
        return self._answers[asked]

    def allow(
        self, action: str, client: str = "", *, subject: str = "", absent: TrellisError | None = None
    ) -> Decision:
        """The decision where it permits; else the refusal as an error: `NotPermitted`, or what an unknown id brings.

        `subject` is what was asked for, where that isn't the client; `absent` the error of it not being there.
        """
        answer = self.decide(action, client)
        if answer.is_permitted:
            return answer
        self._refused(action, subject or client, client, answer.rule)
        is_of_client = bool(client) and subject not in ("", client)
        is_unknown = bool(client) and not self.decide("contact.open", client).is_permitted
        if is_unknown or (is_of_client and answer.rule in UNKNOWN):
            raise absent or absent_entry(subject or client)
        raise refusal(answer)

    def miss(self, entry_id: str) -> NotFound:
        """The error of an id that isn't there; on the chain, and after as much asking, as a refusal would be."""
        if self._is_person:
            self.decide("record.open", entry_id)
            self.decide("contact.open", entry_id)
            self._refused("record.open", entry_id, "", "record.absent")
        return absent_entry(entry_id)

    def check(self, rows: Iterable[Row[Any]]) -> Decision | None:
        """Whether every row's entry may be opened; the last decision, since all are permitted."""
        answer = None
        for row in rows:
            answer = self.allow(action_on(row.kind, "open"), _owner(row), subject=row.id)
        return answer

    def seen(self, rows: Sequence[Row[Any]]) -> list[Row[Any]]:
        """The rows of those that the actor may know of, in their order."""
        self._standing.meet(_owner(row) for row in rows)
        return [row for row in rows if self.decide(action_on(row.kind, "open"), _owner(row)).is_permitted]

    def listed(self, asked: Select[Any], newest: int | None = None) -> list[Row[Any]]:
        """What a statement gives of what the actor may know of, in its order; the first `newest`, where limited.

        Read in parts where it depends on whose a row is, since others' lie between.
        """
        if newest is None or not self._is_person:
            return self.seen(self._connection.execute(asked.limit(newest)).all())
        found: list[Row[Any]] = []
        size, start = max(4 * newest, 200), 0
        while rows := self._connection.execute(asked.limit(size).offset(start)).all():
            found += self.seen(rows)
            start += size
            if len(found) >= newest or len(rows) < size:
                break
        return found[:newest]

    def whose(self, kinds: Collection[str]) -> frozenset[str] | None:
        """Whom a list of these kinds can be about for the actor, where that is fewer than everybody; None if not."""
        if not self._is_person or not kinds or any(kind in GROUPS for kind in kinds):
            return None
        return self._standing.caseload()

    def let_in(self, client: str) -> None:
        """A client was just added: they are where, and treated by, the one who added them."""
        if not self._is_person:
            return
        given = self._standing.given
        is_bound = given and all(one.site or one.program for one in given)
        places = [(one.site, one.program) for one in given] if is_bound else []
        is_treating = self._may_treat()
        welcome(
            self._connection,
            tenant=self._tenant,
            actor=self._actor,
            subject=client,
            now=self._now,
            places=places,
            is_treating=is_treating,
        )
        self._standing.welcomed(client, is_treating=is_treating, places=places)

    def _may_treat(self) -> bool:
        """Whether the actor's roles write clinical content for whose team they are on."""
        return self._standing.decide("content.change").rule != "grant.missing"

    def _concerned(self, client: str) -> Sequence[str]:
        """Whose an id is: of an encounter with several clients, theirs."""
        if not self._is_person or not is_id(client, "enc"):
            return [client]
        asked = select(entries.c.client).where(
            entries.c.tenant == self._tenant, entries.c.encounter == client, entries.c.kind == "attendance"
        )
        return [row.client for row in self._connection.execute(asked)] or [""]

    def _refused(self, action: str, subject: str, client: str, rule: str) -> None:
        is_shaped = subject[3:4] == "_" and is_id(subject, subject[:3])
        self.refusals.append(
            AuditEntry(
                actor=self._actor,
                action=action,
                subject=subject if is_shaped else self._tenant,
                client=client,
                purpose=self._purpose,
                decision="refuse",
                rule=rule,
            )
        )


def action_on(kind: str, verb: str) -> str:
    """The action that opens or changes a kind of entry."""
    if verb == "add" and kind in WRITES:
        return WRITES[kind]
    return f"{GROUPS.get(kind, 'content')}.{'open' if verb == 'open' else 'change'}"


def _owner(row: Row[Any]) -> str:
    """Whose an entry is; nobody's where it is how the clinic works."""
    return "" if row.kind == "configuration" else str(row.client)


def absent_entry(entry_id: str) -> NotFound:
    """What is said of an id that isn't there, and of one that may not be known of."""
    return NotFound("record.entry_absent", f"There is no {entry_id}.", hint="Check the id.")
