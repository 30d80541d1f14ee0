"""How the house is put together: the one file that knows which room hands what to which.

Takes orders from the surfaces (today the terminal), gives notes, pages and figures. Nothing is loaded before it is
needed, so that `trellis --help` answers at once; nothing happens at import.
"""

import importlib
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trellis.chart import DraftNote, Verdict
from trellis.cli import ScribeOrder, Tell, Workspace, run
from trellis.kernel import Invalid, Settings, read_host

if TYPE_CHECKING:
    from trellis.chart import Entry, StoredDraft
    from trellis.inference import LiveSpeech, Reader, SpeechEngine
    from trellis.record import Record
    from trellis.safety import Message
    from trellis.scribe import NoteFormat, NoteWriter, Scribe, Style, Wish
    from trellis.web import Desk, DraftOrder

OPERATOR = "operator:local"
"""Who works on the record from a terminal."""

EVALS: Mapping[str, str] = {
    "ablations": "trellis.lab.suites.ablations",
    "deidentification": "trellis.lab.suites.deidentification",
    "roles": "trellis.lab.suites.roles",
    "safety": "trellis.lab.suites.safety",
    "scribe": "trellis.lab.suites.scribe",
    "speech": "trellis.lab.suites.speech",
    "support": "trellis.lab.suites.support",
}
"""Suites of quality and the lab modules that hold them; each has `evaluate(data, tell)`."""

BENCHES: Mapping[str, str] = {
    "access": "trellis.lab.benches.access",
    "cli": "trellis.lab.benches.cli",
    "jobs": "trellis.lab.benches.jobs",
    "live": "trellis.lab.benches.live",
    "record": "trellis.lab.benches.record",
    "record-large": "trellis.lab.benches.record_large",
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
        scribe, wish = self._scribe.written_by(self._writer(order.writer)), self._wish(order)
        if order.client or order.encounter:
            from trellis.record import open_clinic

            with open_clinic(self.settings) as record:
                return self._on_record(record, order, scribe, wish, tell, actor=OPERATOR)[0]
        return scribe.note(order.input, wish, tell)

    def _on_record(
        self, record: "Record", order: ScribeOrder, scribe: "Scribe", wish: "Wish", tell: Tell, *, actor: str
    ) -> "tuple[DraftNote, Entry[StoredDraft]]":
        """The draft of an encounter of the record, kept there with its transcript and sound.

        It rests on the chart too. What everybody there agreed to is asked before anything is heard, before it is
        drafted and as it is kept. Of an encounter with several clients it is drafted from one client's share alone.
        """
        from trellis.record import (
            find_sitting,
            is_recording,
            keep_sitting,
            load_rules,
            may_keep_sound,
            on_chain,
            own_people,
            refuse_unagreed_vendor,
            refuse_unlisted,
            refuse_unscribed,
            share_of,
            share_of_verdict,
            stated,
            voice_in,
        )
        from trellis.safety import screen_transcript

        hears = is_recording(order.input)
        with on_chain(record, actor, "scribe.draft", order.encounter or record.tenant, order.client or ""):
            with record.work(actor) as work:
                sitting = find_sitting(work, order.client, order.encounter)
                refuse_unscribed(work, sitting.encounter, hears=hears)
                if hears:
                    refuse_unagreed_vendor(work, self.settings.text("speech.engine"), "sound")
                refuse_unagreed_vendor(work, order.writer, "words")
            started = time.monotonic()
            transcript, speaking = scribe.hear(order.input, wish, tell)
            heard = time.monotonic()
            found = Verdict()
            with record.work(actor) as work:
                refuse_unlisted(work, sitting.encounter, transcript)
                refuse_unscribed(work, sitting.encounter, hears=hears)
                refuse_unagreed_vendor(work, order.writer, "words")
            if sitting.is_shared:
                with record.work(actor) as work:
                    voice = voice_in(work, sitting, speaking)
                found = share_of_verdict(screen_transcript(transcript), transcript, voice)
                transcript = share_of(transcript, voice, sitting.others)
                speaking = own_people(speaking, voice)
            tell("drafting", None)
            note = scribe.draft(transcript, speaking, replace(wish, known=sitting.known), tell, found=found)
            note = replace(note, seconds={"transcribe": heard - started, "draft": time.monotonic() - heard})
            with record.work(actor) as work:
                note = stated(work, note, sitting.client, sitting.encounter)
            file = self.settings.text("record.retention")
            rules = load_rules(Path(file) if file else None)
            return note, keep_sitting(record, actor, note, sitting, order.input if may_keep_sound(rules) else None)

    def _wish(self, order: ScribeOrder) -> "Wish":
        """What a note should be like, by the order and the settings."""
        from trellis.scribe import Wish

        return Wish(
            format=self._format(order.format),
            length=order.length,
            speakers=order.speakers,
            clinician=order.clinician,
            language=order.language,
            style=self._style(order.style),
            audio_measures=self.settings.flag("scribe.audio_measures"),
        )

    def page(self, order: ScribeOrder, note: DraftNote) -> str:
        """The note as one self-contained HTML page, with its recording inside where there is one."""
        from trellis.scribe import load_sound, page

        sound = None if note.transcript.withheld else load_sound(order.input)  # nobody else's voice goes with a share
        return page(note, title=self.title(order), sound=sound)

    def plain(self, order: ScribeOrder, note: DraftNote) -> str:
        """The note as text by section."""
        from trellis.scribe import plain

        return plain(note, title=self.title(order), domains=order.domains)

    def title(self, order: ScribeOrder) -> str:
        """The name of the note format, for headings."""
        return self._format(order.format).title

    def formats(self) -> Sequence[str]:
        """The names of the note formats there are, the clinic's own included."""
        from trellis.scribe import list_formats

        folder = self.settings.text("scribe.formats")
        return [one.key for one in list_formats(Path(folder) if folder else None)]

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

    def figures_page(self, figures: Mapping[str, Any]) -> str:
        """What suites of quality measured, as one self-contained HTML page."""
        from importlib.metadata import version

        from trellis.lab.reports import Chapter, page

        chapters = [
            Chapter(name=name, about=_suite(name, EVALS).__doc__ or "", figures=part) for name, part in figures.items()
        ]
        return page(chapters, version=version("trellis-care"), measured=datetime.now(UTC).date())

    def reading_pages(self, tell: Tell) -> Mapping[str, str]:
        """The pages of the notes of all authored sessions by file name, for reading."""
        from trellis.lab.reading_pages import reading_pages

        return reading_pages(tell)

    @contextmanager
    def workspace(self, *, is_demo: bool, tell: Tell) -> Iterator[Workspace]:
        """The workspace in a browser over this machine's clinic, or over a synthetic one that is gone afterwards."""
        from trellis.web import make_app, serve

        with self._desk(is_demo=is_demo, tell=tell) as (desk, said):
            app = make_app(desk)
            yield Workspace(
                said=said,
                serve=lambda host, port, certificate, key: serve(
                    app, host=host, port=port, certificate=certificate, key=key
                ),
            )

    @contextmanager
    def _desk(self, *, is_demo: bool, tell: Tell) -> "Iterator[tuple[Desk, Sequence[str]]]":
        """What the workspace works with, and what to say to who starts it."""
        from trellis.governance import Accounts, limits_of
        from trellis.record import make_clinic, open_clinic, place_of, read_organisation
        from trellis.web import Desk

        with tempfile.TemporaryDirectory(prefix="trellis-demo-") as folder:
            settings = self.settings
            said: Sequence[str] = ()
            if is_demo:
                from trellis.lab.clinic import NAME, fill_clinic, sign_ins

                settings = Settings({"store.folder": folder, "accounts.second_factor": False})
                make_clinic(settings, NAME)
            place = place_of(settings)
            with open_clinic(settings) as record:
                accounts = Accounts(
                    tenant=record.tenant, database=record.database, vault=record.vault, limits=limits_of(settings)
                )
                if is_demo:
                    fill_clinic(record, accounts, self._scribe, tell)
                    said = sign_ins()
                desk = Desk(
                    record=record,
                    accounts=accounts,
                    clinic=read_organisation(place).name,
                    draft=lambda order, tell: self._draft_at_desk(record, order, tell),
                    listen=self._listen,
                    formats=tuple(self.formats()),
                    printed=_printed,
                    workroom=place.folder / "workroom",
                )
                yield desk, said

    def _draft_at_desk(self, record: "Record", order: "DraftOrder", tell: Tell) -> "Entry[StoredDraft]":
        """The draft somebody at the workspace asked for, kept in the record as theirs."""
        asked = ScribeOrder(input=order.input, client=order.client, encounter=order.encounter, format=order.format)
        wish = self._wish(asked)
        scribe = self._scribe.written_by(self._writer(asked.writer))
        return self._on_record(record, asked, scribe, wish, tell, actor=order.actor)[1]

    def _listen(self) -> "LiveSpeech":
        """An ear for one session while it is spoken."""
        from trellis.inference import LiveSpeech, open_captions

        return LiveSpeech(open_captions(self._speech))

    @cached_property
    def _reader(self) -> "Reader":
        from trellis.inference import LocalReader

        return LocalReader(threads=int(self.settings.number("inference.threads")))

    @cached_property
    def _speech(self) -> "SpeechEngine":
        from trellis.inference import open_speech

        return open_speech(self.settings)

    @cached_property
    def _scribe(self) -> "Scribe":
        from trellis.inference import LocalParser, LocalSpeakers
        from trellis.scribe import ExtractiveWriter, Scribe

        return Scribe(
            speech=self._speech,
            speakers=LocalSpeakers(threads=int(self.settings.number("inference.threads"))),
            parser=LocalParser(),
            writer=ExtractiveWriter(),
        )

    def _style(self, file: Path | None) -> "Style":
        """How notes sound: by the file that was asked for, by the clinic's, or as shipped."""
        from trellis.scribe import default_style, load_style

        named = self.settings.text("scribe.style")
        file = file or (Path(named) if named else None)
        style = load_style(file) if file is not None else default_style()
        called = self.settings.text("scribe.client_name")
        return replace(style, client=called) if called != "Client" else style

    def _format(self, name: str) -> "NoteFormat":
        from trellis.scribe import load_format

        folder = self.settings.text("scribe.formats")
        return load_format(name, Path(folder) if folder else None)

    def _writer(self, name: str) -> "NoteWriter":
        """Who words the note; a model is opened once, so that the next note needn't wait for it."""
        from trellis.inference import open_generator
        from trellis.scribe import ExtractiveWriter, GenerativeWriter

        if name == "extractive":
            return ExtractiveWriter()
        if name != "local" and not read_host(name):
            raise Invalid(
                "scribe.writer_unknown",
                "There is no such writer.",
                hint="Use --writer extractive, local, or the URL of a server.",
            )
        if name not in self._writers:
            kind = "local" if name == "local" else "remote"
            self._writers[name] = GenerativeWriter(open_generator(name, self.settings), name=kind)
        return self._writers[name]

    @cached_property
    def _writers(self) -> "dict[str, NoteWriter]":
        return {}


def _printed(html: str) -> bytes:
    """A page of ours as a tagged PDF (PDF/UA-1); nothing it names is fetched."""
    from weasyprint import HTML

    def fetch(_address: str, *_: Any, **__: Any) -> Any:
        raise ValueError("nothing is fetched")

    content: bytes = HTML(string=html, url_fetcher=fetch).write_pdf(pdf_variant="pdf/ua-1")
    return content


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
