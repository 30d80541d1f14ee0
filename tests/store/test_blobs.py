"""Blobs come back as they went in, from any place in them, and never altered."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trellis.kernel import NotFound, Unavailable
from trellis.store import open_blobs
from trellis.store.blobs import CHUNK, HEADER, SEALED

KEY = b"k" * 32


@pytest.fixture(scope="module")
def blobs(tmp_path_factory):
    return open_blobs(tmp_path_factory.mktemp("blobs"))


def content(length):
    return bytes(number % 251 for number in range(length))


@settings(max_examples=40, deadline=None)
@given(
    length=st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 7]),
    start=st.integers(0, 3 * CHUNK),
    width=st.integers(0, 2 * CHUNK),
)
def test_any_part_comes_back_as_it_went_in(blobs, length, start, width):
    """Whole and in part, at and around the edges of chunks."""
    plain = content(length)
    written = blobs.write("blo_a", KEY, [plain[: length // 3], plain[length // 3 :]])

    assert written.size == length
    assert b"".join(blobs.read("blo_a", KEY)) == plain
    assert b"".join(blobs.read("blo_a", KEY, start, start + width)) == plain[start : start + width]


@pytest.mark.parametrize("change", ["flip", "swap", "cut", "drop", "add", "rename", "key"])
def test_a_changed_blob_is_refused(blobs, tmp_path, change):
    """A bit turned, chunks swapped, dropped or added, an end cut, another name, another key: refused."""
    blobs = open_blobs(tmp_path)
    blobs.write("blo_a", KEY, [content(3 * CHUNK)])
    file = tmp_path / "blo_a"
    sealed = file.read_bytes()
    header, chunks = sealed[:HEADER], [sealed[HEADER + at * SEALED :][:SEALED] for at in range(3)]
    turned = chunks[1][:9] + bytes([chunks[1][9] ^ 1]) + chunks[1][10:]
    name, key = ("blo_b", KEY) if change == "rename" else ("blo_a", b"x" * 32 if change == "key" else KEY)
    altered = {
        "flip": [chunks[0], turned, chunks[2]],
        "swap": [chunks[1], chunks[0], chunks[2]],
        "cut": [chunks[0], chunks[1], chunks[2][:-1]],
        "drop": chunks[:2],
        "add": [*chunks, chunks[2]],
    }.get(change, chunks)
    (tmp_path / name).write_bytes(header + b"".join(altered))

    with pytest.raises(Unavailable, match="altered"):
        b"".join(blobs.read(name, key))


def test_a_stream_that_fails_leaves_no_blob(tmp_path):
    """A recording that breaks off while it is written isn't there at all."""
    blobs = open_blobs(tmp_path)

    def broken():
        yield content(CHUNK)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        blobs.write("blo_a", KEY, broken())
    assert list(blobs.listed()) == []
    with pytest.raises(NotFound):
        list(blobs.read("blo_a", KEY))


def test_what_is_gone_says_so(blobs):
    """A deleted blob is named by its id; deleting it again is no error."""
    blobs.write("blo_c", KEY, [b"x"])
    blobs.delete("blo_c")
    blobs.delete("blo_c")

    with pytest.raises(NotFound, match="blo_c"):
        list(blobs.read("blo_c", KEY))


def test_nothing_readable_is_in_the_store(tmp_path):
    """The file holds no word of its content."""
    open_blobs(tmp_path).write("blo_a", KEY, [b"Client reports hiding bottles. " * 4000])

    assert b"bottles" not in (tmp_path / "blo_a").read_bytes()
