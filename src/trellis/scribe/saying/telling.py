"""Choose how a sentence is told: "reports sleeping", "believes that", "plans to", "states that they would".

Takes a parse, the places of the tokens that carry it and a voice; gives the sentence without its full stop, or None.
A plain statement about oneself becomes a compact one ("reports having cut down"); where verbs share a subject or a
clause comes first, the sentence stays whole behind "that".
"""

import re
from dataclasses import replace

from trellis.scribe.saying.formal import formal
from trellis.scribe.saying.person import joined, retell
from trellis.scribe.saying.tellable import Telling, is_clause, is_tellable
from trellis.scribe.saying.wording import written
from trellis.scribe.words.grammar import gerund, participle


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_TAIL_HEDGES = (("i", "guess"), ("i", "suppose"), ("i", "think"), ("i", "believe"))


def tell(telling: Telling, *, denied: bool = False, of_thing: bool = False) -> str | None:
    """The sentence about it; None where it is broken or speaks to the clinician.

    `of_thing` says that it is known what "it" means, so that little is said but of something.
    """
    hedged = tuple(telling.said(len(telling.places) - back) for back in (2, 1)) in _TAIL_HEDGES
    if hedged:
        telling = replace(telling, places=telling.places[:-2])
    aside = _aside(telling)
    if aside is not None:
        first = aside + (telling.said(aside) != ",")
        hedged, telling = True, replace(telling, places=telling.places[:first] + telling.places[first + 3 :])
    if not is_tellable(telling, of_thing=of_thing):
        return None
    words = formal(telling, written(telling, retell(telling.parse, telling.voice)))
    return _Teller(telling, words, denied=denied, hedged=hedged).told()


def _aside(telling: Telling) -> int | None:
    """Where ", I suppose," or "but I suppose," stands within a sentence."""
    for index in range(1, len(telling.places) - 3):
        said = tuple(telling.said(index + step) for step in range(4))
        if said[0] in {",", "and", "but", "so", "to"} and said[3] == "," and said[1:3] in _TAIL_HEDGES:
            return index
    return None


# How it is told ------------------------------------------------------------------------------------------------------

_BELIEVE = {"think": "believes", "believe": "believes", "guess": "supposes", "suppose": "supposes",
            "figure": "supposes", "hope": "hopes", "wish": "wishes", "wonder": "wonders", "worry": "worries",
            "know": "knows", "imagine": "imagines", "bet": "supposes", "feel": "feels", "realize": "realizes",
            "remember": "recalls", "doubt": "doubts"}  # fmt: skip
_WANT = {"want": "wants to", "wan": "wants to", "plan": "plans to", "hope": "hopes to", "need": "reports needing to",
         "intend": "plans to", "try": "tries to"}  # fmt: skip
_STARTS = _set("i he she it they we you that this there my your his her their our the a an if when what how why "
                    "where who whether nobody everyone everybody someone people")  # fmt: skip
_FEELS = frozenset({"like", "as"})
_NOT_DELIBERATE = _set("be die have need feel get lose go fail cry end fall explode happen miss regret like")
_STATED = _set("would will should might may must 'll 'd shall wo")
_SAME_FORMS = _set("quit cut hurt put let hit set read cost bet shut split spread upset beat")
"""Verbs whose past looks like their present, so that only the whole sentence keeps the time."""
_MODALS = _set("could would will should might may must 'll 'd shall ca can wo")
_BEFORE_NOT = frozenset({"definitely", "still", "also", "probably", "sometimes", "usually", "certainly", "often"})
_NOT = frozenset({"not", "n't", "nt"})


class _Teller:
    def __init__(self, telling: Telling, words: list[str], *, denied: bool, hedged: bool) -> None:
        self.telling = telling
        self.words = words
        self.denied = denied
        self.hedged = hedged
        self.name = telling.voice.name

    def rest(self, index: int) -> str:
        """Everything from this place on, in the third person."""
        return joined(self.telling.parse.tokens, self.words, self.telling.places[index:])

    def told(self) -> str | None:
        """The sentence in the best form that is safe."""
        if self.hedged:
            return self.whole()
        said = self.telling.said
        hedge = 0
        while said(hedge) in {"maybe", "probably", "possibly", "perhaps", "sometimes", "usually", "often"}:
            hedge += 1
        if said(hedge) == "," and hedge:
            return self.whole()
        if said(hedge) != "i":
            return self._subjectless() or self.whole()
        adverb = " ".join(said(index) for index in range(hedge))
        return self._about_self(hedge + 1, adverb) or self.whole()

    def whole(self) -> str | None:
        """The sentence behind "that"."""
        if self.telling.said(0) == "i" and self.telling.token(min(1, len(self.telling.places) - 1)).lemma in {
            "guess", "suppose"
        }:  # fmt: skip
            return None
        rest = self.rest(0)
        fronted = re.match(
            r"(?:when|if|after|before|because|since|while|once|until|as|whenever|although|in|on|at|last|for|with)\b",
            rest,
            re.IGNORECASE,
        )
        verb = "supposes" if self.hedged else "states" if self._has_modal() else "reports"
        comma = "," if fronted and "," in rest else ""
        return f"{self.name} {verb} that{comma} {rest}"

    def _has_modal(self) -> bool:
        return any(self.telling.said(index) in _STATED and self.telling.token(index).tag == "MD"
                   for index in range(len(self.telling.places)))  # fmt: skip

    def _subjectless(self) -> str | None:
        """Words without their "I": "Feeling down lately", "Haven't slept"."""
        telling = self.telling
        first = telling.token(0)
        has_subject = any(
            telling.token(index).dep.startswith(("nsubj", "expl")) for index in range(len(telling.places))
        )
        if first.tag == "VBG" and first.dep == "ROOT" and not has_subject:
            return f"{self.name} reports {self.rest(0)}"
        return None

    def _about_self(self, index: int, adverb: str) -> str | None:
        """What follows "I"."""
        said, token = self.telling.said, self.telling.token
        adverbs = [adverb] if adverb else []
        while index < len(self.telling.places) and token(index).tag in {"RB", "RBR"} and said(index) not in _NOT:
            if said(index) not in {"just", "actually", "really", "honestly"}:
                adverbs.append(self.words[self.telling.places[index]])
            index += 1
        if index >= len(self.telling.places):
            return None
        lead = " ".join(word for word in adverbs if word)
        return (
            self._negated_belief(index)
            or (self._belief(index) if not lead or lead in {"always", "also", "still", "definitely"} else None)
            or (self._wish(index) if not lead else None)
            or (None if self._shares_subject() else self._compact(index, lead))
        )

    def _belief(self, index: int) -> str | None:
        token, said = self.telling.token, self.telling.said
        verb = token(index).lemma.lower()
        verb = verb if verb in _BELIEVE else said(index)
        if verb not in _BELIEVE or token(index).tag not in {"VBP", "VB"}:
            return None
        after = index + 1
        if verb == "feel":
            if (
                said(after) == "like"
                and said(after + 1) in _STARTS - {"the", "a", "an"}
                and self._has_clause(after + 1)
            ):
                return f"{self.name} feels that {self.rest(after + 1)}"
            return None
        if (said(after) == "that" and self._has_clause(after + 1)) or (said(after) == "like" and verb == "think"):
            after += 1
        if verb == "wonder":
            return (
                f"{self.name} wonders {self.rest(after)}"
                if said(after) in {"if", "whether", "what", "why", "how", "when"}
                else None
            )
        if verb == "know" and said(after) in {"what", "how", "why", "where", "who"}:
            return f"{self.name} knows {self.rest(after)}"
        if said(after) not in _STARTS and token(min(after, len(self.telling.places) - 1)).dep != "poss":
            return None
        return f"{self.name} {_BELIEVE[verb]} that {self.rest(after)}" if self._has_clause(after) else None

    def _negated_belief(self, index: int) -> str | None:
        """Such as "I don't think I need it", "I don't know why"."""
        token, said = self.telling.token, self.telling.said
        if said(index) != "do" or said(index + 1) not in _NOT:
            return None
        verb = index + 2
        while said(verb) in {"really", "even", "necessarily"}:
            verb += 1
        if verb + 1 >= len(self.telling.places):
            return None
        lemma, following = token(verb).lemma.lower(), said(verb + 1)
        if lemma in {"know", "remember"} and following in {
            "if",
            "whether",
            "what",
            "why",
            "how",
            "when",
            "where",
            "who",
        }:
            phrase = "is unsure" if lemma == "know" else "does not recall"
            return f"{self.name} {phrase} {self.rest(verb + 1)}"
        if lemma in {"think", "believe", "feel"} and self._has_clause(verb + 1):
            after = verb + 2 if following in {"that", "like"} and self._has_clause(verb + 2) else verb + 1
            shown = "feel" if lemma == "feel" else "believe"
            return f"{self.name} does not {shown} that {self.rest(after)}"
        if said(verb) == "wanna":
            return f"{self.name} does not want to {self.rest(verb + 1)}"
        if lemma in {"want", "wan"} and following in {"to", "na"}:
            return (
                f"{self.name} does not want {self.rest(verb + 1)}"
                if following == "to"
                else f"{self.name} does not want to {self.rest(verb + 2)}"
            )
        return None

    def _has_clause(self, index: int) -> bool:
        """Whether a finite clause with its own subject begins here."""
        return is_clause(self.telling, index)

    def _wish(self, index: int) -> str | None:
        """Wishes and plans: "I want to", "I'm going to", "I'd like to", "I hope to"."""
        said, token = self.telling.said, self.telling.token
        if said(index) in {"want", "wan", "need", "plan", "hope"} and said(index + 1) in {"to", "na"}:
            return f"{self.name} {_WANT[said(index)]} {self.rest(index + 2)}"
        if said(index) == "wanna":
            return f"{self.name} wants to {self.rest(index + 1)}"
        if said(index) in {"would", "'d"} and said(index + 1) in {"like", "love"} and said(index + 2) == "to":
            return f"{self.name} would {said(index + 1)} to {self.rest(index + 3)}"
        if said(index) in {"'m", "am"} and said(index + 1) in {"going", "gon", "planning", "hoping"}:
            if said(index + 2) not in {"to", "na"} or index + 3 >= len(self.telling.places):
                return None
            verb = token(index + 3)
            if said(index + 1) == "hoping":
                return f"{self.name} hopes to {self.rest(index + 3)}"
            if verb.tag == "VB" and verb.lemma.lower() not in _NOT_DELIBERATE:
                return f"{self.name} plans to {self.rest(index + 3)}"
        return None

    def _shares_subject(self) -> bool:
        """Whether a second verb hangs on the same "I", so that only whole clauses can be told."""
        tokens = self.telling.parse.tokens
        kept = set(self.telling.places)
        for at in self.telling.places:
            token = tokens[at]
            if token.dep == "conj" and token.pos in {"VERB", "AUX"} and token.head in kept:
                own = any(tokens[i].dep.startswith(("nsubj", "expl")) for i in self.telling.parse.children(at))
                if own or token.tag != "VBG":
                    return True
            if token.dep == "conj" and token.pos in {"NOUN", "PROPN", "PRON"} and tokens[token.head].pos == "VERB":
                return True
        return False

    def _compact(self, index: int, lead: str) -> str | None:
        """The speaker's own verb as "-ing" or "having -ed" behind a verb of reporting."""
        said, token = self.telling.said, self.telling.token
        if any(
            said(i) in {"i", "we", "you"}
            and token(i).dep.startswith("nsubj")
            and token(i).head == self.telling.parse.root
            for i in range(index, len(self.telling.places))
        ):
            return None
        first, after, negated = said(index), index + 1, False
        if said(after) in _NOT:
            negated, after = True, after + 1
        after, more = self._adverbs(after)
        if more and said(after) in _NOT:
            return None
        lead = " ".join(part for part in (lead, more) if part)
        if after > len(self.telling.places) or (after == len(self.telling.places) and first != "ca"):
            return self._bare(index, lead) if after == index + 1 else None
        verb = token(after) if after < len(self.telling.places) else token(index)
        form: str | None = None
        start = after + 1
        if verb.pos == "VERB" and len(verb.lemma) < 3 and verb.lemma.lower() not in {"go", "do", "be"}:
            return None
        if first in {"am", "'m"}:
            form, start = ("", after) if verb.tag == "VBG" else ("being", after)
            if verb.tag == "VBG" and said(after) in {"going", "gon"} and said(after + 1) in {"to", "na"}:
                return None
        elif first == "was":
            if verb.tag == "VBG":
                return None
            form, start = "having been", after
        elif first in {"have", "'ve"} and verb.tag in {"VBN", "VBD"} and token(index).dep != "ROOT":
            if said(after) == "got":
                return None
            if said(after) == "been" and after + 1 < len(self.telling.places):
                step, extra = self._adverbs(after + 1)
                lead = " ".join(part for part in (lead, extra) if part)
                form, start = (
                    ("", step)
                    if step < len(self.telling.places) and token(step).tag == "VBG"
                    else ("having been", step)
                )
            else:
                form = f"having {participle(verb.lemma.lower()) if verb.tag == 'VBD' else said(after)}"
        elif first in {"do", "did"} and verb.pos in {"VERB", "AUX"}:
            base = verb.lemma.lower()
            if base == "have" and first == "do" and negated and said(start) in {"any", "a", "an"}:
                form, negated, start = "having no", False, start + 1
            else:
                form = gerund(base) if first == "do" else f"having {participle(base)}"
        elif first in {"ca", "can"} and (verb.tag == "VB" or verb.dep == "ROOT") and after > index:
            able = "unable" if negated else "able"
            if able == "able":
                return None
            negated = False
            form, start = f"being {able} to", after
        elif not negated:
            return self._bare(index, lead)
        if form is None:
            return None
        return self._worded(form, self.rest(start), lead, negated=negated)

    def _adverbs(self, index: int) -> tuple[int, str]:
        found: list[str] = []
        while index < len(self.telling.places) and self.telling.token(index).tag == "RB" and (
            self.telling.said(index) in {"always", "never", "still", "also", "already", "usually", "often", "ever",
                                         "constantly", "just", "really", "currently", "recently", "actually",
                                         "probably", "definitely", "sometimes", "generally", "mostly", "only"}
        ):  # fmt: skip
            word = self.words[self.telling.places[index]]
            if word and self.telling.said(index) not in {"just", "actually", "really"}:
                found.append(word)
            index += 1
        return index, " ".join(found)

    def _bare(self, index: int, lead: str) -> str | None:
        """A simple present or past without auxiliary."""
        token, said = self.telling.token(index), self.telling.said(index)
        base = token.lemma.lower()
        if (
            base in _SAME_FORMS
            or base in _BELIEVE.keys() - {"feel", "worry", "hope", "remember", "know"}
            or said.endswith("na")
        ):
            return None
        if token.tag == "VBP" and said not in _MODALS | {"do", "am", "'m", "'ve", "gon", "wan", "got"}:
            return self._worded(gerund(base), self.rest(index + 1), lead, negated=False)
        told_as_past = token.tag in {"VBD", "VBN"} and said not in {"used", "did", "was", "got", "'d", "had"}
        if told_as_past and base.isalpha() and (said == participle(base) or base != said):
            return self._worded(f"having {participle(base)}", self.rest(index + 1), lead, negated=False)
        if said == "had" and self.telling.said(index + 1) not in {"to", "been", "n't", "not"} and token.dep == "ROOT":
            return self._worded("having had", self.rest(index + 1), lead, negated=False)
        return None

    def _worded(self, form: str, rest: str, lead: str, *, negated: bool) -> str | None:
        if not rest and not form:
            return None
        verb = "reports"
        if negated and self.denied:
            verb, negated = "denies", False
        no = "not" if negated else ""
        order = (lead, no) if lead in _BEFORE_NOT else (no, lead)
        core = " ".join(part for part in (*order, form, rest) if part)
        if form == "feeling" and rest.startswith("like"):
            verb = "describes"
        return f"{self.name} {verb} {core}"
