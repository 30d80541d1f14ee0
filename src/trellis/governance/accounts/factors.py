"""The second factor: six figures of an authenticator app, each good once, and codes for the day the phone is gone.

Time-based codes follow RFC 6238 (SHA-1, six figures, thirty seconds), as every app reads them. A code counts a step
of thirty seconds before or after too; the last step that was used is kept, so that none is used twice.
"""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp

from trellis.governance.vault import Key

STEP = 30
CODES = 10
CODE_LETTERS = 16
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A second factor to be taken up: the secret, and the address that an app reads as a picture of squares.

    Its representation never shows them.
    """

    secret: str
    address: str

    def __repr__(self) -> str:
        """Without the secret."""
        return "Offer()"


def make_offer(name: str, issuer: str) -> Offer:
    """A fresh secret of 160 bits."""
    secret = pyotp.random_base32()
    return Offer(secret=secret, address=pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=issuer))


def step_of(secret: str, code: str, at: datetime, after: int) -> int | None:
    """The step of time that a code is of, later than `after`; None where it is of none."""
    figures = re.sub(r"\s", "", code)
    now = int(at.timestamp()) // STEP
    made = pyotp.TOTP(secret)
    found = None
    for step in (now - 1, now, now + 1):
        if hmac.compare_digest(made.generate_otp(step).encode(), figures.encode()) and step > after:
            found = step
    return found


def make_codes() -> list[str]:
    """Codes that each stand in for the second factor once, in groups of four letters: 80 random bits each."""
    return [
        "-".join("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(CODE_LETTERS // 4))
        for _ in range(CODES)
    ]


def digest_of_code(key: Key, code: str) -> bytes:
    """What is kept of a code: bound to a key that isn't in the same database, however it was typed."""
    typed = re.sub(r"[\s-]", "", code.lower()).translate(str.maketrans("oil", "011"))
    return hmac.new(key.material, b"recovery " + typed.encode(), hashlib.sha256).digest()


def looks_like_code(text: str) -> bool:
    """Whether somebody typed one of the codes for a lost phone, rather than six figures."""
    return len(re.sub(r"[\s-]", "", text)) == CODE_LETTERS
