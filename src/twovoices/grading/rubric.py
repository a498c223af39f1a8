"""Reading the rubric's numbers: levels, the written mark, bands, and flags. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

FLAG = "FLAG:"
LEVELS = 4
WRITTEN_POINTS = 50.0


class RowMark(msgspec.Struct, frozen=True):
    """One rubric row as marked.

    Attributes
    ----------
    points
        Points given; ``None`` while it waits for a person.
    maximum
        4, or 8 for a row that counts double.
    """

    title: str
    points: float | None
    maximum: float

    @property
    def level(self) -> float | None:
        """0 to 4, whatever the row's weight."""
        return None if self.points is None else LEVELS * self.points / self.maximum


def written_mark(rows: Sequence[RowMark]) -> float | None:
    """50 x sum / maximum (0 to 50); ``None`` while a row waits or there is none."""
    share = _share(rows)
    return None if share is None else round(WRITTEN_POINTS * share, 2)


def band(rows: Sequence[RowMark]) -> tuple[str, tuple[str, ...]] | None:
    """``met``, ``revise`` with the titles of the rows to revise, or ``talk``; ``None`` while a row waits.

    Of 20: 15 or more with no row under level 2 is met; under 11 is talk; all between is revise.
    """
    share = _share(rows)
    if share is None:
        return None
    weak = tuple(row.title for row in rows if (row.level or 0) < 2)
    if 20 * share < 11:
        return "talk", weak
    if weak or 20 * share < 15:
        return "revise", weak
    return "met", ()


def _share(rows: Sequence[RowMark]) -> float | None:
    given = [row.points for row in rows if row.points is not None]
    if not rows or len(given) < len(rows):
        return None
    return sum(given) / sum(row.maximum for row in rows)


def flags(comment: str | None) -> list[str]:
    """Lines of a comment that begin ``FLAG:``, without that word; an empty flag is still one."""
    return [line.strip()[len(FLAG) :].strip() for line in _lines(comment) if line.strip().upper().startswith(FLAG)]


def for_learner(comment: str | None) -> str:
    """A comment without its flags, which are between those who teach."""
    return "\n".join(line for line in _lines(comment) if not line.strip().upper().startswith(FLAG)).strip()


def _lines(comment: str | None) -> Iterable[str]:
    return (comment or "").splitlines()
