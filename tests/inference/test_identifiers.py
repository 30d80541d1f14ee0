"""What tells who somebody is: found in writing and in talk, with nothing asked of the internet and nothing logged."""

import logging
import socket

import pytest

from trellis.inference import LocalIdentifiers, NullIdentifiers


@pytest.fixture(scope="module")
def finder():
    return LocalIdentifiers()


def found(finder, text):
    return {text[one.start : one.end]: one.kind for one in finder.find([text])[0]}


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Seen on March 4, 2025 for sleep.", "date", "March 4, 2025"),
        ("DOB: 07/22/1989", "date", "07/22/1989"),
        ("i was born april second nineteen eighty seven", "date", "april second nineteen eighty seven"),
        ("Call (503) 555-0148 after six.", "phone", "(503) 555-0148"),
        ("call five oh three five five five oh one nine two", "phone", "five oh three five five five oh one nine two"),
        ("Faxed to 541-555-0199 today.", "fax", "541-555-0199"),
        ("Write to r.diaz@example.org please.", "email", "r.diaz@example.org"),
        ("SSN 412-55-9078 was on it.", "ssn", "412-55-9078"),
        ("MRN: 00482913", "record", "00482913"),
        ("Member ID XQZ884120937 was verified.", "beneficiary", "XQZ884120937"),
        ("His plate KRT 4471 was seen.", "vehicle", "KRT 4471"),
        ("See https://clinic.example/login for it.", "url", "https://clinic.example/login"),
        ("A login from 192.0.2.44 at night.", "ip", "192.0.2.44"),
        ("The photo IMG_0931.jpg was removed.", "photo", "IMG_0931.jpg"),
        ("She turned ninety-one and drives.", "age", "ninety-one"),
        ("The widow, 93, drives.", "age", "93"),
        ("Lives at 14 Larkspur Lane, Bend, Oregon 97701.", "place", "14 Larkspur Lane, Bend, Oregon 97701"),
        ("She goes to Ridgeview Middle School.", "organisation", "Ridgeview Middle School"),
        ("The client, Tunde Adeyemi, came late.", "name", "Tunde Adeyemi"),
        ("my name is tamika and i sleep badly", "name", "tamika"),
        ("i told marcus about it", "name", "marcus"),
    ],
)  # fmt: skip
def test_identifiers(finder, text, kind, words):
    """Each kind of identifier is found whole, written or spoken, and said to be what it is."""
    assert found(finder, text).get(words) == kind


@pytest.mark.parametrize(
    "text",
    [
        "PHQ-9 14, GAD-7 11, BP 118/76, sertraline 75 mg at bedtime.",
        "Beck Depression Inventory 22. Lewy body dementia was ruled out; Hashimoto thyroiditis is treated.",
        "CPT 90837, diagnosis F33.1, 53 minutes.",
        "Client, 45, has felt worse since 2019. Monday was hard. Stepmother, 88, lives in Oregon.",
        "i may go i may not and i will see on tuesday",
        "the voices are worse on the risperdal and i was ninety minutes late",
    ],
)
def test_harmless(finder, text):
    """Scores, doses, codes, instruments, eponyms, weekdays, states, years and ages under 90 stay."""
    assert found(finder, text) == {}


def test_once_found(finder):
    """A name found in one text is found in all that belong together."""
    first, second = finder.find(["My sponsor is Okwudili Anozie.", "Then OK, Anozie left."])
    assert first
    assert [one.kind for one in second] == ["name"]


def test_known(finder):
    """What is known to be somebody's is found where nothing else tells it, and a word that is a name as well isn't."""
    text = "Quill came. Her file is Q-7. The quality was good; we may go."
    (ones,) = finder.find([text], known=("Sedge Quill", "Q-7", "May"))
    assert {text[one.start : one.end] for one in ones} == {"Quill", "Q-7"}


def test_nothing_leaves(monkeypatch, caplog, capfd):
    """Looking for identifiers opens no connection, and what was found is neither logged nor printed."""

    def refuse(*_, **__):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    with caplog.at_level(logging.DEBUG):
        assert found(LocalIdentifiers(), "Zebulon Quackenbush, zeb@quackenbush.example, www.quackenbush.example")
    printed = capfd.readouterr()
    assert "uackenbush" not in caplog.text + printed.out + printed.err


def test_null():
    """The null twin finds nothing in each text."""
    assert NullIdentifiers().find(["Ann", "Ben"]) == [(), ()]
