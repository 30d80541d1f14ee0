"""Settings: an empty configuration works, a wrong one is named in one line."""

import pytest

from trellis.kernel import SETTINGS, Invalid, Settings


def test_an_empty_configuration_is_a_working_clinic():
    """Every setting has a default of its own type."""
    settings = Settings.load({})

    assert settings.text("speech.engine") == "local"
    assert settings.number("inference.threads") == 0
    assert settings.flag("scribe.audio_measures") is False


def test_the_environment_wins_over_the_file(tmp_path):
    """An operator can try a value without touching the file."""
    file = tmp_path / "trellis.toml"
    file.write_text('[speech]\nmodel = "small"\n[inference]\nthreads = 2\n')

    settings = Settings.load({"TRELLIS_CONFIG": str(file), "TRELLIS_SPEECH_MODEL": "tiny"})

    assert settings.text("speech.model") == "tiny"
    assert settings.number("inference.threads") == 2


def test_an_unknown_setting_is_refused(tmp_path):
    """A misspelt name is told, not passed over."""
    file = tmp_path / "trellis.toml"
    file.write_text('[speech]\nmodle = "small"\n')

    with pytest.raises(Invalid, match=r"speech\.modle"):
        Settings.load({"TRELLIS_CONFIG": str(file)})


@pytest.mark.parametrize("content", [b"[speech\n", b"\xff\xfe", None])
def test_an_unreadable_file_is_one_clear_line(tmp_path, content):
    """Broken TOML, wrong encoding and a missing file are all named as such."""
    file = tmp_path / "trellis.toml"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(Invalid, match="TRELLIS_CONFIG"):
        Settings.load({"TRELLIS_CONFIG": str(file)})


def test_a_value_of_the_wrong_type_is_refused():
    """A number has to be a number, a yes-or-no a yes or no."""
    with pytest.raises(Invalid, match=r"inference\.threads"):
        Settings.load({"TRELLIS_INFERENCE_THREADS": "many"})
    with pytest.raises(Invalid, match=r"scribe\.audio_measures"):
        Settings.load({"TRELLIS_SCRIBE_AUDIO_MEASURES": "perhaps"})


def test_every_setting_has_a_sentence_and_a_variable():
    """The reference page is made of them."""
    for setting in SETTINGS:
        assert setting.sentence.endswith("."), setting.name
        assert setting.variable.startswith("TRELLIS_")
    assert [setting.name for setting in SETTINGS] == sorted(setting.name for setting in SETTINGS)
