"""What the workspace works with, as the house hands it over; `trellis.app` knows how it is put together."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from trellis.chart import Entry, StoredDraft
from trellis.governance import Accounts
from trellis.inference import LiveSpeech
from trellis.record import Record

Tell = Callable[[str, float | None], None]
"""How work says how far it is: the step in plain words, and the share done (0..1) where it is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftOrder:
    """A recording or transcript of an encounter to draft a note of, and by whom; `client` is whose note it is."""

    actor: str
    input: Path
    client: str
    encounter: str
    format: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One clinic as the workspace sees it: its record, its accounts, what it is called, and its scribe.

    `draft` keeps what it makes; `formats` are the names it knows; `printed` makes a PDF of a page; in `workroom`
    uploads lie while they are read.
    """

    record: Record
    accounts: Accounts
    clinic: str
    draft: Callable[[DraftOrder, Tell], Entry[StoredDraft]]
    listen: Callable[[], LiveSpeech]
    formats: tuple[str, ...]
    printed: Callable[[str], bytes]
    workroom: Path
