"""No mark rather than a wrong one: each marked cell gives exactly one number within its bounds, or nobody is marked."""

from __future__ import annotations

import math
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest

from twovoices.activities import release
from twovoices.grading.marking import Unmarked

from .scratch import ASSIGNMENT, CASE, QUIZ, REPOSITORY

pytestmark = pytest.mark.filterwarnings("ignore")
SOLUTIONS = REPOSITORY / "solutions" / ASSIGNMENT


def result(value: str) -> Any:
    return nbformat.v4.new_output("execute_result", {"text/plain": value}, execution_count=1)


def check(*outputs: Any, points: float = 10) -> None:
    """What CheckMarks says to one marked cell with these outputs."""
    from twovoices.grading.exporter import CheckMarks

    about = {"grade": True, "solution": False, "grade_id": "mark", "points": points, "locked": True}
    cell = nbformat.v4.new_code_cell("check", metadata={"nbgrader": about}, outputs=list(outputs))
    CheckMarks().preprocess(nbformat.v4.new_notebook(cells=[cell]), {})


@pytest.mark.parametrize("value", ["0.0", "10.0", "7.5", "3"])
def test_one_number_within_bounds_passes(value: str) -> None:
    check(nbformat.v4.new_output("display_data", {"text/html": "<p>Why.</p>"}), result(value))


@pytest.mark.parametrize(
    "value",
    ["nan", "inf", "-inf", "-0.5", "10.01", "1e400", "True", "None", "np.float64(3.5)", "full marks", "", "[5]"],
)
def test_anything_else_than_a_number_within_bounds_is_refused(value: str) -> None:
    with pytest.raises(Unmarked, match=r"mark has no single mark within 0 and 10"):
        check(result(value))


@pytest.mark.parametrize(
    "outputs",
    [
        [],
        [result("5"), result("5")],
        [nbformat.v4.new_output("stream", name="stdout", text="5")],
        [nbformat.v4.new_output("stream", name="stderr", text="a warning"), result("5")],
        [nbformat.v4.new_output("error", ename="E", evalue="e", traceback=[]), result("5")],
        [nbformat.v4.new_output("display_data", {"text/plain": "5"})],
        [nbformat.v4.new_output("execute_result", {"text/html": "5"}, execution_count=1)],
        [nbformat.v4.new_output("execute_result", {"text/plain": ["5", "6"]}, execution_count=1)],
    ],
    ids=["none", "two", "printed", "stderr", "error", "shown", "html", "list"],
)
def test_outputs_that_nbgrader_would_take_for_full_marks_or_none_are_refused(outputs: list[Any]) -> None:
    with pytest.raises(Unmarked):
        check(*outputs)


@pytest.mark.parametrize("share", [None, math.nan, math.inf, -0.1, 1.1])
def test_a_share_out_of_bounds_never_becomes_a_mark(share: float | None, monkeypatch: pytest.MonkeyPatch) -> None:
    from twovoices.grading import exporter, marking

    source = release.read_source(SOLUTIONS)
    hand_in = marking.read(source, ())
    monkeypatch.setattr(marking, "share", lambda hand_in, grade_id: share)
    notebook = nbformat.read(SOLUTIONS / f"{ASSIGNMENT}.ipynb", as_version=4)
    with pytest.raises(Unmarked, match="no mark within its bounds"):
        exporter.fill(notebook, hand_in)


def test_a_cell_that_belongs_to_nothing_is_not_marked() -> None:
    from twovoices.grading import marking

    hand_in = marking.read(release.read_source(SOLUTIONS), ())
    for grade_id in (
        "roleplay-nobody-C4", f"roleplay-{CASE}-C12", f"roleplay-{CASE}", "quiz-none", f"quiz-{QUIZ}-C4",
        "written-m02-written-row-9", "written-none-row-1", "essay", "",
    ):  # fmt: skip
        with pytest.raises(Unmarked):
            marking.share(hand_in, grade_id)


def test_a_source_changed_after_release_marks_nobody(tmp_path: Path) -> None:
    """A level put right after release gives the case another fingerprint: all would be passed over, and marked 0."""
    from twovoices.grading import exporter

    released = tmp_path / "exercises"
    released.mkdir()
    (released / release.NAME).write_bytes(release.encode(release.release(release.read_source(SOLUTIONS))))
    changed = tmp_path / ASSIGNMENT
    shutil.copytree(SOLUTIONS, changed, ignore=shutil.ignore_patterns(".compiled"))
    exporter.same_structure(release.read_source(changed), released)
    file = changed / f"{CASE}.case.yaml"
    words = file.read_text(encoding="utf-8")
    file.write_text(words.replace("title: First meeting", "title: A first meeting"), encoding="utf-8")
    exporter.same_structure(release.read_source(changed), released)  # wording may be put right at any time
    file.write_text(words.replace("    level: 3\n", "    level: 4\n", 1), encoding="utf-8")
    with pytest.raises(Unmarked, match=rf"roleplay:{CASE}: the source was changed after the exercise was released"):
        exporter.same_structure(release.read_source(changed), released)


def test_a_released_notebook_that_the_gradebook_does_not_know_marks_nobody() -> None:
    from nbgrader.api import Gradebook

    from twovoices.grading import exporter

    notebook = nbformat.read(SOLUTIONS / f"{ASSIGNMENT}.ipynb", as_version=4)
    with Gradebook("sqlite://") as gradebook:
        gradebook.add_assignment(ASSIGNMENT)
        gradebook.add_notebook(ASSIGNMENT, ASSIGNMENT)
        with pytest.raises(Unmarked, match=r"do not agree\. Run `nbgrader generate_assignment"):
            exporter.agree(notebook, gradebook, ASSIGNMENT, ASSIGNMENT)
