"""The course's own words on screen, by key, in one file (``data/ui.yaml``), so that a translation replaces text alone."""

from __future__ import annotations

import functools

from . import language, store


@functools.cache
def _texts(lang: str) -> dict[str, dict[str, str]]:
    """The texts in one language; what is not translated yet stands in English."""
    texts = store.load(dict[str, dict[str, str]], "", "ui")
    if lang == language.SOURCE:
        return texts
    overlay = store.overlay_of_ui(lang)
    return {group: {**named, **overlay.get(group, {})} for group, named in texts.items()}


def text(key: str, **parts: object) -> str:
    """The text for ``group.name`` with its ``{parts}`` filled in.

    Raises
    ------
    KeyError
        When the key is not in ``ui.yaml``: a fault in the course, found by the tests.
    """
    group, name = key.split(".", 1)
    found = _texts(language.current())[group][name]
    return found.format(**parts) if parts else found


def in_source(key: str) -> str:
    """The text as content in the source language has it, whatever the language of this run."""
    group, name = key.split(".", 1)
    return _texts(language.SOURCE)[group][name]
