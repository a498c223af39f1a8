"""Rule-based prompts about a text: which words of a group stand in it, which kind is missing, how long it is.

They prompt; a person judges. Rules miss irony, dialect and context, so a prompt names the words it found and asks. What
is looked for stands in ``data/prompts/<language>.yaml``; terms to avoid stand in ``data/words/<language>.yaml`` alone.
"""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable
from typing import Annotated

import msgspec

from ..content import language, store, words
from ..content.errors import NotFound
from ..content.texts import text
from ..roleplay.model import Id, Text

SHOWN = 4  # words named in one prompt; more would be a list of faults
LONG = 4  # groups of vowels from which a word counts as long
SENTENCE = 20  # words
PACE = 140  # words a minute, said calmly


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A kind of words: regular expressions that find it, what to ask where it stands, what to ask where it is missing."""

    id: Id
    find: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]
    ask: str = ""
    note: str = ""


class Prompts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One language's groups; ``plain`` are long words that everybody knows."""

    id: str
    groups: tuple[Group, ...]
    plain: tuple[str, ...]


@functools.cache
def _of(lang: str) -> Prompts:
    try:
        return store.load(Prompts, "prompts", lang)
    except NotFound:
        return Prompts(lang, (), ())  # a language without rules gets no prompts rather than those of another


def group(name: str) -> Group | None:
    """A group of the present language."""
    return next((item for item in _of(language.current()).groups if item.id == name), None)


def found(typed: str, name: str) -> tuple[str, ...]:
    """The words of a group that stand in a text, each once, in order."""
    item = group(name)
    return _found(typed, item.find) if item else ()


def _found(typed: str, find: tuple[str, ...]) -> tuple[str, ...]:
    hits = (hit.group(0) for hit in words.pattern(find).finditer(typed.replace("’", "'")))
    return tuple({hit.lower(): hit for hit in hits}.values())


def avoided(typed: str) -> tuple[str, ...]:
    """Prompts for terms that the content standard avoids, with what it prefers."""
    try:
        terms = words.of(language.current()).avoid
    except NotFound:
        return ()
    hits = [(hit, term.instead) for term in terms for hit in _found(typed, (term.say,))]
    return tuple(text("prompting.avoided", word=hit, instead=instead) for hit, instead in hits)


def prompts(typed: str, look: Iterable[str] = (), need: Collection[str] = (), most: int = 0) -> tuple[str, ...]:
    """What may be asked about a text.

    Parameters
    ----------
    typed
        The text. Nothing is asked about an empty one.
    look
        Groups whose words are named where they stand.
    need
        Groups that are asked for where nothing of them stands.
    most
        Words it should not go far beyond; 0 for no limit.
    """
    if not typed.strip():
        return ()
    asked = []
    for name in look:
        item, hits = group(name), found(typed, name)
        if item and hits:
            asked.append(text("prompting.found", words=_quoted(hits), ask=item.ask))
    for name in need:
        item = group(name)
        if item and not found(typed, name):
            asked.append(item.note)
    count = len(words.split(typed))
    if most and count > most:
        asked.append(text("prompting.long", count=count, most=most))
    return tuple(asked)


def plain(typed: str, also: Collection[str] = ()) -> tuple[str, ...]:
    """What may be asked about an explanation: jargon, long words, long sentences, more certainty than there is.

    Parameters
    ----------
    also
        More jargon, of this one explanation.
    """
    if not typed.strip():
        return ()
    asked = list(prompts(typed, look=("jargon", "certainty")))
    own = _found(typed, tuple(also)) if also else ()
    if own:
        asked.append(text("prompting.jargon", words=_quoted(own)))
    taken = {word.lower() for word in (*found(typed, "jargon"), *own)}
    hard = tuple(dict.fromkeys(word for word in words.split(typed) if _long(word) and word not in taken))
    if hard:
        asked.append(text("prompting.long_words", words=_quoted(hard)))
    longest = max((words.split(part) for part in words.SENTENCE.split(typed)), key=len)
    if len(longest) > SENTENCE:
        asked.append(text("prompting.sentence", count=len(longest), start=" ".join(longest[:5])))
    return tuple(asked)


def seconds(typed: str) -> int:
    """About how long a text takes to say calmly, in seconds."""
    return round(60 * len(words.split(typed)) / PACE)


def _long(word: str) -> bool:
    try:
        reading = words.of(language.current()).reading
    except NotFound:
        return False
    return word not in _of(language.current()).plain and words.syllables(word, reading) >= LONG


def _quoted(hits: Iterable[str]) -> str:
    return ", ".join(f"“{hit}”" for hit in tuple(hits)[:SHOWN])
