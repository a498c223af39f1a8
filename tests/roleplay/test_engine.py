from __future__ import annotations

from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twovoices.check import wellformed
from twovoices.check.report import Review
from twovoices.content.strict import Document
from twovoices.roleplay import engine
from twovoices.roleplay.conditions import holds, parse
from twovoices.roleplay.engine import Misfit
from twovoices.roleplay.model import Case, Gauge

from . import reference
from .build import beat, case, ending, line, mending_case, option
from .strategies import cases, plays, walked

DATA = st.data()


@walked
@given(cases())
def test_random_cases_are_well_formed(case: Case) -> None:
    review = Review(Document(case, {(): 1}, "random.yaml"))
    wellformed.check(review)
    assert [str(problem) for problem in review.problems] == []


@walked
@given(cases())
def test_every_legal_play_ends_within_as_many_replies_as_there_are_beats(case: Case) -> None:
    for steps, end in reference.paths(case):
        assert len(steps) <= len(case.beats)
        scene = engine.start(case)
        for step in steps:
            assert engine.beat(case, scene) is not None
            scene = engine.reply(case, scene, step.option.id)
        assert engine.beat(case, scene) is None
        assert engine.options(case, scene) == ()
        assert scene.at == end.at


@walked
@given(cases(), DATA)
def test_gauges_stay_within_their_bounds(case: Case, data: st.DataObject) -> None:
    for move in engine.replay(case, data.draw(plays(case))):
        for name, value in engine.values(case, move.after).items():
            assert case.state[name].min <= value <= case.state[name].max


@walked
@given(cases(), DATA)
def test_a_replay_gives_the_same_moves_from_another_reading_of_the_same_file(case: Case, data: st.DataObject) -> None:
    replies = data.draw(plays(case))
    again = msgspec.json.decode(msgspec.json.encode(case), type=Case)
    first, second = engine.replay(case, replies), engine.replay(again, replies)
    assert first == second
    assert [(case.beats[move.scene.at].id, move.option.id) for move in first] == replies
    assert all(one.after == two.scene for one, two in pairwise(first))


@walked
@given(cases(), DATA)
def test_a_log_with_one_foreign_reply_is_refused_and_the_place_is_named(case: Case, data: st.DataObject) -> None:
    replies = data.draw(plays(case))
    at = data.draw(st.integers(0, len(replies) - 1))
    foreign = [*replies[:at], (replies[at][0], "never-written"), *replies[at + 1 :]]
    with pytest.raises(Misfit, match=f"'never-written' does not fit: beat {replies[at][0]} offers no such reply"):
        engine.replay(case, foreign)
    elsewhere = [*replies[:at], ("no-such-beat", replies[at][1]), *replies[at + 1 :]]
    with pytest.raises(
        Misfit, match=f"reply {at + 1} is for 'no-such-beat', and the conversation stands at '{replies[at][0]}'"
    ):
        engine.replay(case, elsewhere)


@walked
@given(cases())
def test_a_log_that_goes_on_after_the_end_is_refused(case: Case) -> None:
    steps, _ = reference.paths(case)[0]
    whole = [(case.beats[step.before.at].id, step.option.id) for step in steps]
    with pytest.raises(Misfit, match=f"reply {len(whole) + 1} is for .* stands at 'the end'"):
        engine.replay(case, [*whole, whole[0]])


@walked
@given(cases())
def test_letting_go_of_dead_flags_changes_no_conversation(case: Case) -> None:
    for steps, end in reference.paths(case):
        scene, spot = engine.start(case), reference.begin(case)
        for step in steps:
            assert engine.line(case, scene) == reference.said(case, spot)
            assert list(engine.options(case, scene)) == reference.offered(case, spot)
            assert scene.flags <= spot.flags
            scene, spot = engine.reply(case, scene, step.option.id), reference.follow(case, spot, step.option)
            assert (scene.at, engine.values(case, scene)) == (spot.at, dict(spot.state))
            assert engine.unrepaired(case, scene.flags) == engine.unrepaired(case, spot.flags)
        assert spot == end
        assert engine.ending(case, scene) == reference.said(case, end)


@walked
@given(cases())
def test_a_live_flag_is_one_that_something_ahead_reads(case: Case) -> None:
    live = engine.live_flags(case)
    assert len(live) == len(case.beats) + 1
    assert all(later <= earlier for earlier, later in pairwise(live))
    assert set(case.critical_errors) <= live[-1]


# ---------------------------------------------------------------- by hand


def test_a_flag_is_kept_until_the_last_beat_that_reads_it_and_then_let_go() -> None:
    talk = case(
        beat("one", option("sets", 3, sets=("seen",)), option("plain", 3)),
        beat("two", lines=(line("You saw.", "seen"), line("You did not."))),
        beat("three"),
        flags=("seen",),
    )
    first, second = engine.replay(talk, [("one", "sets"), ("two", "two-4")])
    assert first.after.flags == {"seen"}
    assert engine.line(talk, first.after).say == "You saw."
    assert second.after.flags == frozenset()


def test_effects_are_clamped_at_both_ends() -> None:
    talk = case(
        beat(
            "one",
            option("down", 1, effects={"trust": -3, "shame": -3}),
            option("up", 3, effects={"trust": 3, "shame": 3}),
        ),
        state={"trust": Gauge(2, 0, 4, "high"), "shame": Gauge(1, 0, 3, "low")},
    )
    start = engine.start(talk)
    assert engine.values(talk, engine.reply(talk, start, "down")) == {"trust": 0, "shame": 0}
    assert engine.values(talk, engine.reply(talk, start, "up")) == {"trust": 4, "shame": 3}


def test_committing_an_error_again_clears_its_mending() -> None:
    talk = mending_case()
    replies = [("first", "first-4"), ("second", "harms"), ("third", "mends"), ("fourth", "closes")]
    assert engine.unrepaired(talk, engine.replay(talk, replies)[-1].after.flags) == ()
    relapsed = engine.replay(talk, [*replies[:2], ("third", "harms-again"), ("fourth", "closes")])
    assert engine.unrepaired(talk, relapsed[-1].after.flags) == ("forgives_harm",)
    mended_first = [("first", "first-4"), ("second", "good"), ("third", "mends"), ("fourth", "closes")]
    assert engine.replay(talk, mended_first)[-1].after.flags == {"repaired"}


def test_a_mending_said_before_the_error_does_not_mend_it() -> None:
    talk = case(
        beat("one", option("early", 3, sets=("repaired",)), option("plain", 3)),
        beat("two", option("harms", 0, error="forgives_harm"), option("plain", 3), focus="C4"),
        flags=("repaired",),
        critical_errors=mending_case().critical_errors,
    )
    moves = engine.replay(talk, [("one", "early"), ("two", "harms")])
    assert engine.unrepaired(talk, moves[-1].after.flags) == ("forgives_harm",)


def test_an_act_is_never_mended() -> None:
    moves = engine.replay(
        mending_case(), [("first", "first-4"), ("second", "good"), ("third", "mends"), ("fourth", "acts")]
    )
    assert engine.unrepaired(mending_case(), moves[-1].after.flags) == ("joint_before_alone",)


def test_goto_jumps_and_needs_leaves_out() -> None:
    talk = case(
        beat("one", option("jumps", 3, goto="four"), option("opens", 3, sets=("open",)), option("plain", 3)),
        beat("two", needs="open"),
        beat("three", option("free", 3), option("only-open", 4, needs="open")),
        beat("four"),
        flags=("open",),
    )
    start = engine.start(talk)
    ways = {name: engine.reply(talk, start, name) for name in ("jumps", "opens", "plain")}
    assert {name: talk.beats[scene.at].id for name, scene in ways.items()} == {
        "jumps": "four",
        "opens": "two",
        "plain": "three",
    }
    assert [o.id for o in engine.options(talk, ways["plain"])] == ["free"]
    after_two = engine.reply(talk, ways["opens"], "two-4")
    assert [o.id for o in engine.options(talk, after_two)] == ["free", "only-open"]


def test_a_case_whose_beats_all_need_something_unset_ends_at_once() -> None:
    talk = case(beat("one", needs="never"), flags=("never",))
    scene = engine.start(talk)
    assert engine.beat(talk, scene) is None
    assert engine.ending(talk, scene).id == "over"
    with pytest.raises(Misfit, match="'one-4' does not fit: the conversation has ended"):
        engine.reply(talk, scene, "one-4")


def test_a_scene_without_a_fitting_line_or_ending_is_refused_with_what_to_write() -> None:
    talk = case(beat("one", lines=(line("Never.", "trust >= 9"),)), endings=(ending("none", when="trust >= 9"),))
    with pytest.raises(Misfit, match=r"beat one has no line .* last line must have no `when`"):
        engine.line(talk, engine.start(talk))
    with pytest.raises(Misfit, match="no ending fits; the last ending must have no `when`"):
        engine.ending(talk, engine.reply(talk, engine.start(talk), "one-4"))


@pytest.mark.parametrize(
    ("text", "state", "flags", "true"),
    [
        (None, {}, set(), True),
        ("told", {}, {"told"}, True),
        ("not told", {}, {"told"}, False),
        ("not told", {}, set(), True),
        ("trust >= 3", {"trust": 3}, set(), True),
        ("trust > 3", {"trust": 3}, set(), False),
        ("trust <= 2", {"trust": 3}, set(), False),
        ("trust < 3", {"trust": 2}, set(), True),
        ("trust == 2", {"trust": 2}, set(), True),
        ("trust != 2", {"trust": 2}, set(), False),
        ("trust >= -1", {"trust": 0}, set(), True),
        ("marcus.trust>=2  and  not told", {"marcus.trust": 2}, set(), True),
        ("trust >= 3 and told", {"trust": 4}, set(), False),
        ("band and notable", {}, {"band", "notable"}, True),
    ],
)
def test_conditions_hold_as_written(text: str | None, state: dict[str, int], flags: set[str], true: bool) -> None:
    assert holds(text, state, flags) is true
    assert reference.true(text.replace(">=2", " >= 2").replace("  ", " ") if text else None, state, flags) is true


@pytest.mark.parametrize(
    "text", ["", "trust >=", "told or seen", "not trust >= 2", "trust >= 2.5", "Told", "told and", "3 > 2"]
)
def test_a_text_that_is_no_condition_is_refused_with_its_part(text: str) -> None:
    with pytest.raises(ValueError, match="is not a condition; write `flag`, `not flag` or `state >= 2`"):
        parse(text)
