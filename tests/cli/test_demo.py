"""`trellis demo`: one command from nothing to a note one can click through."""


def test_the_demo_shows_the_note_and_says_where_the_page_is(paper, tmp_path):
    """The note is shown, the page written, its address told; without a terminal nothing waits for an answer."""
    result = paper("demo", cwd=tmp_path)

    page = tmp_path / "out" / "trellis-demo.html"
    assert result.returncode == 0
    assert "Client reports sleeping four hours." in result.stdout
    assert page.as_uri() in result.stdout
    assert page.read_text() == "<!DOCTYPE html>"


def test_a_failed_demo_leaves_no_page(paper, tmp_path):
    """When the engine isn't there, no empty page pretends otherwise."""
    result = paper("demo", "--html", tmp_path / "demo.html", temper="away")

    assert result.returncode == 1
    assert not (tmp_path / "demo.html").exists()
