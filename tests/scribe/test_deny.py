"""A denial of danger is worded as a note does, and denies what was asked for, all of it and nothing else."""

import pytest

from trellis.scribe.checking.support import support_of_text
from trellis.scribe.saying.deny import deny


@pytest.mark.parametrize(
    ("told", "worded", "asked"),
    [
        (
            "any thoughts of suicide or of hurting themselves",
            "suicidal ideation or thoughts of self-harm",
            "Any thoughts of suicide or of hurting yourself?",
        ),
        (
            "having had any thoughts of killing themselves or ending their life",
            "suicidal ideation",
            "Have you had any thoughts of killing yourself or ending your life?",
        ),
        ("any thoughts of hurting someone else", "thoughts of harming others", "Any thoughts of hurting someone else?"),
        (
            "having any thoughts of hurting themselves or anyone else",
            "thoughts of hurting themselves or anyone else",
            "Are you having any thoughts of hurting yourself or anyone else?",
        ),
        (
            "ever having attempted to kill themselves",
            "ever having attempted suicide",
            "Have you ever tried to kill yourself?",
        ),
        (
            "having done anything to hurt themselves, like cutting",
            "self-harm, like cutting",
            "Have you done anything to hurt yourself, like cutting?",
        ),
        ("having any guns in the house", "firearms in the home", "Do you have any guns in the house?"),
    ],
)
def test_a_denial_is_worded_clinically_and_carried_by_its_question(told, worded, asked):
    """Nobody's question is quoted where a note has a word for it, and the word claims no more than was asked."""
    assert deny(f"Client denies {told}.") == f"Client denies {worded}."
    assert support_of_text(f"Client denies {worded}.", f"Clinician: {asked}\nClient: No.").status == "supported"


@pytest.mark.parametrize(
    "text",
    [
        "Client denies using cocaine.",
        "Client reports thoughts of suicide.",
        "Client denies sleeping badly or thoughts of suicide.",
        "Asked about suicidal thoughts, Client states, “No, not like that.”",
    ],
)
def test_what_the_table_does_not_know_stays_as_it_is(text):
    """A sentence of which one part has no word keeps all of them."""
    assert deny(text) == text
