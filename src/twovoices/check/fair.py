"""Fair: guessing does not pass, good work always does, and no harm is rewarded."""

from __future__ import annotations

from collections.abc import Sequence

from ..content.errors import Problem
from ..roleplay import engine
from ..roleplay.engine import Scene
from ..roleplay.explore import Graph, mean_score, restricted, share_met
from ..roleplay.model import Case, Option
from . import surface
from .report import Review

CHANCE_MAX = 0.01
SPREAD_MIN = 35.0
GUESS_CASE = 20.0
GUESS_ALL = 5.0
MODEL_GAIN = 0.10
LONGEST_MAX = 0.40
SCORED = {"practice": (10, 14, 3, 4, 2, 3), "assessment": (10, 14, 3, 4, 2, 3), "gate": (4, 6, 1, 1, 1, 2)}


def check(review: Review) -> None:
    """Add the problems of fairness that hold within one case."""
    case = review.case
    if case.use in SCORED:
        shape(review)
        good(review)
        outlook(review)
        pleasing(review)
        error(review)
        guess(review)
    if case.use in ("practice", "assessment"):
        chance(review)
        roads(review)


def shape(review: Review) -> None:
    """E-SHAPE and E-CRITICAL: beats, competencies, critical beats and challenges in the numbers that the use asks for."""
    case, sheet = review.case, review.sheet
    low, high, fewest, most, some, many = SCORED[case.use]
    if not low <= len(sheet.beats) <= high:
        review.add("E-SHAPE", f"{len(sheet.beats)} beats are on every path.", f"Have {low} to {high}.", "beats")
    if not fewest <= len(sheet.competencies) <= most:
        mend = f"Focus the beats that every path meets on {fewest} to {most} competencies."
        review.add("E-SHAPE", f"{len(sheet.competencies)} competencies are scored.", mend, "beats")
    critical = [beat for beat in case.beats if beat.critical]
    for beat in critical:
        if sheet.index(beat) is None:
            mend = "Mark a beat that every path meets, or remove what jumps over this one."
            review.add("E-CRITICAL", "A critical beat is not on every path.", mend, *review.at_beat(beat))
    if not some <= len(critical) <= many:
        review.add("E-SHAPE", f"{len(critical)} beats are critical.", f"Mark {some} to {many}.", "beats")
    challenges = [beat for beat in sheet.beats if beat.challenge]
    if case.difficulty >= 3 and len(challenges) != 1:
        mend = "Mark one beat of every path, in which the client is hurt or angry whatever was said."
        review.add("E-SHAPE", f"{len(challenges)} beats are a challenge.", mend, "beats")


def chance(review: Review) -> None:
    """E-CHANCE: random play hardly ever passes, and scores far below best play."""
    met, mean = share_met(review.flags), mean_score(review.flags)
    if met >= CHANCE_MAX:
        mend = "Add a beat to the competency with fewest, lower a generous level, or mark another beat critical."
        review.add("E-CHANCE", f"Random play passes in {met:.2%} of all plays.", mend, "beats")
    best = mean_score(review.flags, lambda scene, options: highest(options))
    if best - mean < SPREAD_MIN:
        mend = "Set the levels of weaker replies by what they do, and have fewer replies of level 3 beside a 4."
        review.add("E-CHANCE", f"Best play scores {best:.0f} and random play {mean:.0f}.", mend, "beats")


def good(review: Review) -> None:
    """E-GOOD: a good reply is always on offer, and good replies alone always do well."""
    case, graph = review.case, review.graph
    needed = 4 if case.use == "assessment" else 3
    told: set[str] = set()
    for scene in graph.scenes:
        here = engine.beat(case, scene)
        if here and here.id not in told and not any(option.level >= needed for option, _ in graph.steps[scene]):
            told.add(here.id)
            mend = f"Let a reply of level {needed} stand here whatever the flags."
            what = f"No reply of level {needed} is on offer {review.after(scene)}."
            review.add("E-GOOD", what, mend, *review.at_beat(here))
    good = restricted(graph, lambda scene, option: option.level >= 3)
    ends: set[str] = set()
    for scene in good:
        if scene.at < len(case.beats):
            continue
        item = engine.ending(case, scene)
        if item.rank < 2 and item.id not in ends:
            ends.add(item.id)
            mend = "Loosen the better ending's `when`, or let the replies of level 3 do what it asks for."
            what = f"Replies of level 3 and up alone end at rank {item.rank}: {' → '.join(_good_path(review, scene))}."
            review.add("E-GOOD", what, mend, "endings", case.endings.index(item))
    if share_met(review.flags, lambda scene, options: good_enough(options)) < 1 - 1e-9:
        review.add(
            "E-GOOD", "Replies of level 3 and up alone do not always pass.", "Look for an error among them.", "beats"
        )


def highest(options: tuple[Option, ...]) -> list[Option]:
    """The best replies on offer."""
    return [option for option in options if option.level == max(o.level for o in options)]


def good_enough(options: tuple[Option, ...]) -> list[Option]:
    """The weakest of the good replies on offer: level 3 where there is one."""
    good = [option for option in options if option.level >= 3]
    return [option for option in good if option.level == min(o.level for o in good)] or list(options)


def _good_path(review: Review, scene: Scene) -> list[str]:
    """A path of good replies to a scene (the recorded path may hold weak ones)."""
    graph = review.graph
    came: dict[Scene, tuple[Scene, Option]] = {}
    reached = {graph.scenes[0]}
    for here in graph.scenes:
        if here in reached:
            for option, after in graph.steps[here]:
                if option.level >= 3 and after not in reached:
                    reached.add(after)
                    came[after] = (here, option)
    path = []
    while scene in came:
        scene, option = came[scene]
        path.append(option.id)
    return path[::-1]


def outlook(review: Review) -> None:
    """E-OUTLOOK: a better reply never closes more than a weaker one."""
    case, graph, best = review.case, review.graph, review.outlooks
    told: set[tuple[str, str, str]] = set()
    for scene in graph.scenes:
        here = engine.beat(case, scene)
        if here is None:
            continue
        steps = graph.steps[scene]
        for high, after_high in steps:
            for low, after_low in steps:
                key = (here.id, high.id, low.id)
                if high.level > low.level and best[after_high] < best[after_low] and key not in told:
                    told.add(key)
                    ranks = f"best ending of rank {best[after_high]}, and {best[after_low]} there"
                    what = f"It closes more than {low.id} ({ranks}) {review.after(scene)}."
                    mend = "Mend the effects or flags, so that the better reply keeps at least as much open."
                    review.add("E-OUTLOOK", what, mend, *review.at_option(here, high))


def error(review: Review) -> None:
    """E-ERROR: no harm is rewarded, and each error can be mended or is final."""
    case, graph = review.case, review.graph
    top = max(item.rank for item in case.endings)
    told: set[tuple[str, str]] = set()
    for scene in graph.finished:
        item = engine.ending(case, scene)
        standing = engine.unrepaired(case, scene.flags)
        for name in standing:
            if item.rank == top and (name, item.id) not in told:
                told.add((name, item.id))
                mend = f"Add `not {name}` (or the mending flag) to the ending's `when`."
                what = f"The top ending is reached with {name} unrepaired {review.after(scene)}."
                review.add("E-ERROR", what, mend, "endings", case.endings.index(item))
    used = {option.error for beat in case.beats for option in beat.options if option.error}
    for name, error in case.critical_errors.items():
        at = ("critical_errors", name)
        if name not in used:
            review.add("E-ERROR", f"No reply commits {name}.", "Remove it, or mark the reply that does.", *at)
        elif error.mended_by is not None and not _can_mend(review, name, error.mended_by):
            mend = f"Let a reply of level 3 or more after it set {error.mended_by}."
            review.add("E-ERROR", f"After {name} some path cannot mend it.", mend, *at)


def _can_mend(review: Review, name: str, flag: str) -> bool:
    """Whether every scene just after the error still has a way to its mending."""
    graph = review.graph
    can: dict[Scene, bool] = {}
    for scene in reversed(graph.scenes):
        can[scene] = any(
            (flag in option.sets and option.level >= 3) or can[after]
            for option, after in graph.steps[scene]
            if option.error != name
        )
    return all(can[after] for scene in graph.scenes for option, after in graph.steps[scene] if option.error == name)


def pleasing(review: Review) -> None:
    """E-OUTLOOK: the client's face gives nothing away; weak replies may please, and good ones may cost."""
    case = review.case
    name, gauge = next(iter(case.state.items()))
    sign = 1 if gauge.better == "high" else -1
    tempting = 0
    for beat in case.beats:
        gains = [sign * option.effects.get(name, 0) for option in beat.options]
        tempting += any(
            gain == max(gains) and option.level <= 2 for gain, option in zip(gains, beat.options, strict=True)
        )
    if tempting < 2:
        mend = f"In at least two beats let a weaker reply please most (effects on {name})."
        review.add("E-OUTLOOK", f"In {tempting} beats a weak reply pleases the client most.", mend, "beats")
    if case.difficulty >= 3:
        costly = [o for beat in case.beats for o in beat.options if o.level >= 3 and o.costs]
        hurts = [o for o in costly if any(_worse(case, n, change) for n, change in o.effects.items())]
        if not hurts:
            mend = "Give one reply of level 3 or 4 `costs: ...` and an effect that hurts now."
            review.add("E-OUTLOOK", "No good reply costs anything now.", mend, "beats")


def _worse(case: Case, name: str, change: int) -> bool:
    return change < 0 if case.state[name].better == "high" else change > 0


def guess(review: Review) -> None:
    """E-GUESS: no rule of thumb finds the best replies of this case."""
    case = review.case
    mean = mean_score(review.flags)
    for title, measure in surface.PLAYERS.items():
        graph, player = board(review, title), surface.player(case, measure, review.words)
        gain, met = mean_score(graph, player) - mean, share_met(graph, player)
        if gain > GUESS_CASE or met > CHANCE_MAX:
            mend = "Reshape replies in the beats where this guess finds the best one: " + _where(review, measure) + "."
            what = f"Always taking the one with '{title}' scores {gain:+.0f} against random and passes in {met:.1%}."
            review.add("E-GUESS", what, mend, "beats")
    longest = sum(
        max(beat.options, key=lambda option: len(option.say)).level == max(option.level for option in beat.options)
        for beat in case.beats
    )
    if longest > LONGEST_MAX * len(case.beats):
        mend = "Shorten best replies, or let weaker ones say more: " + _where(review, surface.PLAYERS["longest"]) + "."
        review.add("E-GUESS", f"The best reply is the longest in {longest} of {len(case.beats)} beats.", mend, "beats")


def board(review: Review, title: str) -> Graph:
    """The graph a guessing player plays on: only one who listens for echoes needs the client's words."""
    return review.graph if title == "most echoes" else review.flags


def _where(review: Review, measure: surface.Measure) -> str:
    found = []
    for beat in review.case.beats:
        client = surface.said(beat.client[-1])
        top = max(beat.options, key=lambda option: measure(option.say, client, review.words))
        if top.level == max(option.level for option in beat.options):
            found.append(beat.id)
    return ", ".join(found) or "none alone decides"


def roads(review: Review) -> None:
    """W-ROADS: two traditions are at home in the case, and each can reach the top ending."""
    case, graph, best = review.case, review.graph, review.outlooks
    pairs = 0
    for beat in review.sheet.beats:
        good = [option for option in beat.options if option.level >= 3]
        index = case.beats.index(beat)
        scenes = [scene for scene in graph.scenes if scene.at == index]
        found = any(
            one.road != two.road
            and all(
                len({best[after] for option, after in graph.steps[scene] if option.id in (one.id, two.id)}) == 1
                for scene in scenes
            )
            for number, one in enumerate(good)
            for two in good[number + 1 :]
        )
        pairs += found
    if pairs < 2:
        mend = "Give two beats a second good reply from another road (`road:`), neither closing more than the other."
        review.add(
            "W-ROADS", f"{pairs} beats have two good replies of different roads with equal outlook.", mend, "beats"
        )
    top = max(item.rank for item in case.endings)
    for road in sorted({option.road for beat in case.beats for option in beat.options} - {"common"}):
        allowed = restricted(
            graph,
            lambda scene, option, road=road: option.level >= 3 and option.road in ("common", road),  # type: ignore[misc]
        )
        reached = any(scene.at == len(case.beats) and engine.ending(case, scene).rank == top for scene in allowed)
        if not reached:
            mend = "Give each beat a good reply that is common or of this road."
            review.add("W-ROADS", f"Keeping to the road {road!r} cannot reach the top ending.", mend, "beats")


def check_all(reviews: Sequence[Review]) -> list[Problem]:
    """E-GUESS over all cases of one kind and language together; two say nothing about a habit."""
    if len(reviews) < 3:
        return []
    problems = []
    folder = reviews[0].document.file.rpartition("/")[0]
    random = {review.case.id: mean_score(review.flags) for review in reviews}
    for title, measure in surface.PLAYERS.items():
        gains = {}
        for review in reviews:
            player = surface.player(review.case, measure, review.words)
            gains[review.case.id] = mean_score(board(review, title), player) - random[review.case.id]
        gain = sum(gains.values()) / len(gains)
        if gain > GUESS_ALL:
            each = ", ".join(f"{case} {g:+.0f}" for case, g in gains.items())
            what = f"Over all cases always taking the one with '{title}' gains {gain:+.1f} points ({each})."
            mend = "Reshape replies in the cases with the largest gain."
            problems.append(Problem(folder, 0, "E-GUESS", "", what, mend))
    pools = [surface.moments(review.case, review.words) for review in reviews]
    guesses = [surface.guess(*pair) for pair in zip(surface.leave_one_out(pools), pools, strict=True)]
    found = surface.together(guesses)
    if found.gain > MODEL_GAIN:
        each = ", ".join(f"{review.case.id} {one.gain:+.0%}" for review, one in zip(reviews, guesses, strict=True))
        what = f"A model of surface features finds the best reply in {found.said} ({each})."
        mend = "Vary the shape of best replies in the cases with the largest gain; `check --shape` shows what gives them away."
        problems.append(Problem(folder, 0, "E-GUESS", "", what, mend))
    return problems
