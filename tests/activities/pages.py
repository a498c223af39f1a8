"""A practice page pressed as a person would: nothing can be pressed that is not shown. Small files made in a line or two."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from twovoices.activities.practice import Kind, Practice
from twovoices.activities.shelf import BY_NAME, SHELF
from twovoices.content import store
from twovoices.events import Event, fold, parse
from twovoices.view import AnyBlock, Ask, Button, Buttons, Choices, Feedback, Fold, Head, Press, Scale, Ticks, View

B = TypeVar("B")
SECRET = "the heron on the canal, and what Wim said about it"
WHY = "It says what was done, and what it was for her."
FILES = [(kind.name, item) for kind in SHELF for item in store.ids(kind.folder)]


def flat(view: View) -> Iterator[AnyBlock]:
    """Every block, those in folds too."""
    stack = list(view.blocks)
    while stack:
        block = stack.pop(0)
        yield block
        if isinstance(block, Fold):
            stack = [*block.blocks, *stack]


def buttons(block: AnyBlock) -> tuple[Button, ...]:
    return (
        block.items if isinstance(block, Buttons) else block.buttons if isinstance(block, Head | Ask | Feedback) else ()
    )


class Memory:
    """A log in memory, one JSON line an event: walking a thousand presses through a real one takes minutes."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []

    def of(self, activity: str) -> tuple[Event, ...]:
        found = fold(parse(b"\n".join(self.lines)).events)
        return tuple(event for event in found if event.activity == activity)

    def append(
        self, activity: str, attempt: str, kind: str, data: dict[str, Any], fingerprint: str, n: int | None = None
    ) -> Event:
        count = len(self.lines)
        event = Event(
            v=1,
            id=f"e{count}",
            at=f"2026-01-01T00:{count // 60:02}:{count % 60:02}Z",
            activity=activity,
            attempt=attempt,
            n=count,
            kind=kind,
            data=data,
            course="0",
            fingerprint=fingerprint,
        )
        self.lines.append(msgspec.json.encode(event))
        return event

    @property
    def raw(self) -> str:
        return b"\n".join(self.lines).decode()


class Page:
    """One window on a practice, over a log."""

    def __init__(self, kind: str, value: Any, folder: Path) -> None:
        self.kind: Kind = BY_NAME[kind]
        self.value, self.folder = value, folder
        self.log = Memory()
        self.open()

    def open(self) -> None:
        """Open it anew, as after a restart."""
        self.activity: Practice = self.kind.page(self.value, self.log)
        self.activity.folder = self.folder
        self.view = self.activity.show()

    def offered(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for block in flat(self.view):
            match block:
                case Choices(off=False):
                    found += [(block.do, item.id) for item in block.options]
                case Ticks():
                    found += [(block.do, item.id) for item in block.items]
                case Scale():
                    found += [(block.do, str(n)) for n in range(block.low, block.high + 1)]
            found += [(button.do, button.value) for button in buttons(block) if not button.off]
        return found

    def press(self, do: str, value: str = "", typed: str = "", **fields: str) -> None:
        """Press something shown, with the same words in every box unless ``fields`` says otherwise."""
        assert (do, value) in self.offered(), (do, value, self.offered())
        boxes = {block.key: typed for block in flat(self.view) if isinstance(block, Ask)}
        self.late(do, value, **(boxes | fields))

    def late(self, do: str, value: str = "", **fields: str) -> None:
        """Press something that may not be shown."""
        self.activity.press(Press(do=do, value=value, fields=fields))
        self.view = self.activity.show()

    def do(self, *presses: tuple[str, str] | str) -> None:
        for press in presses:
            self.press(*((press, "") if isinstance(press, str) else press))

    def find(self, kind: type[B], key: str) -> B:
        for block in flat(self.view):
            if isinstance(block, kind) and getattr(block, "key", "") == key:
                return block
        raise AssertionError((key, [b.key for b in flat(self.view)]))

    def has(self, key: str) -> bool:
        return any(block.key == key for block in flat(self.view))

    @property
    def said(self) -> str:
        """Everything on the page."""
        return json.dumps(msgspec.to_builtins(self.view), ensure_ascii=False)

    def events(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.lines]


def real(kind: str, item: str) -> Any:
    """A file of the course."""
    return store.load(BY_NAME[kind].model, BY_NAME[kind].folder, item)


def changed(value: Any, **parts: Any) -> Any:
    return msgspec.structs.replace(value, **parts)


def faults(kind: str, value: Any) -> list[str]:
    """Faults of a file, as code and message."""
    return [f"{fault.code} {fault.what}" for fault in BY_NAME[kind].faults(value)]
