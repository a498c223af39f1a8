"""Language swap: prompts about what was typed, a version chosen, a reason, and *not safe to say* where it fits."""

from __future__ import annotations

from pathlib import Path

import pytest

from twovoices.activities.swap import UNSAID, chosen, versions
from twovoices.view import Choices, Feedback, Prose

from .pages import Page, changed, faults, real

SWAP = real("swap", "verdict-to-event")


@pytest.fixture
def page(tmp_path: Path) -> Page:
    return Page("swap", SWAP, tmp_path)


def test_a_term_to_avoid_is_named_with_what_the_course_prefers(page: Page) -> None:
    page.press("look", typed="A porn addict, and in denial.")
    asked = " ".join(page.find(Prose, "asked-note-addict").paragraphs)
    assert "“porn addict”" in asked
    assert "“in denial”" in asked
    assert "If it is the person's own word, keep it" in asked


def test_words_without_anything_to_ask_get_no_verdict_and_none_at_all_is_fine(page: Page) -> None:
    page.press("look", typed="He says that he is worried about it.")
    assert page.find(Prose, "asked-note-addict").paragraphs[0].startswith("No rule has anything to ask here.")
    page.press("look", typed="")
    assert page.find(Prose, "asked-note-addict").paragraphs[0].startswith("Nothing is typed")


def test_versions_come_after_a_try_or_on_request(page: Page) -> None:
    assert not page.has("versions-note-addict")
    page.press("offer")
    assert page.has("versions-note-addict")


def test_every_version_has_its_reason_and_either_of_two_good_ones_names_the_other(page: Page) -> None:
    page.press("offer")
    phrase = SWAP.phrases[0]
    for option in phrase.options:
        page.press("choose", option.id)
        told = page.find(Feedback, "why-note-addict")
        assert told.body == option.why
        assert told.heading == ("This can be defended" if option.defensible else "Worth another look")
        others = [o for o in phrase.options if o.defensible and o.id != option.id]
        assert page.find(Prose, "other-note-addict").paragraphs[1] == others[0].why
    assert chosen(page.log.of("swap:verdict-to-event")) == {"note-addict": phrase.options[-1].id}


def test_own_words_stay_beside_the_versions_in_memory_alone(page: Page) -> None:
    page.press("look", typed="He says he can't leave it.")
    page.press("choose", "softer", typed="He says he can't leave it.")
    assert page.find(Prose, "yours-note-addict").paragraphs == ("He says he can't leave it.",)
    page.open()
    assert "leave it." not in str(page.activity.words)


def test_not_safe_to_say_can_be_chosen_and_defended_where_it_fits(page: Page) -> None:
    last = SWAP.phrases[-1]
    assert [option.id for option in versions(last)][-1] == UNSAID
    assert all(phrase.unsaid is None for phrase in SWAP.phrases[:-1])
    for phrase in SWAP.phrases[:-1]:
        page.do("offer", ("choose", phrase.options[0].id), "next")
    page.press("offer")
    assert page.find(Choices, f"versions-{last.id}").options[-1].id == UNSAID
    page.press("choose", UNSAID)
    assert page.find(Feedback, f"why-{last.id}").body == last.unsaid.why
    page.press("next")
    assert page.has("end")


def test_a_swap_resumes_at_the_first_phrase_without_a_choice(page: Page) -> None:
    page.do("offer", ("choose", "softer"))
    page.open()
    assert page.has("own-im-a-liar")


def test_a_group_that_is_not_there_and_a_phrase_without_a_good_version_are_faults() -> None:
    first = SWAP.phrases[0]
    odd = changed(first, look=("nothing-such",))
    assert faults("swap", changed(SWAP, phrases=(odd,))) == ["E-SHAPE There is no group 'nothing-such'."]
    worse = changed(first, options=tuple(changed(o, defensible=False) for o in first.options))
    assert faults("swap", changed(SWAP, phrases=(worse,))) == ["E-SHAPE 0 of 3 can be defended."]
