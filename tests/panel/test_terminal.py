from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from twovoices import terminal
from twovoices.activities import opening
from twovoices.view import (
    Ask,
    Button,
    Buttons,
    Choice,
    Choices,
    Fold,
    Head,
    Log,
    Press,
    Prose,
    Said,
    Scale,
    Table,
    Ticks,
    View,
)


class Talk:
    """Shows views one after another, a press each; keeps what was typed, written and pressed."""

    def __init__(self, views: Iterable[View], typed: Iterable[str]) -> None:
        self.views, self.typed = list(views), list(typed)
        self.presses: list[Press] = []
        self.lines: list[str] = []
        self.prompts: list[str] = []
        terminal.run(self.show, self.presses.append, read=self.read, write=self.write)

    def show(self) -> View:
        return self.views[min(len(self.presses), len(self.views) - 1)]

    def read(self, prompt: str) -> str:
        self.prompts.append(prompt)
        if not self.typed:
            raise EOFError
        return self.typed.pop(0)

    def write(self, line: str) -> None:
        self.lines.append(line)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def choices(key: str = "c", *, off: bool = False) -> Choices:
    options = (Choice(id="x1", letter="A", text="First"), Choice(id="x2", letter="B", text="Second"))
    return Choices(key=key, label="Choose", options=options, do=f"reply-{key}", off=off)


GO = Buttons(key="go", items=(Button(do="on", label="Go on"), Button(do="set", label="Set", value="v")))


def test_a_letter_chooses_in_any_case() -> None:
    talk = Talk([View(label="T", blocks=(choices(),))], ["b", "A"])
    assert talk.presses == [Press(do="reply-c", value="x2"), Press(do="reply-c", value="x1")]


def test_letters_speak_to_the_first_choices_without_an_answer_and_then_to_the_last() -> None:
    done = Choices(key="done", label="Choose", options=(Choice(id="x1", letter="A", text="First", on=True),), do="done")
    blocks = (done, choices("one"), choices("two"), choices("three", off=True))
    assert Talk([View(label="T", blocks=blocks)], ["a"]).presses == [Press(do="reply-one", value="x1")]
    blocks = (done, choices("three", off=True))
    assert Talk([View(label="T", blocks=blocks)], ["a"]).presses == [Press(do="done", value="x1")]


def test_a_fold_is_closed_until_its_number_is_typed_and_what_is_in_it_can_be_pressed_then() -> None:
    inside = Buttons(key="in", items=(Button(do="inside", label="Inside"),))
    fold = Fold(key="f", summary="More", blocks=(Prose(key="p", paragraphs=("Hidden words.",)), inside))
    view = View(label="T", blocks=(GO, fold))
    talk = Talk([view], ["3"])
    assert "  3  + More" in talk.text
    assert talk.text.index("+ More") < talk.text.index("Hidden words.")
    assert talk.presses == []
    assert Talk([view], ["3", "3"]).presses == [Press(do="inside")]
    assert "Hidden" not in Talk([view], ["1"]).text


def test_every_question_of_a_quiz_can_be_answered(tmp_path: Path) -> None:
    page = opening.quiz("m02-kinds", tmp_path)
    count = sum(isinstance(block, Choices) for block in page.show().blocks)
    typed = ["a"] * count
    terminal.run(page.show, page.press, read=lambda _: typed.pop(0) if typed else "q", write=lambda _: None)
    chosen = [block for block in page.show().blocks if isinstance(block, Choices)]
    assert count >= 5
    assert all(any(option.on for option in block.options) for block in chosen)


def test_a_number_presses_a_button_and_an_exit_comes_last() -> None:
    head = Head(key="h", title="T", buttons=(Button(do="leave", label="Leave"), Button(do="no", label="No", off=True)))
    talk = Talk([View(label="T", blocks=(head, GO))], ["2", "3"])
    assert talk.presses == [Press(do="set", value="v"), Press(do="leave")]
    assert "  1  Go on\n  2  Set\n  3  Leave" in talk.text


def test_own_words_are_asked_before_the_replies_are_shown_and_travel_with_every_press_while_the_box_stands() -> None:
    view = View(label="T", blocks=(Ask(key="own", label="Your words?", hint="Nothing is saved."), choices(), GO))
    talk = Talk([view, view, View(label="T", blocks=(GO,))], ["my words", "a", "1", "1"])
    assert talk.presses == [
        Press(do="reply-c", value="x1", fields={"own": "my words"}),
        Press(do="on", fields={"own": "my words"}),
        Press(do="on"),
    ]
    assert talk.text.index("Nothing is saved.") < talk.text.index("First")


def test_an_empty_line_fills_a_box_with_nothing() -> None:
    talk = Talk([View(label="T", blocks=(Ask(key="own", label="Your words?"), choices()))], ["", "a"])
    assert talk.presses == [Press(do="reply-c", value="x1", fields={"own": ""})]


@pytest.mark.parametrize("typed", [["q"], ["Q"], ["words", "q"], []])
def test_q_and_the_end_of_input_leave(typed: list[str]) -> None:
    assert Talk([View(label="T", blocks=(Ask(key="own", label="Words?"), choices()))], typed).presses == []


def test_it_ends_when_nothing_is_left_to_press() -> None:
    end = View(label="T", blocks=(choices(off=True), Prose(key="p", paragraphs=("The end.",))))
    talk = Talk([View(label="T", blocks=(GO,)), end], ["1"])
    assert len(talk.presses) == 1
    assert talk.lines[-1] == "The end."


def test_something_else_typed_is_answered_with_what_may_be_typed() -> None:
    talk = Talk([View(label="T", blocks=(choices(), GO))], ["z", "9", "a"])
    assert len(talk.presses) == 1
    assert talk.text.count("Please type one of these: A, B, 1, 2, q to leave.") == 2


def test_a_line_of_the_conversation_is_written_once_and_again_only_after_undo() -> None:
    said = [Said(key=str(i), side="client", name="Client", say=f"Line number {i}.") for i in range(3)]

    def view(n: int) -> View:
        return View(label="T", blocks=(Log(key="log", label="Talk", lines=tuple(said[:n])), GO))

    talk = Talk([view(1), view(2), view(3), view(2), view(3)], ["1"] * 4)
    assert [talk.text.count(f"Line number {i}.") for i in range(3)] == [1, 1, 2]


def test_what_stands_unchanged_is_not_written_again_but_what_can_be_done_is() -> None:
    view = View(label="T", blocks=(Prose(key="p", paragraphs=("Once only.",)), choices(), GO))
    talk = Talk([view], ["a", "a"])
    assert talk.text.count("Once only.") == 1
    assert talk.text.count("  A  First") == 3


def test_a_rating_is_typed_as_its_number_and_buttons_count_on_after_it() -> None:
    scales = tuple(
        Scale(key=k, label=k, low=0, high=4, low_label="low", high_label="high", do=k, value=v)
        for k, v in (("one", 1), ("two", None))
    )
    talk = Talk([View(label="T", blocks=(*scales, GO))], ["0", "5"])
    assert talk.presses == [Press(do="two", value="0"), Press(do="on")]
    assert "your answer: 1" in talk.text


def test_ticks_show_their_state_and_are_pressed_by_number() -> None:
    items = (Choice(id="m", letter="", text="met it", on=True), Choice(id="w", letter="", text="left a way"))
    talk = Talk([View(label="T", blocks=(Ticks(key="t", label="It", items=items, do="tick"),))], ["2"])
    assert talk.presses == [Press(do="tick", value="w")]
    assert "  1  [x] met it\n  2  [ ] left a way" in talk.text


def test_no_line_is_longer_than_78_columns(gallery: dict[str, View]) -> None:
    wide = Table(key="wide", caption="Wide", header=("a", "b"), rows=(("word " * 20, "word " * 20),))
    for view in [*gallery.values(), View(label="W", blocks=(wide,))]:
        assert max(map(len, Talk([view], ["words"]).lines)) <= 78


def opening_of(view: View) -> str:
    """The number that opens a view's first fold."""
    offered = [line for line in Talk([view], ["words"]).lines if "  + " in line]
    return offered[0].split()[0] if offered else "q"


def test_every_block_of_the_gallery_says_its_words(gallery: dict[str, View]) -> None:
    text = " ".join(" ".join(Talk([view], ["words", opening_of(view)]).text.split()) for view in gallery.values())
    for words in (
        "looks at the floor, laughs once",
        "Critical error: forgives harm",
        "Level 1 · meant to comfort, lands as ranking",
        "! The answers file could not be written",
        "Critic louder until moment 4",
        "The kinder voice:",
        "0 (not at all) to 4 (fully); your answer: 2",
        "Meeting shame 4, 3, 1 not yet",
        "More about this moment:",
        "(chosen)",
        "A question counts.",
        "Do not enter real client information",
    ):
        assert words in text
