"""nbgrader's configuration for this course: two folders renamed, one list of what stays behind, and our own steps.

Run nbgrader from this folder; it reads its configuration from the current one only.
"""

from nbgrader.converters.generate_assignment import GenerateAssignment

c = get_config()  # noqa: F821  (nbgrader gives it)

c.CourseDirectory.course_id = "two-voices"
c.CourseDirectory.source_directory = "solutions"
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
c.GenerateAssignment.preprocessors = [
    *GenerateAssignment.preprocessors.default(),
    "twovoices.grading.generate.ReleaseAssessment",
]

c.ClearSolutions.text_stub = "*What you saved in the written part is put here when it is marked.*"

# Marks come from the answers log and the key; the learner's notebook is never read and no kernel runs.
c.Autograde.exporter_class = "twovoices.grading.exporter.TrustedExporter"
c.Autograde.sanitize_preprocessors = []
c.Autograde.autograde_preprocessors = [
    "twovoices.grading.exporter.CheckMarks",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
]
