"""``hand-in NN``: pack one exercise's answers, after saying what goes and what does not."""

from __future__ import annotations

import sys
from pathlib import Path

from .. import __version__
from ..activities import opening, release
from ..activities.release import Assessment
from ..answers import Answers, locate
from ..content import store
from ..content.texts import text
from . import intake


def run(number: str, learner: str, to: Path | None) -> int:
    """Pack an exercise; returns the exit code.

    Parameters
    ----------
    number
        Beginning of the exercise's folder name, for example ``02``.
    learner
        The learner's id; asked for when empty.
    to
        Folder for the zip; beside the exercise when ``None``.
    """
    folder = find(number)
    if folder is None:
        print(text("handin.nowhere", number=number), file=sys.stderr)
        return 2
    assessment = release.find(folder)
    assert assessment is not None
    log = Answers(locate(folder).path).read()
    print(text("handin.goes", title=assessment.assignment))
    for line in standing(assessment, folder):
        print(f"  {line}")
    print(text("handin.stays"))
    for line in log.unread:
        print(f"  ! {line}")
    while not intake.is_learner(learner):
        if learner:
            print(text("handin.bad_id"))
        try:
            learner = input(text("handin.ask_id")).strip()
        except EOFError:
            print(text("handin.no_id"), file=sys.stderr)
            return 2
    path = (to or folder) / f"{learner}-{assessment.assignment}.zip"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(intake.pack(learner, assessment, log.events, __version__))
    except OSError as error:
        print(text("handin.failed", path=path, reason=error.strerror or error), file=sys.stderr)
        return 2
    print(text("handin.done", path=path))
    return 0


def find(number: str) -> Path | None:
    """The exercise's folder: under the current folder, in the learner's copy, in the course.

    The course's own ``exercises/`` comes last: it is what learners are given, and no learner's answers are in it.
    """
    top, here = store.repository(), Path.cwd()
    places = [here / "exercises", here]
    if top is not None:
        copy = [top / "work" / "exercises"]
        places = [*copy, *places] if here == top else [*places, *copy, top / "exercises"]
    for place in places:
        for folder in sorted(place.glob(f"{number}*")):
            if (folder / release.NAME).is_file():
                return folder
    return None


def standing(assessment: Assessment, folder: Path) -> list[str]:
    """What of an exercise is there, a line for each part; never how good it is."""
    written = [
        name for name, marked in assessment.written.items() if marked.written and not marked.written.self_checked
    ]
    items = [*assessment.roleplays, *assessment.quizzes, *written]
    return [opening.answered(item, folder) for item in items]
