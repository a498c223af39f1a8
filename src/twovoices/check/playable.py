"""Playable: exact statements over all paths."""

from __future__ import annotations

from collections import defaultdict

from ..roleplay import engine
from ..roleplay.conditions import parse
from ..roleplay.explore import SCENES_MAX, TooLarge
from .report import Review


def check(review: Review) -> bool:
    """Add E-SIZE, E-UNREACHED, E-STUCK, W-ENDING and W-STATE; ``False`` when the case cannot be explored."""
    try:
        review.graph  # noqa: B018 - explored here, so that what follows can be sure of it
    except TooLarge:
        mend = "Narrow a state's range, or drop a flag that no line reads."
        review.add("E-SIZE", f"There are more than {SCENES_MAX:,} scenes.", mend)
        return False
    stuck(review)
    unreached(review)
    if any(problem.code == "E-STUCK" for problem in review.problems):
        return False
    if review.case.use != "booster":  # a booster is a moment or two: it may have one ending and an idle gauge
        endings(review)
        state(review)
    lengths(review)
    return True


def lengths(review: Review) -> None:
    """E-SHAPE: every path through an assessment holds the same number of moments."""
    if review.case.use != "assessment":
        return
    found = _lengths(review)
    if len(found) > 1:
        mend = "Pair each moment that only some paths meet with an ordinary one for the others."
        review.add("E-SHAPE", f"Paths have {' or '.join(map(str, sorted(found)))} moments.", mend, "beats")


def _lengths(review: Review) -> set[int]:
    met: dict[object, set[int]] = defaultdict(set, {review.graph.scenes[0]: {0}})
    ends: set[int] = set()
    for scene in review.graph.scenes:
        for _, after in review.graph.steps[scene]:
            met[after] |= {length + 1 for length in met[scene]}
        if scene.at == len(review.case.beats):
            ends |= met[scene]
    return ends


def stuck(review: Review) -> None:
    """E-STUCK: every moment that can be met offers a reply."""
    for scene in review.graph.scenes:
        here = engine.beat(review.case, scene)
        if here is not None and not review.graph.steps[scene]:
            mend = "Give the beat a reply without `needs`."
            review.add("E-STUCK", f"No reply is on offer {review.after(scene)}.", mend, *review.at_beat(here))


def unreached(review: Review) -> None:
    """E-UNREACHED: some path meets every beat, line, reply and ending."""
    case, graph = review.case, review.graph
    seen: set[tuple[str, ...]] = set()
    for scene in graph.scenes:
        here = engine.beat(case, scene)
        if here is None:
            seen.add(("ending", engine.ending(case, scene).id))
            continue
        seen.add(("beat", here.id))
        seen.add(("line", here.id, str(engine.line_index(case, scene))))
        seen.update(("option", here.id, option.id) for option, _ in graph.steps[scene])
    for index, beat in enumerate(case.beats):
        if ("beat", beat.id) not in seen:
            review.add(
                "E-UNREACHED",
                "No path leads to this beat.",
                "Mend its `needs`, or a `goto` that jumps it.",
                "beats",
                index,
            )
            continue
        for number in range(len(beat.client)):
            if ("line", beat.id, str(number)) not in seen:
                mend = "Mend its `when` or the order of the lines."
                review.add("E-UNREACHED", "No path hears this line.", mend, "beats", index, "client", number)
        for number, option in enumerate(beat.options):
            if ("option", beat.id, option.id) not in seen:
                review.add(
                    "E-UNREACHED",
                    "No path is offered this reply.",
                    "Mend its `needs`.",
                    "beats",
                    index,
                    "options",
                    number,
                )
    for index, item in enumerate(case.endings):
        if ("ending", item.id) not in seen:
            review.add(
                "E-UNREACHED", "No path comes to this ending.", "Mend its `when` or the order.", "endings", index
            )


def endings(review: Review) -> None:
    """W-ENDING: random play comes to every ending now and then, and to none nearly always."""
    shares: dict[str, float] = defaultdict(float)
    for scene in review.graph.finished:
        shares[engine.ending(review.case, scene).id] += review.graph.share[scene]
    for index, item in enumerate(review.case.endings):
        share = shares[item.id]
        if 0 < share < 0.01 or share > 0.70:
            mend = "Loosen or tighten its `when` until 1 to 70 % of random play comes here."
            review.add("W-ENDING", f"{share:.1%} of random play ends here.", mend, "endings", index)


def state(review: Review) -> None:
    """W-STATE: every gauge is read, and few of its changes are lost at its bounds."""
    case, graph = review.case, review.graph
    conditions = [line.when for beat in case.beats for line in beat.client] + [item.when for item in case.endings]
    read = {name for text in conditions for name, _, _ in parse(text)}
    for index, (name, gauge) in enumerate(case.state.items()):
        if name not in read:
            mend = "Let a line or an ending look at it, or remove it."
            review.add("W-STATE", f"State {name} is never read.", mend, "state", name)
        changes = clamped = 0.0
        for scene in graph.scenes:
            for option, _ in graph.steps[scene]:
                change = option.effects.get(name, 0)
                if change:
                    weight = graph.share[scene] / len(graph.steps[scene])
                    changes += weight
                    clamped += weight * (not gauge.min <= scene.state[index] + change <= gauge.max)
        if changes and clamped / changes > 0.35:
            mend = "Use smaller or more balanced effects, another start, or a wider range."
            review.add("W-STATE", f"{clamped / changes:.0%} of the changes of {name} are cut off.", mend, "state", name)
