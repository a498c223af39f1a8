"""The lessons against the map they were written from: what is taught, practised, qualified, cited, and how it reads."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from twovoices.activities.practice import Practised
from twovoices.activities.shelf import SHELF
from twovoices.check import kinds, lessons, run
from twovoices.content import course, language, library, store, words
from twovoices.roleplay.model import Case

ROOT = Path(__file__).parents[2]
NOTEBOOKS = {path.stem: path for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
MAP: dict[str, Any] = yaml.safe_load((ROOT / "data" / "seed_map.yaml").read_text("utf-8"))
# The clinical map's housing of the items in the modules that are written.
HOUSED = {
    "M01": "SC-01 SC-03 SC-12 RR-02 RR-42 RR-47 RR-57",
    "M02": "SC-04 SC-13 SC-14 RR-01 RR-03 RR-05 RR-48 RR-56",
    "M03": "SC-02 SC-15 SC-16 SC-36 SC-37 SC-38 SC-39 SC-47 SC-49",
    "M04": "SC-05 SC-08 SC-09 SC-19 SC-21 SC-48 SC-53 RR-09 RR-39",
    "M05": "SC-06 SC-07 SC-10 SC-22 SC-23 SC-24 SC-25 SC-26 SC-27 RR-38 RR-40",
}
# Statements of the two articles to qualify in them.
QUALIFIED = {"Q03": "M03", "Q04": "M04", "Q05": "M03", "Q08": "M02", "Q14": "M05", "Q16": "M01", "Q18": "M00"}
MODULE = {lesson.notebook: lesson.id for lesson in course.lessons() if lesson.notebook}


def test_every_notebook_is_a_lesson_of_the_course_and_every_written_lesson_a_notebook() -> None:
    assert list(NOTEBOOKS) == [lesson.notebook for lesson in course.lessons() if lesson.notebook]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_course_map_counts_what_the_notebook_practises(name: str) -> None:
    lesson = next(lesson for lesson in course.lessons() if lesson.notebook == name)
    assert list(lesson.steps) == list(dict.fromkeys(lessons.steps(NOTEBOOKS[name])))


# ---------------------------------------------------------------- taught and practised


def test_every_item_housed_in_a_written_lesson_stands_in_the_map_and_no_other() -> None:
    wanted = {item: module for module, items in HOUSED.items() for item in items.split()}
    assert {item: MODULE[entry["notebook"]] for item, entry in MAP["items"].items()} == wanted


def tags() -> dict[str, set[str]]:
    """What each file, and each question of a quiz, is tagged with."""
    found: dict[str, set[str]] = {}
    for kind in SHELF:
        for name in store.ids(kind.folder):
            found[f"{kind.folder}/{name}"] = set(store.load(kind.model, kind.folder, name).practises)
    for name in store.ids("quizzes"):
        quiz = store.load(kinds.Quiz, "quizzes", name)
        found |= {f"quizzes/{name}#{question.id}": set(question.items) for question in quiz.questions}
        found[f"quizzes/{name}"] = {item for question in quiz.questions for item in question.items}
    return found | {f"roleplays/{name}": set() for name in store.ids("roleplays")}


TAGS = tags()


@pytest.mark.parametrize("item", MAP["items"])
def test_an_item_is_taught_under_its_heading_and_practised_by_what_is_tagged_with_it(item: str) -> None:
    entry = MAP["items"][item]
    assert entry["heading"] in lessons.headings(NOTEBOOKS[entry["notebook"]])
    assert entry["practised"]
    assert [name for name in entry["practised"] if name not in TAGS] == []
    assert any(item in TAGS[name] for name in entry["practised"])


def test_what_practises_an_item_is_opened_by_some_lesson() -> None:
    opened = {step for path in NOTEBOOKS.values() for step in lessons.steps(path)}
    folders = {"quizzes": "quiz", "roleplays": "roleplay", **{kind.folder: kind.name for kind in SHELF}}
    named = {
        f"{folders[folder]}:{name.partition('#')[0]}"
        for entry in MAP["items"].values()
        for folder, _, name in (place.partition("/") for place in entry["practised"])
    }
    assert named - opened == set()


def test_every_statement_to_qualify_is_qualified_in_its_lesson() -> None:
    assert {name: MODULE[entry["notebook"]] for name, entry in MAP["qualified"].items()} == QUALIFIED
    for entry in MAP["qualified"].values():
        assert entry["heading"] in lessons.headings(NOTEBOOKS[entry["notebook"]])


def test_tags_are_ids_of_the_inventory() -> None:
    pattern = re.compile(Practised.__metadata__[0].pattern)
    assert [tag for found in TAGS.values() for tag in found if not pattern.fullmatch(tag)] == []


@pytest.mark.parametrize("module", list(HOUSED))
def test_a_module_has_a_deck_of_twelve_a_quiz_with_two_answers_and_a_model_beside_a_kind_miss(module: str) -> None:
    path = next(path for name, path in NOTEBOOKS.items() if MODULE[name] == module)
    opened = lessons.calls(path)
    decks = [
        store.load(kind.model, kind.folder, item)
        for kind in SHELF
        for name, item in opened
        if name == kind.name == "drill"
    ]
    assert any(len(deck.prompts) >= 12 and {prompt.level for prompt in deck.prompts} == {1, 2, 3} for deck in decks)
    questions = [
        q for name, item in opened if name == "quiz" for q in store.load(kinds.Quiz, "quizzes", item).questions
    ]
    assert len(questions) >= 5
    assert sum(sum(bool(option.defensible) for option in question.options) == 2 for question in questions) >= 2
    clips = [
        clip.kind
        for name, item in opened
        if name == "transcript"
        for clip in store.load(kinds.Transcript, "transcripts", item).clips
    ]
    assert {"miss", "model"} <= set(clips)
    assert any(name == "rater" for name, _ in opened)
    assert any(name == "play" for name, _ in opened)


# ---------------------------------------------------------------- sources


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_source_is_one_of_the_references_with_the_word_for_its_strength(name: str) -> None:
    rows = list(lessons.sources(NOTEBOOKS[name]))
    assert len(rows) >= 5
    for row in rows:
        works = lessons.works(row.source)
        assert works, f"{row.source!r} is none of the works that may be cited"
        assert row.word in {lessons.evidence(work) for work in works}, f"{row.source}: {row.word}"
        assert len(row.use.split()) >= 2, row.source


def cited(value: Any) -> Iterator[str]:
    """Every reference id in a file's plain data."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from inner if key in ("references", "sources") and isinstance(inner, list) else cited(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from cited(inner)


def files() -> list[Path]:
    found = [
        path
        for folder in kinds.KINDS
        if folder not in ("words", "prompts")
        for path in store.sources(f"{folder}/*.yaml")
    ]
    return [*found, *sorted((ROOT / "solutions").glob("*/*.yaml"))]


def test_no_file_cites_anything_but_the_references() -> None:
    known = set(library.references())
    odd = {
        (path.name, name)
        for path in files()
        for name in cited(yaml.safe_load(path.read_text("utf-8")))
        if name not in known
    }
    assert odd == set()


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_lesson_says_how_strong_its_claims_are_in_words(name: str) -> None:
    text = lessons.prose(NOTEBOOKS[name]).partition(f"## {lessons.SOURCES}")[0]
    used = {word for word in library.EVIDENCE_WORDS.values() if re.search(rf"\*{word}\*", text)}
    assert len(used) >= 2, used


# ---------------------------------------------------------------- words


RUNS = {
    line
    for line in (Path(__file__).parent / "seed_runs.txt").read_text().split()
    if re.fullmatch(r"[0-9a-f]{16}", line)
}
LENGTH = 6


def runs(text: str) -> Iterator[str]:
    """Every run of six words of a text, paragraph by paragraph."""
    for paragraph in re.split(r"\n\s*\n", text):
        found = re.findall(r"[a-z']+", paragraph.lower())
        yield from (" ".join(found[n : n + LENGTH]) for n in range(len(found) - LENGTH + 1))


def copied(text: str) -> list[str]:
    """Runs that also stand in one of the two articles."""
    return [run for run in runs(text) if hashlib.sha256(run.encode()).hexdigest()[:16] in RUNS]


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings(inner)


def test_the_articles_runs_are_the_ones_given() -> None:
    assert len(RUNS) > 2000
    assert len(list(runs("one two three four five six seven\n\none two"))) == 2


@pytest.mark.parametrize(
    "path", [*files(), *NOTEBOOKS.values(), *sorted((ROOT / "solutions").glob("*/*.ipynb"))], ids=lambda p: p.name
)
def test_no_run_of_six_words_is_shared_with_the_two_articles(path: Path) -> None:
    if path.suffix == ".yaml":
        texts = list(strings(yaml.safe_load(path.read_text("utf-8"))))
    else:
        texts = [str("".join(cell["source"])) for cell in json.loads(path.read_text("utf-8"))["cells"]]
    assert [run for text in texts for run in copied(text)] == []


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_lesson_reads_at_grade_nine_or_easier(name: str) -> None:
    assert lessons.grade(NOTEBOOKS[name], words.of(language.SOURCE)) <= 9


@pytest.mark.parametrize("path", run.case_files(), ids=run.case_id)
def test_a_case_says_that_it_is_about_adults(path: Path) -> None:
    case = store.load_file(path, Case)
    if case.use in ("tutorial", "booster"):
        return
    ages = [int(age) for age in re.findall(r"\b(\d\d)\b", case.setting)]
    assert any(18 <= age <= 99 for age in ages), case.setting


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_sections_of_a_lesson_are_thirty_minutes_at_most_and_each_ends_with_a_stop(name: str) -> None:
    text = lessons.prose(NOTEBOOKS[name])
    table = re.findall(r"^\| *([^|]+?) *\| *(\d+) *\|", text, re.MULTILINE)
    for title, minutes in table:
        assert int(minutes) <= 30 or "exercise" in title.lower(), (title, minutes)
    numbered = [heading for heading in lessons.headings(NOTEBOOKS[name]) if re.match(r"\d+\. ", heading)]
    stops = [heading for heading in lessons.headings(NOTEBOOKS[name]) if heading.startswith("Done for today")]
    assert len(stops) >= len(numbered)
    assert [int(heading.split(".")[0]) for heading in numbered] == list(range(1, len(numbered) + 1))
    assert all(one != other for one, other in pairwise(numbered))


# ---------------------------------------------------------------- told to an author


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Puts one lesson with something changed where the check looks for lessons."""
    (tmp_path / "notebooks").mkdir()

    def put(old: str, new: str) -> list[str]:
        path = NOTEBOOKS["03_threat_and_desire"]
        raw = path.read_text("utf-8")
        assert old in raw
        (tmp_path / "notebooks" / path.name).write_text(raw.replace(old, new), "utf-8")
        monkeypatch.setattr(store, "repository", lambda: tmp_path)
        monkeypatch.setattr(store, "root", lambda: tmp_path / "data")
        monkeypatch.setattr(store, "_packed", lambda base: PACKED)
        return [f"{problem.code} {problem.what}" for problem in lessons.check()]

    return put


PACKED = kinds.compiled()


def test_the_lessons_have_no_problems() -> None:
    assert [str(problem) for problem in lessons.check()] == []


def test_an_author_is_told_of_a_step_a_source_and_a_word_that_are_wrong(changed: Any) -> None:
    assert changed("m03-six-claims", "m03-six-claims") == []
    told = changed('tv.quiz(\\"m03-six-claims\\")', 'tv.quiz(\\"m03-sixty-claims\\")')
    assert any(line == "E-SHAPE There is no quiz:m03-sixty-claims." for line in told)
    assert any("does not count what 03_threat_and_desire practises" in line for line in told)
    row = next(lessons.sources(NOTEBOOKS["03_threat_and_desire"]))
    (told_of,) = changed(f"| {row.source} |", "| Nobody 2099, a work |")
    assert told_of == "E-STANDARD This is none of the works that may be cited."
    other = "strong" if row.word != "strong" else "early"
    (told_of,) = changed(f"| {row.use} | {row.word} |", f"| {row.use} | {other} |")
    assert told_of == f"E-STANDARD Its claim is not {other!r}."
