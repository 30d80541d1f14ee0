"""A tenant's rows out of a database and into an empty one, whichever of the two kinds each is.

Takes one consistent state; gives a stream of bytes: for each table its name and columns, then its rows. What goes
into a database of an older shape is brought up to date by its migrations afterwards, so old copies stay readable.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, MetaData, Table, insert, select

from trellis.kernel import Invalid

_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder()
LENGTH = 4
ROWS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many rows of a table were written or read."""

    table: str
    rows: int


class Dump:
    """A tenant's rows of every table, in the order their keys need, as a stream; `counts` is filled as it flows."""

    def __init__(self, connection: Connection, tenant: str, metadata: MetaData) -> None:
        self._connection = connection
        self._tenant = tenant
        self._metadata = metadata
        self.counts: list[Count] = []

    def __iter__(self) -> Iterator[bytes]:
        """Frames of the copy."""
        for table in self._metadata.sorted_tables:
            yield _framed({"table": str(table.name), "columns": [str(column.name) for column in table.columns]})
            asked = select(table).where(table.c.tenant == self._tenant).order_by(*table.primary_key.columns)
            rows = 0
            for batch in self._connection.execution_options(yield_per=ROWS).execute(asked).partitions():
                rows += len(batch)
                yield _framed([[_plain(value) for value in row] for row in batch])
            self.counts.append(Count(table=str(table.name), rows=rows))


def load(connection: Connection, tenant: str, parts: Iterable[bytes]) -> list[Count]:
    """Put a dump into tables that are there and empty; gives how many rows each got. `Invalid` on anything else."""
    known = MetaData()
    counts: dict[str, int] = {}
    table: Table | None = None
    columns: Sequence[str] = ()
    for frame in _frames(parts):
        if isinstance(frame, dict):
            table = Table(str(frame["table"]), known, autoload_with=connection)
            columns = frame["columns"]
            counts[table.name] = 0
            continue
        if table is None or any(len(row) != len(columns) for row in frame):
            raise _broken()
        rows = [dict(zip(columns, (_bound(value, connection) for value in row), strict=True)) for row in frame]
        if any(row["tenant"] != tenant for row in rows):
            raise Invalid("store.dump_foreign", "The copy holds another clinic's rows.", hint="Use your own copy.")
        connection.execute(insert(table), rows)
        counts[table.name] += len(rows)
    return [Count(table=name, rows=rows) for name, rows in counts.items()]


def _framed(value: object) -> bytes:
    content = _encoder.encode(value)
    return len(content).to_bytes(LENGTH, "big") + content


def _frames(parts: Iterable[bytes]) -> Iterator[Any]:
    waiting = bytearray()
    for part in parts:
        waiting += part
        while len(waiting) >= LENGTH and len(waiting) >= LENGTH + (size := int.from_bytes(waiting[:LENGTH], "big")):
            try:
                yield _decoder.decode(bytes(waiting[LENGTH : LENGTH + size]))
            except msgspec.MsgspecError:
                raise _broken() from None
            del waiting[: LENGTH + size]
    if waiting:
        raise _broken()


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _bound(value: Any, connection: Connection) -> Any:
    """As the reflected column takes it: SQLite's times have no zone."""
    if isinstance(value, datetime) and connection.dialect.name == "sqlite":
        return value.replace(tzinfo=None)
    return value


def _broken() -> Invalid:
    return Invalid("store.dump_broken", "The copy is cut or no copy of a record.", hint="Use another copy.")
