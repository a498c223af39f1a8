"""The house keeps its rooms apart: what may know what, and what is loaded when."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import twovoices

TOP = Path(__file__).parents[2]
ROLEPLAY = Path(twovoices.__file__).parent / "roleplay"
HEAVY = {"pandas", "matplotlib", "ipywidgets", "anywidget", "nbgrader", "yaml", "numpy", "IPython", "traitlets"}
# Same input, same output, on every machine: nothing here reads a file, a clock, the environment or chance.
PURE = ("conditions", "engine", "explore", "model", "play", "scoring", "script", "attempts")
IMPURE = {
    "os",
    "io",
    "pathlib",
    "shutil",
    "tempfile",
    "time",
    "datetime",
    "random",
    "secrets",
    "uuid",
    "subprocess",
    "socket",
    "sys",
}


def test_a_room_knows_only_the_rooms_below_it() -> None:
    command = shutil.which("lint-imports", path=str(Path(sys.executable).parent)) or shutil.which("lint-imports")
    assert command, "import-linter is not installed"
    done = subprocess.run([command, "--no-cache"], cwd=TOP, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def loaded(code: str) -> set[str]:
    """Top-level modules a fresh Python has loaded after some code."""
    code += "\nimport json, sys; print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=TOP)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_import_twovoices_loads_nothing_heavy() -> None:
    assert loaded("import twovoices") & HEAVY == set()


@pytest.mark.parametrize(
    "name", ["answers", "events", "roleplay.talk", "roleplay.debrief", "activities.opening", "terminal", "cli"]
)
def test_nothing_below_the_widgets_loads_widgets_frames_figures_or_a_yaml_reader(name: str) -> None:
    assert loaded(f"import twovoices.{name}") & HEAVY == set()


def test_playing_a_case_already_compiled_needs_no_yaml_reader(tmp_path: Path) -> None:
    play = (
        "import os; os.environ['TWOVOICES_ANSWERS'] = " + repr(str(tmp_path)) + "\n"
        "from twovoices.activities import opening\n"
        "from twovoices.view import Press\n"
        "page = opening.roleplay('late-colleague')\n"
        "page.press(Press(do='begin', value='coached')); page.show()"
    )
    loaded(play)  # compiles it where an edit has not been compiled yet
    if os.access(TOP / "data", os.W_OK):
        assert loaded(play) & HEAVY == set()


def test_the_names_a_notebook_calls_are_there_and_others_are_told() -> None:
    assert set(dir(twovoices)) == set(twovoices.__all__)
    for _ in range(2):  # the second time, everything behind the names is loaded, and no room hides one of them
        for name in set(twovoices.__all__) - {"__version__"}:
            assert callable(getattr(twovoices, name)), name
    with pytest.raises(AttributeError, match="module 'twovoices' has no attribute 'roleplays'"):
        _ = twovoices.roleplays


def imports(path: Path) -> set[str]:
    """Modules a file imports at its top, relative ones by their own name."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parts = (node.module or "").split(".")
            found |= {parts[0]} if parts[0] else {alias.name for alias in node.names}
    return found


@pytest.mark.parametrize("path", sorted(ROLEPLAY.glob("*.py")), ids=lambda path: path.stem)
def test_the_roleplay_room_touches_no_file(path: Path) -> None:
    assert imports(path) & {"os", "io", "pathlib", "shutil", "tempfile", "subprocess", "answers", "store"} == set()
    called = {
        node.func.id
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert called & {"open", "exec", "eval", "__import__", "input", "print"} == set()


@pytest.mark.parametrize("name", PURE)
def test_the_engine_knows_no_file_no_clock_no_chance_and_no_words_on_screen(name: str) -> None:
    found = imports(ROLEPLAY / f"{name}.py")
    assert found & IMPURE == set()
    assert found & {"content", "view", "answers", "texts"} == set()
    assert found <= {
        "__future__",
        "collections",
        "dataclasses",
        "functools",
        "hashlib",
        "json",
        "operator",
        "re",
        "typing",
        "msgspec",
        "events",
        *PURE,
    }
