"""Two Voices: a clinician training course. The few names a notebook calls, each loaded when first used."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .widgets import (
        answered,
        booster,
        competencies,
        drill,
        explain,
        form,
        gate,
        glossary,
        handout,
        lab,
        pacing,
        path,
        play,
        quiz,
        rater,
        sort,
        swap,
        transcript,
        triage,
        written,
    )

__version__ = "0.1.0"
__all__ = [
    "__version__",
    "answered",
    "booster",
    "competencies",
    "drill",
    "explain",
    "form",
    "gate",
    "glossary",
    "handout",
    "lab",
    "pacing",
    "path",
    "play",
    "quiz",
    "rater",
    "sort",
    "swap",
    "transcript",
    "triage",
    "written",
]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from . import widgets

        return getattr(widgets, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
