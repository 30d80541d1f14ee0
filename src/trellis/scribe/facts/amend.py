"""Put a corrected figure in its place: "twenty milligrams. No, wait, it's ten now." is ten milligrams.

Takes a told sentence, what it was told from and what corrected it; gives the sentence with the new figure, or None
where it isn't plain which figure is meant.
"""

import re

from trellis.scribe.words.numbers import read_numbers


def amend(text: str, said: str, corrected: str) -> str | None:
    """The sentence with its one figure in place of which another was said; None where either has more than one."""
    old, new = read_numbers(said), read_numbers(corrected)
    if len(old) != 1 or len(new) != 1:
        return None
    told = [number for number in read_numbers(text) if number.value == old[0].value]
    if len(told) != 1 or new[0].value is None:
        return None
    figure = f"{new[0].value:g}"
    start, end = told[0].start, told[0].end
    unit = re.search(r"[a-z]+.*$", text[start:end], re.IGNORECASE) if re.match(r"\d", text[start:end]) else None
    counted = re.match(r"[\w.-]+ (?P<of>[a-z]\w+)$", text[start:end], re.IGNORECASE)
    if unit is None and counted is not None and not read_numbers(counted["of"]):
        return f"{text[:start]}{figure} {counted['of']}{text[end:]}"
    return f"{text[:start]}{figure}{f' {unit.group()}' if unit else ''}{text[end:]}"
