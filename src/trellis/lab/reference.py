"""Write the reference pages of the documentation from the code, or say which of them are out of date.

Why: a page that repeats the code by hand is wrong a week later. Takes the tables the product itself reads (commands,
settings, error calls, formats, checks); gives the pages of `docs/reference/`. With `--check` nothing is written: pages
that differ are named and the exit code is 1.
"""

import argparse
import ast
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from trellis.cli.root import COMMANDS, LazyGroup, root
from trellis.governance import ATTRIBUTES, Facts, Role, actions, cards, judge, roles, sentences
from trellis.inference.weights import MANIFEST
from trellis.kernel import SETTINGS
from trellis.kernel.settings import type_names
from trellis.scribe.checks import rules
from trellis.scribe.formats import NoteFormat, list_formats

SOURCE = Path(__file__).parents[1]
FOLDER = SOURCE.parents[1] / "docs" / "reference"
KINDS = ("NotFound", "NotPermitted", "Invalid", "Conflict", "Unavailable")
KEPT = "<!-- Written by `make docs`; changes belong in the code. -->\n"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class RaisedError:
    """One place in the code that raises an error of the tree."""

    code: str
    kind: str
    message: str
    hint: str


def main() -> int:
    """Write or check the pages; gives the exit code."""
    parser = argparse.ArgumentParser(prog="trellis.lab.reference", description="Write the reference pages.")
    parser.add_argument("--check", action="store_true", help="say which pages are out of date instead of writing them")
    check = parser.parse_args().check
    wanted = pages()
    if check:
        stale = [name for name, text in wanted.items() if not _same(FOLDER / name, text)]
        for name in stale:
            print(f"docs/reference/{name} is out of date: run `make docs`.", file=sys.stderr)
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    return 0


def pages() -> dict[str, str]:
    """Every reference page by its file name."""
    return {
        "access.md": _access(),
        "checks.md": _checks(),
        "commands.md": _commands(),
        "errors.md": _errors(),
        "formats.md": _formats(),
        "models.md": _models(),
        "settings.md": _settings(),
    }


def _access() -> str:
    """Which role does what, as the policies themselves answer; what rules forbid; every role and action."""
    given = list(roles().values())
    lines = [
        KEPT,
        "# Who may do what",
        "",
        "Each cell is what the policies answer today. `yes`: everywhere the role holds. `team`: to clients on whose",
        "care team they are, or whom they supervise. `open`: also in an emergency, with a reason that somebody",
        "reviews. `own`: to themselves, or whom they stand for. `bill`: to bill. Empty: never. A role may hold at one",
        "site or in one program alone. [What a reviewer looks at](../rooms/governance.md#a-reviewers-checklist).",
        "",
        "| action | " + " | ".join(role.name for role in given) + " |",
        "|---|" + "---|" * len(given),
    ]
    lines += [f"| `{action}` | " + " | ".join(_reach(role, action) for role in given) + " |" for action in actions()]
    lines += ["", "## Roles", "", "| role | |", "|---|---|"]
    lines += [f"| {role.name} | {role.sentence} |" for role in given]
    lines += ["", "## Actions", "", "| action | |", "|---|---|"]
    lines += [f"| `{action.name}` | {action.sentence} |" for action in actions().values()]
    lines += ["", "## Rules", "", "What a refusal names, to who may know it.", "", "| rule | says |", "|---|---|"]
    lines += [f"| `{rule}` | {said} |" for rule, said in sentences().items() if not rule.startswith("role.")]
    return "\n".join(lines) + "\n"


def _reach(role: Role, action: str) -> str:
    """How far an action reaches for a role, by asking for a decision in each situation."""

    def may(*relations: str, purpose: str = "treatment") -> bool:
        kind = role.only or "staff"
        held = frozenset({role.name})
        facts = Facts(kind=kind, action=action, roles=held, relations=frozenset(relations), purpose=purpose)
        return judge(facts).is_permitted

    if role.through:
        return "own" if may(role.through) else ""
    if may():
        return "yes"
    reach = ["team"] if may("team") else []
    reach += ["open"] if may("emergency", purpose="emergency") and "access.break" in role.actions else []
    reach += ["bill"] if may(purpose="payment") else []
    return ", ".join(reach)


def _models() -> str:
    """A card for each automated part, with the hash and licence of its weights."""
    entries = tomllib.loads(MANIFEST.read_text(encoding="utf-8"))["weights"]
    weights = {entry["name"]: entry for entry in entries}
    lines = [
        KEPT,
        "# Models and other automated parts",
        "",
        "What concludes, writes or hears by itself, with the source attributes of 45 CFR 170.315(b)(11) in our words.",
        "Every note names its writer, every finding what found it; the name and version lead here.",
    ]
    for card in cards():
        lines += ["", f"## {card.title}", "", f"`{card.name}`, version {card.version}.", ""]
        for name in card.weights:
            entry = weights[name]
            lines.append(f"- Weights `{name}`: {entry['licence']}; SHA-256 `{entry['sha256']}`.")
        lines += ["", "| | |", "|---|---|"]
        for group, names in ATTRIBUTES.items():
            lines.append(f"| **{group}** | |")
            lines += [f"| {name.replace('_', ' ')} | {card.attributes[name]} |" for name in names]
    return "\n".join(lines) + "\n"


def raised_errors() -> list[RaisedError]:
    """Every error of the tree the code can raise, sorted by code."""
    found: set[RaisedError] = set()
    for path in SOURCE.rglob("*.py"):
        if "lab" not in path.relative_to(SOURCE).parts:
            found |= set(_raised_in(ast.parse(path.read_text(encoding="utf-8"))))
    return sorted(found)


def _raised_in(tree: ast.AST) -> Iterator[RaisedError]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in KINDS:
            continue
        if len(node.args) >= 2 and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
            hint = next((keyword.value for keyword in node.keywords if keyword.arg == "hint"), None)
            yield RaisedError(
                code=node.args[0].value,
                kind=node.func.id,
                message=_text(node.args[1]),
                hint=_text(hint) if hint is not None else "",
            )


def _text(node: ast.expr) -> str:
    """The text of a message; what is filled in at run time stands as `…`."""
    match node:
        case ast.Constant(value=str(value)):
            return value
        case ast.JoinedStr(values=values):
            return "".join(_text(value) for value in values)
        case ast.BinOp(left=left, right=right):
            return _text(left) + _text(right)
        case _:
            return "…"


def _commands() -> str:
    lines = [KEPT, "# Commands\n"]
    group = LazyGroup(name="trellis")
    names = root.context_settings["help_option_names"]
    parent = click.Context(
        root, info_name="trellis", terminal_width=100, max_content_width=100, help_option_names=names
    )
    lines += ["```text", root.get_help(parent), "```\n"]
    for name in COMMANDS:
        command = group.get_command(parent, name)
        assert command is not None
        lines += _command(command, parent, name)
    return "\n".join(lines)


def _command(command: click.Command, parent: click.Context, name: str) -> list[str]:
    context = click.Context(command, info_name=name, parent=parent, terminal_width=100, max_content_width=100)
    lines = [f"## {context.command_path}\n", "```text", command.get_help(context), "```\n"]
    if isinstance(command, click.Group):
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            assert found is not None
            lines += _command(found, context, inner)
    return lines


def _settings() -> str:
    lines = [
        KEPT,
        "# Settings\n",
        "Every setting has a default: an empty configuration works. Set one by its variable in the",
        "environment, or in the",
        'TOML file that `TRELLIS_CONFIG` names (`[speech]`, then `model = "…"`); the environment wins.\n',
        "| setting | variable | takes | default | what it is for |",
        "|---|---|---|---|---|",
    ]
    for setting in SETTINGS:
        default = f"`{str(setting.default).lower()}`" if setting.default != "" else "empty"
        lines.append(
            f"| `{setting.name}` | `{setting.variable}` | {type_names[type(setting.default)]} | {default} "
            f"| {setting.sentence} |"
        )
    return "\n".join(lines) + "\n"


def _errors() -> str:
    lines = [
        KEPT,
        "# Errors\n",
        "Each failure is one line: what is wrong, and what to do. `Invalid` and `NotFound` end a",
        "command with exit code 2,",
        "every other kind with 1. `…` stands for what is filled in when it happens: a name of an",
        "option, a number of a line,",
        "never anything a person said.\n",
        "| code | kind | says | do |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| `{error.code}` | {error.kind} | {_cell(error.message)} | {_cell(error.hint)} |" for error in raised_errors()
    ]
    return "\n".join(lines) + "\n"


def _formats() -> str:
    lines = [
        KEPT,
        "# Note formats\n",
        "A format is one TOML file in `src/trellis/scribe/data/formats`. A clinic adds its own: copy",
        "one, change it, and name",
        "it (`trellis scribe session.txt --format ours.toml`) or put it into the folder of the setting",
        "`scribe.formats`.",
        "Every topic stands in exactly one section or under `left_out`; a file that isn't right is",
        "refused with one line.\n",
    ]
    for note_format in list_formats():
        lines += _format(note_format)
    return "\n".join(lines)


def _format(note_format: NoteFormat) -> list[str]:
    asked = ", ".join(f"`{one.rule}` ({one.severity})" for one in note_format.requires)
    return [
        f"## {note_format.title} (`{note_format.key}`)\n",
        f"{note_format.summary} Version {note_format.version}, {note_format.date}. {note_format.source}.\n",
        "| section | topics | what belongs in it |",
        "|---|---|---|",
        *(
            f"| {section.title} | {', '.join(section.topics) or 'written by hand'} | {_cell(section.guidance)} |"
            for section in note_format.sections
        ),
        f"\nChecks it asks for: {asked or 'none'}.\n",
    ]


def _checks() -> str:
    lines = [
        KEPT,
        "# Checks\n",
        "What a payer, an auditor or a careful reader would miss in a note. `always` is looked at in",
        "every format; the others",
        "where a format asks for them, with the severity it gives them.\n",
        "| rule | severity | when | says | source |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| `{rule.id}` | {rule.severity} | {'always' if rule.always else 'where asked'} | {_cell(rule.message)} "
        f"| {_cell(rule.source)} |"
        for rule in rules()
    ]
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(main())
