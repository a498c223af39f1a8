"""What a person sees, hears and presses, in Chromium."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from twovoices.view import Ask, Button, Buttons, Choice, Choices, Fold, Log, Notice, Prose, Said, Ticks, View

Stage = Any  # the class lives in conftest.py, which is not to be imported


def lines(n: int) -> tuple[Said, ...]:
    return tuple(Said(key=str(i), side="client", name="Client", say=f"Line {i}.") for i in range(n))


def talk(n: int, *, key: str = "", focus: str = "", box: str = "own") -> View:
    options = tuple(Choice(id=f"{x}{n}", letter=x, text=f"Reply {x} of {n}") for x in "ABCDE")
    return View(
        label="Talk",
        blocks=(
            Log(key="log", label="Conversation", lines=lines(n)),
            Ask(key=box, label="Own words"),
            Choices(key=key or f"choose{n}", label="Choose", options=options, do="reply"),
            Buttons(key="end", items=(Button(do="leave", label="Leave"), Button(do="no", label="Not yet", off=True))),
        ),
        focus=focus,
    )


# ---------------------------------------------------------------- nodes persist


WATCH = """() => {
  window.node = document.querySelector('[role=log]');
  window.kept = [...node.children];
  window.removed = [];
  new MutationObserver(all => all.forEach(change => removed.push(...change.removedNodes)))
    .observe(node, { childList: true, subtree: true });
}"""


def test_the_conversation_stays_one_node_and_is_only_appended_to(stage: Stage) -> None:
    stage.start(talk(2))
    stage.page.evaluate(WATCH)
    for n in (3, 4, 6):
        stage.change(talk(n))
    assert stage.page.evaluate("node === document.querySelector('[role=log]') && node.isConnected")
    assert stage.page.evaluate("kept.every((line, i) => node.children[i] === line)")
    assert stage.page.evaluate("removed.length") == 0
    assert stage.page.locator("[role=log] .tv-line").count() == 6


def test_undo_removes_the_lines_taken_back_and_keeps_the_others(stage: Stage) -> None:
    stage.start(talk(4))
    stage.page.evaluate(WATCH)
    stage.change(talk(2))
    assert stage.page.evaluate("removed.length") == 2
    assert stage.page.evaluate("kept.slice(0, 2).every((line, i) => node.children[i] === line)")


def test_the_log_is_a_polite_live_region_with_a_name(stage: Stage) -> None:
    stage.start(talk(1))
    log = stage.page.get_by_role("log", name="Conversation")
    expect(log).to_have_attribute("aria-live", "polite")


def test_typed_words_stay_while_the_box_keeps_its_key_and_travel_with_the_press(stage: Stage) -> None:
    stage.start(talk(1))
    box = stage.page.get_by_role("textbox", name="Own words")
    box.fill("I would say this")
    stage.page.get_by_role("button", name="Reply B of 1").click()
    assert stage.sent[-1]["fields"] == {"own": "I would say this"}
    stage.answer(talk(2))
    expect(box).to_have_value("I would say this")
    stage.answer(talk(2, box="fresh"))
    expect(box).to_have_value("")


def test_an_opened_fold_stays_open(stage: Stage) -> None:
    def view(text: str) -> View:
        return View(label="F", blocks=(Fold(key="f", summary="More", blocks=(Prose(key="p", paragraphs=(text,)),)),))

    stage.start(view("one"))
    stage.page.locator("summary").click()
    stage.change(view("two"))
    expect(stage.page.get_by_text("two")).to_be_visible()


def test_text_is_never_read_as_markup(stage: Stage) -> None:
    stage.start(View(label="<b>", blocks=(Prose(key="p", paragraphs=("<img src=x onerror='window.harmed=1'>",)),)))
    expect(stage.page.get_by_text("<img src=x")).to_be_visible()
    assert stage.page.locator(".tv img").count() == 0


def test_a_picture_loses_scripts_and_handlers(stage: Stage, gallery: dict[str, View]) -> None:
    stage.start(gallery["debrief"])
    picture = stage.page.get_by_role("img", name="Critic louder until moment 4")
    expect(picture.locator("svg path").first).to_be_attached()
    assert picture.locator("script").count() == 0
    assert stage.page.evaluate("window.harmed") is None
    assert picture.locator("svg").get_attribute("onload") is None


# ---------------------------------------------------------------- focus


def test_nothing_takes_the_focus_on_first_show(stage: Stage) -> None:
    stage.start(talk(1, focus="choose1"))
    assert stage.page.evaluate("document.activeElement === document.body")


def test_after_a_press_the_focus_is_on_the_first_control_of_the_named_block(stage: Stage) -> None:
    stage.start(talk(1))
    stage.page.get_by_role("button", name="Reply C of 1").click()
    stage.answer(talk(2, focus="choose2"))
    assert stage.focused.endswith("Reply A of 2")


def test_a_block_without_controls_takes_the_focus_itself(stage: Stage) -> None:
    stage.start(talk(1))
    stage.page.get_by_role("button", name="Leave").click()
    stage.answer(View(label="T", blocks=(Prose(key="end", paragraphs=("The end.",)),), focus="end"))
    assert stage.focused == "The end."


def test_a_control_that_is_off_does_not_take_the_focus(stage: Stage) -> None:
    def view(focus: str) -> View:
        items = (Button(do="no", label="Not yet", off=True), Button(do="on", label="Go on"))
        return View(label="T", blocks=(Buttons(key="b", items=items), *talk(1).blocks), focus=focus)

    stage.start(view(""))
    stage.page.get_by_role("button", name="Leave").click()
    stage.answer(view("b"))
    assert stage.focused == "Go on"


def test_without_a_named_block_the_focus_stays_where_it_was(stage: Stage) -> None:
    stage.start(talk(1))
    stage.page.get_by_role("button", name="Leave").click()
    stage.answer(talk(2))
    assert stage.focused == "Leave"


def test_when_the_pressed_button_is_gone_the_focus_is_on_the_panel_and_not_on_the_body(stage: Stage) -> None:
    stage.start(talk(1))
    stage.page.get_by_role("button", name="Reply C of 1").click()
    stage.answer(talk(2))
    assert stage.page.evaluate("document.activeElement === document.querySelector('.tv')")


def test_the_focus_stays_inside_the_named_block_where_it_is_there_already(stage: Stage) -> None:
    items = tuple(Choice(id=x, letter="", text=f"Item {x}") for x in "abc")
    view = View(label="T", blocks=(Ticks(key="t", label="Tick", items=items, do="tick"),), focus="t")
    stage.start(view)
    stage.page.get_by_role("checkbox", name="Item b").click()
    stage.answer(view)
    assert stage.page.evaluate("document.activeElement.parentElement.textContent") == "Item b"


def test_a_view_the_person_is_not_in_never_takes_the_focus(stage: Stage) -> None:
    stage.start(talk(1), twice=True)
    stage.page.locator("#there").get_by_role("button", name="Reply A of 1").click()
    stage.answer(talk(2, focus="choose2"))
    assert stage.page.evaluate("document.querySelector('#there').contains(document.activeElement)")
    stage.page.locator("#outside").focus()
    stage.change(talk(3, focus="choose3"))
    assert stage.focused == "Outside"
    expect(stage.page.locator("#here").get_by_text("Line 2.")).to_be_visible()


def test_the_button_that_gets_the_focus_is_described_by_the_feedback(stage: Stage, gallery: dict[str, View]) -> None:
    stage.start(gallery["talk"])
    stage.page.get_by_role("button", name="I've heard much harder").click()
    stage.answer(gallery["explained"])
    assert stage.focused == "Go on"
    told = stage.page.evaluate(
        "document.getElementById(document.activeElement.getAttribute('aria-describedby')).textContent"
    )
    assert "Level 1" in told
    assert "stay with the moment they tested you" in told


# ---------------------------------------------------------------- keys


@pytest.mark.parametrize(("key", "option"), [("a", "A"), ("e", "E"), ("C", "C")])
def test_a_letter_chooses(stage: Stage, key: str, option: str) -> None:
    stage.start(talk(1))
    stage.page.get_by_role("button", name="Leave").focus()
    stage.page.keyboard.press(key) if key.islower() else stage.page.evaluate(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'C', bubbles: true}))"  # caps lock
    )
    assert [(m["do"], m["value"]) for m in stage.sent] == [("reply", f"{option}1")]


@pytest.mark.parametrize("key", ["Control+a", "Alt+b", "Shift+a", "x"])
def test_other_keys_and_letters_with_modifiers_choose_nothing(stage: Stage, key: str) -> None:
    stage.start(talk(1))
    stage.page.get_by_role("button", name="Leave").focus()
    stage.page.keyboard.press(key)
    assert stage.sent == []


def test_letters_typed_into_a_box_choose_nothing(stage: Stage) -> None:
    stage.start(talk(1))
    stage.page.get_by_role("textbox").press_sequentially("abcde")
    assert stage.sent == []


def test_arrows_home_and_end_move_between_choices_and_enter_chooses(stage: Stage) -> None:
    stage.start(talk(1))
    stage.page.get_by_role("button", name="Reply A of 1").focus()
    for key, letter in (
        ("ArrowDown", "B"),
        ("ArrowRight", "C"),
        ("ArrowUp", "B"),
        ("ArrowLeft", "A"),
        ("ArrowUp", "E"),
        ("Home", "A"),
        ("End", "E"),
        ("ArrowDown", "A"),
    ):
        stage.page.keyboard.press(key)
        assert stage.focused.endswith(f"Reply {letter} of 1"), key
    stage.page.keyboard.press("Enter")
    assert stage.sent[-1]["value"] == "A1"


def test_a_scale_is_one_stop_of_the_tab_key_and_arrows_move_in_it(stage: Stage, gallery: dict[str, View]) -> None:
    stage.start(gallery["debrief"])
    stage.page.get_by_role("radio", name="2").focus()
    stage.page.keyboard.press("ArrowRight")
    assert stage.focused == "3"
    assert stage.page.locator("[role=radio][tabindex='0']").count() == 1
    assert stage.sent == []
    stage.page.keyboard.press(" ")
    assert (stage.sent[-1]["do"], stage.sent[-1]["value"]) == ("rate", "3")
    stage.page.keyboard.press("Tab")
    assert stage.page.evaluate("document.activeElement.type") == "checkbox"


# ---------------------------------------------------------------- presses


def test_a_double_click_is_one_press_with_the_number_of_its_view(stage: Stage) -> None:
    stage.start(talk(1))
    stage.page.get_by_role("button", name="Reply A of 1").dblclick()
    assert [(m["do"], m["rev"]) for m in stage.sent] == [("reply", 1)]


def test_buttons_are_disabled_for_assistive_technology_while_a_press_is_on_its_way_and_look_the_same(
    stage: Stage,
) -> None:
    stage.start(talk(1))
    leave = stage.page.get_by_role("button", name="Leave")
    look = "node => { const s = getComputedStyle(node); return [s.color, s.backgroundColor, s.opacity, s.borderColor] }"
    reply = stage.page.get_by_role("button", name="Reply B of 1")
    before = reply.evaluate(look)
    leave.click()
    expect(reply).to_have_attribute("aria-disabled", "true")
    assert reply.evaluate(look) == before
    stage.answer(talk(1))
    expect(reply).not_to_have_attribute("aria-disabled", "true")
    expect(stage.page.get_by_role("button", name="Not yet")).to_have_attribute("aria-disabled", "true")


def test_ticks_made_while_a_press_is_on_its_way_follow_it(stage: Stage) -> None:
    def view(*on: str) -> View:
        items = tuple(Choice(id=x, letter="", text=f"Item {x}", on=x in on) for x in "ab")
        return View(label="T", blocks=(Ticks(key="t", label="Tick", items=items, do="tick"),))

    stage.start(view())
    for x in "ab":
        stage.page.get_by_role("checkbox", name=f"Item {x}").click()
    assert [m["value"] for m in stage.sent] == ["a"]
    stage.answer(view("a"))
    assert [(m["value"], m["rev"]) for m in stage.sent] == [("a", 1), ("b", 2)]
    expect(stage.page.get_by_role("checkbox", name="Item b")).to_be_checked()
    stage.answer(view("a", "b"))
    expect(stage.page.get_by_role("checkbox", name="Item b")).to_be_checked()


def test_an_acknowledgement_that_overtakes_its_view_does_not_open_the_buttons_early(stage: Stage) -> None:
    stage.start(talk(1))
    stage.page.get_by_role("button", name="Leave").click()
    stage.page.evaluate("model.say('msg:custom', {ack: model.sent[0].id, rev: 2})")
    expect(stage.page.get_by_role("button", name="Leave")).to_have_attribute("aria-disabled", "true")
    stage.change(talk(2))
    expect(stage.page.get_by_role("button", name="Leave")).not_to_have_attribute("aria-disabled", "true")


# ---------------------------------------------------------------- when nobody answers


def test_a_press_without_an_answer_is_told_after_three_seconds_and_the_words_stay(stage_with_clock: Stage) -> None:
    stage = stage_with_clock
    stage.start(talk(1))
    stage.page.get_by_role("textbox").fill("typed")
    stage.page.get_by_role("button", name="Leave").click()
    stage.page.clock.run_for(2900)
    assert stage.page.get_by_role("alert").count() == 0
    stage.page.clock.run_for(200)
    expect(stage.root.get_by_role("alert")).to_have_text("Nobody answers.")
    expect(stage.page.get_by_role("textbox")).to_have_value("typed")
    assert stage.focused == "Leave"
    stage.page.get_by_role("button", name="Leave").click()  # may be tried again
    assert len(stage.sent) == 2
    stage.page.evaluate("ack(0)")
    assert stage.page.get_by_role("alert").count() == 0


def test_a_closed_channel_is_told_at_once(stage: Stage) -> None:
    stage.start(talk(1))
    stage.page.evaluate("model.closed = true")
    stage.page.get_by_role("button", name="Leave").click()
    expect(stage.root.get_by_role("alert")).to_have_text("Nobody answers.")


def test_a_lost_kernel_is_asked_for_and_told_without_a_press(stage_with_clock: Stage) -> None:
    stage = stage_with_clock
    stage.start(talk(1))
    stage.page.evaluate("model.say('comm_live_update')")
    assert stage.sent[-1]["do"] == ""
    stage.page.clock.run_for(3100)
    expect(stage.root.get_by_role("alert")).to_be_visible()


def test_a_view_taken_away_stops_listening(stage: Stage) -> None:
    stage.start(talk(1))
    stage.page.evaluate("finish()")
    stage.change(talk(2))
    assert stage.root.get_by_text("Line 1.").count() == 0


# ---------------------------------------------------------------- names, roles, states


CONTROLS = {
    "talk": [
        ("button", "Pause"),
        ("button", "Leave"),
        ("textbox", "What would you say?"),
        ("group", "Then choose the reply nearest to yours"),
        ("button", "A You expected me to leave. What did you think I'd be leaving because of?"),
        ("log", "Conversation"),
        ("region", "First session, a talk"),
    ],
    "explained": [
        ("button", "Try this moment again"),
        ("heading", "Level 1 · meant to comfort, lands as ranking"),
        (
            "button",
            "B I've heard much harder stories in this room, and I'm still here, aren't I? "
            "nearest to your own words chosen",
        ),
    ],
    "debrief": [
        ("button", "Next moment"),
        ("img", "Critic louder until moment 4, kinder voice louder from moment 7."),
        ("radiogroup", "How understood did they feel?"),
        ("radio", "0, not at all"),
        ("radio", "2"),
        ("radio", "4, fully"),
        ("checkbox", "met what hurts"),
        ("group", "Your second reply"),
        ("table", "Levels by competency"),
        ("columnheader", "Competency"),
        ("rowheader", "Meeting shame"),
        ("heading", "The kinder voice"),
    ],
}


@pytest.mark.parametrize("view", CONTROLS)
def test_every_control_has_its_role_and_name(stage: Stage, gallery: dict[str, View], view: str) -> None:
    stage.start(gallery[view])
    role: Any
    for role, name in CONTROLS[view]:
        found = stage.page.get_by_role(role, name=name, exact=True)
        assert found.count() == 1, (role, name)
        expect(found).to_have_accessible_name(name)


def test_states_are_told(stage: Stage, gallery: dict[str, View]) -> None:
    stage.start(gallery["debrief"])
    expect(stage.page.get_by_role("radio", name="2")).to_have_attribute("aria-checked", "true")
    expect(stage.page.get_by_role("radio", name="3")).to_have_attribute("aria-checked", "false")
    expect(stage.page.get_by_role("checkbox", name="met what hurts")).to_be_checked()
    expect(stage.page.get_by_role("checkbox", name="left a way")).not_to_be_checked()
    expect(stage.page.get_by_role("checkbox", name="left a way")).to_have_accessible_description("A question counts.")
    expect(stage.page.get_by_role("button", name="Back")).to_have_attribute("aria-disabled", "true")
    expect(stage.page.get_by_role("radiogroup")).to_have_accessible_description("There is no right answer.")
    expect(stage.page.get_by_role("alert")).to_have_text(
        "The answers file could not be written. Nothing is lost; try again."
    )
    expect(stage.page.get_by_role("status")).to_contain_text("first finished talk")
    expect(stage.page.locator(".tv details").last).not_to_have_attribute("open", "")


def test_a_settled_choice_says_chosen_in_words_and_can_not_be_pressed(stage: Stage, gallery: dict[str, View]) -> None:
    stage.start(gallery["explained"])
    group = stage.page.get_by_role("group", name="Your reply")
    expect(group.get_by_role("button", name="chosen")).to_have_count(1)
    expect(group.get_by_role("button", name="chosen")).to_contain_text("I've heard much harder")
    for button in group.get_by_role("button").all():
        expect(button).to_have_attribute("aria-disabled", "true")
        button.click(force=True)
    assert stage.sent == []


def test_the_privacy_line_describes_the_box_and_the_box_is_not_remembered(
    stage: Stage, gallery: dict[str, View]
) -> None:
    stage.start(gallery["talk"])
    box = stage.page.get_by_role("textbox")
    expect(box).to_have_accessible_description(
        "In your own words first. Do not enter real client information or your own private details; nothing is saved."
    )
    expect(box).to_have_attribute("autocomplete", "off")
    expect(box).to_have_attribute("spellcheck", "false")


def test_the_language_of_the_view_is_set(stage: Stage) -> None:
    stage.start(View(label="Gespräch", blocks=(), lang="de"))
    expect(stage.root).to_have_attribute("lang", "de")


def test_a_new_warning_is_a_new_alert(stage: Stage) -> None:
    stage.start(talk(1))
    stage.page.get_by_role("button", name="Leave").click()
    warn = Notice(key="wrong-1", text="Something went wrong.", kind="warn")
    stage.answer(msgspec.structs.replace(talk(1), blocks=(*talk(1).blocks, warn)))
    expect(stage.page.get_by_role("alert")).to_be_in_viewport()
    assert stage.focused == "Leave"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [900, 420])
def test_axe_finds_no_violation_in_any_block(
    chromium: Browser, open_page: Any, make_stage: Any, gallery: dict[str, View], dark: bool, width: int
) -> None:
    page: Page = open_page(chromium, dark=dark, width=width)
    try:
        for name, view in gallery.items():
            page.reload()
            page.wait_for_function("window.ready")
            make_stage(page).start(view)
            page.evaluate("document.querySelectorAll('details').forEach(node => node.open = true)")
            found = Axe().run(page, context=".tv", options={"resultTypes": ["violations", "incomplete"]}).response
            told = [(v["id"], [n["html"][:200] for n in v["nodes"]]) for v in found["violations"]]
            assert told == [], json.dumps([name, told], indent=1)
            unsure = [node for v in found["incomplete"] if v["id"] == "color-contrast" for node in v["nodes"]]
            # axe measures no text drawn in SVG and no bare sign; both take colours that are measured elsewhere.
            rest = [n for n in unsure if n["any"][0]["data"]["messageKey"] != "nonBmp" and n["html"][:5] != "<text"]
            assert rest == []
    finally:
        page.close()


@pytest.mark.parametrize("width", [1400, 700, 420, 320])
def test_nothing_is_wider_than_the_page(
    chromium: Browser, open_page: Any, make_stage: Any, gallery: dict[str, View], width: int
) -> None:
    page: Page = open_page(chromium, width=width)
    try:
        for view in gallery.values():
            page.reload()
            page.wait_for_function("window.ready")
            make_stage(page).start(view)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert page.evaluate("document.querySelector('.tv').offsetWidth") <= 760
    finally:
        page.close()


def test_print_hides_buttons_and_keeps_the_words(stage: Stage, gallery: dict[str, View]) -> None:
    stage.start(gallery["explained"])
    stage.page.emulate_media(media="print")
    try:
        expect(stage.page.get_by_text("Try this moment again")).to_be_hidden()
        expect(stage.page.get_by_text("stay with the moment they tested you").first).to_be_visible()
        expect(stage.page.get_by_text("nearest to your own words")).to_be_visible()
    finally:
        stage.page.emulate_media(media="screen")


@pytest.fixture
def stage_with_clock(chromium: Browser, open_page: Any, make_stage: Any) -> Iterator[Stage]:
    """A stage whose clock stands until it is moved."""
    page: Page = open_page(chromium)
    page.clock.install(time=0)
    page.clock.pause_at(1000)  # installed alone, it goes on by itself, which a busy machine shows
    yield make_stage(page)
    page.close()
