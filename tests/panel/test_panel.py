from __future__ import annotations

import json
import logging
from typing import Any

import msgspec
import pytest

from twovoices.content.texts import text
from twovoices.view import Notice, Press, Prose, View
from twovoices.widgets.panel import Panel


class Counter:
    """An activity that counts; it can be told to fail."""

    def __init__(self) -> None:
        self.presses: list[Press] = []
        self.fail_press = self.fail_show = False
        self.also: Any = None

    def show(self) -> View:
        if self.fail_show:
            raise RuntimeError("no view")
        return View(label="Counting", blocks=(Prose(key="n", paragraphs=(str(len(self.presses)),)),), focus="n")

    def press(self, press: Press) -> None:
        if self.fail_press:
            raise RuntimeError("no press")
        self.presses.append(press)
        if self.also:
            self.also()


class Probe(Panel):
    """A panel that keeps what it sends to the browser."""

    def send(self, content: object, buffers: object = None) -> None:
        self.__dict__.setdefault("told", []).append(content)


@pytest.fixture
def counter() -> Counter:
    return Counter()


@pytest.fixture
def panel(counter: Counter) -> Probe:
    return Probe(counter.show, counter.press)


def blocks(panel: Panel) -> list[dict[str, Any]]:
    """Give the blocks as they reach the browser."""
    return list(json.loads(json.dumps(panel.view))["blocks"])


def say(panel: Panel, **message: object) -> None:
    panel._handle_custom_msg(message, [])


def test_the_first_view_is_there_before_any_press(panel: Probe, counter: Counter) -> None:
    assert panel.view == msgspec.to_builtins(counter.show())
    assert panel.rev == 1


def test_a_press_reaches_the_activity_with_value_and_fields_and_is_acknowledged_with_the_new_view(
    panel: Probe, counter: Counter
) -> None:
    say(panel, do="on", value="x", fields={"own": "words"}, id="i1", rev=1)
    assert counter.presses == [Press(do="on", value="x", fields={"own": "words"})]
    assert blocks(panel)[0]["paragraphs"] == ["1"]
    assert panel.told == [{"ack": "i1", "rev": 2}]


def test_a_press_made_on_an_older_view_changes_nothing_and_is_acknowledged_again(
    panel: Probe, counter: Counter
) -> None:
    say(panel, do="on", id="i1", rev=1)
    say(panel, do="on", id="i2", rev=1)
    assert len(counter.presses) == 1
    assert panel.told[-1] == {"ack": "i2", "rev": 2}


def test_a_press_that_arrives_while_another_is_handled_waits_and_is_then_too_old(
    panel: Probe, counter: Counter
) -> None:
    def arrive() -> None:
        counter.also = None
        say(panel, do="meanwhile", id="i2", rev=1)
        assert panel.__dict__.get("told") is None, "handled inside the other press"

    counter.also = arrive
    say(panel, do="on", id="i1", rev=1)
    assert [press.do for press in counter.presses] == ["on"]
    assert [message["ack"] for message in panel.told] == ["i1", "i2"]


def test_view_and_number_travel_in_one_message(panel: Probe, monkeypatch: pytest.MonkeyPatch) -> None:
    states: list[set[str]] = []
    monkeypatch.setattr(panel, "send_state", lambda key=None: states.append(set(key or ())))
    say(panel, do="on", id="i1", rev=1)
    assert states == [{"view", "rev"}]


def test_a_message_without_an_action_is_only_acknowledged(panel: Probe, counter: Counter) -> None:
    say(panel, do="", id="i1", rev=1)
    assert counter.presses == []
    assert panel.told == [{"ack": "i1", "rev": 1}]


@pytest.mark.parametrize("content", [{"do": 3}, {"do": "on", "fields": [1]}, "on", None, 7])
def test_a_message_that_is_no_press_is_ignored(panel: Probe, counter: Counter, content: object) -> None:
    panel._handle_custom_msg(content, [])
    assert counter.presses == []
    assert panel.rev == 1


@pytest.mark.parametrize("where", ["fail_press", "fail_show"])
def test_a_fault_shows_the_last_view_with_one_sentence_and_is_logged(
    panel: Probe, counter: Counter, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = blocks(panel)
    setattr(counter, where, True)
    panel.log.propagate = True
    with caplog.at_level(logging.ERROR):
        say(panel, do="on", fields={"own": "private words"}, id="i1", rev=1)
    *kept, notice = blocks(panel)
    assert kept == before
    assert notice == {"type": "notice", "key": "wrong-1", "text": text("panel.fault"), "kind": "warn"}
    assert "focus" not in panel.view
    assert panel.told == [{"ack": "i1", "rev": 2}]
    assert "RuntimeError" in caplog.text
    assert "private words" not in caplog.text


def test_after_a_fault_the_next_press_works_and_the_sentence_leaves(panel: Probe, counter: Counter) -> None:
    counter.fail_press = True
    say(panel, do="on", id="i1", rev=1)
    say(panel, do="on", id="i2", rev=2)
    assert [b["key"] for b in blocks(panel)] == ["n", "wrong-2"]
    counter.fail_press = False
    say(panel, do="on", id="i3", rev=3)
    assert [b["key"] for b in blocks(panel)] == ["n"]


def test_an_activity_that_cannot_even_start_shows_the_sentence(counter: Counter) -> None:
    counter.fail_show = True
    panel = Probe(counter.show, counter.press)
    assert [b["text"] for b in blocks(panel)] == [text("panel.fault")]


def test_a_page_reopened_says_in_plain_text_what_stands_here_and_how_to_start(panel: Probe) -> None:
    bundle = panel._repr_mimebundle_()
    assert bundle is not None
    assert "application/vnd.jupyter.widget-view+json" in bundle[0]
    assert bundle[0]["text/plain"] == (
        "Two Voices, an activity: Counting. To start it, press the ▶▶ button at the top of the page."
    )


def test_every_block_of_the_gallery_survives_the_way_to_the_browser(gallery: dict[str, View]) -> None:
    for view in gallery.values():
        panel = Panel(lambda view=view: view, lambda press: None)
        assert msgspec.convert(panel.view, View) == view
        panel.close()


def test_script_and_style_are_files_of_the_package_and_name_no_address(panel: Probe) -> None:
    for part in (str(panel._esm), str(panel._css)):
        assert "http" not in part.replace("http://www.w3.org/2000/svg", "")
        assert "@import" not in part
    assert "innerHTML" not in str(panel._esm)


def test_notice_keys_differ_from_fault_to_fault_so_that_each_is_read_out(panel: Probe, counter: Counter) -> None:
    counter.fail_press = True
    keys = []
    for rev in (1, 2):
        say(panel, do="on", id=str(rev), rev=rev)
        keys.append(blocks(panel)[-1]["key"])
    assert keys == ["wrong-1", "wrong-2"]
    assert Notice(key="wrong-1", text=text("panel.fault"), kind="warn").kind == "warn"
