"""What may run where: one question, answered from dated packs, failing closed."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trellis.governance import (
    Where,
    answer_on,
    features,
    in_place_of,
    read_pack,
    shipped_packs,
    what_may_run,
)
from trellis.governance.laws import states
from trellis.kernel import Invalid, NotFound

TODAY = date(2026, 11, 25)
PACK = """
key = "ohio"
title = "Ohio"
states = ["OH"]
dated = 2026-11-25

[[rules]]
key = "oh.chat"
features = ["client_communication"]
answer = "allow"
duties = ["reach_a_human"]
since = 2026-01-01
source = "A statute"
verified = true
why = "It says so."
"""
PLACES = st.sampled_from([*sorted(states()), "", "ZZ", "il"])
DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


def at(client, clinic, on=TODAY, packs=None):
    return what_may_run(Where(client=client, clinic=clinic, on=on), packs or shipped_packs())


def keys(answer):
    return {rule.key for rule in answer.rules}


def test_software_does_not_talk_with_clients_or_read_their_minds_anywhere():
    """Denied in every state as shipped: no verified rule allows it."""
    for state in sorted(states()):
        answers = at(state, state)
        for feature in ("client_communication", "mental_state_inference", "voice_identification", "minor_consent"):
            assert not answers[feature].allowed, (state, feature)


def test_illinois_from_its_first_day():
    """Written consent and notice to record or transcribe; no talk, no reading of states, review of plans."""
    answers = at("IL", "IL")
    for feature in ("scribe_record", "scribe_text"):
        assert answers[feature].allowed
        assert {"written_consent", "ai_notice", "licensee_review"} <= set(answers[feature].duties)
        assert "il.wopr.consent" in keys(answers[feature])
    assert "consent_of_everyone" in answers["scribe_record"].duties
    assert "il.wopr.communication" in keys(answers["client_communication"])
    assert "il.wopr.emotions" in keys(answers["mental_state_inference"])
    assert "licensee_review" in answers["plan_drafting"].duties
    assert "il.wopr.consent" not in keys(at("IL", "IL", date(2025, 7, 31))["scribe_text"])
    assert "il.wopr.consent" in keys(at("IL", "IL", date(2025, 8, 1))["scribe_text"])


def test_california_asks_everybody_and_says_what_wrote():
    """Recording needs all; messages need the disclaimer, a human, no titles, and from 2027 a report."""
    answers = at("CA", "CA")

    assert "ca.cipa" in keys(answers["scribe_record"])
    assert {"ai_disclaimer", "reach_a_human", "no_licensed_titles", "crisis_protocol"} <= set(
        answers["client_communication"].duties
    )
    assert "annual_report" not in answers["client_communication"].duties
    assert "annual_report" in at("CA", "CA", date(2027, 7, 1))["client_communication"].duties


def test_the_law_of_both_places_holds():
    """A client in Illinois of a clinic in California, and the other way round."""
    for answers in (at("IL", "CA"), at("CA", "IL")):
        assert {"il.wopr.consent", "ca.cipa"} <= keys(answers["scribe_record"])


def test_only_a_verified_rule_allows_and_only_where_it_holds():
    """A pack of Ohio lets software talk in Ohio; unverified, or with the client elsewhere, it doesn't."""
    pack = read_pack(PACK)
    unverified = replace(pack, rules=(replace(pack.rules[0], verified=False),))
    packs = in_place_of(shipped_packs(), [pack])

    assert at("OH", "OH", packs=packs)["client_communication"].allowed
    assert not at("OH", "OH", packs=in_place_of(shipped_packs(), [unverified]))["client_communication"].allowed
    assert not at("OH", "OH", date(2025, 12, 31), packs)["client_communication"].allowed
    for client, clinic in (("IN", "OH"), ("OH", "IN"), ("", "OH"), ("OH", "ZZ")):
        assert not at(client, clinic, packs=packs)["client_communication"].allowed


@settings(deadline=None)
@given(client=PLACES, clinic=PLACES, on=DAYS)
def test_what_is_not_known_is_answered_as_strictly_as_anywhere(client, clinic, on):
    """Over places and days: an unknown place denies and asks for at least what each state does."""
    known, unknown = at(client, clinic, on), at("", "", on)
    for feature in features():
        strict, answer = unknown[feature.key], known[feature.key]
        assert not (strict.allowed and not answer.allowed)
        assert set(answer.duties) <= set(strict.duties)
        if not Where(client=client, clinic=clinic, on=on).is_known:
            assert answer == strict


@settings(deadline=None)
@given(client=PLACES, clinic=PLACES, on=DAYS, flips=st.sets(st.integers(0, 60)))
def test_to_verify_less_never_allows_more(client, clinic, on, flips):
    """Whatever rules lose their verification, nothing becomes allowed and no duty goes."""
    number = iter(range(1000))
    weaker = [
        replace(
            pack, rules=tuple(replace(r, verified=r.verified and next(number) not in flips) for r in pack.rules)
        )
        for pack in in_place_of(shipped_packs(), [read_pack(PACK)])
    ]  # fmt: skip
    full, less = at(client, clinic, on, in_place_of(shipped_packs(), [read_pack(PACK)])), at(client, clinic, on, weaker)
    for feature in features():
        assert full[feature.key].allowed or not less[feature.key].allowed
        assert full[feature.key].duties == less[feature.key].duties


def test_every_shipped_rule_says_where_it_stands():
    """Each has a source, a reason, a day; keys are one of a kind; what nobody verified allows nothing."""
    rules = [rule for pack in shipped_packs() for rule in pack.rules]

    assert len({rule.key for rule in rules}) == len(rules) > 30
    assert all(rule.source and rule.why and rule.since for rule in rules)
    assert {"house", "illinois", "california"} <= {pack.key for pack in shipped_packs()}
    with pytest.raises(NotFound):
        answer_on("telepathy", at("OH", "OH"))


@pytest.mark.parametrize(
    ("was", "wrong"),
    [
        ('["client_communication"]', '["telepathy"]'),
        ('["OH"]', '["Ohio"]'),
        ('answer = "allow"', 'answer = "maybe"'),
        ("since = 2026-01-01", "since = 2026-01-01\nuntil = 2025-01-01"),
        ("verified = true", "verfied = true"),
        ("verified = true", "verified = true\nextra = 1"),
        ('source = "A statute"', 'source = ""'),
        ('title = "Ohio"', 'title = "Ohio"\nextra = 1'),
        ("[[rules]]", "[[rules"),
        ("dated = 2026-11-25", ""),
    ],
)
def test_a_pack_that_does_not_hold_together_is_refused(was, wrong):
    """Unknown features, places, answers and fields, no source, days that can't be."""
    with pytest.raises(Invalid):
        read_pack(PACK.replace(was, wrong, 1))


def test_nobody_replaces_what_holds_everywhere():
    """A clinic's own pack stands in for a state's, not for the house's."""
    with pytest.raises(Invalid):
        in_place_of(shipped_packs(), [read_pack(PACK.replace('"ohio"', '"house"'))])
    own = in_place_of(shipped_packs(), [read_pack(PACK.replace('"ohio"', '"illinois"'))])
    assert len(own) == len(shipped_packs())
