"""The record that loses nothing: the one door to clinical content, with its audit and history."""

from trellis.record.backup import Manifest, back_up, manifests, restore
from trellis.record.blobs import Blob, blob_of, blobs_of, keep_blob, mark_deleted, open_blob, sweep
from trellis.record.clinic import Organisation, Place, make_clinic, open_clinic, place_of, rewrap_database_key
from trellis.record.room import Record
from trellis.record.work import Work

__all__ = [
    "Blob",
    "Manifest",
    "Organisation",
    "Place",
    "Record",
    "Work",
    "back_up",
    "blob_of",
    "blobs_of",
    "keep_blob",
    "make_clinic",
    "manifests",
    "mark_deleted",
    "open_blob",
    "open_clinic",
    "place_of",
    "restore",
    "rewrap_database_key",
    "sweep",
]
