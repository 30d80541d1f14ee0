"""Which words of a spoken sentence carry it: without the "so, I mean, you know" around and the fillers within.

Takes a parse; gives the places of the tokens worth telling, in order. Grammar stays whole: only words that no other
word hangs on for meaning are left out. Hedges are not fillers.
"""

from trellis.inference import Sentence, Token
from trellis.scribe.points import Utterance


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LEADS = _set(
    "and but so well yeah yes yep yup no nope okay ok oh like right anyway anyways honestly actually "
    "basically also plus "
    "ohh ohhh aah then alright mean ah hmm mm look see um uh er yah mhm mm-hmm uh-huh sure , . ; - -- … "
    "... true exactly obviously "
    "because cause 'cause cuz frankly hey wow exactly god"
)
_LEAD_PAIRS = (
    ("i", "mean"), ("you", "know"), ("i", "say"), ("let", "'s", "see"), ("to", "be", "honest"), ("all", "right"),
    ("of", "course"), ("the", "thing", "is"), ("it", "'s", "just", "that"), ("it", "'s", "just", "like"),
    ("i", "do", "n't", "know", ","), ("i", "do", "n't", "know", "it", "'s"), ("good", "question"),
    ("i", "guess", "you", "could", "say"), ("it", "'s", "like"), ("oh", "my", "god"),
    ("doctor", ","), ("doc", ","),
)  # fmt: skip
_TAILS = (
    ("you", "know"), ("and", "stuff"), ("and", "stuff", "like", "that"), ("and", "everything"), ("i", "mean"),
    ("right",), ("though",), ("so",), ("and",), ("but",), ("like",), ("because",), ("or",), ("you", "see"),
    ("or", "whatever"), ("and", "all", "that"), ("you", "know", "what", "i", "mean"), ("if", "that", "makes", "sense"),
    ("to", "be", "honest"), ("and", "so"), ("but", "yeah"), ("so", "yeah"), ("yeah",), ("yes",), ("okay",), ("um",),
    ("actually",), ("really",), ("basically",), ("honestly",), ("please",), ("and", "things", "like", "that"),
    ("and", "that"), ("i", "do", "n't", "know"), ("no",), ("just",), ("uh",), ("doctor",), ("then",),
    ("for", "sure"), ("sure",),
)  # fmt: skip
_FILLERS = _set(
    "just actually basically literally honestly obviously um uh er erm ah oh hmm gosh yeah damn fucking freaking "
    "bloody goddamn frickin"
)
_OATHS = _set("fucking freaking bloody goddamn frickin damn")
_PAUSES = frozenset({",", "-", "--", "—", "–", "...", "…", ";", ".", "!", "?"})


def meant(parse: Sentence) -> tuple[int, ...]:
    """The places of the tokens that carry the sentence."""
    said = [token.text.lower().replace("’", "'") for token in parse.tokens]
    places = [at for at in range(len(said)) if said[at]]
    places = _without_edges(parse, said, places)
    fillers = {at for at in places if _is_filler(parse, said, at)}
    bounds = {side for at in fillers for side in (at - 1, at + 1) if _is_between_commas(said, at)}
    places = [at for at in places if at not in fillers | bounds]
    places = _without_strays(parse, _without_restarts(said, _without_asides(said, places)))
    return tuple(_without_edges(parse, said, places))


def needs_context(utterance: Utterance) -> bool:
    """Whether the words can't stand alone: no subject with a verb of its own, or only "it" and "that" for one."""
    tokens = utterance.parse.tokens
    subjects = [token for token in tokens if token.dep.startswith(("nsubj", "expl"))]
    has_verb = any(token.pos in {"VERB", "AUX"} for token in tokens)
    return not (subjects and has_verb) or subjects[0].text.lower() in {"it", "that", "this", "they", "those"}


def _without_edges(parse: Sentence, said: list[str], places: list[int]) -> list[int]:
    changed = True
    while changed and places:
        changed = False
        words = [said[at] for at in places]
        pair = next((pair for pair in _LEAD_PAIRS if tuple(words[: len(pair)]) == pair), None)
        if pair and len(places) > len(pair):
            places, changed = places[len(pair) :], True
        elif words[0] in _PAUSES or (words[0] in _LEADS and not _is_needed(parse, words, places)):
            places, changed = places[1:], True
        elif words[-1] in _PAUSES:
            places, changed = places[:-1], True
        else:
            tail = next((tail for tail in _TAILS if tuple(words[-len(tail) :]) == tail), None)
            if tail and len(places) > len(tail) + 1 and not _ends_meaning(parse, said, places, tail):
                places, changed = places[: -len(tail)], True
    return places


def _is_needed(parse: Sentence, words: list[str], places: list[int]) -> bool:
    """Whether an opening word belongs to what follows: "no sleep", "so tired", "like a stone", "right arm"."""
    token = parse.tokens[places[0]]
    if words[0] in {"no", "so", "like", "right", "well", "then", "sure"} and len(words) > 1 and words[1] != ",":
        if words[0] == "no":
            return token.dep == "det" or not words[1].startswith(("i", "he", "she", "it", "they", "we", "my", "not"))
        return words[0] in {"like", "right"} and token.pos in {"ADP", "ADJ", "VERB"}
    return False


def _ends_meaning(parse: Sentence, said: list[str], places: list[int], tail: tuple[str, ...]) -> bool:
    """Whether a closing word is more than a tag: "not really", "I don't know", "so" after "think"."""
    before = places[-len(tail) - 1]
    if tail in {("okay",), ("sure",), ("really",), ("so",), ("no",), ("then",), ("like",), ("right",), ("that",)}:
        return said[before] not in _PAUSES and not (tail == ("so",) and parse.tokens[places[-1]].dep == "cc")
    if tail in {("you", "know"), ("i", "do", "n't", "know"), ("i", "mean"), ("and", "that")}:
        return said[before] not in _PAUSES and parse.tokens[before].tag != "DT"
    return False


def _is_filler(parse: Sentence, said: list[str], at: int) -> bool:
    token, word = parse.tokens[at], said[at]
    if word == "like":
        if at + 1 < len(said) and _is_number(parse, at + 1):
            return False
        if _is_between_commas(said, at):
            return True
        if token.tag == "UH" or token.dep == "intj":
            return True
        if at and at + 1 < len(said) and said[at - 1] in _BE and _is_grade(parse, at + 1):
            return True
        if at and said[at - 1] in _BEFORE_LIKE and at + 1 < len(said) and parse.tokens[at + 1].tag == "DT":
            return True
        bounded = (at == 0 or said[at - 1] in _PAUSES) and at + 1 < len(said) and said[at + 1] in _PAUSES
        return bounded or (token.pos != "VERB" and at > 0 and said[at - 1] in {"'s", "was", "is", "just", "be", "been"}
                           and token.dep == "advmod")  # fmt: skip
    if word == "just":
        return not (at + 1 < len(said) and _is_number(parse, at + 1)) and said[max(0, at - 1)] not in {"not", "n't"}
    if word in _OATHS:
        return True
    return word in _FILLERS and token.dep != "ROOT" and not any(
        parse.tokens[i].pos != "PUNCT" for i in parse.children(at)
    )  # fmt: skip


_BEFORE_LIKE = _set("from to at in for with of so until since after before")
"""Words after which "like a" only fills a pause: "from like a nine"."""
_BE = _set("is are was were am 's 're 'm be been being")


def _is_grade(parse: Sentence, at: int) -> bool:
    """Whether an adverb of degree or a bare adjective begins here: "like so tired", not "like bad weather"."""
    token = parse.tokens[at]
    if token.text.lower() in {"so", "really", "very", "super", "totally", "too", "completely"}:
        return True
    following = parse.tokens[at + 1] if at + 1 < len(parse.tokens) else None
    return token.tag == "JJ" and (following is None or following.pos in {"PUNCT", "CCONJ", "SCONJ", "ADP", "PART"})


def _is_between_commas(said: list[str], at: int) -> bool:
    return 0 < at < len(said) - 1 and said[at - 1] == "," == said[at + 1]


def _is_number(parse: Sentence, at: int) -> bool:
    return parse.tokens[at].pos == "NUM" or parse.tokens[at].text.lower() in {"once", "twice", "half"}


def _without_restarts(said: list[str], places: list[int]) -> list[int]:
    """Without words said again at once: "I, I thought", "it's, it's weird"."""
    kept = list(places)
    for length in (4, 3, 2, 1):
        at = 0
        while at + length < len(kept):
            words = [said[place] for place in kept[at : at + length]]
            after = at + length + (said[kept[at + length]] == ",")
            again = [said[place] for place in kept[after : after + length]]
            is_meant = length == 1 and words[0] in _DOUBLED
            if words == again and "," not in words and not is_meant:
                del kept[at:after]
            else:
                at += 1
    return kept


_DOUBLED = _set("very really had that so never no long far")


def _without_strays(parse: Sentence, places: list[int]) -> list[int]:
    """Without commas that stand where only a filler was."""
    tokens = parse.tokens
    strays = {
        at
        for before, at, after in zip(places, places[1:], places[2:], strict=False)
        if tokens[at].text == "," and _is_stray(tokens[before], tokens[after])
    }
    return [at for at in places if at not in strays]


def _is_stray(before: Token, after: Token) -> bool:
    """Whether a comma stands where only a filler was: "to, uh, go"."""
    if before.tag in {"DT", "PRP$", "IN", "TO", "MD", "WP", "WDT"} or before.pos == "AUX":
        return True
    return before.tag == "PRP" and before.dep.startswith("nsubj") and after.pos in {"VERB", "AUX", "ADV"}


def _without_asides(said: list[str], places: list[int]) -> list[int]:
    """Without "you know", "I mean" and "like" between commas, and the commas left over."""
    kept: list[int] = []
    index = 0
    while index < len(places):
        words = tuple(said[at] for at in places[index : index + 3])
        bounded = index == 0 or said[places[index - 1]] in _PAUSES or words[2:3] == (",",)
        if words[:2] in {("you", "know"), ("i", "mean"), ("you", "see")} and bounded:
            is_that = words[2:3] and words[2] in {"what", "how", "why", "where", "when", "that", "if", "who"}
            if not is_that:
                index += 2
                if kept and said[kept[-1]] == "," and index < len(places) and said[places[index]] == ",":
                    kept.pop()
                    index += 1
                continue
        if said[places[index]] in _PAUSES and kept and said[kept[-1]] in _PAUSES:
            index += 1
            continue
        kept.append(places[index])
        index += 1
    return kept
