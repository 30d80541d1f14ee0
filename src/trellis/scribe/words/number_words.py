"""The words numbers are said in, and the words beside them that change how they are meant. English only."""


def _from(first: int, words: str) -> dict[str, int]:
    """Words that count on from a number."""
    return {word: value for value, word in enumerate(words.split(), first)}


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


ONES = _from(0, "zero one two three four five six seven eight nine ten eleven twelve") | _from(
    13, "thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
)
TENS = {word: 10 * n for word, n in _from(2, "twenty thirty forty fifty sixty seventy eighty ninety").items()}
SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
ORDINALS = (
    _from(1, "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth")
    | _from(14, "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth")
    | {"thirtieth": 30}
)
MONTHS = _from(1, "january february march april may june july august september october november december")
INSTRUMENTS = {("phq", 2), ("phq", 4), ("phq", 8), ("phq", 9), ("phq", 15), ("gad", 2), ("gad", 7), ("pcl", 5)}
NOT_A_COUNT = _set("no any every some each another this that which the other only last next good bad right wrong")
"""Words after which "one" stands for a person or thing ("no one", "that one")."""
NOT_A_RANK = _set("a per split every last this any that") | set(ONES) | set(TENS)
"""Words after which "second" is a moment."""
AT = _set("at by around about until till before after since from")
HALF_DAYS = {"am": 0, "a.m": 0, "a.m.": 0, "pm": 12, "p.m": 12, "p.m.": 12}
