"""The comment on one reply: behaviour, effect, next try."""

from __future__ import annotations

from ..content import library
from ..content.texts import text
from ..view import Button, Feedback, Fold, Prose, Table
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


def about(competency: str, asked: bool = True, key: str = "about") -> Fold:
    """The page of a competency: what it is, what each level looks like, what its critical errors are.

    Parameters
    ----------
    asked
        Whether the summary asks what is meant (beside a level) or is the title alone (in a list).
    """
    found = library.competencies()[competency]
    title = found.title
    acts = [text(f"reading.error_{error.kind}", label=error.label) for error in found.critical_errors]
    return Fold(
        key=f"{key}-{found.id}",
        summary=text("reading.about", title=title) if asked else title,
        blocks=(
            Prose(key="definition", paragraphs=(found.definition,)),
            Table(
                key="anchors",
                caption=text("reading.anchors"),
                header=(text("rater.level"), text("rater.seen")),
                rows=tuple((str(level), anchor) for level, anchor in enumerate(found.anchors)),
            ),
            Prose(key="errors", heading=text("reading.errors"), paragraphs=(*acts, text("reading.beat"))),
        ),
    )
