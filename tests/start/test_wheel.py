"""What goes into a wheel, and what never does."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile

import pytest

from .conftest import REPOSITORY


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = folder.glob("*.whl")
    return zipfile.Path(made)


def names(wheel: zipfile.Path) -> list[str]:
    return wheel.root.namelist()


def test_the_content_travels_compiled(wheel: zipfile.Path) -> None:
    packed = json.loads((wheel / "twovoices" / "_data" / "course.json").read_bytes())
    assert packed


def test_a_wheel_holds_no_key_no_model_answer_and_no_source_of_content(wheel: zipfile.Path) -> None:
    inside = names(wheel)
    assert [name for name in inside if name.endswith((".yaml", ".ipynb", "answers.jsonl")) or "solutions" in name] == []
    text = (wheel / "twovoices" / "_data" / "course.json").read_text("utf-8")
    ids = [path.name.split(".")[0] for path in (REPOSITORY / "solutions").rglob("*.case.yaml")]
    assert ids
    assert [name for name in ids if f'"{name}"' in text] == []


def test_scripts_and_styles_of_the_widgets_travel_with_the_package(wheel: zipfile.Path) -> None:
    package = REPOSITORY / "src" / "twovoices"
    assets = [
        path
        for path in package.rglob("*")
        if path.suffix in {".js", ".css", ".json"} and "__pycache__" not in path.parts
    ]
    assert assets
    assert {f"twovoices/{path.relative_to(package).as_posix()}" for path in assets} <= set(names(wheel))


def test_both_licences_stand_in_the_project(wheel: zipfile.Path) -> None:
    (metadata,) = [name for name in names(wheel) if name.endswith(".dist-info/METADATA")]
    assert "License-Expression: BSD-3-Clause" in wheel.joinpath(metadata).read_text("utf-8")
    assert "Two Voices contributors" in (REPOSITORY / "LICENSE").read_text("utf-8")
    assert "CC BY 4.0" in (REPOSITORY / "LICENSE-content").read_text("utf-8")
