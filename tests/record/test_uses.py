"""No use without its consent, and a revocation wins every race, on both databases."""

import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trellis.chart import Client, Encounter, Present, Recording, Representative, Signer, Statement
from trellis.governance import Accounts, add_account, entries_of, give_role, relate
from trellis.kernel import Invalid, NotFound, NotPermitted, new_id
from trellis.record.authority import add_representative, end_representative
from trellis.record.blobs import keep_blob, open_blob
from trellis.record.clients import add_client
from trellis.record.consents import IN_A_SESSION, consents_of, give, give_present, revoke
from trellis.record.drafts import confirm, settle
from trellis.record.ready import what_is_open
from trellis.record.retain import Rule, retain
from trellis.record.sessions import add_encounter, record_session
from trellis.record.sign import sign
from trellis.record.sittings import find_sitting, keep_sitting
from trellis.record.uses import (
    FROM_SOUND,
    FROM_TEXT,
    on_chain,
    refuse_unagreed,
    refuse_unagreed_session,
    refuse_unlisted,
    refuse_unscribed,
)

from .desk import ANN, NOON, NOTE, SLEEP, FixedClock, agree, with_statements

DANA = Signer(staff=ANN, name="Dana Reyes", credentials="LCSW")
USES = ("treatment", "recording", "ai_drafting", "keeping_audio", "improvement", "portal", "texts")


def met(work, *, clients=1, others=()):
    """Clients of age who met, with others; gives their ids and the encounter's."""
    ids = [
        add_client(work, Client(legal_name=f"Ann {n}", birth_date=date(1990, 5, 1), number=str(n))).id
        for n in range(clients)
    ]
    present = (
        *(Present(role="client", client=each) for each in ids),
        *(Present(role="other", relation=each) for each in others),
    )
    began = work.now - timedelta(hours=2)
    stopped = began + timedelta(minutes=50)
    encounter = Encounter(mode="in_person", clinician=ANN, started_at=began, stopped_at=stopped, present=present)
    return ids, add_encounter(work, replace(encounter, place="Room 2")).id


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    agreed=st.lists(st.sets(st.sampled_from(USES)), min_size=1, max_size=3),
    asked=st.lists(st.sets(st.sampled_from(IN_A_SESSION)), max_size=2),
    hears=st.booleans(),
)
def test_a_session_is_scribed_only_where_everybody_agreed_to_all_of_it(record, agreed, asked, hears):
    """Over clients, others and what each agreed to: permitted exactly where nothing that is needed is missing."""
    needed = set(FROM_SOUND if hears else FROM_TEXT)
    with record.work(ANN) as work:
        others = [f"sister {n}" for n, _ in enumerate(asked)]
        ids, encounter = met(work, clients=len(agreed), others=others)
        for client, uses in zip(ids, agreed, strict=True):
            agree(work, client, uses=sorted(uses))
        for other, uses in zip(others, asked, strict=True):
            for use in sorted(uses):
                give_present(work, encounter, use, person=other, signed_by="Bea")
        may = all(needed <= uses for uses in agreed) and all(needed & set(IN_A_SESSION) <= uses for uses in asked)
        if may:
            assert refuse_unscribed(work, encounter, hears=hears)
        else:
            with pytest.raises(NotPermitted, match="no consent of"):
                refuse_unscribed(work, encounter, hears=hears)


def test_each_use_needs_its_own_consent(record):
    """For every use: refused without it, and with all others; permitted with it."""
    with record.work(ANN) as work:
        for use in USES:
            ids, _ = met(work)
            agree(work, *ids, uses=[one for one in USES if one != use])
            with pytest.raises(NotPermitted):
                refuse_unagreed(work, ids[0], use)
            agree(work, *ids, uses=[use])
            assert refuse_unagreed(work, ids[0], use)
        give(work, ids[0], "sharing", signed_by="Ann", recipient="Dr. Lee")
        assert refuse_unagreed(work, ids[0], "sharing", recipient="Dr. Lee")
        with pytest.raises(NotPermitted):
            refuse_unagreed(work, ids[0], "sharing", recipient="Court")


@pytest.mark.parametrize("use", ["treatment", "ai_drafting", "recording"])
def test_nothing_of_a_session_is_kept_without_consent(record, tmp_path, use):
    """A consent revoked while a session was heard: no sound, no transcript and no draft is kept."""
    sound = tmp_path / "session.wav"
    sound.write_bytes(b"RIFF" * 100)
    with record.work(ANN) as work:
        (client,), encounter = met(work)
        agree(work, client)
        sitting = find_sitting(work, client, encounter)
    with record.work(ANN) as work:
        revoke(work, client, use, by="Ann")
    with pytest.raises(NotPermitted):
        keep_sitting(record, ANN, with_statements(SLEEP), sitting, sound)
    with pytest.raises(NotPermitted), record.work(ANN) as work:
        record_session(work, with_statements(SLEEP), client=client, encounter=encounter,
                       sound=Recording(media_type="audio/wav", blob="blo_x", seconds=1.0))  # fmt: skip

    with record.work(ANN) as work:
        assert work.find(client=client, kinds=["draft", "transcript", "recording"]) == []
    assert list(record.blobs.listed()) == []


def signed_session(record, tmp_path, *uses):
    """A session whose note is signed; its client, encounter and the blob of its sound."""
    record.clock = FixedClock(NOON)
    sound = tmp_path / "session.wav"
    sound.write_bytes(b"RIFF" * 100)
    with record.work(ANN) as work:
        (client,), encounter = met(work)
        agree(work, client, uses=("treatment", "recording", "ai_drafting", *uses))
        sitting = find_sitting(work, client, encounter)
    draft = keep_sitting(record, ANN, with_statements(SLEEP), sitting, sound)
    with record.work(ANN) as work:
        blob = work.open(draft.content.recording).content.blob
        draft = confirm(work, draft, [number for number, _ in what_is_open(draft.content).statements])
        for rule in what_is_open(draft.content).checks:
            draft = settle(work, draft, rule, "Seen to.")
        sign(work, draft, DANA)
    return client, encounter, blob


def test_sound_is_heard_after_the_signature_only_by_consent(record, tmp_path):
    """Signed without a consent to keep it, it can't be played and goes with the next run; with it, it stays."""
    long = Rule(name="ten_years", kinds=("recording",), after="signed", days=3650)
    _, _, gone = signed_session(record, tmp_path)
    keeps, _, kept = signed_session(record, tmp_path, "keeping_audio")
    with pytest.raises(NotPermitted):
        open_blob(record, ANN, gone)
    assert b"".join(open_blob(record, ANN, kept)) == b"RIFF" * 100
    receipts = retain(record, [long], ANN)
    assert [one.rule for one in receipts] == ["audio_without_consent"]
    with record.work(ANN) as work:
        revoke(work, keeps, "keeping_audio", by="Ann")

    with pytest.raises(NotPermitted):
        open_blob(record, ANN, kept)
    assert len(retain(record, [long], ANN)) == 1


def test_a_recording_of_who_took_it_back_is_not_heard(record):
    """Before any note is signed too, and where it belongs to no encounter."""
    with record.work(ANN) as work:
        (client,), _ = met(work)
        agree(work, client)
    blob = keep_blob(record, ANN, [b"sound"], kind="recording", client=client)
    assert b"".join(open_blob(record, ANN, blob)) == b"sound"
    with record.work(ANN) as work:
        revoke(work, client, "recording", by="Ann")
    with pytest.raises(NotPermitted):
        open_blob(record, ANN, blob)


def test_the_note_says_what_the_record_says_and_nothing_else(record):
    """One sentence, from the consents; a sentence of consent out of the talk is left out, none without a record."""
    talked = Statement(text="Client consented to everything.", topic="consent", status="supported", support=1.0)
    with record.work(ANN) as work:
        (client,), encounter = met(work)
        agree(work, client)
        draft = record_session(work, with_statements(SLEEP, talked), client=client, encounter=encounter)
        said = [one for one in draft.content.statements() if one.topic == "consent"]
        ids = {one.id: one.content.words for one in consents_of(work, client)}

    assert len(said) == 1 and "recording (written" in said[0].text and "ai drafting (written" in said[0].text
    assert all(ids[one.record] == one.quote for one in said[0].evidence) and len(said[0].evidence) == 2
    assert "everything" not in repr(draft)


def test_somebody_who_is_not_listed_was_not_asked(record):
    """A third voice where two people are listed is refused; listed and asked, it isn't."""
    three = replace(NOTE.transcript, turns=(*NOTE.transcript.turns, replace(NOTE.transcript.turns[0], speaker="other")))
    with record.work(ANN) as work:
        _, alone = met(work)
        refuse_unlisted(work, alone, NOTE.transcript)
        with pytest.raises(NotPermitted):
            refuse_unlisted(work, alone, three)
        _, with_sister = met(work, others=["sister"])
        refuse_unlisted(work, with_sister, three)
        _, twice = met(work, others=["sister", "sister"])
        with pytest.raises(Invalid):
            refuse_unagreed_session(work, work.open(twice), ["recording"])


def test_a_refusal_is_on_the_chain(record):
    """Who wanted what, of whom, and which rule said no."""
    with record.work(ANN) as work:
        (client,), encounter = met(work)
    with (
        pytest.raises(NotPermitted),
        on_chain(record, ANN, "scribe.draft", encounter, client),
        record.work(ANN) as work,
    ):
        refuse_unscribed(work, encounter, hears=False)
    with record.database.look(record.tenant) as connection:
        last = list(entries_of(connection, record.tenant, client))[-1].entry

    assert (last.action, last.decision, last.rule) == ("scribe.draft", "refuse", "record.consent_missing")


@pytest.mark.parametrize("by", ["revocation", "the end of who decided"])
@pytest.mark.parametrize("first", ["use", "end"])
def test_a_use_under_way_ends_first_and_none_begins_after(record, first, by):
    """Both at once: the one waits for the other, whether a consent is revoked or who gave it stops deciding."""
    with record.work(ANN) as work:
        (client,), _ = met(work)
        proxy = Representative(name="Pat", relation="brother", basis="proxy", since=date(2020, 1, 1))
        proxy_id = add_representative(work, client, proxy).id
        give(work, client, "ai_drafting", signed_by="Pat", representative=proxy_id)
    inside, go_on, ended = threading.Event(), threading.Event(), []

    def use():
        try:
            with record.work(ANN) as work:
                refuse_unagreed(work, client, "ai_drafting")
                inside.set()
                go_on.wait(5)
                work.tell("test.use", client, client)
            ended.append("used")
        except NotPermitted:
            ended.append("refused")

    def take_back():
        with record.work(ANN) as work:
            if by == "revocation":
                revoke(work, client, "ai_drafting", by="Ann")
            else:
                end_representative(work, proxy_id)
            inside.set()
            go_on.wait(5)
        ended.append("ended")

    acts = (use, take_back) if first == "use" else (take_back, use)
    threads = [threading.Thread(target=act) for act in acts]
    threads[0].start()
    assert inside.wait(10)
    threads[1].start()
    threads[1].join(0.3)
    assert ended == [], "the second waits for the first"
    go_on.set()
    for thread in threads:
        thread.join(20)

    assert ended == (["used", "ended"] if first == "use" else ["ended", "refused"])


def test_revocation_wins_every_race(record):
    """Uses without a pause beside one revocation: on the chain no use stands after it."""
    with record.work(ANN) as work:
        (client,), _ = met(work)
        agree(work, client)
    stop = threading.Event()

    def uses():
        while not stop.is_set():
            try:
                with record.work(ANN) as work:
                    refuse_unagreed(work, client, "ai_drafting")
                    work.tell("test.use", client, client)
            except NotPermitted:
                return

    threads = [threading.Thread(target=uses) for _ in range(4)]
    for thread in threads:
        thread.start()
    threads[0].join(0.3)
    with record.work(ANN) as work:
        revoke(work, client, "ai_drafting", by="Ann")
    for thread in threads:
        thread.join(20)
    stop.set()
    with record.database.look(record.tenant) as connection:
        chain = [one.entry.action for one in entries_of(connection, record.tenant, client)]

    assert chain.count("test.use") > 0
    assert "test.use" not in chain[chain.index("consent.revoke") :]


def test_a_consent_lets_a_clinician_of_the_team_scribe_and_nobody_else(guarded):
    """Behind the gate that clinics have: the same consents answer, and they open nothing to who isn't on the team."""
    accounts = Accounts(tenant=guarded.tenant, database=guarded.database, vault=guarded.vault)
    people = []
    for _ in range(2):
        account, _ = add_account(accounts, "operator:local", new_id("usr"))
        give_role(accounts, "operator:local", account.id, "clinician")
        people.append(account.actor)
    mine, other = people
    with guarded.work("operator:local") as work:
        (client,), encounter = met(work)
    relate(accounts, "operator:local", mine.removeprefix("staff:"), "team", client)
    with guarded.work(mine) as work:
        agree(work, client)
        assert refuse_unscribed(work, encounter, hears=True)
        assert record_session(work, with_statements(SLEEP), client=client, encounter=encounter)
        revoke(work, client, "ai_drafting", by="Ann")
        with pytest.raises(NotPermitted, match="no consent"):
            refuse_unscribed(work, encounter, hears=False)
    with guarded.work(mine) as work:
        agree(work, client)
    with pytest.raises((NotFound, NotPermitted)), guarded.work(other) as work:
        record_session(work, with_statements(SLEEP), client=client, encounter=encounter)
