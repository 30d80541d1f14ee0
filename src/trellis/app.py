"""How the house is put together: the one file that knows which room hands what to which.

Takes orders from the surfaces (today the terminal), gives notes, pages and figures. Nothing is loaded before it is
needed, so that `trellis --help` answers at once; nothing happens at import.
"""

import importlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trellis.chart import DraftNote
from trellis.cli import ScribeOrder, Tell, run
from trellis.kernel import Invalid, Settings, may_call, read_host

if TYPE_CHECKING:
    from trellis.chart import Verdict
    from trellis.inference import Reader
    from trellis.safety import Message
    from trellis.scribe import NoteFormat, Scribe


EVALS: Mapping[str, str] = {
    "roles": "trellis.lab.suites.roles",
    "safety": "trellis.lab.suites.safety",
    "scribe": "trellis.lab.suites.scribe",
    "speech": "trellis.lab.suites.speech",
    "support": "trellis.lab.suites.support",
}
"""Suites of quality and the lab modules that hold them; each has `evaluate(data, tell)`."""

BENCHES: Mapping[str, str] = {
    "cli": "trellis.lab.benches.cli",
    "live": "trellis.lab.benches.live",
    "scribe-text": "trellis.lab.benches.scribe_text",
    "scribe-audio": "trellis.lab.benches.scribe_audio",
}
"""Suites of speed and memory and the lab modules that hold them; each has `measure(tell)`."""


class House:
    """The rooms of one clinic on one machine, put together from its settings."""

    @cached_property
    def settings(self) -> Settings:
        """The settings in force, read when first asked for."""
        return Settings.load()

    def scribe(self, order: ScribeOrder, tell: Tell) -> DraftNote:
        """A recording or a transcript in, a draft note out; raises errors of the kernel's tree."""
        from trellis.scribe import Wish

        self._check_writer(order.writer)
        wish = Wish(
            format=self._format(order.format),
            length=order.length,
            speakers=order.speakers,
            clinician=order.clinician,
            language=order.language,
            client_name=self.settings.text("scribe.client_name"),
            audio_measures=self.settings.flag("scribe.audio_measures"),
        )
        return self._scribe.note(order.input, wish, tell)

    def page(self, order: ScribeOrder, note: DraftNote) -> str:
        """The note as one self-contained HTML page, with its recording inside where there is one."""
        from trellis.scribe import load_sound, page

        return page(note, title=self.title(order), sound=load_sound(order.input))

    def plain(self, order: ScribeOrder, note: DraftNote) -> str:
        """The note as text by section."""
        from trellis.scribe import plain

        return plain(note, title=self.title(order))

    def title(self, order: ScribeOrder) -> str:
        """The name of the note format, for headings."""
        return self._format(order.format).title

    def screen(self, messages: "Sequence[Message]") -> "list[Verdict]":
        """The safety verdict on each message: rules, then a second look by the reader."""
        from trellis.safety import screen_all

        return screen_all(messages, reader=self._reader)

    def demo(self) -> ScribeOrder:
        """The shipped recording as a SOAP note."""
        return ScribeOrder(input=Path(__file__).parent / "lab" / "demo" / "session.opus", speakers=2)

    def evaluate(self, suite: str, data: Path, tell: Tell) -> Mapping[str, Any]:
        """Measure quality on a suite, or on all of them."""
        return {name: _suite(name, EVALS).evaluate(data, tell) for name in _chosen(suite, EVALS)}

    def bench(self, suite: str, tell: Tell) -> Mapping[str, Any]:
        """Measure speed and memory on a suite, or on all of them."""
        return {name: _suite(name, BENCHES).measure(tell) for name in _chosen(suite, BENCHES)}

    @cached_property
    def _reader(self) -> "Reader":
        from trellis.inference import LocalReader

        return LocalReader(threads=int(self.settings.number("inference.threads")))

    @cached_property
    def _scribe(self) -> "Scribe":
        from trellis.inference import LocalParser, LocalSpeakers, open_speech
        from trellis.scribe import ExtractiveWriter, Scribe

        return Scribe(
            speech=open_speech(self.settings),
            speakers=LocalSpeakers(threads=int(self.settings.number("inference.threads"))),
            parser=LocalParser(),
            writer=ExtractiveWriter(),
        )

    def _format(self, name: str) -> "NoteFormat":
        from trellis.scribe import load_format

        folder = self.settings.text("scribe.formats")
        return load_format(name, Path(folder) if folder else None)

    def _check_writer(self, writer: str) -> None:
        """Refuse a writer that isn't there, or that would send a session beyond this machine unasked."""
        if writer == "extractive":
            return
        if writer != "local":
            self._check_host(writer)
        raise Invalid(
            "scribe.writer_missing",
            "This version has one writer, 'extractive'; language models come with a later one.",
            hint="Leave --writer out.",
        )

    def _check_host(self, url: str) -> None:
        host = read_host(url)
        if not host:
            raise Invalid(
                "scribe.writer_unknown",
                "There is no such writer.",
                hint="Use --writer extractive, local, or the URL of a server.",
            )
        if not may_call(host, self.settings.text("engines.allowed_hosts")):
            raise Invalid(
                "scribe.writer_not_allowed",
                "--writer names a host beyond this machine that the settings don't allow.",
                hint="Add it to engines.allowed_hosts once an agreement with its owner is in place.",
            )


def _chosen(suite: str, suites: Mapping[str, str]) -> list[str]:
    if suite == "all":
        return list(suites)
    if suite not in suites:
        known = ", ".join([*suites, "all"])
        raise Invalid("lab.suite_unknown", f"There is no suite '{suite}'.", hint=f"Known: {known}.")
    return [suite]


def _suite(name: str, suites: Mapping[str, str]) -> Any:
    return importlib.import_module(suites[name])


def main(argv: Sequence[str] | None = None) -> int:
    """The command `trellis`; gives its exit code."""
    return run(House(), argv)
