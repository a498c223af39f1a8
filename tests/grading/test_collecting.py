"""nbgrader's own collecting: whatever an exchange or an LMS's zip holds, only intake writes what is marked."""

from __future__ import annotations

import getpass
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from twovoices.grading import intake

from . import scratch
from .scratch import ASSIGNMENT, Learner

pytestmark = pytest.mark.filterwarnings("ignore")
WRITTEN = {f"{ASSIGNMENT}.ipynb", "answers.jsonl", "timestamp.txt"}


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = scratch.make(tmp_path_factory.mktemp("collecting"))
    made = scratch.nbgrader(folder, "generate_assignment", ASSIGNMENT)
    assert made.returncode == 0, made.stderr
    return folder


def played(course: Path, name: str, homes: Path) -> Learner:
    learner = Learner.of(name, course, homes)
    learner.play(scratch.best, 3)
    return learner


@pytest.mark.skipif(sys.platform == "win32", reason="nbgrader's exchange folder needs POSIX")
def test_nbgrader_collect_takes_in_through_intake_and_keeps_what_it_has_when_a_newer_one_is_broken(
    course: Path, tmp_path: Path
) -> None:
    inbound = tmp_path / "exchange" / "two-voices" / "inbound"
    inbound.mkdir(parents=True)
    me = getpass.getuser()
    first = inbound / f"{me}+{ASSIGNMENT}+2026-05-01 12:00:00.000000 UTC+abc"
    shutil.copytree(played(course, "ann", tmp_path / "homes").folder, first)
    (first / "pandas.py").write_text("raise SystemExit")
    (first / f"{ASSIGNMENT}.ipynb").write_text("{}")
    (inbound / f"stranger+{ASSIGNMENT}+2026-05-01 12:00:00.000000 UTC+abd").mkdir()

    exchange = f"--Exchange.root={tmp_path / 'exchange'}"
    said = scratch.nbgrader(course, "collect", ASSIGNMENT, exchange)
    submitted = course / "submitted" / me / ASSIGNMENT
    assert said.returncode == 0, said.stderr
    assert {path.name for path in submitted.iterdir()} == WRITTEN
    assert "2026-05-01 12:00:00 UTC" in (submitted / "timestamp.txt").read_text() or "contradict" in said.stderr
    assert len(intake.verified_events(course, submitted, ASSIGNMENT, me)) == len(
        [e for e in (submitted / "answers.jsonl").read_bytes().splitlines() if e]
    )
    assert "NOT COLLECTED" in said.stderr
    assert "stranger" in said.stderr
    assert not (course / "submitted" / "stranger").exists()

    before = (submitted / "answers.jsonl").read_bytes()
    (inbound / f"{me}+{ASSIGNMENT}+2026-05-02 12:00:00.000000 UTC+abe").mkdir()
    said = scratch.nbgrader(course, "collect", ASSIGNMENT, "--update", exchange)
    assert "NOT COLLECTED" in said.stderr
    assert (submitted / "answers.jsonl").read_bytes() == before


def test_zip_collect_takes_in_through_intake_and_unpacks_nothing(course: Path, tmp_path: Path) -> None:
    archive = course / "downloaded" / ASSIGNMENT / "archive"
    archive.mkdir(parents=True)
    honest = played(course, "bea", tmp_path / "homes").hand_in(tmp_path)
    with zipfile.ZipFile(archive / "02-submissions.zip", "w") as of_all:
        of_all.write(honest, "Bea Example_1234567_assignsubmission_file_/bea-hand-in.zip")
        of_all.writestr("Cy Example_1234568_assignsubmission_file_/shell.zip", b"no zip at all")
    said = scratch.nbgrader(course, "zip_collect", ASSIGNMENT)
    assert said.returncode == 0, said.stderr
    assert {path.name for path in (course / "submitted" / "bea" / ASSIGNMENT).iterdir()} == WRITTEN
    assert "NOT TAKEN IN" in said.stderr
    assert "Cy Example" in said.stderr
    assert list((course / "downloaded" / ASSIGNMENT / "extracted").rglob("*")) == []
