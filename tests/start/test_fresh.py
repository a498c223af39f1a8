"""From a clean clone, with nothing but Python: the README's first command, for real."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from .conftest import REPOSITORY, Started

PYTHON = getattr(sys, "_base_executable", sys.executable)


def bare(home: Path) -> dict[str, str]:
    """An environment in which no tool of this one is at hand."""
    home.mkdir()
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("JUPYTER", "TWOVOICES", "VIRTUAL_ENV"))
    }
    kept.pop("PYTHONPATH", None)
    return kept | {"HOME": str(home)}


@pytest.mark.fresh
@pytest.mark.skipif("TWOVOICES_FRESH" not in os.environ, reason="takes minutes; set TWOVOICES_FRESH=1")
def test_one_command_opens_the_course_in_a_clean_clone(tmp_path: Path) -> None:
    clone = tmp_path / "Zwei Stimmen é"
    subprocess.run(["git", "clone", "--quiet", str(REPOSITORY), str(clone)], check=True)
    environment = bare(tmp_path / "home")
    command = [PYTHON, "course.py", "--no-browser"]

    first = Started(command, clone, environment)
    with urllib.request.urlopen(first.wait_for_address(), timeout=30) as page:
        assert page.status == 200
    assert first.end() == 0
    window = "".join(first.lines)
    for words in ("Setting up", "fetching packages", "installing them", "connecting the course", "Ready"):
        assert words in window
    assert "Collecting" not in window  # pip's own words are in the log

    second = Started(command, clone, environment)
    second.wait_for_address()
    assert second.end() == 0
    # 1.6 s on two free cores; the goal is 5. Tests that run beside this one take their share.
    assert second.seconds < 15
    print(f"first start {first.seconds:.0f} s, second start {second.seconds:.1f} s")

    handed_over = subprocess.run(
        [PYTHON, "course.py", "check", "--help"], cwd=clone, env=environment, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert handed_over.returncode == 0, handed_over.stderr

    status = subprocess.run(["git", "status", "--porcelain"], cwd=clone, capture_output=True, text=True, check=True)
    assert status.stdout == ""
    own = [path.name for path in (tmp_path / "home").iterdir() if path.name in {".jupyter", ".ipython", ".local"}]
    assert own == []


def test_without_a_network_it_says_so_and_leaves_nothing_half_made(tmp_path: Path) -> None:
    folder = tmp_path / "Zwei Stimmen é"
    (folder / "src").mkdir(parents=True)
    for name in ("course.py", "pyproject.toml", "requirements.lock", "requirements-test.lock"):
        shutil.copy(REPOSITORY / name, folder)
    nowhere = {
        "PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_FIND_LINKS": "", "PIP_RETRIES": "0",
        "http_proxy": "", "https_proxy": "",
    }  # fmt: skip
    done = subprocess.run(
        [PYTHON, "course.py", "--no-browser"],
        cwd=folder, env=bare(tmp_path / "home") | nowhere, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert done.returncode == 1
    assert "Is this computer connected to the internet?" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (folder / ".venv").exists()
    assert (folder / ".course" / "setup.log").exists()
