"""What the review shows, from nouns alone."""

from tests.record.desk import NOTE, TURNS
from trellis.chart import Header, StoredDraft
from trellis.record import Open
from trellis.web.recordings import MOST, part_of
from trellis.web.review import review


def test_pieces_joined_are_the_turn():
    """Whatever is quoted or corrected in a turn, its words stay what they are."""
    from trellis.record.drafts import stored

    seen = review(stored(NOTE), NOTE.transcript, Header(client="cli_1"), Open())
    assert [said.turn for said in seen.turns] == list(TURNS)
    for said in seen.turns:
        assert "".join(piece.text for piece in said.pieces) == said.turn.text


def test_without_a_transcript_the_note_is_still_there():
    """A transcript may be deleted before its draft is signed."""
    from trellis.record.drafts import stored

    draft: StoredDraft = stored(NOTE)
    seen = review(draft, None, Header(client="cli_1"), Open(statements=((2, ()),)))
    assert seen.turns == () and seen.draft == draft and seen.waiting == 1


def test_a_range_is_read_as_the_standard_says():
    """RFC 9110, 14.1.2: from a place, to a place, the last so many; nothing that can't be is given."""
    assert part_of("", 100) == (0, 100)
    assert part_of("bytes=10-19", 100) == (10, 20)
    assert part_of("bytes=10-", 100) == (10, 100)
    assert part_of("bytes=90-1000", 100) == (90, 100)
    assert part_of("bytes=-10", 100) == (90, 100)
    assert part_of("bytes=-1000", 100) == (0, 100)
    assert part_of("bytes=0-", 10 * MOST) == (0, MOST)
    for wrong in ("bytes=100-", "bytes=20-10", "bytes=-", "bytes=a-b", "bytes=0-1,5-6", "items=0-1", "bytes=-0"):
        assert part_of(wrong, 100) is None, wrong
