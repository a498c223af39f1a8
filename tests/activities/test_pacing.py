"""Pacing: what each move comes to, a missed stop cue kept and mended, and the care at the end."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from twovoices.activities.pacing import MOVES, heights, missed, moves, outcome, svg
from twovoices.view import Feedback, Picture, Prose, Ticks

from .pages import Page, changed, faults, real

TAMAR = real("pacing", "tamar-noticing")
STOP = next(cue for cue in TAMAR.cues if cue.stop)


@pytest.fixture
def page(tmp_path: Path) -> Page:
    return Page("pacing", TAMAR, tmp_path)


def reach_stop(page: Page) -> None:
    for _ in range(TAMAR.cues.index(STOP)):
        page.do(("move", "external"), "next")


def test_every_move_at_every_moment_has_its_outcome_and_its_reason(page: Page) -> None:
    cue = TAMAR.cues[0]
    for move in MOVES:
        page.press("move", move)
        told = page.find(Feedback, f"came-{cue.id}")
        assert outcome(cue, move).why in told.body
        assert outcome(cue, move).lands in told.body
        assert not told.mark


def test_a_stop_cue_that_is_met_is_not_marked(page: Page) -> None:
    reach_stop(page)
    page.press("move", "stop")
    assert missed(TAMAR, moves(page.log.of("pacing:tamar-noticing"))) == ()
    assert not page.find(Feedback, f"came-{STOP.id}").mark


@pytest.mark.parametrize("move", [move for move in MOVES if move != "stop"])
def test_a_missed_stop_cue_is_marked_explained_and_waits_until_one_stops(page: Page, move: str) -> None:
    reach_stop(page)
    page.press("move", move)
    told = page.find(Feedback, f"came-{STOP.id}")
    assert told.mark == "A cue to stop was missed"
    assert STOP.note in told.body
    assert ("next", "") not in page.offered()
    page.press("move", "stop")
    assert "second chance" in page.find(Feedback, f"came-{STOP.id}").body
    assert missed(TAMAR, moves(page.log.of("pacing:tamar-noticing"))) == (STOP.id,)
    page.press("next")


def test_it_ends_with_the_care_of_both_and_says_how_many_cues_were_met(page: Page) -> None:
    reach_stop(page)
    page.do(("move", "stay"), ("move", "stop"), "next")
    for _ in TAMAR.cues[TAMAR.cues.index(STOP) + 1 :]:
        page.do(("move", "external"), "next")
    assert page.find(Prose, "stops").paragraphs[0] == "Cues to stop met at once: 0 of 1."
    assert page.find(Prose, "thanks").tone == "breath"
    page.press("care", "journey")
    assert [item.id for item in page.find(Ticks, "care").items if item.on] == ["journey"]
    page.open()
    assert [item.id for item in page.find(Ticks, "care").items if item.on] == ["journey"]


def test_a_stop_cue_left_unmet_is_still_waiting_after_a_restart(page: Page) -> None:
    reach_stop(page)
    page.press("move", "stay")
    page.open()
    assert page.has(f"move-{STOP.id}")
    assert page.find(Feedback, f"came-{STOP.id}").mark


def test_the_curve_has_a_point_before_and_after_each_move_and_the_same_in_words(page: Page) -> None:
    assert heights(TAMAR, {}) == ((3, None),)
    made = {"begins": ["internal", "external"], "chair": ["stay"]}
    track = heights(TAMAR, made)
    assert track == ((3, 2), (4, 4), (6, None))
    root = ElementTree.fromstring(svg(track, 6))
    assert len(root.findall("circle")) == 5
    page.press("move", "internal")
    assert page.find(Picture, "track").words == "Moment 1: 3 of 10, then 5."


def test_at_a_stop_cue_stopping_alone_is_good_and_every_move_is_answered_once() -> None:
    lax = changed(STOP, outcomes=tuple(changed(o, defensible=True) for o in STOP.outcomes))
    assert faults("pacing", changed(TAMAR, cues=(lax,))) == ["E-SHAPE What can be defended is not right."]
    short = changed(STOP, outcomes=STOP.outcomes[:-1])
    assert faults("pacing", changed(TAMAR, cues=(short,))) == ["E-WHY Nothing is said about move stay."]
    twice = changed(STOP, outcomes=(*STOP.outcomes, STOP.outcomes[1]))
    assert "E-SHAPE A move stands twice." in faults("pacing", changed(TAMAR, cues=(twice,)))
    calm = changed(TAMAR, cues=TAMAR.cues[:2])
    assert faults("pacing", calm) == ["E-SHAPE Nothing here is a cue to stop."]
