"""Random small cases that are well-formed: few enough paths to walk every one of them."""

from __future__ import annotations

from hypothesis import strategies as st

from twovoices.roleplay.model import Beat, Case, CriticalError, Ending, Gauge, Inner, Line, Option

PATHS_MAX = 1500
COMPETENCIES = ("C2", "C4", "C8")
WORDING = {"forgives_harm": "C4", "pardons_harm": "C8", "confirms_verdict": "C2"}
ACTS = {"joint_before_alone": "C4", "contacts_harmed_person": "C8"}
OPERATORS = (">=", "<=", "==", "!=", ">", "<")


def _flags_only(names: list[str]) -> st.SearchStrategy[str]:
    terms = st.builds(lambda no, name: f"not {name}" if no else name, st.booleans(), st.sampled_from(names))
    return st.lists(terms, min_size=1, max_size=2).map(" and ".join)


def _conditions(gauges: list[str], names: list[str]) -> st.SearchStrategy[str]:
    terms = st.builds("{} {} {}".format, st.sampled_from(gauges), st.sampled_from(OPERATORS), st.integers(0, 4))
    if names:
        terms |= _flags_only(names)
    return st.lists(terms, min_size=1, max_size=2).map(" and ".join)


@st.composite
def cases(draw: st.DrawFn, *, beats_max: int = 7, equal_length: bool = False) -> Case:
    """A random case of 2 to ``beats_max`` moments.

    Parameters
    ----------
    equal_length
        No moment is jumped over or left out, so that every path holds the same number of replies.
    """
    couple = draw(st.booleans())
    people = {"ana": "Ana", "ben": "Ben"} if couple else {"client": "Ana"}
    names = ["ana.trust", "ben.trust", "ana.shame"] if couple else ["trust", "shame", "agency"]
    state = {name: draw(_gauges) for name in names[: draw(st.integers(2, 3))]}
    plain = [f"f{number}" for number in range(draw(st.integers(0, 3)))]
    mendable = draw(st.lists(st.sampled_from(sorted(WORDING)), max_size=2, unique=True))
    acts = draw(st.lists(st.sampled_from(sorted(ACTS)), max_size=1))
    mends = {name: draw(st.sampled_from(["mended_a", "mended_b"])) for name in mendable}
    errors = {name: CriticalError(WORDING[name], mends[name]) for name in mendable}
    errors |= {name: CriticalError(ACTS[name]) for name in acts}
    flags = [*plain, *sorted(set(mends.values()))]
    known = [*flags, *errors]
    who = st.sampled_from(sorted(people)) if couple else st.none()
    conditions, openings = _conditions(list(state), known), _flags_only(known) if known else st.none()
    effects = st.dictionaries(st.sampled_from(list(state)), st.integers(-3, 3), max_size=2)
    count = draw(st.integers(2, beats_max))
    ids = [f"b{number}" for number in range(count)]

    beats: list[Beat] = []
    for number, beat_id in enumerate(ids):
        size = draw(st.integers(2, 3 if count < 7 else 2))
        options: list[Option] = []
        for place in range(size):
            error = draw(st.sampled_from([None, None, *errors])) if errors else None
            level = 0 if error else draw(st.integers(0, 4))
            sets = draw(st.lists(st.sampled_from(flags), max_size=2, unique=True)) if flags else []
            if error and mends.get(error) in sets:
                sets.remove(mends[error])
            later = [] if equal_length else ids[number + 2 :]
            options.append(
                Option(
                    id=f"o{place}",
                    say=f"I say {place} at {beat_id}.",
                    level=level,
                    why="Because of what it does for her, and what comes next.",
                    lands="somewhere",
                    better=f"Better than {place} at {beat_id}." if level <= 2 else None,
                    effects=draw(effects),
                    sets=tuple(sets),
                    error=error,
                    goto=draw(st.sampled_from([None, None, *later])) if later else None,
                    needs=draw(st.none() | openings) if place else None,  # the first stands always: nobody gets stuck
                )
            )
        lines = [
            Line(say=f"Line {index} of {beat_id}.", inner=_INNER, when=when, who=draw(who))
            for index, when in enumerate([*draw(st.lists(conditions, max_size=2)), None])
        ]
        beats.append(
            Beat(
                id=beat_id,
                focus=draw(st.sampled_from(COMPETENCIES)),
                client=tuple(lines),
                options=tuple(options),
                critical=draw(st.booleans()),
                needs=None if equal_length else draw(st.none() | st.none() | openings),
            )
        )
    endings = [
        Ending(id=f"e{index}", rank=3 - index, say=f"Ending {index}.", debrief="What it means.", when=when, who=draw(who))
        for index, when in enumerate([*draw(st.lists(conditions, max_size=2)), None])
    ]
    return Case(
        id="random",
        title="A random talk",
        use="tutorial",
        difficulty=draw(st.integers(1, 5)),
        minutes=5,
        content_note="nothing much",
        objective="To test.",
        people=people,
        state=state,
        beats=tuple(beats),
        endings=tuple(endings),
        flags=tuple(flags),
        critical_errors=errors,
    )


_INNER = Inner(critic="You always do this.", kinder="You came.")


@st.composite
def _bounds(draw: st.DrawFn) -> Gauge:
    low = draw(st.integers(0, 1))
    high = low + draw(st.integers(1, 4))
    return Gauge(start=draw(st.integers(low, high)), min=low, max=high, better=draw(st.sampled_from(["high", "low"])))


_gauges = _bounds()


@st.composite
def plays(draw: st.DrawFn, case: Case) -> list[tuple[str, str]]:
    """Replies of one legal play of a case, whole or broken off: ``(beat id, option id)`` each."""
    from twovoices.roleplay import engine

    scene, replies = engine.start(case), []
    while (here := engine.beat(case, scene)) is not None and (not replies or draw(st.integers(0, 9))):
        option = draw(st.sampled_from(engine.options(case, scene)))
        replies.append((here.id, option.id))
        scene = engine.reply(case, scene, option.id)
    return replies
