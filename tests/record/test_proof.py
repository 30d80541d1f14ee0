"""What exactly is signed: the same bytes for the same text for good, other bytes for any other text."""

import hashlib
import json
import subprocess
import sys
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st

from trellis.chart import Act, Evidence, Header, NoteText, SignedNote, SignedSection, SignedStatement, Signer, Writer
from trellis.record.codec import decode, encode
from trellis.record.proof import canonical, digest_of, fault_of, seal_text

from .desk import ANN, NOON

TEXT = NoteText(
    note="not_1",
    header=Header(client="cli_1", name="Ann Example", birth_date=date(1990, 5, 1), mode="video", started_at=NOON),
    format="soap",
    language="en",
    writer=Writer(name="extractive", version="1"),
    signer=Signer(staff=ANN, name="Dana Reyes", credentials="LCSW"),
    signed_at=NOON,
    salt="00" * 16,
    draft="dra_1",
    draft_version=3,
    sections=(
        SignedSection(
            key="subjective",
            title="Subjective",
            statements=(
                SignedStatement(
                    number=1,
                    text="Client reports “four hours” — señor.",
                    topic="sleep",
                    written_by="machine",
                    evidence=(Evidence(turn=2, start=3.0, end=7.25, quote="four hours"),),
                    acts=(Act(what="confirmed", actor=ANN, at=NOON),),
                ),
            ),
        ),
    ),
)


def test_the_canonical_bytes_never_change():
    """This text has these bytes, in this version and in every later one: what was signed stays provable."""
    assert canonical(TEXT).decode() == (
        '{"draft":"dra_1","draft_version":3,"form":1,"format":"soap","header":{"birth_date":"1990-05-01",'
        '"client":"cli_1","mode":"video","name":"Ann Example","started_at":"2026-11-25T12:00:00+00:00"},'
        '"language":"en","note":"not_1","salt":"00000000000000000000000000000000","sections":[{"key":"subjective",'
        '"statements":[{"acts":[{"actor":"staff:usr_ann","at":"2026-11-25T12:00:00+00:00","what":"confirmed"}],'
        '"evidence":[{"end":7.25,"quote":"four hours","start":3,"turn":2}],"number":1,'
        '"text":"Client reports “four hours” — señor.","topic":"sleep","written_by":"machine"}],'
        '"title":"Subjective"}],"signed_at":"2026-11-25T12:00:00+00:00",'
        '"signer":{"credentials":"LCSW","name":"Dana Reyes","staff":"staff:usr_ann"},'
        '"writer":{"name":"extractive","version":"1"}}'
    )


def test_the_digest_is_sha256_of_the_bytes_and_the_signature_holds_without_us(record):
    """With the bytes, the digest and the public key anybody can check a note; no code of ours is needed."""
    with record.work(ANN) as work:
        digest, signature = seal_text(work, TEXT)

    assert digest == hashlib.sha256(canonical(TEXT)).hexdigest()
    Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature.public)).verify(
        bytes.fromhex(signature.signature), f"trellis note {digest}".encode()
    )


def test_a_note_of_an_older_signing_key_still_holds_and_one_of_another_clinic_does_not(record):
    """A new signing key leaves what the old one signed; a key that isn't this clinic's is named as such."""
    with record.work(ANN) as work:
        digest, signature = seal_text(work, TEXT)
    note = SignedNote(text=TEXT, digest=digest, signature=signature)
    record.vault.make(record.tenant, "signing", record.tenant)
    assert fault_of(note, record.vault, record.tenant) == ""
    other = record.vault.make(record.tenant, "signing", record.tenant)
    moved = replace(note, signature=replace(signature, key=other.id))
    assert fault_of(moved, record.vault, record.tenant) == "other key"
    unknown = replace(note, signature=replace(signature, key="key_none"))
    assert fault_of(unknown, record.vault, record.tenant) == "key unknown"
    broken = replace(note, signature=replace(signature, signature="zz"))
    assert fault_of(broken, record.vault, record.tenant) == "forged"


_WORDS = st.text(st.characters(exclude_categories=("Cs",)), max_size=12)
_NUMBERS = st.floats(0, 1e6, allow_nan=False) | st.integers(0, 10**6)
_TEXTS = st.builds(
    lambda words, start, value, at, offset: replace(
        TEXT,
        signed_at=at.replace(tzinfo=timezone(timedelta(minutes=offset))),
        sections=(
            SignedSection(
                key="s",
                title=words,
                statements=(
                    SignedStatement(
                        number=1, text=words, topic="t", written_by="person",
                        evidence=(Evidence(source="audio", start=start, end=value, value=value, quote=words),),
                    ),
                ),
            ),
        ),
    ),
    _WORDS, _NUMBERS, _NUMBERS, st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.integers(-720, 720),  # noqa: DTZ001
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(_TEXTS)
def test_what_is_read_back_has_the_digest_it_was_signed_with(text):
    """Kept and opened again, whatever its characters, numbers and zones, a text has the same bytes."""
    kept = decode(encode(text)[0], NoteText)

    assert canonical(kept) == canonical(text)
    assert json.loads(canonical(text))["sections"][0]["title" if text.sections[0].title else "key"]


def test_any_change_of_any_field_changes_the_digest():
    """No part of what was signed is left out of the digest: each field, changed alone, is found out."""
    seen = {digest_of(TEXT)}
    for changed in _variants(TEXT):
        assert digest_of(changed) not in seen, changed
        seen.add(digest_of(changed))

    assert len(seen) > 40


def _variants(noun):
    """The noun with each of its fields, and of theirs, changed to something else."""
    for field in fields(noun):
        value = getattr(noun, field.name)
        if is_dataclass(value):
            others = list(_variants(value))
        elif isinstance(value, tuple) and value and is_dataclass(value[0]):
            others = [(each,) for each in _variants(value[0])] + [(), (*value, *value)]
        elif isinstance(value, bool):
            others = [not value]
        elif isinstance(value, int | float):
            others = [value + 1]
        elif isinstance(value, datetime):
            others = [value + timedelta(microseconds=1)]
        elif isinstance(value, date):
            others = [value + timedelta(days=1)]
        elif isinstance(value, str):
            others = [value + "x"]
        else:
            others = ["x"]
        for other in others:
            yield replace(noun, **{field.name: other})


def test_a_draft_can_not_be_passed_where_a_signed_note_is_asked_for(tmp_path):
    """The type checker says so: to cosign, to amend, or to build on a draft is an error before anything runs."""
    code = """
from trellis.chart import Entry, FinalNote, NoteText, SignedNote, Signer, StoredDraft, DraftStatement, SignedStatement
from trellis.record import Work, amend, cosign, sign

def bill(note: FinalNote) -> None: ...

def right(work: Work, draft: Entry[StoredDraft], note: Entry[SignedNote], me: Signer) -> None:
    bill(sign(work, draft, me).content)
    cosign(work, note, me)

def wrong(work: Work, draft: Entry[StoredDraft], note: Entry[SignedNote], me: Signer, one: DraftStatement) -> None:
    bill(draft.content)
    cosign(work, draft, me)
    amend(work, draft, me, kind="addendum", words="x", reason="y")
    sign(work, note, me)
    signed: SignedStatement = one
"""
    path = tmp_path / "passed.py"
    path.write_text(code)
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file", str(root / "pyproject.toml"), str(path)],
        cwd=root, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    wrong = [line for line in done.stdout.splitlines() if "error:" in line]

    assert [line.split(":")[1] for line in wrong] == ["12", "13", "14", "15", "16"], done.stdout
    assert all("incompatible type" in line or "Incompatible types" in line for line in wrong)
