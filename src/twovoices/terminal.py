"""A view as plain text, and typed lines as presses: the same activity without a browser."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator

import msgspec

from twovoices.content.texts import text
from twovoices.view import (
    AnyBlock,
    Ask,
    Button,
    Buttons,
    Choice,
    Choices,
    Feedback,
    Fold,
    Head,
    Log,
    Notice,
    Picture,
    Press,
    Prose,
    Said,
    Scale,
    Table,
    Ticks,
    View,
    Voices,
)

WIDTH = 78


def run(
    show: Callable[[], View],
    press: Callable[[Press], object],
    *,
    read: Callable[[str], str] = input,
    write: Callable[[str], object] = print,
) -> None:
    """Show an activity as text and turn what is typed into presses.

    A text box is asked where it stands, once (a line, or an empty one). Then a letter chooses a reply, a number rates,
    ticks, presses the button or opens the fold of that number, and ``q`` leaves. It ends, too, when nothing is left to
    press.

    Parameters
    ----------
    show
        Gives the view as it stands now.
    press
        Takes what a person did.
    read
        Asks for one line, given the prompt. End of input leaves.
    write
        Takes one line of text.
    """
    seen: set[tuple[str, str]] = set()
    before: dict[str, AnyBlock] = {}
    fields: dict[str, str] = {}
    opened: set[str] = set()
    while True:
        view = show()
        blocks = list(_flat(view.blocks, opened))
        boxes = [b for b in blocks if isinstance(b, Ask)]
        fields = {b.key: fields[b.key] for b in boxes if b.key in fields}
        moves = _moves(blocks)
        try:
            for block in _write(view, blocks, moves, seen, before, write):
                if block.key not in fields:
                    fields[block.key] = _ask(block, read, write)
            if not moves:
                return
            do, value = moves[_choose(moves, read, write)]
        except (_Left, EOFError, KeyboardInterrupt):
            return
        before = {b.key: b for b in blocks}
        if do == _OPEN:
            opened.add(value)
            continue
        opened &= {b.key for b in blocks}
        press(Press(do=do, value=value, fields=dict(fields)))


_OPEN = "open-fold"  # no press: the fold's blocks are shown from then on


class _Left(Exception):
    """Says that the person leaves."""


def _ask(box: Ask, read: Callable[[str], str], write: Callable[[str], object]) -> str:
    """Ask for one line of own words."""
    for line in ("", *_wrap(box.label), *_wrap(box.hint)):
        write(line)
    typed = read("… ")
    if typed.strip().lower() == "q":
        raise _Left
    return typed


def _choose(moves: dict[str, tuple[str, str]], read: Callable[[str], str], write: Callable[[str], object]) -> str:
    """Ask until what is typed is one of the moves."""
    names = ", ".join([key.upper() for key in moves] + [text("terminal.leave")])
    while True:
        typed = read(f"[{names}] > ").strip().lower()
        if typed == "q":
            raise _Left
        if typed in moves:
            return typed
        write(text("terminal.choose", names=names))


def _flat(blocks: tuple[AnyBlock, ...], opened: set[str]) -> Iterator[AnyBlock]:
    """Give the blocks in order, those inside an open fold after the fold."""
    for block in blocks:
        if isinstance(block, Fold) and (block.open or block.key in opened):
            yield msgspec.structs.replace(block, open=True)
            yield from _flat(block.blocks, opened)
        else:
            yield block


def _moves(blocks: list[AnyBlock]) -> dict[str, tuple[str, str]]:
    """Give what may be typed, and the action and value it stands for."""
    moves: dict[str, tuple[str, str]] = {}
    choices = _open_choices(blocks)
    if choices:
        moves |= {o.letter.lower(): (choices.do, o.id) for o in choices.options}
    first = 1
    scale = _open_scale(blocks)
    if scale:
        moves |= {str(n): (scale.do, str(n)) for n in range(scale.low, scale.high + 1)}
        first = max(scale.high + 1, 1)
    rest = [(b.do, i.id) for b in blocks if isinstance(b, Ticks) for i in b.items]
    rest += [(button.do, button.value) for button in _offered(blocks)]
    rest += [(_OPEN, b.key) for b in blocks if isinstance(b, Fold) and not b.open]
    return moves | {str(n): move for n, move in enumerate(rest, first)}


def _open_choices(blocks: list[AnyBlock]) -> Choices | None:
    """Give the choices that letters speak to: the first ones not answered yet, or else the last."""
    found = [b for b in blocks if isinstance(b, Choices) and not b.off]
    return next((b for b in found if not any(o.on for o in b.options)), found[-1] if found else None)


def _open_scale(blocks: list[AnyBlock]) -> Scale | None:
    """Give the first scale without an answer, or else the last: numbers can speak to one at a time."""
    scales = [b for b in blocks if isinstance(b, Scale)]
    return next((s for s in scales if s.value is None), scales[-1] if scales else None)


def _buttons(block: AnyBlock) -> tuple[Button, ...]:
    if isinstance(block, Buttons):
        return block.items
    return block.buttons if isinstance(block, Head | Ask | Feedback) else ()


def _offered(blocks: list[AnyBlock]) -> list[Button]:
    """Give the buttons that can be pressed; those of the title bar, which are exits, last."""
    ordered = sorted(blocks, key=lambda b: isinstance(b, Head))
    return [button for b in ordered for button in _buttons(b) if not button.off]


# ---------------------------------------------------------------- text


def _write(
    view: View,
    blocks: list[AnyBlock],
    moves: dict[str, tuple[str, str]],
    seen: set[tuple[str, str]],
    before: dict[str, AnyBlock],
    write: Callable[[str], object],
) -> Iterator[Ask]:
    """Write what is new since the last view and what can be done now; give each text box when its turn comes."""
    # Undo takes lines back; said again later, they are new again.
    seen &= {(b.key, line.key) for b in blocks if isinstance(b, Log) for line in b.lines}
    numbers: dict[tuple[str, str], str] = {}
    for typed, move in moves.items():
        if typed.isdigit():
            numbers[move] = typed
    if not before:
        for line in ("", *_wrap(view.label), "=" * min(len(view.label), WIDTH)):
            write(line)
    for block in blocks:
        lines: list[str] = []
        if isinstance(block, Ask):
            yield block
        elif isinstance(block, Log):
            for said in block.lines:
                if (block.key, said.key) not in seen:
                    seen.add((block.key, said.key))
                    lines += [*([""] if lines else []), *_said(said)]
        elif isinstance(block, Choices | Ticks | Scale):
            if block is _open_choices(blocks) or not isinstance(block, Choices) or before.get(block.key) != block:
                lines = _control(block, numbers, block is _open_scale(blocks))
        elif not isinstance(block, Buttons) and before.get(block.key) != block:
            lines = _text(block)
        if lines:
            for line in ("", *lines):
                write(line)
    offered = [(numbers[button.do, button.value], button.label) for button in _offered(blocks)]
    offered += [(numbers[_OPEN, b.key], f"+ {b.summary}") for b in blocks if isinstance(b, Fold) and not b.open]
    if offered:
        write("")
    for number, label in offered:
        for line in _hang(f"  {number}  ", label):
            write(line)


def _said(said: Said) -> list[str]:
    if said.side == "note":
        return [line.center(WIDTH).rstrip() for line in textwrap.wrap(said.say, WIDTH - 16)]
    indent = " " * 14 if said.side == "you" else ""
    lines = [f"{indent}{said.name}:"] if said.name else []
    lines += _wrap(f"({said.seen})" if said.seen else "", indent + "  ", WIDTH - (0 if indent else 14))
    return lines + _wrap(said.say, indent + "  ", WIDTH - (0 if indent else 14))


def _control(block: Choices | Ticks | Scale, numbers: dict[tuple[str, str], str], current: bool) -> list[str]:
    lines = [*_wrap(block.label), *_wrap(block.hint)]
    if isinstance(block, Scale):
        named = {name: getattr(block, name) for name in ("low", "low_label", "high", "high_label")}
        given = "" if block.value is None else text("terminal.answer", value=block.value)
        later = "" if current or block.value is not None else text("terminal.later")
        return [*lines, *_hang("  ", f"{text('terminal.ends', **named)}{given}{later}")]
    for item in block.options if isinstance(block, Choices) else block.items:
        lines += _item(block, item, numbers)
    return lines


def _item(block: Choices | Ticks, item: Choice, numbers: dict[tuple[str, str], str]) -> list[str]:
    if isinstance(block, Choices):
        first, words = f"  {item.letter}  ", item.text + (text("terminal.chosen") if item.on else "")
    else:
        first, words = f"  {numbers[block.do, item.id]}  [{'x' if item.on else ' '}] ", item.text
    return [*_hang(first, words), *_wrap(item.note, " " * len(first))]


def _text(block: AnyBlock) -> list[str]:
    """Give a block that only says something as lines."""
    lines: list[str] = []
    match block:
        case Head():
            lines = [*_wrap(block.title), *_wrap(block.note), *_wrap(block.place), "-" * WIDTH]
        case Feedback():
            lines = _feedback(block)
        case Prose():
            lines = _wrap(block.heading)
            lines += _wrap("\n\n".join(block.paragraphs), "    " if block.tone == "breath" else "")
        case Notice():
            lines = _hang("! " if block.kind == "warn" else "", block.text)
        case Voices():
            for label, words in ((block.critic_label, block.critic), (block.kinder_label, block.kinder)):
                lines += [*_wrap(f"{label}:"), *_wrap(words, "  ")]
            lines += _wrap(block.note)
        case Picture():
            lines = [*_wrap(block.caption), *_wrap(block.words, "  ")]
        case Table():
            lines = _table(block)
        case Fold(open=True):
            lines = _wrap(f"{block.summary}:")
    return lines


def _feedback(block: Feedback) -> list[str]:
    lines = _wrap(f"!! {block.mark}" if block.mark else "")
    pips = "" if block.level is None else "[" + "#" * block.level + "-" * (4 - block.level) + "] "
    lines += _hang(pips, " · ".join(filter(None, (block.level_words, block.heading))))
    lines += _wrap(block.quote, "  | ")
    lines += _wrap(block.body)
    if block.better:
        lines += ["", *_wrap(f"{block.better_label}:" if block.better_label else ""), *_wrap(block.better, "  ")]
    return lines + _wrap("; ".join(block.sources))


def _table(table: Table) -> list[str]:
    rows = [table.header, *table.rows]
    widths = [max(len(row[i]) if i < len(row) else 0 for row in rows) for i in range(len(table.header))]
    if sum(widths) + 2 * len(widths) <= WIDTH:
        grid = ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=False)).rstrip() for row in rows]
        return [*_wrap(table.caption), grid[0], "-" * len(grid[0]), *grid[1:]]
    # Too wide for columns: each row by itself, its cells named.
    lines = _wrap(table.caption)
    for row in table.rows:
        lines += _wrap(row[0])
        for name, cell in zip(table.header[1:], row[1:], strict=False):
            lines += _hang("    ", f"{name}: {cell}")
    return lines


def _hang(first: str, text: str) -> list[str]:
    """Wrap with a first indent and following lines set under the text."""
    return textwrap.wrap(text, WIDTH, initial_indent=first, subsequent_indent=" " * len(first))


def _wrap(text: str, indent: str = "", width: int = WIDTH) -> list[str]:
    """Wrap paragraphs; an empty text gives no line."""
    lines: list[str] = []
    for part in filter(str.strip, text.split("\n\n")):
        wrapped = textwrap.wrap(part, width, initial_indent=indent, subsequent_indent=indent)
        lines += [*([""] if lines else []), *wrapped]
    return lines
