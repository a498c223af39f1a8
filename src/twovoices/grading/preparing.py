"""What a grading run needs before it can mark anybody: the gradebook, the key, and that they fit what was released."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec

from ..activities import release
from ..content.errors import ContentError
from . import fast, filling, store
from .fast import Bundle
from .journal import FOLDER
from .marking import Unmarked
from .settings import CannotGrade, Settings
from .store import Template

GENERATE_SECONDS = 300


class Prepared(msgspec.Struct, frozen=True):
    """One assignment ready to be marked."""

    bundle: Bundle
    template: Template


def prepare(settings: Settings, assignment: str) -> Prepared:
    """Make one assignment ready; the gradebook is made when the course has none, as in a fresh clone.

    Raises
    ------
    CannotGrade
        When the keys are missing or do not fit what was released: nobody can be marked honestly then.
    """
    folder = settings.path(settings.source, assignment)
    if not folder.is_dir():
        raise CannotGrade(
            f"The keys of {assignment} are not here: there is no {folder}. If solutions/ is kept elsewhere, set the "
            "environment variable TWOVOICES_SOLUTIONS to it and try again."
        )
    try:
        source = release.read_source(folder)
        released = settings.path(settings.release, assignment)
        filling.same_structure(source, released)
        notebooks = {path.stem: path.read_bytes() for path in sorted(released.glob("*.ipynb"))}
        found = known(settings, assignment)
        if found is None:
            generate(settings, assignment, notebooks)
            found = known(settings, assignment)
        assert found is not None
        if found.notebooks.keys() != notebooks.keys():
            raise Unmarked(
                f"The gradebook knows the notebooks {', '.join(found.notebooks)}; {released} holds "
                f"{', '.join(notebooks)}. Run `nbgrader generate_assignment {assignment} --force`."
            )
        for name, raw in notebooks.items():
            filling.agree(filling.read(raw), found.sources[name], name, assignment)
    except (Unmarked, ContentError) as error:
        raise CannotGrade(str(error)) from error
    late = {section: values for section, values in settings.options.items() if "Late" in section}
    key = fast.key_of(source, notebooks, found.cells, settings.late, late)
    return Prepared(Bundle(assignment, source, notebooks, found.cells, settings.late, late, key), found)


def known(settings: Settings, assignment: str) -> Template | None:
    """The assignment as the gradebook knows it, if there is a gradebook and it does."""
    if not settings.database.is_file():
        return None
    with store.connect(settings.database) as connection:
        return store.template(connection, assignment)


def generate(settings: Settings, assignment: str, notebooks: dict[str, bytes]) -> None:
    """Enter an assignment into the gradebook by nbgrader's own command, without touching what was released.

    It is generated beside first, and enters the gradebook only when what came out is what was released.
    """
    aside = settings.root / FOLDER / assignment / "generated"
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    draft = aside / "gradebook.db"
    _generate(settings, assignment, draft, aside / "released")
    made = {path.stem: path.read_bytes() for path in (aside / "released").rglob("*.ipynb")}
    if made != notebooks:
        changed = ", ".join(sorted(name for name in made | notebooks if made.get(name) != notebooks.get(name)))
        raise CannotGrade(
            f"{changed}: what {settings.source}/ generates is not what {settings.release}/ holds. Bring the released "
            f"version back, or run `nbgrader generate_assignment {assignment} --force` and ask for new hand-ins."
        )
    if settings.database.exists():  # formgrader may have it open, so it is written to, not replaced
        _generate(settings, assignment, settings.database, aside / "again")
    else:
        settings.database.parent.mkdir(parents=True, exist_ok=True)
        draft.replace(settings.database)
    shutil.rmtree(aside, ignore_errors=True)


def _generate(settings: Settings, assignment: str, database: Path, released: Path) -> None:
    command = [
        *(sys.executable, "-m", "nbgrader", "generate_assignment", assignment, "--force"),
        f"--CourseDirectory.db_url=sqlite:///{database}",
        f"--CourseDirectory.release_directory={released}",
    ]
    # nbgrader calls alembic by its bare name.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        command,
        cwd=settings.root,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        errors="replace",
        timeout=GENERATE_SECONDS,
        check=False,
    )
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if "Error" in line] or ["nbgrader gave no reason"]
        raise CannotGrade(f"{assignment} could not be entered into the gradebook: {errors[-1].strip()}")
