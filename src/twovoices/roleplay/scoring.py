"""Scoring one attempt: levels beside each other, a pass rule, and no cut score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import engine
from .engine import Move
from .explore import ScoreSheet
from .model import Case


@dataclass(frozen=True)
class CompetencyScore:
    """One competency in one attempt.

    Attributes
    ----------
    competency
        ``C1`` to ``C12``.
    levels
        Levels (0-4) of its spine beats in order; a beat not reached counts 0.
    mean
        Mean of the levels with a mended beat at its mending level: what the pass rule reads.
    share
        Points as a share of the maximum (0 to 1): mean given level / 4, or 0 with an unrepaired critical error.
    """

    competency: str
    levels: tuple[int, ...]
    mean: float
    share: float


@dataclass(frozen=True)
class Result:
    """What an attempt came to.

    Attributes
    ----------
    complete
        Whether the conversation reached its end.
    met
        ``True`` only for a complete attempt that holds the pass rule.
    safe
        ``True`` only for a complete attempt with every critical beat at 3 or more and nothing unrepaired: what a gate reads.
    repaired
        Ids of critical errors of wording that were committed and mended ("met after repair").
    unrepaired
        Ids of critical errors that stand.
    competencies
        One entry per scored competency, in order.
    """

    complete: bool
    met: bool
    safe: bool
    repaired: tuple[str, ...]
    unrepaired: tuple[str, ...]
    competencies: tuple[CompetencyScore, ...]

    @property
    def score(self) -> float:
        """0 to 100 over the scored competencies; for authors and points, never shown to learners as a mark."""
        return 100 * sum(c.share for c in self.competencies) / len(self.competencies) if self.competencies else 0.0


def score(case: Case, moves: Sequence[Move]) -> Result:
    """Score the moves of one attempt.

    Parameters
    ----------
    moves
        As :func:`twovoices.roleplay.engine.replay` returns them; spine beats not reached count 0.
    """
    sheet = ScoreSheet(case)
    tally, flags = sheet.empty, frozenset[str]()
    levels: dict[str, list[int]] = {competency: [] for competency in sheet.competencies}
    for move in moves:
        beat = case.beats[move.scene.at]
        tally, flags = sheet.add(tally, beat, move.option), move.after.flags
        if sheet.index(beat) is not None:
            levels[beat.focus].append(move.option.level)
    complete = bool(moves) and moves[-1].after.at == len(case.beats)
    standing = engine.unrepaired(case, flags)
    competencies = []
    for index, competency in enumerate(sheet.competencies):
        count = sheet.counts[index]
        given = (*levels[competency], *(0,) * (count - len(levels[competency])))
        share = sheet.shares(tally.sums, flags)[index]
        competencies.append(CompetencyScore(competency, given, tally.held[index] / count, share))
    committed = {name for move in moves if (name := move.option.error) is not None}
    repaired = tuple(name for name in case.critical_errors if name in committed and name not in standing)
    safe = complete and tally.critical and not tally.open and not standing
    return Result(complete, complete and sheet.met(tally, flags), safe, repaired, standing, tuple(competencies))


def points(share: float, maximum: float) -> float:
    """Points for a share of a maximum, clamped to 0…maximum."""
    return max(0.0, min(maximum, maximum * share))


def chance_rank(shares: Mapping[float, float], score: float) -> float:
    """Exact share of random play with a lower score, half of ties added (0 to 1); for authors and instructors.

    Parameters
    ----------
    shares
        As :func:`twovoices.roleplay.explore.score_shares` returns them.
    """
    lower = sum(share for value, share in shares.items() if value < score - 1e-6)
    return lower + sum(share for value, share in shares.items() if abs(value - score) <= 1e-6) / 2


def voices(case: Case, moves: Sequence[Move]) -> list[tuple[float | None, float | None]]:
    """The debrief's two curves for a case with one person; see :func:`voices_of`."""
    return voices_of(case, moves, tuple(case.state))


def voices_of(case: Case, moves: Sequence[Move], names: Sequence[str]) -> list[tuple[float | None, float | None]]:
    """The two curves over some gauges: one ``(critic, kinder)`` pair after each reply.

    Parameters
    ----------
    names
        Gauges to read (all of a case, or those of one person of a couple).

    Returns
    -------
    list of (float or None, float or None)
        Each 0 to 1: mean of the ``better: low`` gauges (critic) and of the ``better: high`` ones (kinder voice), each
        scaled to its range; ``None`` for a side that has no gauge.
    """
    curve = []
    for move in moves:
        state = engine.values(case, move.after)
        sides = []
        for better in ("low", "high"):
            scaled = [
                (state[name] - gauge.min) / (gauge.max - gauge.min)
                for name in names
                if (gauge := case.state[name]).better == better
            ]
            sides.append(sum(scaled) / len(scaled) if scaled else None)
        curve.append((sides[0], sides[1]))
    return curve
