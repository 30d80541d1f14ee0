"""What every request passes before a page sees it."""

import pytest

from trellis.web.guard import SIGN_IN, Budgets

FORM = {"name": "nobody", "password": "nothing at all"}


def test_every_answer_carries_the_headers(browser_of):
    """A page, an error and a refusal alike: a policy without inline code or eval, no framing, nothing kept on disk."""
    client = browser_of()
    for answer in (client.get("/sign-in"), client.get("/nowhere"), client.post("/sign-in", headers=ELSEWHERE)):
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy and "unsafe" not in policy and "default-src 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "frame-ancestors 'none'" in policy


ELSEWHERE = {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (ELSEWHERE, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": "", "Origin": "https://elsewhere.example"}, 403),
        ({"Sec-Fetch-Site": "", "Origin": "null"}, 403),
        ({"Sec-Fetch-Site": ""}, 403),
        ({"Sec-Fetch-Site": "", "Origin": "http://testserver"}, 403),
    ],
)
def test_a_change_from_elsewhere_is_refused(browser_of, headers, status):
    """What changes something comes from a page of this workspace, by what the browser itself says of it."""
    answer = browser_of().post("/sign-in", data=FORM, headers=headers)
    assert answer.status_code == status
    came_from_here = headers.get("Origin") == "http://testserver"
    assert ("didn't come from a page" in answer.text) is not came_from_here


def test_a_form_without_the_token_is_refused(signed_in):
    """Even from a page of this origin, a change carries the token of this very login."""
    assert signed_in.post("/sign-out").status_code == 403
    assert signed_in.post("/sign-out", data={"csrf": "0" * 64}).status_code == 403
    assert signed_in.post("/sign-out", data={"csrf": signed_in.token}).status_code == 303


def test_too_many_tries_have_to_wait():
    """A caller has a number of tries in a row, and gets them back slowly; others aren't held up."""
    budgets = Budgets()
    waits = [budgets.spend("a", SIGN_IN, now=100.0) for _ in range(21)]
    assert waits[:20] == [0.0] * 20 and waits[20] == pytest.approx(5.0)
    assert budgets.spend("b", SIGN_IN, now=100.0) == 0.0
    assert budgets.spend("a", SIGN_IN, now=105.1) == 0.0


def test_sign_in_is_held_to_its_rate(browser_of):
    """The twenty-first try in a row is told to wait, and for how long."""
    client = browser_of()
    answers = [client.post("/sign-in", data={"name": ""}) for _ in range(21)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0


def test_a_form_is_bounded(browser_of):
    """More than a form needs isn't read."""
    answer = browser_of().post("/sign-in", data=FORM | {"password": "x" * (2 << 20)})
    assert answer.status_code == 413


def test_assets_are_kept_for_good(browser_of):
    """Style and scripts are addressed by their content, so a browser may keep them."""
    client = browser_of()
    page = client.get("/sign-in").text
    address = page.split('<link rel="stylesheet" href="')[1].split('"')[0]
    answer = client.get(address)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
