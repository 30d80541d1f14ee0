"""What suites measured, as text, as JSON and as a page."""

import json
import re
import shutil
import xml.etree.ElementTree as ET
from datetime import date
from itertools import pairwise

import pytest
from playwright.sync_api import sync_playwright

from trellis.lab.reports import Chapter, page
from trellis.lab.reports.pictures import MARGIN, WIDTH, draw
from trellis.lab.scores.intervals import Figure, change, mean, rate, share
from trellis.lab.scores.listings import Example, Listing, Table

FIGURES = {
    "traps": {
        "sessions": 14,
        "essential facts found": share(9, 10).at_least(0.95),
        "nothing": share(0, 0),
        "by session": Table(columns=("session", "facts"), rows=(("s<1>", share(1, 2)), ("s2", "none"))),
        "missed": Listing.of(
            [Example(where="s1 f1", words="Works"), Example(where="s1 f2", words="<b>dose", turns=(4, 5), grave=True)],
            grave="essential",
        ),
    }
}
WHEN = date(2026, 3, 1)


def made(figures=FIGURES):
    """The page of one suite."""
    chapter = Chapter(name="scribe", about="`trellis eval scribe`: what <notes> say.\n\nSecond.", figures=figures)
    return page([chapter], version="9.9", measured=WHEN)


def test_a_figure_says_whether_it_reaches_its_aim():
    """Printed and as JSON, a figure comes with its interval, its counts and its aim."""
    figure = share(9, 10).at_least(0.95)

    assert str(figure) == "90.0 % (59.6-98.2; 9 of 10) [aim at least 95 %: NOT met]"
    assert figure.as_json()["is_met"] is False
    assert str(share(0, 98).at_most(0)).endswith("[aim at most 0 %: met]")
    assert str(Figure(value=0.4597)) == "46.0 %"
    assert "least" not in share(1, 2).as_json()
    assert json.dumps(share(1, 2).as_json())


def test_a_mean_has_an_interval_of_its_sessions():
    """The mean of alike values is sure, of unlike ones unsure."""
    assert (mean([0.2, 0.2]).low, mean([0.2, 0.2]).high) == (0.2, 0.2)
    assert mean([0.0, 0.4]).low == 0
    assert str(mean([0.2, 0.2])) == "20.0 % (20.0-20.0; mean of 2)"
    assert mean([]).value is None


def test_a_change_is_drawn_in_pairs():
    """What moves alike in every session has moved for sure, however unlike the sessions are."""
    before, after = [(9, 10), (1, 10)], [(8, 10), (0, 10)]

    assert rate(before).high - rate(before).low > 0.5
    assert change(before, after) == "-10.0 (-10.0 to -10.0)"
    assert change([(0, 0)], [(0, 0)]) == "-"


def test_grave_cases_come_first_and_the_rest_is_counted():
    """No more than was asked for is listed; how many more there are is said."""
    listing = Listing.of([Example(where=f"c{at}", words="x", grave=at == 3) for at in range(5)], most=2, grave="bad")

    assert [example.where for example in listing.examples] == ["c3", "c0"]
    assert str(listing).splitlines() == ["  (* bad)", "* c3: x", "  c0: x", "  and 3 more"]
    assert listing.as_json()["more"] == 3
    assert str(Listing.of([])).strip() == "none"


def test_tables_line_up_in_a_terminal():
    """Columns have the width of their longest cell."""
    lines = str(FIGURES["traps"]["by session"]).splitlines()

    assert lines[0] == "session  facts"
    assert lines[1] == "s<1>     50.0 % (9.5-90.5)"


def test_a_picture_shows_point_interval_and_aim_where_they_lie():
    """0 lies at the left margin, 100 % at the right one; what lies beyond is drawn at the edge."""

    def parts(figure):
        svg = ET.fromstring(draw(figure))
        return {one.get("class"): one for one in svg}

    drawn = parts(Figure(value=0.5, low=0.0, high=1.0, least=0.95))
    assert float(drawn["point"].get("cx")) == WIDTH / 2
    assert drawn["interval"].get("d") == f"M{MARGIN}.0 10H{WIDTH - MARGIN}.0"
    assert "aim" in drawn
    assert float(parts(Figure(value=1.7))["point"].get("cx")) == WIDTH - MARGIN
    assert set(parts(Figure(value=0.5))) == {"scale", "point"}
    assert draw(share(0, 0)) == ""


def test_the_page_holds_all_of_it_escaped():
    """Every figure, table and case stands there; nothing is markup that came as text."""
    html = made()

    assert "90.0&nbsp;%" in html and "59.6–98.2" in html and "9 of 10" in html
    assert "at least 95 %" in html and ">not met<" in html
    assert "nothing to measure" in html
    assert "&lt;b&gt;dose" in html and "<b>dose" not in html
    assert "turns 4, 5" in html
    assert "s&lt;1&gt;" in html and "what &lt;notes&gt; say" in html
    assert "<code>trellis eval scribe</code>" in html
    assert "Version 9.9" in html and "2026-03-01" in html


def test_the_page_needs_nothing_from_elsewhere():
    """No script, no address but its own anchors, and a policy that lets nothing else in; every anchor is there."""
    html = made()

    assert "<script" not in html
    assert not re.search(r"\b(?:src|srcset)=|url\(|@import|https?:", html)
    assert "default-src &#39;none&#39;" in html
    anchors = re.findall(r'href="#([^"]+)"', html)
    assert len(anchors) == 3
    assert all(f'id="{anchor}"' in html for anchor in anchors)


def test_every_table_has_a_caption_and_headers():
    """Tables are named, their columns and rows have headers, and headings step down one at a time."""
    html = made()

    assert html.count("<table") == html.count("<caption>") == 2
    assert html.count('scope="col"') == 6 + 2
    levels = [int(level) for level in re.findall(r"<h([1-6])", html)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


# In a browser -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser():
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize(("width", "media"), [(1280, "screen"), (390, "screen"), (680, "print")])
def test_the_page_fits_desk_phone_and_paper(browser, tmp_path, width, media):
    """Nothing sticks out, nothing is asked of the network, the policy lets the style in, and figures stay a table."""
    path = tmp_path / "figures.html"
    path.write_text(made(), encoding="utf-8")
    view = browser.new_context(viewport={"width": width, "height": 800}).new_page()
    said, asked = [], []
    view.on("console", lambda message: said.append(message.text))
    view.on("request", lambda request: asked.append(request.url.split(":")[0]))
    view.emulate_media(media=media)
    view.goto(path.as_uri())

    assert view.evaluate("document.documentElement.scrollWidth") <= width
    assert (said, asked) == ([], ["file"])
    assert view.evaluate("getComputedStyle(document.body).fontFamily").startswith("system-ui")
    assert view.get_by_role("table", name="Figures: traps").get_by_role("row").count() == 3
    assert view.get_by_role("rowheader", name="essential facts found").is_visible()


@pytest.mark.xdist_group("browser")
def test_dark_is_dark_and_light_is_light(browser, tmp_path):
    """The page follows the reader's scheme; on paper it is white whatever the scheme."""
    path = tmp_path / "figures.html"
    path.write_text(made(), encoding="utf-8")

    def paper(scheme, media="screen"):
        view = browser.new_context(color_scheme=scheme).new_page()
        view.emulate_media(media=media)
        view.goto(path.as_uri())
        return view.evaluate("getComputedStyle(document.body).backgroundColor")

    assert paper("light") != paper("dark")
    assert paper("dark", "print") == "rgb(255, 255, 255)"
