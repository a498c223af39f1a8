"""The comment on one reply: behaviour, effect, next try."""

from __future__ import annotations

from ..content import library
from ..content.texts import text
from ..view import Button, Feedback
from .model import Case, Option


def explained(case: Case, option: Option, key: str, buttons: tuple[Button, ...] = (), quote: bool = False) -> Feedback:
    """The comment on one reply: level and effect in words, the reason, a line to try, a critical error by its name."""
    mark = ""
    if option.error:
        mark = text("talk.critical", label=error_label(case, option.error))
    scored = case.use != "tutorial"
    words = text(f"talk.level_{option.level}")
    return Feedback(
        key=key,
        heading=option.lands,
        body=option.why,
        level=option.level if scored else None,
        level_words=text("talk.level", level=option.level, words=words) if scored else "",
        quote=option.say if quote else "",
        better_label=text("talk.better") if option.better else "",
        better=option.better or "",
        mark=mark,
        buttons=buttons,
    )


def error_label(case: Case, name: str) -> str:
    """A critical error in the words of competencies.yaml."""
    errors = library.competencies()[case.critical_errors[name].competency].critical_errors
    return next(error.label for error in errors if error.id == name)
