"""The conversation as it is met, press by press, over a real log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest

from twovoices import cli, terminal
from twovoices.activities import opening
from twovoices.answers import Answers, AnswersError
from twovoices.content import library, store
from twovoices.content.texts import text
from twovoices.roleplay import debrief, engine
from twovoices.roleplay.attempts import attempts
from twovoices.roleplay.model import Case
from twovoices.roleplay.play import CasePlay, ScriptPlay
from twovoices.roleplay.script import compile_case
from twovoices.roleplay.talk import Talk
from twovoices.view import (
    AnyBlock,
    Ask,
    Button,
    Buttons,
    Choices,
    Feedback,
    Fold,
    Head,
    Log,
    Notice,
    Picture,
    Press,
    Prose,
    Scale,
    Table,
    Ticks,
    Voices,
)

from .build import beat, mending_case, talking_case

B = TypeVar("B")
WORDS = "words of mine that nobody keeps"


class Page:
    """One window on a conversation, pressed as a person would: nothing can be pressed that is not shown."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.view = talk.show()

    def press(self, do: str, value: str = "", **fields: str) -> None:
        assert (do, value) in self.offered(), (do, value, sorted(self.offered()))
        self.late(do, value, **fields)

    def late(self, do: str, value: str = "", **fields: str) -> None:
        """Press something that may no longer be shown."""
        self.talk.press(Press(do=do, value=value, fields=fields))
        self.view = self.talk.show()

    def offered(self) -> set[tuple[str, str]]:
        found: set[tuple[str, str]] = set()
        for block in self.flat():
            match block:
                case Choices(off=False):
                    found |= {(block.do, item.id) for item in block.options}
                case Ticks():
                    found |= {(block.do, item.id) for item in block.items}
                case Scale():
                    found |= {(block.do, str(n)) for n in range(block.low, block.high + 1)}
            found |= {(button.do, button.value) for button in buttons(block) if not button.off}
        return found

    def flat(self) -> Iterator[AnyBlock]:
        stack = list(self.view.blocks)
        while stack:
            block = stack.pop(0)
            yield block
            if isinstance(block, Fold):
                stack[:0] = block.blocks

    def all(self, kind: type[B]) -> list[B]:
        return [block for block in self.flat() if isinstance(block, kind)]

    def one(self, kind: type[B]) -> B:
        (block,) = self.all(kind)
        return block

    def said(self) -> list[str]:
        """The conversation so far."""
        return [line.say for block in self.all(Log) if block.key.startswith("log-") for line in block.lines]

    def shown(self) -> str:
        """Every word of the view, a line each."""
        return "\n".join(strings(msgspec.to_builtins(self.view)))

    def ask(self) -> str:
        """Key of the text box."""
        return self.one(Ask).key

    def walk(self, step: int) -> None:
        """Go on in the debrief to a step."""
        for number in range(self.talk.step + 1, step + 1):
            self.press("step", str(number))

    def words(self, typed: str, nearest: str, said: str) -> None:
        """Own words, the nearest reply, and the reply chosen."""
        self.press("worded", "", **{self.ask(): typed})
        self.press("closest", nearest)
        self.press("reply", said)


def strings(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        part = list(part.values())
    if isinstance(part, list | tuple):
        for item in part:
            yield from strings(item)
    elif isinstance(part, str):
        yield part


def buttons(block: AnyBlock) -> tuple[Button, ...]:
    if isinstance(block, Buttons):
        return block.items
    return block.buttons if isinstance(block, Head | Ask | Feedback) else ()


class Room:
    """A case and a log; windows are opened on it."""

    def __init__(self, folder: Path, talk: Case, script: bool = False) -> None:
        self.case, self.script = talk, script
        self.path = folder / "answers.jsonl"

    def open(self) -> Page:
        """A new window with a kernel of its own."""
        keeper = Answers(self.path)
        if self.script:
            return Page(Talk(ScriptPlay(compile_case(self.case).script), keeper))
        return Page(Talk(CasePlay(self.case), keeper, debrief=debrief.blocks))

    def kinds(self) -> list[str]:
        return [event.kind for event in Answers(self.path).read().events]

    def replies(self) -> list[tuple[str, str]]:
        page = self.open()
        return page.talk.attempts()[-1].replies


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path, talking_case())


def begun(room: Room, mode: str = "coached") -> Page:
    page = room.open()
    page.press("begin", mode)
    return page


def played(room: Room) -> Page:
    """A whole talk, up to the debrief."""
    page = begun(room, "straight")
    page.press("reply", "warm")
    page.words(WORDS, "tells", "meets")
    page.press("reply", "home")
    page.press("felt", "3")
    page.press("self", "2")
    return page


# ---------------------------------------------------------------- whole plays


def test_the_cover_says_who_what_and_how_to_begin_and_keeps_nothing(room: Room) -> None:
    page = room.open()
    assert page.one(Head).title == "A small talk"
    assert "Ana" in page.one(Head).note
    assert text("say.note", note="nothing much") in page.shown()
    assert page.offered() == {("begin", "coached"), ("begin", "straight")}
    assert page.all(Log) == []
    assert not room.path.exists()


def test_coached_play_explains_each_reply_before_the_next_moment(room: Room) -> None:
    page = begun(room)
    assert page.said() == ["She speaks at hello."]
    page.press("reply", "fine")
    feedback = page.one(Feedback)
    assert (feedback.body, feedback.level) == ("What fine did, and what it did for her.", 3)
    assert page.all(Choices) == []
    assert page.said() == ["She speaks at hello.", "I say fine.", "It is nothing."]
    page.press("on")
    assert page.all(Feedback) == []
    page.words(WORDS, "tells", "meets")
    page.press("on")
    page.press("reply", "home")
    assert page.said() == [
        *("She speaks at hello.", "I say fine.", "It is nothing.", "I say meets.", "She speaks at close."),
        *("I say home.", "She leaves: near."),
    ]
    assert room.replies() == [("hello", "fine"), ("hurts", "meets"), ("close", "home")]
    assert room.kinds() == ["begin", "reply", "on", "closest", "reply", "on", "reply", "finish"]


def test_straight_play_explains_nothing_before_the_debrief(room: Room) -> None:
    page = begun(room, "straight")
    seen = [page.shown()]
    for option in ("warm", "meets", "home"):
        if page.all(Ask):
            page.press("worded", "aloud")
            seen.append(page.shown())
            page.press("closest", "")
        page.press("reply", option)
        seen.append(page.shown())
    for shown in seen:
        assert "feedback" not in shown
        assert "What warm did" not in shown
        assert "level" not in shown.lower()
    page.press("felt", "")
    page.press("self", "4")
    assert page.one(Picture).words
    assert text("debrief.met") in page.shown()


def test_the_place_in_the_conversation_is_told(room: Room) -> None:
    page = begun(room, "straight")
    assert (page.one(Head).moment, page.one(Head).moments) == (1, 3)
    page.press("reply", "warm")
    assert page.one(Head).place == "moment 2 of 3"


def test_replies_are_shown_in_the_attempts_order_and_logged_as_shown(room: Room) -> None:
    page = begun(room)
    shown = [item.id for item in page.one(Choices).options]
    assert [item.letter for item in page.one(Choices).options] == ["A", "B", "C"]
    page.press("reply", "warm")
    event = next(event for event in Answers(room.path).read().events if event.kind == "reply")
    assert event.data == {"scene": "hello", "option": "warm", "shown": shown}
    assert event.fingerprint == page.talk.play.fingerprint


@pytest.mark.parametrize("item", store.ids("roleplays"))
@pytest.mark.parametrize("mode", ["coached", "straight"])
def test_every_shipped_case_can_be_played_to_its_debrief(tmp_path: Path, item: str, mode: str) -> None:
    talk = store.load(Case, "roleplays", item)
    room = Room(tmp_path, talk)
    page = room.open()
    page.press("begin", mode if ("begin", mode) in page.offered() else ("straight" if talk.straight else "coached"))
    for step in range(4 * len(talk.beats)):
        offered = page.offered()
        if ("on", "") in offered:
            page.press("on")
        elif ("worded", "aloud") in offered:
            page.press("worded", "aloud")
        elif ("felt", "") in offered:
            break
        else:
            choices = page.one(Choices)
            page.press(choices.do, choices.options[step * 7 % len(choices.options)].id)
    page.press("felt", "2")
    page.press("self", "2")
    replies = room.replies()
    moves = engine.replay(talk, replies)
    assert engine.beat(talk, moves[-1].after) is None
    scored = talk.use != "tutorial"
    assert bool(page.all(Table)) is scored
    for step, move in enumerate(moves, start=1):
        page.press("step", str(step))
        assert page.one(Feedback).body == move.option.why
        assert (page.one(Feedback).level is not None) is scored
    assert ("step", str(len(moves) + 1)) not in page.offered()


# ---------------------------------------------------------------- own words


def test_own_words_come_before_any_reply_is_shown(room: Room) -> None:
    page = begun(room, "straight")
    page.press("reply", "warm")
    assert page.one(Ask).hint.endswith(text("say.privacy"))
    assert "I say meets." not in page.shown()
    page.press("worded", "", **{page.ask(): WORDS})
    assert "I say meets." in page.shown()
    assert {do for do, _ in page.offered()} >= {"closest"}
    assert ("reply", "meets") not in page.offered()


def test_the_nearest_reply_is_marked_for_the_learner_and_not_scored(room: Room) -> None:
    page = begun(room, "straight")
    page.press("reply", "warm")
    page.press("worded")
    page.press("closest", "tells")
    notes = {item.id: item.note for item in page.one(Choices).options}
    assert notes == {"meets": "", "sound": "", "tells": text("talk.nearest")}
    page.press("reply", "meets")
    page.press("reply", "home")
    page.press("felt")
    page.press("self")
    levels = next(block.rows for block in page.all(Table) if block.key == "levels")
    assert [row[1] for row in levels] == ["4, 4", "4"]


def test_typed_words_never_reach_the_log(room: Room, tmp_path: Path) -> None:
    page = begun(room)
    page.press("reply", "warm")
    page.press("on")
    page.press("worded", "", **{page.ask(): WORDS})
    box = page.ask()
    page.press("closest", "tells", **{box: f"{WORDS} and more"})
    page.press("reply", "meets", **{box: WORDS})
    page.press("again", "hurts")
    page.press("once", "said", **{page.ask(): f"second {WORDS}"})
    page.press("once", "close")
    page.press("on", supervision=WORDS)
    page.press("reply", "home")
    page.press("felt", "")
    page.press("self", "")
    page.walk(2)
    assert f"{WORDS} and more" in page.shown(), "what was typed last is shown in this sitting"
    for path in tmp_path.rglob("*"):
        assert not path.is_file() or WORDS.encode() not in path.read_bytes(), path


def test_the_debrief_sets_ones_own_words_beside_the_moment_and_a_reload_forgets_them(room: Room) -> None:
    page = played(room)
    page.walk(2)
    assert WORDS in page.shown()
    assert text("debrief.nearest", words="I say tells.") in page.shown()
    again = room.open()
    again.walk(2)
    assert WORDS not in again.shown()
    assert text("debrief.nearest", words="I say tells.") in again.shown()


# ---------------------------------------------------------------- coming back


def test_a_reload_at_each_point_shows_what_was_shown(room: Room) -> None:
    page = begun(room)
    presses = [
        "reply fine",
        "on",
        "worded aloud",
        "closest tells",
        "reply meets",
        "on",
        "reply home",
        "felt 3",
        "self 1",
    ]
    for press in presses:
        page.press(*press.split())
        if press.startswith("worded"):
            assert ("worded", "aloud") in room.open().offered(), "words were not kept, so they are asked for again"
        else:
            assert room.open().view.blocks == page.view.blocks, press
    assert page.all(Voices)


def test_the_first_view_after_a_reload_takes_no_focus(room: Room) -> None:
    page = begun(room)
    assert page.view.focus
    assert room.open().view.focus == ""


def test_a_reload_shows_the_answers_order_of_replies_again(room: Room) -> None:
    page = begun(room)
    assert room.open().one(Choices).options == page.one(Choices).options


def test_pause_and_leave_keep_the_place_and_nothing_in_the_log(room: Room) -> None:
    page = begun(room)
    page.press("reply", "warm")
    before, kinds = page.view.blocks, room.kinds()
    for away, words in (("pause", text("say.paused")), ("leave", text("say.left"))):
        page.press(away)
        assert words in page.one(Prose).paragraphs
        assert page.offered() == {("back", "")}
        assert page.all(Log) == []
        page.press("back")
        assert page.view.blocks == before
    assert room.kinds() == kinds


def test_leaving_shows_local_help(room: Room) -> None:
    page = begun(room)
    page.press("leave")
    assert text("support.fallback") in page.one(Prose).paragraphs


def test_undo_takes_back_one_reply_after_the_other_and_keeps_the_record(room: Room) -> None:
    page = begun(room, "straight")
    assert ("undo", "") not in page.offered()
    page.press("reply", "cold")
    page.words(WORDS, "", "meets")
    page.press("undo")
    assert page.said() == ["She speaks at hello.", "I say cold.", "It is nothing."]
    page.press("undo")
    assert page.said() == ["She speaks at hello."]
    page.press("reply", "warm")
    assert page.said()[-1] == "You were kind."
    assert room.replies() == [("hello", "warm")]
    assert room.kinds() == ["begin", "reply", "closest", "reply", "undo", "undo", "reply"]


def test_a_coached_comment_can_show_what_a_four_sounds_like_and_leaves_with_the_moment(room: Room) -> None:
    page = begun(room)
    page.press("reply", "cold")
    assert page.one(Feedback).better == "Better than cold."
    page.press("four")
    assert "I say warm." in page.shown()
    assert ("four", "") not in page.offered()
    page.press("on")
    assert "I say warm." not in page.shown()


def test_playing_again_begins_a_new_attempt_and_keeps_the_old_debrief(room: Room) -> None:
    page = played(room)
    debriefed = page.view.blocks
    page.press("restart")
    assert ("back", "") in page.offered()
    page.press("back")
    assert page.view.blocks == debriefed
    page.press("restart")
    page.press("begin", "coached")
    assert page.said() == ["She speaks at hello."]
    assert len(page.talk.attempts()) == 2


def test_a_finished_attempt_at_an_older_version_is_told_with_its_summary_and_never_shown_again(room: Room) -> None:
    played(room)
    room.case = talking_case(beats=(beat("quite-other"),))
    page = room.open()
    told = page.one(Notice).text
    assert text("talk.older_finished", summary=text("debrief.met")) in told
    assert page.all(Log) == []
    page.press("begin", "straight")
    assert page.said() == ["She speaks at quite-other."]


def test_an_unfinished_attempt_at_an_older_version_is_told_as_such(room: Room) -> None:
    begun(room).press("reply", "warm")
    room.case = talking_case(beats=(beat("quite-other"),))
    assert text("talk.older_open") in room.open().one(Notice).text


def test_presses_of_the_log_that_do_not_fit_are_counted_on_the_page(room: Room) -> None:
    page = begun(room)
    attempt = page.talk.attempts()[-1]
    Answers(room.path).append(
        page.talk.activity, attempt.id, "reply", {"scene": "close", "option": "home"}, page.talk.play.fingerprint
    )
    page = room.open()
    assert page.one(Notice).text == text("talk.misfit", count=1)
    page.press("reply", "warm")
    assert room.replies() == [("hello", "warm")]


# ---------------------------------------------------------------- once more


def rounds(page: Page) -> int:
    """Go through once more as often as it is offered."""
    count = 0
    while True:
        count += 1
        page.press("once", "said", **{page.ask(): WORDS})
        assert "I say meets." in page.shown(), "the model reply"
        page.press("once", "0")
        page.press("once", "2")
        page.press("once", "0")
        page.press("once", "variant")
        page.press("once", page.one(Choices).options[0].id)
        if ("once", "round") not in page.offered():
            return count
        page.press("once", "round")


@pytest.mark.parametrize("where", ["coached", "debrief"])
def test_once_more_has_three_rounds_at_most(room: Room, where: str) -> None:
    if where == "debrief":
        page = played(room)
        page.walk(2)
    else:
        page = begun(room)
        page.press("reply", "warm")
        page.press("on")
        page.words(WORDS, "", "meets")
    before = page.view.blocks
    page.press("again", "hurts")
    assert rounds(page) == 3
    page.press("once", "close")
    assert page.view.blocks == before
    agains = page.talk.attempts()[-1].agains
    assert [(item["round"], item["ticks"]) for item in agains] == [(0, [2]), (1, [2]), (2, [2])]


def test_once_more_meets_the_moment_in_other_words_each_round(room: Room) -> None:
    page = begun(room)
    page.press("reply", "warm")
    page.press("on")
    page.words("", "", "meets")
    page.press("again", "hurts")
    heard = []
    for _ in range(3):
        page.press("once", "said")
        page.press("once", "variant")
        heard.append(page.all(Log)[-1].lines[0].say)
        page.press("once", "hurts-again-2")
        assert page.one(Feedback).level == 2
        if ("once", "round") in page.offered():
            page.press("once", "round")
    assert heard == ["Other words 0 at hurts.", "Other words 1 at hurts.", "Other words 0 at hurts."]


def test_once_more_is_offered_only_where_the_moment_has_other_words(room: Room) -> None:
    page = begun(room)
    page.press("reply", "warm")
    assert {do for do, _ in page.offered()} == {"on", "undo", "pause", "leave"}


def test_a_second_good_reply_of_another_road_is_shown_beside_the_model(room: Room) -> None:
    page = begun(room)
    page.press("reply", "warm")
    page.press("on")
    page.words("", "", "tells")
    page.press("again", "hurts")
    page.press("once", "said")
    assert [block.heading for block in page.all(Prose)][-2:] == [text("again.model"), text("again.another")]
    assert "I say sound." in page.shown()


# ---------------------------------------------------------------- debrief


def test_before_the_debrief_one_question_about_the_client_and_one_about_oneself(room: Room) -> None:
    page = begun(room, "straight")
    page.press("reply", "warm")
    page.words("", "", "sound")
    page.press("reply", "bye")
    assert text("talk.felt", name="Ana") == page.one(Scale).label
    page.press("felt", "3")
    assert page.one(Scale).label == text("talk.self")
    page.press("self", "")
    assert page.talk.attempts()[-1].felt == {"client": 3, "self": None}
    assert (
        text("debrief.understood", name="Ana", felt=3, gauges=text("debrief.gauge", label="trust", value=3, max=4))
        in page.shown()
    )


def test_the_debrief_walks_from_the_first_words_to_the_last_and_no_further(room: Room) -> None:
    page = played(room)
    assert ("step", "-1") not in page.offered()
    headings = []
    for step in range(4):
        headings.append(next(block.heading for block in page.all(Prose) if block.key == "step-title"))
        assert bool(page.all(Feedback)) is (step > 0)
        if step < 3:
            page.press("step", str(step + 1))
    assert headings == [text("debrief.start"), "Moment 1 of 3", "Moment 2 of 3", "Moment 3 of 3"]
    assert ("step", "4") not in page.offered()


def test_the_debrief_says_what_opened_what_closed_and_where_other_roads_led(room: Room) -> None:
    page = played(room)
    assert text("debrief.opened", name="Ana", words="I say meets.") in page.shown()
    page.press("step", "1")
    roads = next(block for block in page.all(Fold) if block.summary == text("debrief.roads"))
    assert [block.heading for block in roads.blocks if isinstance(block, Prose)] == ["“I say fine.”", "“I say cold.”"]
    cold = roads.blocks[1]
    assert isinstance(cold, Prose)
    assert cold.paragraphs[-1] == text("debrief.would", name="Ana", words="It is nothing.")


@pytest.mark.parametrize(
    ("third", "fourth", "result", "also"),
    [
        ("passes", "closes", "not_yet", "debrief.standing"),
        ("mends", "closes", "met_repaired", "talk.mended"),
    ],
)
def test_a_critical_error_stands_by_its_name_until_mended(
    tmp_path: Path, third: str, fourth: str, result: str, also: str
) -> None:
    page = begun(Room(tmp_path, mending_case()), "straight")
    for option in ("first-4", "harms", third, fourth):
        page.press("reply", option)
    page.press("felt", "")
    page.press("self", "")
    shown = page.shown()
    label = debrief.error_label(mending_case(), "forgives_harm")
    assert text("debrief.result", result=text(f"debrief.{result}")) in shown
    assert text(also, label=label) in shown
    page.walk(2)
    assert page.one(Feedback).mark == text("talk.critical", label=label)


def test_a_tutorial_shows_no_level_and_no_result(tmp_path: Path) -> None:
    page = played(Room(tmp_path, talking_case(use="tutorial", mode="straight")))
    assert text("debrief.before") in page.shown()
    assert page.all(Table) == []
    page.walk(3)
    assert page.one(Feedback).level is None
    assert page.one(Feedback).level_words == ""


def test_a_couple_has_a_picture_for_each_person_in_words_too(tmp_path: Path) -> None:
    item = next(i for i in store.ids("roleplays") if len(store.load(Case, "roleplays", i).people) > 1)
    talk = store.load(Case, "roleplays", item)
    room = Room(tmp_path, talk)
    page = begun(room, "straight")
    while ("felt", "") not in page.offered():
        if ("worded", "aloud") in page.offered():
            page.press("worded", "aloud")
        choices = page.one(Choices)
        page.press(choices.do, choices.options[0].id)
    page.press("felt", "")
    page.press("self", "")
    assert [picture.caption for picture in page.all(Picture)] == [
        text("debrief.picture", name=n) for n in talk.people.values()
    ]
    assert all(len(picture.words.split("Moment ")) > len(room.replies()) for picture in page.all(Picture))


# ---------------------------------------------------------------- two windows


def test_a_press_on_an_overtaken_view_changes_nothing_and_shows_where_it_stands(room: Room) -> None:
    first = begun(room, "straight")
    second = room.open()
    first.press("reply", "warm")
    kinds = room.kinds()
    second.press("reply", "cold")
    assert second.one(Notice).text == text("say.elsewhere")
    assert second.one(Notice).kind == "warn"
    assert second.said() == first.said()
    assert room.kinds() == kinds
    second.press("worded", "aloud")
    assert second.all(Notice) == [], "the notice leaves with the next press"
    second.press("closest", "")
    second.press("reply", "meets")
    first.press("worded", "aloud")
    assert first.one(Notice).text == text("say.elsewhere")
    assert first.said() == second.said()


def test_the_same_reply_pressed_in_two_windows_is_given_once(room: Room) -> None:
    first, second = begun(room), room.open()
    first.press("reply", "warm")
    second.press("reply", "warm")
    assert room.replies() == [("hello", "warm")]


@pytest.mark.parametrize("late", ["undo", "on", "four"])
def test_an_overtaken_undo_or_comment_does_nothing(room: Room, late: str) -> None:
    first = begun(room)
    first.press("reply", "cold")
    second = room.open()
    first.press("undo")
    second.press(late)
    assert second.one(Notice).text == text("say.elsewhere")
    assert second.said() == ["She speaks at hello."]
    assert room.kinds() == ["begin", "reply", "undo"]


def test_a_second_window_does_not_begin_over_an_attempt_under_way(room: Room) -> None:
    second = room.open()
    begun(room).press("reply", "warm")
    second.press("begin", "coached")
    assert second.one(Notice).text == text("say.elsewhere")
    assert len(second.talk.attempts()) == 1
    assert second.said()[-1] == "You were kind."


def test_pause_and_leave_work_in_an_overtaken_window(room: Room) -> None:
    first = begun(room)
    second = room.open()
    first.press("reply", "warm")
    second.press("leave")
    assert second.offered() == {("back", "")}
    second.press("back")
    assert second.said() == first.said()


def test_a_press_that_races_past_the_reading_is_refused_by_the_log(room: Room) -> None:
    page = begun(room, "straight")
    other = Answers(room.path)
    (attempt,) = page.talk.attempts()
    append = page.talk.keeper.append

    def slow(*args: object, **kwargs: object) -> object:
        page.talk.keeper.append = append  # type: ignore[method-assign]
        other.append(
            page.talk.activity, attempt.id, "reply", {"scene": "hello", "option": "cold"}, page.talk.play.fingerprint
        )
        return append(*args, **kwargs)  # type: ignore[arg-type]

    page.talk.keeper.append = slow  # type: ignore[assignment,method-assign]
    page.press("reply", "warm")
    assert page.one(Notice).text == text("say.elsewhere")
    assert room.replies() == [("hello", "cold")]


def test_a_press_that_cannot_be_kept_changes_nothing_and_can_be_pressed_again(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = begun(room)
    before = page.view.blocks

    def full(*args: object, **kwargs: object) -> None:
        raise AnswersError("The disk is full.")

    shown = opening.Page(page.talk)
    with monkeypatch.context() as patch:
        patch.setattr(page.talk.keeper, "append", full)
        shown.press(Press(do="reply", value="warm"))
    notice, *rest = shown.show().blocks
    assert notice == Notice(key="notice", text="The disk is full.", kind="warn")
    assert tuple(rest) == before
    shown.press(Press(do="reply", value="warm"))
    assert room.replies() == [("hello", "warm")]


# ---------------------------------------------------------------- assessment


@pytest.fixture
def exam(tmp_path: Path) -> Room:
    return Room(tmp_path, talking_case(use="assessment"), script=True)


def test_an_assessment_has_no_undo_no_comment_and_no_debrief(exam: Room) -> None:
    page = exam.open()
    assert page.offered() == {("begin", "straight")}
    page.press("begin", "straight")
    while page.all(Choices) or page.all(Ask):
        assert {do for do, _ in page.offered()} <= {"reply", "closest", "worded", "pause", "leave"}
        assert page.all(Feedback) == []
        if ("worded", "aloud") in page.offered():
            page.press("worded", "aloud")
        choices = page.one(Choices)
        page.press(choices.do, choices.options[0].id)
    assert page.one(Notice).text == text("talk.finished")
    assert page.offered() == {("leave", "")}
    assert {type(block) for block in page.view.blocks} == {Head, Log, Notice, Buttons}
    kinds = exam.kinds()
    for late in ("undo", "four", "again", "once"):
        page.late(late, "hurts")
        assert exam.kinds() == kinds, late


def test_an_assessment_resumes_where_it_stood(exam: Room) -> None:
    page = exam.open()
    page.press("begin", "straight")
    page.press("reply", page.one(Choices).options[1].id)
    assert exam.open().view.blocks == page.view.blocks
    again = exam.open()
    again.press("worded", "aloud")
    again.press("closest", "")
    again.press("reply", again.one(Choices).options[0].id)
    assert len(again.talk.attempts()[-1].replies) == 2


def test_an_assessments_log_holds_released_ids_alone(exam: Room) -> None:
    page = exam.open()
    page.press("begin", "straight")
    page.press("reply", page.one(Choices).options[0].id)
    raw = exam.path.read_text()
    assert not any(word in raw for word in ("hello", "warm", "cold", "level"))
    (attempt,) = attempts(page.talk.play, Answers(exam.path).of(page.talk.activity))
    assert len(attempt.replies) == 1


# ---------------------------------------------------------------- as plain text


class Typist:
    """Types the first letter offered, else a number that moves on, until nothing moves on any more."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.steps = 0

    def write(self, line: object = "") -> None:
        self.lines.append(str(line))

    def read(self, prompt: str = "") -> str:
        self.lines.append(prompt)
        if prompt == "… ":
            return WORDS
        shown = "\n".join(self.lines[-60:])
        if text("debrief.levels") in shown or text("debrief.before") in shown or self.steps > 200:
            return "q"
        self.steps += 1
        offered = prompt.strip("[] >").split(", ")
        return offered[0]


def finished(path: Path, item: str) -> bool:
    talk = store.load(Case, "roleplays", item)
    (attempt,) = attempts(CasePlay(talk), Answers(path).of(f"roleplay:{item}"))
    return attempt.complete


@pytest.mark.parametrize("item", ["late-colleague", "priya-party"])
def test_a_whole_case_can_be_played_as_plain_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, item: str) -> None:
    monkeypatch.setenv("TWOVOICES_ANSWERS", str(tmp_path))
    page, typist = opening.roleplay(item, tmp_path), Typist()
    terminal.run(page.show, page.press, read=typist.read, write=typist.write)
    written = " ".join(" ".join(typist.lines).split())
    assert finished(tmp_path / "answers.jsonl", item)
    assert " ".join(text("debrief.guess", name="")[:20].split()) in written
    assert text("debrief.critic") in written
    assert max(map(len, typist.lines)) <= 120
    assert WORDS.encode() not in (tmp_path / "answers.jsonl").read_bytes()


def test_the_command_try_plays_a_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TWOVOICES_ANSWERS", str(tmp_path))
    typist = Typist()

    def type_in(prompt: str) -> str:
        typist.lines += capsys.readouterr().out.splitlines()
        return typist.read(prompt)

    monkeypatch.setattr("builtins.input", type_in)
    monkeypatch.setattr(terminal.run, "__kwdefaults__", {"read": type_in, "write": print})
    assert cli.main(["try", "late-colleague"]) == 0
    assert finished(tmp_path / "answers.jsonl", "late-colleague")


def test_the_command_try_names_near_ids_for_one_it_does_not_know(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["try", "prya-party"]) == 2
    assert "There is no roleplay called 'prya-party'. Did you mean priya-party" in capsys.readouterr().err


def test_the_referral_opens_on_the_cover_of_a_case_that_names_one_and_gives_nothing_else_away(tmp_path: Path) -> None:
    case = store.load(Case, "roleplays", "priya-party")
    known = library.vignette(case.vignette)
    assert known is not None
    talk = Talk(CasePlay(case), Answers(tmp_path / "answers.jsonl"))
    (fold,) = [block for block in talk.show().blocks if isinstance(block, Fold)]
    assert (fold.summary, fold.open) == (text("talk.referral"), False)
    (prose,) = fold.blocks
    assert isinstance(prose, Prose)
    assert " ".join(prose.paragraphs) == " ".join(known.text.split())
    nobody = Talk(CasePlay(msgspec.structs.replace(case, vignette="V99")), Answers(tmp_path / "answers.jsonl"))
    assert not any(isinstance(block, Fold) for block in nobody.show().blocks)
