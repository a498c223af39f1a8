"""Questions, written work, worked examples and forms: presses, coming back, scoring, and what is released."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twovoices import terminal
from twovoices.activities import form, opening, quiz, release, written
from twovoices.activities.base import Activity
from twovoices.activities.form import Form, FormOption, FormPage, Item
from twovoices.activities.quiz import Answer, Heard, Question, Quiz, QuizPage
from twovoices.activities.transcript import Clip, Transcript, TranscriptPage
from twovoices.activities.written import ClientLine, RubricRow, Written, WrittenPage
from twovoices.answers import Answers, AnswersError, Place
from twovoices.content import store
from twovoices.content.errors import NotFound
from twovoices.content.texts import text
from twovoices.roleplay.script import compile_case
from twovoices.view import Ask, Button, Buttons, Choices, Feedback, Head, Log, Notice, Press, Prose, Scale, Ticks, View

from ..roleplay.build import talking_case

B = TypeVar("B")
QUIZ = Quiz(
    id="small-quiz",
    title="Two questions",
    questions=(
        Question(
            id="first",
            ask="What would you say first?",
            stem="She laughs.",
            heard=(Heard(who="Ana", say="It was nothing.", seen="Laughs."), Heard(who="Clinician", say="Nothing?")),
            options=(
                Answer("meet", "I would meet it.", True, "Because it meets her."),
                Answer("wait", "I would wait.", True, "Because waiting is kind."),
                Answer("joke", "I would joke.", False, "Because it hides."),
            ),
        ),
        Question(
            id="second",
            ask="And then?",
            options=(
                Answer("ask", "I would ask.", True, "It opens."),
                Answer("tell", "I would tell.", False, "It closes."),
            ),
        ),
    ),
)
WRITTEN = Written(
    id="small-written",
    title="In your own words",
    case="A case.\n\nIts second paragraph.",
    prompts=("What hurts?",),
    replies=(ClientLine("to-ana", "Ana", "I am no good."), ClientLine("to-ben", "Ben", "She left.", "Shrugs.")),
    rubric=(
        RubricRow("meets", "Meets the hurt", "formulation", ("0", "1", "2", "3", "4")),
        RubricRow("leaves", "Leaves the verdict", "replies", ("0", "1", "2", "3", "4"), weight=2),
    ),
)
TRANSCRIPT = Transcript(
    id="small-transcript",
    title="A kind miss",
    content_note="shame",
    clips=(
        Clip("missed", "miss", (Heard("Ana", "I am no good."), Heard("Clinician", "But you are!")), "It argues."),
        Clip("mended", "model", (Heard("Clinician", "No good."),)),
        Clip("after", "scene", (Heard("Ana", "Yes.", "Looks up."),)),
    ),
)
FORM = Form(
    id="small-form",
    title="Before you begin",
    items=(
        Item("ready", "scale", "How ready?", low_label="not", high_label="quite", thanks="Thank you."),
        Item(
            "way",
            "choose",
            "Which way?",
            options=(FormOption("short", "Short", answer="Short, then."), FormOption("long", "Long")),
        ),
        Item(
            "topics",
            "tick",
            "Which topics?",
            options=(FormOption("a", "A"), FormOption("b", "B"), FormOption("c", "C")),
        ),
    ),
)


class Window:
    """One window on an activity; only what is shown can be pressed."""

    def __init__(self, activity: Activity) -> None:
        self.activity = activity
        self.view: View = activity.show()

    def press(self, do: str, value: str = "", **fields: str) -> None:
        offered = {(block.do, item.id) for block in self.all(Choices) for item in block.options}
        offered |= {(block.do, item.id) for block in self.all(Ticks) for item in block.items}
        offered |= {(block.do, str(n)) for block in self.all(Scale) for n in range(block.low, block.high + 1)}
        offered |= {(button.do, button.value) for button in self.buttons()}
        assert (do, value) in offered
        self.late(do, value, **fields)

    def late(self, do: str, value: str = "", **fields: str) -> None:
        self.activity.press(Press(do=do, value=value, fields=fields))
        self.view = self.activity.show()

    def buttons(self) -> Iterator[Button]:
        for block in self.view.blocks:
            yield from block.items if isinstance(block, Buttons) else getattr(block, "buttons", ())

    def all(self, kind: type[B]) -> list[B]:
        return [block for block in self.view.blocks if isinstance(block, kind)]

    def headings(self) -> list[str]:
        return [block.heading for block in self.all(Prose) if block.heading]


@pytest.fixture
def log(tmp_path: Path) -> Callable[[], Answers]:
    """The log as another kernel opens it."""
    return lambda: Answers(tmp_path / "answers.jsonl")


Log_ = Callable[[], Answers]


def ask(log: Log_, asked: Quiz = QUIZ) -> Window:
    return Window(QuizPage(asked, quiz.fingerprint(QUIZ), log()))


def write(log: Log_) -> Window:
    return Window(WrittenPage(WRITTEN, written.fingerprint(WRITTEN), log()))


def fill(log: Log_) -> Window:
    return Window(FormPage(FORM, log()))


# ---------------------------------------------------------------- questions


def test_a_question_is_explained_as_soon_as_it_is_answered(log: Log_) -> None:
    page = ask(log)
    assert page.all(Feedback) == []
    assert page.all(Head)[0].note == text("quiz.answered", done=0, all=2)
    page.press("answer:first", "joke")
    (why,) = page.all(Feedback)
    assert (why.heading, why.body, why.quote) == (text("quiz.look_again"), "Because it hides.", "I would joke.")
    assert page.view.focus == "why-first"
    assert [item.id for item in page.all(Choices)[0].options if item.on] == ["joke"]
    assert page.all(Head)[0].note == text("quiz.answered", done=1, all=2)


def test_of_two_that_can_be_defended_the_other_is_shown_too(log: Log_) -> None:
    page = ask(log)
    page.press("answer:first", "meet")
    assert page.all(Feedback)[0].heading == text("quiz.defensible")
    other = next(block for block in page.all(Prose) if block.heading == text("quiz.also"))
    assert other.paragraphs == ("“I would wait.” Because waiting is kind.",)
    page.press("answer:second", "ask")
    assert page.headings().count(text("quiz.also")) == 1


def test_what_was_heard_stands_above_the_question_by_speaker(log: Log_) -> None:
    (heard,) = ask(log).all(Log)
    assert [(line.side, line.name, line.say, line.seen) for line in heard.lines] == [
        ("client", "Ana", "It was nothing.", "Laughs."),
        ("you", "Clinician", "Nothing?", ""),
    ]


def test_an_answer_can_be_changed_and_the_last_one_counts_after_a_reload(log: Log_) -> None:
    page = ask(log)
    page.press("answer:first", "joke")
    page.press("answer:second", "tell")
    page.press("answer:first", "wait")
    assert quiz.answers(log().of("quiz:small-quiz")) == {"first": "wait", "second": "tell"}
    again = ask(log)
    assert again.view.blocks == page.view.blocks
    assert again.view.focus == ""
    assert len({event.attempt for event in log().read().events}) == 1


@pytest.mark.parametrize(
    ("do", "value"),
    [("answer:first", "never"), ("answer:none", "meet"), ("first", "meet"), ("save", "first"), ("", "")],
)
def test_a_press_that_answers_nothing_is_not_kept(log: Log_, do: str, value: str) -> None:
    ask(log).late(do, value)
    assert log().read().events == ()


def test_answers_to_another_structure_are_not_shown(log: Log_) -> None:
    log().append("quiz:small-quiz", "a", "answer", {"question": "first", "option": "joke"}, "another")
    assert ask(log).all(Feedback) == []


def test_the_order_of_answers_does_not_follow_the_file() -> None:
    orders = set()
    for number in range(20):
        asked = msgspec.structs.replace(QUIZ, id=f"quiz-{number}")
        choices = Window(QuizPage(asked, "", Answers(Path("nowhere")))).all(Choices)[0]
        orders.add(tuple(item.id for item in choices.options))
    assert len(orders) >= 4


@pytest.mark.parametrize(
    ("given", "share"),
    [
        ({}, 0.0),
        ({"first": "meet"}, 0.5),
        ({"first": "wait"}, 0.5),
        ({"first": "joke", "second": "ask"}, 0.5),
        ({"first": "wait", "second": "ask"}, 1.0),
        ({"first": "tell", "second": "meet", "third": "ask"}, 0.0),
    ],
)
def test_either_of_two_defensible_answers_earns_the_same(given: dict[str, str], share: float) -> None:
    assert quiz.share(QUIZ, given) == share


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda s: st.lists(s, max_size=2), max_leaves=3
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["answer", "save", "say", "x"]),
            st.dictionaries(st.sampled_from(["question", "option", "part", "text"]), JUNK),
        )
    )
)
def test_scoring_reads_any_log_without_failing(found: list[tuple[str, dict[str, Any]]]) -> None:
    from twovoices.events import Event

    events = [
        Event(v=1, id=str(n), at="", activity="", attempt="", n=n, kind=kind, data=data, course="", fingerprint="")
        for n, (kind, data) in enumerate(found)
    ]
    given = quiz.answers(events)
    assert all(isinstance(key, str) and isinstance(value, str) for key, value in given.items())
    assert 0 <= quiz.share(QUIZ, given) <= 1
    assert all(isinstance(words, str) and words.strip() for words in written.saved(events).values())


# ---------------------------------------------------------------- released questions


def test_a_released_quiz_carries_neither_marks_nor_reasons_nor_authored_ids() -> None:
    released = quiz.released(QUIZ)
    raw = msgspec.json.encode(released)
    assert not re.search(rb"defensible|why|Because|opens|closes|meet\"|wait\"|joke\"|tell\"|true|false", raw)
    for question in released.questions:
        ids = [option.id for option in question.options]
        assert all(re.fullmatch(r"[0-9a-f]{12}", item) for item in ids)
        assert ids == sorted(ids)
    assert {option.text for option in released.questions[0].options} == {
        option.text for option in QUIZ.questions[0].options
    }


def test_a_released_id_leads_back_to_its_answer_and_depends_on_no_wording() -> None:
    reworded = msgspec.structs.replace(
        QUIZ,
        questions=tuple(
            msgspec.structs.replace(q, options=tuple(msgspec.structs.replace(o, text=f"{o.text}!") for o in q.options))
            for q in QUIZ.questions
        ),
    )
    for question in QUIZ.questions:
        for option in question.options:
            item = quiz.released_id(QUIZ, question, option.id)
            words = next(o.text for q in quiz.released(reworded).questions for o in q.options if o.id == item)
            assert words == f"{option.text}!"
    assert quiz.fingerprint(reworded) == quiz.fingerprint(QUIZ)
    shorter = msgspec.structs.replace(QUIZ, questions=QUIZ.questions[:1])
    assert quiz.fingerprint(shorter) != quiz.fingerprint(QUIZ)


def test_a_marked_quiz_explains_nothing_and_says_when_all_is_answered(log: Log_) -> None:
    released = quiz.released(QUIZ)
    page = ask(log, released)
    for question in released.questions:
        page.press(f"answer:{question.id}", question.options[0].id)
        assert page.all(Feedback) == []
        assert text("quiz.also") not in page.headings()
    assert page.all(Prose)[-1].paragraphs == (text("quiz.done"),)
    assert ask(log, released).view.blocks == page.view.blocks


# ---------------------------------------------------------------- written work


def test_words_are_kept_only_by_save_and_beside_the_line_that_says_who_reads_them(log: Log_) -> None:
    page = write(log)
    assert all(text("written.who_reads") in box.hint for box in page.all(Ask))
    assert log().read().events == ()
    box = page.all(Ask)[1]
    page.press("save", "to-ana", **{box.key: "No good, you say.", page.all(Ask)[0].key: "typed and not saved"})
    assert written.saved(log().of("written:small-written")) == {"to-ana": "No good, you say."}
    assert "typed and not saved" not in (log().path.read_text())
    assert page.all(Head)[0].note == text("written.saved", done=1, all=3)
    assert text("written.kept", words=4) in str(page.view)


def test_saving_again_replaces_and_clearing_takes_out(log: Log_) -> None:
    page = write(log)
    page.press("save", "formulation", **{page.all(Ask)[0].key: "First."})
    page.press("save", "formulation", **{page.all(Ask)[0].key: "Second."})
    assert written.saved(log().of("written:small-written")) == {"formulation": "Second."}
    assert write(log).all(Ask)[0].value == "Second."
    page.press("clear", "formulation")
    assert written.saved(log().of("written:small-written")) == {}
    assert write(log).all(Ask)[0].value == ""


def test_a_reload_shows_saved_words_again(log: Log_) -> None:
    page = write(log)
    page.press("save", "to-ben", **{page.all(Ask)[2].key: "She left."})
    assert write(log).view.blocks == page.view.blocks


def test_blank_words_are_nothing_saved(log: Log_) -> None:
    page = write(log)
    page.press("save", "to-ana", **{page.all(Ask)[1].key: " \n "})
    assert page.all(Head)[0].note == text("written.saved", done=0, all=3)


def test_very_long_words_are_cut_at_the_limit(log: Log_) -> None:
    page = write(log)
    page.press("save", "to-ana", **{page.all(Ask)[1].key: "x" * (written.LIMIT + 5)})
    assert len(written.saved(log().of("written:small-written"))["to-ana"]) == written.LIMIT


@pytest.mark.parametrize(("do", "value"), [("save", "nothing"), ("send", "to-ana"), ("clear", "")])
def test_a_press_on_no_part_is_not_kept(log: Log_, do: str, value: str) -> None:
    write(log).late(do, value)
    assert log().read().events == ()


def test_a_rubric_row_is_read_on_the_formulation_or_on_the_replies() -> None:
    assert written.read_for(WRITTEN, WRITTEN.rubric[0]) == ("formulation",)
    assert written.read_for(WRITTEN, WRITTEN.rubric[1]) == ("to-ana", "to-ben")


def test_the_fingerprint_of_written_work_covers_parts_and_rows_not_words() -> None:
    same = msgspec.structs.replace(WRITTEN, case="Another case.", title="Other")
    assert written.fingerprint(same) == written.fingerprint(WRITTEN)
    other = msgspec.structs.replace(WRITTEN, replies=WRITTEN.replies[:1])
    assert written.fingerprint(other) != written.fingerprint(WRITTEN)


# ---------------------------------------------------------------- worked examples


def test_a_kind_miss_is_announced_before_it_is_read_and_mended_right_after(log: Log_) -> None:
    page = Window(TranscriptPage(TRANSCRIPT, log()))
    assert page.all(Log) == []
    assert page.all(Head)[0].note == text("say.note", note="shame")
    labels = []
    for count in (1, 2, 3):
        labels += [button.label for button in page.buttons()]
        page.press("more")
        assert len(page.all(Log)) == count
        assert page.view.focus == f"title-{TRANSCRIPT.clips[count - 1].id}"
    assert labels == [text(f"transcript.show_{kind}") for kind in ("miss", "model", "scene")]
    assert page.headings() == [
        text("transcript.miss"),
        text("transcript.notice"),
        text("transcript.model"),
        text("transcript.scene"),
    ]
    assert list(page.buttons()) == []
    assert log().read().events == ()


def test_a_transcript_that_begins_with_a_scene_shows_it_at_once(log: Log_) -> None:
    page = Window(TranscriptPage(msgspec.structs.replace(TRANSCRIPT, clips=TRANSCRIPT.clips[2:]), log()))
    assert [line.say for line in page.all(Log)[0].lines] == ["Yes."]


# ---------------------------------------------------------------- forms


def test_a_form_keeps_each_press_and_every_answer_can_be_changed(log: Log_) -> None:
    page = fill(log)
    assert page.all(Head)[0].note == text("form.private")
    for do, value in (
        ("ready", "3"),
        ("way", "long"),
        ("topics", "c"),
        ("topics", "a"),
        ("ready", "7"),
        ("topics", "c"),
        ("way", "short"),
    ):
        page.press(f"say:{do}", value)
    found = FormPage(FORM, log()).given()
    assert found == {"ready": 7, "way": "short", "topics": ["a"]}
    assert page.all(Scale)[0].value == 7
    assert [item.id for item in page.all(Ticks)[0].items if item.on] == ["a"]
    assert fill(log).view.blocks == page.view.blocks


def test_thanks_and_an_options_own_answer_are_shown_once_given(log: Log_) -> None:
    page = fill(log)
    assert page.all(Prose) == []
    page.press("say:ready", "0")
    page.press("say:way", "short")
    assert [block.paragraphs for block in page.all(Prose)] == [("Thank you.",), ("Short, then.",)]
    page.press("say:way", "long")
    assert [block.paragraphs for block in page.all(Prose)] == [("Thank you.",)]


@pytest.mark.parametrize(
    ("do", "value"),
    [
        ("say:ready", "11"),
        ("say:ready", "-1"),
        ("say:ready", "x"),
        ("say:way", "a"),
        ("say:topics", "short"),
        ("say:none", "a"),
    ],
)
def test_a_press_no_question_of_the_form_knows_is_not_kept(log: Log_, do: str, value: str) -> None:
    fill(log).late(do, value)
    assert log().read().events == ()


def test_ticking_twice_takes_the_tick_away(log: Log_) -> None:
    page = fill(log)
    page.press("say:topics", "b")
    page.press("say:topics", "b")
    assert FormPage(FORM, log()).given() == {"topics": []}


def test_the_fingerprint_of_a_form_covers_questions_not_words() -> None:
    assert form.fingerprint(msgspec.structs.replace(FORM, title="Else")) == form.fingerprint(FORM)
    assert form.fingerprint(msgspec.structs.replace(FORM, items=FORM.items[1:])) != form.fingerprint(FORM)


# ---------------------------------------------------------------- as plain text


def type_in(activity: Activity, *typed: str) -> str:
    lines, left = [], list(typed)

    def read(prompt: str) -> str:
        if not left:
            raise EOFError
        return left.pop(0)

    terminal.run(activity.show, activity.press, read=read, write=lambda line: lines.append(str(line)))
    return "\n".join(lines)


def test_a_question_can_be_answered_as_plain_text(log: Log_) -> None:
    one = msgspec.structs.replace(QUIZ, questions=QUIZ.questions[1:])
    page = QuizPage(one, "f", log())
    (choices,) = Window(page).all(Choices)
    said = type_in(page, choices.options[0].letter.lower())
    assert quiz.answers(log().read().events) == {"second": choices.options[0].id}
    assert "It opens." in said or "It closes." in said


def test_a_form_can_be_filled_in_as_plain_text(log: Log_) -> None:
    said = type_in(FormPage(FORM, log()), "7", "b", "11")
    assert FormPage(FORM, log()).given() == {"ready": 7, "way": "long", "topics": ["a"]}
    assert "Thank you." in said


def test_a_worked_example_can_be_read_as_plain_text(log: Log_) -> None:
    said = type_in(TranscriptPage(TRANSCRIPT, log()), "1", "1", "1")
    assert said.index("But you are!") < said.index("It argues.") < said.index("No good.", said.index("It argues."))


def test_written_work_can_be_saved_as_plain_text(log: Log_) -> None:
    type_in(WrittenPage(WRITTEN, "f", log()), "My formulation.", "To Ana.", "To Ben.", "2")
    assert written.saved(log().read().events) == {"to-ana": "To Ana."}


# ---------------------------------------------------------------- opening by id


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An exercise folder with a release in it."""
    monkeypatch.delenv("TWOVOICES_ANSWERS", raising=False)
    folder = tmp_path / "exercises" / "02_small"
    folder.mkdir(parents=True)
    talk = talking_case(use="assessment")
    source = release.Source(
        "02_small", {talk.id: talk}, {talk.id: compile_case(talk)}, {QUIZ.id: QUIZ}, {WRITTEN.id: WRITTEN}
    )
    (folder / release.NAME).write_bytes(release.encode(release.release(source)))
    return folder


def test_an_exercise_opens_its_own_release_and_keeps_answers_beside_it(room: Path) -> None:
    page = opening.quiz("small-quiz", room)
    choices = next(block for block in page.show().blocks if isinstance(block, Choices))
    page.press(Press(do=choices.do, value=choices.options[0].id))
    assert [event.activity for event in Answers(room / "answers.jsonl").read().events] == ["quiz:small-quiz"]
    assert not any(isinstance(block, Notice) for block in page.show().blocks)


def test_a_visible_check_says_what_is_there_and_never_how_good_it_is(room: Path) -> None:
    assert opening.answered("small", room) == text("answered.talk_none")
    talk = opening.roleplay("small", room)
    talk.press(Press(do="begin", value="straight"))
    assert opening.answered("small", room) == text("answered.talk_open", done=0, all=3)
    for _ in range(3):
        view = talk.show()
        if any(isinstance(block, Ask) for block in view.blocks):
            talk.press(Press(do="worded", value="aloud"))
            talk.press(Press(do="closest"))
            view = talk.show()
        choices = next(block for block in view.blocks if isinstance(block, Choices))
        talk.press(Press(do="reply", value=choices.options[0].id))
    assert opening.answered("small", room) == text("answered.talk_done")
    assert opening.answered("small-quiz", room) == text("answered.quiz", done=0, all=2)
    assert opening.answered("small-written", room) == text("answered.written", done=0, all=3)
    page = opening.written("small-written", room)
    box = next(block for block in page.show().blocks if isinstance(block, Ask))
    page.press(Press(do="save", value="formulation", fields={box.key: "Words."}))
    assert opening.answered("small-written", room) == text("answered.written", done=1, all=3)


def test_what_an_exercise_does_not_hold_is_not_found(room: Path, tmp_path: Path) -> None:
    for opener in (opening.written, opening.answered):
        with pytest.raises(NotFound, match=re.escape(text("written.nowhere", item="other"))):
            opener("other", room)
    with pytest.raises(NotFound, match="There is no quiz"):
        opening.quiz("no-such-quiz", room)


@pytest.mark.parametrize("kind", ["quizzes", "transcripts", "forms", "roleplays"])
def test_every_shipped_activity_opens(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWOVOICES_ANSWERS", str(tmp_path))
    opener = {
        "quizzes": opening.quiz,
        "transcripts": opening.transcript,
        "forms": opening.form,
        "roleplays": opening.roleplay,
    }[kind]
    items = store.ids(kind)
    assert items
    for item in items:
        assert opener(item, tmp_path).show().blocks


def test_a_page_says_where_answers_go_when_that_is_not_obvious(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "home" / "answers.jsonl"
    monkeypatch.setattr(opening.answers, "locate", lambda folder=None: Place(path, "home"))
    first, *_ = opening.form("ready", tmp_path).show().blocks
    assert first == Notice(key="notice", text=text("say.home", path=path))
    monkeypatch.setattr(opening.answers, "locate", lambda folder=None: Place(path, "preview"))
    first, *_ = opening.form("ready", tmp_path).show().blocks
    assert first == Notice(key="notice", text=text("say.preview", path=path))


def test_a_page_says_what_of_the_log_could_not_be_read(room: Path) -> None:
    (room / "answers.jsonl").write_bytes(b"torn")
    first, *_ = opening.quiz("small-quiz", room).show().blocks
    assert isinstance(first, Notice)
    assert first.text.startswith("1 line(s) of the answers file could not be used")
    assert "answers.jsonl, line 1" in first.text


def test_a_press_that_cannot_be_kept_is_told_on_the_page_and_can_be_pressed_again(
    room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = opening.quiz("small-quiz", room)
    before = page.show().blocks
    choices = next(block for block in before if isinstance(block, Choices))
    answer = Press(do=choices.do, value=choices.options[0].id)
    with monkeypatch.context() as patch:
        patch.setattr(Answers, "append", lambda *_, **__: (_ for _ in ()).throw(AnswersError("The disk is full.")))
        page.press(answer)
    first, *rest = page.show().blocks
    assert first == Notice(key="notice", text="The disk is full.", kind="warn")
    assert tuple(rest) == before
    page.press(answer)
    assert len(Answers(room / "answers.jsonl").read().events) == 1
    assert not any(isinstance(block, Notice) for block in page.show().blocks)


# ---------------------------------------------------------------- the page for supervision


def debriefed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> opening.Page:
    monkeypatch.setenv("TWOVOICES_ANSWERS", str(tmp_path))
    talk = talking_case(supervision="What did I hurry?", title="A <small> talk")
    monkeypatch.setattr(opening, "store", SimpleNamespace(load=lambda *_: talk, ids=lambda _: []))
    page = opening.roleplay("small", tmp_path)
    presses = [
        ("begin", "straight"),
        ("reply", "warm"),
        ("worded", ""),
        ("closest", "tells"),
        ("reply", "meets"),
        ("reply", "home"),
    ]
    for do, value in [*presses, ("felt", ""), ("self", ""), ("step", "1"), ("step", "2")]:
        boxes = {block.key: "my <own> words" for block in page.show().blocks if isinstance(block, Ask)}
        page.press(Press(do=do, value=value, fields=boxes))
    return page


def test_keep_writes_a_page_to_print_with_the_moment_the_line_and_the_question(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = debriefed(tmp_path, monkeypatch)
    assert not (tmp_path / "kept").exists()
    page.press(Press(do="keep", fields={"supervision": "Why did I <hurry>?"}))
    (kept,) = (tmp_path / "kept").iterdir()
    body = kept.read_text(encoding="utf-8")
    assert kept.name == "supervision-small-a-small-talk.html"
    for words in ("You were kind.", "I say meets.", "my &lt;own&gt; words", "Why did I &lt;hurry&gt;?"):
        assert words in body
    assert "<own>" not in body
    assert "http" not in body
    assert str(kept) in str(page.show())
    assert "<own>" not in (tmp_path / "answers.jsonl").read_text()


def test_a_page_that_cannot_be_written_is_told_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = debriefed(tmp_path, monkeypatch)
    (tmp_path / "kept").write_text("in the way")
    page.press(Press(do="keep", fields={"supervision": "Why?"}))
    first = page.show().blocks[0]
    assert isinstance(first, Notice)
    assert first.text.startswith("The page could not be written to ")
    assert first.kind == "warn"
