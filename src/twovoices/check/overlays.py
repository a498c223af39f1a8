"""Translations: every text there, none left as it was, and each case checked again in the words of its language."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import msgspec

from ..content import language, store, words
from ..content.errors import ContentError, NotFound, Problem
from ..content.strict import Document, read
from ..roleplay.model import Case
from . import fair, humane, wellformed
from .report import Review

NAMES_MAX = 3  # so few words may be the same in two languages: a name, "Okay.", "I-A"


def found() -> Iterator[tuple[str, str, str, Path]]:
    """Every overlay: ``(language, folder, id, path)``; the folder is empty for texts of the screen."""
    for path in store.sources(f"{language.FOLDER}/*/**/*.yaml"):
        lang, *folder, _ = path.relative_to(store.root() / language.FOLDER).parts
        yield lang, "/".join(folder), path.stem, path


def problems(kinds: dict[str, Any], only: Collection[str] = ()) -> list[Problem]:
    """Overlays that name a text that is not there, leave one out, or leave one as it was.

    Parameters
    ----------
    kinds
        Type of each folder's files; an overlay without a folder is of the texts of the screen.
    only
        Ids to look at; all when empty.
    """
    wrong: list[Problem] = []
    for _, folder, item, path in found():
        if only and item not in only:
            continue
        file, source = store.shown(path), store.source(folder, item)
        if (folder and folder not in kinds) or not source.is_file():
            what = f"There is nothing to translate at {store.shown(source)}."
            wrong.append(Problem(file, 1, "E-SHAPE", "", what, "Give the file the id of what it translates."))
            continue
        try:
            overlay = read(path, dict[str, str], file) if folder else _flat(read(path, dict[str, dict[str, str]], file))
        except ContentError as error:
            wrong += error.problems
            continue
        try:
            known = language.texts(read(source, kinds[folder]).value) if folder else _screen(source)
        except ContentError:
            continue  # said of the file itself
        wrong += _compare(overlay, known, screen=not folder)
    return wrong


def _compare(overlay: Document[dict[str, str]], known: dict[str, str], screen: bool) -> list[Problem]:
    wrong: list[Problem] = []

    def add(name: str, code: str, what: str, mend: str) -> None:
        wrong.append(Problem(overlay.file, overlay.line(name), code, name, what, mend))

    for name, text in overlay.value.items():
        if name not in known:
            add(name, "E-SHAPE", "There is no such text.", "Look at the id; only texts can be translated.")
        elif not text.strip() and known[name].strip():
            add(name, "W-LANGUAGE", "The translation is empty.", "Translate it.")
        elif text == known[name] and len(words.split(text)) > NAMES_MAX:
            add(name, "W-LANGUAGE", "It says what the original says.", "Translate it.")
        elif screen and _holes(text) != _holes(known[name]):
            wanted = ", ".join(sorted(_holes(known[name]))) or "no braces"
            add(name, "E-SHAPE", "The names in braces are not those of the original.", f"Keep: {wanted}.")
    missing = known.keys() - overlay.value.keys()
    if missing and not screen:  # what is missing of the screen's texts stands in English until it is translated
        what = f"{len(missing)} texts are not translated, first {sorted(missing)[0]}."
        wrong.append(Problem(overlay.file, 1, "W-LANGUAGE", "", what, "Translate them."))
    return wrong


def _holes(text: str) -> set[str]:
    return set(re.findall(r"\{\w*\}", text))


def _flat(grouped: Document[dict[str, dict[str, str]]]) -> Document[dict[str, str]]:
    """Texts by ``group.name``, which stand under their groups in the file."""
    lines: dict[tuple[str | int, ...], int] = {(): 1}
    lines |= {(".".join(map(str, path)),): line for path, line in grouped.lines.items() if len(path) == 2}
    texts = {f"{group}.{name}": text for group, named in grouped.value.items() for name, text in named.items()}
    return Document(texts, lines, grouped.file)


def _screen(path: Path) -> dict[str, str]:
    return _flat(read(path, dict[str, dict[str, str]])).value


def reviews(original: Review, path: Path) -> Iterator[Review]:
    """Reviews of a case in each language it is translated into, with the problems its words have there."""
    for lang, folder, item, file in found():
        if store.source(folder, item) == path:
            try:
                document = translated(original.document, read(file, dict[str, str], store.shown(file)))
            except ContentError:
                continue  # said by `problems`
            yield review(document, lang)


def review(document: Document[Case], lang: str) -> Review:
    """Run the checks that depend on words on a translated case."""
    made = Review(document, lang=lang)
    try:
        words.of(lang)
    except NotFound:
        mend = f"Write data/words/{lang}.yaml; data/words/en.yaml shows what it holds."
        made.add("W-LANGUAGE", f"Nobody has said which words to look for in {lang!r}.", mend)
        return made
    wellformed.whys(made)
    if document.value.use in fair.SCORED:
        fair.guess(made)
    humane.check(made)
    return made


def translated(original: Document[Case], overlay: Document[dict[str, str]]) -> Document[Case]:
    """A case in another language, with the lines of its overlay.

    Raises
    ------
    ContentError
        When the overlay names a text that the case does not have.
    """
    value = language.translate(original.value, overlay.value, overlay.file)
    raw = msgspec.to_builtins(original.value)
    lines: dict[tuple[str | int, ...], int] = {(): 1}
    for path in sorted(original.lines, key=len, reverse=True):
        line = overlay.lines.get((_name(raw, path),))
        for end in range(len(path), 0, -1) if line else ():
            lines[path[:end]] = min(line or 0, lines.get(path[:end], line or 0))
    return Document(value, lines, overlay.file)


def _name(raw: Any, path: tuple[str | int, ...]) -> str:
    """The id of the text at a path: entries of lists by their own id where they have one."""
    steps = []
    for step in path:
        raw = raw[step] if isinstance(step, int) else raw.get(step)
        named = isinstance(step, int) and isinstance(raw, dict) and "id" in raw
        steps.append(raw["id"] if named else str(step))
    return ".".join(steps)
