"""The authored lines are whole, keep to their vocabulary, and are never parted from their author."""

from collections import Counter

import pytest

from trellis.chart import LEVELS
from trellis.inference import Said
from trellis.lab.describe_corpora import nearest
from trellis.lab.held_out import area, labelled
from trellis.lab.lines import FOLDS, Line, labels_of, learnable, read_lines, weight_of

CONCERNS = (
    "suicide hopelessness self_harm violence abuse overdose psychosis self_neglect eating substance none".split()  # noqa: SIM905
)


@pytest.fixture(scope="module")
def lines():
    return read_lines()


def line(kind, text="It rained.", **facts):
    speaker = facts.pop("speaker", "client")
    return Line(said=Said(text), file="01-a", kind=kind, speaker=speaker, fold=1, facts=facts)


def test_every_line_has_words_an_id_of_its_own_and_known_levels(lines):
    """No line is empty or told twice in its file; levels and concerns are those of the contract."""
    assert len(lines) > 5000
    assert all(each.said.text.strip() for each in lines)
    for kind in ("utterances", "safety"):
        part = [each for each in lines if each.kind == kind]
        assert max(Counter((each.file, each.facts["id"]) for each in part).values()) == 1
    graded = [each.facts for each in lines if each.kind == "safety"]
    assert {facts["level"] for facts in graded} == set(LEVELS)
    assert {facts["concern"] for facts in graded} <= set(CONCERNS)


def test_a_file_and_an_encounter_lie_in_one_fold(lines):
    """Nothing is judged by a network that saw its author or its people; every fold has danger and harmless lines."""
    folds = {}
    for each in lines:
        folds.setdefault(each.file, set()).add(each.fold)
        if "session" in each.facts:
            folds.setdefault(("session", each.facts["session"]), set()).add(each.fold)
    assert all(len(found) == 1 for found in folds.values())
    for fold in range(FOLDS):
        assert {each.is_grave for each in lines if each.fold == fold and each.kind == "safety"} == {True, False}


def test_levels_reach_down_and_ordinary_talk_counts_as_harmless():
    """An emergency is urgent and to be watched; a line of a session says a little about danger."""
    grave = line("safety", level="emergency", concern="suicide", assertion="present")
    assert labels_of(grave) >= {"danger:monitor", "danger:urgent", "danger:emergency", "danger:concern:suicide"}
    assert weight_of(grave, "danger:urgent") == 1.0
    assert weight_of(grave, "client:topic:sleep") == 0.0
    said = {"assertion": "present", "who": "client", "keep": 1}
    sleep, risk = (line("utterances", topics=[topic], **said) for topic in ("sleep", "risk"))
    assert labels_of(sleep) == {"client:topic:sleep", "client:keep1", "client:assertion:present"}
    assert 0 < weight_of(sleep, "danger:urgent") < 1
    assert weight_of(risk, "danger:urgent") == 0.0
    asked = line("utterances", speaker="clinician", topics=["intervention"], act="reflection", **said)
    assert "clinician:act:reflection" in labels_of(asked)
    assert weight_of(asked, "client:keep1") == 0.0


def test_rare_labels_are_left_out(lines):
    """A label nobody could learn isn't promised."""
    labels = learnable(lines)
    counts = Counter(label for each in lines for label in labels_of(each))
    assert {"danger:urgent", "client:topic:sleep", "clinician:act:reflection"} <= set(labels)
    assert min(counts[label] for label in labels) > 1


def test_spanish_is_told_by_its_commonest_words():
    """Also without accents and beside English names."""
    assert line("safety", "ya no se que hacer con Mike, me duele todo").is_spanish
    assert not line("safety", "No, the Cruz de Malta is the name of my boat.").is_spanish


def test_area_is_the_chance_that_a_true_line_lies_above_a_false_one():
    """One of four pairs is in the wrong order."""
    import numpy as np

    truth = np.array([True, False, True, False])
    assert area(truth, np.array([0.9, 0.2, 0.4, 0.5])) == 0.75
    assert area(np.array([True, True]), np.array([0.1, 0.2])) is None


def test_the_best_threshold_of_a_label_is_found():
    """Where odds part true from false, precision and recall are whole."""
    said = {"assertion": "present", "who": "client", "keep": 0}
    true = [(line("utterances", topics=["sleep"], **said), {"client:topic:sleep": 0.62})] * 20
    false = [(line("utterances", topics=["work"], **said), {"client:topic:sleep": 0.41})] * 20
    found = labelled([*true, *false], "client:topic:")["sleep"]
    assert 0.41 < found["bar"] <= 0.62
    assert found["f1"] == 1.0


def test_nearness_looks_in_other_files_only():
    """The same words in another file are one line twice; in the same file they don't count."""
    words = [("a", "b", "c", "d"), ("a", "b", "c", "d"), ("d", "c", "b", "a"), ("w", "x", "y", "z")]
    assert nearest(words, ["1", "1", "1", "2"]).tolist() == [0, 0, 0, 0]
    assert nearest(words, ["1", "1", "2", "2"]).tolist() == [1, 1, 1, 0]
