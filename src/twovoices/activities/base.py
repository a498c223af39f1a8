"""What every activity has: a place for its presses, and a view. Adding a kind of activity adds a module beside this."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Protocol

from ..content import language
from ..events import Event, Keeper
from ..view import AnyBlock, Notice, Press, View


class Shown(Protocol):
    """An activity on a page."""

    notice: str
    place: str
    focus: str

    @property
    def keeper(self) -> Keeper:
        """Where presses are kept."""

    @property
    def activity(self) -> str:
        """Its id in the log."""

    def show(self) -> View:
        """What is to be seen now."""

    def press(self, press: Press) -> None:
        """Take a press."""


class Around:
    """A page around another one: what it says about itself, where it keeps and what takes the focus are the other's."""

    @property
    def inner(self) -> Shown:
        """The page it stands around."""
        raise NotImplementedError

    @property
    def keeper(self) -> Keeper:
        """Where presses are kept."""
        return self.inner.keeper

    @property
    def activity(self) -> str:
        """The inner page's id in the log."""
        return self.inner.activity

    @property
    def notice(self) -> str:
        """What the page has to say about itself."""
        return self.inner.notice

    @notice.setter
    def notice(self, words: str) -> None:
        self.inner.notice = words

    @property
    def place(self) -> str:
        """Where answers are kept, when that is not obvious."""
        return self.inner.place

    @place.setter
    def place(self, words: str) -> None:
        self.inner.place = words

    @property
    def focus(self) -> str:
        """Key of the block that takes the focus."""
        return self.inner.focus

    @focus.setter
    def focus(self, key: str) -> None:
        self.inner.focus = key


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
