"""The one error style: what was wrong, where, and what to do."""

from __future__ import annotations

import msgspec


class Problem(msgspec.Struct, frozen=True, order=True):
    """One thing wrong with one file.

    Attributes
    ----------
    file
        Path as the author knows it, relative to the course folder where possible.
    line
        1-based line in that file; 0 when the problem has no line.
    code
        Check code such as ``E-SHAPE``; a code that begins with ``W`` can be accepted with a reason.
    where
        The item in words (``beat forgive, option up-to-you``); empty for the whole file.
    what
        What is wrong, one sentence.
    mend
        What to do about it, one sentence.
    """

    file: str
    line: int
    code: str
    where: str
    what: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        where = f" {self.where}:" if self.where else ""
        return f"{place}: {self.code}{where} {self.what} {self.mend}".rstrip()


class ContentError(Exception):
    """Content that cannot be used; carries every problem found, not the first alone."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class NotFound(LookupError):
    """Nothing of that kind has that id; the message lists what there is."""
