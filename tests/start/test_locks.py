"""What is installed: one list in three files, for every system, without a word about where it comes from."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from twovoices.launch import locks

from .conftest import REPOSITORY

PROJECT: dict[str, Any] = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
YAML: dict[str, Any] = yaml.safe_load((REPOSITORY / "environment.yml").read_text("utf-8"))
WINDOWS, MAC, OLDER_MAC = "x86_64-pc-windows-msvc", "aarch64-apple-darwin", "x86_64-apple-darwin"
# Not every pair: each takes hundreds of small downloads.
ELSEWHERE = [(WINDOWS, "3.11"), (WINDOWS, "3.12"), (WINDOWS, "3.13"), (MAC, "3.11"), (MAC, "3.13"), (OLDER_MAC, "3.12")]
NO_NETWORK = re.compile(
    r"dns error|failed to lookup|tcp connect|Could not connect|error sending request", re.IGNORECASE
)


def pins(lock: str) -> dict[str, set[str]]:
    """The versions of each package; more than one where systems or Pythons differ."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(
        r"^([A-Za-z0-9._-]+)==([^ ;]+)", (REPOSITORY / lock).read_text("utf-8"), re.MULTILINE
    ):
        found.setdefault(canonicalize_name(name), set()).add(version)
    return found


def direct() -> dict[str, Requirement]:
    return {canonicalize_name(r.name): r for r in map(Requirement, PROJECT["project"]["dependencies"])}


def from_yaml() -> list[str]:
    (section,) = [part["pip"] for part in YAML["dependencies"] if isinstance(part, dict)]
    return [str(line) for line in section]


def run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def answered(done: subprocess.CompletedProcess[str]) -> str:
    if done.returncode and NO_NETWORK.search(done.stderr):
        pytest.skip("no network: nothing can be resolved")
    assert done.returncode == 0, done.stderr
    return done.stdout


# ---------------------------------------------------------------- agreement


def test_conda_users_get_the_direct_packages_at_the_locks_versions() -> None:
    *pinned, itself = from_yaml()
    assert itself == "-e ."
    told = {canonicalize_name(name): version for name, version in (line.split("==") for line in pinned)}
    assert set(told) == set(direct())
    assert {name: {version} for name, version in told.items()} == {
        name: pins("requirements.lock")[name] for name in told
    }


def test_conda_gets_the_oldest_python_that_the_project_runs_on() -> None:
    assert YAML["dependencies"][0] == "python=3.11"
    assert PROJECT["project"]["requires-python"].startswith(">=3.11,")


def test_the_lock_keeps_what_the_project_promises() -> None:
    wrong = [
        f"{requirement} is locked at {version}"
        for name, requirement in direct().items()
        for version in pins("requirements.lock")[name]
        if not requirement.specifier.contains(version)
    ]
    assert wrong == []


def test_the_test_lock_holds_the_whole_learners_lock() -> None:
    learners, tests = pins("requirements.lock"), pins("requirements-test.lock")
    assert {name: tests.get(name) for name in learners} == learners
    groups = [Requirement(line) for line in PROJECT["dependency-groups"]["test"]]
    assert {canonicalize_name(requirement.name) for requirement in groups} <= set(tests)


def test_what_connects_the_course_without_a_download_is_in_the_lock() -> None:
    needed = {Requirement(line).name for line in PROJECT["build-system"]["requires"]} | {"editables", "setuptools"}
    assert {canonicalize_name(name) for name in needed} <= set(pins("requirements.lock"))


@pytest.mark.parametrize("lock", list(locks.LOCKS))
def test_every_locked_package_has_its_hash(lock: str) -> None:
    entries = re.split(r"^(?=[A-Za-z0-9])", (REPOSITORY / lock).read_text("utf-8"), flags=re.MULTILINE)[1:]
    assert len(entries) > 100
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", list(locks.LOCKS))
def test_a_lock_names_no_place(lock: str) -> None:
    told = (REPOSITORY / lock).read_text("utf-8")
    assert re.findall(r"https?://\S+|file:\S+|^-.*$|.* @ .*|(?:^|\s)/\w+", told, re.MULTILINE) == []


def test_no_file_names_a_package_index() -> None:
    # Put together here, so that this file names none either.
    hosts = [
        ".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("anaconda", "org"))
    ]
    hosts += [".".join(("deb", "debian", "org")), "--" + "index-url", "--" + "extra-index-url"]
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=REPOSITORY, capture_output=True, check=False
    )  # fmt: skip
    if listed.returncode:
        pytest.skip("not a clone")
    named = []
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = REPOSITORY / name
        text = path.read_text("utf-8", "ignore") if path.is_file() else ""
        named += [f"{name}: {host}" for host in hosts if host in text]
    assert named == []


# ---------------------------------------------------------------- resolving


@pytest.fixture(scope="module")
def resolved() -> dict[tuple[str, str], subprocess.CompletedProcess[str]]:
    """The project resolved within its lock for other systems, all at once, since most of it is waiting."""
    groups = locks.LOCKS["requirements.lock"]

    def one(system: str, python: str) -> subprocess.CompletedProcess[str]:
        where = ["--python-platform", system, "--python-version", python, "--constraint", "requirements.lock"]
        return run(locks.compile_command(groups, *where), REPOSITORY)

    with ThreadPoolExecutor(len(ELSEWHERE)) as several:
        waiting = {key: several.submit(one, *key) for key in ELSEWHERE}
        return {key: future.result() for key, future in waiting.items()}


@pytest.mark.parametrize(("system", "python"), ELSEWHERE)
def test_the_lock_resolves_to_ready_made_packages(
    resolved: dict[tuple[str, str], subprocess.CompletedProcess[str]], system: str, python: str
) -> None:
    told = answered(resolved[system, python])
    found = dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", told, re.MULTILINE))
    locked = pins("requirements.lock")
    assert len(found) > 100
    assert [f"{name}=={version}" for name, version in found.items() if version not in locked.get(name, set())] == []


def test_the_locks_are_what_the_project_asks_for(tmp_path: Path) -> None:
    for name in ("pyproject.toml", *locks.LOCKS):
        shutil.copy(REPOSITORY / name, tmp_path)
    first = ""
    for name, groups in locks.LOCKS.items():
        answered(run(locks.make_command(name, groups, first), tmp_path))
        assert locks.HOW + (tmp_path / name).read_text("utf-8").removeprefix(locks.HOW) == (
            REPOSITORY / name
        ).read_text("utf-8")
        first = name


def test_condas_own_list_resolves(tmp_path: Path) -> None:
    *pinned, _ = from_yaml()
    (tmp_path / "listed.txt").write_text("\n".join(pinned) + "\n")
    told = answered(
        run(
            locks.compile_command((), "--python-version", "3.11", "--constraint", str(tmp_path / "listed.txt")),
            REPOSITORY,
        )
    )
    assert set(pinned) <= set(told.splitlines())
