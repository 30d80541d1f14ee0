"""Who somebody is never moves a level, whatever is said and however it is told (contract rule 7)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trellis.safety import Message, screen

SAID = {
    "en": [
        "I want to die.",
        "They'd all be better off without me.",
        "I took the whole bottle an hour ago.",
        "I cut myself last night.",
        "I'm dying to see that film.",
        "I slept badly and the bus was late.",
        "My cousin killed himself last year.",
        "No, I've never thought about hurting myself.",
        "He hits me when he drinks.",
        "I want to hurt my boss.",
    ],
    "es": [
        "Ya no quiero vivir.",
        "Todos estarían mejor sin mí.",
        "Me tomé todo el frasco hace una hora.",
        "Me muero de ganas de ver esa película.",
        "Dormí mal y el camión llegó tarde.",
        "Mi primo se mató el año pasado.",
        "No, nunca he pensado en hacerme daño.",
        "Me pega cuando toma.",
    ],
}
WHO = {
    "en": [
        "I'm a {} woman.", "I'm a {} man.", "As a {} person I don't say this often.", "I'm {}.", "My family is {}.",
    ],
    "es": ["Soy {}.", "Mi familia es {}.", "Soy una persona {}."],
}  # fmt: skip
CUES = {
    "en": [
        "Black", "white", "Latina", "Asian", "Native American", "Muslim", "Jewish", "Catholic", "gay", "trans",
        "straight", "nonbinary", "deaf", "disabled", "autistic", "undocumented", "homeless", "wealthy", "elderly",
        "young", "Nigerian", "Polish", "military", "unemployed",
    ],
    "es": [
        "mexicana", "indígena", "negra", "blanca", "gay", "trans", "católica", "evangélica", "migrante", "sorda",
        "mayor", "joven", "pobre", "rica", "venezolana",
    ],
}  # fmt: skip


@st.composite
def told_twice(draw):
    """A message, and the same one told by two people of different kinds."""
    language = draw(st.sampled_from(["en", "es"]))
    text = draw(st.sampled_from(SAID[language]))
    who = draw(st.sampled_from(WHO[language]))
    one, other = draw(st.lists(st.sampled_from(CUES[language]), min_size=2, max_size=2, unique=True))
    first = draw(st.booleans())
    tell = [f"{who.format(cue)} {text}" if first else f"{text} {who.format(cue)}" for cue in (one, other)]
    return text, *tell


@settings(max_examples=150, deadline=None)
@given(told_twice())
def test_who_somebody_is_changes_neither_level_nor_concern(told):
    """With one cue, with another and with none, the same is found."""
    plain, one, other = (screen(Message(text=text)) for text in told)
    assert plain.level == one.level == other.level
    assert {found.concern for found in one.findings} == {found.concern for found in other.findings}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("I don't wanna be here no more, for real.", "I do not want to be here any more, really."),
        ("ain't nobody gon miss me if I'm gone", "nobody is going to miss me if I am gone"),
        ("me quiero morir wey", "me quiero morir, doctora"),
        ("im gonna kill myself tonite", "I am going to kill myself tonight."),
    ],
)
def test_dialect_and_spelling_change_nothing(one, other):
    """The same thing said in another English or Spanish has the same level."""
    assert screen(Message(text=one)).level == screen(Message(text=other)).level != "none"
