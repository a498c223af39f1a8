"""What a reply shows to someone who does not understand it: length, punctuation, classes of words."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

from ..roleplay import engine
from ..roleplay.engine import Scene
from ..roleplay.explore import Policy
from ..roleplay.model import Case, Option

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
HEDGES = frozenset(
    "maybe perhaps might may could would seem seems seemed sounds wonder wondering possibly somewhat rather quite "
    "guess suppose probably sometimes unsure".split()
)
DIRECTIVES = frozenset(
    "let's try should must need start tell write take give look think stop keep go make remember ask call "
    "consider notice bring put talk begin imagine picture".split()
)
COMMON = frozenset(
    "a an the and or but so if of to in on at for with from by as is are was were be been it its it's that this "
    "you your i me my we our he she they his her their him them do does did not no yes have has had what how".split()
)


def words(text: str) -> list[str]:
    """Lower-cased words of a text."""
    return [word.lower().replace("’", "'") for word in WORD.findall(text)]


Measure = Callable[[str, str], float]
PLAYERS: dict[str, Measure] = {
    "longest": lambda say, heard: len(say),
    "shortest": lambda say, heard: -len(say),
    "most questions": lambda say, heard: say.count("?"),
    "most hedges": lambda say, heard: sum(word in HEDGES for word in words(say)) + say.lower().count("not sure"),
    "fewest directives": lambda say, heard: -sum(word in DIRECTIVES for word in words(say)),
    "most echoes": lambda say, heard: len((set(words(say)) - COMMON) & set(words(heard))),
    "most feeling words": lambda say, heard: sum(word.startswith("feel") for word in words(say)),
    "most commas": lambda say, heard: say.count(","),
}


def heard(case: Case, scene: Scene) -> str:
    """Everything said to the clinician in a scene."""
    line = engine.line(case, scene)
    return " ".join((line.say, *(also.say for also in line.also)))


def player(case: Case, measure: Measure) -> Policy:
    """A player who always takes the reply with the largest measure; replies that tie are equal to it."""

    def choose(scene: Scene, options: tuple[Option, ...]) -> list[Option]:
        client = heard(case, scene) if scene.state or not case.state else ""
        values = [measure(option.say, client) for option in options]
        top = max(values)
        return [option for option, value in zip(options, values, strict=True) if value == top]

    return choose


def features(says: Sequence[str], client: str) -> list[list[float]]:
    """Surface features of the replies of one moment, each centred on the moment's mean."""
    rows = []
    for say in says:
        found = words(say)
        count = max(len(found), 1)
        rows.append(
            [
                len(say) / 50,
                len(found) / 10,
                sum(map(len, found)) / count / 2,
                float(say.count("?")),
                float(say.count(",")),
                say.count(".") / 2,
                float(say.count(";") + say.count(":")),
                float(say.count("'") + say.count('"') + say.count("’")) / 2,
                float(say.rstrip().endswith("?")),
                sum(word in HEDGES for word in found) / 2,
                sum(word in DIRECTIVES for word in found) / 2,
                sum(word in ("you", "your", "you're", "you've", "you'd") for word in found) / 3,
                sum(word in ("i", "i'm", "i'd", "i'll", "i've", "me", "my") for word in found) / 3,
                sum(word in ("we", "us", "our", "let's", "we'll") for word in found) / 2,
                sum(word in ("not", "no", "don't", "isn't", "can't", "nothing", "nobody") for word in found) / 2,
                float(sum(word.startswith("feel") for word in found)),
                len((set(found) - COMMON) & set(words(client))) / 3,
            ]
        )
    means = [sum(column) / len(rows) for column in zip(*rows, strict=True)]
    return [[value - mean for value, mean in zip(row, means, strict=True)] for row in rows]


Moment = tuple[list[list[float]], list[int]]


def moments(case: Case) -> list[Moment]:
    """Features and levels of each beat's replies, against the beat's last client line."""
    found = []
    for beat in case.beats:
        line = beat.client[-1]
        client = " ".join((line.say, *(also.say for also in line.also)))
        found.append(
            (features([option.say for option in beat.options], client), [option.level for option in beat.options])
        )
    return found


def fit(training: Sequence[Moment], rounds: int = 300, rate: float = 0.2, shrink: float = 0.02) -> list[float]:
    """Weights of a choice model (softmax over a moment's replies) for "this is a best reply"."""
    size = len(training[0][0][0])
    weights = [0.0] * size
    for _ in range(rounds):
        gradient = [-shrink * weight for weight in weights]
        for rows, levels in training:
            chances = _softmax([_dot(weights, row) for row in rows])
            best = max(levels)
            targets = [level == best for level in levels]
            share = 1 / sum(targets)
            for row, chance, target in zip(rows, chances, targets, strict=True):
                pull = (share if target else 0.0) - chance
                for index, value in enumerate(row):
                    gradient[index] += pull * value / len(training)
        weights = [weight + rate * step for weight, step in zip(weights, gradient, strict=True)]
    return weights


def hit_rate(weights: Sequence[float], tested: Sequence[Moment]) -> tuple[float, float]:
    """Share of moments whose best reply the model picks, and the share a random pick would find."""
    hits = chance = 0.0
    for rows, levels in tested:
        values = [_dot(weights, row) for row in rows]
        top = max(values)
        picked = [level for value, level in zip(values, levels, strict=True) if value > top - 1e-9]
        best = max(levels)
        hits += sum(level == best for level in picked) / len(picked)
        chance += levels.count(best) / len(levels)
    return hits / len(tested), chance / len(tested)


def leave_one_out(cases: Sequence[Case]) -> tuple[float, float]:
    """Hit rate and chance rate over all cases, each tested with a model trained on the others."""
    pools = [moments(case) for case in cases]
    hits = chance = total = 0.0
    for index, tested in enumerate(pools):
        training = [moment for other, pool in enumerate(pools) if other != index for moment in pool]
        rate, by_chance = hit_rate(fit(training), tested)
        hits, chance, total = hits + rate * len(tested), chance + by_chance * len(tested), total + len(tested)
    return hits / total, chance / total


def _dot(weights: Sequence[float], row: Sequence[float]) -> float:
    return sum(weight * value for weight, value in zip(weights, row, strict=True))


def _softmax(values: Sequence[float]) -> list[float]:
    top = max(values)
    powers = [math.exp(value - top) for value in values]
    total = sum(powers)
    return [power / total for power in powers]
