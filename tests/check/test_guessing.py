from __future__ import annotations

import pytest

from twovoices import cli
from twovoices.check import fair, reader, shape, surface
from twovoices.content import words
from twovoices.roleplay.model import Case
from twovoices.roleplay.script import compile_case

from .seeding import files

ENGLISH = words.of("en")
LIMIT = 0.10


@pytest.fixture(scope="module")
def scored() -> list[Case]:
    return shape.cases(files().values())


def test_a_model_of_surface_features_finds_at_most_10_points_more_than_chance(
    scored: list[Case], capsys: pytest.CaptureFixture[str]
) -> None:
    pools = [surface.moments(case, ENGLISH) for case in scored]
    guesses = [surface.guess(*pair) for pair in zip(surface.leave_one_out(pools), pools, strict=True)]
    together = surface.together(guesses)
    with capsys.disabled():
        print(f"\na model trained on the other cases finds the best reply in {together.said}")
    assert together.gain <= LIMIT == fair.MODEL_GAIN


def test_a_blind_reader_of_the_released_scripts_finds_at_most_10_points_more_than_chance(
    scored: list[Case], capsys: pytest.CaptureFixture[str]
) -> None:
    told = reader.pools([case for case in scored if case.use == "practice"], ENGLISH)
    unknown = reader.pools([case for case in scored if case.use == "assessment"], ENGLISH)
    found = {}
    for title, kind in reader.KINDS.items():
        weights = reader.train(list(told.values()), kind)
        found[kind] = surface.together([reader.read(weights, pool, kind) for pool in unknown.values()])
        with capsys.disabled():
            print(f"\nthe blind reader, {title}: {found[kind].said}")
    assert unknown
    assert found["both"].gain <= LIMIT


def test_the_blind_reader_sees_every_moment_and_every_reply_of_a_script(scored: list[Case]) -> None:
    case = next(case for case in scored if case.use == "assessment")
    moments = reader.marked(case, compile_case(case), ENGLISH)
    assert [moment.name for moment in moments] == [beat.id for beat in case.beats]
    for moment, beat in zip(moments, case.beats, strict=True):
        assert len(moment.rows) == len(beat.options)
        assert sum(moment.best) == sum(o.level == max(p.level for p in beat.options) for o in beat.options)
        assert all(len(row) == len(reader.names()) for row in moment.rows)


def test_a_reader_finds_what_is_plainly_there() -> None:
    """One feature tells the best reply: a model that could not learn this would prove nothing."""
    told = [
        surface.Moment(str(n), [[1.0, n % 3 - 1], [-0.5, 0.5], [-0.5, 0.0]], (True, False, False)) for n in range(9)
    ]
    guess = surface.guess(surface.fit(told), told)
    assert (guess.hits, guess.chance) == (9, 3)


def test_replies_that_cannot_be_told_apart_are_found_by_chance() -> None:
    same = surface.Moment("same", [[0.0], [0.0], [0.0], [0.0]], (True, False, False, False))
    assert surface.hit([1.0], same) == 0.25


def test_check_shape_names_features_cases_and_beats(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", "--shape", "ray-wednesday"]) == 0
    page = capsys.readouterr().out
    assert "over all cases" in page
    assert "ray-wednesday: " in page
    assert "priya-party" not in page
    assert "the limit is 10 points over chance" in page
    assert "The blind reader" in page
    assert any(name in page for name in surface.FEATURES)
