"""A course in a scratch folder, learners who play in theirs, and nbgrader run on it as an instructor would."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from twovoices.activities import opening, release
from twovoices.activities.release import Source
from twovoices.grading import handing_in
from twovoices.roleplay.model import Beat, Option
from twovoices.view import Ask, Choices, Press

REPOSITORY = Path(__file__).parents[2]
ASSIGNMENT = "02_what_is_not_regret"
CASE, QUIZ, WRITTEN = "ray-wednesday", "m02-judgement", "m02-written"
# A learner's way of choosing: from a moment and what is on offer in it, one of these.
Pick = Callable[[Beat, Sequence[Option]], Option]


def make(course: Path) -> Path:
    """A course of its own: the instructor's side alone, with the repository's own configuration."""
    shutil.copytree(REPOSITORY / "solutions", course / "solutions", ignore=shutil.ignore_patterns(".compiled"))
    shutil.copy(REPOSITORY / "nbgrader_config.py", course)
    (course / "course.py").touch()
    return course


def nbgrader(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run plain nbgrader."""
    return run(course, "-m", "nbgrader", *arguments)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in a folder, with nothing of this process's surroundings that could change what it does."""
    names = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "VIRTUAL_ENV")
    surroundings = {name: os.environ[name] for name in names if name in os.environ}
    surroundings |= {"PYTHONUTF8": "1", "JUPYTER_CONFIG_DIR": str(folder / ".jupyter")}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=surroundings,
        capture_output=True,
        text=True,
        errors="backslashreplace",
        timeout=300,
        check=False,
    )


def best(beat: Beat, options: Sequence[Option]) -> Option:
    """The best reply on offer."""
    return max(options, key=lambda option: option.level)


def level(wanted: int) -> Pick:
    """The reply of one level at every moment."""

    def pick(beat: Beat, options: Sequence[Option]) -> Option:
        return next(option for option in options if option.level == wanted)

    return pick


def instead(at: str, option_id: str, otherwise: Pick = best) -> Pick:
    """One reply at one moment, another way of choosing everywhere else."""

    def pick(beat: Beat, options: Sequence[Option]) -> Option:
        if beat.id == at:
            return next(option for option in options if option.id == option_id)
        return otherwise(beat, options)

    return pick


@dataclass
class Learner:
    """A learner with a copy of the exercise, who answers through the same pages as in a notebook."""

    name: str
    home: Path
    source: Source
    assignment: str = ASSIGNMENT
    moves: list[list[tuple[str, Option]]] = field(default_factory=list)
    given: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, course: Path, homes: Path, assignment: str = ASSIGNMENT) -> Learner:
        """A learner who has been given what is released."""
        home = homes / name
        shutil.copytree(course / "exercises", home / "exercises")
        return cls(name, home, release.read_source(course / "solutions" / assignment), assignment)

    @property
    def folder(self) -> Path:
        """The learner's copy of the exercise."""
        return self.home / "exercises" / self.assignment

    def play(self, pick: Pick, moments: int = 100) -> None:
        """Begin the conversation anew and play it, or so many moments of it."""
        (name,) = self.source.cases
        case, compiled = self.source.cases[name], self.source.compiled[name]
        back = {released: authored for authored, released in compiled.option_ids.items()}
        page = opening.roleplay(name, self.folder)
        talk: Any = page.activity
        talk.fresh = True
        page.press(Press(do="begin", value="straight"))
        moves: list[tuple[str, Option]] = []
        self.moves.append(moves)
        while len(moves) < moments and (offer := _offer(page)) is not None:
            if isinstance(offer, Ask):
                page.press(Press(do="worded", fields={offer.key: "My own words."}))
                continue
            beat = case.beat(back[offer.options[0].id][0])
            options = {
                id_: next(o for o in beat.options if o.id == back[id_][1]) for id_ in (c.id for c in offer.options)
            }
            chosen = pick(beat, list(options.values()))
            page.press(Press(do=offer.do, value=next(id_ for id_, option in options.items() if option is chosen)))
            if offer.do == "reply":
                moves.append((beat.id, chosen))

    def answer(self, which: Callable[[Any], Any]) -> None:
        """Answer every question; ``which`` chooses from a question of the source."""
        ((name, quiz),) = self.source.quizzes.items()
        page = opening.quiz(name, self.folder)
        for question in quiz.questions:
            option = which(question)
            page.press(Press(do=f"answer:{question.id}", value=release.quiz.released_id(quiz, question, option.id)))
            self.given[question.id] = option.id

    def write(self, **parts: str) -> None:
        """Save parts of the written work; underscores in names stand for hyphens."""
        page = opening.written(next(iter(self.source.written)), self.folder)
        for name, words in parts.items():
            part = name.replace("_", "-")
            box = next(b.key for b in page.show().blocks if isinstance(b, Ask) and b.key.startswith(f"box-{part}"))
            page.press(Press(do="save", value=part, fields={box: words}))

    def hand_in(self, inbox: Path) -> Path:
        """Hand in as ``course.py hand-in`` does."""
        with contextlib.chdir(self.home), open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
            assert handing_in.run(self.assignment[:2], self.name, inbox) == 0
        return inbox / f"{self.name}-{self.assignment}.zip"


def _offer(page: opening.Page) -> Ask | Choices | None:
    """What a moment asks for last on its page: own words, or one of some replies."""
    blocks = [block for block in page.show().blocks if isinstance(block, (Ask, Choices))]
    return blocks[-1] if blocks else None


def defensible(number: int) -> Callable[[Any], Any]:
    """The first or second answer of a question that can be defended."""
    return lambda question: [option for option in question.options if option.defensible][number]


def wrong(question: Any) -> Any:
    """An answer that cannot be defended."""
    return next(option for option in question.options if not option.defensible)


def by_hand(
    course: Path,
    moves: Sequence[tuple[str, Option]],
    assignment: str = ASSIGNMENT,
    maxima: dict[str, int] | None = None,
) -> dict[str, float]:
    """Points of each competency, worked out from the file's levels and nothing of the course's own scoring.

    A beat without a condition is met on every path; its level counts for its competency, 0 where it was not reached.
    A critical error that stands at the end makes its competency 0.
    """
    (file,) = (course / "solutions" / assignment).glob("*.case.yaml")
    case = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert not any("goto" in option for beat in case["beats"] for option in beat["options"])
    spine = {beat["id"]: beat["focus"] for beat in case["beats"] if "needs" not in beat}
    standing: set[str] = set()
    for _, option in moves:
        standing -= {name for name, error in case["critical_errors"].items() if error.get("mended_by") in option.sets}
        standing |= {option.error} - {None}
    spoiled = {case["critical_errors"][name]["competency"] for name in standing}
    points = {}
    for competency, maximum in (maxima or {"C4": 15, "C2": 10, "C5": 10}).items():
        levels = [option.level for beat, option in moves if spine.get(beat) == competency]
        most = 4 * sum(focus == competency for focus in spine.values())
        points[competency] = 0.0 if competency in spoiled else maximum * sum(levels) / most
    return points


def strings(value: Any) -> Iterator[str]:
    """Every text in a value read from YAML or JSON, keys left out."""
    if isinstance(value, str):
        yield value.strip()
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
