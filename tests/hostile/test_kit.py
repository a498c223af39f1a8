"""The kit, row by row: the mark, the sentence for a person, and what must not have happened."""

from __future__ import annotations

import pytest

from . import watch
from .kit import ROWS, Row
from .watch import Batch

pytestmark = pytest.mark.filterwarnings("ignore")


def test_the_kit_has_sixty_mechanisms_and_more() -> None:
    mechanisms = {row.mechanism for row in ROWS}
    assert len(mechanisms) == len(ROWS)
    assert len(mechanisms) >= 60
    assert len({row.name for row in ROWS}) == len(ROWS)
    assert {name for row in ROWS for name in row.absent} <= set(watch.CHECKS)


def test_honest_learners_are_marked_beside_all_that_as_worked_out_by_hand(batch: Batch) -> None:
    assert len(batch.honest) == 3
    for name, wanted in batch.honest.items():
        points = batch.points[name]
        assert {cell: points[cell] for cell in wanted} == pytest.approx(wanted, abs=1e-5), name
    assert len(batch.waiting["honest-a"]) == 4


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_row(batch: Batch, row: Row) -> None:
    assert watch.problems(batch, row) == [], f"{row.mechanism}"
