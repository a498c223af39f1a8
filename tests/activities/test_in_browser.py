"""Practice pages as the panel shows them: no violation that axe finds, nothing wider than a narrow page."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from ..panel.conftest import Stage, open_page
from .pages import FILES, SECRET, Page, real


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_no_violation_along_a_walk_and_nothing_is_wider_than_the_page(
    chromium: Browser, dark: bool, tmp_path: Path
) -> None:
    shown = open_page(chromium, dark=dark, width=420)
    try:
        for kind, item in FILES:
            practice, chance = Page(kind, real(kind, item), tmp_path), random.Random(2)
            for step in range(12):
                if step % 4 == 0:
                    shown.reload()
                    shown.wait_for_function("window.ready")
                    Stage(shown).start(practice.view)
                    shown.evaluate("document.querySelectorAll('details').forEach(node => node.open = true)")
                    found = (
                        Axe().run(shown, context=".tv", options={"resultTypes": ["violations"]}).response["violations"]
                    )
                    told = [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found]
                    assert told == [], json.dumps([kind, item, step, told], indent=1)
                    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth"), (kind, item, step)
                offered = [press for press in practice.offered() if press[0] != "begin"]
                if offered:
                    practice.press(*chance.choice(offered), typed=SECRET)
    finally:
        shown.close()
