"""What an operator can set, as data: one list, a sentence each.

A setting is read from the environment (`TRELLIS_SPEECH_MODEL` for `speech.model`) or from the TOML file that
`TRELLIS_CONFIG` names (`[speech]` / `model = "…"`); the environment wins. An empty configuration is a working clinic.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from trellis.kernel.errors import Invalid

type_names = {str: "text", int: "whole number", float: "number", bool: "true or false"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One thing an operator may change: its name (`room.thing`), its default and what it is for."""

    name: str
    default: str | int | float | bool
    sentence: str

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return "TRELLIS_" + self.name.replace(".", "_").upper()


SETTINGS: tuple[Setting, ...] = (
    Setting(
        name="accounts.idle_minutes",
        default=15.0,
        sentence="How long a login lasts without being used.",
    ),
    Setting(
        name="accounts.invitation_hours",
        default=24.0,
        sentence="How long an invitation to choose a password is good.",
    ),
    Setting(
        name="accounts.login_hours",
        default=12.0,
        sentence="How long a login lasts at most, however much it is used.",
    ),
    Setting(
        name="accounts.second_factor",
        default=True,
        sentence="Whether everybody must set up a second factor before they can open anything.",
    ),
    Setting(
        name="engines.allowed_hosts",
        default="",
        sentence="Hosts beyond this machine that remote engines may be called on, comma-separated; empty allows none.",
    ),
    Setting(
        name="engines.timeout_seconds",
        default=60.0,
        sentence="How long a remote engine may take to answer before it counts as unavailable.",
    ),
    Setting(
        name="inference.cache",
        default="",
        sentence="Folder where weights that come in parts are joined once; empty means the user's cache folder.",
    ),
    Setting(
        name="inference.threads",
        default=0,
        sentence="Processor threads that engines may use; 0 means all the machine has.",
    ),
    Setting(
        name="record.retention",
        default="",
        sentence="A clinic's own retention rules (TOML), in place of those shipped.",
    ),
    Setting(
        name="scribe.audio_measures",
        default=False,
        sentence="State speech rate and silence as figures in the note, with audio evidence.",
    ),
    Setting(
        name="scribe.client_name",
        default="Client",
        sentence="What a note calls the client.",
    ),
    Setting(
        name="scribe.formats",
        default="",
        sentence="Folder with a clinic's own note formats (TOML files), found by name beside the shipped ones.",
    ),
    Setting(
        name="scribe.style",
        default="",
        sentence="A clinic's own style of notes (a TOML file): what people are called, quotes, length, terms.",
    ),
    Setting(
        name="speech.engine",
        default="local",
        sentence="Which engine hears: local (Whisper on this machine), null (hears nothing), "
        "or the URL of an OpenAI-compatible transcription server.",
    ),
    Setting(
        name="speech.model",
        default="base",
        sentence="The local speech model, or the folder of a faster-whisper model of one's own.",
    ),
    Setting(
        name="store.backups",
        default="",
        sentence="Folder into which the worker copies the clinic every day, and proves the copy; empty makes none.",
    ),
    Setting(
        name="store.blobs",
        default="",
        sentence="Where audio and documents are kept, sealed: empty means the clinic's folder, else the URL of an "
        "object store (s3://, gs://, az://).",
    ),
    Setting(
        name="store.folder",
        default="",
        sentence="The clinic's folder; empty means the user's data folder.",
    ),
    Setting(
        name="store.keys_owner_url",
        default="",
        sentence="PostgreSQL URL of the owner of the key database's tables, for migrations alone.",
    ),
    Setting(
        name="store.keys_url",
        default="",
        sentence="PostgreSQL URL of the database that holds the keys, apart from the record; empty means an encrypted "
        "SQLite file in the clinic's folder.",
    ),
    Setting(
        name="store.owner_url",
        default="",
        sentence="PostgreSQL URL of the owner of the record's tables, for migrations alone.",
    ),
    Setting(
        name="store.role",
        default="trellis_app",
        sentence="The PostgreSQL role that may use the tables, under row-level security; it owns none of them.",
    ),
    Setting(
        name="store.url",
        default="",
        sentence="PostgreSQL URL of the record, as a role that owns no table; empty means an encrypted SQLite file in "
        "the clinic's folder.",
    ),
    Setting(
        name="writer.key",
        default="",
        sentence="What the server that --writer names takes as a bearer key; empty sends none.",
    ),
    Setting(
        name="writer.model",
        default="",
        sentence="The model to ask for on the server that --writer names; empty leaves it to the server.",
    ),
)


class Settings:
    """The settings in force: defaults, then the file, then the environment."""

    def __init__(self, values: Mapping[str, str | int | float | bool] | None = None) -> None:
        known = {setting.name: setting.default for setting in SETTINGS}
        for name, value in (values or {}).items():
            if name not in known:
                raise Invalid(
                    "kernel.setting_unknown",
                    f"There is no setting '{name}'.",
                    hint="See docs/reference/settings.md.",
                )
            known[name] = _coerce(name, value, known[name])
        self._values = known

    def text(self, name: str) -> str:
        """The value of a text setting."""
        return str(self._values[name])

    def number(self, name: str) -> float:
        """The value of a numeric setting."""
        return float(self._values[name])

    def flag(self, name: str) -> bool:
        """The value of a yes-or-no setting."""
        return bool(self._values[name])

    @classmethod
    def load(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Read the file that `TRELLIS_CONFIG` names, then the environment; raises `Invalid` on unknown names."""
        variables = os.environ if environment is None else environment
        values: dict[str, str | int | float | bool] = {}
        if path := variables.get("TRELLIS_CONFIG"):
            values |= _read_file(Path(path))
        values |= {s.name: variables[s.variable] for s in SETTINGS if s.variable in variables}
        return cls(values)


def _read_file(path: Path) -> dict[str, str | int | float | bool]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Invalid(
            "kernel.settings_unreadable",
            "The file that TRELLIS_CONFIG names can't be read as TOML.",
            hint="Check the path and the syntax.",
        ) from error
    return {
        f"{room}.{thing}": value
        for room, things in tables.items()
        if isinstance(things, dict)
        for thing, value in things.items()
    }


def _coerce(name: str, value: object, default: str | float | bool) -> str | int | float | bool:
    if isinstance(value, type(default)) and not (isinstance(value, bool) and not isinstance(default, bool)):
        return value
    text = str(value).strip()
    try:
        if isinstance(default, bool):
            return {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}[text.lower()]
        return type(default)(text)
    except (KeyError, ValueError):
        wanted = type_names[type(default)]
        raise Invalid(
            "kernel.setting_invalid", f"Setting '{name}' takes a {wanted}.", hint="See docs/reference/settings.md."
        ) from None
