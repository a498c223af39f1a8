"""``check --shape``: what gives best replies away to someone who understands nothing, told so that an author can mend it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from ..content import language, store, words
from ..content.strict import read
from ..roleplay.model import Case
from . import reader, surface
from .surface import Guess, Moment

SMALL = 0.1


def cases(paths: Iterable[Path]) -> list[Case]:
    """The scored cases among some files, as they were written."""
    found = [read(path, Case, store.shown(path)).value for path in paths]
    return [case for case in found if case.use in ("practice", "assessment")]


def page(found: Sequence[Case], only: Sequence[str] = ()) -> str:
    """What gives best replies away, over all cases and in each (or in those named ``only``)."""
    if len(found) < 2:
        return "There are too few scored cases to learn a habit from."
    english = words.of(language.SOURCE)
    pools = [surface.moments(case, english) for case in found]
    names = list(surface.FEATURES)
    rows = [
        "What best replies have more of (+) or less of (-) than the replies beside them, over all cases:",
        *_weights(surface.fit([moment for pool in pools for moment in pool]), names),
        "",
        "Each case guessed from its replies alone, by a model trained on the other cases, and the beats it finds:",
    ]
    guesses = []
    for case, pool, weights in zip(found, pools, surface.leave_one_out(pools), strict=True):
        guesses.append(surface.guess(weights, pool))
        if not only or case.id in only:
            rows += [f"  {case.id}: {guesses[-1].said}", *_given_away(guesses[-1], pool, weights, names)]
    rows += [f"All: {surface.together(guesses).said}; the limit is 10 points over chance.", ""]
    practice = [case for case in found if case.use == "practice"]
    assessments = [case for case in found if case.use == "assessment" and (not only or case.id in only)]
    if practice and assessments:
        rows += [
            "The blind reader (released scripts alone; told the best replies of the practice cases), the same limit:"
        ]
        told, unknown = reader.pools(practice, english), reader.pools(assessments, english)
        for title, kind in reader.KINDS.items():
            weights = reader.train(list(told.values()), kind)
            for case_id, pool in unknown.items():
                guess = reader.read(weights, pool, kind)
                rows += [f"  {case_id}, {title}: {guess.said}"]
                rows += _given_away(guess, reader.part(pool, kind), weights, reader.names(kind))
        for case_id, pool in unknown.items():
            rows.append(f"  {case_id}, single rules over the graph that find most (in hindsight):")
            rows += [f"    {name}: {guess.said}" for name, guess in reader.rules(pool)[:3]]
    return "\n".join(rows).rstrip()


def _weights(weights: Sequence[float], names: Sequence[str]) -> list[str]:
    known = sorted(zip(weights, names, strict=True), key=lambda pair: -abs(pair[0]))
    return [f"  {weight:+.2f}  {name}" for weight, name in known if abs(weight) >= SMALL]


def _given_away(guess: Guess, pool: Sequence[Moment], weights: Sequence[float], names: Sequence[str]) -> list[str]:
    return [
        f"    {moment.name}: {because(moment, weights, names)}" for moment in pool if moment.name in guess.given_away
    ]


def because(moment: Moment, weights: Sequence[float], names: Sequence[str]) -> str:
    """The features that set the best reply of a moment most apart from the weaker one nearest to it."""
    score = [sum(weight * value for weight, value in zip(weights, row, strict=True)) for row in moment.rows]
    best = max((n for n, mark in enumerate(moment.best) if mark), key=lambda n: score[n])
    rest = max((n for n, mark in enumerate(moment.best) if not mark), key=lambda n: score[n], default=best)
    apart = [
        (weight * (one - two), f"{'+' if one > two else '-'} {name}")
        for weight, one, two, name in zip(weights, moment.rows[best], moment.rows[rest], names, strict=True)
    ]
    return ", ".join(name for gain, name in sorted(apart, reverse=True)[:3] if gain > 0) or "no single thing"
