"""A whole conversation in JupyterLab by keyboard alone: focus, live region, names, contrast, reload, restart, a second copy."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

CASE = "priya-party"
FOCUS = """() => {
  const e = document.activeElement;
  const name = (e.innerText || e.value || e.getAttribute('aria-label') || '').trim();
  return {tag: e.tagName, inside: !!e.closest('.tv'), role: e.getAttribute('role'), name};
}"""
# Best practice rules that speak of whole pages, not of a widget in one.
SETTINGS = {"rules": {rule: {"enabled": False} for rule in ("region", "page-has-heading-one", "landmark-unique")}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / ".twovoices").touch()
    source = f'import twovoices as tv\ntv.play("{CASE}")'
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    hidden = {"jupyter": {"source_hidden": True}}
    cells = [nbformat.v4.new_markdown_cell("# A lesson"), nbformat.v4.new_code_cell(source, metadata=hidden)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), tmp_path / "lesson.ipynb")
    return tmp_path


def events(folder: Path, kind: str = "") -> list[dict[str, Any]]:
    path = folder / "answers.jsonl"
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.is_file() else []
    return [row for row in rows if kind in ("", row["kind"])]


def faults(page: Page) -> list[str]:
    found = Axe().run(page, context=".tv", options=SETTINGS).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in found]


def press_until(page: Page, key: str, wanted: Callable[[dict[str, Any]], bool], most: int = 40) -> dict[str, Any]:
    for _ in range(most):
        at = page.evaluate(FOCUS)
        if wanted(at):
            return at
        page.keyboard.press(key)
    raise AssertionError(f"{key} never came to it; the focus is on {page.evaluate(FOCUS)}")


@pytest.mark.parametrize(("dark", "width"), [(False, 1400), (True, 700)], ids=["light-1400", "dark-700"])
def test_a_whole_case_by_keyboard_keeps_focus_and_live_region_and_resumes_everywhere(
    start_lab: Callable[..., Any], folder: Path, dark: bool, width: int
) -> None:
    lab = start_lab(folder, dark=dark)
    page = lab.open("lesson.ipynb", width=width)
    assert faults(page) == []
    page.locator(".tv button.tv-primary").focus()
    page.keyboard.press("Enter")  # begin, comment after each reply
    page.locator(".tv [role=log] .tv-client").first.wait_for()
    page.evaluate("window.log = document.querySelector('.tv [role=log]'); window.lines = []; window.gone = 0;")
    page.evaluate(
        """new MutationObserver(ms => ms.forEach(m => { window.gone += m.target === window.log ? m.removedNodes.length : 0 }))
           .observe(window.log, {childList: true})"""
    )
    checked, letters = set(), 0
    for turn in range(120):
        state = page.evaluate(
            """() => ({asks: document.querySelectorAll('.tv textarea').length,
                       open: [...document.querySelectorAll('.tv [data-choices]')].map(e => e.dataset.key),
                       said: document.querySelectorAll('.tv .tv-b-feedback').length,
                       felt: document.querySelectorAll('.tv [role=radiogroup]').length,
                       title: document.querySelector('.tv .tv-b-prose')?.dataset.key})"""
        )
        at = page.evaluate(FOCUS)
        assert at["inside"], f"turn {turn}: the focus fell to {at}"
        assert at["name"] or at["tag"] == "TEXTAREA", f"turn {turn}: the focus is on something without a name: {at}"
        before = len(events(folder))
        if state["title"] == "debrief-title":
            break
        if state["felt"]:
            assert at["role"] == "radio"
            page.keyboard.press("ArrowRight")
            page.keyboard.press("Space")
        elif state["asks"] and not state["open"]:
            assert at["tag"] == "TEXTAREA"
            page.keyboard.type("abcd Those sound like long days.")
            press_until(page, "Tab", lambda f: f["tag"] == "BUTTON")
            page.keyboard.press("Enter")
            page.locator(".tv [data-choices]").wait_for()
            continue
        elif state["open"]:
            assert at["tag"] == "BUTTON"
            if letters % 2:
                page.keyboard.press("b")
            else:
                page.keyboard.press("ArrowDown")
                page.keyboard.press("Enter")
            letters += 1
        elif state["said"]:
            assert page.evaluate("document.activeElement.getAttribute('aria-describedby')"), (
                "Go on must read the comment"
            )
            if "feedback" not in checked:
                checked.add("feedback")
                assert faults(page) == []
            page.keyboard.press("Enter")
        else:
            raise AssertionError(f"turn {turn}: nothing to press: {state}")
        deadline = 0
        while len(events(folder)) == before:
            page.wait_for_timeout(40)
            deadline += 1
            assert deadline < 600, f"turn {turn}: the press was not kept: {state}, focus {at}"
        page.wait_for_timeout(60)
        if state["open"] and page.locator(".tv [role=log]").count():
            assert page.evaluate("document.querySelector('.tv [role=log]') === window.log"), (
                "the live region was replaced"
            )
    else:
        raise AssertionError("the conversation did not end")
    assert page.evaluate("window.gone") == 0, "lines were taken out of the live region"
    assert len(events(folder, "begin")) == 1
    assert len(events(folder, "reply")) >= 13
    assert "long days" not in (folder / "answers.jsonl").read_text("utf-8"), "unkept words were stored"
    assert faults(page) == []
    for _ in range(3):
        press_until(page, "Tab", lambda f: f["name"] == "Later")
        page.keyboard.press("Enter")
        page.wait_for_timeout(150)
        assert page.evaluate(FOCUS)["inside"]
    assert faults(page) == []
    assert page.evaluate("jupyterapp.shell.currentWidget.content.widgets.length") == 2, (
        "a shortcut reached the notebook"
    )

    replies = len(events(folder, "reply"))
    lab.restart_kernel(page)
    page.wait_for_timeout(1500)
    lab.run_all(page)
    page.locator(".tv [data-key=debrief-title]").wait_for()
    second = lab.open("lesson.ipynb", width=width)
    second.locator(".tv [data-key=debrief-title]").wait_for()
    assert len(events(folder, "reply")) == replies


def test_a_talk_resumes_where_it_stopped_after_reload_restart_and_in_a_second_copy(
    start_lab: Callable[..., Any], folder: Path
) -> None:
    lab = start_lab(folder)
    page = lab.open("lesson.ipynb")
    page.get_by_role("button", name="Begin: at the end").click()
    for _ in range(2):
        page.locator(".tv [data-choices]").wait_for()
        now = page.locator(".tv [role=log] .tv-you").count()
        page.locator(".tv .tv-choice").first.click()
        page.wait_for_function("n => document.querySelectorAll('.tv [role=log] .tv-you').length > n", arg=now)
    heard = page.locator(".tv [role=log]").inner_text()

    page.reload()
    page.wait_for_function(
        "window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
    )
    lab.run_all(page)
    assert page.locator(".tv [role=log]").inner_text() == heard
    lab.restart_kernel(page)
    page.wait_for_timeout(1500)
    lab.run_all(page)
    assert page.locator(".tv [role=log]").inner_text() == heard

    (folder / "copy.ipynb").write_bytes((folder / "lesson.ipynb").read_bytes())
    other = lab.open("copy.ipynb")
    assert other.locator(".tv [role=log]").inner_text() == heard
    other.locator(".tv textarea").fill("mine")
    other.get_by_role("button", name="Show me the replies").click()
    other.get_by_role("button", name="None of them").click()
    other.locator(".tv [data-key^=reply]").wait_for()
    replies = len(events(folder, "reply"))
    page.get_by_role("button", name="I said it aloud").click()  # this page does not know that the other one went on
    page.locator(".tv .tv-b-notice").wait_for()
    assert "another window" in page.locator(".tv .tv-b-notice").inner_text()
    assert len(events(folder, "reply")) == replies
