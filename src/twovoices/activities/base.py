"""What every activity has: a place for its presses, and a view. Adding a kind of activity adds a module beside this."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from ..content import language
from ..events import Event, Keeper
from ..view import AnyBlock, Notice, Press, View


class Activity:
    """One activity on one page.

    Parameters
    ----------
    activity
        Its id in the log, with its kind: ``quiz:which-place``.
    fingerprint
        Structure of what it asks.
    keeper
        Where presses are kept.
    label
        Name of the whole for assistive technology.
    """

    def __init__(self, activity: str, fingerprint: str, keeper: Keeper, label: str) -> None:
        self.activity, self.fingerprint, self.keeper, self.label = activity, fingerprint, keeper, label
        self.focus = ""
        self.place = ""
        self.notice = ""

    def events(self) -> Sequence[Event]:
        """Events of this activity in the log, of its present structure."""
        return [event for event in self.keeper.of(self.activity) if event.fingerprint == self.fingerprint]

    def keep(self, kind: str, **data: Any) -> None:
        """Keep one press; the attempt goes on where there is one."""
        events = self.events()
        attempt = events[-1].attempt if events else str(uuid.uuid4())
        self.keeper.append(self.activity, attempt, kind, data, self.fingerprint)

    def blocks(self) -> list[AnyBlock]:
        """What is to be seen now."""
        raise NotImplementedError

    def take(self, press: Press) -> None:
        """Take a press."""
        raise NotImplementedError

    def show(self) -> View:
        """The whole view."""
        first: list[AnyBlock] = []
        if self.notice or self.place:
            first.append(Notice(key="notice", text=self.notice or self.place, kind="warn" if self.notice else "info"))
        return View(label=self.label, blocks=(*first, *self.blocks()), focus=self.focus, lang=language.current())

    def press(self, press: Press) -> None:
        """Take a press; what cannot be kept raises and changes nothing."""
        self.notice = self.place = ""
        self.take(press)
