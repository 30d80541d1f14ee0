"""How a note sounds is a choice; what it says is not."""

import re

import pytest

from trellis.app import House
from trellis.chart import Evidence, Statement
from trellis.cli import run
from trellis.kernel import Invalid
from trellis.scribe.saying.address import address
from trellis.scribe.styles import SHARES, default_style, load_style
from trellis.scribe.words.numbers import numbers_in


@pytest.fixture
def style(tmp_path):
    """A style from the lines of a file."""

    def read(lines):
        file = tmp_path / "style.toml"
        file.write_text(lines, encoding="utf-8")
        return load_style(file)

    return read


def statement(text, said="I said so.", topic="function"):
    return Statement(
        text=text, topic=topic, status="supported", support=1.0, evidence=(Evidence(turn=1, quote=said),)
    )  # fmt: skip


def told(style, *texts, **more):
    return [one.text for one in address([statement(text, **more) for text in texts], style)]


def test_a_file_says_only_what_differs(style):
    """What a file leaves out is as shipped."""
    own = style('[client]\ncalled = "Patient"\n[words]\nstandard = 250\n')

    assert (own.client, own.words["standard"]) == ("Patient", 250)
    assert (own.clinician, own.words["brief"]) == (default_style().clinician, default_style().words["brief"])


@pytest.mark.parametrize(
    "lines",
    [
        "[client",
        "[colour]\nink = 1",
        '[client]\nname = "Patient"',
        '[client]\ncalled = "Patient 7"',
        '[client]\npronouns = "it"',
        '[quotes]\namount = "all"',
        "[words]\nstandard = 10",
        "[verbs]\nvaried = 1",
        '[terms]\n"often" = "never"',
        '[terms]\n"four" = "4"',
        '[terms]\n"self harm" = "coping"',
        'terms = "none"',
    ],
)
def test_a_wrong_style_is_refused_with_what_to_do(style, lines):
    """A style that can't be read, asks for what isn't known or would change what is said never reaches a note."""
    with pytest.raises(Invalid) as error:
        style(lines)
    assert error.value.code == "scribe.style_invalid"
    assert error.value.hint


def test_a_missing_file_is_refused_without_its_name(tmp_path):
    """A file's name may be a client's."""
    with pytest.raises(Invalid) as error:
        load_style(tmp_path / "Ann Miller.toml")
    assert "Ann" not in f"{error.value} {error.value.hint}"


def test_a_sentence_right_after_another_begins_as_the_style_says(style):
    """Nobody reads "Client reports" ten times in a row, unless they want to."""
    texts = ["Client reports sleeping badly.", "Client denies nightmares.", "Client wishes to rest."]

    assert told(default_style(), *texts) == [texts[0], "They deny nightmares.", "They wish to rest."]
    assert told(style('[client]\nagain = "nothing"'), *texts) == [texts[0], "Denies nightmares.", "Wishes to rest."]
    assert told(style('[client]\nagain = "name"'), *texts) == texts
    assert told(style('[client]\npronouns = "she"'), *texts)[1] == "She denies nightmares."


def test_a_pronoun_never_stands_where_it_could_mean_somebody_else():
    """After a sentence about a mother, "they" could be the mother."""
    texts = ["Client reports that their mother left.", "Client denies nightmares."]

    assert told(default_style(), *texts) == texts


def test_she_and_he_stand_only_where_they_is_plainly_the_client(style):
    """Where a client spoke of others as "they", the sentence keeps its words."""
    own = style('[client]\npronouns = "she"')
    text = "Client reports that they sleep badly in their room."
    shared = "Client reports that they sleep badly and were tired."

    assert told(own, text, said="I sleep badly in my room.") == ["Client reports that she sleeps badly in her room."]
    assert told(own, text, said="They sleep badly in their room.") == [text]
    assert told(own, shared, said="I sleep badly and was tired.") == [shared]


def test_people_and_terms_are_called_what_the_clinic_calls_them(style):
    """Names and terms change in every sentence, and nothing inside quotation marks does."""
    own = style('[client]\ncalled = "Patient"\n[clinician]\ncalled = "I"\n[terms]\n"medication" = "medicine"\n')

    assert told(own, "Clinician reviewed medication with Client.", "Client states, “Client medication”.") == [
        "I reviewed medicine with Patient.",
        "Patient states, “Client medication”.",
    ]


def test_verbs_say_how_it_was_told(style):
    """A cause is explained, what is past recalled, a symptom described; without varied verbs all is reported."""
    texts = [
        "Client reports that they left because it was loud.",
        "Client reports having lived there three years ago.",
    ]

    assert [re.match(r"\w+ (\w+)", text)[1] for text in told(style('[client]\nagain = "name"'), *texts)] == [
        "explains",
        "recalls",
    ]
    assert told(style('[client]\nagain = "name"\n[verbs]\nvaried = false'), *texts) == texts


@pytest.mark.parametrize("again", ["name", "pronoun", "nothing"])
@pytest.mark.parametrize("pronouns", ["they", "she", "he"])
def test_style_never_touches_figures_denials_or_quotes(style, again, pronouns):
    """Names, openings and agreeing words change; figures, denials and quotations are the same in every style."""
    texts = [
        "Client reports not sleeping more than four hours and never having slept 8.",
        "Client denies taking 50 mg at 10 at night, “not once”.",
        "Client does not wish to stop before two weeks.",
    ]
    own = style(f'[client]\ncalled = "Sam"\nagain = "{again}"\npronouns = "{pronouns}"')

    for before, after in zip(texts, told(own, *texts), strict=True):
        assert numbers_in(after) == numbers_in(before)
        assert len(re.findall(r"\b(?:not|never|denies|deny|Denies)\b", after)) == len(
            re.findall(r"\b(?:not|never|denies)\b", before)
        )
        assert re.findall(r"“[^”]*”", after) == re.findall(r"“[^”]*”", before)


def test_amounts_of_quotes_are_in_order():
    """None is none, and more is more."""
    assert list(SHARES.values()) == sorted(SHARES.values())
    assert SHARES["none"] == 0


def test_the_command_takes_a_style_and_refuses_a_wrong_one(tmp_path, capsys):
    """`--style` changes how the note sounds; a file that asks for what isn't known is exit code 2 and one line."""
    talk, good, bad = (tmp_path / name for name in ("talk.txt", "good.toml", "bad.toml"))
    talk.write_text("Therapist: How have you been sleeping?\nClient: I sleep about four hours a night.\n")
    good.write_text('[client]\ncalled = "Patient"\n')
    bad.write_text("[colour]\n")

    assert run(House(), ["scribe", str(talk), "--text", "--style", str(good)]) == 0
    assert "Patient reports sleeping" in capsys.readouterr().out
    assert run(House(), ["scribe", str(talk), "--text", "--style", str(bad)]) == 2
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert "there is no part 'colour'" in error
    assert "bad.toml" not in error
