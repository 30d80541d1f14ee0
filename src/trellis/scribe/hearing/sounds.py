"""How much two spellings sound alike: what lets "claws a pine" be recognised as clozapine.

English letters are read into coarse sounds, a letter each; two strings of sounds are then compared by what it costs to
turn one into the other. Vowels, which recognisers and readers vary most, cost little; sounds made alike (b and p, s and
z, m and n) cost less than others. Pure functions; they take any text and never fail.
"""

import re

VOWELS = "aeiouY"

# In order: each replaces letters by sounds. Capitals are sounds of more than one letter: S sh, C ch, J j, T th, Z zh.
_RULES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"'", ""),
        (r"^(?:kn|gn|pn)", "n"),
        (r"^wr", "r"),
        (r"^ps", "s"),
        (r"^x", "z"),
        (r"^rh", "r"),
        (r"(?<=[a-z])tion", "Sun"),
        (r"(?<=[a-z])(?:sion|cian|tian)", "Sun"),
        (r"tch", "C"),
        (r"sch", "sk"),
        (r"ch(?=[rl])", "k"),
        (r"ch", "C"),
        (r"sh", "S"),
        (r"ph", "f"),
        (r"th", "T"),
        (r"ght", "t"),
        (r"gh", ""),
        (r"wh", "w"),
        (r"ck", "k"),
        (r"cc(?=[eiy])", "ks"),
        (r"sc(?=[eiy])", "s"),
        (r"c(?=[eiy])", "s"),
        (r"c", "k"),
        (r"dge", "J"),
        (r"ge?(?=[eiy])", "J"),
        (r"j", "J"),
        (r"qu", "kw"),
        (r"q", "k"),
        (r"x", "ks"),
        (r"igh", "Y"),
        (r"ee|ea|ie(?=[a-z])|ey$|y$", "i"),
        (r"oo|ou|ew|ue", "u"),
        (r"ai|ay|ei", "e"),
        (r"au|aw|al(?=[kl])", "o"),
        (r"oa|ow|oe", "o"),
        (r"(?<=[a-z])(?<![aeiou])e$", ""),
        (r"y", "i"),
        (r"(?<=[aeiou])h", ""),
        (r"(.)\1+", r"\1"),
    )
)
_ALIKE = {
    frozenset(pair): cost
    for pairs, cost in (
        ("bp dt gk vf sz SZ CJ SC", 0.25),
        ("mn lr fT sS zZ sT td wv bv JS JZ kC tT dJ tC", 0.45),
    )
    for pair in pairs.split()
}
_DROPPED = {"h": 0.3, "r": 0.4, "w": 0.5, "t": 0.7, "d": 0.7, "l": 0.7, "n": 0.7}
"""What it costs to lose or add a sound that is often swallowed."""


def sounds(text: str) -> str:
    """The sounds of a few words, one letter each, without the gaps between them."""
    read = "".join(_word(word) for word in re.findall(r"[a-z']+", text.lower()))
    return re.sub(r"(.)\1+", r"\1", read)


def _word(word: str) -> str:
    if word in {"a", "an"}:
        return word
    for pattern, sound in _RULES:
        word = pattern.sub(sound, word)
    return word


def likeness(first: str, second: str) -> float:
    """From 0 to 1, how much two strings of sounds are alike; 1 is the same."""
    whole = max(_weight(first), _weight(second))
    return max(0.0, 1 - _distance(first, second) / whole) if whole else 0.0


def skeleton(read: str) -> str:
    """The consonants alone, each by its class: what a first, quick look compares."""
    return "".join(_CLASS.get(sound, "") for sound in read)


_CLASS = {
    sound: name
    for name, members in (("b", "bpfv"), ("d", "dtT"), ("s", "szSZCJ"), ("k", "kg"), ("m", "mn"), ("l", "lr"))
    for sound in members
}


def _weight(read: str) -> float:
    return sum(0.5 if sound in VOWELS else 1.0 for sound in read)


def _drop(sound: str) -> float:
    return 0.35 if sound in VOWELS else _DROPPED.get(sound, 1.0)


def _change(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if one in VOWELS and other in VOWELS:
        return 0.2
    if one in VOWELS or other in VOWELS:
        return 1.0
    return _ALIKE.get(frozenset((one, other)), 1.0)


def _distance(first: str, second: str) -> float:
    row = [0.0]
    for sound in second:
        row.append(row[-1] + _drop(sound))
    for one in first:
        above, row = row, [row[0] + _drop(one)]
        for at, other in enumerate(second):
            row.append(min(row[at] + _drop(other), above[at + 1] + _drop(one), above[at] + _change(one, other)))
    return row[-1]
