"""Releasing an assignment: nbgrader's ``generate_assignment`` also writes what the notebook plays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.preprocessors import NbGraderPreprocessor

from .. import answers
from ..activities import release
from . import marking


class ReleaseAssessment(NbGraderPreprocessor):  # type: ignore[misc]
    """Write ``assessment.json`` into the release; refuse a source that would leak or could not be marked."""

    def preprocess(self, nb: Any, resources: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Check the source folder and add the released file to the notebook's outputs.

        Raises
        ------
        ValueError
            When the source folder holds an answers log (it would be released to learners and overwrite theirs), or a
            marked cell belongs to nothing in the source.
        """
        coursedir = self.parent.parent.coursedir  # of the converter that owns the exporter
        folder = Path(
            coursedir.format_path(coursedir.source_directory, ".", resources["nbgrader"]["assignment"])
        ).resolve()
        stray = sorted(folder.glob(f"{Path(answers.NAME).stem}*.jsonl"))
        if stray:
            raise ValueError(
                f"{stray[0]} is an answers log in a source folder: it would go out to learners and overwrite theirs. "
                "Delete it, then generate again."
            )
        source = release.read_source(folder)
        hand_in = marking.read(source, ())
        for cell in nb.cells:
            found = cell.metadata.get("nbgrader", {})
            if found.get("grade"):
                marking.share(hand_in, found["grade_id"])
        resources.setdefault("outputs", {})[release.NAME] = release.encode(release.release(source))
        return nb, resources
