"""Small cases written by hand, in a line or two each."""

from __future__ import annotations

from typing import Any

from twovoices.roleplay.model import Again, Beat, Case, CriticalError, Ending, Gauge, Inner, Line, Option

INNER = Inner(critic="You always do this.", kinder="You came.")
TRUST = Gauge(start=2, min=0, max=4, better="high")
SHAME = Gauge(start=2, min=0, max=3, better="low")


def option(item: str, level: int, **parts: Any) -> Option:
    """A reply."""
    parts.setdefault("better", f"Better than {item}." if level <= 2 else None)
    parts.setdefault("why", f"What {item} did, and what it did for her.")
    parts.setdefault("lands", f"{item} lands")
    return Option(id=item, say=parts.pop("say", f"I say {item}."), level=level, **parts)


def line(say: str, when: str | None = None, **parts: Any) -> Line:
    """A client line."""
    return Line(say=say, inner=parts.pop("inner", INNER), when=when, **parts)


def beat(item: str, *options: Option, focus: str = "C2", lines: tuple[Line, ...] = (), **parts: Any) -> Beat:
    """A moment; replies of level 4, 3, 2 and 1 where none are given."""
    given = options or tuple(option(f"{item}-{level}", level) for level in (4, 3, 2, 1))
    return Beat(id=item, focus=focus, client=lines or (line(f"She speaks at {item}."),), options=given, **parts)


def again(item: str, wordings: int = 2) -> Again:
    """The same moment in other words."""
    lines = tuple(line(f"Other words {number} at {item}.") for number in range(wordings))
    return Again(client=lines, options=tuple(option(f"{item}-again-{level}", level) for level in (4, 2, 1)))


def ending(item: str, rank: int = 2, when: str | None = None, **parts: Any) -> Ending:
    """A way it can end."""
    return Ending(id=item, rank=rank, say=f"She leaves: {item}.", debrief=f"What {item} means.", when=when, **parts)


def case(*beats: Beat, **parts: Any) -> Case:
    """A case with one client and two gauges."""
    shape: dict[str, Any] = {
        "id": "small",
        "title": "A small talk",
        "use": "practice",
        "difficulty": 2,
        "minutes": 5,
        "content_note": "nothing much",
        "objective": "To test.",
        "people": {"client": "Ana"},
        "state": {"trust": TRUST, "shame": SHAME},
        "endings": (ending("over"),),
        "beats": beats,
    }
    return Case(**(shape | parts))


def mending_case() -> Case:
    """Four moments of two competencies, an error of wording, an act, and a way to mend the wording twice."""
    errors = {
        "forgives_harm": CriticalError("C4", "repaired"),
        "joint_before_alone": CriticalError("C4"),
    }
    mend = {"sets": ("repaired",)}
    return case(
        beat("first"),
        beat(
            "second",
            option("good", 4),
            option("sound", 3),
            option("harms", 0, error="forgives_harm"),
            focus="C4",
            critical=True,
        ),
        beat(
            "third",
            option("mends-well", 4, **mend),
            option("mends", 3, **mend),
            option("mends-late", 2, **mend),
            option("passes", 3),
            option("harms-again", 0, error="forgives_harm"),
            focus="C4",
        ),
        beat(
            "fourth",
            option("closes", 4),
            option("closes-soundly", 3),
            option("mends-at-last", 3, **mend),
            option("acts", 0, error="joint_before_alone"),
            focus="C4",
        ),
        flags=("repaired",),
        critical_errors=errors,
    )


def talking_case(**parts: Any) -> Case:
    """Three moments; the second asks for own words and can be said once more."""
    return case(
        beat(
            "hello",
            option("warm", 4, effects={"trust": 1}),
            option("fine", 3),
            option("cold", 1, effects={"trust": -1}),
        ),
        beat(
            "hurts",
            option("meets", 4, effects={"trust": 1, "shame": -1}, road="compassion"),
            option("sound", 3, road="narrative"),
            option("tells", 1, effects={"shame": 1}),
            lines=(line("You were kind.", "trust >= 3"), line("It is nothing.", seen="Looks away.")),
            your_words=True,
            criteria=("met what hurts", "left the verdict", "left a way"),
            again=again("hurts"),
        ),
        beat("close", option("home", 4), option("bye", 2), focus="C4", closing=True),
        **({"endings": (ending("near", 3, "trust >= 3"), ending("far", 1))} | parts),
    )
