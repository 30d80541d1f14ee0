"""The language of a written transcript is told from its small words and its script."""

import pytest

from trellis.scribe.reading.languages import language_of


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "I haven't been sleeping much and I just keep thinking about what she said to me"),
        ("en", "Yeah. Mm-hm. Work's been okay I guess, the kids are good."),
        ("es", "No he dormido bien esta semana y siento que todo me cuesta más que antes"),
        ("es", "Estoy muy triste y no quiero salir de la casa"),
        ("es", "Que tal, como estas? Estoy mal, no puedo dormir porque tengo miedo"),
        ("fr", "Je ne dors pas très bien depuis que ma mère est partie, et je suis toujours fatigué"),
        ("de", "Ich habe die ganze Woche nicht gut geschlafen und ich weiß nicht, was ich machen soll"),
        ("it", "Non ho dormito bene questa settimana e non so che cosa devo fare con mia madre"),
        ("pt", "Eu não tenho dormido bem e acho que não sei mais o que fazer com a minha mãe"),
        ("ru", "Я плохо сплю и не знаю, что делать"),
        ("ja", "よく眠れないし、何をしたらいいのか分かりません"),
        ("zh", "我最近睡得不好，不知道该怎么办"),
        ("ar", "لا أنام جيدا ولا أعرف ماذا أفعل"),
    ],
)
def test_languages(code: str, text: str) -> None:
    """One or two sentences are enough to name a language."""
    assert language_of([text])[0] == code


@pytest.mark.parametrize("texts", [[], [""], ["No."], ["Sertraline, lorazepam."], ["42 17"]])
def test_too_short_is_english(texts: list[str]) -> None:
    """What is too short to tell counts as English, without confidence."""
    assert language_of(texts) == ("en", 0.0)


def test_unlisted_language_is_other() -> None:
    """A language without a list is named other, so that it can be refused."""
    hungarian = "Nagyon rosszul alszom mostanában, állandóan fáradt vagyok, mindig ugyanaz jár fejemben. " * 4
    assert language_of([hungarian])[0] not in {"en", "es"}


def test_english_with_spanish_words_stays_english() -> None:
    """A few words of another language don't move a session."""
    texts = ["My abuela said mijo, ven aquí, and I just went to her and we sat there"] * 3
    assert language_of(texts)[0] == "en"


def test_the_same_few_words_again_and_again_are_no_language_of_their_own() -> None:
    """A client who hardly answers is not refused as speaking another language."""
    assert language_of(["Mm-hm.", "Tired."] * 100)[0] == "en"
