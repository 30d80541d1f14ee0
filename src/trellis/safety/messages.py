"""What is screened: one person's words, and what was said before them.

Takes nothing; gives the noun every other file here reads.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message, who said it, and the messages before it (oldest first; their own context is not read).

    `speaker` is a role (`client`, `clinician`, `other`, `unknown`; `client:2` is read as `client`). `language` is an
    ISO 639-1 code used only where the words themselves don't tell.
    """

    text: str
    speaker: str = "client"
    context: "tuple[Message, ...]" = ()
    language: str | None = None

    @property
    def role(self) -> str:
        """The speaker's role without its number; who is not known counts as the client."""
        role = self.speaker.split(":")[0].strip().lower()
        return role if role in ("clinician", "other") else "client"
