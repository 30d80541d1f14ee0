"""Keys open what they sealed and nothing else, change without stopping, and once destroyed are gone for good."""

import pytest
from sqlalchemy import text

from trellis.governance import HeldRoots, Vault, read_roots, seal, unseal
from trellis.kernel import Invalid, NotFound, TrellisError, Unavailable

OWNER = "cli_a"


@pytest.fixture
def vault(record):
    record.vault.make(record.tenant, "client", OWNER)
    return record.vault


def test_a_seal_opens_only_with_its_key_in_its_place(vault, record):
    """Another key, another place, a turned bit, a cut end: none of them opens."""
    key = vault.current(record.tenant, "client", OWNER).material
    sealed = seal(key, b"words", "versions/a/1")

    assert unseal(key, sealed, "versions/a/1") == b"words"
    for other in (
        (b"x" * 32, sealed, "versions/a/1"),
        (key, sealed, "versions/a/2"),
        (key, sealed[:-1], "versions/a/1"),
    ):
        with pytest.raises(Unavailable, match="altered"):
            unseal(*other)
    for at in range(len(sealed)):
        turned = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(Unavailable):
            unseal(key, turned, "versions/a/1")


def test_the_same_words_never_look_the_same(vault, record):
    """Each sealing has its own nonce."""
    key = vault.current(record.tenant, "client", OWNER).material

    assert len({seal(key, b"words", "a") for _ in range(100)}) == 100


def test_keys_lie_wrapped(vault, record):
    """The database of keys holds none in clear, and a key's representation doesn't show it."""
    key = vault.current(record.tenant, "client", OWNER)
    with vault.database.look(record.tenant) as connection:
        wrapped = b"".join(bytes(row.wrapped) for row in connection.execute(text("SELECT wrapped FROM keys")))

    assert key.material not in wrapped
    assert key.material.hex() not in repr(key) and str(key.material) not in repr(key)


def test_a_new_root_key_takes_over_and_the_old_may_go(vault, record):
    """After wrapping anew the new root alone opens everything; before that the old one is asked for by name."""
    key = vault.current(record.tenant, "client", OWNER)
    new, old = b"n" * 32, b"r" * 32
    both, alone = (Vault(vault.database, HeldRoots(roots)) for roots in ((new, old), (new,)))
    with pytest.raises(Unavailable, match="root_"):
        alone.current(record.tenant, "client", OWNER)
    both.rewrap(record.tenant)

    assert alone.current(record.tenant, "client", OWNER) == key
    assert both.rewrap(record.tenant) == 0


def test_a_destroyed_key_is_gone_in_every_process_at_once(vault, record):
    """Another vault that opened it a moment ago can't any more; the tombstone says when and why."""
    other = Vault(vault.database, HeldRoots((b"r" * 32,)))
    key = other.current(record.tenant, "client", OWNER)
    (grave,) = vault.destroy(record.tenant, OWNER, "retention")

    assert (grave.key, grave.owner, grave.reason) == (key.id, OWNER, "retention")
    for ask in (lambda: other.key(record.tenant, key.id), lambda: other.current(record.tenant, "client", OWNER)):
        with pytest.raises(NotFound, match="destroyed"):
            ask()
    assert vault.destroy(record.tenant, OWNER, "again") == (grave,)


def test_tombstones_can_not_be_taken_back(vault, record):
    """On both databases a tombstone refuses to be changed or removed."""
    vault.destroy(record.tenant, OWNER, "retention")
    for statement in ("DELETE FROM tombstones", "UPDATE tombstones SET reason = 'x'"):
        with pytest.raises(TrellisError), vault.database.change(record.tenant) as connection:
            connection.execute(text(statement))


@pytest.mark.parametrize("content", ["", "zz", "ab" * 31, "ab" * 32 + "\n" + "ab" * 5])
def test_a_root_key_file_that_is_none_is_refused(tmp_path, content):
    """Empty, no hexadecimal, too short, a cut line: each says what a root key looks like."""
    (tmp_path / "root.key").write_text(content)
    (tmp_path / "root.key").chmod(0o600)

    with pytest.raises(Invalid, match="64 hexadecimal"):
        read_roots(tmp_path / "root.key", {})


def test_the_root_key_may_come_from_the_environment(tmp_path):
    """A secret in the environment is used in place of the file."""
    roots = read_roots(tmp_path / "none", {"TRELLIS_ROOT_KEY": "ab" * 32 + "," + "cd" * 32})

    assert roots.key(roots.current) == bytes.fromhex("ab" * 32)
