"""A whole export back in, where there is no clinic yet: new keys, everything sealed anew, nothing else changed.

Takes a folder that `export` wrote; gives a clinic with the same ids, versions, times, actors and digests, whose audit
chain holds byte for byte and whose signed notes verify. Every line is held to its shape, every file to its digest.
Errors name the file and the line, never what stands there. What fails leaves no clinic.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path

from trellis.governance import AuditEntry
from trellis.kernel import Clock, Conflict, Settings, Unavailable
from trellis.record.clinic import (
    Place,
    open_record,
    place_of,
    prepare,
    remove_databases,
    seal_organisation,
    write_organisation,
)
from trellis.record.fill import Filling, fill, finish, is_filled
from trellis.record.shapes import Inventory
from trellis.record.sources import Source


def bring_in(settings: Settings, folder: Path, actor: str, clock: Clock | None = None) -> Inventory:
    """Rebuild a clinic from an export, where there is none; gives what the manifest says.

    `Conflict` where the folder or the database has a clinic, `Invalid` with file and line where the export doesn't
    hold. Killed in the middle, it can be run again.
    """
    place = place_of(settings)
    if place.organisation.exists():
        raise Conflict("record.clinic_exists", "There is a clinic in this folder.", hint="Import into another one.")
    source = Source(folder)
    made = source.inventory
    there = {path for path in (place.folder, place.root, place.blobs, place.anchors) if path.exists()}
    filling: Filling | None = None
    try:
        roots = prepare(place)
        whose = seal_organisation(made.tenant, made.name, roots)
        with open_record(settings, place, whose, roots, clock=clock) as record:
            filling = Filling(record)
            line = AuditEntry(
                actor=actor,
                action="record.import",
                subject=made.tenant,
                purpose="operations",
                rule="operator.local",
                detail={"entries": made.audit_entries},
            )
            try:
                if not is_filled(record, made):
                    fill(filling, source, line)
                finish(record, source)
            except BaseException:
                filling.undo()
                raise
        write_organisation(place, whose)
    except BaseException as error:
        if filling is None or not filling.stays:
            _undo(place, there)
        if isinstance(error, OSError):
            raise Unavailable(
                "record.import_refused", "A file can't be read or written: no room, or not yours.", hint="Make room."
            ) from None
        raise
    return made


def _undo(place: Place, there: Iterable[Path]) -> None:
    """Take away what an import that failed made."""
    remove_databases(place)
    for path in (place.anchors, place.blobs):
        if path not in there:
            shutil.rmtree(path, ignore_errors=True)
    if place.root not in there:
        place.root.unlink(missing_ok=True)
    if place.folder not in there and place.folder.exists() and not any(place.folder.iterdir()):
        place.folder.rmdir()
