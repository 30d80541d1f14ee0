"""What was signed is proved from its text, its key and the chain; each way of meddling is named."""

from dataclasses import replace

import pytest
from sqlalchemy import insert

from trellis.governance import seal
from trellis.record.attest import attest
from trellis.record.beside import amend
from trellis.record.codec import encode
from trellis.record.proof import seal_text
from trellis.record.sign import sign
from trellis.record.tables import entries, versions

from .desk import ANN, DANA, SLEEP, one_session, with_statements


@pytest.fixture
def signed(record):
    """A signed note with an addendum."""
    draft = one_session(record, note=with_statements(SLEEP))
    with record.work(ANN) as work:
        note = sign(work, draft, DANA)
        beside = amend(work, note, DANA, kind="addendum", words="Called back.", reason="Came later.")
    return note, beside


def test_what_was_signed_holds(record, signed):
    """The note and what stands beside it are each proved."""
    with record.work(ANN) as work:
        assert dict(attest(work, signed[0].client)) == {signed[0].id: "", signed[1].id: ""}


def test_a_note_written_anew_with_every_key_is_found_on_the_chain(record, signed, postgres):
    """Somebody with both databases and the root key signs another text as the clinic: the chain tells of the first."""
    note, _ = signed
    with record.work(ANN) as work:
        text = replace(note.content.text, format="dap")
        digest, signature = seal_text(work, text)
        forged = replace(note.content, text=text, digest=digest, signature=signature)
        with_it(work, record, note, "not_" + "0" * 26, forged)
    with record.work(ANN) as work:
        assert dict(attest(work, note.client))["not_" + "0" * 26] == "not on the chain"
    tear_out(record, postgres, note.id)
    with record.work(ANN) as work:
        with_it(work, record, note, note.id, forged)
    with record.work(ANN) as work:
        assert dict(attest(work, note.client))[note.id] == "other on the chain"


def tear_out(record, postgres, entry_id):
    """Remove an entry as the database's owner would, past what protects it."""
    on_table = "" if record.database.is_sqlite else " ON versions"
    statements = [
        f"DROP TRIGGER versions_delete{on_table}",
        f"DELETE FROM versions WHERE id = '{entry_id}'",
        f"DELETE FROM entries WHERE id = '{entry_id}'",
    ]
    if not record.database.is_sqlite:
        postgres().sql(record.database.engine.url.database, "; ".join(statements))
        return
    with record.database.change(record.tenant) as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def with_it(work, record, note, entry_id, content):
    """Put content into the tables as somebody would who holds all keys and writes no line of the chain."""
    key = record.vault.current(record.tenant, "client", note.client)
    plain, digest = encode(content)
    common = {"tenant": record.tenant, "id": entry_id, "version": 1, "kind": "note", "state": "signed"}
    work.connection.execute(
        insert(entries).values(
            **common, client=note.client, encounter=note.encounter, occurred_at=work.now, changed_at=work.now
        )
    )
    work.connection.execute(
        insert(versions).values(
            **common, made_at=work.now, actor=ANN, reason="note.sign", digest=digest, key=key.id,
            sealed=seal(key.material, plain, f"versions/{record.tenant}/{entry_id}/1"),
        )
    )  # fmt: skip
