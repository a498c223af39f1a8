from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pytest
from hypothesis import given

from twovoices.roleplay import engine, explore
from twovoices.roleplay.engine import Scene
from twovoices.roleplay.explore import Policy, ScoreSheet, TooLarge, anything, flags_only, mean_score, share_met
from twovoices.roleplay.model import Case, Gauge, Option
from twovoices.roleplay.scoring import chance_rank, score

from . import reference
from .build import beat, case, ending, mending_case, option
from .strategies import cases, walked


def highest(scene: Scene, options: tuple[Option, ...]) -> Iterable[Option]:
    top = max(o.level for o in options)
    return [o for o in options if o.level == top]


def first_two(scene: Scene, options: tuple[Option, ...]) -> Iterable[Option]:
    return options[:2]


POLICIES: list[Policy] = [anything, highest, first_two]


def walk(talk: Case, scene: Scene, share: float, met: dict[Scene, float]) -> None:
    """Add the share of random play to every scene, path by path."""
    met[scene] += share
    offered = engine.options(talk, scene)
    for o in offered:
        walk(talk, engine.reply(talk, scene, o.id), share / len(offered), met)


@walked
@given(cases())
def test_exploring_finds_exactly_the_scenes_of_a_walk_over_every_path(talk: Case) -> None:
    met: dict[Scene, float] = defaultdict(float)
    walk(talk, engine.start(talk), 1.0, met)
    graph = explore.explore(talk)
    assert set(graph.scenes) == set(met)
    assert len(graph.scenes) == len(met)
    assert graph.share == pytest.approx(dict(met))


@walked
@given(cases())
def test_the_shares_of_finished_scenes_sum_to_one(talk: Case) -> None:
    graph = explore.explore(talk)
    assert sum(graph.share[scene] for scene in graph.finished) == pytest.approx(1)
    assert all(engine.beat(talk, scene) is None for scene in graph.finished)


@walked
@given(cases())
def test_steps_are_the_replies_of_a_scene_and_lead_to_later_scenes_of_the_list(talk: Case) -> None:
    graph = explore.explore(talk)
    place = {scene: number for number, scene in enumerate(graph.scenes)}
    for scene in graph.scenes:
        assert [o for o, _ in graph.steps[scene]] == list(engine.options(talk, scene))
        for o, after in graph.steps[scene]:
            assert after == engine.reply(talk, scene, o.id)
            assert place[after] > place[scene]


@walked
@given(cases())
def test_the_path_told_to_a_scene_leads_to_it(talk: Case) -> None:
    graph = explore.explore(talk)
    for scene in graph.scenes:
        replies = [tuple(step.split(": ")) for step in graph.path_to(scene)]
        moves = engine.replay(talk, replies)  # type: ignore[arg-type]
        assert (moves[-1].after if moves else engine.start(talk)) == scene


@walked
@given(cases())
def test_the_spine_is_the_beats_that_lie_on_every_path(talk: Case) -> None:
    assert list(explore.spine(talk)) == reference.spine(talk, reference.paths(talk))


@walked
@given(cases())
def test_outlook_is_the_best_ending_good_replies_can_still_reach(talk: Case) -> None:
    graph = explore.explore(talk)
    found = explore.outlook(graph)

    def best(scene: Scene) -> int:
        if engine.beat(talk, scene) is None:
            return engine.ending(talk, scene).rank
        good = [o for o in engine.options(talk, scene) if o.level >= 3]
        return max((best(engine.reply(talk, scene, o.id)) for o in good), default=-1)

    assert found == {scene: best(scene) for scene in graph.scenes}


@walked
@given(cases())
def test_restricted_scenes_are_those_met_when_only_allowed_replies_are_given(talk: Case) -> None:
    graph = explore.explore(talk)
    met: set[Scene] = set()

    def wander(scene: Scene) -> None:
        met.add(scene)
        for o in engine.options(talk, scene):
            if o.level >= 3:
                wander(engine.reply(talk, scene, o.id))

    wander(engine.start(talk))
    allowed = explore.restricted(graph, lambda scene, o: o.level >= 3)
    assert set(allowed) == met
    assert list(allowed) == [scene for scene in graph.scenes if scene in met]


# ---------------------------------------------------------------- scores over all paths


def plays_of(talk: Case, policy: Policy) -> list[tuple[reference.Path, float]]:
    """Every path a player takes, with its share."""
    found = []
    for path in reference.paths(talk):
        share = 1.0
        for step in path[0]:
            taken = [
                o.id
                for o in policy(
                    Scene(step.before.at, (), step.before.flags), tuple(reference.offered(talk, step.before))
                )
            ]
            share *= (step.option.id in taken) / len(taken)
        if share:
            found.append((path, share))
    return found


@pytest.mark.parametrize("policy", POLICIES)
def test_mean_score_and_share_met_equal_the_sum_over_all_paths(policy: Policy) -> None:
    @walked
    @given(cases())
    def equal(talk: Case) -> None:
        scored = reference.spine(talk, reference.paths(talk))
        marked = [(reference.marks(talk, path, scored), share) for path, share in plays_of(talk, policy)]
        mean = sum(marks.score * share for marks, share in marked)
        met = sum(marks.met * share for marks, share in marked)
        for graph in (explore.explore(talk), flags_only(talk)):
            assert mean_score(graph, policy) == pytest.approx(mean)
            assert share_met(graph, policy) == pytest.approx(met)

    equal()


@walked
@given(cases())
def test_score_shares_equal_the_sum_over_all_paths(talk: Case) -> None:
    walked_paths = reference.paths(talk)
    scored = reference.spine(talk, walked_paths)
    expected: dict[float, float] = defaultdict(float)
    for path in walked_paths:
        expected[round(reference.marks(talk, path, scored).score, 6)] += reference.chance(path)
    found: dict[float, float] = defaultdict(float)
    for value, share in explore.score_shares(talk).items():
        found[round(value, 6)] += share
    assert found == pytest.approx(expected)
    assert sum(found.values()) == pytest.approx(1)


@walked
@given(cases())
def test_the_flags_alone_decide_which_replies_are_offered(talk: Case) -> None:
    full = {(scene.at, scene.flags): [o.id for o, _ in steps] for scene, steps in explore.explore(talk).steps.items()}
    alone = {(scene.at, scene.flags): [o.id for o, _ in steps] for scene, steps in flags_only(talk).steps.items()}
    assert full == alone


@walked
@given(cases())
def test_a_score_sheet_adds_up_to_what_scoring_says_of_every_path(talk: Case) -> None:
    sheet = ScoreSheet(talk)
    scored = reference.spine(talk, reference.paths(talk))
    for path in reference.paths(talk):
        tally = rule = sheet.empty
        still_possible = True
        replies = [(talk.beats[step.before.at].id, step.option.id) for step in path[0]]
        moves = engine.replay(talk, replies)
        for move in moves:
            here = talk.beats[move.scene.at]
            tally = sheet.add(tally, here, move.option)
            rule = sheet.rule_only(sheet.add(rule, here, move.option))
            still_possible = still_possible and sheet.can_meet(rule, move.after.at)
        flags = moves[-1].after.flags
        result, marks = score(talk, moves), reference.marks(talk, path, scored)
        assert result.complete
        assert sheet.met(tally, flags) == sheet.met(rule, flags) == result.met
        assert still_possible or not result.met
        assert sheet.score(tally.sums, flags) == pytest.approx(result.score)
        assert result.score == pytest.approx(marks.score)
        assert {c.competency: c.share for c in result.competencies} == pytest.approx(marks.shares)
        assert {c.competency: list(c.levels) for c in result.competencies} == marks.levels
        assert set(result.unrepaired) == marks.standing
        assert result.met == marks.met


# ---------------------------------------------------------------- by hand


def test_scenes_with_the_same_future_are_one_scene() -> None:
    talk = case(
        beat("one", option("a", 3, sets=("seen",)), option("b", 3), option("c", 1, effects={"trust": -1})),
        beat("two"),
        flags=("seen",),
    )
    graph = explore.explore(talk)
    assert [scene.at for scene in graph.scenes] == [0, 1, 1, 2, 2]
    assert sorted(graph.share[scene] for scene in graph.finished) == pytest.approx([1 / 3, 2 / 3])


def test_a_case_of_more_than_twenty_thousand_scenes_is_refused() -> None:
    flags = tuple(f"f{number}" for number in range(15))
    talk = case(
        *(beat(f"b{number}", option("yes", 3, sets=(flag,)), option("no", 3)) for number, flag in enumerate(flags)),
        flags=flags,
        endings=(ending("all", 3, " and ".join(flags)), ending("over")),
    )
    with pytest.raises(TooLarge, match="small has more than 20,000 scenes"):
        explore.explore(talk)


def test_known_figures_of_a_case_worked_out_on_paper() -> None:
    talk = case(
        beat("one", option("a", 4), option("b", 1)),
        beat("two", option("c", 3), option("d", 2), focus="C4", critical=True),
        state={"trust": Gauge(1, 0, 2, "high")},
    )
    graph = flags_only(talk)
    assert mean_score(graph) == pytest.approx(100 * ((4 + 1) / 2 / 4 + (3 + 2) / 2 / 4) / 2)
    assert share_met(graph) == pytest.approx(1 / 4)
    assert share_met(graph, highest) == 1
    assert mean_score(graph, highest) == pytest.approx(87.5)
    shares = explore.score_shares(talk)
    assert shares == pytest.approx({87.5: 0.25, 75.0: 0.25, 50.0: 0.25, 37.5: 0.25})
    assert chance_rank(shares, 75.0) == pytest.approx(0.625)
    assert chance_rank(shares, 20.0) == 0
    assert chance_rank(shares, 90.0) == pytest.approx(1)


def test_the_figures_of_the_mending_case_count_a_mended_error_for_the_rule_and_not_for_the_points() -> None:
    talk = mending_case()
    replies = [("first", "first-4"), ("second", "harms"), ("third", "mends-well"), ("fourth", "closes")]
    result = score(talk, engine.replay(talk, replies))
    assert result.met
    assert result.score == pytest.approx(100 * (1 + (0 + 4 + 4) / 12) / 2)
    assert 0 < share_met(flags_only(talk)) < share_met(flags_only(talk), highest) == 1
