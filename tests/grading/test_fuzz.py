"""Whatever bytes a hand-in is made of: only the documented errors, and marks within bounds."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from html import unescape
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twovoices import answers
from twovoices.activities import release
from twovoices.activities.release import Assessment, Source
from twovoices.answers import Event
from twovoices.grading import arrivals, intake, marking, pages, taking_in
from twovoices.grading.arrivals import IntakeError

from . import scratch
from .scratch import ASSIGNMENT, CASE, QUIZ, REPOSITORY, WRITTEN, Learner

fuzzed = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
KINDS = [*intake.TAKEN, "closest", "undo", "finish", "again", "felt", "on", "", "\ud7ff"]
ACTIVITIES = [f"roleplay:{CASE}", f"quiz:{QUIZ}", f"written:{WRITTEN}", "roleplay:priya-party", "", "written:../x"]
WORDS = st.one_of(st.text(max_size=40), st.sampled_from(["2026-01-01T00:00:00+00:00", "0001-01-01", "a", "../x"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def source() -> Source:
    return release.read_source(REPOSITORY / "solutions" / ASSIGNMENT)


@pytest.fixture(scope="module")
def course(source: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with its exercise released, made without nbgrader."""
    course = tmp_path_factory.mktemp("fuzz") / "course"
    exercise = course / "exercises" / ASSIGNMENT
    exercise.mkdir(parents=True)
    (exercise / release.NAME).write_bytes(release.encode(release.release(source)))
    (exercise / f"{ASSIGNMENT}.ipynb").write_text("{}")
    (course / "solutions").symlink_to(REPOSITORY / "solutions")
    return course


@pytest.fixture(scope="module")
def assessment(source: Source) -> Assessment:
    return release.release(source)


@pytest.fixture(scope="module")
def log(course: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A real learner's whole log, private events and all."""
    learner = Learner.of("real", course, tmp_path_factory.mktemp("homes"))
    learner.play(scratch.level(3), moments=4)
    learner.play(scratch.best)
    learner.answer(scratch.defensible(1))
    learner.write(formulation="One.", first_reply="Two.")
    return (learner.folder / "answers.jsonl").read_bytes()


@st.composite
def events(draw: st.DrawFn) -> Event:
    """An event with whatever stands in its fields."""
    return Event(
        v=draw(st.integers(-2, 1)),
        id=draw(WORDS),
        at=draw(WORDS),
        activity=draw(st.sampled_from(ACTIVITIES)),
        attempt=draw(WORDS),
        n=draw(st.integers()),
        kind=draw(st.sampled_from(KINDS)),
        data=draw(st.dictionaries(st.sampled_from(["scene", "option", "question", "part", "text", "mode", "x"]), JSON)),
        course=draw(WORDS),
        fingerprint=draw(WORDS),
    )


@st.composite
def mutations(draw: st.DrawFn) -> list[tuple[str, int, int, bytes]]:
    """Things to do to a log: kind, two places (as shares of 10,000), some bytes."""
    kinds = ["delete", "double", "swap", "flip", "cut", "insert", "replace", "edit"]
    share = st.integers(0, 9_999)
    return draw(
        st.lists(st.tuples(st.sampled_from(kinds), share, share, st.binary(max_size=12)), min_size=1, max_size=12)
    )


def mutated(log: bytes, changes: Sequence[tuple[str, int, int, bytes]]) -> bytes:
    """A log after some changes."""
    for kind, one, two, raw in changes:
        rows = log.split(b"\n")
        here, there = one * len(rows) // 10_000, two * len(rows) // 10_000
        at = one * len(log) // 10_000
        match kind:
            case "delete":
                del rows[here]
            case "double":
                rows.insert(there, rows[here])
            case "swap":
                rows[here], rows[there] = rows[there], rows[here]
            case "edit":
                rows[here] = _edited(rows[here], rows[there], two)
        log = b"\n".join(rows)
        match kind:
            case "flip" if log:
                log = log[:at] + bytes([log[at % len(log)] ^ (1 + two % 255)]) + log[at + 1 :]
            case "cut":
                log = log[: max(at, len(log) // 2)]
            case "insert":
                log = log[:at] + raw + log[at:]
            case "replace":
                log = log[:at] + raw + log[at + len(raw) :]
    return log


def _edited(row: bytes, other: bytes, which: int) -> bytes:
    """An event with one field, or one part of its data, taken from another: what editing by hand gives."""
    try:
        one, two = json.loads(row), json.loads(other)
        names = sorted(set(one) & set(two))
        name = names[which % len(names)]
        if name == "data" and one["data"]:
            inner = sorted(one["data"])[which % len(one["data"])]
            one["data"][inner] = two["data"].get(inner, which)
        else:
            one[name] = two[name]
        return json.dumps(one).encode()
    except (ValueError, TypeError, KeyError, AttributeError, ZeroDivisionError):
        return row


def marks(source: Source, found: Sequence[Event]) -> list[float | None]:
    """Every mark of a hand-in, with its pages made on the way."""
    hand_in = marking.read(source, found)
    for talk in hand_in.talks.values():
        pages.talk_page(talk)
    for quiz in hand_in.quizzes.values():
        pages.quiz_page(quiz)
    cells = json.loads((REPOSITORY / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").read_bytes())["cells"]
    marked = [c["metadata"]["nbgrader"]["grade_id"] for c in cells if c["metadata"].get("nbgrader", {}).get("grade")]
    return [marking.share(hand_in, grade_id) for grade_id in marked]


def in_bounds(shares: Sequence[float | None]) -> bool:
    return all(share is None or 0 <= share <= 1 for share in shares)


@fuzzed
@given(st.binary(max_size=2_000) | st.text(max_size=500).map(lambda words: words.encode("utf-8", "surrogatepass")))
def test_any_bytes_are_read_as_events_or_told(raw: bytes) -> None:
    reading = answers.parse(raw)
    assert len(reading.events) + len(reading.unread) == sum(bool(line.strip()) for line in raw.split(b"\n"))


@fuzzed
@given(st.lists(JSON.map(lambda value: json.dumps(value).encode()), max_size=20))
def test_any_json_is_read_as_events_or_told(rows: list[bytes]) -> None:
    answers.fold(answers.parse(b"\n".join(rows)).events)


@fuzzed
@given(st.lists(events(), max_size=30))
def test_any_events_come_out_clean_and_within_bounds(
    source: Source, assessment: Assessment, found: list[Event]
) -> None:
    cleaned = intake.clean(answers.fold(found), assessment)
    for event in cleaned.events:
        assert event.data.keys() == set(intake.TAKEN[event.kind])
        assert all(isinstance(value, str) for value in event.data.values())
        assert 0 <= event.n <= intake.EVENTS_MAX
    assert intake.clean(cleaned.events, assessment).events == cleaned.events
    assert in_bounds(marks(source, cleaned.events))
    assert in_bounds(marks(source, found))  # marking trusts intake, and holds without it


@fuzzed
@given(mutations())
def test_a_real_log_mutated_is_marked_within_bounds(
    source: Source, assessment: Assessment, log: bytes, changes: list[tuple[str, int, int, bytes]]
) -> None:
    reading = answers.parse(mutated(log, changes))
    found = answers.fold(reading.events)
    cleaned = intake.clean(found, assessment)
    shares = marks(source, cleaned.events)
    assert in_bounds(shares)
    assert answers.fold(cleaned.events) == cleaned.events


@fuzzed
@given(mutations())
def test_a_real_log_mutated_is_taken_in_or_refused(
    course: Path, log: bytes, changes: list[tuple[str, int, int, bytes]]
) -> None:
    sent = arrivals.Sent("real", ASSIGNMENT, "real.zip", (("answers.jsonl", mutated(log, changes)),), None)
    try:
        manifest = taking_in.one(course, sent)
    except IntakeError:
        return
    submitted = course / "submitted" / "real" / ASSIGNMENT
    found = intake.verified_events(course, submitted, ASSIGNMENT, "real")
    assert set(manifest.files) == {path.name for path in submitted.iterdir()}
    assert found == intake.clean(answers.fold(found), release.find(course / "exercises" / ASSIGNMENT)).events  # type: ignore[arg-type]


@fuzzed
@given(st.binary(max_size=300) | st.tuples(st.just(b"PK\x05\x06"), st.binary(max_size=60)).map(b"".join))
def test_any_bytes_named_as_a_zip_are_refused(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(raw)
    with pytest.raises(IntakeError):
        arrivals.read(path)


@fuzzed
@given(mutations())
def test_a_real_zip_mutated_is_read_or_refused(
    tmp_path: Path, assessment: Assessment, log: bytes, changes: list[tuple[str, int, int, bytes]]
) -> None:
    raw = intake.pack("real", assessment, answers.parse(log).events, "0.1.0")
    path = tmp_path / "real.zip"
    bytewise = [change for change in changes if change[0] in ("flip", "cut", "insert", "replace")]
    path.write_bytes(mutated(raw, bytewise))
    with contextlib.suppress(IntakeError):
        assert arrivals.read(path).origin == "real.zip"


@fuzzed
@given(st.text())
def test_no_text_can_be_acted_on(words: str) -> None:
    shown = pages.escape(words).replace("<br>", "").replace("<span></span>", "")
    assert not set(shown) & set("<>\"'`*_[]|~{}$\\\n\r\v\f\x00\x85\u2028\u2029")


@fuzzed
@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"])))
def test_every_text_is_shown_as_it_was_written(words: str) -> None:
    assert unescape(pages.escape(words).replace("<span></span>", "")) == words


@fuzzed
@given(st.text())
def test_any_name_is_safe_to_print(name: str) -> None:
    shown = arrivals.shown(name)
    assert shown.isprintable()
    assert len(shown) <= 100


@fuzzed
@given(st.text(max_size=80))
def test_an_id_that_is_accepted_is_the_plain_name_of_one_folder(name: str) -> None:
    if intake.is_learner(name):
        assert Path(name).name == name
        assert name.isascii()
        assert not name.startswith(".")
        assert not name.endswith(".")
