"""Grading a kit, and looking for what must not have happened. Each check gives a sentence, or nothing where all is well."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any

from ..grading.scratch import ASSIGNMENT
from .kit import SECRET, Kit, Row

STEPS = ("submitted", "autograded", "feedback")
OURS = {"submitted": {"answers.jsonl", "timestamp.txt", f"{ASSIGNMENT}.ipynb"}}
OURS["autograded"] = {"timestamp.txt", f"{ASSIGNMENT}.ipynb"}
OURS["feedback"] = {"timestamp.txt", f"{ASSIGNMENT}.html"}
# What the kit's markup looks like where a browser would act on it, and nowhere in a page of ours.
LIVE = ["<script>alert", "<iframe", r"<img[^>]*onerror", r"<a[^>]*javascript:", r"<style>body{display"]
MEMORY_MAX = 400 * 2**20


@dataclass
class Batch:
    """A kit that has been through intake, marking and feedback, and what is known of it."""

    kit: Kit
    honest: dict[str, dict[str, float]]
    handed_in: dict[str, set[str]] = field(default_factory=dict)
    canary: str = ""
    intake: str = ""
    peak: int = 0
    marking: str = ""
    fed_back: bool = True
    points: dict[str, dict[str, float | None]] = field(default_factory=dict)
    waiting: dict[str, set[str]] = field(default_factory=dict)
    late: dict[str, float] = field(default_factory=dict)
    comments: dict[str, set[str | None]] = field(default_factory=dict)

    def read_gradebook(self) -> None:
        """Read everyone's rows once."""
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.kit.course / 'gradebook.db'}", "two-voices") as gradebook:
            for submission in gradebook.assignment_submissions(ASSIGNMENT):
                name = submission.student.id
                grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
                self.points[name] = {grade.name: grade.auto_score for grade in grades}
                self.waiting[name] = {grade.name for grade in grades if grade.needs_manual_grade}
                self.late[name] = submission.total_seconds_late
                comments = [comment for notebook in submission.notebooks for comment in notebook.comments]
                self.comments[name] = {comment.comment for comment in comments}

    def files(self, learner: str, *steps: str) -> Iterator[tuple[str, Path]]:
        """A learner's files, as ``(step, path)``; nothing for an id that is no name of a folder."""
        if not re.fullmatch(r"\w[\w.-]{0,200}", learner):
            return
        for step in steps or STEPS:
            folder = self.kit.course / step / learner / ASSIGNMENT
            if not folder.is_symlink() and not folder.parent.is_symlink():
                yield from ((step, path) for path in sorted(folder.rglob("*")))

    def texts(self, learner: str, *steps: str) -> Iterator[str]:
        """Text of a learner's files; a notebook's as it is read, not as JSON quotes it."""
        for _, path in self.files(learner, *steps):
            if path.is_file() and not path.is_symlink():
                text = path.read_text(encoding="utf-8", errors="replace")
                yield from (
                    _cells(json.loads(text)) if path.suffix == ".ipynb" and path.stat().st_mode & 0o444 else [text]
                )


def _cells(notebook: Any) -> Iterator[str]:
    for cell in notebook["cells"]:
        yield "".join(cell["source"])
        for output in cell.get("outputs", ()):
            yield from ("".join(words) for words in output.get("data", {}).values())


def tree(folder: Path) -> dict[str, str]:
    """Every file of a folder with a hash of what it holds."""
    found = {}
    for path in sorted(folder.rglob("*")):
        held = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
        found[path.relative_to(folder).as_posix()] = held
    return found


def problems(batch: Batch, row: Row) -> list[str]:
    """Everything that is not as the row says."""
    found = [_mark(batch, row), _told(batch, row), _honest(batch)]
    found += [CHECKS[name](batch, row) for name in ("outside", "imported", *row.absent)]
    return [sentence for sentence in found if sentence]


def _mark(batch: Batch, row: Row) -> str:
    given = batch.points.get(row.id)
    marked = any(batch.files(row.id, "autograded"))
    if row.mark is None:
        if given is not None and any(points is not None for points in given.values()):
            return f"marked {given}, and nobody may be"
        lies_there = given is not None and (batch.kit.course / "submitted" / row.id).exists()
        if given is not None and not lies_there:  # nbgrader makes an empty row for whatever lies under submitted/
            return "has a row in the gradebook"
        return "an autograded notebook was left" if marked and row.id not in batch.honest else ""
    if given is None or not marked:
        return "not marked"
    total = sum(points or 0 for points in given.values())
    if abs(total - row.mark) > 1e-5:
        return f"marked {total}, not {row.mark}"
    waiting = {name for name in batch.waiting[row.id] if name.startswith("written")}
    return "" if bool(waiting) == row.waits else f"written work that waits: {sorted(waiting)}"


def _told(batch: Batch, row: Row) -> str:
    said = batch.marking if row.meddle else batch.intake
    near = [line for line in said.splitlines() if row.message in line]
    named = [line for line in near if row.name in line or row.id in line] if not row.meddle else near
    if not row.message:
        loud = [line for line in _last_page(batch.intake) if re.match(rf"  {row.name}(\.zip)?:", line)]
        return f"said without need: {loud}" if loud else ""
    return "" if named else f"nobody was told {row.message!r}"


def _last_page(said: str) -> list[str]:
    """What a person is asked to look at."""
    return said[said.index(" taken in, ") :].splitlines() if " taken in, " in said else []


def _honest(batch: Batch) -> str:
    for name, wanted in batch.honest.items():
        given = batch.points.get(name, {})
        if any(abs((given.get(cell) or 0) - points) > 1e-5 for cell, points in wanted.items()):
            return f"{name}, who is honest, was marked {given}"
        if batch.late.get(name) != 0:
            return f"{name}, who is honest, is late"
        log = batch.kit.course / "submitted" / name / ASSIGNMENT / "answers.jsonl"
        if event_ids(log.read_bytes()) != batch.handed_in[name]:
            return f"{name}, who is honest, has other answers"
    return ""


def event_ids(log: bytes) -> set[str]:
    """Ids of a log's events."""
    return {json.loads(line)["id"] for line in log.splitlines()}


def _outside(batch: Batch, row: Row) -> str:
    here = {path.name for path in batch.kit.sandbox.iterdir()}
    if here != {"course", "outside"}:
        return f"written beside the course: {sorted(here)}"
    now = json.dumps(tree(batch.kit.outside))
    if now != batch.canary:
        return f"written outside: {now}"
    known = {
        "course.py",
        "nbgrader_config.py",
        "gradebook.db",
        "solutions",
        "exercises",
        "inbox",
        "submitted",
        ".intake",
    }
    known |= {"autograded", "feedback", ".nbgrader.log", ".jupyter"}
    more = {path.name for path in batch.kit.course.iterdir()} - known
    return f"written into the course: {sorted(more)}" if more else ""


def _imported(batch: Batch, row: Row) -> str:
    return "code of a hand-in was run" if (batch.kit.sandbox / "imported").exists() else ""


def _extra_files(batch: Batch, row: Row) -> str:
    for step, path in batch.files(row.id):
        known = OURS[step] if not row.meddle or step != "submitted" else None
        if known is not None and path.name not in known:
            return f"left in {step}: {path.name}"
    return ""


def _contains(*words: str) -> Callable[[Batch, Row], str]:
    def check(batch: Batch, row: Row) -> str:
        # After meddling it may lie under submitted/ where it was put; it may go no further.
        everything = "\n".join(batch.texts(row.id, *STEPS[1 if row.meddle else 0 :]))
        found = [word for word in words if word in everything]
        return f"left with the learner: {found}" if found else ""

    return check


def _markup(batch: Batch, row: Row) -> str:
    for words in batch.texts(row.id, "autograded", "feedback"):
        found = [sign for sign in LIVE if re.search(sign, words, re.IGNORECASE)]
        if found:
            return f"markup came through: {found}"
    return ""


def _shown(batch: Batch, row: Row) -> tuple[str, str]:
    """The cell and the page in which written text is shown."""
    source = next(words for words in batch.texts(row.id, "autograded") if "read on your formulation" in words)
    return source, next(batch.texts(row.id, "feedback"), "")


def _line_ends(batch: Batch, row: Row) -> str:
    source, _ = _shown(batch, row)
    written = source[source.index("</details>") :].strip("\n")
    lone = re.findall("[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]", source)
    return f"line ends came through: {lone}" if lone or "\n\n" in written.partition("<div")[2] else ""


def _formulas(batch: Batch, row: Row) -> str:
    source, page = _shown(batch, row)
    for words in (source, page.rpartition("</style>")[2].partition("read on your formulation")[2]):
        if re.search(r"\$\$|\$\\|\\\(|\\begin", words):
            return "a formula came through"
    return "" if "mathjax_ignore" in source else "MathJax is not told to leave it alone"


def _markdown(batch: Batch, row: Row) -> str:
    source, page = _shown(batch, row)
    body = page.rpartition("</style>")[2]
    if any(sign in source for sign in ("](", "|---|", "```", "![")):
        return "Markdown came through"
    return "a picture is fetched" if re.search(r"<img[^>]+evil", body) or 'href="javascript' in body else ""


def _regions(batch: Batch, row: Row) -> str:
    source, page = _shown(batch, row)
    for region in ("SOLUTION", "HIDDEN TESTS", "MARK SCHEME"):
        if f"kept {region}" not in source or f"kept {region}" not in page:
            return f"what stood between {region} marks is gone"
        if f"### BEGIN {region}" in source:
            return f"a mark of nbgrader's came through: {region}"
    return ""


def _no_response(batch: Batch, row: Row) -> str:
    return "was taken for unanswered" if "No response." in batch.comments[row.id] else ""


def _templates(batch: Batch, row: Row) -> str:
    _, page = _shown(batch, row)
    words = unescape(page)
    whole = "{{ 7 * 7 }} {% include '/etc/passwd' %}"
    return "" if whole in words.replace("<span></span>", "") else "template code was run"


def _controls(batch: Batch, row: Row) -> str:
    found = {sign for words in _shown(batch, row) for sign in re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", words)}
    return f"control characters came through: {sorted(found)}" if found else ""


def _large_pages(batch: Batch, row: Row) -> str:
    large = [path.name for _, path in batch.files(row.id) if path.stat().st_size > 2**20]
    return f"larger than 1 MB: {large}" if large else ""


def _points(batch: Batch, row: Row) -> str:
    given = batch.points.get(row.id, {})
    honest = next(iter(batch.honest))
    if given.keys() != batch.points[honest].keys():
        return f"other cells than everyone's: {sorted(given)}"
    page = next(batch.texts(row.id, "feedback"), "")
    return "points came from the hand-in" if re.search(r"\b1000(\.0)?\b", page.rpartition("</style>")[2]) else ""


def _late(batch: Batch, row: Row) -> str:
    time = next((p for _, p in batch.files(row.id, "submitted") if p.name == "timestamp.txt"), None)
    if row.meddle or time is None:
        return ""
    return "" if re.match(r"202[6-9]-", time.read_text()) else f"its time is {time.read_text().strip()}"


def _memory(batch: Batch, row: Row) -> str:
    return f"intake took {batch.peak // 2**20} MB" if batch.peak > MEMORY_MAX else ""


def _terminal(batch: Batch, row: Row) -> str:
    odd = {sign for sign in batch.intake if not (sign.isprintable() or sign == "\n")}
    long = [line[:60] for line in batch.intake.splitlines() if len(line) > 700]
    forged = [line for line in batch.intake.splitlines() if line.startswith("NOT TAKEN IN: everyone")]
    return f"printed: {sorted(odd)} {long} {forged}" if odd or long or forged else ""


CHECKS: dict[str, Callable[[Batch, Row], str]] = {
    "outside": _outside,
    "imported": _imported,
    "extra files": _extra_files,
    "another's answers": _contains(SECRET),
    "system files": _contains("root:x:0:0"),
    "gradebook": _contains("SQLite format 3"),
    "markup": _markup,
    "line ends": _line_ends,
    "formulas": _formulas,
    "Markdown": _markdown,
    "regions": _regions,
    "No response": _no_response,
    "templates": _templates,
    "controls": _controls,
    "large pages": _large_pages,
    "points": _points,
    "late": _late,
    "memory": _memory,
    "terminal": _terminal,
}
