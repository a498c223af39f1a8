"""What holds for every kind of practice, walked at random over every file of the course."""

from __future__ import annotations

import random
from pathlib import Path

import msgspec
import pytest

import twovoices
from twovoices import terminal, widgets
from twovoices.activities import opening
from twovoices.activities.practice import Practised
from twovoices.activities.shelf import SHELF
from twovoices.check import kinds
from twovoices.content import language
from twovoices.content.errors import NotFound
from twovoices.view import Ask, Choices, Fold, Log, Picture, Scale, Table, Ticks, View

from .pages import FILES, SECRET, Page, flat, real

each_file = pytest.mark.parametrize(("kind", "item"), FILES)


def walk(page: Page, seed: int, steps: int = 60) -> None:
    """Press at random, with a secret in every box; now and then open it anew."""
    chance = random.Random(seed)
    for step in range(steps):
        offered = [press for press in page.offered() if press[0] != "begin"]
        if not offered or step == steps // 2:
            page.late("begin")
            continue
        do, value = chance.choice(offered)
        page.press(do, value, typed=SECRET)
        sound(page.view)
        if chance.random() < 0.1:
            page.open()


def sound(view: View) -> None:
    """Keys stand once at each level, everything to act on has a name, and the focus goes to something there."""
    keys = [block.key for block in view.blocks]
    assert len(set(keys)) == len(keys), keys
    names = {block.key for block in flat(view)}
    assert view.label
    assert view.focus in {"", "notice"} | names, view.focus
    for block in flat(view):
        if isinstance(block, Ask | Choices | Ticks | Scale | Log):
            assert block.label.strip()
        if isinstance(block, Choices):
            letters = [option.letter for option in block.options]
            assert len(set(letters)) == len(letters)
        if isinstance(block, Picture):
            assert block.words.strip()
        if isinstance(block, Table):
            assert all(len(row) == len(block.header) for row in block.rows)
        if isinstance(block, Fold):
            assert block.summary.strip()
    primary = [button for block in flat(view) for button in getattr(block, "buttons", ()) if button.kind == "primary"]
    assert len(primary) <= 1


@each_file
@pytest.mark.parametrize("seed", range(2))
def test_any_order_of_presses_keeps_every_view_sound(kind: str, item: str, seed: int, tmp_path: Path) -> None:
    walk(Page(kind, real(kind, item), tmp_path), seed)


@each_file
def test_nothing_typed_reaches_the_log(kind: str, item: str, tmp_path: Path) -> None:
    for seed in range(3):
        page = Page(kind, real(kind, item), tmp_path)
        walk(page, 100 + seed)
    raw = page.log.raw
    assert raw
    assert not any(word in raw for word in ("heron", "canal", "Wim"))
    assert {len(str(value)) < 80 for event in page.events() for value in event["data"].values()} == {True}


@each_file
def test_opening_a_page_writes_nothing(kind: str, item: str, tmp_path: Path) -> None:
    opening.practice(kind, item, tmp_path).show()
    assert list(tmp_path.iterdir()) == []


@each_file
def test_a_page_opened_anew_knows_what_the_log_knows(kind: str, item: str, tmp_path: Path) -> None:
    page = Page(kind, real(kind, item), tmp_path)
    walk(page, 7)
    page.open()
    first = page.said
    page.open()
    assert page.said == first


@each_file
def test_a_log_of_another_structure_is_left_alone(kind: str, item: str, tmp_path: Path) -> None:
    page = Page(kind, real(kind, item), tmp_path)
    fresh = page.said
    walk(page, 3, steps=20)
    mark = page.activity.fingerprint.encode()
    page.log.lines = [line.replace(mark, b"0" * 16) for line in page.log.lines]
    page.open()
    assert page.said == fresh


@each_file
def test_beginning_again_opens_another_attempt_and_loses_none(kind: str, item: str, tmp_path: Path) -> None:
    page = Page(kind, real(kind, item), tmp_path)
    fresh = page.view.blocks[1:]
    walk(page, 5, steps=30)
    before = len(page.events())
    page.late("begin")
    assert len(page.events()) == before + 1
    assert len({event["attempt"] for event in page.events()}) >= 2
    assert [type(block) for block in page.view.blocks[1:]] == [type(block) for block in fresh]


@each_file
def test_presses_that_are_not_offered_change_nothing(kind: str, item: str, tmp_path: Path) -> None:
    page = Page(kind, real(kind, item), tmp_path)
    before = page.said
    for do in (
        "",
        "next",
        "nonsense",
        "place:third",
        "tick",
        "choose",
        "answer",
        "move",
        "keep",
        "feel",
        "compare",
        "done",
    ):
        if not any(do == offered for offered, _ in page.offered()):
            page.late(do, "nobody")
    assert page.events() == []
    assert page.said == before


@each_file
def test_it_runs_as_text(kind: str, item: str, tmp_path: Path) -> None:
    page = opening.practice(kind, item, tmp_path)
    chance = random.Random(1)
    left = iter(range(30))
    written: list[str] = []

    def read(prompt: str) -> str:
        if next(left, None) is None:
            return "q"
        moves = prompt.strip("[] >").split(", ")[:-1]
        return chance.choice(moves) if prompt.startswith("[") and moves else SECRET

    terminal.run(page.show, page.press, read=read, write=written.append)
    assert "\n".join(written).count(real(kind, item).title) >= 1
    assert not any(SECRET in path.read_text("utf-8") for path in tmp_path.rglob("*.jsonl"))


def test_every_kind_is_a_name_a_notebook_calls() -> None:
    for kind in SHELF:
        assert kind.name in twovoices.__all__
        assert callable(getattr(twovoices, kind.name))
        assert kinds.KINDS[kind.folder] is kind.model
    with pytest.raises(AttributeError):
        widgets.nothing_of_the_kind  # noqa: B018


def test_what_is_not_there_is_said_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert twovoices.sort("whose-vioce") is None
    assert "whose-voice" in capsys.readouterr().out
    with pytest.raises(NotFound):
        opening.practice("drill", "nothing-here")


def test_every_kind_has_a_file_that_practises_items_of_the_inventory() -> None:
    assert {name for name, _ in FILES} == {kind.name for kind in SHELF}
    assert all(real(*file).practises for file in FILES)


@pytest.mark.parametrize("item", ["SC-00", "SC-55", "RR-66", "C2", "sc-04", "SC-4"])
def test_an_item_that_is_not_in_the_inventory_is_refused(item: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(item, Practised)


@each_file
def test_the_files_of_the_course_have_no_faults(kind: str, item: str) -> None:
    page = next(known for known in SHELF if known.name == kind)
    assert list(page.faults(real(kind, item))) == []


@each_file
def test_every_text_for_people_can_be_translated(kind: str, item: str) -> None:
    value = real(kind, item)
    known = "\n".join(language.texts(value).values())
    structure = {
        "id",
        "practises",
        "competency",
        "road",
        "vignette",
        "module",
        "look",
        "need",
        "jargon",
        "errors",
        "sources",
        "reads",
        "on",
    }

    def texts(raw: object, name: str = "") -> list[str]:
        if isinstance(raw, dict):
            return [found for key, part in raw.items() if key not in structure for found in texts(part, key)]
        if isinstance(raw, list):
            return [found for part in raw for found in texts(part, name)]
        return [f"{name}: {raw}"] if isinstance(raw, str) and raw else []

    missing = [found for found in texts(msgspec.to_builtins(value)) if found.split(": ", 1)[1] not in known]
    assert missing == []
