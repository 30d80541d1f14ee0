"""Turn the words of one speaker into words about them: "leave it with my cousin" -> "leave it with their cousin".

Takes a stretch of speech and who said it; gives the same with persons swapped, the client as `Client`/they, the
clinician as `Clinician`. Only pronouns and what agrees with them change; every other word stays as said.
"""

import re
from collections.abc import Mapping

_CLIENT: Mapping[str, str] = {
    "i": "they", "me": "them", "my": "their", "mine": "theirs", "myself": "themself", "i'm": "they are",
    "i've": "they have", "i'll": "they will", "i'd": "they would", "we": "they", "our": "their", "us": "them",
    "we're": "they are", "we've": "they have", "we'll": "they will", "we'd": "they would",
    "you": "Clinician", "your": "Clinician's", "yours": "Clinician's", "you're": "Clinician is",
}  # fmt: skip

_CLINICIAN: Mapping[str, str] = {
    "you": "Client", "your": "Client's", "yours": "Client's", "yourself": "themself", "you're": "Client is",
    "you've": "Client has", "you'll": "Client will", "i": "Clinician", "me": "Clinician", "my": "Clinician's",
    "i'm": "Clinician is", "i've": "Clinician has", "i'll": "Clinician will", "we": "they", "us": "them",
    "our": "their", "we're": "they are", "we've": "they have", "we'll": "they will", "we'd": "they would",
}  # fmt: skip

_NEXT = re.compile(r"\b(?:before|until|till) (?:I see you(?: again)?|we meet(?: again)?|next time)\b", re.IGNORECASE)

_NOISE = re.compile(
    r"(?:^|(?<=[\s,]))(?:um+|uh+|er+m?|hmm+|you know|i mean|i guess|like,|sort of|kind of|just|really|actually|well,)"
    r"(?=[\s,.]|$),?",
    re.IGNORECASE,
)


def swap(said: str, role: str) -> str:
    """The words in third person; `role` is the speaker's, `client` or `clinician`."""
    persons = _CLIENT if role == "client" else _CLINICIAN
    text = _NOISE.sub("", said.replace("’", "'"))
    text = _NEXT.sub("before the next session", text)
    text = re.sub(r"[A-Za-z]+(?:'[a-z]+)?", lambda word: persons.get(word.group().lower(), word.group()), text)
    text = re.sub(r"\b(?:Client|Clinician) (?:are|were)\b", lambda pair: _agreed(pair.group()), text)
    text = re.sub(
        r"\b(before|until|when|where|if|what|how) Client (go|come|leave|see|get|want|need|have|do)\b", _third, text
    )
    text = re.sub(r"\s+([,.;:])", r"\1", re.sub(r"\s{2,}", " ", text))
    return text.strip(" ,.;:!?—-–")


def _agreed(pair: str) -> str:
    return pair.replace(" are", " is").replace(" were", " was")


def _third(pair: re.Match[str]) -> str:
    """The form of the verb that agrees with a name: "before Client goes"."""
    return f"{pair[1]} Client {_FORMS.get(pair[2], pair[2] + 's')}"


_FORMS: Mapping[str, str] = {"go": "goes", "do": "does", "have": "has"}
