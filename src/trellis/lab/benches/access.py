"""`trellis bench access`: what one decision on access costs, and the two hundred of a page with a chart.

To reach on two cores: a decision in 1 ms, two hundred in 50 ms. Decisions are asked of the policies anew each time,
without what is remembered of earlier ones; then as a page asks, with standing read from the database.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from trellis.chart import Client
from trellis.governance import Accounts, Facts, Standing, actions, add_account, give_role, judge, roles
from trellis.lab.benches.record import embedded, served
from trellis.lab.benches.runs import environment
from trellis.lab.servers import Server
from trellis.record import Record, make_clinic, open_clinic

Tell = Callable[[str, float | None], None]
DECISIONS = 200
OPERATOR = "operator:local"
RUNS = 25


def measure(tell: Tell) -> Mapping[str, Any]:
    """Figures of the policies alone, then on SQLite and on PostgreSQL."""
    figures: dict[str, Any] = {"environment": environment()}
    named = [
        Facts(kind="staff", action=action, roles=frozenset({role.name, "biller"}), relations=frozenset({relation}))
        for role in roles().values()
        for action in role.actions
        for relation in ("team", "emergency")
        if not role.only
    ]
    asked = (named * 2)[:DECISIONS]
    judge.__wrapped__(asked[0])  # the policies are read once
    tell("decisions by the policies alone", 0.1)
    each: list[float] = []
    whole: list[float] = []
    worked = time.process_time()
    for _ in range(RUNS):
        began = time.perf_counter()
        for facts in asked:
            started = time.perf_counter()
            judge.__wrapped__(facts)
            each.append(time.perf_counter() - started)
        whole.append(time.perf_counter() - began)
    worked = (time.process_time() - worked) / RUNS
    figures["policies alone"] = {
        "one decision": f"{_ms(statistics.median(each))} median, {_ms(_p99(each))} 99 in 100 (reach: 1)",
        f"{len(asked)} decisions": f"{_ms(statistics.median(whole))} (reach: 50), {_ms(worked)} of a processor",
    }
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(Server())
        for name, settings in (("SQLite", embedded(folder)), ("PostgreSQL", served(folder, server))):
            tell(f"{name}: a page", 0.6)
            make_clinic(settings, "Bench")
            with open_clinic(settings) as record:
                figures[name] = _page(record)
    return figures


def _page(record: Record) -> Mapping[str, str]:
    """A chart with two hundred decisions and a list of two hundred clients, in a transaction each."""
    accounts = Accounts(tenant=record.tenant, database=record.database, vault=record.vault)
    actor = add_account(accounts, OPERATOR, "dana")[0].actor
    give_role(accounts, OPERATOR, "dana", "clinician")
    with record.work(actor) as work:
        clients = [work.add(Client(legal_name=f"Client {n}"), reason="client.add").id for n in range(DECISIONS)]
    first: list[float] = []
    chart: list[float] = []
    listed: list[float] = []
    wanted = (sorted(actions()) * DECISIONS)[:DECISIONS]
    for _ in range(RUNS):
        for is_list in (False, True):
            with record.database.change(record.tenant) as connection:
                now = record.clock.now()
                standing = Standing(connection, tenant=record.tenant, actor=actor, purpose="treatment", now=now)
                started = time.perf_counter()
                if is_list:
                    standing.meet(clients)
                    assert all(standing.decide("content.open", client).is_permitted for client in clients)
                    listed.append(time.perf_counter() - started)
                    continue
                assert standing.decide("content.open", clients[0]).is_permitted
                first.append(time.perf_counter() - started)
                assert sum(standing.decide(action, clients[0]).is_permitted for action in wanted) > DECISIONS / 4
                chart.append(time.perf_counter() - started)
    return {
        "the first decision of a transaction, standing read": _ms(statistics.median(first)),
        f"a chart, {DECISIONS} decisions": f"{_ms(statistics.median(chart))} (reach: 50)",
        f"a list of {DECISIONS} clients": f"{_ms(statistics.median(listed))} (reach: 50)",
    }


def _p99(times: list[float]) -> float:
    return statistics.quantiles(times, n=100)[-1]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"
