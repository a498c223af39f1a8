from __future__ import annotations

from twovoices.check import kinds, overlays, run
from twovoices.roleplay import explore

from .seeding import files


def test_the_real_cases_are_green_together_and_in_every_language() -> None:
    reviews, problems = run.check(files().values())
    assert len(reviews) == len(files())
    assert [str(problem) for problem in problems] == []
    assert all(len(review.graph.scenes) <= explore.SCENES_MAX for review in reviews)


def test_translations_are_whole() -> None:
    assert [str(problem) for problem in overlays.problems(kinds.KINDS)] == []
