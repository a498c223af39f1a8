"""The words that the checks and the writing prompts look for, one file a language: ``data/words/<language>.yaml``."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

import msgspec

from . import store

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
SENTENCE = re.compile(r"[.!?…]+(?:\s|$|[\"'”’»])")


class Avoid(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A term that a skilled clinician does not use, and what to say instead."""

    say: str
    instead: str


class Reading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How hard a text is: ``sentence`` × words a sentence + ``syllable`` × syllables a word + ``base``."""

    sentence: float
    syllable: float
    base: float
    most: float
    vowels: str
    silent: str = ""


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One language's words, as its file explains them."""

    id: str
    hedges: tuple[str, ...]
    directives: tuple[str, ...]
    common: tuple[str, ...]
    feelings: tuple[str, ...]
    you: tuple[str, ...]
    i: tuple[str, ...]
    we: tuple[str, ...]
    negations: tuple[str, ...]
    avoid: tuple[Avoid, ...]
    slurs: tuple[str, ...]
    minors: tuple[str, ...]
    numbers: tuple[str, ...]
    heavy: tuple[str, ...]
    persons: tuple[str, ...]
    reading: Reading


def of(lang: str) -> Words:
    """The words of a language.

    Raises
    ------
    twovoices.content.errors.NotFound
        When nobody has written them yet.
    """
    return store.load(Words, "words", lang)


def split(text: str) -> list[str]:
    """Lower-cased words of a text."""
    return [word.lower().replace("’", "'") for word in WORD.findall(text)]


@functools.cache
def pattern(entries: tuple[str, ...], beginnings: bool = False) -> re.Pattern[str]:
    """Any of some words, or of some regular expressions, as whole words (or as ``beginnings`` of words)."""
    end = r"\w*" if beginnings else r"(?!\w)"
    return re.compile(rf"(?<![\w-])(?:{'|'.join(entries)}){end}", re.I)


def count(entries: Iterable[str], found: list[str]) -> int:
    """How often words or short phrases occur among a text's words."""
    text = f" {' '.join(found)} "
    wanted = set(entries)
    return sum(word in wanted for word in found) + sum(text.count(f" {entry} ") for entry in wanted if " " in entry)


def minor(words: Words, names: Iterable[str] = ()) -> re.Pattern[str]:
    """Whatever may put a minor on the page; ``names`` followed by an age count too."""
    return _minor(words.minors, words.numbers, tuple(names))


@functools.cache
def _minor(patterns: tuple[str, ...], numbers: tuple[str, ...], names: tuple[str, ...]) -> re.Pattern[str]:
    number = rf"(?:[0-9]|1[0-7]|{'|'.join(numbers)})"
    said = [f"{re.escape(name)}, (?:[0-9]|1[0-7])(?=,)" for name in names]
    return pattern((*(entry.replace("NUMBER", number) for entry in patterns), *said))


def hardness(text: str, reading: Reading) -> float:
    """How hard a text is to read, by the language's own formula; syllables are counted as groups of vowels (roughly)."""
    sentences = max(len(SENTENCE.findall(text)), 1)
    found = WORD.findall(text)
    if not found:
        return 0.0
    spoken = sum(syllables(word.lower(), reading) for word in found)
    return reading.sentence * len(found) / sentences + reading.syllable * spoken / len(found) + reading.base


def syllables(word: str, reading: Reading) -> int:
    """Syllables of a word, counted as groups of vowels (roughly)."""
    groups = len(re.findall(f"[{reading.vowels}]+", word))
    if reading.silent and groups > 1 and re.search(f"(?:{reading.silent})$", word):
        groups -= 1
    return max(groups, 1)
