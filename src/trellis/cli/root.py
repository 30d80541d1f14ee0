"""The terminal's front door: the list of commands, what they ask of the rooms, and what becomes of errors.

Takes an argument list and the rooms (given by the composition root, which stands above this floor); gives the exit
code: 0 done, 2 the input or the options are wrong, 130 interrupted, 1 anything else, each failure with one line on
standard error that holds no word a person said.
"""

import contextlib
import importlib
import os
import signal
import sys
import time
import traceback
import types
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self

import click

from trellis.chart import DraftNote, Verdict
from trellis.kernel import Invalid, NotFound, Settings, TrellisError

if TYPE_CHECKING:
    from trellis.safety import Message

Length = Literal["brief", "standard", "detailed"]
Language = Literal["en", "es", "any"]
Tell = Callable[[str, float | None], None]
"""How work says how far it is: the step in plain words, and the share done (0..1) where it is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScribeOrder:
    """What `trellis scribe` was asked for; with an encounter of the record it works there."""

    input: Path
    client: str | None = None
    encounter: str | None = None
    format: str = "soap"
    writer: str = "extractive"
    length: Length = "standard"
    speakers: int | None = None
    clinician: str | None = None
    language: Language = "any"
    style: Path | None = None
    domains: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """The workspace, ready to be served at a host and a port, with the files of a certificate and its key.

    `said` are lines for whoever starts it.
    """

    serve: Callable[[str, int, str, str], None]
    said: Sequence[str] = ()


class Rooms(Protocol):
    """What the terminal asks of the house; `trellis.app` answers."""

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        ...

    def scribe(self, order: ScribeOrder, tell: Tell) -> DraftNote:
        """A recording or a transcript in, a draft note out."""
        ...

    def page(self, order: ScribeOrder, note: DraftNote) -> str:
        """The note as one self-contained HTML page, with its recording inside where there is one."""
        ...

    def plain(self, order: ScribeOrder, note: DraftNote) -> str:
        """The note as text by section, to paste into another record."""
        ...

    def title(self, order: ScribeOrder) -> str:
        """The name of the note format, for headings."""
        ...

    def formats(self) -> Sequence[str]:
        """The names of the note formats there are, the clinic's own included."""
        ...

    def screen(self, messages: Sequence["Message"]) -> Sequence[Verdict]:
        """The safety verdict on each message, in order."""
        ...

    def demo(self) -> ScribeOrder:
        """The order that turns the shipped recording into a note."""
        ...

    def workspace(self, *, is_demo: bool, tell: Tell) -> AbstractContextManager["Workspace"]:
        """The workspace in a browser, over this machine's clinic or a synthetic one."""
        ...

    def evaluate(self, suite: str, data: Path, tell: Tell) -> Mapping[str, Any]:
        """Measure quality on a suite; figures by name."""
        ...

    def figures_page(self, figures: Mapping[str, Any]) -> str:
        """What suites of quality measured, as one self-contained HTML page."""
        ...

    def reading_pages(self, tell: Tell) -> Mapping[str, str]:
        """The pages of the notes of all authored sessions by file name, for reading."""
        ...

    def bench(self, suite: str, tell: Tell) -> Mapping[str, Any]:
        """Measure speed and memory on a suite; figures by name."""
        ...


COMMANDS: Mapping[str, tuple[str, str]] = {
    "demo": ("trellis.cli.demo", "Transcribe the shipped recording and show its note."),
    "serve": ("trellis.cli.serve", "Serve the workspace to a browser."),
    "scribe": ("trellis.cli.scribe", "Turn a recording or a transcript into a draft note."),
    "safety": ("trellis.cli.safety", "Screen messages for danger."),
    "init": ("trellis.cli.clinic", "Make a new clinic on this machine."),
    "client": ("trellis.cli.chart", "Add, list and show clients."),
    "encounter": ("trellis.cli.chart", "Add and list encounters."),
    "private": ("trellis.cli.private", "Your own psychotherapy notes, apart from the record."),
    "consent": ("trellis.cli.consent", "What people agreed to, and who decides for whom."),
    "access": ("trellis.cli.access", "What a client may see of their own record, and what is withheld."),
    "disclose": ("trellis.cli.disclosures", "Give entries of a record to somebody outside."),
    "disclosures": ("trellis.cli.disclosures", "What left a client's record, and to whom."),
    "deidentify": ("trellis.cli.deidentify", "Copy a text without what tells who it is about."),
    "law": ("trellis.cli.law", "What may run where, and why; packs of law."),
    "vendor": ("trellis.cli.vendor", "Who outside gets what, and under which agreement."),
    "config": ("trellis.cli.config", "See, try and change how the clinic works."),
    "user": ("trellis.cli.user", "The people who work here: accounts, roles, invitations."),
    "audit": ("trellis.cli.audit", "Prove and read the audit chain."),
    "backup": ("trellis.cli.clinic", "Copy the clinic, and prove the copy."),
    "restore": ("trellis.cli.clinic", "Rebuild the clinic from a copy."),
    "export": ("trellis.cli.export", "Write all the clinic owns in open formats."),
    "import": ("trellis.cli.export", "Rebuild a clinic from an export."),
    "worker": ("trellis.cli.jobs", "Do what is due and what was asked for, until it is stopped."),
    "jobs": ("trellis.cli.jobs", "See what is done in the background, and do again what failed."),
    "retention": ("trellis.cli.clinic", "Delete what was kept long enough; legal holds."),
    "keys": ("trellis.cli.clinic", "Change the clinic's keys while it works."),
    "doctor": ("trellis.cli.doctor", "Say what is wrong with this machine's clinic, and what to do."),
    "eval": ("trellis.cli.evals", "Measure quality on a suite."),
    "bench": ("trellis.cli.evals", "Measure speed and memory on a suite."),
}
"""Each command, the module that holds a click command of that name, and one sentence for the list."""


class LazyGroup(click.Group):
    """Lists its commands without loading them, so that `--help` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002, click's signature
        """The commands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002, click's
        """Load one command; None where the table doesn't know it."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command = getattr(module, cmd_name if hasattr(module, cmd_name) else f"{cmd_name}_")
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list for `--help`, from the table alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, sentence) for name, (_, sentence) in COMMANDS.items()])


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="trellis-care", prog_name="trellis", message="%(prog)s %(version)s")
@click.pass_context
def root(ctx: click.Context) -> None:
    """Trellis: from a session to a note in which every sentence can be traced to the second it was said."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def run(rooms: Rooms, argv: Sequence[str] | None = None) -> int:
    """Run one command; gives its exit code and never raises."""
    with _signals() as caught:
        try:
            if not _debug():
                warnings.simplefilter("ignore")  # libraries talk to developers; standard error is for the reader
            arguments = list(sys.argv[1:] if argv is None else argv)
            with root.make_context("trellis", arguments, obj=rooms) as context:
                root.invoke(context)
            sys.stdout.flush()
        except click.exceptions.Exit as done:
            return done.exit_code
        except BaseException as error:  # noqa: BLE001, the last door: every failure becomes one line
            _drain()
            return _fail(KeyboardInterrupt() if caught else error)
    return 0


def _fail(error: BaseException) -> int:
    """Say in one line what went wrong; gives the exit code."""
    if _debug():
        traceback.print_exception(error, file=sys.stderr)
    code, line = _verdict(error)
    with contextlib.suppress(OSError, ValueError):
        print(f"trellis: {' '.join(line.split())}", file=sys.stderr, flush=True)
    return code


def _verdict(error: BaseException) -> tuple[int, str]:
    match error:
        case KeyboardInterrupt() | click.Abort():
            return 130, "interrupted; nothing was written."
        case SystemExit():
            return (error.code if isinstance(error.code, int) else 1), "stopped."
        case click.ClickException():
            return 2, f"{error.format_message()} See 'trellis --help'."
        case Invalid() | NotFound():
            return 2, str(error)
        case TrellisError():
            return 1, str(error)
        case BrokenPipeError():
            return 1, "the reader of the output went away."
        case MemoryError():
            return 1, "there was not enough memory. Close other programs, or try a shorter recording."
    place = _place(error)
    return (
        1,
        f"something went wrong inside Trellis ({type(error).__name__}{place}). Set TRELLIS_DEBUG=1 for a traceback.",
    )


def _place(error: BaseException) -> str:
    """Where in our own code an unexpected error came from; its text is left out, it could repeat what someone said."""
    frames = [
        frame for frame in traceback.extract_tb(error.__traceback__) if f"{os.sep}trellis{os.sep}" in frame.filename
    ]
    return f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""


def _debug() -> bool:
    return os.environ.get("TRELLIS_DEBUG", "") not in ("", "0")


def _drain() -> None:
    """Empty standard output; where it takes no more, let it go nowhere, so that closing it can't fail a second time."""
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextlib.contextmanager
def _signals() -> Iterator[list[int]]:
    """Make Ctrl-C and a request to end interrupt the work; gives the signals that came.

    Both are set even where a parent told us to ignore them: scripts interrupt us too. A library may swallow the
    exception on its way (an import that is interrupted does), hence the list.
    """
    caught: list[int] = []

    def interrupt(number: int, _: types.FrameType | None) -> None:
        caught.append(number)
        raise KeyboardInterrupt

    try:
        before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    except ValueError:  # not the main thread: whoever runs us there keeps the signals
        before = {}
    try:
        yield caught
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Progress:
    """Says on standard error how far the work is: one line that renews itself, or elsewhere a line now and then.

    Where that isn't a terminal nothing is said in the first seconds, so that a run that fails at once is one line.
    """

    QUIET_SECONDS = 10.0

    def __init__(self) -> None:
        self._last = time.monotonic()
        self._terminal = sys.stderr.isatty()
        self._shown = False

    def __call__(self, step: str, share: float | None = None) -> None:
        """Tell the step in plain words, and the share done (0..1) where it is known."""
        text = step if share is None else f"{step} {min(max(share, 0.0), 1.0):4.0%}"
        now = time.monotonic()
        with contextlib.suppress(OSError, ValueError):
            if self._terminal:
                print(f"\r\033[2K{text}", end="", file=sys.stderr, flush=True)
                self._shown = True
            elif now - self._last >= self.QUIET_SECONDS:
                print(text, file=sys.stderr, flush=True)
                self._last = now

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shown:
            with contextlib.suppress(OSError, ValueError):
                print("\r\033[2K", end="", file=sys.stderr, flush=True)
