"""The gate: what opens it, what does not, what it says, and what it never closes."""

from __future__ import annotations

from pathlib import Path

import pytest

from twovoices.activities import gate as gates
from twovoices.activities.gate import Closed, Gate, GatePage, Standing, WayRound
from twovoices.activities.quiz import Answer, Question, Quiz, fingerprint
from twovoices.answers import Answers
from twovoices.content.texts import text
from twovoices.roleplay.model import Case
from twovoices.roleplay.play import CasePlay
from twovoices.roleplay.talk import Talk
from twovoices.view import Ask, Choices, Press, Ticks, View

from ..roleplay.build import beat, case, option

GATE = Gate(
    id="safety",
    title="One conversation",
    module="M02",
    lead=("What is asked.", "The way round."),
    pool=("one", "two", "three"),
    way_round=WayRound(quiz="heard", roleplay="around"),
    opens=("lab:letter",),
    closed=("Why it is closed.",),
)
AROUND = Quiz(
    id="heard",
    title="Heard",
    questions=(
        Question(id="q1", ask="?", options=(Answer("good", "a", True, "w"), Answer("bad", "b", False, "w"))),
        Question(id="q2", ask="?", options=(Answer("good", "a", True, "w"), Answer("bad", "b", False, "w"))),
    ),
)


def conversation(name: str, use: str = "gate") -> Case:
    return case(
        beat("hello", option("warm", 4), option("cold", 1), focus="C4"),
        beat(
            "asks",
            option("safe", 4),
            option("sound", 3),
            option("vague", 2),
            focus="C4",
            critical=True,
            your_words=use == "gate",
            criteria=("asked", "privately", "waited"),
        ),
        id=name,
        use=use,
        people={"client": name.title()},
    )


CASES = {name: conversation(name) for name in GATE.pool} | {"around": conversation("around", "practice")}


class Learner:
    """One learner, one log, one gate page and one tool behind it."""

    def __init__(self, folder: Path, teaching: bool = False) -> None:
        self.log = Answers(folder / "answers.jsonl")
        self.page = self.opened()
        self.tool = Closed(Talk(CasePlay(conversation("tool")), self.log), "A letter", GATE, self.where, teaching)

    def opened(self) -> GatePage:
        """The page as a new window or a restarted kernel has it."""
        return GatePage(GATE, {name: Talk(CasePlay(CASES[name]), self.log) for name in GATE.pool}, self.where)

    def where(self) -> Standing:
        return gates.standing(GATE, CASES, AROUND, self.log)

    def press(self, do: str, value: str = "", **fields: str) -> View:
        self.page.press(Press(do=do, value=value, fields=fields))
        return self.page.show()

    def meet(self, name: str, at_critical: str, look: bool = True) -> None:
        """Go through one of the pool, choosing a reply at the critical moment."""
        self.press("gate", name)
        if self.page.talk.attempts():
            self.press("restart")
        self.press("begin", "straight")
        self.press("reply", "warm")
        self.press("worded")
        self.press("closest", at_critical)
        self.press("reply", at_critical)
        self.press("felt")
        self.press("self")
        if look:
            self.press("looked", "asks")


def keys(view: View) -> list[str]:
    return [block.key for block in view.blocks]


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    return Learner(tmp_path)


def test_a_new_learner_reads_what_is_asked_and_the_way_round_before_any_content_note(learner: Learner) -> None:
    shown = keys(learner.page.show())
    assert shown.index("head") < shown.index("gate-lead") < shown.index("cover")
    assert learner.where() == Standing("", 0)


@pytest.mark.parametrize(("reply", "opens"), [("safe", True), ("sound", True), ("vague", False)])
def test_the_first_attempt_at_the_critical_moment_decides(learner: Learner, reply: str, opens: bool) -> None:
    learner.meet("one", reply)
    assert bool(learner.where().by) is opens
    assert ("gate-result" in keys(learner.page.show())) is not opens
    learner.meet("one", "safe")
    assert bool(learner.where().by) is opens, "a second time through the same conversation counts for nothing yet"


def test_nothing_opens_before_ones_own_words_have_been_looked_over(learner: Learner) -> None:
    learner.meet("one", "safe", look=False)
    assert learner.where() == Standing("", 0)
    view = learner.page.show()
    ticks = next(block for block in view.blocks if isinstance(block, Ticks))
    assert [item.text for item in ticks.items] == ["asked", "privately", "waited"]
    learner.press("tick", "1")
    learner.press("looked", "asks")
    assert learner.where().by == "pool"
    assert learner.page.talk.attempts()[0].checked == {"asks": [1]}
    assert "gate-state" in keys(learner.page.show())


def test_what_was_typed_is_shown_again_and_never_kept(learner: Learner) -> None:
    view = learner.press("begin", "straight")
    view = learner.press("reply", "warm")
    box = next(block.key for block in view.blocks if isinstance(block, Ask))
    for press in (("worded", ""), ("closest", "safe"), ("reply", "safe"), ("felt", ""), ("self", "")):
        view = learner.press(*press, **{box: "Is anyone hurting you?"})
    assert "Is anyone hurting you?" in str(view)
    learner.press("looked", "asks")
    assert "hurting" not in learner.log.path.read_text("utf-8")


def test_after_a_miss_somebody_else_waits_and_can_open_it(learner: Learner) -> None:
    learner.meet("one", "vague")
    assert learner.where() == Standing("", 1)
    assert "gate-next" in keys(learner.page.show())
    learner.press("gate", "two")
    assert learner.page.talk.play.id == "two"
    learner.meet("two", "sound")
    assert learner.where() == Standing("pool", 1)


def test_after_everyone_was_met_the_page_speaks_of_supervision_and_a_later_try_counts(learner: Learner) -> None:
    for name in GATE.pool:
        learner.meet(name, "vague")
    assert learner.where() == Standing("", 3, True)
    assert text("gate.supervision") in str(learner.page.show())
    assert "gate-next" not in keys(learner.page.show())
    learner.meet("two", "safe")
    assert learner.where() == Standing("pool", 3)


def answer(learner: Learner, **given: str) -> None:
    for question, option_id in given.items():
        learner.log.append(
            "quiz:heard", "a", "answer", {"question": question, "option": option_id}, fingerprint(AROUND)
        )


def around(learner: Learner, reply: str) -> None:
    talk = Talk(CasePlay(CASES["around"]), learner.log)
    for press in (("begin", "straight"), ("reply", "warm"), ("reply", reply)):
        talk.show()
        talk.press(Press(*press))


@pytest.mark.parametrize(
    ("given", "reply", "by"),
    [
        ({"q1": "good", "q2": "good"}, "safe", "way"),
        ({"q1": "good", "q2": "bad"}, "safe", ""),
        ({"q1": "good"}, "safe", ""),
        ({"q1": "good", "q2": "good"}, "vague", ""),
        ({}, "safe", ""),
    ],
)
def test_the_way_round_opens_it_as_well(learner: Learner, given: dict[str, str], reply: str, by: str) -> None:
    answer(learner, **given)
    around(learner, reply)
    assert learner.where().by == by


def test_whoever_takes_the_way_round_and_misses_can_still_open_it_by_that_way(learner: Learner) -> None:
    answer(learner, q1="good", q2="good")
    around(learner, "vague")
    assert learner.where() == Standing("", 0, True)
    assert text("gate.supervision") in str(learner.page.show())
    around(learner, "sound")
    assert learner.where().by == "way"


def test_a_page_opened_again_stands_where_it_stood(learner: Learner) -> None:
    learner.meet("two", "vague")
    learner.page = learner.opened()
    assert learner.page.talk.play.id == "two"
    assert "gate-result" in keys(learner.page.show())


def test_a_closed_tool_says_why_and_takes_no_press_until_it_opens(learner: Learner) -> None:
    assert "Why it is closed." in str(learner.tool.show())
    learner.tool.press(Press(do="begin", value="straight"))
    assert learner.tool.tool.keeper.of("roleplay:tool") == ()
    learner.meet("one", "safe")
    assert "Why it is closed." not in str(learner.tool.show())
    learner.tool.press(Press(do="begin", value="straight"))
    assert any(isinstance(block, Choices) for block in learner.tool.show().blocks)


def test_teaching_opens_it_and_says_so(tmp_path: Path) -> None:
    learner = Learner(tmp_path, teaching=True)
    assert text("gate.taught") in str(learner.tool.show())
    assert not learner.where().by
    learner.tool.press(Press(do="begin", value="straight"))
    assert learner.tool.tool.keeper.of("roleplay:tool") != ()


def test_an_earlier_version_of_a_conversation_counts_for_nothing(learner: Learner) -> None:
    learner.log.append("roleplay:one", "old", "begin", {"mode": "straight"}, "another-shape")
    learner.log.append("roleplay:one", "old", "finish", {"words": "Met"}, "another-shape")
    assert learner.where() == Standing("", 0)
