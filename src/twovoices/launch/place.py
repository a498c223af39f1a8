"""Where the course's folders are, and how a problem with them is told."""

from pathlib import Path

START_PAGE = "notebooks/00_start_here.ipynb"
ANSWERS = "answers.jsonl"
MARKER = ".twovoices"


class Problem(Exception):
    """What was wrong, where, and what to do, in words for a person."""


def course() -> Path:
    """Return the course's folder, the one that holds ``course.py``.

    Raises
    ------
    Problem
        If the package runs from somewhere else, as when it was installed from a wheel.
    """
    folder = Path(__file__).parents[3]
    if not (folder / "course.py").exists():
        raise Problem(f"The course's folder was not found (looked in {folder}). Start from the folder that holds course.py.")
    return folder
