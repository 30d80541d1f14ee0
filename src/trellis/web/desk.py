"""What the workspace works with, as the house hands it over; `trellis.app` knows how it is put together."""

from dataclasses import dataclass

from trellis.governance import Accounts
from trellis.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One clinic as the workspace sees it: its record, its accounts, what it is called."""

    record: Record
    accounts: Accounts
    clinic: str
