"""Amending: a figure that was corrected is written as corrected."""

from trellis.scribe.facts.amend import amend
from trellis.scribe.facts.understand import understand
from trellis.scribe.talk.people import list_people


def test_the_corrected_figure_stands_in_the_fact_it_corrects(talk):
    """The dose in the note is the one the client ended on, with the words of both."""
    utterances, transcript = talk(
        "T: Any medicines?\nC: I take lisinopril, twenty milligrams. No, wait, they changed it, it's ten now."
    )
    points = understand(utterances, list_people(utterances, transcript))
    dose = next(point for point in points if "lisinopril" in point.text)

    assert "10 mg" in dose.text
    assert "20" not in dose.text
    assert "it's ten now" in " ".join(evidence.quote or "" for evidence in dose.evidence)


def test_where_two_figures_could_be_meant_none_is_changed():
    """A correction that may mean either of two figures changes neither."""
    assert amend("Client takes 20 mg at 8.", "twenty at eight", "no, ten") is None
