"""Forms of English verbs: what sentences are turned into others with, and compared by.

Takes and gives single words in small letters. `gerund("sleep")` is "sleeping", `participle("woke", "wake")` is "woken",
`singular("have")` is "has", `lemma("slept")` is "sleep". Irregular forms are listed, the others follow spelling.
"""

import re
from collections.abc import Mapping
from functools import cache


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_IRREGULAR = """
be was been; be were been; have had had; do did done; go went gone; say said said; get got gotten; make made made;
know knew known; think thought thought; take took taken; see saw seen; come came come; find found found;
give gave given; tell told told; become became become; leave left left; feel felt felt; put put put;
bring brought brought; begin began begun; keep kept kept; hold held held; write wrote written; stand stood stood;
hear heard heard; let let let; mean meant meant; set set set; meet met met; run ran run; pay paid paid; sit sat sat;
speak spoke spoken; lie lay lain; lead led led; read read read; grow grew grown; lose lost lost; fall fell fallen;
send sent sent; build built built; understand understood understood; draw drew drawn; break broke broken;
spend spent spent; cut cut cut; rise rose risen; drive drove driven; buy bought bought; wear wore worn;
choose chose chosen; seek sought sought; throw threw thrown; catch caught caught; deal dealt dealt; win won won;
forget forgot forgotten; sleep slept slept; drink drank drunk; eat ate eaten; fight fought fought; hit hit hit;
hurt hurt hurt; quit quit quit; shake shook shaken; shoot shot shot; shut shut shut; sing sang sung; sink sank sunk;
steal stole stolen; stick stuck stuck; swear swore sworn; sweep swept swept; swim swam swum; teach taught taught;
tear tore torn; wake woke woken; weep wept wept; withdraw withdrew withdrawn; freeze froze frozen; fly flew flown;
hang hung hung; hide hid hidden; bite bit bitten; bleed bled bled; blow blew blown; bend bent bent; bet bet bet;
cost cost cost; dig dug dug; feed fed fed; forgive forgave forgiven; lay laid laid; light lit lit; ride rode ridden;
ring rang rung; sell sold sold; show showed shown; spread spread spread; split split split; strike struck struck;
overdose overdosed overdosed; oversleep overslept overslept; overeat overate overeaten; cry cried cried;
burst burst burst; beat beat beaten; upset upset upset; relive relived relived; undergo underwent undergone
"""


@cache
def _irregular() -> tuple[Mapping[str, tuple[str, str]], Mapping[str, str]]:
    rows = [entry.split() for entry in _IRREGULAR.replace("\n", " ").split(";")]
    forms = {base: (past, done) for base, past, done in rows}
    bases = {form: base for base, past, done in rows for form in (past, done)}
    bases |= {"used": "use", "using": "use", "uses": "use", "owed": "owe"}
    bases |= {"is": "be", "are": "be", "am": "be", "being": "be", "has": "have", "does": "do", "goes": "go"}
    return forms, bases


_DOUBLES = re.compile(r"(?:^|[^aeiou])[aeiou][bdgklmnprtv]$")
_STRESSED_LAST = _set("begin admit commit permit prefer refer occur forget regret control upset omit submit transfer")


def gerund(base: str) -> str:
    """The "-ing" form of a base form."""
    if base in {"be", "see", "flee", "agree", "disagree", "free"}:
        return f"{base}ing"
    if base in {"die", "lie", "tie"}:
        return f"{base[:-2]}ying"
    if base in {"panic", "mimic"}:
        return f"{base}king"
    if base.endswith("e") and not base.endswith(("ee", "oe", "ye")):
        return f"{base[:-1]}ing"
    return f"{base}{base[-1]}ing" if _doubled(base) else f"{base}ing"


def past(base: str) -> str:
    """The simple past."""
    forms, _ = _irregular()
    if base in forms:
        return {"be": "was"}.get(base, forms[base][0])
    return _regular(base)


def participle(base: str) -> str:
    """The past participle."""
    forms, _ = _irregular()
    return "been" if base == "be" else forms[base][1] if base in forms else _regular(base)


def singular(word: str) -> str:
    """The present with "she" or "one" of a present with "I"."""
    known = {"am": "is", "are": "is", "be": "is", "'m": "is", "'re": "is", "have": "has", "'ve": "has", "do": "does"}
    if word in known:
        return known[word]
    if word.endswith(("s", "x", "z", "ch", "sh", "o")):
        return f"{word}es"
    if word.endswith("y") and word[-2:-1] not in set("aeiou"):
        return f"{word[:-1]}ies"
    return f"{word}s"


@cache
def lemma(word: str) -> str:
    """A common stem for the forms of a word: "slept", "sleeps" and "sleeping" are "sleep"; not always a word itself."""
    _, bases = _irregular()
    if word in bases:
        return bases[word]
    if len(word) <= 3:
        return word
    if word.endswith("ings"):
        word = word[:-1]
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) + len(instead) >= 3:
            stem = word[: len(word) - len(ending)] + instead
            return _undoubled(stem) if ending in {"ing", "ed", "er"} else _bare(stem)
    return _bare(word)


_ENDINGS = (
    ("iness", "y"), ("ness", ""), ("ications", "y"), ("ication", "y"), ("ieties", "y"), ("iety", "y"),
    ("sses", "ss"), ("ies", "y"), ("ied", "y"), ("ying", "y"), ("ing", ""), ("ed", ""), ("ily", "y"), ("ly", ""),
    ("ss", "ss"), ("us", "us"), ("is", "is"), ("es", "e"), ("s", ""),
)  # fmt: skip


def _bare(stem: str) -> str:
    return stem[:-1] if stem.endswith("e") and len(stem) > 3 else stem


def _undoubled(stem: str) -> str:
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsz":
        return stem[:-1]
    return _bare(stem)


def _doubled(base: str) -> bool:
    base = base.replace("qu", "q")
    syllables = len(re.findall(r"[aeiouy]+", base))
    return bool(_DOUBLES.search(base)) and base[-1] != "k" and (syllables == 1 or base in _STRESSED_LAST)


def _regular(base: str) -> str:
    if base.endswith("e"):
        return f"{base}d"
    if base.endswith("y") and base[-2:-1] not in set("aeiou"):
        return f"{base[:-1]}ied"
    if base in {"panic", "mimic"}:
        return f"{base}ked"
    return f"{base}{base[-1]}ed" if _doubled(base) else f"{base}ed"
