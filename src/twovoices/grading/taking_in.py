"""``intake``: every hand-in of an inbox, one bad one never stopping the rest."""

from __future__ import annotations

from pathlib import Path

import msgspec

from ..activities.release import NAME as RELEASE
from ..activities.release import Assessment
from . import intake
from .intake import IntakeError, Manifest, Sent


def run(course: Path, inbox: Path) -> int:
    """Take in an inbox and say what was taken and what a person must look at; returns the exit code."""
    if not inbox.is_dir():
        print(f"There is no folder {inbox}. Put the hand-ins there (one zip each), or name another with --from.")
        return 2
    taken, faults = everything(course, inbox)
    print(f"{len(taken)} hand-ins taken in.")
    for manifest in taken:
        for line in manifest.left:
            print(f"  {manifest.learner}: left out {line}")
    for fault in faults:
        print(f"  To look at: {fault}")
    return 1 if faults else 0


def everything(course: Path, inbox: Path) -> tuple[list[Manifest], list[str]]:
    """Take in whatever lies in an inbox.

    Returns
    -------
    manifests, faults
        A manifest for each learner taken in, and a sentence for each arrival that was not.
    """
    taken: list[Manifest] = []
    faults: list[str] = []
    for path in intake.arrivals(inbox):
        try:
            sent = intake.read_zip(path) if path.suffix == ".zip" else intake.read_folder(path)
            taken.append(one(course, sent))
        except (IntakeError, OSError) as error:
            faults.append(str(error))
    return taken, faults


def one(course: Path, sent: Sent) -> Manifest:
    """Take in one hand-in, into the assignment it names.

    Raises
    ------
    IntakeError
        When it names no released assignment.
    """
    released = released_assignments(course)
    if sent.assignment not in released:
        known = ", ".join(sorted(released)) or "none; run `nbgrader generate_assignment` first"
        raise IntakeError(f"{sent.origin}: it names the assignment {sent.assignment[:80]!r}. Released here: {known}.")
    submitted = course / "submitted" / sent.learner / sent.assignment
    return intake.take_in(course, sent, course / "exercises" / sent.assignment, submitted)


def released_assignments(course: Path) -> dict[str, Assessment]:
    """Released assignments of a course by name."""
    return {
        path.parent.name: msgspec.json.decode(path.read_bytes(), type=Assessment)
        for path in sorted((course / "exercises").glob(f"*/{RELEASE}"))
    }
