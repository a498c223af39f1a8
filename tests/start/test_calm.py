"""Settings that travel with the course and keep a learner's JupyterLab calm."""

from __future__ import annotations

import json
import os
import stat
import sys
from pathlib import Path

import pytest

from twovoices.launch import calm


def laid(folder: Path, name: str) -> dict[str, object]:
    told: dict[str, object] = json.loads((folder / "config" / name).read_text("utf-8"))
    return told


def test_every_folder_jupyter_remembers_things_in_is_the_courses_own(tmp_path: Path) -> None:
    folders = [value for name, value in calm.lay_down(tmp_path, teach=False).items() if name.endswith(("DIR", "_PATH"))]
    places = [Path(value) for value in folders if value not in "01"]
    assert len(places) == 6
    assert all(tmp_path in place.parents for place in places)


@pytest.mark.parametrize("teach", [False, True])
def test_nbgraders_panels_are_the_instructors_alone(tmp_path: Path, teach: bool) -> None:
    calm.lay_down(tmp_path, teach)
    server = json.dumps(laid(tmp_path, "jupyter_server_config.json"))
    off = laid(tmp_path, "labconfig/page_config.json")["disabledExtensions"]
    assert ('"nbgrader.server_extensions.formgrader": true' in server) is teach
    assert isinstance(off, dict)
    assert ("@jupyter/nbgrader" in off) is not teach


def test_every_server_extension_of_nbgrader_is_named() -> None:
    installed = Path(sys.prefix) / "etc/jupyter/jupyter_server_config.d/nbgrader.json"
    told = json.loads(installed.read_text("utf-8"))["ServerApp"]["jpserver_extensions"]
    assert {f"nbgrader.server_extensions.{name}" for name in calm.NBGRADER} == set(told)


def test_every_setting_is_one_that_jupyterlab_knows(tmp_path: Path) -> None:
    # JupyterLab passes over a setting it does not know without a word.
    schemas = Path(sys.prefix) / "share/jupyter/lab/schemas"
    for plugin, choices in (calm.CHOICES | calm.CHOICES_FOR_LEARNERS).items():
        extension, name = plugin.split(":")
        schema = json.loads((schemas / extension / f"{name}.json").read_text("utf-8"))
        known = set(schema.get("properties", {})) | {"toolbar"}
        assert set(choices) <= known, plugin


def test_every_plugin_switched_off_is_one_that_jupyterlab_has() -> None:
    # A plug-in's name that changed would come back unasked.
    lab = Path(sys.prefix) / "share/jupyter/lab"
    built = "".join(path.read_text("utf-8", "replace") for path in (lab / "static").glob("*.js"))
    federated = {path.parent.name for path in (lab.parent / "labextensions").glob("@*/*/package.json")}
    missing = [
        name
        for name in (*calm.OFF, *calm.OFF_FOR_LEARNERS)
        if name not in built and name.split("/")[-1] not in federated
    ]
    assert missing == []


@pytest.mark.skipif(os.name == "nt", reason="permissions of this kind are not Windows's")
def test_the_token_is_readable_by_nobody_else(tmp_path: Path) -> None:
    calm.lay_down(tmp_path / "learn", teach=False)
    assert stat.S_IMODE((tmp_path / "learn").stat().st_mode) == 0o700
