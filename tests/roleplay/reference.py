"""The same rules a second time, slowly and plainly: every path walked, every flag kept, nothing merged."""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass

from twovoices.roleplay.model import Beat, Case, Ending, Line, Option

COMPARE = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}


def true(when: str | None, state: Mapping[str, int], flags: Set[str]) -> bool:
    """Whether a condition holds."""
    for term in when.split(" and ") if when else ():
        match term.split():
            case ["not", name]:
                fits = name not in flags
            case [name]:
                fits = name in flags
            case [name, sign, number]:
                fits = COMPARE[sign](state[name], int(number))
        if not fits:
            return False
    return True


@dataclass(frozen=True)
class Spot:
    """Where a walk stands; every flag ever set and not unset is kept."""

    at: int
    state: tuple[tuple[str, int], ...]
    flags: frozenset[str]


@dataclass(frozen=True)
class Step:
    """One reply of a walk, with its share among those on offer."""

    before: Spot
    option: Option
    offered: int


Path = tuple[tuple[Step, ...], Spot]


def begin(case: Case) -> Spot:
    """Before the first reply."""
    state = tuple((name, gauge.start) for name, gauge in case.state.items())
    return Spot(_open(case, 0, frozenset()), state, frozenset())


def said(case: Case, spot: Spot) -> Line | Ending:
    """What is heard."""
    state = dict(spot.state)
    if spot.at < len(case.beats):
        return next(line for line in case.beats[spot.at].client if true(line.when, state, spot.flags))
    return next(item for item in case.endings if true(item.when, state, spot.flags))


def offered(case: Case, spot: Spot) -> list[Option]:
    """What can be said."""
    if spot.at == len(case.beats):
        return []
    return [option for option in case.beats[spot.at].options if true(option.needs, {}, spot.flags)]


def follow(case: Case, spot: Spot, option: Option) -> Spot:
    """After a reply."""
    flags = set(spot.flags) | set(option.sets)
    if option.error is not None:
        flags.discard(case.critical_errors[option.error].mended_by or "")
        flags.add(option.error)
    state = []
    for name, value in spot.state:
        gauge = case.state[name]
        state.append((name, min(max(value + option.effects.get(name, 0), gauge.min), gauge.max)))
    ids = [beat.id for beat in case.beats]
    first = ids.index(option.goto) if option.goto else spot.at + 1
    return Spot(_open(case, first, frozenset(flags)), tuple(state), frozenset(flags))


def paths(case: Case) -> list[Path]:
    """Every path from the first line to an ending."""

    def walk(spot: Spot, steps: tuple[Step, ...]) -> Iterator[Path]:
        options = offered(case, spot)
        if not options:
            yield steps, spot
        for option in options:
            yield from walk(follow(case, spot, option), (*steps, Step(spot, option, len(options))))

    return list(walk(begin(case), ()))


def chance(path: Path) -> float:
    """How likely random play is to take this path."""
    share = 1.0
    for step in path[0]:
        share /= step.offered
    return share


def spine(case: Case, walked: list[Path]) -> list[Beat]:
    """The beats that lie on every path."""
    common = set(range(len(case.beats)))
    for steps, _ in walked:
        common &= {step.before.at for step in steps}
    return [case.beats[at] for at in sorted(common)]


@dataclass(frozen=True)
class Marks:
    """What one whole path scores."""

    score: float
    met: bool
    shares: dict[str, float]
    levels: dict[str, list[int]]
    standing: set[str]


def marks(case: Case, path: Path, scored: list[Beat]) -> Marks:
    """Score one whole path by the words of the design."""
    steps, end = path
    given: dict[str, list[int]] = defaultdict(list)
    ruled: dict[str, list[int]] = defaultdict(list)
    critical_kept = unmended = False
    critical_kept = True
    for number, step in enumerate(steps):
        beat, level = case.beats[step.before.at], step.option.level
        rule_level = level
        if step.option.error is not None:
            mending = case.critical_errors[step.option.error].mended_by
            later = [
                after.option.level
                for after in steps[number + 1 :]
                if mending is not None and mending in after.option.sets
            ]
            if later:
                rule_level = later[0]
            else:
                unmended = True
        if beat in scored:
            given[beat.focus].append(level)
            ruled[beat.focus].append(rule_level)
            if beat.critical and rule_level < 3:
                critical_kept = False
    standing = set()
    for name, error in case.critical_errors.items():
        if name in end.flags and (error.mended_by is None or error.mended_by not in end.flags):
            standing.add(name)
    spoiled = {case.critical_errors[name].competency for name in standing}
    shares = {c: 0.0 if c in spoiled else sum(levels) / len(levels) / 4 for c, levels in given.items()}
    means_hold = all(sum(levels) >= 3 * len(levels) for levels in ruled.values())
    met = means_hold and critical_kept and not unmended and not standing
    score = 100 * sum(shares.values()) / len(shares) if shares else 0.0
    return Marks(score, met, shares, dict(given), standing)


def _open(case: Case, first: int, flags: frozenset[str]) -> int:
    for at in range(first, len(case.beats)):
        if true(case.beats[at].needs, {}, flags):
            return at
    return len(case.beats)
