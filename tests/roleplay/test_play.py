from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twovoices.roleplay.engine import Misfit
from twovoices.roleplay.model import Case
from twovoices.roleplay.play import CasePlay, ScriptPlay, shuffled
from twovoices.roleplay.script import compile_case

from . import reference
from .build import beat, case, option, talking_case
from .strategies import cases, walked

REPLIES = (("a", "First."), ("b", "Second."), ("c", "Third."), ("d", "Fourth."))


def order(attempt: str, scene: str, replies: tuple[tuple[str, str], ...] = REPLIES) -> list[str]:
    return [item for item, _ in shuffled(attempt, scene, replies)]


def test_the_order_of_replies_depends_on_neither_file_order_nor_wording() -> None:
    reworded = tuple((item, f"{say} Differently.") for item, say in REPLIES)
    assert {tuple(order("attempt", "scene", turned)) for turned in permutations(REPLIES)} == {
        tuple(order("attempt", "scene"))
    }
    assert order("attempt", "scene", reworded) == order("attempt", "scene")


def test_the_order_is_the_same_on_every_machine() -> None:
    """Worked out with sha256sum."""
    assert order("attempt-1", "scene-1") == ["b", "a", "c", "d"]
    assert order("attempt-2", "scene-1") == ["b", "c", "d", "a"]
    assert order("attempt-1", "scene-2") == ["c", "a", "d", "b"]


@walked
@given(st.text(max_size=8), st.text(max_size=8), st.lists(st.text(max_size=5), unique=True, max_size=5))
def test_every_reply_is_shown_once_with_its_own_words(attempt: str, scene: str, ids: list[str]) -> None:
    replies = tuple((item, f"I say {item}.") for item in ids)
    assert sorted(shuffled(attempt, scene, replies)) == sorted(replies)


def test_attempts_see_every_reply_first_about_equally_often() -> None:
    first = [order(f"attempt-{number}", "scene")[0] for number in range(2000)]
    counts = [first.count(item) for item, _ in REPLIES]
    assert all(430 <= count <= 570 for count in counts), counts


@walked
@given(cases())
def test_the_place_told_is_exact_where_the_way_ahead_is_the_same_for_all(talk: Case) -> None:
    play = CasePlay(talk)
    spine = reference.spine(talk, reference.paths(talk))
    for steps, _ in reference.paths(talk):
        position = play.start()
        for number, step in enumerate(steps):
            later = [talk.beats[after.before.at] for after in steps[number + 1 :]]
            assert play.ahead(position) == 1 + sum(here in spine for here in later)
            position = play.follow(position, step.option.id)
        assert play.ahead(position) == 0
        assert play.moment(position).replies == ()


def test_a_moment_says_who_speaks_what_is_seen_and_what_can_be_said() -> None:
    play = CasePlay(talking_case())
    moment = play.moment(play.follow(play.start(), "cold"))
    assert moment.scene == "hurts"
    assert [(said.name, said.say, said.seen) for said in moment.heard] == [("Ana", "It is nothing.", "Looks away.")]
    assert [item for item, _ in moment.replies] == ["meets", "sound", "tells"]
    assert moment.words


def test_a_reply_that_is_not_on_offer_is_refused_by_case_and_script() -> None:
    talk = case(beat("one", option("a", 3), option("b", 3, needs="open")), flags=("open",))
    for play in (CasePlay(talk), ScriptPlay(compile_case(talk).script)):
        with pytest.raises(Misfit):
            play.follow(play.start(), "b")
