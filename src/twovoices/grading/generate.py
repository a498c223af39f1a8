"""Releasing an assignment: nbgrader's ``generate_assignment`` also writes what the notebook plays."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import find_all_files

from .. import answers
from ..activities import release
from ..activities.release import Source
from . import marking

# Beside notebooks, what may go out to learners as it stands; a copy of a key under another name may not.
MEDIA = {".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".csv", ".css"}
STREWN = {".DS_Store", "Thumbs.db", "desktop.ini"}


class ReleaseAssessment(NbGraderPreprocessor):  # type: ignore[misc]
    """Write ``assessment.json`` into the release; refuse a source that would leak or could not be marked."""

    def preprocess(self, nb: Any, resources: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Check the source folder and add the released file to the notebook's outputs.

        Raises
        ------
        ValueError
            When the source folder holds an answers log (it would be released to learners and overwrite theirs) or a
            file that may hold the key, when the notebook quotes the key, or a marked cell belongs to nothing in it.
        """
        coursedir = self.parent.parent.coursedir  # of the converter that owns the exporter
        folder = Path(
            coursedir.format_path(coursedir.source_directory, ".", resources["nbgrader"]["assignment"])
        ).resolve()
        check_folder(folder, find_all_files(str(folder), [*coursedir.ignore, "*.ipynb"]))
        source = release.read_source(folder)
        check_notebook(nb, source)
        resources.setdefault("outputs", {})[release.NAME] = release.encode(release.release(source))
        return nb, resources


def check_folder(folder: Path, going_out: Iterable[str]) -> None:
    """Refuse a source folder with an answers log, or with a file to go out that is not plainly for learners."""
    stray = sorted(folder.glob(f"{Path(answers.NAME).stem}*.jsonl"))
    if stray:
        raise ValueError(
            f"{stray[0]} is an answers log in a source folder: it would go out to learners and overwrite theirs. "
            "Delete it, then generate again."
        )
    unknown = sorted(path for name in going_out if (path := Path(name)).suffix.lower() not in MEDIA)
    unknown = [path for path in unknown if path.name not in STREWN]
    if unknown:
        raise ValueError(
            f"{unknown[0]} would go out to learners, and it is neither a notebook nor a picture or table. "
            "If it is a copy of a key, delete it; if learners need it, give it one of these endings: "
            f"{', '.join(sorted(MEDIA))}."
        )


def check_notebook(nb: Any, source: Source) -> None:
    """Refuse a notebook that quotes the key, cannot be marked, or never opens one of its conversations."""
    hand_in = marking.read(source, ())
    for cell in nb.cells:
        quoted = next((reason for reason in reasons(source) if reason in cell.source), None)
        if quoted:
            raise ValueError(f"The notebook quotes the key: {quoted[:80]!r}. Take it out, then generate again.")
        found = cell.metadata.get("nbgrader", {})
        if found.get("grade"):
            marking.share(hand_in, found["grade_id"])
    for name in source.cases:
        if not any(marking.opens(cell, name) for cell in nb.cells):
            raise ValueError(
                f"No cell opens the conversation {name}. Add one with tv.play({name!r}), then generate again."
            )


def reasons(source: Source) -> Iterator[str]:
    """Every text that says how good an answer is."""
    for case in source.cases.values():
        for beat in case.beats:
            for option in beat.options:
                yield from filter(None, (option.why, option.better))
        for ending in case.endings:
            yield ending.debrief
    for quiz in source.quizzes.values():
        for question in quiz.questions:
            yield from (option.why for option in question.options if option.why)
