"""Strict YAML: the type of a field decides how its text is read, so ``say: No`` stays the word "No"."""

from __future__ import annotations

import difflib
import re
import types
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar, Union, get_args, get_origin

import msgspec
import yaml

from .errors import ContentError, Problem

T = TypeVar("T")
_INTEGER = re.compile(r"[+-]?\d+")
_NO_TEXT = re.compile(r"[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what YAML refuses
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Document(Generic[T]):
    """A value read from a YAML file, with the line of every part.

    Attributes
    ----------
    value
        The typed value.
    lines
        1-based line of each part by its path, for example ``("beats", 3, "options", 0, "say")``.
    file
        Name of the file as shown in messages.
    """

    def __init__(self, value: T, lines: dict[tuple[str | int, ...], int], file: str) -> None:
        self.value = value
        self.lines = lines
        self.file = file

    def line(self, *path: str | int) -> int:
        """Line of the nearest part that has one: a missing key answers with its parent's line."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return 1


def read(path: Path, kind: type[T], file: str | None = None) -> Document[T]:
    """Read one YAML file as ``kind``.

    Parameters
    ----------
    path
        The file.
    kind
        A ``msgspec.Struct`` type (nested structs, tuples, dicts, Literals, ranges by ``Annotated``).
    file
        Name to show in messages; the path itself when left out.

    Raises
    ------
    ContentError
        With every problem found, each with its line and mend.
    """
    shown = file or str(path)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise ContentError(
            [Problem(shown, line, "E-SHAPE", "", "The file is not UTF-8.", "Save it as UTF-8.")]
        ) from error
    return read_text(text, kind, shown)


def read_text(text: str, kind: type[T], file: str) -> Document[T]:
    """Read YAML text as ``kind``; see :func:`read`."""
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        raise ContentError([_syntax_problem(text, file, error)]) from error
    except yaml.YAMLError as error:
        odd = _NO_TEXT.search(text)
        line = text.count("\n", 0, odd.start()) + 1 if odd else 1
        what = f"There is a character that is not text (U+{ord(odd[0]):04X})." if odd else "This is not YAML."
        raise ContentError(
            [Problem(file, line, "E-SHAPE", "", what, "Remove it (often pasted from elsewhere).")]
        ) from error
    if node is None:
        raise ContentError([Problem(file, 1, "E-SHAPE", "", "The file is empty.", "Write at least an id.")])
    builder = _Builder(file)
    value = builder.build(node, kind, ())
    if builder.problems:
        raise ContentError(sorted(builder.problems))
    return Document(value, builder.lines, file)


def _syntax_problem(text: str, file: str, error: yaml.MarkedYAMLError) -> Problem:
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark else 1
    rows = text.splitlines()
    row = rows[line - 1] if line <= len(rows) else ""
    if "\t" in row:
        return Problem(
            file, line, "E-SHAPE", "", "There is a tab in this line.", "Use spaces: YAML does not allow tabs."
        )
    what = (error.problem or "cannot be read").rstrip(".")
    mend = 'Check indentation and quotes; put a text that holds ": " or starts with a quote mark or @ between double quotes.'
    return Problem(file, line, "E-SHAPE", "", f"Not YAML: {what}.", mend)


class _Builder:
    """Walks the node tree and the type together, collecting problems instead of stopping at one."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.lines: dict[tuple[str | int, ...], int] = {}

    def problem(self, node: yaml.Node, path: tuple[str | int, ...], what: str, mend: str) -> None:
        self.problems.append(Problem(self.file, node.start_mark.line + 1, "E-SHAPE", spell(path), what, mend))

    def build(self, node: yaml.Node, kind: Any, path: tuple[str | int, ...]) -> Any:
        self.lines[path] = node.start_mark.line + 1
        origin = get_origin(kind)
        if origin is Annotated:
            base, *metas = get_args(kind)
            value = self.build(node, base, path)
            for meta in metas:
                self.check_meta(node, value, meta, path)
            return value
        if origin in (Union, types.UnionType):
            (inner,) = (arm for arm in get_args(kind) if arm is not type(None))
            if isinstance(node, yaml.ScalarNode) and _plain(node) and node.value in ("", "~", "null"):
                return None
            return self.build(node, inner, path)
        if origin is Literal:
            return self.choice(node, get_args(kind), path)
        if origin in (tuple, list):
            return self.sequence(node, get_args(kind)[0], path)
        if origin is dict:
            return self.mapping(node, get_args(kind)[1], path)
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            return self.struct(node, kind, path)
        return self.scalar(node, kind, path)

    def scalar(self, node: yaml.Node, kind: type, path: tuple[str | int, ...]) -> Any:
        if not isinstance(node, yaml.ScalarNode):
            self.problem(
                node, path, f"{_name(path)} must be {_words(kind)}, not a list or a block.", "Write it on one line."
            )
            return None
        text = node.value
        if kind is str:
            return text.strip() if node.style in ("|", ">") else text
        if kind is int and _plain(node) and _INTEGER.fullmatch(text):
            return int(text)
        if kind is float and _plain(node):
            try:
                return float(text)
            except ValueError:
                pass
        if kind is bool and _plain(node) and text in ("true", "false"):
            return text == "true"
        mend = "Write true or false." if kind is bool else f"Write {_words(kind)} without quotes."
        self.problem(node, path, f"{_name(path)} must be {_words(kind)}, and it says {text!r}.", mend)
        return None

    def choice(self, node: yaml.Node, allowed: tuple[Any, ...], path: tuple[str | int, ...]) -> Any:
        text = node.value if isinstance(node, yaml.ScalarNode) else None
        for value in allowed:
            if text == str(value):
                return value
        self.problem(node, path, f"{_name(path)} says {text!r}.", f"Use one of: {', '.join(map(str, allowed))}.")
        return None

    def sequence(self, node: yaml.Node, kind: Any, path: tuple[str | int, ...]) -> tuple[Any, ...]:
        if not isinstance(node, yaml.SequenceNode):
            self.problem(node, path, f"{_name(path)} must be a list.", "Begin each entry with a dash, or write [a, b].")
            return ()
        return tuple(self.build(item, kind, (*path, index)) for index, item in enumerate(node.value))

    def pairs(self, node: yaml.Node, path: tuple[str | int, ...]) -> Iterable[tuple[str, yaml.Node, yaml.Node]]:
        if not isinstance(node, yaml.MappingNode):
            self.problem(
                node, path, f"{_name(path)} must be a block of `name: value` lines.", "Indent the names under it."
            )
            return
        seen: dict[str, int] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else str(key_node)
            if key in seen:
                what = f"The key {key!r} stands twice (first in line {seen[key]})."
                self.problem(key_node, path, what, "Keep one of them.")
                continue
            seen[key] = key_node.start_mark.line + 1
            yield key, key_node, value_node

    def mapping(self, node: yaml.Node, kind: Any, path: tuple[str | int, ...]) -> dict[str, Any]:
        return {key: self.build(value, kind, (*path, key)) for key, _, value in self.pairs(node, path)}

    def struct(self, node: yaml.Node, kind: type[msgspec.Struct], path: tuple[str | int, ...]) -> Any:
        fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
        values: dict[str, Any] = {}
        before = len(self.problems)
        for key, key_node, value_node in self.pairs(node, path):
            if key not in fields:
                near = difflib.get_close_matches(key, fields, 1)
                mend = f"Did you mean {near[0]!r}?" if near else f"Known keys: {', '.join(fields)}."
                self.problem(key_node, path, f"The key {key!r} is not known here.", mend)
                continue
            values[fields[key].name] = self.build(value_node, fields[key].type, (*path, key))
        if isinstance(node, yaml.MappingNode):
            for name, field in fields.items():
                if field.required and field.name not in values:
                    self.problem(node, path, f"The key {name!r} is missing.", f"Add a line `{name}: ...`.")
        if len(self.problems) > before:
            return None
        return kind(**values)

    def check_meta(self, node: yaml.Node, value: Any, meta: Any, path: tuple[str | int, ...]) -> None:
        if value is None or not isinstance(meta, msgspec.Meta):
            return
        low, high = meta.ge, meta.le
        if (low is not None and value < low) or (high is not None and value > high):
            self.problem(node, path, f"{_name(path)} is {value}.", f"Use a number from {low} to {high}.")
        if meta.pattern and isinstance(value, str) and not re.search(meta.pattern, value):
            self.problem(
                node, path, f"{_name(path)} is {value!r}.", meta.description or f"It must match {meta.pattern}."
            )
        if meta.min_length and len(value) < meta.min_length:
            self.problem(node, path, f"{_name(path)} is too short.", f"It needs at least {meta.min_length}.")


def _name(path: tuple[str | int, ...]) -> str:
    return repr(path[-1]) if path and isinstance(path[-1], str) else "This entry"


def spell(path: tuple[str | int, ...]) -> str:
    """Spell a path as words a person can follow: ``beats 4, options 2, say`` (counting from 1)."""
    parts: list[str] = []
    for step in path:
        if isinstance(step, int) and parts:
            parts[-1] += f" {step + 1}"
        else:
            parts.append(str(step))
    return ", ".join(parts)


def _words(kind: type) -> str:
    return {str: "text", int: "a whole number", float: "a number", bool: "true or false"}.get(kind, kind.__name__)


def _plain(node: yaml.ScalarNode) -> bool:
    return node.style in (None, "")  # the two loaders of PyYAML name a scalar without quotes differently
