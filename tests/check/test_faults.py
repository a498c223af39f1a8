from __future__ import annotations

import gc
from collections import Counter, defaultdict
from typing import NamedTuple

import pytest

from twovoices.content.errors import Problem

from .faults import FAULTS, Fault, seal
from .seeding import caught, files

# The list as it was before any check was tuned to it: names, cases, codes and descriptions.
FROZEN = "43c31f6b5c0cce451dee86cf90655dcf6d98842a401115d77c8462c236e61729"
CODES = set(
    "E-SHAPE E-WHY E-UNREACHED E-STUCK E-SIZE W-ENDING W-STATE E-CHANCE E-GOOD E-OUTLOOK E-ERROR E-CRITICAL E-GUESS "
    "W-ROADS E-STANDARD W-WORDS W-READING W-CLOSING W-LANGUAGE".split()
)


class Outcome(NamedTuple):
    fault: Fault
    caught: bool
    problems: list[Problem]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    """Every fault, done and looked for, once for all tests."""
    gc.disable()  # collecting would walk thousands of scenes after each fault: a third of the time
    try:
        return [Outcome(fault, *caught(fault, tmp_path_factory.mktemp(fault.name))) for fault in FAULTS]
    finally:
        gc.enable()


def test_the_list_of_faults_is_the_frozen_one() -> None:
    assert seal() == FROZEN


def test_every_code_has_three_faults_or_more() -> None:
    counts = Counter(fault.code for fault in FAULTS)
    assert set(counts) == CODES
    assert min(counts.values()) >= 3


def test_faults_are_spread_over_the_cases_there_were_when_the_list_was_frozen() -> None:
    counts = Counter(fault.case for fault in FAULTS if fault.kind in ("case", "text"))
    assert len(counts) == 7
    assert set(counts) <= set(files())
    assert min(counts.values()) >= 5


def test_at_least_95_percent_of_the_faults_are_reported_where_they_are(
    outcomes: list[Outcome], capsys: pytest.CaptureFixture[str]
) -> None:
    rates: dict[str, list[bool]] = defaultdict(list)
    for outcome in outcomes:
        rates[outcome.fault.code].append(outcome.caught)
    missed = [outcome for outcome in outcomes if not outcome.caught]
    with capsys.disabled():
        each = ", ".join(f"{code} {sum(hits)}/{len(hits)}" for code, hits in sorted(rates.items()))
        print(f"\n{len(FAULTS) - len(missed)} of {len(FAULTS)} seeded faults reported: {each}")
        for fault, _, problems in missed:
            said = "; ".join(map(str, problems[:3])) or "nothing"
            print(f"missed {fault.name} in {fault.case}: {fault.code} expected ({fault.says}); said: {said}")
    assert len(missed) <= 0.05 * len(FAULTS)


def test_every_message_has_a_file_a_line_what_is_wrong_and_a_mend(outcomes: list[Outcome]) -> None:
    said = {problem for outcome in outcomes for problem in outcome.problems}
    assert {problem.code for problem in said} == CODES
    for problem in said:
        over_all_cases = problem.code == "E-GUESS" and problem.file in ("data/roleplays", "data/boosters")
        assert problem.line > 0 or over_all_cases, problem
        assert problem.file.endswith(".yaml") or over_all_cases, problem
        for sentence in (problem.what, problem.mend):
            assert sentence == sentence.strip(), problem
            assert sentence[-1] in ".?", problem
            assert "  " not in sentence, problem
        assert problem.mend[0].isupper() or problem.mend[0] in "`'", problem
