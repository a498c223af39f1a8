"""What a person sees and touches in a notebook: each activity in the one panel."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from ..activities import opening
from ..activities.opening import Page
from ..activities.shelf import BY_NAME
from ..content.errors import ContentError, NotFound
from .panel import Panel


def _panel(opener: Callable[[str], Page]) -> Callable[..., Panel | None]:
    """Show an activity; content that cannot be used is told in words, never as a traceback."""

    @wraps(opener)
    def show(item: str = "") -> Panel | None:
        try:
            page = opener(item)
        except (NotFound, ContentError) as error:
            print(error)
            return None
        return Panel(page.show, page.press, touched=page.touched)

    return show


play = _panel(opening.roleplay)
quiz = _panel(opening.quiz)
written = _panel(opening.written)
transcript = _panel(opening.transcript)
form = _panel(opening.form)
gate = _panel(opening.gate)
handout = _panel(opening.handout)
glossary = _panel(opening.glossary)
competencies = _panel(opening.competencies)
path = _panel(opening.path)
booster = _panel(opening.booster)


def answered(item: str) -> None:
    """Say whether an answer is there and complete; never how good it is."""
    try:
        print(opening.answered(item))
    except (NotFound, ContentError) as error:
        print(error)


def __getattr__(name: str) -> Any:
    """The kinds of practice that the shelf lists, by name."""
    if name in BY_NAME:
        return _panel(partial(opening.practice, name))
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
