"""What is read to somebody before they agree: dated texts of our own, kept as data; none is ever changed."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from trellis.chart import Use
from trellis.kernel import Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One text for one use. `tells` names what it says, as laws ask for it (`ai`, `purpose`, `revocable`, …)."""

    purpose: Use
    dated: date
    title: str
    tells: tuple[str, ...]
    text: str

    @property
    def version(self) -> str:
        """What a consent names it by."""
        return f"{self.purpose} {self.dated}"


@cache
def wordings() -> tuple[Wording, ...]:
    """Every wording there is, oldest first."""
    data = tomllib.loads((files("trellis.record") / "data" / "consents.toml").read_text(encoding="utf-8"))
    made = [Wording(**{**one, "tells": tuple(one["tells"])}) for one in data["wordings"]]
    return tuple(sorted(made, key=lambda one: one.dated))


def wording_of(purpose: str, version: str = "") -> Wording:
    """The wording of a use, by its version or the newest; `Invalid` where there is no such use or version."""
    found = [one for one in wordings() if one.purpose == purpose and version in ("", one.version)]
    if not found:
        known = ", ".join(dict.fromkeys(one.purpose for one in wordings()))
        raise Invalid("record.wording_absent", "There is no such wording to agree to.", hint=f"Uses: {known}.")
    return found[-1]
