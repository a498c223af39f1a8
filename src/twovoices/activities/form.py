"""A few private questions about the learner: scales, one choice of several, topics to tick. Never scored, never sent."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal

import msgspec

from ..content.texts import text
from ..events import Keeper
from ..roleplay.model import Id, Text
from ..view import AnyBlock, Choice, Choices, Head, Press, Prose, Scale, Ticks
from .base import Activity


class FormOption(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Something to choose or tick; ``note`` stands under it, ``answer`` is shown once it is chosen."""

    id: Id
    text: Text
    note: str = ""
    answer: str = ""


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One question of a form."""

    id: Id
    kind: Literal["scale", "choose", "tick"]
    ask: Text
    hint: str = ""
    low: int = 0
    high: int = 10
    low_label: str = ""
    high_label: str = ""
    options: tuple[FormOption, ...] = ()
    thanks: str = ""


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A form."""

    id: Id
    title: Text
    items: Annotated[tuple[Item, ...], msgspec.Meta(min_length=1)]
    note: str = ""


def fingerprint(form: Form) -> str:
    """SHA-256 over ids and kinds of the questions, first 16 hex digits."""
    structure = [form.id, [[item.id, item.kind, [option.id for option in item.options]] for item in form.items]]
    return hashlib.sha256(json.dumps(structure).encode()).hexdigest()[:16]


class FormPage(Activity):
    """A form on a page; every press is kept at once and can be changed."""

    def __init__(self, form: Form, keeper: Keeper) -> None:
        super().__init__(f"form:{form.id}", fingerprint(form), keeper, form.title)
        self.form = form

    def given(self) -> dict[str, Any]:
        """What was said last to each question."""
        found: dict[str, Any] = {}
        for event in self.events():
            if event.kind == "say" and isinstance(event.data.get("item"), str):
                found[event.data["item"]] = event.data.get("value")
        return found

    def blocks(self) -> list[AnyBlock]:
        """Every question with its present answer."""
        given = self.given()
        shown: list[AnyBlock] = [Head(key="head", title=self.form.title, note=self.form.note or text("form.private"))]
        for item in self.form.items:
            shown += self._item(item, given.get(item.id))
        return shown

    def _item(self, item: Item, value: Any) -> list[AnyBlock]:
        key, do = f"item-{item.id}", f"say:{item.id}"
        block: AnyBlock
        thanks = item.thanks
        if item.kind == "scale":
            block = Scale(
                key=key,
                label=item.ask,
                low=item.low,
                high=item.high,
                low_label=item.low_label,
                high_label=item.high_label,
                do=do,
                value=value if isinstance(value, int) else None,
                hint=item.hint,
            )
        else:
            ticked = value if isinstance(value, list) else [value]
            options = tuple(
                Choice(id=o.id, letter="ABCDEFGHIJKLMNOP"[n], text=o.text, note=o.note, on=o.id in ticked)
                for n, o in enumerate(item.options)
            )
            kind = Choices if item.kind == "choose" else Ticks
            parts = {"options": options} if item.kind == "choose" else {"items": options}
            block = kind(key=key, label=item.ask, hint=item.hint, do=do, **parts)  # type: ignore[arg-type]
            thanks = next((o.answer for o in item.options if o.id in ticked and o.answer), thanks)
        shown: list[AnyBlock] = [block]
        if value is not None and thanks:
            shown.append(Prose(key=f"thanks-{item.id}", paragraphs=(thanks,), tone="soft"))
        return shown

    def take(self, press: Press) -> None:
        """Keep what was said."""
        _, _, item_id = press.do.partition(":")
        item = next((item for item in self.form.items if item.id == item_id), None)
        if item is None:
            return
        value: Any = press.value
        if item.kind == "scale":
            if not press.value.isdigit() or not item.low <= int(press.value) <= item.high:
                return
            value = int(press.value)
        elif press.value not in {option.id for option in item.options}:
            return
        elif item.kind == "tick":
            before = self.given().get(item.id) or []
            value = [o.id for o in item.options if (o.id in before) != (o.id == press.value)]
        self.keep("say", item=item.id, value=value)
        self.focus = f"item-{item.id}"
