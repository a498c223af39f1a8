"""Running the checks over one case or all of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from ..content import store
from ..content.errors import ContentError, Problem
from ..content.strict import Document, read
from ..roleplay.model import Case
from . import fair, humane, playable, wellformed
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
    """Add E-SHAPE when a case stands in the wrong file."""
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
    """Check role-plays, each alone and all together.

    Returns
    -------
    reviews, problems
        Reviews of the cases that read, and every problem that stands.
    """
    reviews: list[Review] = []
    problems: list[Problem] = []
    for path in paths:
        review, found = review_file(path)
        problems += found
        if review is not None:
            reviews.append(review)
    scored = [
        review
        for review in reviews
        if review.case.use in ("practice", "assessment") and not any(p.code[0] == "E" for p in review.problems)
    ]
    problems += fair.check_all([review.case for review in scored], scored)
    ids: dict[str, str] = {}
    for review in reviews:
        case_file = review.document.file
        if review.case.id in ids:
            what = f"The id {review.case.id!r} is also used by {ids[review.case.id]}."
            problems.append(Problem(case_file, 1, "E-SHAPE", "", what, "Rename one of the two."))
        ids[review.case.id] = case_file
    return reviews, problems
