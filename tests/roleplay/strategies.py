"""Random small cases that are well-formed: few enough paths to walk every one of them."""

from __future__ import annotations

from random import Random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from twovoices.roleplay import engine
from twovoices.roleplay.model import Beat, Case, CriticalError, Ending, Gauge, Inner, Line, Option

COMPETENCIES = ("C2", "C4", "C8")
WORDING = {"forgives_harm": "C4", "pardons_harm": "C8", "confirms_verdict": "C2"}
ACTS = {"joint_before_alone": "C4", "contacts_harmed_person": "C8"}
OPERATORS = (">=", "<=", "==", "!=", ">", "<")
INNER = Inner(critic="You always do this.", kinder="You came.")
QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large]  # a busy machine is no reason to fail
walked = settings(max_examples=100, deadline=None, suppress_health_check=QUIET)


@st.composite
def cases(draw: st.DrawFn, *, beats_max: int = 7, equal_length: bool = False) -> Case:
    """A random case of 2 to ``beats_max`` moments; sizes shrink, and one seed decides the rest.

    Parameters
    ----------
    equal_length
        No moment is jumped over or left out, so that every path holds the same number of replies.
    """
    couple, gauges = draw(st.booleans()), draw(st.integers(2, 3))
    beats, flags = draw(st.integers(2, beats_max)), draw(st.integers(0, 3))
    wording, acts = draw(st.integers(0, 2)), draw(st.integers(0, 1))
    chance = draw(st.randoms(use_true_random=True))
    return _Writer(chance, couple, gauges, flags, wording, acts).case(beats, equal_length)


@st.composite
def plays(draw: st.DrawFn, case: Case) -> list[tuple[str, str]]:
    """Replies of one legal play of a case, whole or broken off: ``(beat id, option id)`` each."""
    chance = draw(st.randoms(use_true_random=True))
    scene, replies = engine.start(case), []
    stop = draw(st.integers(1, 2 * len(case.beats)))
    while (here := engine.beat(case, scene)) is not None and len(replies) < stop:
        option = chance.choice(engine.options(case, scene))
        replies.append((here.id, option.id))
        scene = engine.reply(case, scene, option.id)
    return replies


class _Writer:
    """Writes one case."""

    def __init__(self, chance: Random, couple: bool, gauges: int, flags: int, wording: int, acts: int) -> None:
        self.chance = chance
        self.people = {"ana": "Ana", "ben": "Ben"} if couple else {"client": "Ana"}
        names = ["ana.trust", "ben.trust", "ana.shame"] if couple else ["trust", "shame", "agency"]
        self.state = {name: self.gauge() for name in names[:gauges]}
        self.mends = {name: chance.choice(["mended_a", "mended_b"]) for name in chance.sample(sorted(WORDING), wording)}
        self.errors = {name: CriticalError(WORDING[name], mend) for name, mend in self.mends.items()}
        self.errors |= {name: CriticalError(ACTS[name]) for name in chance.sample(sorted(ACTS), acts)}
        self.flags = [f"f{number}" for number in range(flags)] + sorted(set(self.mends.values()))
        self.levels = chance.choice([(0, 1, 2, 3, 4), (2, 3, 3, 4, 4)])  # in a kind case random play sometimes passes

    def gauge(self) -> Gauge:
        low = self.chance.randint(0, 1)
        high = low + self.chance.randint(1, 4)
        return Gauge(self.chance.randint(low, high), low, high, self.chance.choice(["high", "low"]))

    def who(self) -> str | None:
        return self.chance.choice(sorted(self.people)) if len(self.people) > 1 else None

    def opening(self) -> str:
        """A condition on flags."""
        names = self.chance.sample([*self.flags, *self.errors], self.chance.choice([1, 1, 2]))
        return " and ".join(self.chance.choice(["", "not "]) + name for name in names)

    def condition(self) -> str:
        """A condition on gauges, flags or both."""
        terms = [
            f"{self.chance.choice(list(self.state))} {self.chance.choice(OPERATORS)} {self.chance.randint(0, 4)}"
            for _ in range(self.chance.choice([0, 1, 1, 2]))
        ]
        if len(self.flags) + len(self.errors) > 1 and (not terms or self.chance.random() < 0.4):
            terms.append(self.opening())
        return " and ".join(terms) or f"{next(iter(self.state))} >= 1"

    def maybe_opening(self, share: float) -> str | None:
        return self.opening() if len(self.flags) + len(self.errors) > 1 and self.chance.random() < share else None

    def whens(self) -> list[str | None]:
        return [*(self.condition() for _ in range(self.chance.randint(0, 2))), None]

    def option(self, beat_id: str, place: int, later: list[str]) -> Option:
        chance = self.chance
        error = chance.choice(sorted(self.errors)) if self.errors and chance.random() < 0.25 else None
        level = 0 if error else chance.choice(self.levels)
        sets = [flag for flag in self.flags if flag != self.mends.get(error or "") and chance.random() < 0.3]
        changed = chance.sample(list(self.state), chance.randint(0, 2))
        return Option(
            id=f"o{place}",
            say=f"I say {place} at {beat_id}.",
            level=level,
            why="Because of what it does for her, and what comes next.",
            lands="somewhere",
            better=f"Better than {place} at {beat_id}." if level <= 2 else None,
            effects={name: chance.randint(-3, 3) for name in changed},
            sets=tuple(sets),
            error=error,
            goto=chance.choice(later) if later and chance.random() < 0.1 else None,
            needs=self.maybe_opening(0.3) if place else None,  # the first stands always: nobody gets stuck
        )

    def case(self, count: int, equal_length: bool) -> Case:
        chance, ids = self.chance, [f"b{number}" for number in range(count)]
        most = 3 if count < 7 else 2
        beats = [
            Beat(
                id=beat_id,
                focus=chance.choice(COMPETENCIES),
                client=tuple(
                    Line(f"Line {n} of {beat_id}.", INNER, when=when, who=self.who())
                    for n, when in enumerate(self.whens())
                ),
                options=tuple(
                    self.option(beat_id, place, [] if equal_length else ids[number + 1 :])
                    for place in range(chance.randint(2, most))
                ),
                critical=chance.random() < 0.3,
                needs=self.maybe_opening(0.2) if number and not equal_length else None,
            )
            for number, beat_id in enumerate(ids)
        ]
        endings = [
            Ending(id=f"e{n}", rank=3 - n, say=f"Ending {n}.", debrief="What it means.", when=when, who=self.who())
            for n, when in enumerate(self.whens())
        ]
        return Case(
            id="random",
            title="A random talk",
            use="tutorial",
            difficulty=chance.randint(1, 5),
            minutes=5,
            content_note="nothing much",
            objective="To test.",
            people=self.people,
            state=self.state,
            beats=tuple(beats),
            endings=tuple(endings),
            flags=tuple(self.flags),
            critical_errors=self.errors,
        )
