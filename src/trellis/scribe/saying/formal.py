"""Turn spoken grammar into written grammar: "the things I do" is "the things that they do", "can't" is "are unable to".

Takes a telling and its words in the third person, one for each token; gives the words again, some of them longer,
some empty. Each device follows the parse and leaves number, denial, tense and person alone; where the parse is not
plain, the words stay.
"""

from trellis.inference import Sentence, Token
from trellis.scribe.saying.tellable import Telling
from trellis.scribe.talk.people import relations
from trellis.scribe.words.grammar import gerund, participle, past, singular


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TELLS_THAT = _set(
    "say tell think know believe feel hope realize notice find figure wish understand remember swear admit promise "
    "decide guess suppose hear show prove explain learn assume scared afraid worried sure glad sad happy proud certain"
)
_ASKS = _set("what how why where when who which whether if that like because whose as than")
_PERSONS = _set("people friend person man woman girl boy guy family kid child doctor nurse teacher everyone someone "
                "anyone others somebody everybody colleague coworker neighbor student player client")  # fmt: skip
_NO_ADJECTIVES = _set("better worse high clean right straight ready good close along used much more less enough")
_IDIOMS = _set("stand help wait seem bear")
"""Verbs that mean something else after "can't"."""
_MANY = frozenset({"NNS", "NNPS"})
_FINITE = frozenset({"VBZ", "VBP", "VBD", "MD"})


def formal(telling: Telling, words: list[str]) -> list[str]:
    """The words with the grammar of written sentences."""
    told = list(words)
    kept = list(telling.places)
    before = {at: kept[index - 1] for index, at in enumerate(kept) if index}
    for at in kept:
        token = telling.parse.tokens[at]
        if token.dep in {"ccomp", "relcl"}:
            _with_that(telling.parse, told, at, before)
    for index in range(len(kept)):
        for step in (_who, _unable, _many, _formerly, _become, _difficult, _approximately, _such_as, _and_they):
            step(telling, told, index)
    return told


def _with_that(parse: Sentence, told: list[str], at: int, before: dict[int, int]) -> None:
    """A "that" before a clause without one, behind the verb or the noun it belongs to."""
    tokens = parse.tokens
    head = tokens[at].head
    inside = [place for place in parse.subtree(at) if place > head]
    if head >= at or not inside or not told[inside[0]]:
        return
    first = inside[0]
    below = parse.children(at)
    is_finite = any(tokens[i].tag in _FINITE for i in (at, *below))
    is_subject = is_finite and any(tokens[i].dep in {"nsubj", "nsubjpass", "expl"} and i < at for i in below)
    opens = tokens[first].text.lower()
    if not is_subject or opens in _ASKS or tokens[first].tag.startswith("W") or before.get(first) is None:
        return
    if tokens[at].dep == "ccomp" and tokens[head].lemma.lower() not in _TELLS_THAT:
        return
    if tokens[first].dep not in {"nsubj", "nsubjpass", "expl", "det", "poss", "amod", "nummod"}:
        return
    last = before[first]
    follows = last == head or (tokens[at].dep == "ccomp" and tokens[last].head == head and tokens[last].dep in
                               {"dobj", "dative", "prt", "npadvmod"} and tokens[last].pos == "PRON")  # fmt: skip
    if follows and told[last] and not told[last].endswith("that"):
        told[last] += " that"


def _who(telling: Telling, told: list[str], index: int) -> None:
    """So that "the friends that left" are "the friends who left"."""
    at, token = telling.places[index], telling.token(index)
    if telling.said(index) != "that" or token.dep != "nsubj" or not index:
        return
    verb = telling.parse.tokens[token.head]
    noun = telling.token(index - 1)
    if verb.dep == "relcl" and noun.lemma.lower() in _PERSONS | relations().keys():
        told[at] = "who"


def _unable(telling: Telling, told: list[str], index: int) -> None:
    """So that "he can't sleep" is "he is unable to sleep"."""
    at = telling.places[index]
    if told[at] != "cannot" or index + 2 >= len(telling.places):
        return
    tokens = telling.parse.tokens
    verb = telling.token(index + 2)
    if (
        verb.tag != "VB"
        or verb.dep == "conj"
        or verb.lemma.lower() in _IDIOMS
        or tokens[at].head != telling.places[index + 2]
    ):
        return
    subject = next((i for i in telling.parse.children(tokens[at].head) if tokens[i].dep == "nsubj" and i < at), None)
    if subject is None or any(tokens[i].dep == "conj" and tokens[i].pos in {"VERB", "AUX"} for i in
                              telling.parse.children(tokens[at].head)):  # fmt: skip
        return
    be = "is" if told[subject] == "the client" else _be(telling, subject)
    if be is not None:
        told[at] = f"{be} unable to"


def _be(telling: Telling, subject: int) -> str | None:
    """The form of "be" after this subject; None where it isn't plain."""
    token = telling.parse.tokens[subject]
    said = token.text.lower()
    if any(telling.parse.tokens[i].dep == "conj" for i in telling.parse.children(subject)):
        return "are"
    if said == "i":
        return "are" if telling.voice.is_plural else "is"
    if said in {"he", "she", "it", "you", "one", "nobody", "everyone", "someone"}:
        return "is"
    if said in {"they", "we", "these", "those"} or token.tag in _MANY or said == "people":
        return "are"
    return "is" if token.tag in {"NN", "NNP"} else None


def _many(telling: Telling, told: list[str], index: int) -> None:
    """So that "a lot of friends" are "many friends", "a lot of time" is "much time"."""
    said = telling.said
    is_lot = said(index) == "a" and said(index + 1) == "lot" and said(index + 2) == "of"
    is_lots = said(index) == "lots" and said(index + 1) == "of"
    if not (is_lot or is_lots) or said(index - 1) in {"quite", "such", "whole", "awful", "like"}:
        return
    of = index + (2 if is_lot else 1)
    of_what = [i for i in telling.parse.children(telling.places[of]) if telling.parse.tokens[i].dep == "pobj"]
    if not of_what or telling.parse.tokens[of_what[0]].pos not in {"NOUN", "PROPN"}:
        return
    noun = telling.parse.tokens[of_what[0]]
    for place in range(index, of + 1):
        told[telling.places[place]] = ""
    if telling.token(of + 1).tag in {"DT", "PRP$", "PDT"}:
        told[telling.places[of]] = "of"
    told[telling.places[index]] = "many" if noun.tag in _MANY or noun.text.lower() == "people" else "much"


def _formerly(telling: Telling, told: list[str], index: int) -> None:
    """So that "they used to drink" is "they formerly drank"."""
    said = telling.said
    if said(index) != "used" or said(index + 1) != "to" or index + 2 >= len(telling.places):
        return
    verb, before = telling.token(index + 2), said(index - 1)
    at = telling.places[index + 2]
    others = [i for i in telling.parse.children(at) if telling.parse.tokens[i].dep == "conj"]
    if verb.tag != "VB" or before in {"be", "'m", "'s", "'re", "is", "are", "was", "get", "got", "never", "not", "n't"}:
        return
    is_shared = any(telling.parse.tokens[i].pos in {"VERB", "AUX"} for i in others)
    if is_shared or verb.lemma.lower() in {"be", "do", "wish", "want", "think"}:
        return
    if telling.token(index).dep != "ROOT" and not any(
        telling.parse.tokens[i].dep == "nsubj" for i in telling.parse.children(telling.places[index])
    ):
        return
    told[telling.places[index]], told[telling.places[index + 1]] = "formerly", ""
    told[at] = past(verb.lemma.lower())


def _become(telling: Telling, told: list[str], index: int) -> None:
    """So that "it gets loud" is "it becomes loud"."""
    token = telling.token(index)
    if token.lemma.lower() != "get" or index + 1 >= len(telling.places):
        return
    at, step = telling.places[index], index + 1
    while step < len(telling.places) and telling.said(step) in {"so", "really", "very", "too", "more", "pretty"}:
        step += 1
    if step >= len(telling.places):
        return
    grade = telling.token(step)
    if grade.tag not in {"JJ", "JJR"} or grade.dep != "acomp" or grade.head != at:
        return
    if grade.text.lower() in _NO_ADJECTIVES:
        return
    form = {"VB": "become", "VBP": "become", "VBZ": singular("become"), "VBG": gerund("become"), "VBD": past("become"),
            "VBN": participle("become")}.get(token.tag)  # fmt: skip
    if form is not None and told[at] in {"get", "gets", "getting", "got", "gotten"}:
        told[at] = "becomes" if told[at] == "gets" else form


def _difficult(telling: Telling, told: list[str], index: int) -> None:
    """So that "it is hard to sleep" is "it is difficult to sleep"; "they work hard" and "they are hard on him" stay."""
    token = telling.token(index)
    if telling.said(index) not in {"hard", "tough", "harder", "tougher"} or token.tag not in {"JJ", "JJR"}:
        return
    verb = telling.parse.tokens[token.head].lemma.lower()
    if telling.said(index + 1) == "on" or verb not in {"be", "get", "become", "seem", "find", "make", "feel", "'s"}:
        return
    if token.dep in {"acomp", "oprd", "ccomp"}:
        told[telling.places[index]] = "more difficult" if token.tag == "JJR" else "difficult"


def _approximately(telling: Telling, told: list[str], index: int) -> None:
    """So that "about four hours" are "approximately four hours"."""
    if telling.said(index) in {"about", "around"} and index + 1 < len(telling.places):
        following = telling.token(index + 1)
        if following.pos == "NUM" and telling.said(index - 1) not in {"think", "talk", "talking", "thinking", "how"}:
            told[telling.places[index]] = "approximately"


def _such_as(telling: Telling, told: list[str], index: int) -> None:
    """So that "drugs like heroin" are "drugs such as heroin"."""
    if telling.said(index) != "like" or not index or index + 1 >= len(telling.places):
        return
    before, after, token = telling.token(index - 1), telling.token(index + 1), telling.token(index)
    is_named = after.tag in {"NN", "NNS", "NNP", "VBG"} and before.tag in _MANY
    if token.dep == "prep" and is_named and token.head == telling.places[index - 1]:
        told[telling.places[index]] = "such as"


def _and_they(telling: Telling, told: list[str], index: int) -> None:
    """So that "me and my husband fight": they and their husband do."""
    if telling.said(index) != "me" or telling.said(index + 1) != "and":
        return
    if telling.token(index).dep in {"nsubj", "nsubjpass"} or (
        index == 0 and any(_is_kin(telling.token(place)) for place in range(2, min(4, len(telling.places))))
    ):
        told[telling.places[index]] = telling.voice.they


def _is_kin(token: Token) -> bool:
    return token.text.lower() in relations()
