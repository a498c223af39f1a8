"""A course folder of its own for each test, and ``course.py`` loaded as a module that works there."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[2]


def notebook(*sources: str, **changes: Any) -> bytes:
    """A notebook with one code cell for each source, as an author commits it."""
    cells = [
        {
            "cell_type": "code",
            "id": f"cell-{number}",
            "metadata": {},
            "source": source,
            "outputs": [],
            "execution_count": None,
        }
        for number, source in enumerate(sources)
    ]
    told = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5} | changes
    return json.dumps(told, indent=1).encode()


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """``course.py`` at work in a folder with the locks and nothing else; its path has a space and a letter beyond ASCII."""
    root = tmp_path / "Zwei Stimmen é"
    (root / "src").mkdir(parents=True)
    for name in ("requirements.lock", "requirements-test.lock", "pyproject.toml"):
        shutil.copy(REPOSITORY / name, root)
    spec = importlib.util.spec_from_file_location("course", REPOSITORY / "course.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOT", root)
    monkeypatch.setattr(module, "VENV", root / ".venv")
    monkeypatch.setattr(module, "ASIDE", root / ".venv-before")
    monkeypatch.setattr(module, "STAMP", root / ".venv" / "course.json")
    monkeypatch.setattr(module, "STATE", root / ".course")
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    return module


class Started:
    """A started course: its window's lines so far, and its address once it has one."""

    def __init__(self, command: list[str], folder: Path, environment: dict[str, str]) -> None:
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8",
            start_new_session=True,
        )  # fmt: skip
        self.lines: list[str] = []
        self.ended = False
        self.address = ""
        self.seconds = 0.0

    def wait_for_address(self) -> str:
        """Read the window until the address stands there."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line)
            if "token=" in line:
                self.address, self.seconds = line.strip(), time.monotonic() - self.began
                return self.address
        raise AssertionError(f"ended without an address ({self.process.wait()}): {''.join(self.lines)}")

    def end(self, number: int = signal.SIGINT) -> int:
        """End it as a closed window or Ctrl-C would; return the exit code."""
        self.ended = True
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
        last_resort = threading.Timer(60, os.killpg, (self.process.pid, signal.SIGKILL))
        last_resort.start()
        assert self.process.stdout
        with self.process.stdout:
            self.lines.extend(self.process.stdout)
        last_resort.cancel()
        return self.process.wait()


OPEN = """
import sys
from pathlib import Path
from twovoices.launch import lab
raise SystemExit(lab.start(Path(sys.argv[1]), lab.Wishes(browser=False, shared="shared" in sys.argv, teach="teach" in sys.argv)))
"""


def opener(folder: Path) -> Iterator[Callable[..., Started]]:
    """Yield what opens a course folder in a real JupyterLab, with a home folder of the test's own; close it all at the end."""
    home = folder / "home"
    home.mkdir()
    started: list[Started] = []

    def open_it(course: Path, *wishes: str, **more: str) -> Started:
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "TWOVOICES"))
        }
        environment |= {"HOME": str(home), "TMPDIR": str(folder), **more}
        started.append(Started([sys.executable, "-c", OPEN, str(course), *wishes], course, environment))
        started[-1].wait_for_address()
        return started[-1]

    yield open_it
    for one in started:
        if not one.ended:
            one.end()


def small(folder: Path) -> Path:
    """A course of one lesson with one widget."""
    page = folder / "Kurs mit ü" / "notebooks" / "00_start_here.ipynb"
    page.parent.mkdir(parents=True)
    page.write_bytes(notebook("import ipywidgets\nipywidgets.Button(description='Begin')", "print('plain text')"))
    return page.parents[1]


@pytest.fixture
def open_course(tmp_path: Path) -> Iterator[Callable[..., Started]]:
    """See `opener`."""
    yield from opener(tmp_path)


@pytest.fixture
def small_course(tmp_path: Path) -> Path:
    """See `small`."""
    return small(tmp_path)


@pytest.fixture(scope="module")
def open_already(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Callable[..., Started], Path, Started]]:
    """One open course for tests that only look at it: what opens more, its folder, and itself."""
    folder = tmp_path_factory.mktemp("open")
    course = small(folder)
    for open_it in opener(folder):
        yield open_it, course, open_it(course)
