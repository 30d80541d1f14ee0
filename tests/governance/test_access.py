"""Nobody reaches what their roles don't name, rules forbid whatever a role permits, and an end is an end."""

import re
import threading
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trellis import governance as desk
from trellis.governance import Facts, Standing, actions, judge, roles, sentences
from trellis.governance.access.judge import KINDS
from trellis.governance.access.roles import action_of
from trellis.governance.tables import audit_entries
from trellis.kernel import Conflict, Invalid, NotFound, NotPermitted, new_id

ROOT = "operator:local"
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
STAFF = sorted(name for name, role in roles().items() if not role.only and not role.through)
GIVEN = sorted(name for name, role in roles().items() if not role.only)
PURPOSES = ("treatment", "payment", "operations", "emergency", "request", "curiosity")
RELATIONS = ("team", "supervises", "self", "proxy", "emergency")
WITHIN = {name: set(action.groups) for name, action in actions().items()}


class Clock:
    def __init__(self):
        self.at = NOON

    def now(self):
        return self.at


@pytest.fixture
def accounts(record):
    record.clock = Clock()
    return desk.Accounts(tenant=record.tenant, database=record.database, vault=record.vault, clock=record.clock)


def hire(accounts, *given_roles, **where):
    """An account with roles; gives its id."""
    account, _ = desk.add_account(accounts, ROOT, new_id("usr"))
    for role in given_roles:
        desk.give_role(accounts, ROOT, account.id, role, **where)
    return account.id


def ask(accounts, account, action, subject="", purpose="treatment"):
    with accounts.database.change(accounts.tenant) as connection:
        at = accounts.clock.now()
        standing = Standing(connection, tenant=accounts.tenant, actor=f"staff:{account}", purpose=purpose, now=at)
        return standing.decide(action, subject)


def may(*asked, **how):
    return ask(*asked, **how).is_permitted


def client_of(accounts):
    client = new_id("cli")
    accounts.vault.make(accounts.tenant, "client", client)
    return client


def test_roles_and_rules_are_whole():
    """Each role names actions there are, each action is of some role, and each rule has a sentence."""
    named = {action for role in roles().values() for action in role.actions} - {"*"}
    shipped = (files("trellis.governance") / "data" / "access.cedar").read_text(encoding="utf-8")
    rules = set(re.findall(r'@id\("([^"]+)"\)', shipped))

    assert named <= set(actions())
    only_operators = {"record.export", "record.deidentify", "keys.change"}
    assert set(actions()) - named == only_operators
    assert rules <= set(sentences()) and all(sentences().values())
    assert all(action_of(name) == name for name in actions())
    spoken = set(re.findall(r'Action::"([a-z]+)"', shipped))
    assert spoken <= {group for groups in WITHIN.values() for group in groups}


facts = st.builds(
    Facts,
    kind=st.sampled_from([*KINDS, "client", ""]),
    action=st.sampled_from([*actions(), "note.shred"]),
    roles=st.frozensets(st.sampled_from(sorted(roles())), max_size=4),
    relations=st.frozensets(st.sampled_from(RELATIONS)),
    purpose=st.sampled_from(PURPOSES),
    is_own=st.booleans(),
)


@settings(max_examples=600, deadline=None)
@given(facts)
def test_what_is_permitted_is_named_by_a_role_and_forbidden_by_no_rule(asked):
    """Every permission has a role of that kind of actor that names it; each rule holds whatever a role says."""
    answer = judge(asked)
    groups = WITHIN.get(asked.action, set())
    kinds = {"staff": "", "operator": "operator", "job": "job"}
    naming = [
        name
        for name in asked.roles
        if roles()[name].only == kinds.get(asked.kind, "?")
        and ("*" in roles()[name].actions or asked.action in roles()[name].actions)
    ]
    assert answer.sentence
    if not answer.is_permitted:
        return
    assert naming and answer.rule.removeprefix("role.") in naming
    assert asked.purpose != "curiosity"
    assert not groups & {"signing", "private"} or asked.kind == "staff"
    if asked.kind == "staff":
        assert not (asked.is_own and "standing" in groups)
        is_billed = asked.action == "diagnosis.open" and asked.purpose == "payment" and "biller" in asked.roles
        if "clinical" in groups and not is_billed:
            assert asked.relations and asked.purpose in {"treatment", "emergency", "request"}
            assert "opening" in groups or asked.relations != {"emergency"}
        if asked.action == "disclosure.open":
            assert asked.relations or "compliance officer" in asked.roles
        if asked.action == "disclosure.open":
            assert asked.relations or "compliance officer" in asked.roles


@settings(max_examples=200, deadline=None)
@given(facts, st.sampled_from(sorted(roles())))
def test_less_given_never_permits_more(asked, role):
    """Without one of the roles, or without any relation, nothing is permitted that wasn't."""
    fewer = Facts(
        kind=asked.kind, action=asked.action, roles=asked.roles - {role}, relations=asked.relations,
        purpose=asked.purpose, is_own=asked.is_own,
    )  # fmt: skip
    assert judge(asked).is_permitted or not judge(fewer).is_permitted


places = st.tuples(st.sampled_from(["", "north", "south"]), st.sampled_from(["", "adult", "child"]))
grant = st.tuples(st.sampled_from(GIVEN), places, st.sampled_from(["always", "ended", "over"]))
relation = st.tuples(st.sampled_from(["team", "self", "proxy"]), st.sampled_from(["always", "ended", "over"]))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    held=st.lists(grant, max_size=3, unique_by=lambda one: one[:2]),
    related=st.lists(relation, max_size=2, unique_by=lambda one: one[0]),
    seen=st.frozensets(places.filter(any), max_size=2),
    action=st.sampled_from(sorted(actions())),
    purpose=st.sampled_from(PURPOSES[:3]),
)
def test_nobody_reaches_what_their_grants_dont_name(accounts, held, related, seen, action, purpose):
    """Over generated people, grants at sites and in programs, relations and purposes, ended ones among them."""
    whose, client = hire(accounts), client_of(accounts)
    until = {"over": NOON - timedelta(minutes=1)}
    for role, (site, program), when in held:
        one = desk.give_role(accounts, ROOT, whose, role, site=site, program=program, until=until.get(when))
        if when == "ended":
            desk.take_role(accounts, ROOT, one.id)
    for kind, when in related:
        one = desk.relate(accounts, ROOT, whose, kind, client, until=until.get(when))
        if when == "ended":
            desk.unrelate(accounts, ROOT, one.id)
    for site, program in seen:
        desk.place(accounts, ROOT, client, site=site, program=program)

    is_own = {kind for kind, when in related if when == "always"} & {"self", "proxy"}
    is_team = ("team", "always") in related
    naming = set()
    for role, (site, program), when in held:
        through = roles()[role].through
        is_here = not (site or program) or any(site in {"", s} and program in {"", p} for s, p in seen)
        holds = through in is_own if is_own else not through and is_here
        if when == "always" and holds and action in roles()[role].actions:
            naming.add(role)
    groups = WITHIN[action]
    is_billed = action == "diagnosis.open" and purpose == "payment" and "biller" in naming
    is_told = action != "disclosure.open" or is_team or bool(is_own) or "compliance officer" in naming
    wanted = (
        bool(naming)
        and is_told
        and ("clinical" not in groups or is_billed or (purpose == "treatment" and (is_team or bool(is_own))))
    )
    if action == "disclosure.open":
        wanted = wanted and (is_team or bool(is_own) or "compliance officer" in naming)
    assert may(accounts, whose, action, client, purpose=purpose) == wanted


def test_a_role_at_a_site_ends_at_its_door(accounts):
    """A grant bound to a site and a program holds for clients who are seen there, and for nobody before they are."""
    whose, client = hire(accounts, "front desk", site="north", program="adult"), client_of(accounts)
    assert not may(accounts, whose, "contact.open", client)
    desk.place(accounts, ROOT, client, site="north", program="child")
    assert not may(accounts, whose, "contact.open", client)
    desk.place(accounts, ROOT, client, site="north", program="adult")
    assert may(accounts, whose, "contact.open", client)
    desk.displace(accounts, ROOT, client, site="north", program="adult")
    assert not may(accounts, whose, "contact.open", client)


def test_who_supervises_opens_what_their_people_may_and_loses_it_with_them(accounts):
    """Supervision reaches the clients of the supervised one's teams: to open and to cosign, and to write nothing."""
    sue, tom, client = hire(accounts, "supervisor"), hire(accounts, "trainee"), client_of(accounts)
    assert not may(accounts, sue, "content.open", client)
    desk.relate(accounts, ROOT, tom, "team", client)
    over = desk.relate(accounts, ROOT, sue, "supervises", tom)
    assert may(accounts, sue, "content.open", client) and may(accounts, sue, "note.cosign", client)
    assert not may(accounts, sue, "content.change", client) and not may(accounts, tom, "note.cosign", client)
    desk.unrelate(accounts, ROOT, over.id)
    assert ask(accounts, sue, "content.open", client).rule == "relation.missing"


def test_staff_who_are_clients_here_are_clients_there(accounts):
    """At their own chart, or one they stand for, somebody holds no role of the staff."""
    whose, client = hire(accounts, "clinician", "client"), client_of(accounts)
    desk.relate(accounts, ROOT, whose, "team", client)
    assert may(accounts, whose, "content.open", client)
    desk.relate(accounts, ROOT, whose, "self", client)
    assert not may(accounts, whose, "content.open", client) and may(accounts, whose, "contact.open", client)


def test_nobody_gives_themselves_anything(accounts):
    """An administrator gives roles to others alone; the refusal names its rule and is on the chain."""
    admin, clerk, client = hire(accounts, "administrator"), hire(accounts), client_of(accounts)
    me = f"staff:{admin}"
    with pytest.raises(NotPermitted, match=r"own\.standing"):
        desk.give_role(accounts, me, admin, "clinician")
    with pytest.raises(NotPermitted, match=r"own\.standing"):
        desk.relate(accounts, me, admin, "team", client)
    with pytest.raises(NotPermitted, match=r"own\.standing"):
        desk.disable_account(accounts, me, admin)
    given_to = desk.give_role(accounts, me, clerk, "front desk")
    with pytest.raises(Conflict):
        desk.give_role(accounts, me, clerk, "front desk")
    with pytest.raises(NotPermitted, match=r"grant\.missing"):
        desk.give_role(accounts, f"staff:{clerk}", admin, "auditor")
    for none in ("operator", "job", "king"):
        with pytest.raises(Invalid):
            desk.give_role(accounts, me, clerk, none)
    assert desk.roles_of(accounts, f"staff:{clerk}", clerk) == [given_to]
    with pytest.raises(NotPermitted):
        desk.roles_of(accounts, f"staff:{clerk}", admin)
    with pytest.raises(NotPermitted):
        desk.list_accounts(accounts, f"staff:{clerk}")
    for which in (admin, "nobody"):
        with pytest.raises(NotPermitted):
            desk.reset_account(accounts, f"staff:{clerk}", which)
        with pytest.raises(NotPermitted):
            desk.relate(accounts, f"staff:{clerk}", which, "team", client)
    for grant in (given_to.id, "grt_none"):
        with pytest.raises(NotPermitted):
            desk.take_role(accounts, f"staff:{clerk}", grant)
    with pytest.raises(NotFound):
        desk.take_role(accounts, me, "grt_none")
    with accounts.database.look(accounts.tenant) as connection:
        told = connection.execute(audit_entries.select().where(audit_entries.c.decision == "refuse")).all()
    assert {(one.actor, one.rule) for one in told} >= {(me, "own.standing"), (f"staff:{clerk}", "grant.missing")}


def test_a_disabled_account_and_one_that_never_was_have_no_standing(accounts):
    """Roles of an account that isn't active permit nothing, nor does a name nobody has."""
    whose = hire(accounts, "auditor")
    assert may(accounts, whose, "audit.open")
    desk.disable_account(accounts, ROOT, whose)
    assert ask(accounts, whose, "audit.open").rule == "account.stopped"
    assert ask(accounts, "usr_nobody", "audit.open").rule == "account.stopped"


@pytest.mark.parametrize("how", ["role", "team", "account"])
def test_what_is_taken_away_waits_for_work_under_way_and_stops_all_after_it(accounts, how):
    """Whoever takes standing away is answered after the work that rests on it is over; nothing rests on it then."""
    whose, client = hire(accounts, "clinician"), client_of(accounts)
    (role,) = desk.roles_of(accounts, ROOT, whose)
    place = desk.relate(accounts, ROOT, whose, "team", client)
    take = {
        "role": lambda: desk.take_role(accounts, ROOT, role.id),
        "team": lambda: desk.unrelate(accounts, ROOT, place.id),
        "account": lambda: desk.disable_account(accounts, ROOT, whose),
    }[how]
    order = []

    def end():
        take()
        order.append("ended")

    taker = threading.Thread(target=end)
    with accounts.database.change(accounts.tenant) as connection:
        standing = Standing(connection, tenant=accounts.tenant, actor=f"staff:{whose}", purpose="treatment", now=NOON)
        assert standing.decide("content.open", client).is_permitted
        taker.start()
        taker.join(0.3)
        order.append("worked")
    taker.join(30)
    assert order == ["worked", "ended"]
    assert not may(accounts, whose, "content.open", client)


def test_breaking_the_glass_opens_writes_nothing_ends_and_is_reviewed_by_another(accounts):
    """With a reason, for four hours, to open alone; in a queue until somebody else says what it was."""
    ann, eve = hire(accounts, "clinician"), hire(accounts, "front desk")
    officer, client = hire(accounts, "compliance officer"), client_of(accounts)
    reason = "Called from the bridge; her clinician is away."
    with pytest.raises(Invalid):
        desk.begin_emergency(accounts, f"staff:{ann}", client, "urgent")
    with pytest.raises(NotPermitted):
        desk.begin_emergency(accounts, f"staff:{eve}", client, reason)
    with pytest.raises(NotFound):
        desk.begin_emergency(accounts, f"staff:{ann}", new_id("cli"), reason)
    begun = desk.begin_emergency(accounts, f"staff:{ann}", client, reason)
    assert reason not in repr(begun)
    assert may(accounts, ann, "content.open", client, purpose="emergency")
    assert ask(accounts, ann, "content.change", client).rule == "emergency.opens"
    assert not may(accounts, ann, "content.open", client_of(accounts))
    with pytest.raises(NotPermitted):
        desk.emergencies_to_review(accounts, f"staff:{ann}")
    desk.give_role(accounts, ROOT, ann, "compliance officer")
    with pytest.raises(NotPermitted, match=r"own\.standing"):
        desk.review_emergency(accounts, f"staff:{ann}", begun.id, "justified")
    (waiting,) = desk.emergencies_to_review(accounts, f"staff:{officer}")
    assert (waiting.id, waiting.reason) == (begun.id, reason)
    desk.review_emergency(accounts, f"staff:{officer}", begun.id, "justified")
    assert desk.emergencies_to_review(accounts, f"staff:{officer}") == []
    with pytest.raises(Conflict):
        desk.review_emergency(accounts, f"staff:{officer}", begun.id, "unclear")
    accounts.clock.at += timedelta(hours=4)
    assert not may(accounts, ann, "content.open", client)
    again = desk.begin_emergency(accounts, f"staff:{ann}", client, reason)
    desk.review_emergency(accounts, f"staff:{officer}", again.id, "unjustified")
    assert not may(accounts, ann, "content.open", client)
    with accounts.database.look(accounts.tenant) as connection:
        assert "bridge" not in repr(connection.execute(audit_entries.select()).all())
