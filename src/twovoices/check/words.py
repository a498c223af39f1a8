"""The words the checks look for; they stand in ``content.words``, since the writing prompts look for some of them too."""

from __future__ import annotations

from ..content.words import (
    SENTENCE,
    WORD,
    Avoid,
    Reading,
    Words,
    count,
    hardness,
    minor,
    of,
    pattern,
    split,
)

__all__ = [
    "SENTENCE",
    "WORD",
    "Avoid",
    "Reading",
    "Words",
    "count",
    "hardness",
    "minor",
    "of",
    "pattern",
    "split",
]
