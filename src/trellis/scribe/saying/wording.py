"""Write as notes do what people say: "really" is "very", "mom" is "mother", "fifty milligrams" is "50 mg".

Takes a telling's words or a finished text; gives the same in written words. The phrases are data (`data/wordings.toml`)
that a clinician can read and mend; none of them softens, sharpens or names what was said.
"""

import re

from trellis.inference import Token
from trellis.scribe.saying.tellable import Telling
from trellis.scribe.words.numbers import read_numbers
from trellis.scribe.words.wordings import as_written


def reword(text: str) -> str:
    """Clinical wording for spoken phrases, and figures for doses, scales and numbers from ten on."""
    return _figures(as_written(text))


def _figures(text: str) -> str:
    """Numbers from ten on, doses and scales in figures: "50 mg", "7/10"."""
    for number in reversed(read_numbers(text)):
        said = text[number.start : number.end]
        if number.kind != "count" or number.is_about or not re.search(r"[a-z]", said, re.IGNORECASE):
            continue
        if re.search(r"\b(?:once|twice|thrice|half|a|an|quarter|couple|dozen|point)\b", said, re.IGNORECASE):
            continue
        after = text[number.end : number.end + 6].lower()
        figure = _figure(number.value)
        if number.out_of is not None:
            text = f"{text[: number.start]}{figure}/{_figure(number.out_of)}{text[number.end :]}"
        elif number.high is None and (number.value >= 10 or after.startswith((" mg", " milli"))):
            text = f"{text[: number.start]}{figure}{text[number.end :]}"
    return text


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) else f"{value:g}"


# Smaller words -------------------------------------------------------------------------------------------------------


def written(telling: Telling, words: list[str]) -> list[str]:
    """Spoken degree words as written ones; "like four" is "about four"; a bare "Mom" is somebody's mother."""
    told = list(words)
    tokens = telling.parse.tokens
    for index, at in enumerate(telling.places):
        said, following = telling.said(index), telling.said(index + 1)
        if said == "like" and index + 1 < len(telling.places) and _is_number(telling.token(index + 1)):
            told[at] = "about"
        elif said == "just" and index + 1 < len(telling.places) and _is_number(telling.token(index + 1)):
            told[at] = "only"
        elif said in {"kind", "sort"} and following == "of" and telling.said(index - 1) not in {"a", "the", "any",
                "some", "what", "this", "that", "every", "no", "same", "one"}:  # fmt: skip
            grades = index + 2 < len(telling.places) and telling.token(index + 2).tag in {"JJ", "RB", "VBN", "JJR"}
            loose = telling.said(index + 2) in {"almost", "like", "maybe"}
            told[at], told[telling.places[index + 1]] = "somewhat" if grades and not loose else "", ""
        elif said in {"really", "super"} and _grades(telling, index):
            told[at] = "very"
        elif said == "really" and telling.said(index - 1) in {"not", "n't"}:
            told[at] = "really"
        elif said == "really":
            told[at] = ""
        elif said == "pretty" and following != "much" and _grades(telling, index):
            told[at] = "fairly"
        elif said in {"okay", "ok"}:
            told[at] = "all right"
        elif said in {"mom", "mum", "dad", "grandma", "grandpa", "mommy", "daddy"} and _is_bare(telling, at):
            told[at] = f"{telling.voice.their} {tokens[at].text.lower()}"
        elif said in {"mom", "mum", "dad"}:
            told[at] = said
    return told


def _is_number(token: Token) -> bool:
    return token.pos == "NUM" or token.text.lower() in {"twice", "half"}


def _grades(telling: Telling, index: int) -> bool:
    if index + 1 >= len(telling.places):
        return False
    return telling.token(index + 1).tag in {"JJ", "RB"} and telling.said(index - 1) not in {"not", "n't"}


def _is_bare(telling: Telling, at: int) -> bool:
    tokens = telling.parse.tokens
    return not any(tokens[i].dep in {"det", "poss", "amod"} for i in telling.parse.children(at)) and (
        at == 0 or tokens[at - 1].tag not in {"PRP$", "DT", "JJ", "POS"}
    )
