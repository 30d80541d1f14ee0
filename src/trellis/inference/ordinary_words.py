"""The ordinary words of English: what a recogniser writes when it hears a name it doesn't know.

Why: "clozapine" comes out as "claws pine", "Zyprexa" as "zyprixa". Whether a word is ordinary says how much else must
speak for a correction. The list is the whole words in the alphabet of the reader of sentences, which ships anyway.

Gives: a set of lower-case words, empty where the file is not there or not the right one (then every word counts as
unusual to nobody: callers ask for more evidence). Read once, when first needed.
"""

import json
from functools import cache

from trellis.inference.weights import find_weights
from trellis.kernel import Unavailable


@cache
def ordinary_words() -> frozenset[str]:
    """Some 22,000 English words, names among them."""
    try:
        alphabet = json.loads(find_weights("reader").with_name("minilm-tokenizer.json").read_text("utf-8"))["model"][
            "vocab"
        ]
    except Unavailable:
        return frozenset()
    return frozenset(word for word in alphabet if len(word) > 1 and word.isascii() and word.isalpha())
