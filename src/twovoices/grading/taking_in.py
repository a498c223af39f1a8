"""``intake``: every hand-in of an inbox, one bad one never stopping the rest."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from ..activities.release import NAME as RELEASE
from . import arrivals, intake
from .arrivals import IntakeError, Sent, shown
from .intake import Manifest

LEFT_SHOWN = 3


class Outcome(msgspec.Struct):
    """What became of an inbox.

    Attributes
    ----------
    taken
        A manifest for each learner taken in.
    refused
        A sentence for each arrival that was not taken in: nobody marks these until a person acts.
    look
        A sentence for each thing in those taken in that a person should look at; they can be marked.
    """

    taken: list[Manifest] = []
    refused: list[str] = []
    look: list[str] = []


def run(course: Path, inbox: Path) -> int:
    """Take in an inbox and say what was taken and what a person must look at; returns the exit code."""
    if not inbox.is_dir():
        _say(f"There is no folder {inbox}. Put the hand-ins there (one zip each), or name another with --from.")
        return 2
    outcome = everything(course, inbox)
    for line in page(outcome):
        _say(line)
    return 1 if outcome.refused or outcome.look else 0


def page(outcome: Outcome) -> Iterator[str]:
    """The last page, in plain words: what was left behind, then what a person must look at."""
    left = [manifest for manifest in outcome.taken if manifest.left]
    if left:
        yield "Left behind, as it should be (nothing to do):"
    for manifest in left:
        more = f"; and {len(manifest.left) - LEFT_SHOWN} more" if len(manifest.left) > LEFT_SHOWN else ""
        yield f"  {manifest.learner}: {'; '.join(manifest.left[:LEFT_SHOWN])}{more}"
    yield f"{len(outcome.taken)} taken in, {len(outcome.refused)} not."
    if outcome.refused:
        yield "NOT TAKEN IN, and not marked until you act:"
        yield from (f"  {line}" for line in outcome.refused)
    if outcome.look:
        yield "Taken in; please look at:"
        yield from (f"  {line}" for line in outcome.look)
    yield from (f"Next: nbgrader autograde {name}" for name in sorted({m.assignment for m in outcome.taken}))


def everything(course: Path, inbox: Path | Iterable[Path], read: Callable[[Path], Sent] = arrivals.read) -> Outcome:
    """Take in whatever lies in an inbox, or the arrivals named; ``read`` may settle whose each is."""
    outcome = Outcome()
    # Once through for who is named by what, so that no hand-in can take another's place by coming first.
    claims: dict[tuple[str, str], list[tuple[Path, str]]] = defaultdict(list)
    for path in arrivals.arrivals(inbox) if isinstance(inbox, Path) else inbox:
        try:
            sent = read(path)
            claims[sent.learner.casefold(), sent.assignment].append((path, sent.learner))
        except Exception as error:  # whatever one arrival does, the others are taken in
            outcome.refused.append(_told(path, error))
    shared = _Shared(course)
    for (_, assignment), claimed in claims.items():
        chosen = _chosen(course, assignment, claimed, outcome)
        if chosen is None:
            continue
        try:
            manifest = one(course, read(chosen))
        except Exception as error:
            outcome.refused.append(_told(chosen, error))
            continue
        outcome.taken.append(manifest)
        outcome.look += [f"{manifest.learner}: {line}" for line in (*manifest.look, *shared.add(manifest))]
        if manifest.learner.casefold() not in manifest.origin.casefold():
            outcome.look.append(
                f"{manifest.learner}: it came as {manifest.origin}, which does not name them. Make sure whose it is."
            )
    return outcome


def one(course: Path, sent: Sent) -> Manifest:
    """Take in one hand-in, into the assignment it names.

    Raises
    ------
    IntakeError
        When it names no released assignment.
    """
    released = sorted(path.parent.name for path in (course / "exercises").glob(f"*/{RELEASE}"))
    if sent.assignment not in released:
        known = ", ".join(released) or "none; run `nbgrader generate_assignment` first"
        raise IntakeError(
            f"{sent.origin}: it names the assignment {shown(sent.assignment)!r}, which is not released here. Released: {known}."
        )
    submitted = course / "submitted" / sent.learner / sent.assignment
    return intake.take_in(course, sent, course / "exercises" / sent.assignment, submitted)


def _chosen(course: Path, assignment: str, claimed: Sequence[tuple[Path, str]], outcome: Outcome) -> Path | None:
    """Which of several arrivals that name one learner is taken: the one that is in already or bears their name.

    Where that does not decide, none is: a person can tell who sent what, a program cannot.
    """
    if len(claimed) == 1:
        return claimed[0][0]
    learner = claimed[0][1]
    plain = all(map(intake.LEARNER.fullmatch, (learner, assignment)))
    before = intake.load_manifest(course, assignment, learner) if plain else None
    known = [path for path, _ in claimed if before is not None and shown(path.name) == before.origin]
    named = [path for path, name in claimed if path.name in (name, f"{name}.zip", f"{name}-{assignment}.zip")]
    choice = next((found[0] for found in (known, named) if len(found) == 1), None)
    names = ", ".join(shown(path.name) for path, _ in claimed)
    for path, name in claimed:
        if path != choice:
            outcome.refused.append(
                f"{shown(path.name)}: {shown(name)} is named by several hand-ins ({names}); "
                + (f"{shown(choice.name)} was taken. " if choice else "none was taken. ")
                + "Keep the right one in the inbox."
            )
    return choice


class _Shared:
    """Finds attempts that two learners handed in: ids are random, so that is one log handed in twice."""

    def __init__(self, course: Path) -> None:
        self._course = course
        self._known: dict[str, dict[str, str]] = {}

    def add(self, manifest: Manifest) -> list[str]:
        """Remember a hand-in; a sentence when someone else's holds the same attempts."""
        if manifest.assignment not in self._known:
            before = intake.manifests(self._course, manifest.assignment)
            self._known[manifest.assignment] = {name: found.learner for found in before for name in found.attempts}
        known = self._known[manifest.assignment]
        others = {known.setdefault(name, manifest.learner) for name in manifest.attempts} - {manifest.learner}
        return [f"its answers are also in the hand-in of {name}" for name in sorted(others)]


def _told(path: Path, error: Exception) -> str:
    """An error as a sentence that names the arrival."""
    if isinstance(error, IntakeError):
        return str(error)
    reason = error.strerror if isinstance(error, OSError) and error.strerror else f"{type(error).__name__}: {error}"
    return f"{shown(path.name)}: it could not be taken in ({shown(reason)}). Ask the learner to hand in again."


def _say(line: str) -> None:
    """Print, whatever the terminal can show."""
    encoding = sys.stdout.encoding or "utf-8"
    print(line.encode(encoding, "backslashreplace").decode(encoding))
