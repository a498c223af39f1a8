"""The page a learner gets back: readable on a screen and on paper, whole in one file, nothing fetched by URL. Pure.

It is made from the autograded notebook, the gradebook's numbers and the rubric, by plain ``nbgrader
generate_feedback`` (through :mod:`twovoices.grading.feedback_exporter`) and by the batch grader alike.
"""

from __future__ import annotations

import html
import math
from collections.abc import Mapping
from typing import Any

import msgspec

from ..activities.release import Source
from ..content import language
from ..content.texts import text
from . import marking, rubric
from .pages import escape
from .rubric import RowMark

STYLE = """
:root{color-scheme:light}
body{font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;color:#1c2430;background:#fff;margin:0}
main{max-width:44rem;margin:0 auto;padding:1.5rem 1rem 3rem}
h1{font-size:1.6rem;line-height:1.25;margin:.2em 0}
h2{font-size:1.25rem;margin:2.2em 0 .6em;padding-bottom:.2em;border-bottom:2px solid #2f4f86}
h3{font-size:1.05rem;margin:1.6em 0 .3em}
p{margin:.5em 0}
table{border-collapse:collapse;margin:.6em 0}
th,td{text-align:left;padding:.3em 1.4em .3em 0;border-bottom:1px solid #c4cbd6;vertical-align:top}
.who,.small{color:#465264}.small{font-size:.9rem;font-weight:400}
.mark{border:1px solid #c4cbd6;border-radius:6px;padding:.2em 1em .6em;margin:1em 0}
.points{font-weight:600}
.level{border-left:4px solid #2f4f86;padding:.1em 1em;margin:.8em 0;background:#eef2f8}
.says{border-left:4px solid #7a5b12;padding:.1em 1em;margin:.8em 0;background:#fbf5e6;white-space:pre-line;overflow-wrap:anywhere}
.words div{overflow-wrap:anywhere}
@page{margin:18mm 16mm}
@media print{body{font-size:11pt}main{max-width:none;padding:0}h2,h3{break-after:avoid}
 .mark>h3,.mark>p,.level,.says,main div[style]{break-inside:avoid}.words div[style]{break-inside:auto}
 .level,.says{background:none}}
"""


class Mark(msgspec.Struct, frozen=True):
    """What the gradebook holds of one marked cell.

    Attributes
    ----------
    automatic, manual
        The two scores; the manual one goes before the automatic one. Both ``None`` while a person is waited for.
    extra
        Extra credit a grader added.
    comment
        What stands beside it; a grader's words go before the automatic ones.
    """

    maximum: float
    automatic: float | None = None
    manual: float | None = None
    extra: float | None = None
    comment: str | None = None

    @property
    def given(self) -> float | None:
        """The score without extra credit; ``None`` while it waits."""
        return self.automatic if self.manual is None else self.manual

    @property
    def score(self) -> float:
        """The score as nbgrader counts it."""
        return 0.0 if self.given is None else self.given + (self.extra or 0.0)


def points(value: float) -> str:
    """Points as people write them: at most two decimals, none where there are none."""
    return f"{round(value, 2):g}" if abs(value) < 1e5 else f"{value:.2f}"


def page(notebook: Any, marks: Mapping[str, Mark], penalty: float | None, source: Source, learner: str) -> str:
    """The feedback page of one autograded notebook.

    Parameters
    ----------
    notebook
        The autograded notebook, as a dictionary.
    marks
        By the name of the marked cell.
    penalty
        Points taken off for lateness.
    """
    title, body = _cells(notebook, marks, source)
    parts = [
        f"<h1>{_say(title)}</h1>",
        f'<p class="who">{_say(text("feedback.for", learner=learner))}</p>',
        *_glance(marks, penalty, source),
        *body,
        f'<p class="small">{_say(text("feedback.provisional"))} {_say(text("feedback.appeal"))}</p>',
        f'<p class="small">{_say(text("feedback.care"))}</p>',
    ]
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{_say(title)}</title><style>{STYLE}</style>'
    return f'<!doctype html>\n<html lang="{language.current()}"><head>{head}</head>\n<body><main>\n' + (
        "\n".join(parts) + "\n</main></body></html>\n"
    )


def _cells(notebook: Any, marks: Mapping[str, Mark], source: Source) -> tuple[str, list[str]]:
    """The notebook's title, and what each part shows under the part's own heading."""
    title, heading, body = "", "", list[str]()
    for cell in notebook["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        if about.get("grade") and about["grade_id"] in marks:
            mark = marks[about["grade_id"]]
            shown = _written(cell, mark, source) if about.get("solution") else _marked(cell, mark)
        elif cell["cell_type"] == "code":
            shown = _outputs(cell)
        else:
            for line in cell["source"].splitlines():
                if line.startswith("# "):
                    title = title or line[2:].strip()
                elif line.startswith("## "):
                    heading = line[3:].strip()
            continue
        if shown:
            if heading:
                body.append(f"<h2>{_say(heading)}</h2>")
                heading = ""
            body.append(shown)
    return title or source.assignment, body


def _outputs(cell: Any) -> str:
    found = [output.get("data", {}).get("text/html", "") for output in cell["outputs"]]
    return "".join("".join(words) if isinstance(words, list) else words for words in found)


def _marked(cell: Any, mark: Mark) -> str:
    return f'<section class="mark">{_points(mark)}{_outputs(cell)}</section>'


def _points(mark: Mark) -> str:
    words = text("feedback.row_points", points=points(mark.score), max=points(mark.maximum))
    return f'<p class="points">{_say(words)}</p>'


def _written(cell: Any, mark: Mark, source: Source) -> str:
    """A rubric row: what was written, the level in words, one level on, and what the grader says."""
    _, item, part = marking.parts(cell["metadata"]["nbgrader"]["grade_id"])
    row = marking.row(source.written[item], part)
    on = f'<span class="small">{_say(text(f"feedback.reads_{row.reads}"))}</span>'
    parts = [f"<h3>{_say(row.title)} {on}</h3>"]
    _, fold, written = cell["source"].partition("</details>")
    said = rubric.for_learner(mark.comment)
    if not fold:
        parts += [f"<p>{_say(text('feedback.row_empty'))}</p>", _points(mark)]
        said = "" if mark.manual is None and mark.automatic == 0 else said  # "No response.", said already
    else:
        parts.append(f'<div class="words">{written.strip()}</div>')
        parts += _level(mark, row.levels, row.weight)
    if said:
        parts.append(f'<div class="says"><strong>{_say(text("feedback.comment"))}</strong> {escape(said)}</div>')
    return f'<section class="mark">{"".join(parts)}</section>'


def _level(mark: Mark, levels: tuple[str, ...], weight: int) -> list[str]:
    if rubric.flags(mark.comment):
        return [f'<div class="level"><p>{_say(text("feedback.row_returned"))}</p></div>']
    if mark.given is None:
        return [f'<div class="level"><p>{_say(text("feedback.row_waiting"))}</p></div>']
    level = mark.given / weight
    if level != int(level) or not 0 <= level < len(levels):
        return [_points(mark)]
    words = [f"<p><strong>{_say(text('feedback.level', level=int(level), words=levels[int(level)]))}</strong></p>"]
    if level + 1 < len(levels):
        words.append(f"<p>{_say(text('feedback.next_level', words=levels[int(level) + 1]))}</p>")
    return [_points(mark), f'<div class="level">{"".join(words)}</div>']


def _glance(marks: Mapping[str, Mark], penalty: float | None, source: Source) -> list[str]:
    """The two marks, each by its own name, and what they mean."""
    judged, rows, flagged = [], [], False
    for name, mark in marks.items():
        kind, item, part = marking.parts(name)
        if kind == "written":
            rows.append(RowMark(marking.row(source.written[item], part).title, mark.given, mark.maximum))
            flagged = flagged or bool(rubric.flags(mark.comment))
        else:
            judged.append(mark)
    lines = []
    if judged:
        total = math.fsum(mark.score for mark in judged)
        lines.append(
            (
                text("feedback.judgement"),
                _of(total, math.fsum(mark.maximum for mark in judged)),
                "judgement_means",
            )
        )
    if rows:
        lines.append((text("feedback.written"), _written_glance(rows, flagged), "written_means"))
    if penalty:
        lines.append((text("feedback.late"), f"-{points(penalty)}", ""))
    table = "".join(f'<tr><th scope="row">{_say(name)}</th><td>{_say(words)}</td></tr>' for name, words, _ in lines)
    meant = "".join(f'<p class="small">{_say(text(f"feedback.{key}"))}</p>' for *_, key in lines if key)
    head = f'<tr><th scope="col">{_say(text("feedback.part"))}</th><th scope="col">{_say(text("feedback.points"))}</th></tr>'
    return [
        f"<h2>{_say(text('feedback.glance'))}</h2>",
        f"<table><thead>{head}</thead><tbody>{table}</tbody></table>{meant}",
    ]


def _written_glance(rows: list[RowMark], flagged: bool) -> str:
    if flagged:
        return text("feedback.returned")
    mark, found = rubric.written_mark(rows), rubric.band(rows)
    if mark is None or found is None:
        return text("feedback.waiting")
    name, weak = found
    titles = text("feedback.rows_join").join(f"“{title}”" for title in weak) or text("feedback.whole")
    return f"{_of(mark, rubric.WRITTEN_POINTS)}. {text(f'feedback.band_{name}', rows=titles)}"


def _of(value: float, most: float) -> str:
    return text("feedback.of", points=points(value), max=points(most))


def _say(words: str) -> str:
    return html.escape(words, quote=False)
