"""From events to attempts: what counts, what is passed over, what is never replayed."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twovoices.events import Event, fold
from twovoices.roleplay.attempts import Attempt, attempts, to_mark
from twovoices.roleplay.model import Case
from twovoices.roleplay.play import CasePlay, Play

from .build import beat, case, talking_case
from .strategies import cases, walked


class Pen:
    """Writes events as the log would."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.events: list[Event] = []
        self.numbers: dict[str, int] = {}

    def __call__(self, attempt: str, kind: str, *, mark: str | None = None, **data: Any) -> Event:
        n = self.numbers.get(attempt, 0)
        self.numbers[attempt] = n + 1
        event = Event(
            v=1,
            id=f"{attempt}-{n}",
            at=f"2026-01-01T00:00:00.{len(self.events):03d}+00:00",
            activity="roleplay:small",
            attempt=attempt,
            n=n,
            kind=kind,
            data=data,
            course="0",
            fingerprint=mark or self.play.fingerprint,
        )
        self.events.append(event)
        return event

    def folded(self) -> list[Attempt]:
        return attempts(self.play, fold(self.events))


@pytest.fixture
def pen() -> Pen:
    return Pen(CasePlay(talking_case()))


def reply(pen: Pen, attempt: str, scene: str, option: Any) -> None:
    pen(attempt, "reply", scene=scene, option=option, shown=[])


def finish(pen: Pen, attempt: str) -> None:
    for scene, option in (("hello", "warm"), ("hurts", "sound"), ("close", "home")):
        reply(pen, attempt, scene, option)


@walked
@given(cases(), st.data())
def test_folding_replies_and_undos_equals_a_stack(talk: Case, data: st.DataObject) -> None:
    play = CasePlay(talk)
    pen = Pen(play)
    chance = data.draw(st.randoms(use_true_random=True))
    stack: list[tuple[str, str]] = []
    positions: list[Any] = [play.start()]
    misfits = 0
    for _ in range(data.draw(st.integers(1, 25))):
        moment = play.moment(positions[-1])
        match chance.choice(["reply", "reply", "reply", "undo", "misfit", "unknown"]):
            case "reply" if moment.replies:
                option = chance.choice(moment.replies)[0]
                reply(pen, "a", moment.scene, option)
                stack.append((moment.scene, option))
                positions.append(play.follow(positions[-1], option))
            case "undo":
                pen("a", "undo")
                if stack:
                    stack.pop()
                    positions.pop()
            case "misfit":
                wrong = chance.choice(
                    [("elsewhere", "o0"), (moment.scene, "never"), (moment.scene, None), (None, None)]
                )
                reply(pen, "a", *wrong)  # type: ignore[arg-type]
                misfits += 1
            case "unknown":
                pen("a", "danced", how="slowly")
    if not pen.events:
        return
    (attempt,) = pen.folded()
    assert attempt.replies == stack
    assert attempt.position == positions[-1]
    assert attempt.heard == [play.moment(position) for position in positions]
    assert attempt.skipped == misfits
    assert attempt.events == len(pen.events)
    assert attempt.complete == (not play.moment(positions[-1]).replies)


def test_interleaved_attempts_do_not_mix() -> None:
    play = CasePlay(talking_case())
    said = {"a": [("hello", "warm"), ("hurts", "sound"), ("close", "home")], "b": [("hello", "cold")]}
    for turns in set(itertools.permutations(["a", "a", "a", "b"])):
        pen, left = Pen(play), {name: list(replies) for name, replies in said.items()}
        pen("a", "begin", mode="straight")
        pen("b", "begin", mode="coached")
        for name in turns:
            reply(pen, name, *left[name].pop(0))
        assert [(item.id, item.replies, item.straight, item.complete, item.skipped) for item in pen.folded()] == [
            ("a", said["a"], True, True, 0),
            ("b", said["b"], False, False, 0),
        ]


def test_an_event_that_stands_twice_counts_once(pen: Pen) -> None:
    finish(pen, "a")
    pen.events += [pen.events[1], pen.events[0]]
    (attempt,) = pen.folded()
    assert attempt.events == 3
    assert attempt.complete


def test_events_in_any_order_of_the_file_fold_to_the_same_attempt(pen: Pen) -> None:
    finish(pen, "a")
    for turned in itertools.permutations(pen.events):
        (attempt,) = attempts(pen.play, fold(turned))
        assert attempt.replies == [("hello", "warm"), ("hurts", "sound"), ("close", "home")]


def test_two_copies_that_went_on_side_by_side_keep_the_first_and_count_the_other_as_skipped(pen: Pen) -> None:
    reply(pen, "a", "hello", "warm")
    pen.numbers["a"] = 0
    other = pen("a", "reply", scene="hello", option="cold")
    pen.events[-1] = Event(**({f: getattr(other, f) for f in other.__struct_fields__} | {"id": "other"}))
    (attempt,) = pen.folded()
    assert attempt.replies == [("hello", "warm")]
    assert attempt.skipped == 1
    assert attempt.events == 2


def test_a_reply_after_the_end_is_skipped(pen: Pen) -> None:
    finish(pen, "a")
    reply(pen, "a", "close", "home")
    (attempt,) = pen.folded()
    assert (attempt.complete, attempt.skipped, len(attempt.replies)) == (True, 1, 3)


def test_private_answers_ratings_and_rounds_are_kept_beside_the_replies(pen: Pen) -> None:
    reply(pen, "a", "hello", "warm")
    pen("a", "on")
    pen("a", "closest", scene="hurts", option="tells")
    pen("a", "again", beat="hurts", round=0, option="hurts-again-4", ticks=[0, 2])
    pen("a", "felt", of="client", value=3)
    pen("a", "felt", of="self", value=None)
    (attempt,) = pen.folded()
    assert attempt.explained == 1
    assert attempt.closest == {"hurts": "tells"}
    assert attempt.agains == [{"beat": "hurts", "round": 0, "option": "hurts-again-4", "ticks": [0, 2]}]
    assert attempt.felt == {"client": 3, "self": None}
    assert attempt.replies == [("hello", "warm")]


def test_undo_takes_back_the_comment_read_as_well(pen: Pen) -> None:
    reply(pen, "a", "hello", "warm")
    pen("a", "on")
    pen("a", "undo")
    reply(pen, "a", "hello", "cold")
    (attempt,) = pen.folded()
    assert attempt.explained == 0


@pytest.mark.parametrize("value", [5, -1, "3", True, 2.0, [1], None])
def test_a_rating_that_is_no_whole_number_from_0_to_4_reads_as_skipped(pen: Pen, value: Any) -> None:
    pen("a", "felt", of="client", value=value)
    (attempt,) = pen.folded()
    assert attempt.felt == {"client": None}


def test_an_attempt_under_an_older_fingerprint_is_never_replayed_and_keeps_its_summary(pen: Pen) -> None:
    pen("a", "begin", mark="older", mode="coached")
    pen("a", "reply", mark="older", scene="hello", option="warm")
    pen("a", "finish", mark="older", words="Met")
    (attempt,) = pen.folded()
    assert attempt.older
    assert attempt.replies == []
    assert attempt.skipped == 0
    assert not attempt.complete
    assert attempt.summary == {"words": "Met"}


def test_the_first_completed_attempt_counts_and_else_the_first(pen: Pen) -> None:
    reply(pen, "open", "hello", "warm")
    assert marked(pen) == "open"
    reply(pen, "later", "hello", "warm")
    assert marked(pen) == "open"
    finish(pen, "done")
    finish(pen, "done-again")
    assert marked(pen) == "done"


def test_an_older_attempt_never_counts(pen: Pen) -> None:
    pen("old", "begin", mark="older")
    assert to_mark(pen.folded()) is None
    reply(pen, "new", "hello", "warm")
    assert marked(pen) == "new"
    assert to_mark([]) is None


def marked(pen: Pen) -> str:
    found = to_mark(pen.folded())
    assert found is not None
    return found.id


def test_how_an_attempt_was_begun_decides_when_it_is_explained() -> None:
    play = CasePlay(case(beat("one")))
    for default in (True, False):
        pen = Pen(play)
        pen("plain", "closest", scene="one", option="")
        pen("straight", "begin", mode="straight")
        pen("coached", "begin", mode="coached")
        found = attempts(play, fold(pen.events), straight=default)
        assert [item.straight for item in found] == [default, True, False]
