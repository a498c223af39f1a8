"""Running the checks over one case or all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from ..content import store
from ..content.errors import ContentError, Problem
from ..content.strict import Document, read
from ..roleplay.model import Case
from . import fair, humane, overlays, playable, wellformed
from .report import Review


def case_files() -> list[Path]:
    """Every role-play: practice and short ones under ``data/``, assessment ones under ``solutions/``."""
    found = [*store.sources("roleplays/*.yaml"), *store.sources("boosters/*.yaml")]
    top = store.repository()
    if top is not None:
        found += sorted((top / "solutions").glob("*/*.case.yaml"))
    return found


def case_id(path: Path) -> str:
    """The id a case's file name stands for."""
    return path.name.removesuffix(".yaml").removesuffix(".case")


def review_file(path: Path) -> tuple[Review | None, list[Problem]]:
    """Review one case; the review is ``None`` when the file does not read."""
    try:
        document = read(path, Case, store.shown(path))
    except ContentError as error:
        return None, error.problems
    review = review_case(document)
    file_name(review, path)
    return review, settled(review)


def file_name(review: Review, path: Path) -> None:
    """Add E-SHAPE when a case stands in the wrong file or folder."""
    if review.case.use == "assessment" and path.resolve().is_relative_to(store.root().resolve()):
        what = "An assessment stands among the practice cases, where every learner can read it."
        review.add("E-SHAPE", what, "Keep it in its exercise's folder under solutions/, as <id>.case.yaml.", "use")
    if review.case.id != case_id(path):
        what = f"The id is {review.case.id!r} and the file is {path.name}."
        review.add("E-SHAPE", what, "Give both the same name.", "id")


def review_case(document: Document[Case]) -> Review:
    """Run every check on one case that has been read."""
    review = Review(document)
    wellformed.check(review)
    if not any(problem.code == "E-SHAPE" for problem in review.problems) and playable.check(review):
        fair.check(review)
        humane.check(review)
    return review


def settled(review: Review) -> list[Problem]:
    """Problems that still stand: acknowledged W-codes drop out; a reason for a code that is not found is a problem."""
    accepted = review.case.accepted
    found = {problem.code for problem in review.problems}
    for code in accepted:
        if not code.startswith("W-"):
            review.add("E-SHAPE", f"{code} cannot be accepted.", "Only W- codes can.", "accepted", code)
        elif code not in found:
            review.add("E-SHAPE", f"{code} is accepted and nothing says it.", "Remove the line.", "accepted", code)
    return sorted(p for p in review.problems if p.code not in accepted)


def check(paths: Iterable[Path]) -> tuple[list[Review], list[Problem]]:
    """Check role-plays, each alone, in every language it has, and all together.

    Returns
    -------
    reviews, problems
        Reviews of the cases that read (as they were written, not of translations), and every problem that stands.
    """
    reviews: list[Review] = []
    translated: list[Review] = []
    problems: list[Problem] = []
    for path in paths:
        review, found = review_file(path)
        problems += found
        if review is None:
            continue
        reviews.append(review)
        for other in overlays.reviews(review, path):
            translated.append(other)
            problems += [problem for problem in other.problems if problem.code not in review.case.accepted]
    return reviews, [*problems, *across([*reviews, *translated]), *doubled(reviews)]


def across(reviews: Sequence[Review]) -> list[Problem]:
    """Problems that show over many cases only: scored cases of one language together, and boosters together."""
    groups: dict[tuple[str, bool], list[Review]] = {}
    for review in reviews:
        sound = not any(problem.code[0] == "E" for problem in review.problems)
        if sound and review.case.use in ("practice", "assessment", "booster"):
            groups.setdefault((review.lang, review.case.use == "booster"), []).append(review)
    return [problem for group in groups.values() for problem in fair.check_all(group)]


def doubled(reviews: Sequence[Review]) -> list[Problem]:
    """E-SHAPE for ids that two cases share."""
    problems = []
    files: dict[str, str] = {}
    for review in reviews:
        file = files.setdefault(review.case.id, review.document.file)
        if file != review.document.file:
            what = f"The id {review.case.id!r} is also used by {file}."
            line = review.document.line("id")
            problems.append(Problem(review.document.file, line, "E-SHAPE", "id", what, "Rename one of the two."))
    return problems
