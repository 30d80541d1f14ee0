"""Authored scripts: what can be spoken, and what a mistake in one is called."""

import pytest

from trellis.kernel.errors import Invalid
from trellis.lab.scripts import LONG_ORDER, list_scripts, long_script, parse_script, read_script
from trellis.lab.voices import find_voice

HEAD = "title: A\nproblem: b\nlanguage: en\nT: clinician, hum-low, Dr. A\nC: client, hum-high, B\n---\n"


def test_every_script_can_be_spoken():
    """Each shipped script has one clinician, and voices that exist and speak its language."""
    for name in list_scripts():
        script = read_script(name)

        assert list(script.cast).count("clinician") == 1, name
        for voice in script.cast.values():
            assert script.language in find_voice(voice).languages, name


def test_demo_is_spoken_by_voices_that_may_be_shipped():
    """The demonstration's voices are open, weights and all."""
    assert all(find_voice(voice).shippable for voice in read_script("demo").cast.values())


def test_marks_are_read():
    """Pauses, overlaps, backchannels and statements of danger are kept apart."""
    script = parse_script(
        "x",
        HEAD + "T: How are you?\nC [pause=3]: Low.\nT [backchannel=0.5]: Mm-hm.\nC [overlap=0.4,risk]: I am done.\n",
    )

    assert [turn.pause for turn in script.turns] == [None, 3.0, None, None]
    assert (script.turns[2].overlap, script.turns[2].backchannel) == (0.5, True)
    assert (script.turns[3].overlap, script.turns[3].backchannel, script.turns[3].risk) == (0.4, False, True)
    assert script.words == 8


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("T: Hello.\nX: Who am I?\n", 8),
        ("T: Hello.\nC [loud=3]: Hi.\n", 8),
        ("T: Hello.\nC [pause=long]: Hi.\n", 8),
        ("T: Hello.\nno colon\n", 8),
        ("T [overlap=1]: Hello.\n", 7),
    ],
)
def test_a_malformed_line_is_named(body, line):
    """A mistake in a script is named by its line."""
    with pytest.raises(Invalid, match=f"line {line} is malformed"):
        parse_script("x", HEAD + body)


def test_a_script_without_turns_is_incomplete():
    """A head alone is no script."""
    with pytest.raises(Invalid, match="incomplete"):
        parse_script("x", HEAD)


def test_long_scripts_reach_their_length_without_repeating():
    """8,000 words are two people, in English, and no turn comes twice for being joined."""
    script = long_script(8_000)

    assert 8_000 <= script.words < 8_100
    assert {turn.role for turn in script.turns} == {"clinician", "client"}
    once = sum(len(read_script(name).turns) for name in LONG_ORDER)
    assert len(script.turns) <= once
