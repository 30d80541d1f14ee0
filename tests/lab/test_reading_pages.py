"""Notes of authored sessions are given as the product shows them, beside what was said."""

from trellis.lab.ask_product import pages_of
from trellis.lab.reading_pages import authored_sessions
from trellis.lab.scripts import read_script


def test_every_authored_session_in_english_is_read():
    """Traps and scripts are there under names of their own, with the turns as they were written."""
    sessions = authored_sessions()

    assert {"script-demo", "script-grief"} <= sessions.keys()
    assert "script-spanish" not in sessions
    assert any(name.startswith("trap-") for name in sessions)
    demo = read_script("demo")
    assert [turn["text"] for turn in sessions["script-demo"]] == [turn.text for turn in demo.turns]
    assert [turn["id"] for turn in sessions["script-demo"]] == list(range(1, len(demo.turns) + 1))


def test_a_page_holds_the_note_and_what_was_said():
    """A page is the product's own: the sentence and its evidence stand beside the transcript."""
    turns = [
        {"id": 1, "speaker": "clinician", "text": "How do you sleep?"},
        {"id": 2, "speaker": "client", "text": "I sleep four hours a night and wake up tired."},
    ]
    told = []
    pages = pages_of({"one": turns}, told.append)

    assert list(pages) == ["one"]
    assert "<!DOCTYPE html>" in pages["one"]
    assert "How do you sleep?" in pages["one"]
    assert "Client reports" in pages["one"]
    assert told == [1]
