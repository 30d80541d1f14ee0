"""Journeys through the workspace in a real browser: as a clinician goes, by keyboard alone, on a phone."""

import shutil
import time

import pyotp
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from trellis.web import guarded, make_app

from .conftest import PASSWORD, serving
from .test_encounters import TALK

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--autoplay-policy=no-user-gesture-required",
]
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}


def is_complaint(told):
    """What the browser's console says of a fault; a refusal that the page tells of is none."""
    return told.type in ("error", "warning") and "status of 409" not in told.text


def until(view, wanted):
    """Wait for something of the page to be so, without the eval that its policy forbids."""
    for _ in range(160):
        if view.evaluate(wanted):
            return
        view.wait_for_timeout(50)
    raise AssertionError(wanted)


@pytest.fixture(scope="module")
def browser():
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(desk):
    """Where the workspace is served."""
    with serving(guarded(make_app(desk))) as found:
        yield found


@pytest.fixture(scope="module")
def cookies(browser, address, dana):
    """Dana's login, signed in by hand with a code of her app."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    expect(page).to_have_url(f"{address}/sign-in")
    page.get_by_label("Name").fill(dana.name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code").fill(pyotp.TOTP(dana.totp.secret).at(time.time() + 30))
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Today")
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture
def page(browser, address, cookies):
    """Gives a page of a browser that is signed in; at the end nothing was complained of, and nobody else was asked."""
    complaints, opened = [], []

    def new(viewport=DESK, **context):
        made = browser.new_context(viewport=viewport, base_url=address, storage_state=cookies, **context)
        opened.append(made)
        view = made.new_page()
        view.on("console", lambda told: complaints.append(told.text) if is_complaint(told) else None)
        view.on("pageerror", lambda error: complaints.append(str(error)))
        view.on("request", lambda asked: complaints.append(asked.url) if not asked.url.startswith(address) else None)
        return view

    yield new
    for each in opened:
        each.close()
    assert complaints == []


def test_from_an_upload_to_a_signed_note(desk, page, draft):
    """A transcript is given in, its draft read, answered for and signed; then nothing of it can be changed."""
    view = page()
    view.goto(f"/encounters/{draft.encounter}")
    view.get_by_label("Recording or transcript").set_input_files(
        {"name": "talk.txt", "mimeType": "text/plain", "buffer": TALK}
    )
    view.get_by_role("button", name="Draft the note").click()
    view.get_by_role("link", name="Review it").click(timeout=20_000)
    expect(view.get_by_text("four hours").first).to_be_visible()
    for check in view.locator(".check.open details.doing").all():
        check.locator("summary").click()
    while (form := view.locator(".check.open details.doing form")).count():
        form.first.locator("xpath=..").evaluate("one => { one.open = true; }")
        form.first.locator("textarea").fill("Seen to with the client.")
        waiting = int(view.locator("#work").get_attribute("data-waiting"))
        form.first.get_by_role("button").click()
        expect(view.locator("#work")).not_to_have_attribute("data-waiting", str(waiting))
    while view.locator("li.open").count():
        left = view.locator("li.open").count()
        view.locator("li.open").first.get_by_role("button", name="Confirm", exact=False).first.click()
        expect(view.locator("li.open")).to_have_count(left - 1)
    view.get_by_role("link", name="Sign", exact=False).first.click()
    view.get_by_role("button", name="Sign and lock").click()
    expect(view.get_by_text("the signature holds")).to_be_visible()
    assert view.locator("textarea[name=text]").count() == 0


def test_by_keyboard_alone(page, draft, now_of):
    """Every act of a review by a key: next, confirm, edit, remove, undo, the list of keys; focus is never lost."""
    view = page()
    view.goto(f"/drafts/{draft.id}")
    waiting = view.locator("li.open")
    before = waiting.count()
    view.keyboard.press("n")
    first = view.locator("li.on").get_attribute("data-number")
    view.keyboard.press("a")
    expect(waiting).to_have_count(before - 1)
    expect(view.locator(f"#s{first}")).to_have_class("confirmed")
    expect(view.locator("li.on")).not_to_have_attribute("data-number", first)
    assert view.evaluate("document.activeElement.className") == "statement"

    view.keyboard.press("e")
    view.keyboard.press("Control+a")
    view.keyboard.type("Client takes sertraline 50 mg each morning.")
    view.keyboard.press("Control+Enter")
    expect(view.get_by_role("button", name="Client takes sertraline 50 mg each morning.", exact=True)).to_be_visible()
    view.keyboard.press("u")
    expect(view.get_by_role("button", name="Client takes sertraline 50 mg each morning.", exact=True)).to_have_count(0)

    view.keyboard.press("k")
    view.keyboard.press("x")
    expect(view.locator("li.removed")).to_have_count(1)
    view.keyboard.press("x")
    expect(view.locator("li.removed")).to_have_count(0)

    view.keyboard.press("?")
    expect(view.get_by_role("dialog")).to_be_visible()
    view.keyboard.press("Escape")
    view.keyboard.press("s")
    expect(view.get_by_role("heading", name="Sign the note")).to_be_visible()


def test_single_keys_can_be_turned_off(page, draft, now_of):
    """For who dictates or types by accident (WCAG 2.1.4); the choice stays with the browser."""
    view = page()
    view.goto(f"/drafts/{draft.id}")
    view.get_by_role("button", name="Keys").click()
    view.get_by_label("Single keys do something").uncheck()
    view.get_by_role("button", name="Close").click()
    view.locator(".statement").first.click()
    view.keyboard.press("x")
    view.reload()
    view.locator(".statement").first.click()
    view.keyboard.press("x")
    assert view.locator("li.removed").count() == 0
    assert now_of(draft).version == draft.version


def test_a_sentence_shows_and_plays_what_it_rests_on(page, draft):
    """On focus its turn and quote stand out; a key plays that second and stops after it."""
    view = page()
    view.goto(f"/drafts/{draft.id}")
    view.locator("#b1").focus()
    expect(view.locator("#t2")).to_have_class("turn client on")
    expect(view.locator("#t2 .said .on")).to_have_text("four hours a night")
    until(view, "document.getElementById('sound').readyState >= 1")
    view.keyboard.press("p")
    until(view, "document.getElementById('sound').currentTime > 3.6")
    until(view, "document.getElementById('sound').paused")
    assert view.evaluate("document.getElementById('sound').currentTime") < 9
    view.locator("#t2").click(position={"x": 200, "y": 40})
    expect(view.locator("#s1")).to_have_class("rests", timeout=2000)


def test_quick_presses_are_all_done_in_their_order(page, draft, now_of):
    """Who is faster than the network loses nothing."""
    view = page()
    view.goto(f"/drafts/{draft.id}")
    view.keyboard.press("j")
    for key in "xjxjx":
        view.keyboard.press(key)
    expect(view.locator("li.removed")).to_have_count(3)
    removed = [each for each in now_of(draft).content.statements() if each.is_removed]
    assert len(removed) == 3


def test_what_somebody_else_changed_is_said_in_place(desk, page, draft):
    """A refused act comes as words on the page, which stays as it is."""
    from trellis.record import edit

    view = page()
    view.goto(f"/drafts/{draft.id}")
    with desk.record.work("operator:other") as work:
        edit(work, work.open(draft.id), 1, "Client reports sleeping five hours.")
    view.locator("#b1").click()
    view.locator("#confirm-1").click()
    expect(view.locator("#notices")).to_contain_text("changed since you opened it")
    expect(view.locator("#b1")).to_contain_text("four hours")


def test_a_section_goes_to_another_record_as_text(browser, page, draft):
    """Copied, not typed: the words alone, with what waits marked."""
    view = page(permissions=["clipboard-read", "clipboard-write"])
    view.goto(f"/drafts/{draft.id}")
    view.locator('[data-copy="subjective"]').click()
    expect(view.locator("#live")).to_have_text("Copied")
    copied = view.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Subjective:\nClient reports sleeping about four hours a night.\n[unconfirmed] ")


@pytest.mark.parametrize(("viewport", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def test_nothing_stands_in_anybodys_way(page, draft, viewport, scheme):
    """axe finds nothing on any page, and none is wider than its screen."""
    view = page(viewport, color_scheme=scheme)
    for place in (
        "/",
        "/?day=2031-01-01",
        "/clients",
        f"/clients/{draft.client}",
        f"/encounters/{draft.encounter}",
        f"/drafts/{draft.id}",
        f"/drafts/{draft.id}/sign",
        "/components",
        "/second",
        "/invitation",
    ):
        view.goto(place)
        found = Axe().run(view, options={"resultTypes": ["violations"]}).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == [], place
        assert view.evaluate("document.documentElement.scrollWidth") <= viewport["width"], place


def test_without_a_script_everything_still_works(page, draft, now_of):
    """Each act is a form of its own."""
    view = page(java_script_enabled=False)
    view.goto(f"/drafts/{draft.id}")
    view.locator("#confirm-2").click()
    assert view.url.endswith(f"/drafts/{draft.id}#s2")
    assert next(each for each in now_of(draft).content.statements() if each.number == 2).is_confirmed
