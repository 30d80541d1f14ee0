"""The record that loses nothing: the one door to clinical content, with its audit and history."""

from trellis.record.backup import Manifest, back_up, manifests, restore
from trellis.record.blobs import Blob, blob_of, blobs_of, keep_blob, mark_deleted, open_blob, sweep
from trellis.record.clinic import Organisation, Place, make_clinic, open_clinic, place_of, rewrap_database_key
from trellis.record.retain import (
    Receipt,
    Rule,
    erase,
    forget_client,
    is_held,
    lift_hold,
    load_rules,
    place_hold,
    receipts_of,
    retain,
)
from trellis.record.room import Record
from trellis.record.work import Work

__all__ = [
    "Blob",
    "Manifest",
    "Organisation",
    "Place",
    "Receipt",
    "Record",
    "Rule",
    "Work",
    "back_up",
    "blob_of",
    "blobs_of",
    "erase",
    "forget_client",
    "is_held",
    "keep_blob",
    "lift_hold",
    "load_rules",
    "make_clinic",
    "manifests",
    "mark_deleted",
    "open_blob",
    "open_clinic",
    "place_hold",
    "place_of",
    "receipts_of",
    "restore",
    "retain",
    "rewrap_database_key",
    "sweep",
]
