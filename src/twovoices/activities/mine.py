"""A learner's own files: where they lie, one zip of all of them, and erasing them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from ..answers import NAME, AnswersError
from ..content.texts import text
from . import kept

PLACES = ("", "exercises/*/")  # of a learner's folder: lessons keep in it, each exercise beside its notebook


def files(folder: Path) -> list[Path]:
    """Every answers log and every kept page of a learner; nothing else in the folder, which may be somebody's home."""
    stem = Path(NAME).stem
    found = [path for place in PLACES for path in folder.glob(f"{place}{stem}*.jsonl")]
    found += [path for place in PLACES for path in folder.glob(f"{place}{kept.FOLDER}/*.html")]
    return sorted(path for path in found if path.is_file() and not path.is_symlink())


def export(folder: Path, day: date) -> Path:
    """Write one zip of all of them into the folder, and say where.

    Raises
    ------
    twovoices.answers.AnswersError
        When it cannot be written.
    """
    path = folder / f"two-voices-my-data-{day.isoformat()}.zip"
    try:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in files(folder):
                archive.write(file, file.relative_to(folder).as_posix())
    except OSError as error:
        raise AnswersError(text("keep.failed", path=path, reason=error.strerror or error)) from error
    return path


def erase(folder: Path) -> Iterator[Path]:
    """Delete all of them, and give each one that could not be deleted."""
    for file in files(folder):
        try:
            file.unlink()
        except OSError:
            yield file
