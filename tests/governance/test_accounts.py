"""Accounts of the staff: invited, signed in with two factors, waited for, ended, and told without a secret."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from trellis.governance import accounts as desk
from trellis.governance.accounts import passwords, signing_in
from trellis.governance.tables import accounts as table
from trellis.governance.tables import audit_entries, logins, recovery_codes
from trellis.kernel import Conflict, Invalid, NotFound, NotPermitted

PASSWORD = "copper kettle on a slow tram"
ADMIN = "operator:local"


class Clock:
    def __init__(self):
        self.at = datetime(2026, 11, 25, 9, tzinfo=UTC)

    def now(self):
        return self.at

    def pass_by(self, **time):
        self.at += timedelta(**time)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Argon2 with little work: its strength isn't what these tests prove."""
    quick = passwords.Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", quick)
    passwords.nobodys_hash.cache_clear()


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def accounts(record, clock):
    return desk.Accounts(tenant=record.tenant, database=record.database, vault=record.vault, clock=clock)


@pytest.fixture
def ann(accounts):
    """Somebody with a password and no second factor."""
    account, invitation = desk.add_account(accounts, ADMIN, "Ann@Example", called="Ann Reyes")
    return desk.accept_invitation(accounts, "ann@example", invitation, PASSWORD) and account


@pytest.fixture
def second(accounts, ann, clock):
    """Ann's authenticator app, with her recovery codes."""
    login, _ = desk.sign_in(accounts, ann.name, PASSWORD)
    offer = desk.offer_second(accounts, login)
    app = pyotp.TOTP(offer.secret)
    codes = desk.confirm_second(accounts, login, app.at(clock.at))
    clock.pass_by(seconds=90)
    return app, codes


def refused(accounts, *tried):
    with pytest.raises(NotPermitted) as error:
        desk.sign_in(accounts, *tried)
    return error.value


def lines(accounts):
    with accounts.database.look(accounts.tenant) as connection:
        return connection.execute(audit_entries.select().order_by(audit_entries.c.number)).all()


def test_an_invitation_is_good_once_and_for_a_day(accounts, clock):
    """Nobody sets another's password: an invitation does, once, in time, to its own account."""
    _, first = desk.add_account(accounts, ADMIN, "ann")
    _, second = desk.add_account(accounts, ADMIN, "ben")
    with pytest.raises(NotPermitted):
        desk.accept_invitation(accounts, "ann", second, PASSWORD)
    desk.accept_invitation(accounts, "ann", first, PASSWORD)
    with pytest.raises(NotPermitted):
        desk.accept_invitation(accounts, "ann", first, PASSWORD)
    clock.pass_by(hours=25)
    with pytest.raises(NotPermitted):
        desk.accept_invitation(accounts, "ben", second, PASSWORD)
    with pytest.raises(Conflict):
        desk.add_account(accounts, ADMIN, "ANN")
    with pytest.raises(Invalid):
        desk.add_account(accounts, ADMIN, "ann reyes")


@pytest.mark.parametrize(
    "chosen",
    ["password", "P4ssw0rd2026!", "qwertyuiop123", "aaaaaaaaaaaa", "abcabcabcabc", "iloveyou<3", "Trellis2026!",
     "ann-reyes-2026", "clínica2026", "87654321", "welcome to the clinic", "short"],
)  # fmt: skip
def test_what_is_tried_first_is_refused(chosen):
    """Words of the list, the person's own, rows of keys and figures after them are no password."""
    with pytest.raises(Invalid):
        passwords.check_password(chosen, has_second=True, about=["Ann Reyes"])


def test_length_is_the_only_other_rule():
    """Fifteen characters alone, eight beside a second factor; any character counts, none is required."""
    for chosen in ("trombone fjord lamp", "ñandú sobre hielo gris", "鍵と橋と雨と石と傘と月と星と海と"):
        assert passwords.check_password(chosen, has_second=False)
    assert passwords.check_password("fjordlmp", has_second=True)
    with pytest.raises(Invalid, match="15"):
        passwords.check_password("fjord lamp", has_second=False)


def test_who_has_no_second_factor_works_on_nothing_where_it_is_required(accounts, ann):
    """A password alone leads to setting up a second factor, and to no record."""
    login, secret = desk.sign_in(accounts, "ANN@example ", PASSWORD)

    assert desk.find_login(accounts, secret).account == ann.id
    with pytest.raises(NotPermitted) as error:
        _ = login.actor
    assert error.value.code == "governance.second_required"
    lax = replace(accounts, limits=replace(accounts.limits, is_second_required=False))
    assert desk.find_login(lax, secret).actor == f"staff:{ann.id}"


def test_a_code_is_good_once(accounts, second, clock):
    """A code of the app signs in once: the same one again, or an earlier one, does not, whoever saw it."""
    app, _ = second
    code = app.at(clock.at)
    assert refused(accounts, "ann@example", PASSWORD).code == "governance.second_missing"
    login, _ = desk.sign_in(accounts, "ann@example", PASSWORD, code)
    assert login.actor
    assert refused(accounts, "ann@example", PASSWORD, code).code == "governance.sign_in_refused"
    assert refused(accounts, "ann@example", PASSWORD, app.at(clock.at - timedelta(seconds=30)))
    clock.pass_by(seconds=60)
    assert desk.sign_in(accounts, "ann@example", PASSWORD, app.at(clock.at))


def test_of_two_at_once_with_one_code_one_signs_in(accounts, second, clock):
    """A code replayed in the same moment loses the race."""
    code = second[0].at(clock.at)

    def attempt(_):
        try:
            return desk.sign_in(accounts, "ann@example", PASSWORD, code)
        except NotPermitted:
            return None

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(attempt, range(4)))
    assert sum(one is not None for one in done) == 1


def test_a_recovery_code_is_good_once_however_it_is_typed(accounts, second):
    """Each of the ten stands in for the app once."""
    _, codes = second
    assert len(set(codes)) == 10
    assert desk.sign_in(accounts, "ann@example", PASSWORD, codes[0].upper().replace("-", " "))[0].actor
    assert refused(accounts, "ann@example", PASSWORD, codes[0])
    assert refused(accounts, "ann@example", PASSWORD, "0000-0000-0000-0000")
    assert desk.sign_in(accounts, "ann@example", PASSWORD, codes[1])


def test_wrong_tries_bring_a_wait_that_doubles_and_an_end(accounts, ann, clock):
    """Five wrong tries bring half a minute, each further one twice as long, a hundred an administrator."""
    for _ in range(5):
        refused(accounts, ann.name, "wrong")
    assert refused(accounts, ann.name, PASSWORD).code == "governance.sign_in_refused"
    clock.pass_by(seconds=31)
    refused(accounts, ann.name, "wrong")
    clock.pass_by(seconds=31)
    refused(accounts, ann.name, PASSWORD)
    clock.pass_by(seconds=30)
    assert desk.sign_in(accounts, ann.name, PASSWORD)
    with accounts.database.change(accounts.tenant) as connection:
        connection.execute(table.update().values(failed=signing_in.MOST_TRIES))
    clock.pass_by(days=30)
    refused(accounts, ann.name, PASSWORD)
    desk.unlock_account(accounts, ADMIN, ann.id)
    assert desk.sign_in(accounts, ann.name, PASSWORD)


def test_tries_at_once_are_counted_each(accounts, ann):
    """Many tries in one moment get no more answers than one after another."""
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: refused(accounts, ann.name, "wrong"), range(16)))
    assert desk.find_account(accounts, ann.id).locked_until is not None
    refused(accounts, ann.name, PASSWORD)


def test_a_refusal_says_nothing_of_what_was_wrong(accounts, ann, monkeypatch):
    """A name nobody has, a wrong password and a disabled account bring the same words and the same work."""
    hashed = []
    monkeypatch.setattr(signing_in, "is_password", lambda given, known: hashed.append(known) or False)
    desk.add_account(accounts, ADMIN, "new")
    said = {(str(refused(accounts, name, "wrong")), len(hashed)) for name in (ann.name,)}
    for name in ("nobody", "new"):
        hashed.clear()
        said.add((str(refused(accounts, name, "wrong")), len(hashed)))
    desk.disable_account(accounts, ADMIN, ann.id)
    hashed.clear()
    said.add((str(refused(accounts, ann.name, PASSWORD)), len(hashed)))
    assert len(said) == 1


def test_a_login_ends_unused_used_up_or_when_somebody_says_so(accounts, ann, clock):
    """Idle, at its latest hour, signed out here or elsewhere, disabled, reset: from then on it opens nothing."""

    def begun():
        return desk.sign_in(accounts, ann.name, PASSWORD)

    def is_over(secret):
        with pytest.raises(NotPermitted, match="signed out"):
            desk.find_login(accounts, secret)
        return True

    _, idle = begun()
    clock.pass_by(minutes=14)
    desk.find_login(accounts, idle)
    clock.pass_by(minutes=14)
    assert desk.find_login(accounts, idle)
    clock.pass_by(minutes=16)
    assert is_over(idle)
    _, long = begun()
    for _ in range(71):
        clock.pass_by(minutes=10)
        desk.find_login(accounts, long)
    clock.pass_by(minutes=10)
    assert is_over(long)
    here, ours = begun()
    there, theirs = begun()
    assert [one.id for one in desk.logins_of(accounts, ann.id)][:2]
    desk.end_login(accounts, here, there.id)
    assert is_over(theirs) and desk.find_login(accounts, ours)
    with pytest.raises(NotFound):
        desk.end_login(accounts, here, there.id)
    begun()
    assert desk.end_all_logins(accounts, here) >= 2
    assert desk.logins_of(accounts, ann.id) == []
    assert is_over(ours)
    _, last = begun()
    desk.disable_account(accounts, ADMIN, ann.id)
    assert is_over(last)
    desk.unlock_account(accounts, ADMIN, ann.id)
    assert is_over(last) and is_over("guessed")


def test_another_password_ends_the_other_logins(accounts, ann):
    """Who knows the password so far may change it; what was signed in with it elsewhere ends."""
    login, ours = desk.sign_in(accounts, ann.name, PASSWORD)
    _, theirs = desk.sign_in(accounts, ann.name, PASSWORD)
    with pytest.raises(NotPermitted):
        desk.change_password(accounts, login, "wrong", "trombone fjord lamp")
    desk.change_password(accounts, login, PASSWORD, "trombone fjord lamp")
    assert desk.find_login(accounts, ours)
    with pytest.raises(NotPermitted):
        desk.find_login(accounts, theirs)
    refused(accounts, ann.name, PASSWORD)
    assert desk.sign_in(accounts, ann.name, "trombone fjord lamp")


def test_a_reset_forgets_everything_and_invites_anew(accounts, second):
    """After a reset neither password nor app nor recovery code is worth anything."""
    account, invitation = desk.reset_account(accounts, ADMIN, "ann@example")
    assert not account.has_password and not account.has_second
    refused(accounts, "ann@example", PASSWORD, second[1][0])
    desk.accept_invitation(accounts, "ann@example", invitation, PASSWORD)
    assert desk.sign_in(accounts, "ann@example", PASSWORD)[0].needs_second


def test_nothing_that_opens_anything_is_kept_or_told(accounts, second, clock):
    """Neither the tables nor the audit chain hold a password, its hash, a secret, a code or a name that was tried."""
    app, codes = second
    login, secret = desk.sign_in(accounts, "ann@example", PASSWORD, app.at(clock.at))
    refused(accounts, "hunter2hunter2", PASSWORD)
    kept = ""
    with accounts.database.look(accounts.tenant) as connection:
        for one in (table, logins, recovery_codes, audit_entries):
            kept += repr(connection.execute(one.select()).all())
    for hidden in (PASSWORD, "argon2", app.secret, secret, codes[1], codes[1].replace("-", ""), "hunter2"):
        assert hidden not in kept
    told = [(one.actor, one.action, one.decision, one.rule) for one in lines(accounts)]
    assert (ADMIN, "account.add", "permit", "role.operator") in told
    assert (login.actor, "login.begin", "permit", "password.second") in told
    assert told[-1] == ("nobody", "login.begin", "refuse", "account.absent")
    assert secret not in repr(login) and app.secret not in repr(desk.offer_second(accounts, login))
