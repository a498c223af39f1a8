"""Written work that learners check themselves: nothing of it is kept but the levels they give, and samples come after those."""

from __future__ import annotations

from typing import Any

import pytest

from twovoices.activities.written import (
    ClientLine,
    RubricRow,
    Sample,
    SampleRow,
    Written,
    WrittenPage,
    fingerprint,
    own_levels,
)
from twovoices.content.texts import text
from twovoices.view import Ask, Choices, Fold, Press, Table

from .pages import SECRET, Memory, flat

LEVELS = ("none", "little", "some", "much", "all")
ROWS = (RubricRow("row-1", "Hears", "all", LEVELS), RubricRow("row-4", "Next", "replies", LEVELS))
SAMPLES = tuple(
    Sample(
        id=f"sample-{n}",
        label=f"About {n}",
        formulation="A short page.\n\nOf two parts.",
        replies={"one": "Say that.", "two": "And this."},
        rows={"row-1": SampleRow(n, f"Because {n}."), "row-4": SampleRow(n, f"Since {n}.")},
    )
    for n in range(1, 5)
)
OWN = Written(
    id="own",
    title="In your own words",
    case="A case.",
    prompts=("Who is hurting?",),
    replies=(ClientLine("one", "Ana", "I did it."), ClientLine("two", "Ben", "I did not.")),
    rubric=ROWS,
    self_checked=True,
    samples=SAMPLES,
    content_note="loss",
)


class Paper:
    """The page, over a log in memory."""

    def __init__(self) -> None:
        self.log = Memory()
        self.open()

    def open(self) -> None:
        self.page = WrittenPage(OWN, fingerprint(OWN), self.log)

    def press(self, do: str, value: str = "") -> None:
        boxes = {block.key: SECRET for block in self.blocks if isinstance(block, Ask)}
        self.page.press(Press(do=do, value=value, fields=boxes))

    @property
    def blocks(self) -> list[Any]:
        return list(flat(self.page.show()))


@pytest.fixture
def paper() -> Paper:
    return Paper()


def test_there_is_a_box_for_each_part_and_nothing_to_save(paper: Paper) -> None:
    boxes = [block for block in paper.blocks if isinstance(block, Ask)]
    assert len(boxes) == 3
    assert all(box.buttons == () for box in boxes)
    assert text("written.own") in str(paper.page.show())
    assert "loss" in str(paper.page.show())


def test_the_rubric_comes_when_asked_for_and_the_samples_after_every_row(paper: Paper) -> None:
    assert not any(isinstance(block, Choices | Fold) for block in paper.blocks)
    paper.press("look")
    assert [block.label for block in paper.blocks if isinstance(block, Choices)] == ["Hears", "Next"]
    paper.press("self:row-1", "3")
    assert not any(isinstance(block, Fold) for block in paper.blocks)
    paper.press("self:row-4", "1")
    folds = [block for block in paper.blocks if isinstance(block, Fold)]
    assert [fold.summary for fold in folds] == [sample.label for sample in SAMPLES]
    table = next(block for block in folds[2].blocks if isinstance(block, Table))
    assert table.rows == (("Hears", "3", "Because 3."), ("Next", "3", "Since 3."))


def test_a_level_can_be_changed_and_stays_after_a_restart(paper: Paper) -> None:
    for value in ("3", "1", "7", ""):
        paper.press("self:row-1", value)
    paper.press("self:row-9", "2")
    paper.open()
    assert own_levels(paper.page.events()) == {"row-1": 1}
    chosen = next(block for block in paper.blocks if isinstance(block, Choices))
    assert [option.on for option in chosen.options] == [False, True, False, False, False]


def test_no_word_that_was_typed_is_kept(paper: Paper) -> None:
    for press in (("look", ""), ("self:row-1", "2"), ("self:row-4", "2"), ("save", "formulation")):
        paper.press(*press)
    assert SECRET not in paper.log.raw
    assert {event.kind for event in paper.page.events()} == {"self"}
