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
    "h2{font-size:1em;margin:1.4em 0 .2em}p{white-space:pre-wrap}.line{border-bottom:1px solid #888;height:2em;margin:0}"
    "@media print{body{margin:0 auto;font-size:12pt}}"
)


def file(folder: Path, name: str) -> Path:
    """Where a page of that name stands; whatever a person types makes a harmless file name."""
    plain = re.sub(r"[\W_]+", "-", name.strip().lower()).strip("-")[:60]
    return folder / FOLDER / f"{plain or 'page'}.html"


def page(title: str, rows: Iterable[tuple[str, str] | tuple[str, str, int]]) -> str:
    """A page of headings and texts as HTML; a third value asks for so many blank lines to write on."""
    parts = []
    for heading, words, *lines in rows:
        parts.append(f"<h2>{html.escape(heading)}</h2>" if heading else "")
        parts.append(f"<p>{html.escape(words)}</p>" if words else "")
        parts.append('<div class="line"></div>' * sum(lines))
    head = f'<meta charset="utf-8"><title>{html.escape(title)}</title><style>{STYLE}</style>'
    body = "".join(parts)
    return f'<!doctype html><html lang="{language.current()}">{head}<h1>{html.escape(title)}</h1>{body}</html>\n'


def write(path: Path, title: str, rows: Iterable[tuple[str, str] | tuple[str, str, int]]) -> None:
    """Write a page.

    Raises
    ------
    twovoices.answers.AnswersError
        When it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(title, rows), encoding="utf-8")
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
