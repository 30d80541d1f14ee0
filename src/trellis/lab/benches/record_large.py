"""`trellis bench record-large`: lists and pages where a clinic has 50,000 clients and two million notes.

To reach on PostgreSQL: each within 200 ms. The pages are a clinician's, who may know of the notes of their own caseload
alone, spread among everybody's; lists of the whole clinic are its operator's. Heads are made by the database itself,
since lists read nothing else; what a page opens (the clients on it, a chart) is written through the record. Takes a few
minutes and some 2 GiB of disk.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from trellis.chart import Client, Encounter, Goal, Listed, Measurement, Present
from trellis.kernel import Settings
from trellis.lab.benches.record import OPERATOR, SAID, hire, note_of, served
from trellis.lab.benches.runs import environment
from trellis.lab.servers import Server
from trellis.record import Record, make_clinic, open_chart, open_clinic
from trellis.store import open_postgres

Tell = Callable[[str, float | None], None]
CLIENTS, NOTES = 50_000, 2_000_000
PAGE = 50
RUNS = 15
CASELOAD = 60
OPEN = 500
"""Of so many drafts one is open."""
HEADS = """
    INSERT INTO entries (tenant, id, kind, client, encounter, version, state, label, occurred_at, changed_at)
    SELECT :tenant, CAST(:prefix AS text) || lpad(CAST(g AS text), 26, '0'), :kind,
        'cli_' || lpad(CAST(g % :clients AS text), 26, '0'), NULL, 1,
        CASE WHEN g % :every = 0 THEN CAST(:other AS text) ELSE :state END, '', moment, moment
    FROM (
        SELECT g, timestamptz '2016-01-01 09:00Z' + g % 3650 * interval '1 day' + g % 28800 * interval '1 s' AS moment
        FROM generate_series(0, :count - 1) g
    ) AS made
"""
TEAM = """
    INSERT INTO relations (tenant, id, account, kind, subject, given_by, given_at)
    SELECT :tenant, 'rel_' || lpad(CAST(g AS text), 26, '0'), :account, 'team',
        'cli_' || lpad(CAST(g * :clients / :caseload AS text), 26, '0'), :by, now()
    FROM generate_series(0, :caseload - 1) g
"""
MADE = (
    {"prefix": "cli_", "kind": "client", "count": CLIENTS, "state": "current", "other": "current"},
    {"prefix": "not_", "kind": "note", "count": NOTES, "state": "signed", "other": "signed"},
    {"prefix": "dra_", "kind": "draft", "count": NOTES, "state": "closed", "other": "open"},
)


def measure(tell: Tell) -> Mapping[str, Any]:
    """Medians of lists and pages, each in a transaction of its own with its audit."""
    figures: dict[str, Any] = {"environment": environment()}
    with tempfile.TemporaryDirectory() as folder, Server(is_safe=True) as server:
        settings = served(Path(folder), server)
        make_clinic(settings, "Bench")
        with open_clinic(settings) as record:
            actor = hire(record)
            tell("making clients and notes", 0.1)
            _fill(settings, record.tenant, actor)
            client = _page_of_clients(record, actor)
            notes: Any = {"kinds": ["note"], "newest": PAGE}
            drafts: Any = {"kinds": ["draft"], "states": ["open"], "newest": PAGE}
            pages: Mapping[str, Callable[[], object]] = {
                f"the newest {PAGE} clients, opened": lambda: _clients(record, actor),
                f"the newest {PAGE} notes of a caseload": lambda: _listed(record, actor, **notes),
                f"the newest {PAGE} open drafts of a caseload": lambda: _listed(record, actor, **drafts),
                f"the newest {PAGE} notes of all": lambda: _listed(record, OPERATOR, **notes),
                f"the newest {PAGE} open drafts of all": lambda: _listed(record, OPERATOR, **drafts),
                "everything one client has, listed": lambda: _listed(record, actor, client=f"cli_{0:026}"),
                "one chart, opened": lambda: _chart(record, actor, client),
            }
            figures[f"{CLIENTS:,} clients, {NOTES:,} notes"] = {name: _time(page) for name, page in pages.items()}
    return figures


def _fill(settings: Settings, tenant: str, actor: str) -> None:
    owner = open_postgres(settings.text("store.owner_url"))
    with owner.change(tenant) as connection:
        for each in MADE:
            connection.execute(text(HEADS), {"tenant": tenant, "clients": CLIENTS, "every": OPEN, **each})
        whose = {"account": actor.partition(":")[2], "by": OPERATOR, "clients": CLIENTS, "caseload": CASELOAD}
        connection.execute(text(TEAM), {"tenant": tenant, **whose})
    with owner.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    owner.close()


def _page_of_clients(record: Record, actor: str) -> str:
    """The newest clients, whole; the last of them with a year of care."""
    with record.work(actor) as work:
        for number in range(PAGE):
            client = work.add(Client(legal_name=f"Client {number}"), reason="client.add").id
        work.add(Goal(words=SAID), client=client, reason="goal.add")
        for week in range(50):
            at = work.now - timedelta(days=7 * week)
            there = (Present(role="client", client=client),)
            meeting = Encounter(mode="video", clinician=actor, started_at=at, present=there)
            add: Any = {"client": client, "occurred_at": at, "reason": "bench.add"}
            encounter = work.add(meeting, **add).id
            work.add(note_of(actor, client, week, at), encounter=encounter, state="signed", **add)
            work.add(Measurement(instrument="PHQ-9", value=9.0), **add)
    return client


def _clients(record: Record, actor: str) -> object:
    with record.work(actor) as work:
        return work.open_all(work.find(kinds=["client"], newest=PAGE))


def _listed(record: Record, actor: str, **asked: Any) -> list[Listed]:
    with record.work(actor) as work:
        found = work.find(**asked)
    assert found
    return found


def _chart(record: Record, actor: str, client: str) -> object:
    with record.work(actor) as work:
        return open_chart(work, client)


def _time(page: Callable[[], object]) -> str:
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        page()
        times.append((time.perf_counter() - started) * 1000)
    return f"{statistics.median(times):.1f} ms median, {max(times):.1f} ms at most (reach: 200)"
