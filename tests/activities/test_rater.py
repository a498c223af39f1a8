"""Transcript rater: alone first, final once compared, agreement by level and by critical errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from twovoices.activities.rater import Agreement, agreement, given
from twovoices.view import Buttons, Feedback, Prose, Table

from .pages import Page, changed, faults, real

CLIPS = real("rater", "pain-and-verdict")


@pytest.fixture
def page(tmp_path: Path) -> Page:
    return Page("rater", CLIPS, tmp_path)


@pytest.mark.parametrize(
    ("mine", "authors", "found"),
    [
        ({}, {}, Agreement(0, 0, 0)),
        ({"a": 2, "b": 3, "c": 0}, {"a": 2, "b": 4, "c": 2}, Agreement(3, 2, 1)),
        ({"a": 2, "z": 1}, {"a": 2}, Agreement(1, 1, 1)),
        ({"a": 0}, {"a": 1, "b": 3}, Agreement(1, 1, 0)),
    ],
)
def test_agreement_counts_exact_and_within_one_level_over_clips_both_rated(
    mine: dict[str, int], authors: dict[str, int], found: Agreement
) -> None:
    assert agreement(mine, authors) == found
    assert agreement(authors, mine) == found


def test_nothing_of_the_authors_is_shown_before_the_rating_is_given(page: Page) -> None:
    assert CLIPS.clips[0].why not in page.said
    assert CLIPS.clips[0].quotes[0].why not in page.said
    assert page.find(Buttons, "compare-dunja").items[0].off
    page.press("level", "2")
    assert CLIPS.clips[0].why not in page.said
    page.press("compare")
    both = page.find(Feedback, "both-dunja")
    assert both.heading == "You: 2. The authors, provisionally: 1. That is within one level."
    assert both.better
    assert len(page.find(Table, "words-dunja").rows) == len(CLIPS.clips[0].quotes)


def test_a_rating_is_final_once_it_was_compared(page: Page) -> None:
    page.do(("level", "2"), "compare")
    page.late("level", "1")
    page.late("compare")
    assert given(page.log.of("rater:pain-and-verdict")) == {"dunja": (2, frozenset())}


def test_critical_errors_are_noticed_missed_or_seen_where_the_authors_see_none(page: Page) -> None:
    page.do(("level", "1"), ("error", "confirms_verdict"), "compare")
    assert page.find(Prose, "noticed-dunja").paragraphs[0].startswith("You ticked: Confirming")
    page.do("next", ("level", "3"), "compare", "next", ("level", "0"), ("error", "dismisses_harm_done"), "compare")
    assert page.find(Prose, "noticed-petra").paragraphs[0].startswith("Noticed: Dismissing")
    page.press("next")
    rows = dict(page.find(Table, "sum").rows)
    assert rows == {"Within one level": "3 of 3", "On the same level": "3 of 3", "Critical errors noticed": "1 of 1"}


def test_a_missed_critical_error_is_named(page: Page) -> None:
    for _ in range(2):
        page.do(("level", "3"), "compare", "next")
    page.do(("level", "3"), "compare")
    assert page.find(Prose, "noticed-petra").paragraphs[0].startswith("In the clip, and not ticked: Dismissing")
    assert "3 levels apart" in page.find(Feedback, "both-petra").heading


def test_a_rater_resumes_at_the_first_clip_not_rated(page: Page) -> None:
    page.do(("level", "2"), "compare")
    page.open()
    assert page.has("level-rasheed")


def test_quotes_stand_in_the_clip_and_errors_belong_to_the_competency_at_level_nought() -> None:
    first, _, third = CLIPS.clips
    odd = changed(first, quotes=(changed(first.quotes[0], say="words nobody said"),))
    assert faults("rater", changed(CLIPS, clips=(odd,))) == ["E-SHAPE Nobody in the clip says 'words nobody said'."]
    assert faults("rater", changed(CLIPS, clips=(changed(third, level=2),))) == [
        "E-SHAPE A critical error stands at level 2."
    ]
    strange = changed(third, errors=("outs_client",))
    assert faults("rater", changed(CLIPS, clips=(strange,))) == ["E-SHAPE C2 has no critical error 'outs_client'."]
    assert faults("rater", changed(CLIPS, clips=(changed(first, better=""),))) == [
        "E-WHY Nothing mends what was missed."
    ]
