"""What formgrader alone shows: under each rubric row, the four graded samples with their level and the reason for it.

They are added while the page is made and stand in no file: not in the autograded notebook, which could be handed on,
and not in feedback, where they would be a model answer to the next learner.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
from nbconvert.preprocessors import Preprocessor
from nbgrader.coursedir import CourseDirectory

from ..activities.release import Source
from ..activities.written import RubricRow, Sample, read_for
from ..content import store
from . import exporter, marking
from .marking import Unmarked
from .pages import escape

# formgrader's styles take away the mark that tells a fold from a line.
SUMMARY = '<summary style="display:list-item;cursor:pointer">'


class Samples(msgspec.Struct, frozen=True):
    """The samples of one assignment."""

    samples: tuple[Sample, ...] = ()


class SamplesInReach(Preprocessor):
    """Put the samples into a page of formgrader, and into nothing else."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Add the samples to each rubric row, when formgrader asks (only it names a submission to render)."""
        if "submission_id" not in resources or "assignment_id" not in resources:
            return nb, resources
        coursedir = CourseDirectory(parent=self)
        folder = Path(coursedir.format_path(coursedir.source_directory, ".", resources["assignment_id"]))
        path = folder / "samples.yaml"
        if path.is_file():
            samples = store.load_file(path, Samples).samples
            source = exporter.source_of(folder)
            for cell in nb.cells:
                about = cell.metadata.get("nbgrader", {})
                if about.get("grade") and about.get("solution"):
                    cell.source += f"\n\n{_beside(about['grade_id'], source, samples)}"
        return nb, resources


def _beside(grade_id: str, source: Source, samples: tuple[Sample, ...]) -> str:
    try:
        _, item, part = marking.parts(grade_id)
        return fold(source, item, marking.row(source.written[item], part), samples)
    except (Unmarked, KeyError):
        return ""


def fold(source: Source, item: str, row: RubricRow, samples: tuple[Sample, ...]) -> str:
    """The samples for one row, folded; one fold in another for the text that was read."""
    parts = read_for(source.written[item], row)
    blocks = []
    for sample in samples:
        found = sample.rows.get(row.id)
        if found is None:
            continue
        read = "".join(
            f"<p>{escape(sample.formulation if part == 'formulation' else sample.replies.get(part, ''))}</p>"
            for part in parts
        )
        points = f", {found.level * row.weight} points" if row.weight > 1 else ""
        flag = f"<p><em>{escape(sample.flag)}</em></p>" if sample.flag and found.level == 0 else ""
        blocks.append(
            f"<p><strong>Level {found.level}{points}</strong> ({escape(sample.label)}): {escape(found.reason)}</p>{flag}"
            f"<details>{SUMMARY}Read it</summary>{read}</details>"
        )
    if not blocks:
        return ""
    double = "<p>This row counts double: give twice the level.</p>" if row.weight > 1 else ""
    title = f"{SUMMARY}Four graded samples for this row (graders only)</summary>"
    return f"{double}<details>{title}{''.join(blocks)}</details>"
