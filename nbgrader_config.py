"""nbgrader's configuration for this course: two folders renamed, one list of what stays behind, and our own steps.

Run nbgrader from this folder; it reads its configuration from the current one only.
"""

import os

c = get_config()  # noqa: F821  (nbgrader gives it)

c.CourseDirectory.course_id = "two-voices"
# Keys may live elsewhere, in a private folder, without changing this file.
c.CourseDirectory.source_directory = os.environ.get("TWOVOICES_SOLUTIONS", "solutions")
c.CourseDirectory.release_directory = "exercises"
# One list for release and autograde: keys stay with the instructor, logs with the learner.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    ".compiled",
    "*.case.yaml",
    "*.vignette.yaml",
    "key.yaml",
    "written.yaml",
    "samples.yaml",
    "answers*.jsonl",
    ".answers*.lock",
    "assessment.json",
]

# The release also gets assessment.json: what the notebook plays, with nothing that ranks a reply.
# Appended, since loading nbgrader here for its default list would cost every command seconds.
c.GenerateAssignment.preprocessors.append("twovoices.grading.generate.ReleaseAssessment")

c.ClearSolutions.text_stub = "*What you saved in the written part is put here when it is marked.*"

# Whatever way hand-ins come, they go through intake; what did not is marked by nobody.
c.ExchangeFactory.collect = "twovoices.grading.collecting.Collect"
c.ZipCollectApp.extractor_plugin = "twovoices.grading.collecting.Unpack"

# Marks come from the answers log and the key; the learner's notebook is never read and no kernel runs.
c.Autograde.exporter_class = "twovoices.grading.exporter.TrustedExporter"
c.Autograde.sanitize_preprocessors = []
c.Autograde.autograde_preprocessors = [
    "twovoices.grading.exporter.CheckMarks",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
]

# Feedback for people, whole in one file and readable on paper.
c.GenerateFeedback.exporter_class = "twovoices.grading.feedback_exporter.FeedbackExporter"
c.GenerateFeedback.preprocessors = []

# In formgrader alone: four graded samples under each row of the rubric. They are in no file that is handed on.
c.HTMLExporter.preprocessors = ["twovoices.grading.formgrader.SamplesInReach"]

# `nbgrader export` writes through the csv module; --exporter=twovoices.grading.export_plugins.Competencies or .Moodle for others.
c.ExportApp.plugin_class = "twovoices.grading.export_plugins.Gradebook"
