"""The author's desk: what it writes reads and plays, what it prints is whole, and what it generates is current."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import jsonschema
import pytest
import yaml

from twovoices.authoring import pages, skeleton
from twovoices.check import run
from twovoices.content import store
from twovoices.content.errors import NotFound
from twovoices.content.strict import read_text
from twovoices.roleplay.model import Case

CASES = [run.case_id(path) for path in run.case_files()]


def test_the_schema_for_editors_is_current() -> None:
    kept = pages.schema_file().read_text("utf-8")
    assert kept == pages.schema() + "\n", "make it again: course.py print schema > data/schema/roleplay.json"


@pytest.mark.parametrize("item", CASES)
def test_a_real_case_fits_the_schema_and_a_misspelt_key_does_not(item: str) -> None:
    path = next(path for path in run.case_files() if run.case_id(path) == item)
    written = yaml.safe_load(path.read_text("utf-8"))
    validator = jsonschema.Draft202012Validator(json.loads(pages.schema()))
    assert [error.message for error in validator.iter_errors(written)] == []
    written["beats"][0]["option"] = written["beats"][0].pop("options")
    assert list(validator.iter_errors(written))


def test_a_new_case_passes_its_checks_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    review = run.review_case(read_text(skeleton.text("sam-later"), Case, "sam-later.yaml"))
    assert run.settled(review) == []


def test_a_new_case_is_refused_where_one_stands_or_the_id_cannot_be() -> None:
    with pytest.raises(NotFound, match="is there already"):
        skeleton.write("priya-party")
    with pytest.raises(NotFound, match="cannot be an id"):
        skeleton.write("Sam Later")


@pytest.mark.parametrize("item", CASES)
def test_an_outline_holds_every_line_reply_reason_and_ending(item: str) -> None:
    found = pages.case(item)
    flat = re.sub(r"\s+", " ", pages.outline(found))
    for beat in found.beats:
        for line in beat.client:
            assert re.sub(r"\s+", " ", line.say) in flat
        for option in beat.options:
            assert re.sub(r"\s+", " ", option.say) in flat
            assert re.sub(r"\s+", " ", option.why) in flat
    for ending in found.endings:
        assert ending.id in flat


@pytest.mark.parametrize("item", CASES)
def test_a_chart_is_an_svg_with_every_beat_reply_and_ending(item: str) -> None:
    found = pages.case(item)
    drawn = ET.fromstring(pages.chart(found))
    words = " ".join(drawn.itertext())
    for beat in found.beats:
        assert beat.id in words
        for option in beat.options:
            assert option.say in words
    for ending in found.endings:
        assert ending.id in words


@pytest.mark.parametrize("item", CASES)
def test_an_actors_brief_has_the_stop_word_and_lines_and_nothing_that_scores(item: str) -> None:
    found = pages.case(item)
    brief = pages.brief(found)
    assert "**stop**" in brief
    assert "Never improvise" in brief
    assert found.beats[0].client[-1].say in brief
    for beat in found.beats:
        for option in beat.options:
            assert option.say not in brief
            assert option.why not in brief
    assert not re.search(r"\bC\d{1,2}\b|\blevel\b|critical error", brief)


def test_an_unknown_case_is_told_by_name() -> None:
    with pytest.raises(NotFound, match="no role-play called 'nobody'"):
        pages.make("outline", "nobody")


def test_an_edited_case_is_seen_at_the_next_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWOVOICES_DATA", str(tmp_path))
    (tmp_path / "roleplays").mkdir()
    path = tmp_path / "roleplays" / "sam-later.yaml"
    path.write_text(skeleton.text("sam-later"), "utf-8")
    assert store.load(Case, "roleplays", "sam-later").title == "First session"
    path.write_text(skeleton.text("sam-later").replace("First session", "Second session"), "utf-8")
    assert store.load(Case, "roleplays", "sam-later").title == "Second session"
