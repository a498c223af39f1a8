from __future__ import annotations

import textwrap
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe

CELL = textwrap.dedent(
    """
    from twovoices.view import Ask, Button, Buttons, Choice, Choices, Log, Said, View
    from twovoices.widgets.panel import Panel

    said = []

    def show():
        n = len(said)
        lines = [Said(key=str(i), side="you", say=f"{p.do} {p.value}", name="You") for i, p in enumerate(said)]
        options = tuple(Choice(id=f"{x}{n}", letter=x, text=f"Reply {x} of moment {n}") for x in "ABD")
        return View(
            label="A small talk",
            blocks=(
                Log(key="log", label="Conversation", lines=tuple(lines)),
                Ask(key="own", label="Own words"),
                Choices(key=f"choose{n}", label="Choose", options=options, do="reply"),
                Buttons(key="end", items=(Button(do="stumble", label="Stumble"),)),
            ),
            focus=f"choose{n}",
        )

    def press(p):
        if p.do == "stumble":
            raise RuntimeError("a fault made for the test")
        said.append(p)

    panel = Panel(show, press)
    panel
    """
).strip()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    cells = [nbformat.v4.new_markdown_cell("# A lesson"), nbformat.v4.new_code_cell(CELL)]
    cells += [nbformat.v4.new_code_cell("panel")]
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    book = nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})
    nbformat.write(book, tmp_path / "small talk.ipynb")
    return tmp_path


CELLS = "jupyterapp.shell.currentWidget.content.widgets.length"


def test_a_talk_in_jupyterlab_by_keyboard_with_two_copies_a_fault_and_a_restart(
    start_lab: Callable[..., Any], folder: Path
) -> None:
    lab = start_lab(folder)
    page = lab.open("small talk.ipynb")
    one, two = page.locator(".tv").nth(0), page.locator(".tv").nth(1)
    two.wait_for()
    before = page.evaluate(CELLS)
    found = Axe().run(page, context=".tv", options={"resultTypes": ["violations"]}).response["violations"]
    assert [
        (v["id"], [n["html"] for n in v["nodes"]]) for v in found if v["id"] != "landmark-unique"
    ] == []  # two copies share a name

    # JupyterLab's own A, B and D D would insert and delete cells.
    one.get_by_role("button", name="Reply B of moment 0").focus()
    page.keyboard.press("a")
    one.get_by_text("reply A0").wait_for()
    two.get_by_text("reply A0").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "AReply A of moment 1"
    for moment in (1, 2):
        page.keyboard.press("d")
        one.get_by_text(f"reply D{moment}").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "AReply A of moment 3"
    page.keyboard.press("x")
    page.keyboard.press("Shift+Enter")
    assert page.evaluate(CELLS) == before

    # Own words stay while the page goes on, and shortcuts leave them alone.
    box = one.get_by_label("Own words")
    box.fill("")
    box.press_sequentially("abba dd")
    assert page.evaluate(CELLS) == before
    one.get_by_role("button", name="Reply B of moment 3").click()
    one.get_by_text("reply B3").wait_for()
    assert box.input_value() == "abba dd"

    # Ctrl+S still saves the notebook.
    saved = (folder / "small talk.ipynb").stat().st_mtime_ns
    page.evaluate("jupyterapp.shell.currentWidget.context.model.dirty = true")
    page.keyboard.press("Control+s")
    until = time.monotonic() + 10
    while (folder / "small talk.ipynb").stat().st_mtime_ns == saved and time.monotonic() < until:
        page.wait_for_timeout(50)
    assert (folder / "small talk.ipynb").stat().st_mtime_ns > saved

    # A fault shows one sentence and no traceback.
    one.get_by_role("button", name="Stumble").click()
    one.get_by_role("alert").get_by_text("your answers are kept").wait_for()
    assert page.get_by_text("RuntimeError").count() == 0

    # A restarted kernel is noticed and typed words stay.
    lab.restart_kernel(page)
    one.get_by_text("What you typed is still here").wait_for(timeout=15000)
    assert box.input_value() == "abba dd"
