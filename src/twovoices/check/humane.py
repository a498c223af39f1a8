"""Humane: adults, content notes, respectful words, readable speech, and an end that looks after the way home."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..content import words
from ..roleplay.model import Inner, Line, Option
from .report import Review

Path = tuple[str | int, ...]
PHONE = re.compile(r"(?:\+\d{1,3}[\s-]?)?(?:\(?\d{2,5}\)?[\s./-]){1,4}\d{2,6}\b|\b(?:911|999|112|988|116123)\b")


def check(review: Review) -> None:
    """Add E-STANDARD, W-WORDS, W-READING and W-CLOSING."""
    standard(review)
    respect(review)
    reading(review)
    closing(review)


def standard(review: Review) -> None:
    """E-STANDARD: adults only, a content note, no slurs, no telephone numbers."""
    case = review.case
    slur, minor = words.pattern(review.words.slurs), words.minor(review.words, case.people.values())
    for text, path in _texts(review):
        if slur.search(text):
            review.add("E-STANDARD", "A slur-like term stands here.", "Say it by meaning.", *path)
        if PHONE.search(text):
            mend = "Numbers live in data/support.yaml alone."
            review.add("E-STANDARD", "A telephone number stands here.", mend, *path)
        if found := minor.search(text):
            mend = "Write adults only; an earlier experience is 'long ago', without age."
            review.add("E-STANDARD", f"{found[0]!r} may put a minor on the page.", mend, *path)
    if not case.content_note.strip():
        mend = "Say the topics in two to six words each."
        review.add("E-STANDARD", "There is no content note.", mend, "content_note")


def respect(review: Review) -> None:
    """W-WORDS: a clinician's line of worth does without the terms that the content standard avoids."""
    for index, beat in enumerate(review.case.beats):
        pools: list[tuple[tuple[Option, ...], Path]] = [(beat.options, ("beats", index))]
        if beat.again:
            pools.append((beat.again.options, ("beats", index, "again")))
        for options, path in pools:
            for number, option in enumerate(options):
                if option.level >= 2:
                    _avoid(review, option.say, *path, "options", number, "say")
                if option.better:
                    _avoid(review, option.better, *path, "options", number, "better")


def _avoid(review: Review, text: str, *path: str | int) -> None:
    for term in review.words.avoid:
        if found := words.pattern((term.say,)).search(text):
            review.add("W-WORDS", f"A clinician's line of worth says {found[0]!r}.", f"Prefer {term.instead}.", *path)


def reading(review: Review) -> None:
    """W-READING: what explains the case to the learner is easy to read."""
    case, scale = review.case, review.words.reading
    again = [beat.again for beat in case.beats if beat.again]
    pools: list[tuple[str, list[str], str]] = [
        ("explanations", [option.why for beat in case.beats for option in beat.options], "beats"),
        ("explanations of `again`", [option.why for variant in again for option in variant.options], "beats"),
        ("debriefs", [item.debrief for item in case.endings], "endings"),
    ]
    for name, texts, path in pools:
        found = words.hardness(" ".join(texts), scale)
        if found > scale.most and texts:
            grade = f"read at grade {found:.1f} (aim: about 9)" if scale.most > 0 else f"score {-found:.0f} for ease"
            mend = "Shorten sentences and choose plainer words."
            review.add("W-READING", f"The {name} {grade}; {scale.most:g} is the limit.", mend, path)


def closing(review: Review) -> None:
    """W-CLOSING: a heavy case, whether it says so or its content note does, ends by looking after the way home."""
    case, spine = review.case, review.sheet.beats
    named = words.pattern(review.words.heavy, beginnings=True).search(case.content_note)
    if (case.heavy or named) and spine and not spine[-1].closing:
        what = "A heavy case does not end on looking after the way home."
        if not case.heavy and named:
            what = f"The content note names {named[0]!r}, and the case does not end on looking after the way home."
        mend = (
            "Let the last beat of every path be `closing: true`: minutes left, the journey, who is there, next contact."
        )
        review.add("W-CLOSING", what, mend, "beats")


def _texts(review: Review) -> Iterator[tuple[str, Path]]:
    """Every text that a person may read, piece by piece, with its place."""
    case = review.case
    for name in ("title", "content_note", "objective", "setting", "supervision"):
        yield getattr(case, name), (name,)
    for key, person in case.people.items():
        yield person, ("people", key)
    for index, beat in enumerate(case.beats):
        yield from ((text, ("beats", index, "criteria")) for text in beat.criteria)
        pools: list[tuple[tuple[Line, ...], tuple[Option, ...], Path]] = [(beat.client, beat.options, ("beats", index))]
        if beat.again:
            pools.append((beat.again.client, beat.again.options, ("beats", index, "again")))
        for lines, options, path in pools:
            for number, line in enumerate(lines):
                yield from _spoken(line, (*path, "client", number))
            for number, option in enumerate(options):
                here = (*path, "options", number)
                for name in ("say", "why", "better", "costs", "lands"):
                    yield getattr(option, name) or "", (*here, name)
    for index, item in enumerate(case.endings):
        for name in ("say", "seen", "debrief"):
            yield getattr(item, name), ("endings", index, name)
        yield from _voices(item.inner, ("endings", index, "inner"))


def _spoken(line: Line, path: Path) -> Iterator[tuple[str, Path]]:
    yield line.say, (*path, "say")
    yield line.seen, (*path, "seen")
    yield from _voices(line.inner, (*path, "inner"))
    for number, also in enumerate(line.also):
        here = (*path, "also", number)
        yield also.say, (*here, "say")
        yield also.seen, (*here, "seen")
        yield from _voices(also.inner, (*here, "inner"))


def _voices(inner: Inner | None, path: Path) -> Iterator[tuple[str, Path]]:
    if inner:
        yield inner.critic, (*path, "critic")
        yield inner.kinder, (*path, "kinder")
