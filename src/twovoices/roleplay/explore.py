"""Exploring a case exactly: every scene once, states merged, random play as exact shares.

Two passes are kept apart. The *scene pass* walks (beat, state, flags) and answers what can be met and where it
leads. The *score pass* walks (beat, flags, level sums) and answers how play is scored; conditions of beats and
replies look at flags alone, so the numbers inside the client need not be carried along.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec

from . import engine
from .engine import Scene
from .model import Beat, Case, Option

SCENES_MAX = 20_000


class TooLarge(ValueError):
    """A case with more than ``SCENES_MAX`` scenes."""


@dataclass(frozen=True)
class Graph:
    """A case's scenes and the steps between them.

    Attributes
    ----------
    case
        The case explored.
    scenes
        Every reachable scene, each before all scenes it leads to.
    steps
        For each scene, ``(option, next scene)`` for every reply on offer; empty for finished scenes.
    share
        For each scene, the share of random play that passes through it (0 to 1).
    came
        For each scene but the first, one ``(scene, option)`` that leads to it: a reproduction path.
    """

    case: Case
    scenes: tuple[Scene, ...]
    steps: dict[Scene, tuple[tuple[Option, Scene], ...]]
    share: dict[Scene, float]
    came: dict[Scene, tuple[Scene, Option]] = field(repr=False, default_factory=dict)

    @property
    def finished(self) -> tuple[Scene, ...]:
        """Scenes in which the conversation has ended."""
        return tuple(scene for scene in self.scenes if scene.at == len(self.case.beats))

    def path_to(self, scene: Scene) -> list[str]:
        """Replies of one path to a scene, as ``beat: option``."""
        path: list[str] = []
        while scene in self.came:
            scene, option = self.came[scene]
            path.append(f"{self.case.beats[scene.at].id}: {option.id}")
        return path[::-1]


def explore(case: Case) -> Graph:
    """Explore every scene of a case.

    Raises
    ------
    TooLarge
        When there are more than ``SCENES_MAX`` scenes.
    """
    first = engine.start(case)
    layers: list[dict[Scene, Scene]] = [{} for _ in range(len(case.beats) + 1)]
    layers[first.at][first] = first
    steps: dict[Scene, tuple[tuple[Option, Scene], ...]] = {}
    share: dict[Scene, float] = defaultdict(float, {first: 1.0})
    came: dict[Scene, tuple[Scene, Option]] = {}
    count = 1
    for layer in layers:  # every step leads to a later layer, so a layer is complete when it is reached
        for scene in layer:
            found: list[tuple[Option, Scene]] = []
            for option, after in engine.successors(case, scene):
                known = layers[after.at].setdefault(after, after)  # one object a scene: equal at a glance from here on
                if known is after:
                    came[after] = (scene, option)
                    count += 1
                    if count > SCENES_MAX:
                        raise TooLarge(f"{case.id} has more than {SCENES_MAX:,} scenes")
                found.append((option, known))
            steps[scene] = tuple(found)
            for _, after in found:
                share[after] += share[scene] / len(found)
    scenes = tuple(scene for layer in layers for scene in layer)
    return Graph(case, scenes, steps, dict(share), came)


@functools.lru_cache(maxsize=128)
def spine(case: Case) -> tuple[Beat, ...]:
    """The beats that every path visits, in order; only these are scored."""
    return tuple(case.beats[index] for index in sorted(_always_visited(case)))


def _always_visited(case: Case) -> frozenset[int]:
    """Beats on every path, by flags alone: the meet over all (beat, flags) ways to the end."""
    first = engine.start(case)
    visited: dict[tuple[int, frozenset[str]], frozenset[int]] = {(first.at, first.flags): frozenset((first.at,))}
    layers: list[set[frozenset[str]]] = [set() for _ in range(len(case.beats) + 1)]
    layers[first.at].add(first.flags)
    end = len(case.beats)
    for at in range(end):
        for flags in layers[at]:
            here = visited[at, flags]
            for option in engine.options(case, Scene(at, (), flags)):
                after, after_flags = engine.advance(case, at, flags, option)
                seen = here | {after}
                key = (after, after_flags)
                visited[key] = visited[key] & seen if key in visited else seen
                layers[after].add(after_flags)
    ends = [visited[end, flags] for flags in layers[end]]
    return functools.reduce(frozenset.__and__, ends, frozenset(range(end))) - {end} if ends else frozenset()


def outlook(graph: Graph) -> dict[Scene, int]:
    """For each scene, the best ending rank that replies of level 3 and up can still reach (−1: none)."""
    best: dict[Scene, int] = {}
    for scene in reversed(graph.scenes):
        if scene.at == len(graph.case.beats):
            best[scene] = engine.ending(graph.case, scene).rank
        else:
            best[scene] = max((best[after] for option, after in graph.steps[scene] if option.level >= 3), default=-1)
    return best


def restricted(graph: Graph, allowed: Callable[[Scene, Option], bool]) -> tuple[Scene, ...]:
    """Scenes reachable when only allowed replies are given, in order."""
    reached = {graph.scenes[0]}
    for scene in graph.scenes:
        if scene in reached:
            reached.update(after for option, after in graph.steps[scene] if allowed(scene, option))
    return tuple(scene for scene in graph.scenes if scene in reached)


class Tally(NamedTuple):
    """What the score pass carries along besides beat and flags.

    Attributes
    ----------
    sums
        Level sum per scored competency on spine beats, as given (mended beats still count their 0).
    held
        The same with mended beats at the level of the mending reply: what the pass rule reads.
    critical
        Whether every critical spine beat met so far stands at 3 or more (after mending).
    open
        ``(error id, index of its competency or −1, whether its beat was critical)`` of each error of wording not
        mended yet, so that the mending reply can raise that beat.
    """

    sums: tuple[int, ...]
    held: tuple[int, ...]
    critical: bool
    open: tuple[tuple[str, int, bool], ...]


Policy = Callable[[Scene, tuple[Option, ...]], Iterable[Option]]


class ScoreSheet:
    """The competencies and beats of a case that are scored, and the arithmetic over tallies."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.beats = spine(case)
        self.competencies = tuple(sorted({beat.focus for beat in self.beats}, key=lambda c: int(c[1:])))
        self.counts = tuple(sum(beat.focus == c for beat in self.beats) for c in self.competencies)
        self._index = {beat.id: self.competencies.index(beat.focus) for beat in self.beats}
        zeros = (0,) * len(self.competencies)
        self.empty = Tally(zeros, zeros, True, ())
        self._ahead = [
            tuple(sum(self._index.get(b.id) == i for b in case.beats[at:]) for i in range(len(self.competencies)))
            for at in range(len(case.beats) + 1)
        ]

    def index(self, beat: Beat) -> int | None:
        """Place of a beat's competency among the scored ones; ``None`` for a beat that is not on every path."""
        return self._index.get(beat.id)

    def add(self, tally: Tally, beat: Beat, option: Option) -> Tally:
        """The tally after a reply."""
        sums, held, critical, still_open = tally.sums, tally.held, tally.critical, tally.open
        mended = [item for item in still_open if self.case.critical_errors[item[0]].mended_by in option.sets]
        if mended:
            still_open = tuple(item for item in still_open if item not in mended)
            for _, place, _ in mended:
                if place >= 0:
                    held = _plus(held, place, option.level)
        index = self.index(beat)
        if index is not None:
            sums, held = _plus(sums, index, option.level), _plus(held, index, option.level)
        blocks = beat.critical and index is not None and option.level < 3
        if option.error is not None and self.case.critical_errors[option.error].mended_by is not None:
            still_open = (*still_open, (option.error, -1 if index is None else index, blocks))
        elif blocks:
            critical = False
        if any(item[2] for item in mended) and option.level < 3:
            critical = False
        return Tally(sums, held, critical, still_open)

    def rule_only(self, tally: Tally) -> Tally:
        """The part of a tally that the pass rule reads: a competency already safe is not told from one far above."""
        held = tuple(min(total, 3 * count) for total, count in zip(tally.held, self.counts, strict=True))
        return Tally(self.empty.sums, held, tally.critical, tally.open)

    def can_meet(self, tally: Tally, at: int) -> bool:
        """Whether the pass rule can still hold if every reply from beat ``at`` on is a 4."""
        if not tally.critical:
            return False
        unmended = [place for _, place, _ in tally.open]
        ahead = self._ahead[at]
        return all(
            held + 4 * (ahead[i] + unmended.count(i)) >= 3 * count
            for i, (held, count) in enumerate(zip(tally.held, self.counts, strict=True))
        )

    def met(self, tally: Tally, flags: frozenset[str]) -> bool:
        """The pass rule: each competency's mean at 3 or more, critical beats at 3 or more, nothing unrepaired."""
        if not tally.critical or tally.open or engine.unrepaired(self.case, flags):
            return False
        return all(total >= 3 * count for total, count in zip(tally.held, self.counts, strict=True))

    def spoiled(self, flags: frozenset[str]) -> set[str]:
        """Competencies with an unrepaired critical error."""
        return {self.case.critical_errors[name].competency for name in engine.unrepaired(self.case, flags)}

    def shares(self, sums: tuple[int, ...], flags: frozenset[str]) -> tuple[float, ...]:
        """Per competency, mean level / 4 (0 to 1); 0 for one with an unrepaired critical error."""
        spoiled = self.spoiled(flags)
        return tuple(
            0.0 if competency in spoiled else total / (4 * count)
            for competency, total, count in zip(self.competencies, sums, self.counts, strict=True)
        )

    def score(self, sums: tuple[int, ...], flags: frozenset[str]) -> float:
        """0 to 100 over all scored competencies."""
        shares = self.shares(sums, flags)
        return 100 * sum(shares) / len(shares) if shares else 0.0


def flags_only(case: Case) -> Graph:
    """The graph of a case without its gauges: enough for anything that does not depend on what the client says.

    Replies and moments open by flags alone, so random play and a player who looks at replies only are scored on it.
    """
    return explore(msgspec.structs.replace(case, state={}))


def anything(scene: Scene, options: tuple[Option, ...]) -> Iterable[Option]:
    """Random play: every reply alike."""
    return options


def mean_score(graph: Graph, policy: Policy = anything) -> float:
    """Mean score (0 to 100) of a player, exactly: shares and level sums are carried forward scene by scene."""
    case, sheet = graph.case, ScoreSheet(graph.case)
    share: dict[Scene, float] = defaultdict(float, {graph.scenes[0]: 1.0})
    sums: dict[Scene, list[float]] = defaultdict(lambda: [0.0] * len(sheet.competencies))
    total = 0.0
    for scene in graph.scenes:
        if not share[scene]:
            continue
        if scene.at == len(case.beats):
            spoiled = sheet.spoiled(scene.flags)
            parts = zip(sheet.competencies, sums[scene], sheet.counts, strict=True)
            total += sum(levels / (4 * count) for name, levels, count in parts if name not in spoiled)
            continue
        index = sheet.index(case.beats[scene.at])
        taken = _taken(graph, scene, policy)
        for option, after in taken:
            weight = 1 / len(taken)
            share[after] += share[scene] * weight
            for number, value in enumerate(sums[scene]):
                sums[after][number] += value * weight
            if index is not None:
                sums[after][index] += option.level * share[scene] * weight
    return 100 * total / len(sheet.competencies) if sheet.competencies else 0.0


def share_met(graph: Graph, policy: Policy = anything) -> float:
    """Share of a player's plays that meet the pass rule (0 to 1), exactly; plays that no longer can are let go."""
    case, sheet = graph.case, ScoreSheet(graph.case)
    layers: list[dict[tuple[Scene, Tally], float]] = [defaultdict(float) for _ in range(len(case.beats) + 1)]
    first = graph.scenes[0]
    layers[first.at][first, sheet.empty] = 1.0
    for at, beat in enumerate(case.beats):
        steps: dict[Scene, list[tuple[Option, Scene]]] = {}
        kept: dict[tuple[Tally, str, int], Tally | None] = {}  # scenes of a beat share most of their tallies
        for (scene, tally), share in layers[at].items():
            if scene not in steps:
                steps[scene] = _taken(graph, scene, policy)
            for option, after in steps[scene]:
                key = (tally, option.id, after.at)
                if key not in kept:
                    added = sheet.rule_only(sheet.add(tally, beat, option))
                    kept[key] = added if sheet.can_meet(added, after.at) else None
                tally_after = kept[key]
                if tally_after is not None:
                    layers[after.at][after, tally_after] += share / len(steps[scene])
        layers[at].clear()
    return sum(share for (scene, tally), share in layers[-1].items() if sheet.met(tally, scene.flags))


def score_shares(case: Case) -> dict[float, float]:
    """Share of random play (0 to 1) for each score (0 to 100), exactly."""
    graph, sheet = flags_only(case), ScoreSheet(case)
    layers: list[dict[tuple[Scene, tuple[int, ...]], float]] = [defaultdict(float) for _ in range(len(case.beats) + 1)]
    first = graph.scenes[0]
    layers[first.at][first, sheet.empty.sums] = 1.0
    for at, beat in enumerate(case.beats):
        index = sheet.index(beat)
        for (scene, sums), share in layers[at].items():
            for option, after in graph.steps[scene]:
                added = sums if index is None else _plus(sums, index, option.level)
                layers[after.at][after, added] += share / len(graph.steps[scene])
        layers[at].clear()
    found: dict[float, float] = defaultdict(float)
    for (scene, sums), share in layers[-1].items():
        found[round(sheet.score(sums, scene.flags), 9)] += share
    return dict(found)


def _taken(graph: Graph, scene: Scene, policy: Policy) -> list[tuple[Option, Scene]]:
    chosen = {option.id for option in policy(scene, tuple(option for option, _ in graph.steps[scene]))}
    return [(option, after) for option, after in graph.steps[scene] if option.id in chosen]


def _plus(values: tuple[int, ...], index: int, amount: int) -> tuple[int, ...]:
    return (*values[:index], values[index] + amount, *values[index + 1 :])
