"""`trellis bench record`: opening charts, saving at once, the audit chain, an hour of audio; on both databases.

To reach on two cores: a chart of ten years in 50 ms (median), a hundred writers at once in 250 ms (95 in 100), an audit
append in 2 ms, 50,000 entries verified a second, an hour of audio sealed in 5 s, sought in 100 ms, within 50 MiB.
Takes nothing; clinics are made in a temporary folder, PostgreSQL is started for the run and waits for its disk as in a
clinic. What it holds is synthetic.
"""

import random
import resource
import statistics
import sys
import tempfile
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from trellis.chart import (
    Client,
    Diagnosis,
    DraftSection,
    DraftStatement,
    Encounter,
    Entry,
    Evidence,
    Goal,
    Header,
    Measurement,
    Medication,
    NoteText,
    Present,
    Signature,
    SignedNote,
    SignedSection,
    SignedStatement,
    Signer,
    StoredDraft,
    Writer,
)
from trellis.governance import Accounts, AuditEntry, add_account, append, give_role
from trellis.kernel import Settings, new_id
from trellis.lab.benches.runs import environment
from trellis.lab.servers import ROLE, Server
from trellis.record import Record, keep_blob, make_clinic, open_blob, open_chart, open_clinic, search

Tell = Callable[[str, float | None], None]
NOTES, MEASUREMENTS = 500, 2_000
OPENINGS, SEARCHES = 30, 5
PEOPLE = 2_000
WRITERS, SAVES = 100, 5
APPENDS, CHAIN = 300, 50_000
HOUR = 3_600 * 16_000 * 2
"""Bytes of an hour of speech: 16 bit, 16 kHz, one channel."""
SEEKS = 50
OPERATOR = "operator:local"
SAID = "Client reports sleeping about four hours a night and worrying about work in the evenings. "


def measure(tell: Tell) -> Mapping[str, Any]:
    """Figures for SQLite and for PostgreSQL."""
    figures: dict[str, Any] = {"environment": environment()}
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(Server(is_safe=True))
        for name, settings in (("SQLite", embedded(folder)), ("PostgreSQL", served(folder, server))):
            make_clinic(settings, "Bench")
            with open_clinic(settings) as record:
                tell(f"{name}: ten years of a chart", 0.1)
                figures[f"{name}: open a chart of {NOTES} notes and {MEASUREMENTS:,} measurements"] = _charts(record)
                tell(f"{name}: people by name", 0.4)
                figures[f"{name}: {PEOPLE:,} people looked through by name"] = _names(record)
                tell(f"{name}: {WRITERS} writers", 0.5)
                figures[f"{name}: {WRITERS} writers at once"] = _writers(record)
                tell(f"{name}: the audit chain", 0.7)
                figures[f"{name}: audit chain"] = _chain(record)
                if name == "SQLite":
                    tell("an hour of audio", 0.9)
                    figures["an hour of audio"] = _audio(record)
    return figures


def embedded(folder: Path) -> Settings:
    """A clinic in a folder."""
    return Settings({"store.folder": str(folder / "embedded")})


def served(folder: Path, server: Server) -> Settings:
    """A clinic whose record and keys are on a server."""
    owner, app = server.make()
    keys_owner, keys_app = server.make()
    chosen = {"store.folder": str(folder / "served"), "store.url": app, "store.owner_url": owner, "store.role": ROLE}
    return Settings(chosen | {"store.keys_url": keys_app, "store.keys_owner_url": keys_owner})


def hire(record: Record) -> str:
    """Somebody new who treats and prescribes, as an actor: what they may do is decided at the door, as in a clinic."""
    accounts = Accounts(tenant=record.tenant, database=record.database, vault=record.vault)
    account, _ = add_account(accounts, OPERATOR, new_id("usr"))
    for role in ("clinician", "prescriber"):
        give_role(accounts, OPERATOR, account.id, role)
    return account.actor


def note_of(actor: str, client: str, number: int, signed_at: datetime) -> SignedNote:
    """A note as long as such notes are: 30 sentences with their quotes."""
    statements = tuple(
        SignedStatement(
            number=each, text=SAID, topic="sleep", written_by="machine", evidence=(Evidence(turn=each, quote=SAID),)
        )
        for each in range(1, 31)
    )
    text = NoteText(
        note=f"not_{number}",
        header=Header(client=client),
        format="soap",
        language="en",
        writer=Writer(name="extractive", version="1"),
        signer=Signer(staff=actor, name="Dana Reyes", credentials="LCSW"),
        signed_at=signed_at,
        salt="0" * 32,
        draft=f"dra_{number}",
        draft_version=1,
        sections=(SignedSection(key="subjective", title="Subjective", statements=statements),),
    )
    return SignedNote(
        text=text, digest="0" * 64, signature=Signature(key="key_0", public="0" * 64, signature="0" * 128)
    )


def _charts(record: Record) -> Mapping[str, str]:
    actor = hire(record)
    client = _ten_years(record, actor)
    times = []
    for _ in range(OPENINGS):
        started = time.perf_counter()
        with record.work(actor) as work:
            chart = open_chart(work, client)
        times.append(time.perf_counter() - started)
    assert (chart.counts["note"], chart.counts["measurement"]) == (NOTES, MEASUREMENTS)
    searches = []
    for _ in range(SEARCHES):
        started = time.perf_counter()
        with record.work(actor) as work:
            found = search(work, client, "sleeping evenings")
        searches.append(time.perf_counter() - started)
    assert len(found) >= NOTES
    return {
        "median": f"{_ms(statistics.median(times))} (reach: 50)",
        "95 in 100": _ms(_p95(times)),
        "words looked for in all of it, opened and read": _ms(statistics.median(searches)),
    }


def _names(record: Record) -> str:
    """What a list of people by name costs: each is sealed under a key of their own."""
    actor = hire(record)
    with record.work(actor) as work:
        for number in range(PEOPLE):
            work.add(Client(legal_name=f"Person {number}"), reason="client.add")
    started = time.perf_counter()
    with record.work(actor) as work:
        named = [one.content.name for one in work.open_found(kinds=["client"])]
    assert len(named) > PEOPLE
    return _ms(time.perf_counter() - started)


def _ten_years(record: Record, actor: str) -> str:
    start = record.clock.now() - timedelta(days=3650)
    chance = random.Random(1)
    with record.work(actor) as work:
        client = work.add(
            Client(legal_name="Ann Example", birth_date=datetime(1985, 4, 3, tzinfo=UTC).date()), reason="x.add"
        )
        add: Any = {"client": client.id, "reason": "bench.add"}
        for number in range(20):
            work.add(
                Diagnosis(code="F33.1", words="Depression", status=chance.choice(("confirmed", "resolved"))), **add
            )
            work.add(Goal(words=SAID, status=chance.choice(("active", "met"))), **add)
            work.add(Medication(name=f"drug {number}", stopped_on=chance.choice((None, start.date()))), **add)
    for number in range(NOTES):
        at = start + timedelta(days=7 * number)
        with record.work(actor) as work:
            meeting = Encounter(
                mode="video", clinician=actor, started_at=at, present=(Present(role="client", client=client.id),)
            )
            encounter = work.add(meeting, occurred_at=at, **add).id
            work.add(note_of(actor, client.id, number, at), encounter=encounter, state="signed", occurred_at=at, **add)
            for instrument in ("PHQ-9", "GAD-7", "PCL-5", "AUDIT")[: MEASUREMENTS // NOTES]:
                work.add(Measurement(instrument=instrument, value=float(chance.randrange(20))), occurred_at=at, **add)
    return client.id


def _writers(record: Record) -> Mapping[str, str]:
    """A hundred people, each with a draft of their own, save it at the same moment, several times."""
    drafts: list[tuple[str, Entry[StoredDraft]]] = []
    for number in range(WRITERS):
        actor = hire(record)
        with record.work(actor) as work:
            client = work.add(Client(legal_name=f"Client {number}"), reason="client.add").id
            drafts.append((actor, work.add(_draft(SAID), client=client, state="open", reason="draft.record")))
    times: list[float] = []
    failed: list[BaseException] = []
    gate = threading.Barrier(WRITERS)

    def save(actor: str, draft: Entry[StoredDraft]) -> None:
        try:
            for number in range(SAVES):
                gate.wait()
                started = time.perf_counter()
                with record.work(actor) as work:
                    draft = work.change(draft, _draft(f"{SAID} {number}"), reason="draft.edit")
                times.append(time.perf_counter() - started)
        except BaseException as error:  # noqa: BLE001 (counted)
            failed.append(error)
            gate.abort()

    threads = [threading.Thread(target=save, args=each) for each in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with record.work(OPERATOR) as work:
        kept = sum(len(work.history(draft.id)) - 1 for _, draft in drafts)
    return {
        "95 in 100": f"{_ms(_p95(times))} (reach: 250)",
        "median": _ms(statistics.median(times)),
        "lost or refused": f"{WRITERS * SAVES - kept} of {WRITERS * SAVES}, {len(failed)} errors",
    }


def _draft(words: str) -> StoredDraft:
    statements = tuple(
        DraftStatement(
            number=each, text=words, topic="sleep", status="supported", support=0.9,
            evidence=(Evidence(turn=each, quote=SAID),),
        )
        for each in range(30)
    )  # fmt: skip
    sections = (DraftSection(key="subjective", title="Subjective", statements=statements),)
    return StoredDraft(format="soap", language="en", writer=Writer(name="extractive", version="1"), sections=sections)


def _chain(record: Record) -> Mapping[str, str]:
    """What the chain adds to a transaction (an append alone, without the disk), and how fast it is proved."""
    times = []
    line = AuditEntry(actor=OPERATOR, action="record.open", subject="cli_0", client="cli_0", detail={"version": 1})
    for _ in range(APPENDS):
        with record.database.change(record.tenant) as connection:
            started = time.perf_counter()
            append(connection, record.tenant, [line], record.clock.now())
            times.append(time.perf_counter() - started)
    whole = []
    for _ in range(APPENDS):
        started = time.perf_counter()
        with record.work(OPERATOR) as work:
            work.tell("record.open", "cli_0")
        whole.append(time.perf_counter() - started)
    for _ in range(CHAIN // 1_000):
        with record.database.change(record.tenant) as connection:
            append(connection, record.tenant, [line] * 1_000, record.clock.now())
    started = time.perf_counter()
    head, broken = record.verify()
    seconds = time.perf_counter() - started
    assert broken is None
    return {
        "append": f"{_ms(statistics.median(times))} (reach: 2)",
        "a whole transaction of one line, on the disk": _ms(statistics.median(whole)),
        "verify": f"{head.number / seconds:,.0f} entries/s (reach: 50,000), {head.number:,} entries",
    }


def _audio(record: Record) -> Mapping[str, str]:
    """An hour of sound in and out, sought at random seconds; memory is what the process holds more than before."""
    actor = hire(record)
    with record.work(actor) as work:
        client = work.add(Client(legal_name="Ann"), reason="client.add").id
    before = _peak()
    tracemalloc.start()
    started = time.perf_counter()
    blob = keep_blob(record, actor, _sound(), kind="document", client=client)
    sealed = time.perf_counter() - started
    started = time.perf_counter()
    assert sum(len(part) for part in open_blob(record, actor, blob)) == HOUR
    streamed = time.perf_counter() - started
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    chance = random.Random(1)
    seeks = []
    for _ in range(SEEKS):
        second = chance.randrange(3_599) * 32_000
        started = time.perf_counter()
        b"".join(open_blob(record, actor, blob, second, second + 32_000))
        seeks.append(time.perf_counter() - started)
    return {
        "seal and store": f"{sealed:.2f} s (reach: 5)",
        "open and stream out": f"{streamed:.2f} s",
        "seek to a second": f"{_ms(statistics.median(seeks))} median, {_ms(max(seeks))} at most (reach: 100)",
        "memory": f"{max(most / 2**20, _peak() - before):.0f} MiB more than before (reach: 50)",
    }


def _sound() -> Iterator[bytes]:
    block = random.Random(1).randbytes(1 << 20)
    left = HOUR
    while left:
        yield block[: min(left, len(block))]
        left -= min(left, len(block))


def _peak() -> float:
    unit = 1024 if sys.platform == "linux" else 1024**2
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
