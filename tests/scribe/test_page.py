"""The note as a page: self-contained, hostile text stays text, each sentence leads to its second, readable by all."""

import html
import re
import shutil
import struct
import wave
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources

import pytest
from playwright.sync_api import sync_playwright

from trellis.chart import (
    Check,
    Correction,
    DraftNote,
    Evidence,
    Finding,
    Person,
    Section,
    Statement,
    Transcript,
    Turn,
    Verdict,
    Writer,
)
from trellis.scribe.page import LARGEST_SOUND, Sound, load_sound, page, pieces

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--autoplay-policy=no-user-gesture-required",
]

HOSTILE = (
    "</script><script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"
    "'\" {{7*7}} \u202e\x00"
)


def turn(number, speaker, text, **more):
    return Turn(id=number, speaker=speaker, text=text, start=number - 1.0, end=number - 0.2, **more)


def statement(text, turn_id, quote, **more):
    evidence = (Evidence(turn=turn_id, start=turn_id - 1.0, end=turn_id - 0.2, quote=quote),)
    return Statement(
        **{"text": text, "topic": "sleep", "status": "supported", "support": 0.9, "evidence": evidence} | more
    )


@pytest.fixture
def note():
    fixed = (Correction(said="search line", text="sertraline", confidence=0.94),)
    turns = (
        turn(1, "clinician", "How do you sleep on sertraline?", corrections=fixed),
        turn(2, "client", "Maybe four hours a night. I wish I wouldn't wake up.", confidence=0.41, marks=("pause 6s",)),
        turn(3, "other", "She hardly sleeps.", overlap=True),
        turn(4, "clinician", "Let's keep a sleep diary."),
    )
    doubtful = statement(
        "Client is improving.", 2, "Maybe four hours", status="unconfirmed", inferred=True, reasons=("it concludes",)
    )
    return DraftNote(
        format="soap",
        language="en",
        people=(Person(id="other", role="other", name="Ana", relation="sister"),),
        transcript=Transcript(turns=turns, duration=4.0),
        sections=(
            Section(
                key="subjective",
                title="Subjective",
                statements=(
                    statement("Client reports sleeping four hours a night.", 2, "four hours a night"),
                    doubtful,
                ),
            ),
            Section(key="objective", title="Objective"),
            Section(key="plan", title="Plan", statements=(statement("Keep a sleep diary.", 4, "keep a sleep diary"),)),
        ),
        not_assessed=("appearance", "eye contact"),
        safety=Verdict(
            findings=(
                Finding(
                    concern="suicide",
                    assertion="present",
                    level="urgent",
                    detail="passive_ideation",
                    quote="I wish I wouldn't wake up.",
                    turn=2,
                ),
            )
        ),
        checks=(
            Check(rule="encounter.times", severity="block", message="Add the times.", section="objective"),
            Check(rule="measure.scored", severity="info", message="No score.", section=None),
        ),
        writer=Writer(name="extractive", version="1"),
        seconds={},
    )


@pytest.fixture
def recording(tmp_path):
    path = tmp_path / "recording.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(struct.pack("<h", 200) * 8000 * 4)
    return path


class Attributes(HTMLParser):
    """Collects every element with its attributes."""

    def __init__(self, text):
        super().__init__()
        self.elements = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))


def words(text):
    return " ".join(html.unescape(re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", text, flags=re.DOTALL)).split())


# What the page holds ------------------------------------------------------------------------------------------------


def test_safety_comes_first(note):
    """Danger is read before anything else in the note, with its words and its level."""
    text = words(page(note, title="SOAP progress note"))

    assert text.index("Urgent: a clinician must see this today") < text.index("Client reports sleeping")
    assert "I wish I wouldn't wake up." in text
    assert "Suicide, passive ideation, present" in text


def test_a_denial_under_no_danger_says_that_it_is_one(note):
    """A quote of something grave is never shown under "nothing found" without saying that it was asked and denied."""
    denied = Finding(concern="suicide", assertion="denied", level="none", quote="No, never.")
    shown = words(page(replace(note, safety=Verdict(findings=(denied,))), title="t"))
    assert "No danger found; what was asked and denied:" in shown
    assert "Nothing found" not in shown


def test_doubt_is_told_in_words(note):
    """Unconfirmed sentences say so with their reasons, and conclusions say that they conclude: not by colour alone."""
    text = words(page(note, title="t"))

    assert "Unconfirmed · a conclusion, yours to judge · it concludes" in text
    assert text.count("Unconfirmed") == 1


def test_corrections_show_what_was_heard(note):
    """A corrected word stands beside the original."""
    assert "sertraline (heard “search line”) ?" in words(page(note, title="t"))


def test_what_was_hard_to_hear_is_told(note):
    """Low confidence, overlapping speech and the marks of a typed transcript are shown."""
    text = words(page(note, title="t"))

    assert "hard to hear, 41 % sure" in text
    assert "speech overlaps" in text
    assert "pause 6s" in text


def test_people_are_called_by_name_and_relation(note):
    """A third person is shown as who they are."""
    assert "Ana, sister" in words(page(note, title="t"))


def test_what_wasnt_assessed_and_what_is_missing_are_listed(note):
    """The page lists what a microphone can't know, and the checks by gravity with the way to mend them."""
    text = page(note, title="t")

    assert "appearance" in words(text)
    assert words(text).index("Must be mended") < words(text).index("Good to know")
    assert 'href="#section-objective"' in text


def test_empty_sections_and_empty_recordings_say_so(note):
    """Nothing found is said, and a recording without speech isn't called safe."""
    empty = replace(note, transcript=Transcript(turns=(), duration=9.0), sections=(), safety=Verdict(), checks=())

    assert "Nothing was found for this section." in words(page(note, title="t"))
    assert "No speech was found in the recording." in words(page(empty, title="t"))
    assert "Not screened" in words(page(empty, title="t"))
    assert "Nothing found" not in words(page(empty, title="t"))


def test_a_turn_cut_in_pieces_is_still_the_turn(note):
    """Marking quotes and corrections loses no character, where they overlap too."""
    spoken = turn(
        2,
        "client",
        "Maybe four hours a night, maybe four.",
        corrections=(Correction(said="for", text="four", confidence=1),),
    )
    resting = [statement("a", 2, "four hours"), statement("b", 2, "hours a night, maybe")]
    cut = pieces(spoken, resting)

    assert "".join(piece.text for piece in cut) == spoken.text
    assert [piece.text for piece in cut if piece.statements == (1, 2)] == ["hours"]
    assert [piece.text for piece in cut if piece.heard == "for"] == ["four"]


# What the page lets happen ------------------------------------------------------------------------------------------


def test_hostile_text_stays_text(note):
    """Whatever a person says, a file is named or a model writes, the page shows it and runs nothing."""
    fixed = (Correction(said=HOSTILE, text="img", confidence=1),)
    found = Finding(concern="suicide", assertion="present", level="urgent", quote=HOSTILE, reason=HOSTILE)
    doubtful = statement(HOSTILE, 1, HOSTILE, reasons=(HOSTILE,), status="unconfirmed")
    bad = replace(
        note,
        people=(Person(id="other", role="other", name=HOSTILE, relation=HOSTILE),),
        transcript=Transcript(
            turns=(turn(1, "client", HOSTILE, marks=(HOSTILE,), corrections=fixed), turn(2, "other", "Yes."))
        ),
        sections=(Section(key="s", title=HOSTILE, statements=(doubtful,)),),
        not_assessed=(HOSTILE,),
        safety=Verdict(findings=(found,)),
        checks=(Check(rule="a.b", severity="warn", message=HOSTILE),),
    )
    text = page(bad, title=HOSTILE)
    elements = Attributes(text).elements

    assert sum(tag == "script" for tag, _ in elements) == 1
    assert not any(tag == "img" for tag, _ in elements)
    assert not any(name.startswith("on") or name == "style" for _, attributes in elements for name in attributes)
    assert "49" not in words(text)
    assert "\x00" not in text


def test_halves_of_characters_dont_break_the_page(note):
    """A lone surrogate from a careless transcript is replaced; the page can still be written."""
    bad = replace(note, not_assessed=("broken \ud800 text",))

    assert "broken \ufffd text" in page(bad, title="t").encode().decode()


def test_nothing_else_may_run_or_load(note):
    """The policy names the hashes of the one style and the one script, and allows no host."""
    text = page(note, title="t")
    policy = next(attributes["content"] for tag, attributes in Attributes(text).elements if "http-equiv" in attributes)

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert len(re.findall(r"'sha256-[A-Za-z0-9+/]{43}='", policy)) == 2
    assert not re.search(r"https?://", text)


# The recording ------------------------------------------------------------------------------------------------------


def test_the_recording_lies_inside_as_it_was(note, recording):
    """The page carries the very bytes of the recording, in their own type."""
    sound = load_sound(recording)

    assert sound.media_type == "audio/wav"
    assert sound.content == recording.read_bytes()
    assert 'src="data:audio/wav;base64,' in page(note, title="t", sound=sound)


def test_a_recording_too_large_is_left_out_and_said(note, tmp_path):
    """A long recording stays where it is; the page says so and lets the reader choose the file."""
    path = tmp_path / "long.mp3"
    with path.open("wb") as file:
        file.truncate(LARGEST_SOUND + 1)
    text = page(note, title="t", sound=load_sound(path))

    assert load_sound(path) == Sound(media_type="audio/mpeg", content=None)
    assert "too large to lie inside this page" in words(text)
    assert 'type="file"' in text


def test_a_transcript_has_no_player(note, tmp_path):
    """Without a recording there is nothing to play, and nothing that pretends to."""
    text = page(note, title="t", sound=load_sound(tmp_path / "typed.txt"))

    assert "<audio" not in text
    assert "Play from" not in words(text)


# In a browser -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser():
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield opened
        opened.close()


@pytest.fixture
def opened(browser, note, recording, tmp_path):
    """Opens the page at a width and gives it, with what it asked of the network and complained about."""

    def open_page(width=1280, **context):
        path = tmp_path / "note.html"
        path.write_text(page(note, title="SOAP progress note", sound=load_sound(recording)), encoding="utf-8")
        view = browser.new_context(viewport={"width": width, "height": 800}, **context).new_page()
        view.asked, view.errors = [], []
        view.on("request", lambda request: view.asked.append(request.url.split(":")[0]))
        view.on("console", lambda message: view.errors.append(message.text))
        view.on("pageerror", lambda error: view.errors.append(str(error)))
        view.goto(path.as_uri())
        return view

    return open_page


@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("width", [1280, 390])
def test_a_click_shows_and_plays_the_second(opened, width):
    """Clicking a sentence marks its words in the transcript and plays that second, on a desk and on a phone."""
    view = opened(width)
    view.locator(".statement").nth(2).click()
    view.wait_for_function("document.getElementById('sound').currentTime >= 3")

    assert view.locator(".turn.on").get_attribute("id") == "t4"
    assert view.locator(".said .on").all_inner_texts() == ["keep a sleep diary"]
    assert "Clinician at 0:03" in view.locator("#live").inner_text()
    assert view.locator("#t4").is_visible()
    assert view.locator(".statement").nth(2).get_attribute("aria-pressed") == "true"
    assert view.errors == []


@pytest.mark.xdist_group("browser")
def test_the_keyboard_does_all_that_the_mouse_does(opened):
    """j and k move between sentences and can be switched off, Enter and Space show the evidence, Escape lets go."""
    view = opened()
    view.keyboard.press("j")
    view.keyboard.press("j")
    view.keyboard.press("Enter")
    assert view.evaluate("document.activeElement.dataset.statement") == "2"
    assert view.locator(".turn.on").get_attribute("id") == "t2"

    view.keyboard.press("k")
    view.keyboard.press(" ")
    assert view.locator(".statements > li.on").get_attribute("id") == "s1"

    view.keyboard.press("Escape")
    assert view.locator(".on").count() == 0

    view.locator(".keys summary").click()
    view.locator("#shortcuts").uncheck()
    view.locator(".statement").first.focus()
    view.keyboard.press("j")
    assert view.evaluate("document.activeElement.dataset.statement") == "1"


@pytest.mark.xdist_group("browser")
def test_a_turn_plays_and_shows_what_rests_on_it(opened):
    """Clicking a turn plays it and marks the sentences that rest on it; arrows walk through the transcript."""
    view = opened()
    view.locator("#t2").click()
    view.wait_for_function("document.getElementById('sound').currentTime >= 1")

    assert view.locator("li.rests").count() == 2
    assert "2 sentences rest on this turn" in view.locator("#live").inner_text()

    view.locator("#t2 .when").focus()
    view.keyboard.press("ArrowDown")
    assert view.evaluate("document.activeElement.dataset.turn") == "3"


@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("width", [1280, 390])
def test_the_symptom_view_opens_by_keyboard_and_leads_to_its_evidence(opened, width):
    """Each domain is closed at first, opens with Enter, is large enough to touch, and its citations mark their turn."""
    view = opened(width)
    domain = view.locator("#domains details").first
    assert not domain.get_attribute("open") and domain.locator("li").first.is_hidden()
    assert domain.locator("summary").bounding_box()["height"] >= 44

    domain.locator("summary").focus()
    view.keyboard.press("Enter")
    assert domain.locator("li").first.is_visible()

    domain.locator("a.cite").first.focus()
    view.keyboard.press("Enter")
    assert view.locator(".turn.on").get_attribute("id") == "t2"
    assert view.locator("#domains a.go").first.get_attribute("href") == "#s1"
    assert view.errors == []


def test_the_symptom_view_says_what_it_is_and_what_it_lacks(note):
    """The view calls itself no diagnosis, names the domains nobody spoke of, and says so where there is nothing."""
    told = words(page(note, title="t"))
    assert "It counts no criteria and makes no diagnosis." in told
    assert "Not spoken of, which is no denial: low mood" in told

    empty = words(page(replace(note, sections=()), title="t"))
    assert "The note holds no statement about symptoms." in empty
    assert "which is no denial" not in empty


@pytest.mark.xdist_group("browser")
def test_the_page_asks_nothing_of_the_network(opened):
    """The page is one file: it loads itself and its own data, and the policy refuses what it didn't bring."""
    view = opened()
    view.locator(".statement").first.click()
    view.wait_for_timeout(200)

    assert set(view.asked) <= {"file", "data"}
    assert view.errors == []
    assert view.evaluate("fetch('data:,x').then(() => 'loaded', () => 'refused')") == "refused"


@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_fits(opened, width):
    """Nothing runs out of the window sideways."""
    view = opened(width)

    assert view.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.xdist_group("browser")
def test_on_a_phone_the_sentence_stays_in_sight(opened):
    """The transcript opens over the foot of the note and doesn't cover the sentence that opened it."""
    view = opened(390)
    assert view.locator("#turns").is_hidden()
    view.locator(".statement").nth(1).click()
    view.wait_for_timeout(600)
    sentence, sheet = view.locator("#s2").bounding_box(), view.locator("#transcript").bounding_box()

    assert sentence["y"] + sentence["height"] <= sheet["y"]
    assert view.locator("#turns").is_visible()


@pytest.mark.xdist_group("browser")
def test_reduced_motion_is_kept(opened):
    """Who asks for less motion gets none."""
    view = opened(reduced_motion="reduce")

    assert view.evaluate("getComputedStyle(document.querySelector('.turn')).transitionDuration") == "0s"


@pytest.mark.xdist_group("browser")
def test_the_page_reads_without_script(opened):
    """Where scripts are off, note, quotes and transcript are all there, and a citation is a plain link to its turn."""
    view = opened(java_script_enabled=False)

    assert view.locator(".quote").first.is_visible()
    assert view.locator("#t4").is_visible()
    assert view.locator("#s1 a.cite").get_attribute("href") == "#t2"


# Contrast -----------------------------------------------------------------------------------------------------------

GROUNDS = {
    "paper": "ink soft accent warn danger",
    "card": "ink soft accent warn danger",
    "accent-wash": "ink soft accent warn",
    "mark": "mark-ink",
    "warn-wash": "ink soft accent warn",
    "danger-wash": "ink soft accent danger",
    "calm-wash": "ink calm",
}


def palettes():
    css = resources.files("trellis.scribe").joinpath("data/page/page.css").read_text("utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    day = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", light))
    return {"light": day, "dark": day | dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", dark))}


def luminance(colour):
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_text_can_be_read(theme, ground):
    """Every text colour stands out from every ground it stands on by 4.5 to 1 (WCAG 2.2, 1.4.3), day and night."""
    palette = palettes()[theme]
    for text in GROUNDS[ground].split():
        dark, light = sorted((luminance(palette[text]), luminance(palette[ground])))
        assert (light + 0.05) / (dark + 0.05) >= 4.5, f"{text} on {ground}"
