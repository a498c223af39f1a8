"""What goes out to learners: the committed exercises, byte for byte, and nothing that says how good an answer is."""

from __future__ import annotations

import difflib
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from twovoices.roleplay.script import Script

from . import scratch
from .conftest import Graded
from .scratch import ASSIGNMENT, REPOSITORY, strings

pytestmark = pytest.mark.filterwarnings("ignore")
# Keys of the instructor's files that have no business in a release.
RANKING = {
    "level", "why", "better", "effects", "sets", "lands", "error", "costs", "needs", "when", "road", "rank", "debrief",
    "inner", "critical", "focus", "defensible", "state", "flags", "critical_errors", "also_missed", "references",
}  # fmt: skip


def released_files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_exercises_are_current(graded: Graded) -> None:
    made = released_files(graded.course / "exercises" / ASSIGNMENT)
    committed = released_files(REPOSITORY / "exercises" / ASSIGNMENT)
    differing = [name for name in sorted(made | committed) if made.get(name) != committed.get(name)]
    lines: list[str] = []
    for name in differing:
        sides = [files.get(name, b"").decode().splitlines() for files in (committed, made)]
        lines += list(
            difflib.unified_diff(
                *sides, f"exercises/{ASSIGNMENT}/{name}", "what solutions/ gives now", lineterm="", n=1
            )
        )[:40]
    mend = f"Run `nbgrader generate_assignment {ASSIGNMENT} --force` and commit exercises/."
    assert not differing, "\n".join([mend, *lines])


def test_the_release_holds_the_notebook_and_what_it_plays_and_nothing_else(graded: Graded) -> None:
    assert graded.said["generate"].returncode == 0, graded.said["generate"].stderr
    wanted = {f"{ASSIGNMENT}/{ASSIGNMENT}.ipynb", f"{ASSIGNMENT}/assessment.json"}
    assert set(released_files(graded.course / "exercises")) == wanted


def test_the_released_notebook_has_no_solution_and_no_output(graded: Graded) -> None:
    raw = (graded.course / "exercises" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_text(encoding="utf-8")
    assert "BEGIN SOLUTION" not in raw
    assert "samples.yaml" not in raw
    assert not any(cell.get("outputs") for cell in json.loads(raw)["cells"])


def test_nothing_in_the_release_ranks_an_answer(graded: Graded) -> None:
    released = json.loads((graded.course / "exercises" / ASSIGNMENT / "assessment.json").read_bytes())
    keys: set[str] = set()

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            keys.update(value)
        for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            walk(inner)

    walk({name: part for name, part in released.items() if name != "written"})
    assert keys & RANKING == set()


def test_no_text_or_id_of_the_key_is_in_the_release(graded: Graded) -> None:
    everything = "\n".join(raw.decode() for raw in released_files(graded.course / "exercises").values())
    folder = graded.course / "solutions" / ASSIGNMENT
    case = yaml.safe_load((folder / f"{scratch.CASE}.case.yaml").read_text(encoding="utf-8"))
    key = yaml.safe_load((folder / "key.yaml").read_text(encoding="utf-8"))
    samples = yaml.safe_load((folder / "samples.yaml").read_text(encoding="utf-8"))
    secret: list[str] = []
    authored: list[str] = []
    for beat in case["beats"]:
        authored.append(beat["id"])
        for line in beat["client"]:
            secret += strings(line["inner"])
        for option in beat["options"]:
            authored.append(option["id"])
            secret += [option[name] for name in ("why", "better", "costs") if name in option]
    secret += [text for ending in case["endings"] for text in (ending["debrief"], *strings(ending.get("inner", {})))]
    authored += [*case["flags"], *case["critical_errors"], *(ending["id"] for ending in case["endings"])]
    for question in key["questions"]:
        authored += [option["id"] for option in question["options"]]
        secret += [option["why"] for option in question["options"]]
    secret += [text for text in strings(samples) if len(text) > 40]
    assert len(secret) > 200
    as_quoted = {text: json.dumps(text, ensure_ascii=False)[1:-1] for text in secret}
    assert [text for text, quoted in as_quoted.items() if text in everything or quoted in everything] == []
    ids = set(authored) - set(Script.__struct_fields__)  # a moment may be called "minutes" too
    assert [name for name in sorted(ids) if f'"{name}"' in everything] == []
    assert not re.search(r'"defensible"|"level"', everything)


def test_a_source_folder_with_an_answers_log_is_not_released(graded: Graded) -> None:
    refused = graded.said["generate, stray log"]
    assert refused.returncode != 0
    assert "answers-copy.jsonl is an answers log in a source folder" in refused.stderr


def test_a_copy_of_a_key_under_another_name_is_not_released(tmp_path: Path) -> None:
    from nbgrader.utils import find_all_files

    from twovoices.grading import generate

    folder = tmp_path / ASSIGNMENT
    shutil.copytree(REPOSITORY / "solutions" / ASSIGNMENT, folder)
    ignored = _configuration(REPOSITORY / "nbgrader_config.py").CourseDirectory.ignore

    def going_out() -> list[str]:
        return find_all_files(str(folder), [*ignored, "*.ipynb"])

    generate.check_folder(folder, going_out())
    for name in ("key.yaml.bak", "Copy of key.yaml.txt", "ray-wednesday.case.yaml~", ".key.yaml.swp", "notes.md"):
        (folder / name).write_text("the key")
        with pytest.raises(ValueError, match="would go out to learners"):
            generate.check_folder(folder, going_out())
        (folder / name).unlink()
    (folder / "picture.png").touch()
    (folder / ".DS_Store").touch()
    generate.check_folder(folder, going_out())


def test_a_notebook_that_quotes_the_key_or_misses_a_conversation_is_not_released() -> None:
    import nbformat

    from twovoices.grading import generate
    from twovoices.grading.marking import Unmarked

    folder = REPOSITORY / "solutions" / ASSIGNMENT
    source = scratch.release.read_source(folder)

    def notebook() -> Any:
        return nbformat.read(folder / f"{ASSIGNMENT}.ipynb", as_version=4)

    generate.check_notebook(notebook(), source)
    quoting = notebook()
    quoting.cells[0].source += source.cases[scratch.CASE].beats[3].options[1].why
    with pytest.raises(ValueError, match="quotes the key"):
        generate.check_notebook(quoting, source)
    silent = notebook()
    silent.cells = [cell for cell in silent.cells if "tv.play(" not in cell.source]
    with pytest.raises(ValueError, match="No cell opens the conversation"):
        generate.check_notebook(silent, source)
    renamed = notebook()
    next(c for c in renamed.cells if "points" in c.metadata.get("nbgrader", {})).metadata.nbgrader.grade_id = "quiz-no"
    with pytest.raises(Unmarked, match="belongs to nothing"):
        generate.check_notebook(renamed, source)


def _configuration(path: Path) -> Any:
    from traitlets.config import PyFileConfigLoader

    return PyFileConfigLoader(path.name, str(path.parent)).load_config()
