"""Conditions: ``name``, ``not name``, ``name op integer``, joined by ``and``."""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable, Mapping, Set

_TERM = re.compile(r"(?:(not)\s+)?([a-z][a-z0-9_.]*)(?:\s*(>=|<=|==|!=|>|<)\s*(-?\d+))?")
_OPERATORS: dict[str, Callable[[int, int], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}
Term = tuple[str, str, int | bool]


@functools.cache
def parse(text: str | None) -> tuple[Term, ...]:
    """Parse a condition into terms ``(name, operator, number)`` or ``(flag, "is", wanted)``.

    Raises
    ------
    ValueError
        When the text is not a condition; the message says which part.
    """
    if text is None:
        return ()
    terms: list[Term] = []
    for part in re.split(r"\s+and\s+", text.strip()):
        match = _TERM.fullmatch(part.strip())
        if match is None or (match[1] and match[3]):
            raise ValueError(f"{part!r} is not a condition; write `flag`, `not flag` or `state >= 2`, joined by `and`")
        if match[3]:
            terms.append((match[2], match[3], int(match[4])))
        else:
            terms.append((match[2], "is", match[1] is None))
    return tuple(terms)


def holds(text: str | None, state: Mapping[str, int], flags: Set[str]) -> bool:
    """Whether a condition holds; ``None`` always does."""
    for name, op, wanted in parse(text):
        if op == "is":
            if (name in flags) is not wanted:
                return False
        elif not _OPERATORS[op](state[name], int(wanted)):
            return False
    return True
