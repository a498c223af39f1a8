"""Card sort: lanes, two of which may be defended, and a second question where there is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from twovoices.activities.sort import faults as sort_faults
from twovoices.activities.sort import placed
from twovoices.view import Choices, Feedback, Prose, Table

from .pages import Page, changed, faults, real

VOICE, CHAIN = real("sort", "whose-voice"), real("sort", "chain-of-an-evening")


@pytest.fixture
def page(tmp_path: Path) -> Page:
    return Page("sort", VOICE, tmp_path)


def test_a_card_in_a_lane_gets_its_reason_and_can_be_put_elsewhere(page: Page) -> None:
    page.press("place:first", "need")
    card = VOICE.cards[0]
    assert page.find(Feedback, f"why-first-{card.id}").heading == "Worth another look"
    page.press("place:first", "script")
    told = page.find(Feedback, f"why-first-{card.id}")
    assert (told.heading, told.body) == ("This can be defended", card.spots[0].why)
    assert placed(page.log.of("sort:whose-voice")) == {(card.id, "first"): "script"}


def test_an_ambiguous_card_is_talked_through_from_either_of_its_two_lanes(page: Page) -> None:
    for _ in range(3):
        page.do(("place:first", "script"), "next")
    psalm = VOICE.cards[3]
    for lane in ("script", "need"):
        page.press("place:first", lane)
        assert page.find(Feedback, f"why-first-{psalm.id}").heading == "This can be defended"
        assert psalm.note in page.find(Prose, f"talk-first-{psalm.id}").paragraphs
    page.press("place:first", "not-today")
    assert not page.has(f"talk-first-{psalm.id}")


def test_the_next_card_waits_until_this_one_is_placed(page: Page) -> None:
    assert page.offered() == [("place:first", lane.id) for lane in VOICE.lanes]
    page.press("place:first", "need")
    assert ("next", "") in page.offered()


def test_a_sort_resumes_at_the_first_card_not_placed(page: Page) -> None:
    page.do(("place:first", "script"), "next", ("place:first", "need"))
    page.open()
    assert page.has(f"first-{VOICE.cards[2].id}")


def test_the_board_shows_every_card_with_its_lane_and_those_that_can_be_defended(page: Page) -> None:
    for _ in VOICE.cards:
        page.do(("place:first", "script"), "next")
    board = page.find(Table, "board")
    assert len(board.rows) == len(VOICE.cards)
    assert board.rows[3][1:] == ("An old script", "Something she needs now / An old script") or set(
        board.rows[3][2].split(" / ")
    ) == {"An old script", "Something she needs now"}
    page.do("back", ("place:first", "need"), "next")
    assert page.find(Table, "board").rows[-1][1] == "Something she needs now"


def test_a_second_question_comes_after_the_first_and_both_settle_the_card(tmp_path: Path) -> None:
    page = Page("sort", CHAIN, tmp_path)
    card = CHAIN.cards[0]
    assert not page.has(f"second-{card.id}")
    page.press("place:first", "before")
    assert page.view.focus == f"second-{card.id}"
    assert ("next", "") not in page.offered()
    page.press("place:second", "excuses")
    assert ("next", "") in page.offered()
    assert page.find(Choices, f"second-{card.id}").options[1].on
    assert page.find(Feedback, f"why-second-{card.id}").body == card.second[1].why


def test_a_card_without_a_reason_for_every_lane_is_a_fault() -> None:
    card = VOICE.cards[0]
    short = changed(VOICE, cards=(changed(card, spots=card.spots[:2]), *VOICE.cards[1:]))
    assert faults("sort", short) == ["E-WHY Nothing is said about lane not-today."]
    thin = changed(card, spots=(changed(card.spots[0], why="Because."), *card.spots[1:]))
    assert faults("sort", changed(VOICE, cards=(thin, *VOICE.cards[1:]))) == ["E-WHY It has no reason."]


def test_two_lanes_ask_for_a_discussion_and_all_lanes_cannot_be_defended() -> None:
    card = VOICE.cards[3]
    silent = changed(VOICE, cards=(*VOICE.cards[:3], changed(card, note=""), *VOICE.cards[4:]))
    assert faults("sort", silent) == ["E-WHY It has no reason."]
    every = changed(card, spots=tuple(changed(spot, defensible=True) for spot in card.spots))
    assert faults("sort", changed(VOICE, cards=(*VOICE.cards[:3], every, *VOICE.cards[4:]))) == [
        "E-SHAPE 3 of 3 can be defended."
    ]


def test_a_second_answer_without_a_second_question_is_a_fault() -> None:
    assert "E-SHAPE There is no second question." in faults("sort", changed(CHAIN, second=None))
    double = changed(VOICE, cards=(*VOICE.cards, VOICE.cards[0]))
    assert [fault.what for fault in sort_faults(double)] == ["The card id 'body-keeps-accounts' stands twice."]
