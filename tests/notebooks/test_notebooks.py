"""The notebooks as files and as runs: normalised, readable from the top, and without a warning."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import twovoices

ROOT = Path(__file__).parents[2]
LESSONS = sorted((ROOT / "notebooks").glob("*.ipynb"))
EXERCISES = sorted((ROOT / "exercises").glob("*/*.ipynb"))
SOURCES = sorted((ROOT / "solutions").glob("*/*.ipynb"))
NAMES = "|".join(name for name in twovoices.__all__ if not name.startswith("_"))
CALL = re.compile(rf'tv\.({NAMES})\(("[A-Za-z0-9-]+")?\)')
BUTTON = "▶▶"
# Ids of the team (letters of pathways and competencies apart): learners meet plain names.
IDS = re.compile(r"\b(?:V\d\d|SC-\d\d|RR-\d\d|Q\d\d|M\d\d)\b")


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def cells(path: Path) -> list[dict]:
    return json.loads(path.read_text("utf-8"))["cells"]


def text(cell: dict) -> str:
    return "".join(cell["source"])


def prose(path: Path) -> str:
    return "\n\n".join(text(cell) for cell in cells(path) if cell["cell_type"] == "markdown")


def test_there_are_lessons_exercises_and_sources() -> None:
    assert [path.stem[:2] for path in LESSONS] == ["00", "01", "02", "03", "04", "05"]
    assert [path.name for path in EXERCISES] == [path.name for path in SOURCES] != []


@pytest.mark.parametrize("path", [*LESSONS, *EXERCISES, *SOURCES], ids=name)
def test_a_notebook_is_normalised(path: Path) -> None:
    raw = path.read_text("utf-8")
    book = nbformat.reads(raw, as_version=4)
    nbformat.validate(book)
    assert (book.nbformat, book.nbformat_minor) == (4, 5)
    ids = [cell.id for cell in book.cells]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", cell_id) for cell_id in ids), "cell ids are readable words"
    assert all(not cell.outputs and cell.execution_count is None for cell in book.cells if cell.cell_type == "code")
    assert raw == json.dumps(json.loads(raw), ensure_ascii=False, indent=1, sort_keys=True) + "\n" or path in EXERCISES


@pytest.mark.parametrize("path", [*LESSONS, *EXERCISES], ids=name)
def test_code_is_a_collapsed_call_with_a_line_above_that_says_which_button(path: Path) -> None:
    before = ""
    for cell in cells(path):
        if cell["cell_type"] == "code":
            assert cell["metadata"]["jupyter"]["source_hidden"]
            assert "hide-input" in cell["metadata"]["tags"]
            assert CALL.search(text(cell)), text(cell)
            assert len(text(cell).splitlines()) <= 2
            if "answered(" not in text(cell):
                assert BUTTON in before, f"{cell['id']}: no line above says which button starts it"
        else:
            before = text(cell)


@pytest.mark.parametrize("path", [*LESSONS, *EXERCISES], ids=name)
def test_prose_has_one_title_headings_in_order_one_draft_line_and_no_address(path: Path) -> None:
    found = prose(path)
    levels = [len(mark) for mark in re.findall(r"^(#+) ", found, re.M)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False)), levels
    assert found.lower().count("draft, not clinically reviewed") == 1
    assert not re.search(r"https?://|www\.|<img|<script|<iframe", found)
    assert not IDS.search(found), IDS.search(found)


@pytest.mark.parametrize("path", LESSONS, ids=name)
def test_the_head_says_it_all_in_sixty_words(path: Path) -> None:
    head = text(cells(path)[0])
    words = re.findall(r"[\w'’-]+", head.split("<details>")[0].split("\n", 1)[1])
    assert len(words) <= 60, len(words)
    for wanted in ("minute", "ontent note", "eave"):
        assert wanted in head, wanted


@pytest.mark.parametrize("path", [*LESSONS, *EXERCISES], ids=name)
def test_a_notebook_runs_from_top_to_bottom_without_error_or_warning(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / path.parent.name
    shutil.copytree(path.parent, folder, ignore=shutil.ignore_patterns("answers*", ".*"))
    (tmp_path / ".twovoices").touch()
    monkeypatch.setenv("PYTHONWARNINGS", "error::UserWarning,error::DeprecationWarning:twovoices")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.delenv("TWOVOICES_ANSWERS", raising=False)
    book = nbformat.read(folder / path.name, as_version=4)
    NotebookClient(book, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    shown = 0
    for cell in book.cells:
        for output in cell.get("outputs", ()):
            assert output.output_type != "error"
            assert output.get("name") != "stderr", output.text
            shown += "application/vnd.jupyter.widget-view+json" in output.get("data", {})
            assert "There is no" not in output.get("text", ""), output.text
    assert shown == sum("answered(" not in text(cell) for cell in cells(path) if cell["cell_type"] == "code")
    assert os.listdir(folder).count("answers.jsonl") == 0, "opening a notebook answers nothing"
