"""Where a command writes its results: everything is prepared beside its target first, then put in place at once.

So a full disk, an interruption or a fault leaves what was there before, and never half a note. Takes bytes by target;
gives nothing back. Errors name the option, not the path: a file's name may be a client's.
"""

import contextlib
import os
import secrets
import signal
import stat
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from trellis.kernel import Invalid, Unavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A place to write to, and the option that named it; `path` is None for standard output."""

    option: str
    path: Path | None

    @classmethod
    def of(cls, option: str, value: str) -> "Target":
        """`-` means standard output; a link means what it points to, unless that has no name (a shell's `>(…)`)."""
        if value == "-":
            return cls(option=option, path=None)
        real = Path(os.path.realpath(value))
        return cls(option=option, path=Path(value) if Path(value).exists() and not real.exists() else real)

    @property
    def is_stream(self) -> bool:
        """Standard output, a device or a pipe: written to directly, since replacing it would break it."""
        return self.path is None or (self.path.exists() and not self.path.is_file() and not self.path.is_dir())


def check_targets(targets: list[Target], source: Path) -> None:
    """Refuse, before any work is done, targets that can't be written; raises `Invalid` or `Unavailable`."""
    for number, target in enumerate(targets):
        if any(target.path == other.path for other in targets[:number]):
            raise Invalid(
                "cli.outputs_collide",
                f"{target.option} goes to the same place as {targets[0].option}.",
                hint="Give each output its own file.",
            )
        if target.path is not None:
            _check_path(target, target.path, source)


def _check_path(target: Target, path: Path, source: Path) -> None:
    option = target.option
    if path == Path(os.path.realpath(source)) or (path.exists() and source.exists() and path.samefile(source)):
        raise Invalid(
            "cli.output_is_input", f"{option} names the input itself.", hint="Choose another file for the output."
        )
    if target.is_stream:
        return
    if path.is_dir():
        raise Invalid("cli.output_is_folder", f"{option} names a folder.", hint="Name a file in it.")
    if not path.parent.is_dir():
        raise Invalid(
            "cli.output_folder_missing", f"The folder of {option} doesn't exist.", hint="Create it, or choose another."
        )
    if not os.access(path.parent, os.W_OK | os.X_OK):
        raise Unavailable(
            "cli.output_unwritable",
            f"The folder of {option} can't be written to.",
            hint="Choose another, or change its permissions.",
        )


def put(contents: Mapping[Target, bytes]) -> None:
    """Write all of it or nothing; raises `Unavailable` where a target can't take it."""
    with contextlib.ExitStack() as stack:
        prepared = {
            target: stack.enter_context(_prepared(target, content))
            for target, content in contents.items()
            if not target.is_stream
        }
        for target, content in contents.items():
            if target.is_stream:
                _stream(target, content)
        _finish()
        _place(prepared)


@contextlib.contextmanager
def _prepared(target: Target, content: bytes) -> Iterator[Path]:
    """A file beside the target that holds the content, private to its owner; gone again unless it was put in place."""
    assert target.path is not None
    name = None
    try:
        with _told(target):
            handle, name = tempfile.mkstemp(dir=target.path.parent, prefix=".trellis-", suffix=".part")
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
                if target.path.exists():
                    os.fchmod(file.fileno(), stat.S_IMODE(target.path.stat().st_mode))
        yield Path(name)
    finally:
        if name is not None:
            Path(name).unlink(missing_ok=True)


def _place(prepared: Mapping[Target, Path]) -> None:
    """Rename each into place; when one fails, those before it are taken back."""
    kept = {path: _keep(path) for target in prepared if (path := target.path) is not None and path.exists()}
    done: list[Path] = []
    try:
        for target, fresh in prepared.items():
            assert target.path is not None
            with _told(target):
                fresh.replace(target.path)
            done.append(target.path)
    except BaseException:
        for path in done:
            if path not in kept:
                path.unlink(missing_ok=True)
            elif (old := kept[path]) is not None:
                old.replace(path)
        raise
    finally:
        for old in kept.values():
            if old is not None:
                old.unlink(missing_ok=True)


def _keep(path: Path) -> Path | None:
    """A second name for what is there now; None where the file system knows no second names."""
    second = path.with_name(f".trellis-{secrets.token_hex(6)}.kept")
    try:
        os.link(path, second)
    except OSError:
        return None
    return second


def _stream(target: Target, content: bytes) -> None:
    with _told(target):
        if target.path is None:
            sys.stdout.flush()
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        else:
            with target.path.open("wb") as file:
                file.write(content)


@contextlib.contextmanager
def _told(target: Target) -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Unavailable(
            "cli.output_failed",
            f"{target.option} can't be written: {error.strerror or 'the disk refused'}.",
            hint="Nothing was written. Free some space or choose another place.",
        ) from None


def _finish() -> None:
    """From here on Ctrl-C is too late: names change in an instant, and what is written is not called interrupted."""
    with contextlib.suppress(ValueError):  # not the main thread: no signal arrives here
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
