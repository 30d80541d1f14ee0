"""Give entries of a client's record to somebody outside: one file, with what the law wants beside it, accounted for.

What a purpose needs is data (`record/data/disclosures.toml`). Consents are asked for in the transaction that keeps the
disclosure, with the client's row held: one that is revoked first refuses it. Records of a program under 42 CFR Part 2
need their own consent, for legal proceedings one apart or a court's order, and go with the notice of 42 CFR 2.32 and a
copy of the consent. Psychotherapy notes can't be named here: they are no entries.
"""

import hashlib
import os
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, cast

import msgspec

from trellis.chart import Consent, Disclosure, Entry, Use
from trellis.kernel import Conflict, Invalid, NotPermitted, Unavailable
from trellis.record.access import kept_from
from trellis.record.beside import open_final
from trellis.record.clients import charts_of, record_of
from trellis.record.consents import WITH_SOMEBODY
from trellis.record.labels import PART2
from trellis.record.room import Record
from trellis.record.uses import on_chain, refuse_unagreed
from trellis.record.work import Work

LEAVING = ("note", "cosignature", "addendum", "diagnosis", "medication", "allergy", "goal", "measurement")
"""Kinds that may be given to somebody outside: drafts, transcripts and sound aren't."""
CONTRACT = 1
INDIVIDUAL = "individual"
ORDER = "order"


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """What a disclosure is for and what it needs; see `record/data/disclosures.toml`."""

    key: str
    title: str
    needs: str
    order: bool
    why: bool
    part2: str
    accounted: bool
    part2_accounted: bool
    notice: bool
    source: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A statement that goes with records of a program under 42 CFR Part 2: since when, and where it stands."""

    key: str
    effective: date
    source: str
    verified: bool
    text: str
    short: str


@dataclass(frozen=True, slots=True)
class _Given:
    """What was said of a disclosure."""

    recipient: str
    order: str
    why: str


def purposes() -> tuple[Purpose, ...]:
    """Every purpose there is."""
    return _rules()[0]


def notice_on(day: date) -> Notice:
    """The notice in force on a day."""
    return max((one for one in _rules()[1] if one.effective <= day), key=lambda one: one.effective)


def disclose(
    record: Record,
    actor: str,
    client: str,
    entries: Sequence[str],
    target: Path,
    *,
    recipient: str,
    purpose: str,
    order: str = "",
    why: str = "",
) -> Entry[Disclosure]:
    """Write entries of a client to a new file for somebody, and keep that it was done.

    `NotPermitted` where a consent or an order is missing, on the audit chain; `Conflict` where the file is there or a
    note waits for its cosignature; `Invalid` where something isn't this client's or doesn't leave.
    """
    rule, given = purpose_of(purpose), _Given(recipient.strip(), order.strip(), why.strip())
    if not given.recipient or not entries:
        raise Invalid("record.disclosure_empty", "Something is given to somebody.", hint="Name both.")
    if target.exists():
        raise Conflict("record.disclosure_there", "There is a file of that name.", hint="Name a new one.")
    with on_chain(record, actor, "record.disclose", client, client), record.work(actor, purpose="request") as work:
        opened = _opened(work, client, entries)
        if purpose == INDIVIDUAL:
            _refuse_withheld(work, client, opened)
        labels = {one.label for one in opened}
        consents = _permitted(work, client, rule, given, labels)
        notice = notice_on(work.now.date()) if PART2 in labels and rule.notice else None
        whole = _file(work, opened, consents, notice, (given.recipient, rule.title))
        done: Entry[Disclosure] = work.add(
            Disclosure(
                recipient=given.recipient,
                purpose=purpose,
                entries=tuple(one.id for one in opened),
                digest=hashlib.sha256(whole).hexdigest(),
                consents=tuple(one.id for one in consents),
                notice=notice.key if notice else "",
                order=given.order,
                why=given.why,
            ),
            client=record_of(work, client),
            state="given",
            reason="record.disclose",
            detail={"entries": len(opened), "purpose": purpose},
        )
        _write(target.with_name(target.name + ".new"), whole)
    target.with_name(target.name + ".new").replace(target)
    return done


def _opened(work: Work, client: str, ids: Sequence[str]) -> list[Entry[Any]]:
    """The entries, each this client's and of a kind that leaves; a note only where it is final."""
    charts = charts_of(work, record_of(work, client))
    listed = [work.listed(one) for one in dict.fromkeys(ids)]
    for one in listed:
        if one.client not in charts or one.kind not in LEAVING:
            raise Invalid(
                "record.disclosure_entry",
                f"{one.id} isn't this client's, or is nothing that is given away.",
                hint="List the client's entries: " + ", ".join(LEAVING) + ".",
            )
    for one in listed:
        if one.kind == "note":
            open_final(work, one.id)
    return work.open_all(listed)


def _permitted(work: Work, client: str, rule: Purpose, given: _Given, labels: set[str]) -> list[Entry[Consent]]:
    """The consents this rests on; `NotPermitted` with what is missing."""
    if rule.why and not given.why:
        raise NotPermitted(
            "record.disclosure_why", "This needs a word on why.", hint="Say what happened, and who asked."
        )
    wanted = _needs(rule) if labels - {PART2} else set()
    if PART2 in labels:
        wanted |= _part2_needs(rule, given)
    if ORDER in wanted and not given.order:
        raise NotPermitted(
            "record.disclosure_order", "This needs an order, or an authority's paper.", hint="Give its number."
        )
    found: dict[str, Entry[Consent]] = {}
    for use in sorted(wanted - {ORDER}):
        named = given.recipient if use in WITH_SOMEBODY else ""
        found |= {one.id: one for one in refuse_unagreed(work, client, cast("Use", use), recipient=named)}
    return list(found.values())


def _needs(rule: Purpose) -> set[str]:
    """What records of any kind need."""
    return {use for use in (rule.needs, ORDER if rule.order else "") if use}


def _part2_needs(rule: Purpose, given: _Given) -> set[str]:
    """What records of a program need: their own consent, or a court's order."""
    if rule.part2 == "never":
        raise NotPermitted(
            "record.program_never",
            "Records of a substance use program aren't given away for this.",
            hint="Give what names nobody, or ask for the client's consent.",
        )
    if rule.part2 in ("none", "why"):
        return set()
    use, _, other = rule.part2.partition(" or ")
    return {ORDER} if other == ORDER and given.order else {use}


def _file(
    work: Work,
    opened: Sequence[Entry[Any]],
    consents: Sequence[Entry[Consent]],
    notice: Notice | None,
    about: tuple[str, str],
) -> bytes:
    """What leaves, as one JSON object, the notice first. `about` is the recipient, and what it is for in words."""
    recipient, purpose = about
    client = record_of(work, opened[0].client)
    person = work.open(client).content
    whole = {
        "contract": CONTRACT,
        "notice": {"text": notice.text, "source": notice.source} if notice else None,
        "recipient": recipient,
        "purpose": purpose,
        "made_at": work.now,
        "client": {"id": client, "name": person.legal_name, "birth_date": person.birth_date},
        "consents": [{"id": one.id, "content": one.content} for one in consents],
        "records": [
            {
                "id": one.id,
                "kind": one.kind,
                "occurred_at": one.occurred_at,
                "state": one.state,
                "version": one.version,
                "part2": one.label == PART2,
                "content": one.content,
            }
            for one in opened
        ],
    }
    return msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n"


def _refuse_withheld(work: Work, client: str, opened: Sequence[Entry[Any]]) -> None:
    """`NotPermitted` where something is kept from the client."""
    kept = kept_from(work, client)
    if any(one.id in kept for one in opened):
        raise NotPermitted(
            "record.disclosure_withheld", "Some of it is kept from the client.", hint="See trellis access show."
        )


def _write(path: Path, content: bytes) -> None:
    """A file for its owner's eyes alone."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        raise Unavailable(
            "record.disclosure_refused", "The file can't be written: no room, or not yours.", hint="Name another."
        ) from None


def purpose_of(key: str) -> Purpose:
    """A purpose by its key; `Invalid` where there is none."""
    found = next((one for one in purposes() if one.key == key), None)
    if found is None:
        known = ", ".join(one.key for one in purposes())
        raise Invalid("record.purpose_absent", "There is no such purpose.", hint=f"There are: {known}.")
    return found


@cache
def _rules() -> tuple[tuple[Purpose, ...], tuple[Notice, ...]]:
    data = tomllib.loads((files("trellis.record") / "data" / "disclosures.toml").read_text(encoding="utf-8"))
    return tuple(Purpose(**one) for one in data["purposes"]), tuple(_notices(data["notices"]))


def _notices(given: Sequence[dict[str, Any]]) -> Iterator[Notice]:
    for one in given:
        yield Notice(**{**one, "text": one["text"].strip()})
