"""The engine: pure and immutable. A scene, a reply, the next scene; nothing is random."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .conditions import holds, parse
from .model import Beat, Case, Ending, Line, Option


class Misfit(ValueError):
    """A reply or log that does not fit the case; the message says where and why."""


class Scene(NamedTuple):
    """Where a conversation stands.

    Attributes
    ----------
    at
        Index of the beat; ``len(case.beats)`` when the conversation has ended.
    state
        Values of the case's gauges, in file order.
    flags
        Flags set so far that anything ahead still reads; ids of critical errors committed are flags too. A flag that
        nothing reads any more is let go, so that scenes with the same future are one scene.
    """

    at: int
    state: tuple[int, ...]
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Move:
    """One reply given: the scene it was given in, the option, and the scene it led to."""

    scene: Scene
    option: Option
    after: Scene


def start(case: Case) -> Scene:
    """The scene in which the client speaks first."""
    return Scene(_arrive(case, 0, frozenset()), tuple(gauge.start for gauge in case.state.values()), frozenset())


def beat(case: Case, scene: Scene) -> Beat | None:
    """The moment of a scene, or ``None`` when the conversation has ended."""
    return case.beats[scene.at] if scene.at < len(case.beats) else None


def values(case: Case, scene: Scene) -> dict[str, int]:
    """The gauges by name."""
    return dict(zip(case.state, scene.state, strict=True))


def line_index(case: Case, scene: Scene) -> int:
    """Index of the client's line in the scene's beat: the first whose ``when`` holds."""
    state = values(case, scene)
    for index, line in enumerate(case.beats[scene.at].client):
        if holds(line.when, state, scene.flags):
            return index
    raise Misfit(
        f"{case.id}: beat {case.beats[scene.at].id} has no line for this scene; its last line must have no `when`"
    )


def line(case: Case, scene: Scene) -> Line:
    """What the client says in this scene."""
    return case.beats[scene.at].client[line_index(case, scene)]


def options(case: Case, scene: Scene) -> tuple[Option, ...]:
    """The replies on offer, in file order; empty when the conversation has ended."""
    if scene.at >= len(case.beats):
        return ()
    return tuple(way.option for way in _ways(case, scene.at, scene.flags))


def reply(case: Case, scene: Scene, option_id: str) -> Scene:
    """The scene after a reply.

    Raises
    ------
    Misfit
        When the conversation has ended or the scene does not offer that reply.
    """
    for option, after in successors(case, scene):
        if option.id == option_id:
            return after
    where = (
        "the conversation has ended"
        if scene.at >= len(case.beats)
        else f"beat {case.beats[scene.at].id} offers no such reply"
    )
    raise Misfit(f"{case.id}: reply {option_id!r} does not fit: {where}")


def ending(case: Case, scene: Scene) -> Ending:
    """The ending of a finished conversation: the first whose condition holds."""
    state = values(case, scene)
    for item in case.endings:
        if holds(item.when, state, scene.flags):
            return item
    raise Misfit(f"{case.id}: no ending fits; the last ending must have no `when`")


def replay(case: Case, replies: Sequence[tuple[str, str]]) -> tuple[Move, ...]:
    """Play recorded replies again.

    Parameters
    ----------
    replies
        ``(beat id, option id)`` of each reply, in order.

    Raises
    ------
    Misfit
        At the first reply that does not fit, with its place.
    """
    scene = start(case)
    moves: list[Move] = []
    for number, (beat_id, option_id) in enumerate(replies, start=1):
        here = beat(case, scene)
        if here is None or here.id != beat_id:
            now = here.id if here else "the end"
            raise Misfit(f"{case.id}: reply {number} is for {beat_id!r}, and the conversation stands at {now!r}")
        after = reply(case, scene, option_id)
        moves.append(Move(scene, next(o for o in here.options if o.id == option_id), after))
        scene = after
    return tuple(moves)


def successors(case: Case, scene: Scene) -> Iterator[tuple[Option, Scene]]:
    """Every reply of a scene with the scene it leads to."""
    if scene.at >= len(case.beats):
        return
    rules = _rules(case)
    for option, effects, at, flags in _ways(case, scene.at, scene.flags):
        yield option, Scene(at, rules.moved(scene.state, effects) if effects else scene.state, flags)


def unrepaired(case: Case, flags: frozenset[str]) -> tuple[str, ...]:
    """Ids of critical errors committed and not mended, in file order."""
    return tuple(
        name
        for name, error in case.critical_errors.items()
        if name in flags and (error.mended_by is None or error.mended_by not in flags)
    )


def advance(case: Case, at: int, flags: frozenset[str], option: Option) -> tuple[int, frozenset[str]]:
    """Index of the next beat and the flags there, from flags alone.

    Committing an error again clears its mending.
    """
    if option.sets or option.error is not None:
        flags = flags.union(option.sets)
        if option.error is not None:
            mending = case.critical_errors[option.error].mended_by
            flags = flags.difference((mending,) if mending else ()).union((option.error,))
    first = at + 1 if option.goto is None else _rules(case).index[option.goto]
    after = _arrive(case, first, flags)
    return after, flags & live_flags(case)[after]


def live_flags(case: Case) -> tuple[frozenset[str], ...]:
    """For each beat, and for the end, the flags that something there or later reads."""
    return _rules(case).live


class _Way(NamedTuple):
    """A reply on offer: its effects in the order of the gauges (empty for none), the next beat and the flags there."""

    option: Option
    effects: tuple[int, ...]
    at: int
    flags: frozenset[str]


class _Rules:
    """What a case's conditions and effects come to, each worked out once: thousands of scenes share them."""

    def __init__(self, case: Case) -> None:
        self.gauges = tuple(case.state.values())
        self.index = {item.id: index for index, item in enumerate(case.beats)}
        self.live = _live_flags(case)
        self.ways: dict[tuple[int, frozenset[str]], tuple[_Way, ...]] = {}
        self._moved: dict[tuple[tuple[int, ...], tuple[int, ...]], tuple[int, ...]] = {}

    def moved(self, state: tuple[int, ...], effects: tuple[int, ...]) -> tuple[int, ...]:
        """The gauges after some effects, each held within its bounds."""
        key = (state, effects)
        if key not in self._moved:
            self._moved[key] = tuple(
                max(gauge.min, min(gauge.max, value + change))
                for gauge, value, change in zip(self.gauges, state, effects, strict=True)
            )
        return self._moved[key]


@functools.lru_cache(maxsize=128)
def _rules(case: Case) -> _Rules:
    return _Rules(case)


def _ways(case: Case, at: int, flags: frozenset[str]) -> tuple[_Way, ...]:
    """The replies on offer at a beat under some flags, in file order."""
    known = _rules(case).ways
    if (at, flags) not in known:
        known[at, flags] = tuple(
            _Way(option, _effects(case, option), *advance(case, at, flags, option))
            for option in case.beats[at].options
            if holds(option.needs, {}, flags)
        )
    return known[at, flags]


def _effects(case: Case, option: Option) -> tuple[int, ...]:
    return tuple(option.effects.get(name, 0) for name in case.state) if option.effects else ()


def _live_flags(case: Case) -> tuple[frozenset[str], ...]:
    always = set(case.critical_errors)
    always |= {error.mended_by for error in case.critical_errors.values() if error.mended_by}
    for item in case.endings:
        always |= _read(item.when)
    live = [frozenset(always)]
    for here in reversed(case.beats):
        conditions = (here.needs, *(line.when for line in here.client), *(option.needs for option in here.options))
        live.append(live[-1].union(*map(_read, conditions)))
    return tuple(reversed(live))


def _read(condition: str | None) -> set[str]:
    return {name for name, op, _ in parse(condition) if op == "is"}


def _arrive(case: Case, first: int, flags: frozenset[str]) -> int:
    for index in range(first, len(case.beats)):
        if holds(case.beats[index].needs, {}, flags):
            return index
    return len(case.beats)
