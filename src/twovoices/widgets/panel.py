"""The one widget: it shows any activity's view in a notebook and hands presses back to it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

import anywidget
import msgspec
import traitlets

from ..content.texts import text
from ..view import Notice, Press, View

_HERE = Path(__file__).parent


class _Message(msgspec.Struct, frozen=True):
    """What the browser sends; an empty ``do`` only asks whether anybody is there."""

    do: str = ""
    value: str = ""
    fields: dict[str, str] = {}
    id: str = ""
    rev: int = -1


class Panel(anywidget.AnyWidget):
    """An activity's view, live in a notebook.

    Parameters
    ----------
    show
        Gives the view as it stands now. Called once at the start and after every press.
    press
        Takes what a person did. It changes the activity's state; what it returns is not looked at.

    Notes
    -----
    Presses are handled one after another. A press made on an older view than the present one (a double click, a
    second copy of the page) changes nothing and is answered with the present view. If ``show`` or ``press`` raises,
    the person sees one sentence and the last view; the exception goes to the kernel's log, without what was typed.
    """

    _esm = _HERE / "panel.js"
    _css = _HERE / "panel.css"

    view = traitlets.Dict().tag(sync=True)
    rev = traitlets.Int(0).tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    touched = traitlets.Unicode("").tag(sync=True)

    def __init__(self, show: Callable[[], View], press: Callable[[Press], object], **traits: Any) -> None:
        self._show = show
        self._press = press
        self._shown = View(label="Two Voices", blocks=())
        self._waiting: deque[object] = deque()
        self._handling = Lock()
        self._faults = 0
        own = {name: text(f"panel.{name}") for name in ("gone", "chosen", "sources")}
        super().__init__(words=own, **traits)
        self.refresh()
        self.on_msg(self._heard)

    def refresh(self) -> None:
        """Show the activity as it stands now, for instance after another widget changed it."""
        try:
            self._shown = view = self._show()
        except Exception:
            view = self._apology()
        # One message carries both, so that no browser sees a view under another view's number.
        with self.hold_sync():
            self.view = msgspec.to_builtins(view)
            self.rev += 1

    def _heard(self, _widget: object, content: object, _buffers: object) -> None:
        """Queue a message; handle the queue unless that is being done already (also by another thread)."""
        self._waiting.append(content)
        while self._waiting and self._handling.acquire(blocking=False):
            try:
                while self._waiting:
                    self._handle(self._waiting.popleft())
            finally:
                self._handling.release()

    def _handle(self, content: object) -> None:
        try:
            message = msgspec.convert(content, _Message)
        except msgspec.ValidationError:
            self.log.warning("Two Voices: a message that is not a press was ignored")
            return
        if message.do and message.rev == self.rev:
            try:
                self._press(Press(do=message.do, value=message.value, fields=message.fields))
            except Exception:
                view = self._apology()
                with self.hold_sync():
                    self.view = msgspec.to_builtins(view)
                    self.rev += 1
            else:
                self.refresh()
        self.send({"ack": message.id, "rev": self.rev})

    def _apology(self) -> View:
        """Log the exception being handled and give the last view with one sentence under it."""
        self.log.error("Two Voices: %s", self._shown.label, exc_info=True)
        self._faults += 1
        # A new key each time: only a new node in the page is read out.
        notice = Notice(key=f"wrong-{self._faults}", text=text("panel.fault"), kind="warn")
        return msgspec.structs.replace(self._shown, blocks=(*self._shown.blocks, notice), focus="")

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is None:
            return None
        data, metadata = bundle
        return {**data, "text/plain": text("panel.unstarted", label=self._shown.label)}, metadata
