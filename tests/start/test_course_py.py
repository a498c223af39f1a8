"""``course.py`` before there is an environment: what it notices, what it says, what it leaves alone."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from twovoices.launch import locks

from .conftest import REPOSITORY


@pytest.fixture
def ready(course: ModuleType) -> ModuleType:
    """A course whose environment is ready, without any package in it."""
    python = course.venv_python()
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    (course.VENV / "pyvenv.cfg").write_text(f"home = {Path(sys.executable).parent}\n", "utf-8")
    course.write_stamp(
        made_by="course.py", state="ready", place=str(course.ROOT), python="3.11.7",
        project=course.fingerprint("pyproject.toml"), **{course.LOCK: course.fingerprint(course.LOCK)},
    )  # fmt: skip
    return course


@pytest.fixture
def steps(course: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Commands the set-up runs, noted instead of run; making the environment leaves a Python where one would be."""
    noted: list[list[str]] = []

    def note(what: str, command: list[str], total: int = 0) -> None:
        noted.append([what, *command])
        if "venv" in command:
            course.venv_python().parent.mkdir(parents=True)
            course.venv_python().symlink_to(sys.executable)
            (course.VENV / "pyvenv.cfg").write_text(f"home = {Path(sys.executable).parent}\n", "utf-8")

    monkeypatch.setattr(course, "run", note)
    return noted


def names(steps: list[list[str]]) -> list[str]:
    return [step[0] for step in steps]


# ---------------------------------------------------------------- old Pythons


def test_old_pythons_can_read_it() -> None:
    ast.parse((REPOSITORY / "course.py").read_text("utf-8"), feature_version=(3, 7))


def test_it_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse((REPOSITORY / "course.py").read_text("utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names


@pytest.mark.parametrize("version", [(3, 8, 18), (3, 10, 13), (3, 14, 0), (2, 7, 18)])
def test_a_python_that_does_not_fit_is_named_with_the_way_out(
    course: ModuleType, version: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(course.Stop, match=re.escape(".".join(map(str, version)))) as stop:
        course.check_python(version)
    assert "course.py" in str(stop.value).splitlines()[1]


def test_a_stand_in_without_a_python_behind_it_is_not_recommended(
    course: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, code in (("python3.13", 127), ("python3.12", 0)):
        (tmp_path / name).write_text(f"#!/bin/sh\nexit {code}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(course.Stop, match=r"python3\.12 course\.py"):
        course.check_python((3, 8, 0))


def test_its_pythons_are_those_of_the_project(course: ModuleType) -> None:
    project = (REPOSITORY / "pyproject.toml").read_text("utf-8")
    below = f"{course.NEWEST[0]}.{course.NEWEST[1] + 1}"
    assert f'requires-python = ">={course.OLDEST[0]}.{course.OLDEST[1]},<{below}"' in project


# ---------------------------------------------------------------- commands


def test_there_are_at_most_fourteen_commands_in_four_groups(course: ModuleType) -> None:
    assert len(course.COMMANDS) <= 14
    assert {group for group, *_ in course.COMMANDS} == {"learn", "teach", "write", "keep"}


def test_help_names_every_command_and_needs_no_environment(
    course: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert course.main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(re.search(rf"^     {name} ", shown, re.MULTILINE) for _, name, *_ in course.COMMANDS)
    assert not course.VENV.exists()


def test_an_unknown_command_makes_no_environment(course: ModuleType) -> None:
    with pytest.raises(course.Stop, match="'handin'"):
        course.main(["handin", "02"])
    assert not course.VENV.exists()


@pytest.mark.parametrize("words", [["--from", "usb", "--teach"], ["--teach", "--from=usb"]])
def test_from_is_taken_off_wherever_it_stands(course: ModuleType, words: list[str]) -> None:
    assert course.take_from(words) == (["--teach"], Path("usb").absolute())


def test_a_lone_course_py_says_to_unpack_the_zip_file(course: ModuleType) -> None:
    (course.ROOT / "pyproject.toml").unlink()
    with pytest.raises(course.Stop, match="unpack"):
        course.main([])


def test_exit_code_and_words_are_passed_on(course: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "answering.py").write_text("import sys\nsys.exit(len(sys.argv))\n")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    monkeypatch.setattr(course, "child_environment", lambda: environment)
    assert course.hand_over(sys.executable, "answering", ["grade", "--all", "ä ö"]) == 4


def test_another_pythons_settings_do_not_reach_the_environment(
    course: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    monkeypatch.setenv("PIP_USER", "1")
    assert "PYTHONPATH" not in course.child_environment()
    assert course.child_environment()["PIP_USER"] == "0"


# ---------------------------------------------------------------- what the environment needs


def test_a_ready_environment_is_left_as_it_is(ready: ModuleType, steps: list[list[str]]) -> None:
    assert ready.prepare(tests=False, bundle=None) == ready.venv_python()
    assert steps == []


def test_a_fresh_folder_is_set_up_in_three_steps_and_then_ready(course: ModuleType, steps: list[list[str]]) -> None:
    course.prepare(tests=False, bundle=None)
    assert names(steps) == ["making a place for it", "fetching packages", "connecting the course"]
    assert {"--require-hashes", "--no-deps", "--only-binary"} <= set(steps[1])
    assert {"--no-index", "--no-build-isolation"} <= set(steps[2])
    assert course.diagnose(False) == (None, "")


def test_tests_are_added_to_a_learners_environment(ready: ModuleType, steps: list[list[str]]) -> None:
    ready.prepare(tests=True, bundle=None)
    assert names(steps) == ["fetching packages", "connecting the course"]
    assert str(ready.ROOT / ready.TEST_LOCK) in steps[0]
    assert ready.diagnose(True) == ready.diagnose(False) == (None, "")


def test_a_changed_lock_makes_the_environment_again(ready: ModuleType, steps: list[list[str]]) -> None:
    (ready.VENV / "left-out-by-the-new-lock").touch()
    (ready.ROOT / ready.LOCK).write_text("changed\n")
    ready.prepare(tests=False, bundle=None)
    assert names(steps)[0] == "making a place for it"
    assert not (ready.VENV / "left-out-by-the-new-lock").exists()
    assert not ready.ASIDE.exists()


def test_a_changed_project_is_only_connected_anew(ready: ModuleType, steps: list[list[str]]) -> None:
    (ready.ROOT / "pyproject.toml").write_text("changed\n")
    ready.prepare(tests=False, bundle=None)
    assert names(steps) == ["connecting the course"]
    assert ready.diagnose(False) == (None, "")


def test_a_moved_folder_is_noticed(ready: ModuleType, steps: list[list[str]]) -> None:
    stamp = json.loads(ready.STAMP.read_text("utf-8"))
    ready.write_stamp(**{**stamp, "place": str(ready.ROOT.parent / "before")})
    todo, why = ready.diagnose(False)
    assert todo == "remake"
    assert "moved" in why


def test_a_python_that_was_removed_is_noticed(ready: ModuleType) -> None:
    (ready.VENV / "pyvenv.cfg").write_text("home = /nowhere/at/all\n", "utf-8")
    assert ready.diagnose(False)[0] == "remake"


def test_a_half_made_environment_is_made_again(ready: ModuleType, steps: list[list[str]]) -> None:
    ready.write_stamp(made_by="course.py", state="unfinished")
    (ready.VENV / "half").touch()
    ready.prepare(tests=False, bundle=None)
    assert not (ready.VENV / "half").exists()
    assert ready.diagnose(False) == (None, "")


def test_being_killed_while_it_is_made_leaves_it_known_as_half_made(course: ModuleType, steps: list[list[str]]) -> None:
    course.make_venv()
    assert course.diagnose(False)[0] == "remake"


@pytest.mark.parametrize("stamp", [None, "{", "[]", '{"made_by": "someone else"}'])
def test_an_environment_of_someone_elses_is_never_touched(
    course: ModuleType, steps: list[list[str]], stamp: str | None
) -> None:
    course.VENV.mkdir()
    (course.VENV / "precious").write_text("mine")
    if stamp is not None:
        course.STAMP.write_text(stamp)
    with pytest.raises(course.Stop, match="not made by this course"):
        course.prepare(tests=False, bundle=None)
    assert (course.VENV / "precious").read_text() == "mine"
    assert steps == []


def test_an_environment_that_cannot_be_made_leaves_nothing(course: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(what: str, *_: object) -> None:
        if what == "fetching packages":
            raise course.Stop("no network")

    monkeypatch.setattr(course, "run", fail)
    with pytest.raises(course.Stop, match="no network"):
        course.prepare(tests=False, bundle=None)
    assert not course.VENV.exists()


def test_an_environment_that_cannot_be_renewed_is_put_back(ready: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    (ready.VENV / "old").touch()
    lock = (ready.ROOT / ready.LOCK).read_bytes()
    (ready.ROOT / ready.LOCK).write_text("changed\n")
    monkeypatch.setattr(ready, "run", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        ready.prepare(tests=False, bundle=None)
    (ready.ROOT / ready.LOCK).write_bytes(lock)
    assert (ready.VENV / "old").exists()
    assert ready.diagnose(False) == (None, "")


def test_test_packages_that_cannot_be_fetched_leave_the_learners_environment_ready(
    ready: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ready, "run", lambda *_: (_ for _ in ()).throw(ready.Stop("no network")))
    with pytest.raises(ready.Stop):
        ready.prepare(tests=True, bundle=None)
    assert ready.diagnose(False) == (None, "")


def test_a_full_disk_is_said_before_anything_is_changed(
    course: ModuleType, steps: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(course.shutil, "disk_usage", lambda _: SimpleNamespace(free=3e8))
    with pytest.raises(course.Stop, match=r"0\.3 GB free, 1\.5 GB needed"):
        course.prepare(tests=False, bundle=None)
    assert steps == []
    assert not course.VENV.exists()


def test_a_second_window_is_asked_to_wait(course: ModuleType) -> None:
    with course.one_at_a_time(), pytest.raises(course.Stop, match="Another window"), course.one_at_a_time():
        pass
    with course.one_at_a_time():
        pass


def test_a_python_without_its_venv_says_what_to_install(course: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(course.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(course.Stop, match="python3-venv"):
        course.prepare(tests=False, bundle=None)
    assert not course.VENV.exists()


@pytest.mark.parametrize(("length", "system", "deep"), [(94, "nt", False), (95, "nt", True), (500, "posix", False)])
def test_only_windows_is_warned_of_a_deep_folder(course: ModuleType, length: int, system: str, deep: bool) -> None:
    assert course.too_deep("x" * length, system) is deep


def test_a_deep_folder_leaves_room_for_the_longest_file_name(course: ModuleType) -> None:
    packages = Path(sysconfig.get_path("purelib"))
    longest = max((str(path.relative_to(packages)) for path in packages.rglob("*")), key=len)
    assert course.WINDOWS_PATH + len("\\.venv\\Lib\\site-packages\\" + longest) <= 259, longest


# ---------------------------------------------------------------- what pip says, in words for a person


@pytest.mark.parametrize(
    ("report", "words"),
    [
        ("NewConnectionError: Failed to establish a new connection: [Errno -3] Temporary failure in name resolution", "internet"),
        ("ERROR: No matching distribution found for alembic==1.20.1", "internet"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "not the one this course was tested with"),
        ("ERROR: Could not install packages due to an OSError: [WinError 5] Access is denied: 'x'", "Close other windows"),
        ("ERROR: something\nnobody\nforesaw", "nobody"),
    ],
)  # fmt: skip
def test_pips_report_becomes_a_cause_and_a_way_out(course: ModuleType, report: str, words: str) -> None:
    assert words in course.explain(report)


def test_a_failed_step_shows_its_reason_and_keeps_the_report(course: ModuleType) -> None:
    code = "import sys; print('ERROR: No space left on device'); sys.exit(1)"
    with pytest.raises(course.Stop, match="disk is full"):
        course.run("fetching packages", [sys.executable, "-c", code], 3)
    assert "No space left" in (course.STATE / "setup.log").read_text("utf-8")


# ---------------------------------------------------------------- conda and bundles


def test_outside_conda_no_conda_is_used(course: ModuleType) -> None:
    assert course.conda_python(False) is None


def test_a_conda_environment_with_this_course_is_used_as_it_is(
    course: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONDA_PREFIX", sys.prefix)
    monkeypatch.setattr(course, "ROOT", REPOSITORY)
    assert course.conda_python(False) == sys.executable


def test_a_conda_environment_of_another_copy_is_not_used(
    course: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONDA_PREFIX", sys.prefix)
    assert course.conda_python(False) is None
    assert "another copy" in capsys.readouterr().out


def test_a_conda_environment_without_the_course_is_not_used(
    course: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONDA_PREFIX", sys.prefix)
    monkeypatch.setattr(
        course.importlib.util, "find_spec", lambda name: None if name == "jupyterlab" else SimpleNamespace()
    )
    assert course.conda_python(False) is None


def test_a_bundle_for_this_system_is_installed_without_the_internet(
    course: ModuleType, steps: list[list[str]], tmp_path: Path
) -> None:
    python, system = course.this_system()
    facts = {"python": python, "system": system, "lock": course.fingerprint(course.LOCK)}
    (tmp_path / "bundle.json").write_text(json.dumps(facts))
    course.prepare(tests=False, bundle=tmp_path)
    assert "--no-index" in steps[1]
    assert str(tmp_path) in steps[1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"python": "3.9"}, r"made for Python 3\.9"),
        ({"system": "win-arm64"}, "win-arm64"),
        ({"lock": "x"}, "another version"),
    ],
)
def test_a_bundle_that_does_not_fit_is_refused_before_anything_is_made(
    course: ModuleType, tmp_path: Path, change: dict[str, str], words: str
) -> None:
    python, system = course.this_system()
    facts = {"python": python, "system": system, "lock": course.fingerprint(course.LOCK)} | change
    (tmp_path / "bundle.json").write_text(json.dumps(facts))
    with pytest.raises(course.Stop, match=words):
        course.prepare(tests=False, bundle=tmp_path)
    assert not course.VENV.exists()


def test_a_bundle_never_goes_into_a_folder_that_holds_something_else(course: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "one.png").touch()
    with pytest.raises(course.Stop, match="something else"):
        course.make_bundle([str(tmp_path / "photos")])


def test_a_wrong_python_says_so_and_nothing_else(tmp_path: Path) -> None:
    # The real file, run by a Python that says it is old.
    code = "import runpy, sys; sys.version_info = (3, 8, 18); runpy.run_path(sys.argv.pop(), run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", code, str(REPOSITORY / "course.py")],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert "Two Voices needs Python 3.11, 3.12 or 3.13. This is Python 3.8.18" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_environment_variable_for_ci_is_the_one_the_tests_read() -> None:
    assert "TWOVOICES_FRESH=1" in (REPOSITORY / ".ci" / "run").read_text("utf-8")


def test_the_locks_are_those_course_py_installs(course: ModuleType) -> None:
    assert set(locks.LOCKS) == {course.LOCK, course.TEST_LOCK}
