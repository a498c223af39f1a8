"""Regret triage: the order of questions, five places, what opens for a part and what does not."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from twovoices.activities.triage import (
    ANSWERS,
    OPENS,
    PLACES,
    QUESTIONS,
    answered,
    arrive,
    earliest,
    opened_tools,
    reach,
)
from twovoices.view import Choices, Feedback, Prose, Table

from .pages import Page, changed, faults, real

STORY = real("triage", "leena-four-parts")


def answers(*given: str) -> dict[str, str]:
    """Answers to the questions as they come."""
    found: dict[str, str] = {}
    for answer in given:
        ask = arrive(found).ask
        assert ask is not None
        found[ask] = answer
    return found


@pytest.mark.parametrize(
    ("given", "place", "door"),
    [
        ("yes yes", "danger", ""),
        ("no no yes", "done-to-me", ""),
        ("no no no no yes", "no-wrong", "rule"),
        ("unknown no no no no", "no-wrong", "loss"),
        ("no no no no unknown", "no-wrong", ""),
        ("no no no yes yes no", "own-value", ""),
        ("no no no yes yes yes", "hurt-someone", ""),
        ("no no no unknown no yes", "hurt-someone", ""),
        ("no no no yes no no", None, ""),
        ("no no no yes unknown no", None, ""),
    ],
)
def test_the_answers_lead_to_their_place(given: str, place: str | None, door: str) -> None:
    arrival = arrive(answers(*given.split()))
    assert (arrival.place, arrival.door, arrival.ask) == (place, door, None)


def test_body_and_medicines_are_asked_first_and_danger_before_harm_suffered() -> None:
    assert arrive({}).ask == "body"
    assert arrive({"body": "yes"}).ask == "danger"
    assert arrive({"body": "no", "danger": "unknown"}).ask == "done"


def test_every_way_ends_and_no_place_comes_before_danger_and_harm_are_asked() -> None:
    ways = [{}]
    ended = 0
    while ways:
        given = ways.pop()
        arrival = arrive(given)
        if arrival.ask is None:
            ended += 1
            assert "danger" in given
            assert arrival.place == "danger" or "done" in given
            assert set(arrival.open) == {name for name, answer in given.items() if answer == "unknown"}
        else:
            assert arrival.ask not in given
            ways += [{**given, arrival.ask: answer} for answer in ANSWERS]
    assert ended > 100


def test_self_forgiveness_opens_for_own_value_and_for_having_hurt_someone_and_nowhere_else() -> None:
    assert {place for place in PLACES if "self-forgiveness" in opened_tools(place)} == {"own-value", "hurt-someone"}
    assert {place for place in PLACES if "repair" in opened_tools(place)} == {"hurt-someone"}
    assert {place for place in PLACES if "own-harshness" in opened_tools(place)} == {
        "no-wrong",
        "own-value",
        "hurt-someone",
    }


@pytest.mark.parametrize("place", [None, *PLACES])
def test_self_compassion_is_always_open(place: str | None) -> None:
    for asked in itertools.chain.from_iterable(itertools.combinations(QUESTIONS, n) for n in range(3)):
        assert "self-compassion" in opened_tools(place, asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("question", ["danger", "done"])
@pytest.mark.parametrize("place", PLACES)
def test_nothing_of_forgiving_opens_while_danger_or_harm_is_still_to_be_asked(place: str, question: str) -> None:
    opened = opened_tools(place, [question])  # type: ignore[arg-type]
    assert not opened & {"self-forgiveness", "repair", "own-harshness"}
    assert opened <= OPENS[place]  # type: ignore[index]


def test_the_part_to_begin_with_is_the_one_in_the_earliest_place() -> None:
    assert earliest(["hurt-someone", "no-wrong"]) == "no-wrong"
    assert earliest(["own-value", "danger", "done-to-me"]) == "danger"
    assert earliest([]) is None


@pytest.fixture
def page(tmp_path: Path) -> Page:
    return Page("triage", STORY, tmp_path)


def answer(page: Page, *given: str) -> None:
    for value in given:
        page.press("answer", value)


def test_a_part_is_explained_at_its_place_with_what_to_do_now_and_not_now(page: Page) -> None:
    answer(page, "no", "no", "yes")
    told = page.find(Feedback, "place-with-mika")
    assert told.heading == "You arrive at “Done to me”. This can be defended."
    assert told.body == STORY.parts[0].spots[0].why
    assert "responsibility is not theirs" in told.better
    assert "No self-forgiveness" in page.find(Prose, "later-with-mika").paragraphs[0]


def test_a_place_that_cannot_be_defended_is_worth_another_look_and_the_other_reading_stands_beside(page: Page) -> None:
    answer(page, "no", "no", "no", "yes", "yes", "no")
    assert page.find(Feedback, "place-with-mika").heading == "You arrive at “My own value”. Worth another look."
    assert page.find(Prose, "other-done-to-me-with-mika").heading == "Another reading: Done to me"


def test_what_nobody_knows_yet_is_to_be_asked(page: Page) -> None:
    answer(page, "unknown", "no", "yes")
    assert "Still to ask" in page.find(Feedback, "place-with-mika").body
    assert "a medicine" in page.find(Feedback, "place-with-mika").body


def test_the_last_answer_can_be_taken_back_and_those_after_an_earlier_one_go_with_it(page: Page) -> None:
    answer(page, "no", "no", "yes")
    page.press("back")
    assert page.has("done-with-mika")
    page.do("back", "back")
    assert page.find(Choices, "body-with-mika").options[0].id == "yes"
    assert answered(page.log.of("triage:leena-four-parts")) == {"with-mika": {}}


def test_all_parts_sorted_say_where_to_begin_and_for_which_part_self_forgiveness_may_open(page: Page) -> None:
    for given in ("no no yes", "yes no no no no", "no no no yes yes no", "no no no yes yes yes"):
        answer(page, *given.split())
        page.press("next")
    rows = page.find(Table, "sorted").rows
    assert [(row[1], row[3]) for row in rows] == [
        ("Done to me", "stay closed"),
        ("No wrong done", "stay closed"),
        ("My own value", "open"),
        ("I hurt someone", "open"),
    ]
    assert "Begin with the part in “Done to me”" in page.find(Prose, "begin").paragraphs[0]
    assert page.has("over")


def test_a_triage_resumes_at_the_question_that_is_open(page: Page) -> None:
    answer(page, "no", "no")
    page.open()
    assert page.has("done-with-mika")


def test_learners_meet_plain_names_alone(page: Page) -> None:
    answer(page, "no", "no", "yes")
    assert not any(word in page.said for word in ("pathway", "Pathway", "SC-", "RR-", "(B)", " B."))


def test_the_readings_of_a_part_lead_to_every_place_that_can_be_defended() -> None:
    for part in STORY.parts:
        assert {spot.id for spot in part.spots if spot.defensible} <= reach(part)
    first = STORY.parts[0]
    free = changed(first, readings=tuple(changed(r, reads=("no",)) for r in first.readings))
    assert faults("triage", changed(STORY, parts=(free, *STORY.parts[1:])))[0].endswith("not to done-to-me.")
    short = changed(first, spots=first.spots[:4])
    assert "E-WHY Nothing is said about place hurt-someone." in faults(
        "triage", changed(STORY, parts=(short, *STORY.parts[1:]))
    )
