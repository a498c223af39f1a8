from __future__ import annotations

import pytest

from twovoices.check import kinds, overlays, run
from twovoices.roleplay import explore

from .seeding import files

GENEROUS = 100_000


@pytest.mark.parametrize("case", files())
def test_a_real_case_is_green_alone(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explore, "SCENES_MAX", GENEROUS)
    _, problems = run.review_file(files()[case])
    assert [str(problem) for problem in problems] == []


def test_the_real_cases_are_green_together_and_in_every_language() -> None:
    reviews, problems = run.check(files().values())
    assert len(reviews) == len(files())
    assert [str(problem) for problem in problems] == []
    assert all(len(review.graph.scenes) <= explore.SCENES_MAX for review in reviews)


def test_translations_are_whole() -> None:
    assert [str(problem) for problem in overlays.problems(kinds.KINDS)] == []
