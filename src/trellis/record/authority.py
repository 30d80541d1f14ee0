"""Who may agree for a client on a day: the client, or those who decide for them, alone or together.

A child doesn't sign: a parent, guardian or proxy does. What was set up for a child ends on the 18th birthday. For an
adult a guardian signs in the client's place, a proxy beside them. Where an order asks for several, all of them sign.
Whether a child may agree alone is the law of each state, and none of it is verified yet: until then they may not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from trellis.chart import Client, Entry, Representative, Use
from trellis.kernel import Conflict, Invalid, NotFound
from trellis.record.clients import charts_of, record_of
from trellis.record.tables import entries
from trellis.record.work import Work

MAJORITY = 18
IN_FORCE, ENDED = "in_force", "ended"


def hold(work: Work, owners: Iterable[str], *, alone: bool = False) -> None:
    """Hold the rows of clients or encounters until this transaction ends: with other uses, or alone to revoke."""
    asked = select(entries.c.id).where(entries.c.tenant == work.tenant, entries.c.id.in_(sorted(set(owners))))
    work.connection.execute(asked.order_by(entries.c.id).with_for_update(read=not alone)).all()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciders:
    """Who may agree: the client where `client`, any of `any_of`; where `all_of` isn't empty, all of those and no less.

    The last two are ids of representatives.
    """

    client: bool
    any_of: frozenset[str] = frozenset()
    all_of: frozenset[str] = frozenset()


def of_age_on(born: date) -> date:
    """The day somebody turns 18; born on a leap day, the first of March."""
    try:
        return born.replace(year=born.year + MAJORITY)
    except ValueError:
        return date(born.year + MAJORITY, 3, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """What decides who may agree for a client: their birth date, and those who may decide for them."""

    born: date | None
    representatives: tuple[Entry[Representative], ...]

    def deciders(self, use: Use, on: date) -> Deciders:
        """Who may agree to a use on a day; nobody where no birth date says whether the client is of age."""
        if self.born is None:
            return Deciders(client=False)
        grown = of_age_on(self.born)
        found = [one for one in self.representatives if _decides(one.content, use, on, grown)]
        if on >= grown:
            guardians = [one for one in found if one.content.basis == "guardian"]
            if not guardians:
                return Deciders(client=True, any_of=frozenset(one.id for one in found if one.content.basis == "proxy"))
            found = guardians
        together = frozenset(one.id for one in found if one.content.together)
        return Deciders(
            client=False, any_of=frozenset() if together else frozenset(one.id for one in found), all_of=together
        )


def authority_of(work: Work, client: str) -> Authority:
    """What decides who may agree for a client."""
    person: Client = work.open(record_of(work, client)).content
    return Authority(born=person.birth_date, representatives=tuple(representatives_of(work, client)))


def deciders(work: Work, client: str, use: Use, on: date) -> Deciders:
    """Who may agree to a use for a client on a day."""
    return authority_of(work, client).deciders(use, on)


def representatives_of(work: Work, client: str) -> list[Entry[Representative]]:
    """Those who may decide for a client whose place nobody has ended."""
    return [
        one
        for chart in charts_of(work, record_of(work, client))
        for one in work.open_found(client=chart, kinds=["representative"], states=[IN_FORCE])
    ]


def add_representative(work: Work, client: str, representative: Representative) -> Entry[Representative]:
    """Say that somebody decides for a client."""
    if not representative.name.strip():
        raise Invalid("record.representative_unnamed", "Somebody who signs has a name.", hint="Give the name.")
    if representative.until is not None and representative.until < representative.since:
        raise Invalid("record.representative_dates", "It ends before it begins.", hint="Check both days.")
    owner = record_of(work, client)
    hold(work, charts_of(work, owner), alone=True)
    return work.add(representative, client=owner, state=IN_FORCE, reason="representative.add")


def end_representative(work: Work, representative: str) -> Entry[Representative]:
    """Say that somebody doesn't decide for a client any more; what only they agreed to ends with it."""
    found: Entry[Representative] = work.open(representative)
    if found.kind != "representative":
        raise NotFound("record.representative_absent", f"{representative} is none.", hint="List them first.")
    hold(work, charts_of(work, record_of(work, found.client)), alone=True)
    if found.state == ENDED:
        raise Conflict("record.representative_ended", "That has ended already.", hint="Nothing was changed.")
    return work.change(found, found.content, state=ENDED, reason="representative.end")


def _decides(one: Representative, use: Use, on: date, grown: date) -> bool:
    return all(_conditions(one, use, on, grown))


def _conditions(one: Representative, use: Use, on: date, grown: date) -> Iterator[bool]:
    yield one.since <= on
    yield one.until is None or on <= one.until
    yield not one.purposes or use in one.purposes
    yield on < grown or one.since >= grown
