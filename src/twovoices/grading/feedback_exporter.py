"""Feedback under plain ``nbgrader generate_feedback`` and formgrader's button: our page in place of the notebook's HTML.

nbgrader's own template shows prompts and code, needs MathJax from a URL, hides folds on paper and cannot put a level
into words.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbgrader.api import Gradebook

from . import exporter, feedback
from .feedback import Mark


class FeedbackExporter(Exporter):
    """Write one learner's feedback page."""

    file_extension = ".html"
    output_mimetype = "text/html"

    def from_notebook_node(self, nb: Any, resources: dict[str, Any] | None = None, **kw: Any) -> Any:
        """Make the page of an autograded notebook from what the gradebook holds now."""
        nb, found = super().from_notebook_node(nb, resources, **kw)
        about = found["nbgrader"]
        converter: Any = self.parent
        coursedir = converter.coursedir
        with Gradebook(about["db_url"], coursedir.course_id) as gradebook:
            marked = gradebook.find_submission_notebook(about["notebook"], about["assignment"], about["student"])
            comments = {comment.name: comment.comment for comment in marked.comments}
            marks = {
                grade.name: Mark(
                    grade.max_score, grade.auto_score, grade.manual_score, grade.extra_credit, comments.get(grade.name)
                )
                for grade in marked.grades
            }
            penalty = marked.late_submission_penalty
        source = exporter.source_of(Path(coursedir.format_path(coursedir.source_directory, ".", about["assignment"])))
        order = [cell.metadata.get("nbgrader", {}).get("grade_id") for cell in nb.cells]
        marks = {name: marks[name] for name in order if name in marks}
        found.setdefault("output_extension", self.file_extension)
        return feedback.page(nb, marks, penalty, source, about["student"]), found
