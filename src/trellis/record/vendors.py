"""Who outside gets anything: each remote engine or store is a vendor with what it receives and the days of its BAA.

Takes the address something would go to, what goes there and the clinic's configuration; gives the vendor, or
`NotPermitted`: without an agreement that holds today (45 CFR 164.504(e)) nothing leaves this machine. What stays on it
(the loopback, a folder) needs none. Vendors are part of the configuration, so each change has its author and its day.
"""

import urllib.parse
from dataclasses import replace
from datetime import date, timedelta

from trellis.chart import Configuration, Receives, Vendor
from trellis.governance import AuditEntry
from trellis.kernel import Conflict, NotFound, NotPermitted, is_loopback
from trellis.record.configure import configuration_of, configure
from trellis.record.room import Record
from trellis.record.uses import on_chain
from trellis.record.work import Work


def address_of(url: str) -> str:
    """What a vendor is known by: the host of an http address, the place of an object store (`s3://bucket`).

    Empty for a folder, and for what isn't an address.
    """
    try:
        parts = urllib.parse.urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return ""
    if not parts.scheme or not host:
        return ""
    return host if parts.scheme in ("http", "https") else f"{parts.scheme}://{host}"


def is_here(url: str) -> bool:
    """Whether what goes to a URL stays on this machine."""
    address = address_of(url)
    return not address or is_loopback(address)


def agreed_vendor(configuration: Configuration, url: str, what: Receives, on: date) -> Vendor:
    """The vendor behind a URL that may be sent this on a day; `NotPermitted` where there is none."""
    mine = [one for one in configuration.vendors if one.address == address_of(url)]
    for one in mine:
        if what in one.receives and one.agreed_on <= on and (one.until is None or on <= one.until):
            return one
    named = ", ".join(one.key for one in mine) or "nobody"
    raise NotPermitted(
        "record.vendor_unagreed",
        f"No agreement lets {what} go beyond this machine there (known: {named}).",
        hint="Sign a BAA, then trellis vendor add; or use an engine on this machine.",
    )


def refuse_unagreed_vendor(work: Work, url: str, what: Receives) -> None:
    """`NotPermitted` where something would leave this machine without a BAA; else the chain says who gets what."""
    if is_here(url):
        return
    vendor = agreed_vendor(work.in_force(), url, what, work.now.date())
    work.lines.append(
        AuditEntry(
            actor=work.actor,
            action="vendor.send",
            subject=work.tenant,
            purpose=work.purpose,
            rule="vendor.agreed",
            detail={"vendor": vendor.key, "what": what},
        )
    )


def refuse_blobs_elsewhere(record: Record, actor: str) -> None:
    """`NotPermitted`, on the chain, where sealed files would go to a store whose owner has no BAA."""
    if is_here(record.blobs.address):
        return
    with on_chain(record, actor, "vendor.send", record.tenant), record.work(actor, purpose="operations") as work:
        refuse_unagreed_vendor(work, record.blobs.address, "files")


def add_vendor(work: Work, vendor: Vendor) -> None:
    """Let a vendor be sent something from the day of its BAA on; `Conflict` where the key is taken."""
    before = _configuration(work)
    if any(one.key == vendor.key for one in before.vendors):
        raise Conflict("record.vendor_exists", f"There is a vendor '{vendor.key}'.", hint="Give another key.")
    configure(work, replace(before, vendors=(*before.vendors, vendor)), reason="vendor_add")


def end_vendor(work: Work, key: str) -> None:
    """End a vendor's agreement: nothing is sent there any more from this moment on."""
    before = _configuration(work)
    if not any(one.key == key for one in before.vendors):
        raise NotFound("record.vendor_absent", f"There is no vendor '{key}'.", hint="See trellis vendor list.")
    yesterday = work.now.date() - timedelta(days=1)
    ended = tuple(replace(one, until=yesterday) if one.key == key else one for one in before.vendors)
    configure(work, replace(before, vendors=ended), reason="vendor_end")


def _configuration(work: Work) -> Configuration:
    found = configuration_of(work)
    return found.content if found is not None else Configuration()
