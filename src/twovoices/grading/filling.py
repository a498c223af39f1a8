"""Filling a released notebook with one learner's marks and feedback: pure, over plain notebook dictionaries.

The exporter that plain nbgrader calls and the batch grader share it. nbformat's nodes are dictionaries too, so it takes
either; it imports neither nbformat nor nbgrader, which take longer to load than a hundred hand-ins take to mark.
"""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path
from typing import Any

from ..activities import release
from ..activities.release import Source
from ..activities.written import read_for
from ..content.texts import text
from . import intake, marking, pages
from .marking import HandIn, Unmarked


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


def agree(notebook: Any, recorded: dict[str, str], notebook_id: str, assignment: str) -> None:
    """The released notebook is the one whose cell sources the gradebook recorded when the assignment was generated.

    Raises
    ------
    Unmarked
        When they differ.
    """
    found = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell["source"]
        for cell in notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("grade_id")
    }
    if found != recorded:
        raise Unmarked(
            f"The released notebook {notebook_id} and the gradebook do not agree. Run `nbgrader generate_assignment {assignment} --force`."
        )


def read(raw: bytes) -> Any:
    """A notebook's bytes as a dictionary whose texts are whole, as nbformat reads it."""
    notebook = json.loads(raw)
    for cell in notebook["cells"]:
        if isinstance(cell["source"], list):
            cell["source"] = "".join(cell["source"])
    return notebook


def fill(notebook: Any, hand_in: HandIn) -> None:
    """Put marks, feedback and written work into a released notebook, in place."""
    read: set[str] = set()
    for number, cell in enumerate(notebook["cells"], start=1):
        about = cell["metadata"].get("nbgrader", {})
        if about.get("grade") and about.get("solution"):
            _fill_written(cell, hand_in, read)
        elif about.get("grade"):
            _fill_marked(cell, hand_in, number)
        elif cell["cell_type"] == "code":
            _fill_shown(cell, hand_in)


def _fill_written(cell: Any, hand_in: HandIn, read: set[str]) -> None:
    about = cell["metadata"]["nbgrader"]
    _, item, part = marking.parts(about["grade_id"])
    saved = hand_in.writing[item]
    parts = set(read_for(saved.written, marking.row(saved.written, part)))
    shown = pages.written_cell(saved, part or "", first=not parts <= read)
    if shown is not None:
        read |= parts
        cell["source"] = f"{cell['source']}\n\n{shown}"
        if checksum(cell) == about.get("checksum"):
            raise Unmarked("A written answer would look unanswered to nbgrader.")


def _fill_marked(cell: Any, hand_in: HandIn, number: int) -> None:
    grade_id = cell["metadata"]["nbgrader"]["grade_id"]
    kind, item, part = marking.parts(grade_id)
    share = marking.share(hand_in, grade_id)
    maximum = float(cell["metadata"]["nbgrader"]["points"])
    if share is None or not math.isfinite(share) or not 0 <= share <= 1:
        raise Unmarked(f"The cell {grade_id} came to no mark within its bounds.")
    page = (
        pages.quiz_page(hand_in.quizzes[item])
        if kind == "quiz"
        else pages.competency_page(hand_in.talks[item], part or "")
    )
    value = round(maximum * share, 6)
    cell["outputs"] = [
        _shown(page),
        {
            "output_type": "execute_result",
            "metadata": {},
            "data": {"text/plain": repr(float(value))},
            "execution_count": number,
        },
    ]
    cell["execution_count"] = number


def _fill_shown(cell: Any, hand_in: HandIn) -> None:
    """Show the conversation where the learner played it."""
    for name, played in hand_in.talks.items():
        if marking.opens(cell, name):
            cell["outputs"] = [_shown(pages.talk_page(played))]


def _shown(page: str) -> dict[str, Any]:
    return {
        "output_type": "display_data",
        "metadata": {},
        "data": {"text/html": page, "text/plain": text("marked.see_page")},
    }


def checksum(cell: Any) -> str:
    """A cell's checksum as nbgrader computes it (``nbgrader.utils.compute_checksum``, held to it by a test).

    nbgrader takes a manual cell with its released checksum for unanswered and gives it 0.
    """
    about = cell["metadata"]["nbgrader"]
    grade, solution = about.get("grade", False), about.get("solution", False)
    locked = not solution and (bool(grade) or about.get("locked", False))
    words = [cell["source"], cell["cell_type"], str(grade), str(solution), str(locked), about["grade_id"]]
    if grade:
        words.append(str(float(about["points"])))
    return hashlib.md5("".join(words).encode(), usedforsecurity=False).hexdigest()
