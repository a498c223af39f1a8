"""What an activity shows, as plain data: blocks from top to bottom.

An activity turns its state into a :class:`View` and a press into events; it knows nothing of browsers. Two renderers
show the same view: ``widgets/panel`` in a notebook and ``terminal`` as text. Every block has a ``key`` that stays the
same while the block stands for the same thing, so that a renderer keeps its place, its focus and its live region.
"""

from __future__ import annotations

from typing import Literal

import msgspec


class Button(msgspec.Struct, frozen=True, omit_defaults=True):
    """A button; pressing it sends ``do``, and ``value`` where one action serves several buttons.

    ``kind``: ``primary`` is where the path goes on (one at most per view), ``plain`` an equal choice, ``quiet`` an exit.
    """

    do: str
    label: str
    kind: Literal["primary", "plain", "quiet"] = "plain"
    value: str = ""
    off: bool = False


class Block(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="type", kw_only=True):
    """One part of a view."""

    key: str


class Head(Block, frozen=True, omit_defaults=True, tag="head", kw_only=True):
    """Title bar: what this is, where one stands (``moment`` of ``moments``, in words in ``place``), and exits."""

    title: str
    note: str = ""
    moment: int = 0
    moments: int = 0
    place: str = ""
    buttons: tuple[Button, ...] = ()


class Said(msgspec.Struct, frozen=True, omit_defaults=True):
    """One line of a conversation. ``side``: ``client`` left, ``you`` right, ``note`` between."""

    key: str
    side: Literal["client", "you", "note"]
    say: str
    name: str = ""
    seen: str = ""


class Log(Block, frozen=True, omit_defaults=True, tag="log", kw_only=True):
    """The conversation so far: a live region that is only ever appended to within one attempt."""

    label: str
    lines: tuple[Said, ...]


class Choice(msgspec.Struct, frozen=True, omit_defaults=True):
    """One answer to choose; ``note`` stands under it, ``on`` marks the one chosen."""

    id: str
    letter: str
    text: str
    note: str = ""
    on: bool = False


class Choices(Block, frozen=True, omit_defaults=True, tag="choices", kw_only=True):
    """Answers to choose from by click, arrows and Enter, or letter; choosing sends ``do`` with the id as value.

    ``off`` shows them as settled (no longer to be chosen).
    """

    label: str
    options: tuple[Choice, ...]
    do: str
    hint: str = ""
    off: bool = False


class Ask(Block, frozen=True, omit_defaults=True, tag="ask", kw_only=True):
    """A text box. What is typed travels with the next press under this key and is kept nowhere else."""

    label: str
    hint: str = ""
    value: str = ""
    rows: int = 3
    buttons: tuple[Button, ...] = ()


class Ticks(Block, frozen=True, omit_defaults=True, tag="ticks", kw_only=True):
    """Things to tick for oneself; ticking sends ``do`` with the item's id as value."""

    label: str
    items: tuple[Choice, ...]
    do: str
    hint: str = ""


class Scale(Block, frozen=True, omit_defaults=True, tag="scale", kw_only=True):
    """A row of whole numbers from ``low`` to ``high``; choosing sends ``do`` with the number as value."""

    label: str
    low: int
    high: int
    low_label: str
    high_label: str
    do: str
    value: int | None = None
    hint: str = ""


class Buttons(Block, frozen=True, omit_defaults=True, tag="buttons", kw_only=True):
    """A row of buttons."""

    items: tuple[Button, ...]


class Feedback(Block, frozen=True, omit_defaults=True, tag="feedback", kw_only=True):
    """How a reply landed: level (0-4, shown as pips and in words), a heading, the reason, a line to try, buttons.

    ``quote`` is the reply it speaks of; ``mark`` a short label such as a critical error's.
    """

    heading: str
    body: str
    level: int | None = None
    level_words: str = ""
    quote: str = ""
    better_label: str = ""
    better: str = ""
    mark: str = ""
    sources: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()


class Prose(Block, frozen=True, omit_defaults=True, tag="prose", kw_only=True):
    """Paragraphs, with a heading where one is given; ``tone`` ``breath`` is a pause, set apart and calm."""

    paragraphs: tuple[str, ...]
    heading: str = ""
    tone: Literal["plain", "breath", "soft"] = "plain"


class Notice(Block, frozen=True, omit_defaults=True, tag="notice", kw_only=True):
    """A message about the page itself; ``warn`` needs attention (read out at once)."""

    text: str
    kind: Literal["info", "warn"] = "info"


class Voices(Block, frozen=True, omit_defaults=True, tag="voices", kw_only=True):
    """The two inner voices at one moment."""

    critic_label: str
    critic: str
    kinder_label: str
    kinder: str
    note: str = ""


class Picture(Block, frozen=True, omit_defaults=True, tag="picture", kw_only=True):
    """An SVG made by the package itself, with the same in words."""

    svg: str
    words: str
    words_label: str = ""
    caption: str = ""


class Table(Block, frozen=True, omit_defaults=True, tag="table", kw_only=True):
    """A small table; the first cell of each row heads it."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Fold(Block, frozen=True, omit_defaults=True, tag="fold", kw_only=True):
    """Blocks that open on demand."""

    summary: str
    blocks: tuple[AnyBlock, ...]
    open: bool = False


AnyBlock = (
    Head | Log | Choices | Ask | Ticks | Scale | Buttons | Feedback | Prose | Notice | Voices | Picture | Table | Fold
)


class View(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that is shown.

    Attributes
    ----------
    label
        Name of the whole activity for assistive technology.
    blocks
        From top to bottom.
    focus
        Key of the block whose first control takes the focus after a press (never on first show).
    lang
        Language of the texts, as an HTML ``lang`` value.
    """

    label: str
    blocks: tuple[AnyBlock, ...]
    focus: str = ""
    lang: str = "en"


class Press(msgspec.Struct, frozen=True):
    """What a person did: the action, its value, and what stands in the text boxes by key."""

    do: str
    value: str = ""
    fields: dict[str, str] = {}


def paragraphs(words: str) -> tuple[str, ...]:
    """Paragraphs of a text that parts them by empty lines."""
    return tuple(filter(None, (part.strip() for part in words.split("\n\n"))))
