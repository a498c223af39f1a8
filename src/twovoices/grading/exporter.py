"""The trusted exporter: nbgrader's autograde without the learner's notebook and without a kernel.

nbgrader reads a submission through ``Autograde.exporter_class``. This one builds the notebook from the *released* file
and the gradebook, puts marks and feedback in as outputs, and never opens the ``.ipynb`` under ``submitted/``.
"""

from __future__ import annotations

import functools
import math
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import Execute, NbGraderPreprocessor
from nbgrader.utils import compute_checksum

from ..activities import release
from ..activities.release import Source
from ..content.texts import text
from . import intake, marking, pages
from .marking import HandIn, Unmarked


class TrustedExporter(NotebookExporter):
    """Build the autograded notebook from what the instructor holds and what the learner's log says."""

    def register_preprocessor(self, preprocessor: Any, enabled: bool = False) -> Any:
        """Register as usual, but never one that would run a kernel: its outputs would overwrite the marks."""
        if isinstance(preprocessor, type) and issubclass(preprocessor, Execute):
            return None
        return super().register_preprocessor(preprocessor, enabled)  # type: ignore[no-untyped-call]

    def from_filename(self, filename: str, resources: dict[str, Any] | None = None, **kw: Any) -> Any:
        """Build the notebook for the submission that ``filename`` belongs to.

        Raises
        ------
        twovoices.grading.intake.IntakeError
            When the folder is not exactly what intake wrote: nbgrader then fails that learner alone.
        twovoices.grading.marking.Unmarked
            When a marked cell cannot get exactly one number within its bounds.
        """
        assert resources is not None
        about = resources["nbgrader"]
        converter: Any = self.parent
        coursedir = converter.coursedir
        course = Path(coursedir.root)
        submitted = _path(coursedir, coursedir.submitted_directory, about["student"], about["assignment"])
        events = intake.verified_events(course, submitted, about["assignment"], about["student"])
        source = _source(_path(coursedir, coursedir.source_directory, ".", about["assignment"]))
        released = _path(coursedir, coursedir.release_directory, ".", about["assignment"])
        notebook = nbformat.read(released / f"{about['notebook']}.ipynb", as_version=4)
        with Gradebook(about["db_url"], coursedir.course_id) as gradebook:
            agree(notebook, gradebook, about["notebook"], about["assignment"])
        same_structure(source, released)
        fill(notebook, marking.read(source, events))
        resources.setdefault("metadata", {})
        return self.from_notebook_node(notebook, resources, **kw)  # type: ignore[no-untyped-call]


class CheckMarks(NbGraderPreprocessor):  # type: ignore[misc]
    """Fail closed: just before scores are saved, every marked cell holds exactly one number within its bounds."""

    def preprocess(self, nb: Any, resources: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Raise ``Unmarked`` for a notebook whose marks are not as they should be."""
        for cell in nb.cells:
            found = cell.metadata.get("nbgrader", {})
            if found.get("grade") and not found.get("solution"):
                results = [output for output in cell.get("outputs", ()) if output.output_type == "execute_result"]
                wrong = [o for o in cell.get("outputs", ()) if o.output_type == "error" or o.get("name") == "stderr"]
                if len(results) != 1 or wrong or not _within(results[0], float(found["points"])):
                    raise Unmarked(f"The cell {found['grade_id']} has no single mark within 0 and {found['points']}.")
        return nb, resources


def _within(output: Any, maximum: float) -> bool:
    try:
        value = float(output["data"]["text/plain"])
    except (KeyError, TypeError, ValueError):
        return False
    return math.isfinite(value) and 0 <= value <= maximum


def agree(notebook: Any, gradebook: Any, notebook_id: str, assignment: str) -> None:
    """The released notebook is the one the gradebook recorded when the assignment was generated.

    Raises
    ------
    Unmarked
        When they differ.
    """
    recorded = {cell.name: cell.source for cell in gradebook.find_notebook(notebook_id, assignment).source_cells}
    found = {
        cell.metadata.nbgrader["grade_id"]: cell.source
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id")
    }
    if found != recorded:
        raise Unmarked(
            f"The released notebook {notebook_id} and the gradebook do not agree. Run `nbgrader generate_assignment {assignment} --force`."
        )


def same_structure(source: Source, released: Path) -> None:
    """What learners were given has the structure of the source it is marked by.

    Raises
    ------
    Unmarked
        When they differ: every answer would be passed over as one to another version, and marked 0.
    """
    given = release.find(released)
    wanted = intake.fingerprints(release.release(source))
    found = intake.fingerprints(given) if given else {}
    if found != wanted:
        changed = ", ".join(sorted(name for name in found | wanted if found.get(name) != wanted.get(name)))
        raise Unmarked(
            f"{changed}: the source was changed after the exercise was released. Bring the released version back, or "
            f"generate the assignment again and ask for new hand-ins."
        )


def fill(notebook: Any, hand_in: HandIn) -> None:
    """Put marks, feedback and written work into a released notebook, in place."""
    read: set[str] = set()
    for number, cell in enumerate(notebook.cells, start=1):
        about = cell.metadata.get("nbgrader", {})
        if about.get("grade") and about.get("solution"):
            _fill_written(cell, hand_in, read)
        elif about.get("grade"):
            _fill_marked(cell, hand_in, number)
        elif cell.cell_type == "code":
            _fill_shown(cell, hand_in)


def _fill_written(cell: Any, hand_in: HandIn, read: set[str]) -> None:
    _, item, part = marking.parts(cell.metadata.nbgrader["grade_id"])
    saved = hand_in.writing[item]
    reads = marking.row(saved.written, part).reads
    shown = pages.written_cell(saved, part or "", first=reads not in read)
    if shown is not None:
        read.add(reads)
        cell.source = f"{cell.source}\n\n{shown}"
        if compute_checksum(cell) == cell.metadata.nbgrader.get("checksum"):
            raise Unmarked("A written answer would look unanswered to nbgrader.")


def _fill_marked(cell: Any, hand_in: HandIn, number: int) -> None:
    grade_id = cell.metadata.nbgrader["grade_id"]
    kind, item, part = marking.parts(grade_id)
    share = marking.share(hand_in, grade_id)
    maximum = float(cell.metadata.nbgrader["points"])
    if share is None or not math.isfinite(share) or not 0 <= share <= 1:
        raise Unmarked(f"The cell {grade_id} came to no mark within its bounds.")
    page = (
        pages.quiz_page(hand_in.quizzes[item])
        if kind == "quiz"
        else pages.competency_page(hand_in.talks[item], part or "")
    )
    value = round(maximum * share, 6)
    cell.outputs = [
        nbformat.v4.new_output("display_data", {"text/html": page, "text/plain": text("marked.see_page")}),
        nbformat.v4.new_output("execute_result", {"text/plain": repr(float(value))}, execution_count=number),
    ]
    cell.execution_count = number


def _fill_shown(cell: Any, hand_in: HandIn) -> None:
    """Show the conversation where the learner played it."""
    for name, played in hand_in.talks.items():
        if marking.opens(cell, name):
            page = pages.talk_page(played)
            cell.outputs = [
                nbformat.v4.new_output("display_data", {"text/html": page, "text/plain": text("marked.see_page")})
            ]


def _path(coursedir: CourseDirectory, step: str, student: str, assignment: str) -> Path:
    return Path(coursedir.format_path(step, student, assignment))


@functools.lru_cache(maxsize=4)
def _read_source(folder: Path, state: tuple[tuple[str, int], ...]) -> Source:
    return release.read_source(folder)


def _source(folder: Path) -> Source:
    """A source, read once for a batch and again when one of its files changes."""
    return _read_source(folder, tuple((path.name, path.stat().st_mtime_ns) for path in sorted(folder.glob("*.yaml"))))
