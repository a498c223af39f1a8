"""The blind reader: someone who has the released scripts, understands nothing, and looks for the best replies.

What such a reader has is the shape of the graph and of the replies. Scenes that offer the same replies are one moment
to this reader, and what is seen of a reply is averaged over them. A model trained on practice cases, compiled in the
same way, is tried on the assessments.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence

from ..content.words import Words
from ..roleplay.model import Case
from ..roleplay.script import Compiled, Script, compile_case
from . import surface
from .surface import Guess, Moment

# What is seen of a reply besides its words, by the name authors read.
STRUCTURE = (
    "replies in the next scene",
    "scenes still in reach",
    "endings still in reach",
    "spread of endings after it",
    "share of play that comes to the next scene",
    "ways into the next scene",
    "next scene shared with another reply",
    "how many of the others lead to the same scene",
    "different scenes it leads to",
    "different lines it is answered by",
    "its answer is heard after no other reply",
    "moments it skips",
    "leads where not everybody comes",
)
LATE = tuple(f"{name}, late in the talk" for name in STRUCTURE)


class _Map:
    """What a script's graph shows of each scene."""

    def __init__(self, script: Script) -> None:
        self.scenes = script.scenes
        self.order = _from_the_end(script)
        self.left = dict.fromkeys(self.scenes, 0)
        self.reach: dict[str, int] = {}
        self.ends: dict[str, dict[str, float]] = {}
        ending = {name: 1 << number for number, name in enumerate(self.scenes)}
        for name in self.order:
            after = list(self.scenes[name].next.values())
            self.reach[name] = ending[name]
            shares: dict[str, float] = defaultdict(float)
            for other in after:
                self.left[name] = max(self.left[name], 1 + self.left[other])
                self.reach[name] |= self.reach[other]
                for end, share in self.ends[other].items():
                    shares[end] += share / len(after)
            self.ends[name] = dict(shares) if after else {name: 1.0}
        self.share: dict[str, float] = defaultdict(float, {script.first: 1.0})
        self.ways: Counter[str] = Counter()
        for name in reversed(self.order):
            after = list(self.scenes[name].next.values())
            self.ways.update(after)
            for other in after:
                self.share[other] += self.share[name] / len(after)
        self.offered: dict[frozenset[str], float] = defaultdict(float)
        for name, scene in self.scenes.items():
            self.offered[frozenset(scene.next)] += self.share[name]

    def spread(self, name: str) -> float:
        return -sum(share * math.log(share) for share in self.ends[name].values())


def _from_the_end(script: Script) -> list[str]:
    """Scenes, each after all those it leads to."""
    done: dict[str, None] = {}
    open_ = [script.first]
    while open_:
        name = open_[-1]
        waiting = [after for after in script.scenes[name].next.values() if after not in done]
        if waiting:
            open_ += waiting
        else:
            done.setdefault(open_.pop())
    return list(done)


def moments(script: Script, words: Words) -> tuple[dict[frozenset[str], surface.Rows], dict[frozenset[str], list[str]]]:
    """What the reader sees of each moment: a row for each reply, and the replies' ids in the same order."""
    seen = _Map(script)
    groups: dict[frozenset[str], list[str]] = defaultdict(list)
    for name, scene in script.scenes.items():
        if scene.next:
            groups[frozenset(scene.next)].append(name)
    rows: dict[frozenset[str], surface.Rows] = {}
    replies = {group: sorted(group) for group in groups}
    for group, names in groups.items():
        led = {reply: {seen.scenes[n].next[reply] for n in names} for reply in group}
        answers = {reply: {seen.scenes[after].heard for after in led[reply]} for reply in group}
        heard = max(names, key=lambda name: seen.share[name])
        client = " ".join(script.lines[line].say for line in script.scenes[heard].heard)
        words_of = surface.features([script.replies[reply] for reply in replies[group]], client, words)
        total = sum(seen.share[name] for name in names)
        late = 1 - sum(seen.share[n] * seen.left[n] for n in names) / total / seen.left[script.first]
        shape = []
        for reply in replies[group]:
            mean = [0.0] * len(STRUCTURE)
            for name in names:
                found = _features(seen, name, reply)
                found += [
                    math.log(len(led[reply])),
                    float(len(answers[reply])),
                    float(not any(answers[reply] & answers[other] for other in group - {reply})),
                    float(seen.left[name] - 1 - seen.left[seen.scenes[name].next[reply]]),
                    1 - min(seen.offered[frozenset(seen.scenes[seen.scenes[name].next[reply]].next)], 1.0),
                ]
                mean = [m + value * seen.share[name] / total for m, value in zip(mean, found, strict=True)]
            shape.append(mean)
        shape = surface.centred(shape)
        rows[group] = [[*one, *two, *(value * late for value in two)] for one, two in zip(words_of, shape, strict=True)]
    return rows, replies


def _features(seen: _Map, name: str, reply: str) -> list[float]:
    """The first features of ``STRUCTURE``, of one reply in one scene."""
    ways = seen.scenes[name].next
    after = ways[reply]
    same = sum(other == after for other in ways.values()) - 1
    return [
        float(len(seen.scenes[after].next)),
        math.log(seen.reach[after].bit_count()),
        float(len(seen.ends[after])),
        seen.spread(after),
        math.log(seen.share[after]),
        math.log(seen.ways[after]),
        float(same > 0),
        same / max(len(ways) - 1, 1),
    ]


def marked(case: Case, compiled: Compiled, words: Words) -> list[Moment]:
    """A case as the reader meets it, with the best replies marked for training or for the count."""
    rows, replies = moments(compiled.script, words)
    levels: dict[str, int] = {}
    names: dict[str, str] = {}
    for item in case.beats:
        for option in item.options:
            released = compiled.option_ids.get((item.id, option.id))
            if released is not None:
                levels[released], names[released] = option.level, item.id
    found = []
    for group, row in rows.items():
        top = max(levels[reply] for reply in group)
        found.append(Moment(names[replies[group][0]], row, tuple(levels[reply] == top for reply in replies[group])))
    order = {item.id: number for number, item in enumerate(case.beats)}
    return sorted(found, key=lambda moment: order[moment.name])


KINDS = {"replies and graph": "both", "replies alone": "words", "graph alone": "structure"}


def part(pool: Sequence[Moment], kind: str) -> list[Moment]:
    """A pool with some of the features alone: ``both``, ``words`` or ``structure``."""
    return [Moment(name, [row[_slice(kind)] for row in rows], best) for name, rows, best in pool]


def names(kind: str = "both") -> list[str]:
    """Names of the features in their order."""
    return [*surface.FEATURES, *STRUCTURE, *LATE][_slice(kind)]


def _slice(kind: str) -> slice:
    edge = len(surface.FEATURES)
    return {"words": slice(0, edge), "structure": slice(edge, None), "both": slice(None)}[kind]


def pools(cases: Sequence[Case], words: Words) -> dict[str, list[Moment]]:
    """Cases as the reader meets them, by id."""
    return {case.id: marked(case, compile_case(case), words) for case in cases}


def train(practice: Sequence[Sequence[Moment]], kind: str = "both") -> list[float]:
    """The weights of a reader who has been told the best replies of some practice cases."""
    return surface.fit([moment for pool in practice for moment in part(pool, kind)])


def read(weights: Sequence[float], pool: Sequence[Moment], kind: str = "both") -> Guess:
    """What a reader finds in a case it has not been told about."""
    return surface.guess(weights, part(pool, kind))


def rules(pool: Sequence[Moment]) -> list[tuple[str, Guess]]:
    """What single rules over the graph find in a case (always the most, or the least, of one thing), best first.

    Chosen in hindsight, the best of so many rules finds some moments by luck alone; far more than that is a leak.
    """
    found = []
    for place, name in enumerate(names()[: len(surface.FEATURES) + len(STRUCTURE)]):
        if name in STRUCTURE:
            for word, sign in (("most", 1.0), ("least", -1.0)):
                weights = [sign * (number == place) for number in range(len(pool[0].rows[0]))]
                found.append((f"{word}: {name}", surface.guess(weights, pool)))
    return sorted(found, key=lambda pair: -pair[1].hits)
