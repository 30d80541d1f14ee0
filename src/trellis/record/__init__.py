"""The record that loses nothing: the one door to clinical content, with its audit and history."""

from trellis.record.attest import attest
from trellis.record.authority import Deciders, add_representative, deciders, end_representative, representatives_of
from trellis.record.backup import Manifest, back_up, manifests, restore
from trellis.record.beside import addenda_of, amend, cosign, open_final
from trellis.record.blobs import Blob, blob_of, blobs_of, keep_blob, mark_deleted, open_blob, sweep
from trellis.record.bring_in import bring_in
from trellis.record.charts import Chart, open_chart
from trellis.record.clients import add_client, change_client, chart_of, charts_of, merge, record_of, unmerge
from trellis.record.clinic import (
    Organisation,
    Place,
    make_clinic,
    open_clinic,
    place_of,
    read_organisation,
    rewrap_database_key,
)
from trellis.record.codec import strictly
from trellis.record.configure import (
    Change,
    Due,
    configuration_of,
    configure,
    differences,
    due_by,
    read_configuration,
    revert,
    write_configuration,
)
from trellis.record.consents import (
    consents_of,
    give,
    give_present,
    revoke,
    revoke_present,
    standing,
)
from trellis.record.drafts import answer, bring_back, confirm, discard, edit, record_draft, remove, settle, write
from trellis.record.duties import open_worker, open_worklist
from trellis.record.export import export
from trellis.record.known import what_is_known
from trellis.record.private import (
    Banner,
    PrivateKind,
    PrivateListed,
    PrivateNote,
    add_private,
    banner_of,
    list_private,
    open_private,
)
from trellis.record.proof import canonical, digest_of, fault_of
from trellis.record.ready import Open, header_of, what_is_open
from trellis.record.reseal import reseal
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
from trellis.record.search import Passage, search
from trellis.record.sessions import add_encounter, name_voice, record_session
from trellis.record.sign import sign
from trellis.record.sittings import Sitting, find_sitting, is_recording, keep_sitting, may_keep_sound, voice_in
from trellis.record.uses import (
    on_chain,
    refuse_unagreed,
    refuse_unagreed_session,
    refuse_unlisted,
    refuse_unscribed,
    stated,
)
from trellis.record.walk import Step, Walked, check_audible, walk
from trellis.record.withhold import own_people, share_of, share_of_verdict
from trellis.record.wordings import Wording, wording_of, wordings
from trellis.record.work import Work

__all__ = [
    "Banner",
    "Blob",
    "Change",
    "Chart",
    "Deciders",
    "Due",
    "Manifest",
    "Open",
    "Organisation",
    "Passage",
    "Place",
    "PrivateKind",
    "PrivateListed",
    "PrivateNote",
    "Receipt",
    "Record",
    "Rule",
    "Sitting",
    "Step",
    "Walked",
    "Wording",
    "Work",
    "add_client",
    "add_encounter",
    "add_private",
    "add_representative",
    "addenda_of",
    "amend",
    "answer",
    "attest",
    "back_up",
    "banner_of",
    "blob_of",
    "blobs_of",
    "bring_back",
    "bring_in",
    "canonical",
    "change_client",
    "chart_of",
    "charts_of",
    "check_audible",
    "configuration_of",
    "configure",
    "confirm",
    "consents_of",
    "cosign",
    "deciders",
    "differences",
    "digest_of",
    "discard",
    "due_by",
    "edit",
    "end_representative",
    "erase",
    "export",
    "fault_of",
    "find_sitting",
    "forget_client",
    "give",
    "give_present",
    "header_of",
    "is_held",
    "is_recording",
    "keep_blob",
    "keep_sitting",
    "lift_hold",
    "list_private",
    "load_rules",
    "make_clinic",
    "manifests",
    "mark_deleted",
    "may_keep_sound",
    "merge",
    "name_voice",
    "on_chain",
    "open_blob",
    "open_chart",
    "open_clinic",
    "open_final",
    "open_private",
    "open_worker",
    "open_worklist",
    "own_people",
    "place_hold",
    "place_of",
    "read_configuration",
    "read_organisation",
    "receipts_of",
    "record_draft",
    "record_of",
    "record_session",
    "refuse_unagreed",
    "refuse_unagreed_session",
    "refuse_unlisted",
    "refuse_unscribed",
    "remove",
    "representatives_of",
    "reseal",
    "restore",
    "retain",
    "revert",
    "revoke",
    "revoke_present",
    "rewrap_database_key",
    "search",
    "settle",
    "share_of",
    "share_of_verdict",
    "sign",
    "standing",
    "stated",
    "strictly",
    "sweep",
    "unmerge",
    "voice_in",
    "walk",
    "what_is_known",
    "what_is_open",
    "wording_of",
    "wordings",
    "write",
    "write_configuration",
]
