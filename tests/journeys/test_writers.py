"""A note reworded by a language model, from the command to the contract, through a server on the loopback."""

import pytest

from trellis.app import House
from trellis.kernel import Settings

TALK = """Therapist: What brings you in today?
Client: I've been feeling anxious at work since my manager changed.
Therapist: How have you been sleeping?
Client: I sleep about four hours a night. I wake up at three most nights.
Therapist: Anything else you noticed?
Client: I feel tired all day. I can't concentrate. I've been crying twice a week.
Therapist: Any thoughts of ending your life?
Client: No, none.
Therapist: Are you taking the medication?
Client: Yes, 50 milligrams of sertraline every morning.
Therapist: And at home?
Client: My sister comes over every Sunday. I argue with my husband about money. I walk the dog in the evening.
Therapist: Let's meet again next Tuesday at ten.
Client: Sounds good.
"""


def joined(facts):
    """What a good model would answer: the facts as one sentence."""
    rest = [fact.rstrip(".").removeprefix("Client ") for fact in facts.replace("; ", "\n").split("\n")]
    return f"Client {', '.join(rest[:-1])} and {rest[-1]}." if len(rest) > 1 else f"Client {rest[0]}."


@pytest.fixture
def told(tmp_path):
    path = tmp_path / "talk.txt"
    path.write_text(TALK, encoding="utf-8")
    return path


def texts(done):
    return [statement["text"] for statement in done.statements]


def test_a_good_model_joins_and_changes_nothing_else(scribe, told, chat_server, contract_true):
    """Joined facts keep all their evidence; danger and medication never leave, and stand as they did."""
    plain = scribe(told)
    chat_server.says = joined
    done = scribe(told, "--writer", chat_server.url)

    contract_true(done.note)
    assert done.code == 0 and done.note["writer"]["name"] == "remote"
    assert done.note["writer"]["reworded"] >= 1 and "writer.reworded" in done.rules
    assert len(done.statements) < len(plain.statements)
    assert {e["quote"] for s in plain.statements for e in s["evidence"]} == {
        e["quote"] for s in done.statements for e in s["evidence"]
    }
    sent = str(chat_server.asked)
    assert "sertraline" not in sent and "suicid" not in sent and "ending" not in sent
    grave = [text for text in texts(plain) if "sertraline" in text or "suicid" in text]
    assert grave and set(grave) <= set(texts(done))


@pytest.mark.parametrize(
    ("fault", "value", "counted"),
    [
        ("says", "Client reports worsening depression and agreed to start therapy.", "refused"),
        ("says", "", "unanswered"),
        ("cut", 2, "unanswered"),
        ("status", 500, "unanswered"),
        ("body", b"<html>busy</html>", "unanswered"),
    ],
)
def test_a_bad_model_costs_the_note_nothing(scribe, told, chat_server, contract_true, fault, value, counted):
    """Whatever a server answers, the note is the one of the default writer, and says how often the model failed."""
    plain = scribe(told)
    setattr(chat_server, fault, value)
    done = scribe(told, "--writer", chat_server.url)

    contract_true(done.note)
    assert done.code == 0, done.err
    assert texts(done) == texts(plain)
    assert done.note["writer"][counted] >= 1 and done.note["writer"]["reworded"] == 0
    assert {"writer.reworded", "writer.unanswered"} & done.rules


def test_a_slow_server_is_waited_for_as_long_as_the_setting_says(scribe, told, chat_server, house):
    """After the second silence it isn't asked again."""
    chat_server.delay = 0.5
    patient = House()
    patient.settings = Settings({"engines.timeout_seconds": 0.2})
    patient._scribe = house._scribe
    done = scribe(told, "--writer", chat_server.url, house=patient)

    assert done.code == 0 and done.note["writer"]["unanswered"] >= 1
    assert len(chat_server.asked) <= 2


def test_a_client_is_called_by_the_clinics_word_after_rewording(scribe, told, chat_server, house):
    """The model sees the neutral word; the note has the clinic's."""
    chat_server.says = joined
    named = House()
    named.settings = Settings({"scribe.client_name": "Patient"})
    named._scribe = house._scribe
    done = scribe(told, "--writer", chat_server.url, house=named)

    assert "Patient" not in str(chat_server.asked)
    assert not any("Client" in text for text in texts(done))
