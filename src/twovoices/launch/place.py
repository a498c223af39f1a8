"""Where the course's folders are, and how a problem with them is told."""

from pathlib import Path

from ..content import store

START_PAGE = "notebooks/00_start_here.ipynb"


class Problem(Exception):
    """What was wrong, where, and what to do, in words for a person."""


def course() -> Path:
    """Return the course's folder, the one that holds ``course.py``.

    Raises
    ------
    Problem
        If the package runs from somewhere else, as when it was installed from a wheel.
    """
    folder = store.repository()
    if folder is None:
        raise Problem("The course's folder was not found. Start from the folder that holds course.py and data.")
    return folder
