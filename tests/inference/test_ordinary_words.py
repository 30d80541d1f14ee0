"""Ordinary words are told from names by the alphabet of the reader of sentences."""

from trellis.inference.ordinary_words import ordinary_words


def test_ordinary_words_are_there_and_names_of_medicines_are_not() -> None:
    """What a recogniser writes for a name it doesn't know is ordinary; what it makes up is not."""
    words = ordinary_words()
    assert {"search", "line", "pine", "prescribed", "morning"} <= words
    assert not words & {"zyprixa", "zyprexa", "fifty5", "##ing"}
