"""Exploring and checking: every shipped case, and how the cost grows with the number of beats."""

from __future__ import annotations

import functools
import statistics
from collections.abc import Callable
from typing import Any

import msgspec
from common import report_loop, table, timed

from twovoices.check import run
from twovoices.content import store
from twovoices.content.errors import ContentError
from twovoices.roleplay.explore import TooLarge, explore, flags_only, mean_score, share_met, spine
from twovoices.roleplay.model import Beat, Case, CriticalError, Ending, Gauge, Inner, Line, Option

ROUNDS = 5
HEADER = ("case", "beats", "scenes", "explore min", "median", "check min", "median", "max", "goal")
GROWTH = ("beats", "spine", "scenes", "explore min", "median", "score pass min", "median")


def spread(times: list[float], most: bool = False) -> list[str]:
    figures = [min(times), statistics.median(times), *([max(times)] if most else [])]
    return [f"{seconds:.2f} s" for seconds in figures]


def shipped() -> list[tuple[str, ...]]:
    rows = []
    for path in run.case_files():
        try:
            case = store.load_file(path, Case)
        except ContentError as error:
            print(f"{path.name} does not read: {error.problems[0]}")
            continue
        explored = rounds(explore, case)
        checked = [timed(functools.partial(run.check, [path])) for _ in range(ROUNDS)]
        count = len(explore(case).scenes)
        rows.append(
            (case.id, str(len(case.beats)), f"{count:,}", *spread(explored), *spread(checked, True), "check 2 s")
        )
    return rows


def rounds(action: Callable[[Case], object], case: Case) -> list[float]:
    """Times over a new copy of the case each, so that nothing worked out before is found again."""
    return [timed(functools.partial(action, msgspec.structs.replace(case))) for _ in range(ROUNDS)]


def synthetic(beats: int) -> Case:
    """A case of the usual kind with any number of beats: three gauges, an error with its mending, flags that come and go."""
    inner = Inner("You always do this.", "You came.")
    errors = {"forgives_harm": CriticalError("C4", "repaired")}
    flags = ["repaired", *(f"f{n}" for n in range(beats))]
    made = []
    for n in range(beats):
        whens = [f"f{n - 1}" if n % 3 == 1 else f"trust >= {2 + n % 2}", f"shame >= 2 and not f{max(n - 2, 0)}", None]
        effects: list[dict[str, Any]] = [
            {"trust": 1, "shame": -1},
            {"agency": 1},
            {"trust": 1, "shame": 1},
            {"trust": -1},
        ]
        options = [
            Option(
                id=f"o{level}",
                say=f"Reply {level} at {n}.",
                level=level,
                why="Because.",
                effects=effects[4 - level] if level else {"shame": 1},
                sets=(f"f{n}",)
                if level in (2, 4) and n % 2
                else ("repaired",)
                if level == 3 and n > beats // 2
                else (),
                error="forgives_harm" if level == 0 else None,
            )
            for level in ((4, 3, 1, 0) if n == beats // 2 else (4, 3, 2, 1))
        ]
        lines = tuple(Line(f"Line {k} of {n}.", inner, when=when) for k, when in enumerate(whens))
        made.append(Beat(f"b{n}", ("C2", "C4", "C8")[n % 3], lines, tuple(options), critical=n % 5 == 2))
    return Case(
        id=f"beats-{beats}",
        title="A synthetic talk",
        use="practice",
        difficulty=2,
        minutes=15,
        content_note="none",
        objective="To measure.",
        people={"client": "Ana"},
        state={
            "trust": Gauge(2, 0, 4, "high"),
            "shame": Gauge(2, 0, 3, "low"),
            "agency": Gauge(1, 0, 3, "high"),
        },
        beats=tuple(made),
        endings=(
            Ending("near", 3, "Near.", "Near.", when="trust >= 3 and not forgives_harm"),
            Ending("mended", 2, "Mended.", "Mended.", when="repaired"),
            Ending("far", 1, "Far.", "Far."),
        ),
        flags=tuple(flags),
        critical_errors=errors,
    )


def score_pass(case: Case) -> None:
    graph = flags_only(case)
    mean_score(graph)
    share_met(graph)


def growth() -> list[tuple[str, ...]]:
    rows = []
    for beats in (8, 10, 12, 14, 16):
        case = synthetic(beats)
        try:
            count = len(explore(case).scenes)
        except TooLarge:
            rows.append((str(beats), "", "more than 20,000", "", "", "", ""))
            continue
        explored = rounds(explore, case)
        scored = rounds(score_pass, case)
        rows.append((str(beats), str(len(spine(case))), f"{count:,}", *spread(explored), *spread(scored)))
    return rows


def main() -> None:
    table("Shipped cases", HEADER, shipped())
    table("Growth with the number of beats (synthetic cases)", GROWTH, growth())
    report_loop()


if __name__ == "__main__":
    main()
