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

from ..activities import release
from ..activities.release import Source
from . import filling, intake, marking
from .filling import fill, same_structure
from .marking import Unmarked


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
        source = source_of(_path(coursedir, coursedir.source_directory, ".", about["assignment"]))
        released = _path(coursedir, coursedir.release_directory, ".", about["assignment"])
        notebook = nbformat.read(released / f"{about['notebook']}.ipynb", as_version=4)
        with Gradebook(about["db_url"], coursedir.course_id) as gradebook:
            agree(notebook, gradebook, about["notebook"], about["assignment"])
        same_structure(source, released)
        fill(notebook, marking.read(source, events))
        notebook = nbformat.from_dict(notebook)  # its outputs were plain dictionaries
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
    filling.agree(notebook, recorded, notebook_id, assignment)


def _path(coursedir: CourseDirectory, step: str, student: str, assignment: str) -> Path:
    return Path(coursedir.format_path(step, student, assignment))


@functools.lru_cache(maxsize=4)
def _read_source(folder: Path, state: tuple[tuple[str, int], ...]) -> Source:
    return release.read_source(folder)


def source_of(folder: Path) -> Source:
    """A source, read once for a batch and again when one of its files changes."""
    return _read_source(folder, tuple((path.name, path.stat().st_mtime_ns) for path in sorted(folder.glob("*.yaml"))))
