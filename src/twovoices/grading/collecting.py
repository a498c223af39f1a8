"""nbgrader's own ways of collecting, led through intake: ``nbgrader collect`` and ``nbgrader zip_collect``.

Both would otherwise copy whatever was handed in, and nothing that intake did not write is ever marked.
"""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Any

import msgspec
from nbgrader.exchange.default import ExchangeCollect
from nbgrader.plugins import ExtractorPlugin

from . import arrivals, intake, report, running
from .arrivals import IntakeError


class Collect(ExchangeCollect):  # type: ignore[misc]
    """``nbgrader collect`` from an exchange folder. Whose a hand-in is, and when it came, the exchange says."""

    def copy_files(self) -> None:
        """Take in what is new; one that cannot be taken in is told, and what was taken in before stays."""
        course = Path(self.coursedir.root)
        assignment = self.coursedir.assignment_id
        if not self.src_records:
            self.log.warning("No submissions of %r for course %r to collect", assignment, self.coursedir.course_id)
        for record in self.src_records:
            learner = record["username"]
            source = Path(self.inbound_path, record["filename"])
            submitted = Path(self.coursedir.format_path(self.coursedir.submitted_directory, learner, assignment))
            if submitted.is_dir() and not self._newer(submitted, record["timestamp"]):
                self.log.info("In already: %s. Use --update to take a newer one.", learner)
                continue
            if self.check_owner and (owner := _owner(source)) not in (None, learner):
                self.log.warning(
                    "%s claims to be by %s and is owned by %s: make sure whose it is.", source, learner, owner
                )
            try:
                sent = arrivals.read(source)
                look = sent.look
                if sent.learner not in (learner, source.name):
                    look += (f"it names {arrivals.shown(sent.learner)} as its learner",)
                sent = msgspec.structs.replace(
                    sent,
                    learner=learner,
                    assignment=assignment,
                    origin=f"exchange: {learner}",
                    at=record["timestamp"].replace(tzinfo=record["timestamp"].tzinfo or UTC),
                    look=look,
                )
                release = Path(self.coursedir.format_path(self.coursedir.release_directory, ".", assignment))
                manifest = intake.take_in(course, sent, release.resolve(), submitted)
            except (IntakeError, OSError) as error:
                self.log.error("NOT COLLECTED, and not marked until you act: %s", error)
                continue
            self.log.info("Collected: %s", learner)
            for line in manifest.look:
                self.log.warning("%s: %s", learner, line)

    def _newer(self, submitted: Path, at: Any) -> bool:
        before = self.coursedir.get_existing_timestamp(str(submitted))
        return bool((self.update and (before is None or at > before)) or (self.before_duedate and before != at))


class Unpack(ExtractorPlugin):  # type: ignore[misc]
    """``nbgrader zip_collect``: what lies in the archive folder goes through intake, and nothing is unpacked for copying."""

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Take in an LMS's zip of all, single hand-ins or folders; tell what a person must look at."""
        coursedir = self.parent.coursedir
        outcome = running.take_in(Path(coursedir.root), [Path(archive_path)], None, coursedir.assignment_id)
        for line in report.intake(outcome):
            (self.log.warning if outcome.refused or outcome.look else self.log.info)(line)
        self.log.info("Taken in by intake; that nothing was unpacked into %s is as it should be.", extracted_path)


def _owner(path: Path) -> str | None:
    """The account that owns a folder; ``None`` where a system does not say."""
    try:
        return path.owner()
    except (KeyError, NotImplementedError, OSError):
        return None
