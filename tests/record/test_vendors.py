"""Nothing leaves this machine without an agreement that holds today, and each attempt is on the chain."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trellis.chart import Client, Configuration, Vendor
from trellis.governance import entries_of
from trellis.kernel import Conflict, Invalid, NotFound, NotPermitted
from trellis.record import bring_in, clinic, export, make_clinic, open_clinic
from trellis.record.blobs import keep_blob
from trellis.record.configure import read_configuration, write_configuration
from trellis.record.reseal import reseal
from trellis.record.vendors import add_vendor, address_of, agreed_vendor, end_vendor, is_here, refuse_unagreed_vendor
from trellis.store import open_blobs

from .desk import ANN, NOON, FixedClock

CLOUD = Vendor(
    key="cloud", name="Cloud Inc.", address="stt.example", receives=("sound",), agreed_on=date(2026, 11, 1),
    until=date(2026, 12, 31),
)  # fmt: skip
OPERATOR = "operator:local"
URL = "https://stt.example/v1"


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://STT.example:8443/v1", "stt.example"),
        ("s3://harbour-files/blobs", "s3://harbour-files"),
        ("az://box", "az://box"),
        ("local", ""),
        ("null", ""),
        ("extractive", ""),
        ("/var/lib/blobs", ""),
        ("file:///var/lib/blobs", ""),
        ("", ""),
    ],
)
def test_a_vendor_is_known_by_its_address(url, address):
    """A host, or the place of an object store; a folder and an engine here have none."""
    assert address_of(url) == address
    assert is_here(url) is (address == "")


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/v1", "http://localhost/v1", "http://[::1]/v1"])
def test_this_machine_needs_no_agreement(url):
    """The loopback is here."""
    assert is_here(url)


@settings(deadline=None)
@given(
    on=st.dates(date(2026, 10, 1), date(2027, 2, 1)),
    agreed=st.dates(date(2026, 10, 1), date(2027, 2, 1)),
    until=st.none() | st.dates(date(2026, 10, 1), date(2027, 2, 1)),
    what=st.sampled_from(["sound", "words", "files"]),
    receives=st.sets(st.sampled_from(["sound", "words", "files"])),
    host=st.sampled_from(["stt.example", "other.example"]),
)
def test_only_what_is_agreed_goes_only_while_it_holds(on, agreed, until, what, receives, host):
    """Over days, contents and hosts: permitted exactly by an agreement for it that has begun and isn't over."""
    vendor = replace(CLOUD, agreed_on=agreed, until=until, receives=tuple(sorted(receives)))
    configuration = Configuration(vendors=(vendor,))
    may = host == "stt.example" and what in receives and agreed <= on and (until is None or on <= until)
    if may:
        assert agreed_vendor(configuration, f"https://{host}/v1", what, on) == vendor
    else:
        with pytest.raises(NotPermitted):
            agreed_vendor(configuration, f"https://{host}/v1", what, on)


def test_an_agreement_is_added_told_and_ended(record):
    """What is sent is on the chain with who gets it; ended, the next sending is refused the same day."""
    record.clock = FixedClock(NOON)
    with record.work(ANN) as work:
        with pytest.raises(NotPermitted):
            refuse_unagreed_vendor(work, URL, "sound")
        add_vendor(work, CLOUD)
        with pytest.raises(Conflict):
            add_vendor(work, CLOUD)
        refuse_unagreed_vendor(work, URL, "sound")
        assert (work.lines[-1].action, work.lines[-1].detail) == ("vendor.send", {"vendor": "cloud", "what": "sound"})
        end_vendor(work, "cloud")
        with pytest.raises(NotPermitted):
            refuse_unagreed_vendor(work, URL, "sound")
        with pytest.raises(NotFound):
            end_vendor(work, "nobody")


def test_files_go_to_no_store_without_an_agreement(record):
    """Kept or sealed anew: refused before a byte is written, and on the chain; with an agreement they go."""
    with record.work(ANN) as work:
        client = work.add(Client(legal_name="Ann"), reason="client.add").id
    record.blobs.address = "s3://harbour"
    for act in (
        lambda: keep_blob(record, ANN, [b"words"], kind="document", client=client),
        lambda: reseal(record, client, ANN),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert list(record.blobs.listed()) == []
    with record.database.look(record.tenant) as connection:
        refused = [one.entry for one in entries_of(connection, record.tenant, "") if one.entry.decision == "refuse"]
    assert [(one.action, one.rule) for one in refused] == [("vendor.send", "record.vendor_unagreed")] * 2
    with record.work(ANN) as work:
        since = work.now.date() - timedelta(days=1)
        add_vendor(work, replace(CLOUD, address="s3://harbour", receives=("files",), agreed_on=since, until=None))

    assert keep_blob(record, ANN, [b"words"], kind="document", client=client)
    assert len(list(record.blobs.listed())) == 1


def test_an_import_sends_files_only_by_the_agreement_it_brings(settings, place_for, tmp_path, monkeypatch):
    """Into an object store: refused whole without a BAA in what is imported, and let in with one."""
    make_clinic(settings, "Harbour")
    with open_clinic(settings) as record:
        with record.work(OPERATOR) as work:
            client = work.add(Client(legal_name="Ann"), reason="client.add").id
        keep_blob(record, OPERATOR, [b"words"], kind="document", client=client)
        export(record, "Harbour", tmp_path / "without", OPERATOR)
        with record.work(OPERATOR) as work:
            since = work.now.date() - timedelta(days=1)
            add_vendor(work, replace(CLOUD, address="s3://harbour", receives=("files",), agreed_on=since, until=None))
        export(record, "Harbour", tmp_path / "with", OPERATOR)
    stores = iter([open_blobs(tmp_path / name) for name in ("one", "two")])

    def elsewhere(_):
        store = next(stores)
        store.address = "s3://harbour"
        return store

    monkeypatch.setattr(clinic, "open_blobs", elsewhere)
    with pytest.raises(NotPermitted):
        bring_in(place_for("b"), tmp_path / "without", OPERATOR)
    assert list(open_blobs(tmp_path / "one").listed()) == []
    bring_in(place_for("c"), tmp_path / "with", OPERATOR)
    assert len(list(open_blobs(tmp_path / "two").listed())) == 1


def test_vendors_travel_in_the_configuration():
    """Written as a file and read back they are the same, with and without a last day; nonsense is refused."""
    own = Configuration(vendors=(CLOUD, replace(CLOUD, key="b", until=None)))

    assert read_configuration(write_configuration(own)) == own
    for wrong in ((CLOUD, CLOUD), (replace(CLOUD, address=""),), (replace(CLOUD, receives=()),)):
        with pytest.raises(Invalid):
            read_configuration(write_configuration(Configuration(vendors=wrong)))
