"""The pass rule and the points, worked out by hand."""

from __future__ import annotations

import pytest

from twovoices.roleplay import engine
from twovoices.roleplay.model import Case, CriticalError, Gauge
from twovoices.roleplay.scoring import CompetencyScore, Result, points, score, voices, voices_of

from .build import beat, case, mending_case, option, talking_case


def played(talk: Case, *options: str) -> Result:
    """The result of a play told by option ids."""
    scene, replies = engine.start(talk), []
    for item in options:
        here = engine.beat(talk, scene)
        assert here is not None
        replies.append((here.id, item))
        scene = engine.reply(talk, scene, item)
    return score(talk, engine.replay(talk, replies))


def of(result: Result, competency: str) -> CompetencyScore:
    return next(c for c in result.competencies if c.competency == competency)


def test_all_threes_are_met_and_three_quarters_of_the_points() -> None:
    talk = case(beat("one"), beat("two", focus="C4", critical=True), beat("three", focus="C10"))
    result = played(talk, "one-3", "two-3", "three-3")
    assert result.met
    assert [c.competency for c in result.competencies] == ["C2", "C4", "C10"], "in number order, not C10 before C2"
    assert [c.share for c in result.competencies] == [0.75, 0.75, 0.75]
    assert result.score == 75
    assert points(of(result, "C4").share, 20) == 15


def test_all_fours_are_all_the_points() -> None:
    talk = case(beat("one"), beat("two", focus="C4"))
    assert played(talk, "one-4", "two-4").score == 100


def test_means_count_per_competency_and_one_below_three_is_not_yet() -> None:
    talk = case(beat("one"), beat("two"), beat("three", focus="C4"), beat("four", focus="C4"))
    assert played(talk, "one-4", "two-2", "three-3", "four-3").met
    assert not played(talk, "one-4", "two-1", "three-4", "four-4").met
    assert of(played(talk, "one-4", "two-1", "three-4", "four-4"), "C2").mean == 2.5


def test_a_critical_beat_below_three_is_not_yet_whatever_the_mean() -> None:
    talk = case(beat("one"), beat("two"), beat("three", option("good", 4), option("late", 2), critical=True))
    assert played(talk, "one-4", "two-4", "good").met
    result = played(talk, "one-4", "two-4", "late")
    assert of(result, "C2").mean == pytest.approx(10 / 3)
    assert not result.met


def test_a_mended_error_takes_the_mending_level_for_the_rule_and_keeps_its_0_in_the_points() -> None:
    result = played(mending_case(), "first-4", "harms", "mends", "closes")
    c4 = of(result, "C4")
    assert c4.levels == (0, 3, 4)
    assert c4.mean == pytest.approx((3 + 3 + 4) / 3)
    assert c4.share == pytest.approx((0 + 3 + 4) / 12)
    assert result.repaired == ("forgives_harm",)
    assert result.unrepaired == ()
    assert result.met


def test_a_mending_below_three_leaves_a_critical_beat_below_three() -> None:
    late, well = (option(item, level, sets=("repaired",)) for item, level in (("late", 2), ("well", 3)))
    talk = case(
        beat("one", option("harms", 0, error="forgives_harm"), focus="C4", critical=True),
        beat("two", late, well, focus="C4"),
        *(beat(name, focus="C4") for name in ("three", "four", "five")),
        flags=("repaired",),
        critical_errors={"forgives_harm": CriticalError("C4", "repaired")},
    )
    result = played(talk, "harms", "late", "three-4", "four-4", "five-4")
    assert result.repaired == ("forgives_harm",)
    assert of(result, "C4").mean == pytest.approx((2 + 2 + 4 + 4 + 4) / 5)
    assert not result.met
    assert played(talk, "harms", "well", "three-4", "four-4", "five-4").met


def test_an_error_of_wording_mended_late_mends_as_well() -> None:
    result = played(mending_case(), "first-4", "harms", "passes", "mends-at-last")
    assert of(result, "C4").levels == (0, 3, 3)
    assert of(result, "C4").mean == pytest.approx(3)
    assert result.met


def test_an_unrepaired_error_takes_all_points_of_its_competency_and_no_other() -> None:
    result = played(mending_case(), "first-4", "harms", "passes", "closes")
    assert of(result, "C4").levels == (0, 3, 4)
    assert of(result, "C4").share == 0
    assert of(result, "C2").share == 1
    assert result.unrepaired == ("forgives_harm",)
    assert not result.met
    assert result.score == 50


def test_committing_the_error_again_clears_its_mending() -> None:
    talk = mending_case()
    relapsed = played(talk, "first-4", "harms", "harms-again", "closes")
    assert relapsed.unrepaired == ("forgives_harm",)
    assert of(relapsed, "C4").share == 0
    five = case(
        beat("a", option("harms", 0, error="forgives_harm"), focus="C4"),
        beat("b", option("mends", 4, sets=("repaired",)), focus="C4"),
        beat("c", option("again", 0, error="forgives_harm"), option("fine", 4), focus="C4"),
        beat("d", option("mends", 3, sets=("repaired",)), option("passes", 4), focus="C4"),
        flags=("repaired",),
        critical_errors={"forgives_harm": CriticalError("C4", "repaired")},
    )
    assert played(five, "harms", "mends", "fine", "passes").met
    twice = played(five, "harms", "mends", "again", "passes")
    assert twice.unrepaired == ("forgives_harm",)
    assert not twice.met
    both = played(five, "harms", "mends", "again", "mends")
    assert of(both, "C4").mean == pytest.approx((4 + 4 + 3 + 3) / 4), "each commission takes its own mending's level"
    assert of(both, "C4").share == pytest.approx(7 / 16)
    assert both.met


def test_one_mending_mends_every_open_commission_of_the_error() -> None:
    result = played(mending_case(), "first-4", "harms", "harms-again", "mends-at-last")
    assert result.repaired == ("forgives_harm",)
    assert of(result, "C4").mean == pytest.approx(3)
    assert of(result, "C4").share == pytest.approx(3 / 12)
    assert result.met


def test_an_act_is_never_met() -> None:
    result = played(mending_case(), "first-4", "good", "mends-well", "acts")
    assert result.unrepaired == ("joint_before_alone",)
    assert of(result, "C4").share == 0
    assert not result.met


def test_beats_that_not_every_path_visits_are_not_scored() -> None:
    talk = case(
        beat("one", option("jumps", 3, goto="three"), option("stays", 3)),
        beat("two", option("bad", 0), critical=True, focus="C8"),
        beat("three"),
    )
    result = played(talk, "stays", "bad", "three-3")
    assert [c.competency for c in result.competencies] == ["C2"]
    assert of(result, "C2").levels == (3, 3)
    assert result.met


def test_an_error_on_a_beat_that_is_not_scored_still_blocks_until_mended() -> None:
    talk = case(
        beat("one", option("jumps", 3, goto="three"), option("stays", 3), focus="C4"),
        beat("two", option("harms", 0, error="forgives_harm"), focus="C4"),
        beat("three", option("mends", 3, sets=("repaired",)), option("passes", 4), focus="C4"),
        flags=("repaired",),
        critical_errors={"forgives_harm": CriticalError("C4", "repaired")},
    )
    assert not played(talk, "stays", "harms", "passes").met
    assert of(played(talk, "stays", "harms", "passes"), "C4").share == 0
    mended = played(talk, "stays", "harms", "mends")
    assert mended.met
    assert of(mended, "C4").levels == (3, 3)


def test_an_unfinished_attempt_counts_unreached_beats_0_and_reads_not_yet() -> None:
    talk = case(beat("one"), beat("two"), beat("three", focus="C4"))
    result = played(talk, "one-4")
    assert not result.complete
    assert not result.met
    assert of(result, "C2").levels == (4, 0)
    assert of(result, "C2").share == 0.5
    assert of(result, "C4").levels == (0,)
    assert of(result, "C4").share == 0


def test_an_attempt_without_a_reply_is_not_complete_and_earns_nothing() -> None:
    result = score(mending_case(), ())
    assert (result.complete, result.met, result.score) == (False, False, 0)


@pytest.mark.parametrize(("share", "maximum", "worth"), [(0.75, 20, 15), (1.2, 10, 10), (-0.1, 10, 0), (0, 5, 0)])
def test_points_stay_between_nothing_and_the_maximum(share: float, maximum: float, worth: float) -> None:
    assert points(share, maximum) == pytest.approx(worth)


def test_the_two_curves_are_means_of_the_low_and_the_high_gauges_after_each_reply() -> None:
    talk = talking_case()
    moves = engine.replay(talk, [("hello", "warm"), ("hurts", "meets"), ("close", "bye")])
    assert voices(talk, moves) == [
        (pytest.approx(2 / 3), pytest.approx(3 / 4)),
        (pytest.approx(1 / 3), pytest.approx(1)),
        (pytest.approx(1 / 3), pytest.approx(1)),
    ]


def test_a_side_without_a_gauge_is_none_and_a_couple_has_curves_of_its_own() -> None:
    gauges = {
        "ana.trust": Gauge(0, 0, 4, "high"),
        "ben.trust": Gauge(4, 0, 4, "high"),
        "ben.danger": Gauge(1, 0, 2, "low"),
    }
    talk = case(
        beat("one", option("a", 3, effects={"ana.trust": 2})), state=gauges, people={"ana": "Ana", "ben": "Ben"}
    )
    moves = engine.replay(talk, [("one", "a")])
    assert voices_of(talk, moves, ("ana.trust",)) == [(None, 0.5)]
    assert voices_of(talk, moves, ("ben.trust", "ben.danger")) == [(0.5, 1.0)]
