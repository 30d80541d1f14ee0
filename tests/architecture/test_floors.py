"""What import-linter can't see: rooms entered past their face, libraries loaded too early, words that reach a log."""

import ast
import importlib
import subprocess
import sys

FLOORS = (
    "app",
    "lab",
    "web",
    "cli",
    "scribe",
    "safety",
    "record",
    "chart",
    "inference",
    "governance",
    "jobs",
    "store",
    "kernel",
)
LONGEST = 400
ROLES = {"service", "services", "manager", "managers", "handler", "handlers", "helper", "helpers", "util", "utils"}
ROLES |= {"common", "base", "misc", "core"}
SPEAKING = {"cli", "lab"}


def floor_of(path):
    """The floor a file of the product belongs to."""
    return path.parts[path.parts.index("trellis", path.parts.index("src")) + 1].removesuffix(".py")


def imported(tree):
    """Every `trellis…` module a file imports names from, or imports whole."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_every_folder_is_a_floor(root):
    """The product has no folder the plan of the house does not know."""
    folders = {path.name for path in (root / "src/trellis").iterdir() if (path / "__init__.py").exists()}

    assert folders <= set(FLOORS)


def test_rooms_are_entered_by_their_face(sources):
    """A floor's inside is imported by that floor alone; others use what its `__init__` offers.

    The lab proves parts, and the root loads what of the lab a command asks for.
    """
    past = []
    for path in sources:
        here = floor_of(path)
        for module in imported(ast.parse(path.read_text(encoding="utf-8"))):
            parts = module.split(".")
            if (
                parts[0] == "trellis"
                and len(parts) > 2
                and here not in (parts[1], "lab")
                and (here, parts[1]) != ("app", "lab")
            ):
                past.append(f"{path.name} imports {module}")

    assert past == []


def test_faces_say_what_they_offer():
    """Each floor's face has a docstring and an `__all__` (kept sorted by the linter) in which every name is real."""
    for floor in FLOORS[1:]:
        face = importlib.import_module(f"trellis.{floor}")
        assert face.__doc__, floor
        offered = getattr(face, "__all__", [])
        assert offered or floor == "lab", floor
        assert [name for name in offered if not hasattr(face, name)] == [], floor


def test_imports_inside_functions_are_rare(sources):
    """Imports stand at the top, except where the house allows late ones: cli, app, lab, adapters to big libraries."""
    late = []
    for path in sources:
        if floor_of(path) in ("cli", "app", "lab", "inference", "jobs"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                late += [
                    f"{path.name}:{inner.lineno}"
                    for inner in ast.walk(node)
                    if isinstance(inner, ast.Import | ast.ImportFrom)
                ]

    assert late == []


def test_modules_are_named_after_acts_and_things(sources):
    """No file is named after a role."""
    assert [path.name for path in sources if path.stem in ROLES or path.parent.name in ROLES] == []


def test_modules_are_short_and_say_why(sources):
    """Each module has at most 400 lines and begins with a docstring."""
    long = [f"{path.name}: {len(path.read_text(encoding='utf-8').splitlines())}" for path in sources]
    assert [entry for entry in long if int(entry.split(": ")[1]) > LONGEST] == []
    assert [path.name for path in sources if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))] == []


def test_rooms_do_not_speak(sources):
    """Only the terminal and the lab print; no floor logs, so that nothing a person said can reach a log."""
    speaking = []
    for path in sources:
        if floor_of(path) in SPEAKING:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
        speaking += [path.name for call in calls if isinstance(call, ast.Name) and call.id == "print"]
        speaking += [
            path.name for module in imported(tree) if module.split(".")[0] in ("logging", "loguru", "structlog")
        ]

    assert speaking == []


def test_nothing_heavy_loads_with_the_faces():
    """Importing every floor below the terminal loads no model library: engines load when they are first used."""
    code = (
        "import sys, trellis.app, trellis.inference, trellis.chart, trellis.kernel, trellis.safety;"
        "print(sorted({name.split('.')[0] for name in sys.modules}))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True).stdout
    for name in (
        "numpy",
        "scipy",
        "spacy",
        "onnxruntime",
        "av",
        "faster_whisper",
        "ctranslate2",
        "tokenizers",
        "httpx2",
        "sqlalchemy",
        "cryptography",
        "msgspec",
    ):
        assert f"'{name}'" not in loaded, name
