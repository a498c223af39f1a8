"""The course's own words on screen, by key, in one file (``data/ui.yaml``), so that a translation replaces text alone."""

from __future__ import annotations

import functools

from . import store


@functools.cache
def _texts() -> dict[str, dict[str, str]]:
    return store.load(dict[str, dict[str, str]], "", "ui")


def text(key: str, **parts: object) -> str:
    """The text for ``group.name`` with its ``{parts}`` filled in.

    Raises
    ------
    KeyError
        When the key is not in ``ui.yaml``: a fault in the course, found by the tests.
    """
    group, name = key.split(".", 1)
    found = _texts()[group][name]
    return found.format(**parts) if parts else found
