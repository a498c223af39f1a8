"""What a reply shows to someone who does not understand it: length, punctuation, classes of words."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..content.words import Words, count, split
from ..roleplay import engine
from ..roleplay.engine import Scene
from ..roleplay.explore import Policy
from ..roleplay.model import Case, Line, Option

Measure = Callable[[str, str, Words], float]
PLAYERS: dict[str, Measure] = {
    "longest": lambda say, heard, words: len(say),
    "shortest": lambda say, heard, words: -len(say),
    "most questions": lambda say, heard, words: say.count("?"),
    "most hedges": lambda say, heard, words: count(words.hedges, split(say)),
    "fewest directives": lambda say, heard, words: -count(words.directives, split(say)),
    "most echoes": lambda say, heard, words: echoes(say, heard, words),
    "most feeling words": lambda say, heard, words: feelings(say, words),
    "most commas": lambda say, heard, words: say.count(","),
}


def echoes(say: str, heard: str, words: Words) -> int:
    """How many of the client's words, common ones aside, a reply takes up."""
    return len((set(split(say)) - set(words.common)) & set(split(heard)))


def feelings(say: str, words: Words) -> int:
    """How many words of feeling a reply holds."""
    return sum(word.startswith(words.feelings) for word in split(say))


def said(line: Line) -> str:
    """Everything said to the clinician in a line."""
    return " ".join((line.say, *(also.say for also in line.also)))


def player(case: Case, measure: Measure, words: Words) -> Policy:
    """A player who always takes the reply with the largest measure; replies that tie are equal to it."""

    def choose(scene: Scene, options: tuple[Option, ...]) -> list[Option]:
        client = said(engine.line(case, scene)) if scene.state or not case.state else ""
        values = [measure(option.say, client, words) for option in options]
        top = max(values)
        return [option for option, value in zip(options, values, strict=True) if value == top]

    return choose


# Each feature by the name authors read, scaled so that ordinary differences between replies are about 1.
FEATURES: dict[str, Measure] = {
    "letters": lambda say, heard, words: len(say) / 50,
    "words": lambda say, heard, words: len(split(say)) / 10,
    "long words": lambda say, heard, words: sum(map(len, split(say))) / max(len(split(say)), 1) / 2,
    "question marks": lambda say, heard, words: say.count("?"),
    "commas": lambda say, heard, words: say.count(","),
    "full stops": lambda say, heard, words: say.count(".") / 2,
    "semicolons and colons": lambda say, heard, words: say.count(";") + say.count(":"),
    "quotes and apostrophes": lambda say, heard, words: sum(map(say.count, "'\"’")) / 2,
    "a question at the end": lambda say, heard, words: say.rstrip().endswith("?"),
    "hedges": lambda say, heard, words: count(words.hedges, split(say)) / 2,
    "directives": lambda say, heard, words: count(words.directives, split(say)) / 2,
    "you": lambda say, heard, words: count(words.you, split(say)) / 3,
    "I": lambda say, heard, words: count(words.i, split(say)) / 3,
    "we": lambda say, heard, words: count(words.we, split(say)) / 2,
    "negations": lambda say, heard, words: count(words.negations, split(say)) / 2,
    "words of feeling": lambda say, heard, words: feelings(say, words),
    "the client's words": lambda say, heard, words: echoes(say, heard, words) / 3,
}
Rows = list[list[float]]


class Moment(NamedTuple):
    """One moment as a guesser sees it: a row of features for each reply, and which replies are best."""

    name: str
    rows: Rows
    best: tuple[bool, ...]


def features(says: Sequence[str], heard: str, words: Words) -> Rows:
    """Surface features of the replies of one moment, each centred on the moment's mean."""
    return centred([[float(measure(say, heard, words)) for measure in FEATURES.values()] for say in says])


def centred(rows: Rows) -> Rows:
    """Rows with each column's mean taken away: only differences between replies tell them apart."""
    means = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    return [[value - mean for value, mean in zip(row, means, strict=True)] for row in rows]


def moments(case: Case, words: Words) -> list[Moment]:
    """Each beat's replies, against the beat's last client line."""
    found = []
    for beat in case.beats:
        rows = features([option.say for option in beat.options], said(beat.client[-1]), words)
        top = max(option.level for option in beat.options)
        found.append(Moment(beat.id, rows, tuple(option.level == top for option in beat.options)))
    return found


def fit(training: Sequence[Moment], rounds: int = 60, rate: float = 0.5, shrink: float = 0.02) -> list[float]:
    """Weights of a choice model (softmax over a moment's replies) for "this is a best reply".

    Steps up the likelihood with momentum (Nesterov's), which comes as near the top in 60 rounds as plain steps in 1,000.
    """
    rows = [row for moment in training for row in moment.rows]
    columns = list(zip(*rows, strict=True))
    weights = before = [0.0] * len(columns)
    for number in range(rounds):
        push = number / (number + 3)
        ahead = [weight + push * (weight - last) for weight, last in zip(weights, before, strict=True)]
        values = iter([_dot(ahead, row) for row in rows])
        pulls: list[float] = []
        for _, replies, best in training:
            share = 1 / sum(best)
            chances = _softmax([next(values) for _ in replies])
            pulls += [
                ((share if target else 0.0) - chance) / len(training)
                for chance, target in zip(chances, best, strict=True)
            ]
        gradient = [_dot(pulls, column) - shrink * weight for column, weight in zip(columns, ahead, strict=True)]
        before, weights = weights, [weight + rate * step for weight, step in zip(ahead, gradient, strict=True)]
    return weights


def hit(weights: Sequence[float], moment: Moment) -> float:
    """How surely the model picks a best reply of a moment (0 to 1; replies it cannot tell apart share)."""
    values = [_dot(weights, row) for row in moment.rows]
    top = max(values)
    picked = [best for value, best in zip(values, moment.best, strict=True) if value > top - 1e-9]
    return sum(picked) / len(picked)


class Guess(NamedTuple):
    """What a model makes of a case it has not seen.

    Attributes
    ----------
    hits, chance
        Expected number of moments whose best reply the model picks, and a random pick.
    moments
        Number of moments.
    given_away
        Moments whose best reply it surely picks.
    """

    hits: float
    chance: float
    moments: int
    given_away: tuple[str, ...]

    @property
    def gain(self) -> float:
        """Share of moments found beyond chance."""
        return (self.hits - self.chance) / self.moments

    @property
    def said(self) -> str:
        """In words: ``33.0 of 77 moments, 43% (29% by chance)``."""
        hits, chance = self.hits / self.moments, self.chance / self.moments
        return f"{self.hits:.1f} of {self.moments} moments, {hits:.0%} ({chance:.0%} by chance)"


def guess(weights: Sequence[float], tested: Sequence[Moment]) -> Guess:
    """What a model finds among some moments."""
    found = [hit(weights, moment) for moment in tested]
    chance = sum(sum(moment.best) / len(moment.best) for moment in tested)
    given_away = tuple(moment.name for moment, share in zip(tested, found, strict=True) if share == 1)
    return Guess(sum(found), chance, len(tested), given_away)


def leave_one_out(pools: Sequence[Sequence[Moment]]) -> list[list[float]]:
    """For each case's moments, the weights of a model trained on the others."""
    every = range(len(pools))
    return [fit([moment for other in every if other != index for moment in pools[other]]) for index in every]


def together(guesses: Sequence[Guess]) -> Guess:
    """Several cases' guesses as one."""
    return Guess(
        sum(one.hits for one in guesses),
        sum(one.chance for one in guesses),
        sum(one.moments for one in guesses),
        (),
    )


def _dot(weights: Sequence[float], row: Sequence[float]) -> float:
    return sum(map(float.__mul__, weights, row))


def _softmax(values: Sequence[float]) -> list[float]:
    top = max(values)
    powers = [math.exp(value - top) for value in values]
    total = sum(powers)
    return [power / total for power in powers]
