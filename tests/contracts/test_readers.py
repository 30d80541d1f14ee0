"""One suite over every adapter of the port for reading sentences."""

import pytest

from trellis.inference import LocalReader, NullReader, Reader, Said

READERS: dict[str, Reader] = {"null": NullReader(), "local": LocalReader(threads=2)}

SENTENCES = [
    Said("I've been sleeping about four hours a night.", "How is your sleep?"),
    Said("Sometimes.", "Any thoughts of dying?"),
    Said("We could try writing the thought down."),
    Said("¿Y para qué voy a seguir?", ""),
    Said("word " * 3000, "other " * 3000),
]


@pytest.fixture(params=READERS)
def reader(request: pytest.FixtureRequest) -> Reader:
    return READERS[request.param]


def test_each_sentence_gets_an_answer_in_its_order(reader):
    """As many answers as sentences, the same sentence the same answer; nothing asked, nothing answered."""
    assert reader.read([]) == []
    answers = reader.read([*SENTENCES, SENTENCES[0]])
    assert len(answers) == len(SENTENCES) + 1
    assert answers[-1] == answers[0]


def test_labels_are_probabilities(reader):
    """Every label lies between 0 and 1, and all sentences have the same labels."""
    answers = reader.read(SENTENCES)
    assert all(0.0 <= odds <= 1.0 for answer in answers for odds in answer.values())
    assert len({tuple(answer) for answer in answers}) == 1


def test_nothing_to_read_has_no_labels(reader):
    """Blank text is no failure and no opinion, also among others."""
    assert reader.read([Said(" \n"), Said("", "How are you?")]) == [{}, {}]
    assert reader.read([SENTENCES[0], Said("")])[1] == {}


def test_what_else_is_asked_never_moves_an_answer(reader):
    """A sentence is read alike alone, among others, and in another order."""
    together = reader.read(SENTENCES)
    assert [reader.read([said])[0] for said in SENTENCES] == together
    assert reader.read(SENTENCES[::-1])[::-1] == together


def test_the_local_reader_knows_danger_topics_and_acts():
    """The labels rooms rely on are there, and sentences nobody would confuse are told apart."""
    sleep, _, _, _, _ = READERS["local"].read(SENTENCES)
    assert {"danger:urgent", "danger:monitor", "client:topic:sleep", "client:keep1", "clinician:act:reflection"} <= set(
        sleep
    )
    assert sleep["client:topic:sleep"] > 0.5 > sleep["client:topic:substance"]
    pills, weather = READERS["local"].read([Said("I've been saving up my pills for Sunday."), Said("Nice weather.")])
    assert pills["danger:urgent"] > 0.5 > weather["danger:urgent"]
