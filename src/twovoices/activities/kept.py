"""A page that a learner keeps: one HTML file under ``kept/``, named by the learner, to print or to delete again."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from pathlib import Path

from ..answers import AnswersError
from ..content import language
from ..content.texts import text

FOLDER = "kept"
STYLE = (
    "body{font:16px/1.6 system-ui,sans-serif;max-width:38em;margin:2em auto}"
    "h2{font-size:1em;margin:1.4em 0 .2em}p{white-space:pre-wrap}"
)


def file(folder: Path, name: str) -> Path:
    """Where a page of that name stands; whatever a person types makes a harmless file name."""
    plain = re.sub(r"[\W_]+", "-", name.strip().lower()).strip("-")[:60]
    return folder / FOLDER / f"{plain or 'page'}.html"


def write(path: Path, title: str, rows: Iterable[tuple[str, str]]) -> None:
    """Write a page of headings and texts.

    Raises
    ------
    twovoices.answers.AnswersError
        When it cannot be written.
    """
    body = "".join(f"<h2>{html.escape(heading)}</h2><p>{html.escape(words)}</p>" for heading, words in rows)
    head = f'<meta charset="utf-8"><title>{html.escape(title)}</title><style>{STYLE}</style>'
    page = f'<!doctype html><html lang="{language.current()}">{head}<h1>{html.escape(title)}</h1>{body}</html>\n'
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise AnswersError(text("keep.failed", path=path, reason=error.strerror or error)) from error


def delete(path: Path) -> None:
    """Delete a page again.

    Raises
    ------
    twovoices.answers.AnswersError
        When it cannot be deleted.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise AnswersError(text("practice.not_deleted", path=path, reason=error.strerror or error)) from error
