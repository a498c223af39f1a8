"""The course as ``nbgrader_config.py`` describes it, read without loading nbgrader, which takes seconds."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from traitlets.config import Config
from traitlets.config.loader import LazyConfigValue, PyFileConfigLoader

from ..activities.release import NAME as RELEASE

CONFIG = "nbgrader_config.py"
SQLITE = "sqlite:///"


class CannotGrade(Exception):
    """The course cannot be graded as it stands; the message says what to do."""


class Settings(msgspec.Struct, frozen=True):
    """What grading needs to know of a course.

    Attributes
    ----------
    database
        The gradebook's file.
    ignore
        Patterns of files that never travel from ``solutions/`` to ``autograded/``.
    late
        Dotted name of the late submission plugin.
    options
        The whole configuration, as plain dictionaries, for that plugin.
    """

    root: Path
    course_id: str = ""
    database: Path = Path("gradebook.db")
    structure: str = "{nbgrader_step}/{student_id}/{assignment_id}"
    source: str = "source"
    release: str = "release"
    submitted: str = "submitted"
    autograded: str = "autograded"
    feedback: str = "feedback"
    ignore: tuple[str, ...] = (".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback")
    groupshared: bool = False
    late: str = "nbgrader.plugins.LateSubmissionPlugin"
    options: dict[str, Any] = {}

    def path(self, step: str, assignment: str, learner: str = ".") -> Path:
        """A folder of the course, where nbgrader has it."""
        return self.root / self.structure.format(nbgrader_step=step, student_id=learner, assignment_id=assignment)

    def assignment(self, number: str) -> str:
        """The released assignment whose name begins so.

        Raises
        ------
        CannotGrade
            When there is none, or several.
        """
        known = self.released()
        found = [name for name in known if name == number] or [name for name in known if name.startswith(number)]
        if len(found) != 1:
            listed = ", ".join(known) or "none"
            raise CannotGrade(f"There is no one released assignment {number!r}. Released in {self.release}/: {listed}.")
        return found[0]

    def released(self) -> list[str]:
        """Names of every released assignment."""
        return sorted(path.parent.name for path in self.path(self.release, "*").parent.glob(f"*/{RELEASE}"))


def load(root: Path) -> Settings:
    """Read a course's configuration.

    Raises
    ------
    CannotGrade
        When the folder is no course, or its gradebook is no SQLite file.
    """
    if not (root / CONFIG).is_file():
        raise CannotGrade(
            f"There is no {CONFIG} in {root}. Grade from the course's own folder, where it and solutions/ are."
        )
    config = PyFileConfigLoader(CONFIG, path=str(root)).load_config()
    here, late = config.CourseDirectory, config.AssignLatePenalties
    url = _given(here, "db_url", f"{SQLITE}{root / 'gradebook.db'}")
    if not url.startswith(SQLITE):
        raise CannotGrade(
            f"The gradebook is at {url.partition(':')[0]}; grading many at once writes SQLite files only. "
            "Use plain `nbgrader autograde` and `nbgrader generate_feedback` with this database."
        )
    base = Settings(root)
    plugin = _given(late, "plugin_class", base.late)
    return Settings(
        root=root,
        course_id=_given(here, "course_id", ""),
        database=root / url.removeprefix(SQLITE),
        structure=_given(here, "directory_structure", base.structure),
        source=_given(here, "source_directory", base.source),
        release=_given(here, "release_directory", base.release),
        submitted=_given(here, "submitted_directory", base.submitted),
        autograded=_given(here, "autograded_directory", base.autograded),
        feedback=_given(here, "feedback_directory", base.feedback),
        ignore=tuple(_given(here, "ignore", list(base.ignore))),
        groupshared=_given(here, "groupshared", False),
        late=plugin if isinstance(plugin, str) else f"{plugin.__module__}.{plugin.__qualname__}",
        options=_plain(config),
    )


def _given(section: Any, name: str, otherwise: Any) -> Any:
    value = section.get(name, otherwise)
    if isinstance(value, LazyConfigValue):  # as `c.CourseDirectory.ignore.append(...)` leaves it
        return value.get_value(otherwise)
    return value


def _plain(config: Config) -> dict[str, Any]:
    """Configuration that can be sent to another process."""
    plain = (str, int, float, bool, list, dict, tuple, type(None))
    return {
        section: {name: value for name, value in values.items() if isinstance(value, plain)}
        for section, values in config.items()
        if isinstance(values, dict)
    }


def timestamp(raw: bytes) -> datetime | None:
    """The time in a ``timestamp.txt`` as intake writes it, in UTC without a zone, as nbgrader keeps it.

    Raises
    ------
    ValueError
        When it is in another form.
    """
    words = raw.decode().strip()
    if not words:
        return None
    return datetime.strptime(words.removesuffix(" UTC"), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC).replace(tzinfo=None)
