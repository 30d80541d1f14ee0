"""What a password must be, and how it is kept: long, on no list, and hashed with Argon2id.

SP 800-63B-4, 3.1.1: 15 characters where it stands alone and 8 beside a second factor, compared with a list of what
others choose; no rules of composition, no expiry, no hints. Length is counted in characters, after normalising.
"""

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from pwdlib.hashers.argon2 import Argon2Hasher

from trellis.kernel import Invalid

ALONE = 15
BESIDE_ANOTHER = 8
LONGEST = 256
FEWEST = 5
"""How many different characters a password has at least: fewer are a pattern."""

_LOOKALIKES = str.maketrans("01345789@$!+", "oleastbgasit")
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_RUN = 4
"""From how many characters on a row of the alphabet, the figures or the keyboard counts as one."""
_SIGNS = re.compile(r"[\W\d_]+")
_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
"""What people put between and behind words to please a rule: figures and signs."""
_hasher = Argon2Hasher()


def check_password(password: str, *, has_second: bool, about: Sequence[str] = ()) -> str:
    """The password as it is hashed; `Invalid` says which rule it breaks, never what it was.

    `about` are words that anybody would try for this person: their name, the clinic's.
    """
    plain = unicodedata.normalize("NFKC", password)
    least = BESIDE_ANOTHER if has_second else ALONE
    if not least <= len(plain) <= LONGEST:
        raise Invalid(
            "governance.password_length",
            f"A password has {least} to {LONGEST} characters.",
            hint="Several words that don't belong together are long and easy to keep in mind.",
        )
    if is_common(plain, about):
        raise Invalid(
            "governance.password_common",
            "That password is one of those that are tried first.",
            hint="Take words that say nothing about you, the clinic or the keyboard.",
        )
    return plain


def is_common(plain: str, about: Sequence[str] = ()) -> bool:
    """Whether it is made of nothing but words of the list, rows of the keyboard and figures."""
    lowered = _bare(plain)
    if len(set(lowered)) < FEWEST:
        return True
    own = {part for word in about for part in re.split(r"[\W\d_]+", _bare(word)) if len(part) > 2}
    words = _words() | own
    core = _ENDS.sub("", lowered)
    forms = {lowered, _SIGNS.sub("", lowered), _SIGNS.sub("", core.translate(_LOOKALIKES))} - {""}
    return any(_is_made_of(text, words) for text in forms)


def hash_password(plain: str) -> str:
    """Argon2id with the library's parameters (64 MiB, three passes): about 90 ms."""
    return _hasher.hash(plain)


def is_password(plain: str, hashed: str) -> bool:
    """Whether it is the one that was hashed; takes as long where it isn't."""
    return _hasher.verify(unicodedata.normalize("NFKC", plain[: 4 * LONGEST]), hashed)


@cache
def nobodys_hash() -> str:
    """The hash of a password that nobody has: what a try at an account that isn't there is held against."""
    return _hasher.hash("nobody's", salt=b"trellis-no-one-0")


@cache
def _words() -> frozenset[str]:
    text = (files("trellis.governance") / "data" / "passwords.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)["words"])


def _bare(text: str) -> str:
    """In small letters, without accents and blanks."""
    return "".join(
        char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char)
    ).replace(" ", "")


def _is_made_of(text: str, words: frozenset[str]) -> bool:
    """Whether words of the list and rows of the keyboard, one after another, are all of the text."""
    reached = {0}
    for end in range(1, len(text) + 1):
        if any(
            start in reached and (text[start:end] in words or _is_run(text[start:end]))
            for start in range(max(0, end - 26), end)
        ):
            reached.add(end)
    return len(text) in reached


def _is_run(part: str) -> bool:
    return len(part) >= _RUN and any(part in row or part in row[::-1] for row in _RUNS)
