"""Who sits at the browser."""

import pyotp

from .conftest import PASSWORD


def test_nothing_is_shown_to_nobody(browser_of):
    """Without a login a page leads to the way in, and shows nothing of itself."""
    answer = browser_of().get("/components")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in"


def test_signing_in_and_out(browser_of, dana):
    """The cookie is the server's alone: no script reads it, no other site sends it, and signing out ends it."""
    client = browser_of()
    answer = client.post("/sign-in", data={"name": "dana", "password": PASSWORD, "code": dana.code()})
    cookie = answer.headers["Set-Cookie"]
    assert answer.headers["Location"] == "/"
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Path=/" in cookie
    kept = dict(client.cookies)
    page = client.get("/components")
    assert "Dana Reyes" in page.text
    client.post("/sign-out", data={"csrf": page.text.split('data-token="')[1].split('"')[0]})
    client.cookies.update(kept)
    assert client.get("/components").headers["Location"] == "/sign-in"


def test_over_tls_the_cookie_is_tied_to_the_host(browser_of, dana):
    """Over TLS the cookie has the prefix that ties it to this host and path, and is never sent in the open."""
    client = browser_of()
    client.base_url = "https://testserver"
    answer = client.post("/sign-in", data={"name": "dana", "password": PASSWORD, "code": dana.code()})
    assert answer.headers["Set-Cookie"].startswith("__Host-trellis=")
    assert "Secure" in answer.headers["Set-Cookie"]
    token = client.get("/components").text.split('data-token="')[1].split('"')[0]
    ended = client.post("/sign-out", data={"csrf": token}).headers["Set-Cookie"]
    assert ended.startswith("__Host-trellis=") and "Max-Age=0" in ended and "Secure" in ended


def test_a_wrong_try_says_no_more_than_that(browser_of, dana):
    """Name, password or code wrong: the same words, and what was typed as a password isn't given back."""
    client = browser_of()
    said = set()
    for form in (
        {"name": "nobody", "password": PASSWORD, "code": "123456"},
        {"name": "dana", "password": "something else entirely", "code": dana.code()},
        {"name": "dana", "password": PASSWORD, "code": "000000"},
    ):
        answer = client.post("/sign-in", data=form)
        assert answer.status_code == 403
        assert form["password"] not in answer.text
        said.add(answer.text.split('class="notice-title">')[1].split("</p>")[0])
    assert len(said) == 1


def test_a_second_factor_comes_first(desk, browser_of):
    """An invited person chooses a password, and until a second factor is there nothing else opens."""
    from trellis.governance import add_account

    _, invitation = add_account(desk.accounts, "operator:test", "omar", called="Omar Bell, LPC")
    client = browser_of()
    chosen = client.post("/invitation", data={"name": "omar", "invitation": invitation, "password": PASSWORD})
    assert chosen.headers["Location"] == "/sign-in"
    entered = client.post("/sign-in", data={"name": "omar", "password": PASSWORD})
    assert entered.headers["Location"] == "/second"

    token = client.get("/second").text.split('name="csrf" value="')[1].split('"')[0]
    offered = client.post("/second/offer", data={"csrf": token}).text
    key = offered.split('class="key"><code>')[1].split("</code>")[0].replace(" ", "")
    wrong = client.post("/second", data={"csrf": token, "code": "000000"})
    assert wrong.status_code == 403
    done = client.post("/second", data={"csrf": token, "code": pyotp.TOTP(key).now()})
    assert done.text.count("<li><code>") == 10
    assert "recovery" in done.text
