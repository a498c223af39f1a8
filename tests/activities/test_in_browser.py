"""Practice pages as the panel shows them: no violation that axe finds, nothing wider than a narrow page."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from twovoices.activities import opening, release
from twovoices.activities.shelf import BY_NAME
from twovoices.view import Press, View

from ..panel.conftest import Stage, open_page
from .pages import FILES, SECRET, Memory, Page, real

EXERCISES = Path(__file__).parents[2] / "exercises"


# Two files of each kind: what axe looks at is the kind's, the words are the file's.
SOME = [pair for kind in BY_NAME for pair in [pair for pair in FILES if pair[0] == kind][:2]]


def sound(shown: Any, view: View, *where: object) -> None:
    """Show a view with every fold open, and look for violations and overflow."""
    shown.reload()
    shown.wait_for_function("window.ready")
    Stage(shown).start(view)
    shown.evaluate("document.querySelectorAll('details').forEach(node => node.open = true)")
    found = Axe().run(shown, context=".tv", options={"resultTypes": ["violations"]}).response["violations"]
    told = [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found]
    assert told == [], json.dumps([*where, told], indent=1)
    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth"), where


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_no_violation_along_a_walk_and_nothing_is_wider_than_the_page(
    chromium: Browser, dark: bool, tmp_path: Path
) -> None:
    shown = open_page(chromium, dark=dark, width=420)
    try:
        for kind, item in SOME:
            practice, chance = Page(kind, real(kind, item), tmp_path), random.Random(2)
            for step in range(12):
                if step % 4 == 0:
                    sound(shown, practice.view, kind, item, step)
                offered = [press for press in practice.offered() if press[0] != "begin"]
                if offered:
                    practice.press(*chance.choice(offered), typed=SECRET)
    finally:
        shown.close()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_no_violation_on_the_pages_around_the_practice(
    chromium: Browser, dark: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".twovoices").touch()
    exercise = next(
        path.parent
        for path in sorted(EXERCISES.glob("*/assessment.json"))
        if 'self_checked": true' in path.read_text("utf-8")
    )
    (written,) = release.find(exercise).written  # type: ignore[union-attr]
    own = opening.written(written, exercise)
    monkeypatch.setattr(own.activity, "keeper", Memory())
    own.press(Press(do="look"))
    for row in own.activity.written.rubric:  # type: ignore[attr-defined]
        own.press(Press(do=f"self:{row.id}", value="2"))
    path = opening.path()
    path.press(Press(do="edge", value="C4"))
    pages = {
        "path": path,
        "erase": opening.path(),
        "competencies": opening.competencies(),
        "glossary": opening.glossary(),
        "handout": opening.handout("grounding-card"),
        "gate": opening.gate("safety"),
        "closed": opening.practice("lab", "two-voices-daniela"),
        "written": own,
    }
    pages["erase"].press(Press(do="erase"))
    shown = open_page(chromium, dark=dark, width=420)
    try:
        for name, page in pages.items():
            sound(shown, page.show(), name)
    finally:
        shown.close()
