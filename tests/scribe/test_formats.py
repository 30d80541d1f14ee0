"""Note formats: nothing said gets lost, and a clinic's own file is either right or refused with one line."""

from importlib import resources

import pytest

from trellis.kernel import Invalid
from trellis.scribe.formats import SHIPPED, list_formats, load_format, parse_format, rule_ids
from trellis.scribe.topics import TOPICS


def shipped_text(key):
    return resources.files("trellis.scribe").joinpath(f"data/formats/{key}.toml").read_text("utf-8")


OWN = shipped_text("dap").replace('key = "dap"', 'key = "our-dap"').replace("DAP progress note", "Our DAP")


@pytest.mark.parametrize("key", SHIPPED)
def test_every_topic_lands_in_exactly_one_place(key):
    """What was said is in one section of the note, or the format says that it stays out."""
    note_format = load_format(key)
    placed = [topic for section in note_format.sections for topic in section.topics] + list(note_format.left_out)

    assert sorted(placed) == sorted(TOPICS)
    assert note_format.left_out == ("logistics", "small_talk")


@pytest.mark.parametrize("key", SHIPPED)
def test_a_shipped_format_is_complete(key):
    """Each names its source and date, says what belongs in each section, and asks for checks that exist."""
    note_format = load_format(key)

    assert note_format.key == key
    assert note_format.source
    assert note_format.date.year >= 2026
    assert all(len(section.guidance) > 20 for section in note_format.sections)
    assert {requirement.rule for requirement in note_format.requires} <= rule_ids()
    assert any(section.required for section in note_format.sections)


@pytest.mark.parametrize("key", SHIPPED)
def test_what_a_microphone_cant_know_is_listed(key):
    """Appearance, eye contact, psychomotor activity and affect are the clinician's to write, in every format."""
    note_format = load_format(key)

    assert {"appearance", "eye contact", "psychomotor activity", "affect"} <= set(note_format.not_assessed)
    assert note_format.not_assessed_section in {section.key for section in note_format.sections}
    assert "mse.not_assessed" in {requirement.rule for requirement in note_format.requires}


def test_a_format_finds_the_section_of_a_topic():
    """A writer asks the format where a sentence belongs."""
    soap = load_format("soap")

    assert soap.section_for("sleep").key == "subjective"
    assert soap.section_for("homework").title == "Plan"
    assert soap.section_for("small_talk") is None


def test_payers_times_and_modality_block_in_session_notes():
    """A session note without its times, place and people can't be billed, so it can't be signed."""
    for key in SHIPPED:
        wanted = {requirement.rule: requirement.severity for requirement in load_format(key).requires}
        assert wanted["encounter.identification"] == "block"
        if key != "discharge":
            assert wanted["encounter.times"] == "block"
            assert wanted["encounter.modality"] == "block"


def test_an_unknown_name_is_refused_with_the_known_ones(tmp_path):
    """A typing mistake gets one line that lists the choices, the clinic's own among them."""
    (tmp_path / "our-dap.toml").write_text(OWN)

    with pytest.raises(Invalid, match=r"soap, dap.*our-dap") as caught:
        load_format("soup", tmp_path)

    assert caught.value.code == "scribe.format_unknown"


def test_a_clinic_adds_its_own_format(tmp_path):
    """A file in the clinic's folder is found by name, and any file by its path."""
    file = tmp_path / "our-dap.toml"
    file.write_text(OWN)

    assert load_format("our-dap", tmp_path).title == "Our DAP"
    assert load_format(str(file)).title == "Our DAP"
    assert [note_format.key for note_format in list_formats(tmp_path)] == [*SHIPPED, "our-dap"]


def test_a_missing_file_is_refused(tmp_path):
    """A path that leads nowhere is named as such."""
    with pytest.raises(Invalid) as caught:
        load_format(str(tmp_path / "gone.toml"))

    assert caught.value.code == "scribe.format_unknown"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('key = "our-dap"', 'key = "soap"', "belongs to a shipped format"),
        ('key = "our-dap"', 'key = "Our DAP"', "small letters"),
        ('key = "our-dap"', "key = 3", "must be a text"),
        ('title = "Our DAP"', "", "title is missing"),
        ('version = "1.0"', 'verzion = "1.0"', "'verzion' that means nothing"),
        ("date = 2026-11-24", 'date = "November"', "must be a date"),
        ('"presenting"', '"presentation"', "'presentation' that doesn't exist"),
        ('"presenting", ', "", "'presenting' is in no section"),
        ('left_out = ["logistics", "small_talk"]', 'left_out = ["logistics", "small_talk", "risk"]', "placed twice"),
        ("required = true", 'required = "yes"', "must be true or false"),
        ('key = "assessment"', 'key = "data"', "two sections have the key 'data'"),
        ('"encounter.times"', '"encounter.hours"', "'encounter.hours' that doesn't exist"),
        ('severity = "block"', 'severity = "fatal"', "must be one of block, warn, info"),
        ('section = "plan"', 'section = "plam"', "must be one of data"),
        ("[not_assessed]", "[not_assessed", "isn't valid TOML"),
        ("[not_assessed]", "[not_asessed]", "'not_asessed' that means nothing"),
    ],
)
def test_a_malformed_file_is_refused_with_one_line(tmp_path, old, new, fault):
    """The line says which file, where in it, and what is wrong."""
    file = tmp_path / "mine.toml"
    assert old in OWN
    file.write_text(OWN.replace(old, new))

    with pytest.raises(Invalid, match=fault) as caught:
        load_format(str(file))

    assert caught.value.code == "scribe.format_malformed"
    assert "mine.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"\x00" * 300_000, b"sections = 3\n", b"[[sections]]\n"])
def test_a_file_that_is_no_format_is_refused(tmp_path, content):
    """Empty, binary, huge and half-written files get a clear line, never a fault of ours."""
    file = tmp_path / "mine.toml"
    file.write_bytes(content)

    with pytest.raises(Invalid) as caught:
        load_format(str(file))

    assert caught.value.code == "scribe.format_malformed"


def test_the_example_in_the_docs_works():
    """The format file shown to clinics is one that loads."""
    text = resources.files("trellis.scribe").joinpath("data/formats/soap.toml").read_text("utf-8")

    assert parse_format(text, "example").key == "soap"
