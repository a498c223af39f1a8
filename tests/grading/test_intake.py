"""Intake by itself: what it does when it runs again, breaks off, or finds something there."""

from __future__ import annotations

import json
import shutil
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from twovoices.activities import release
from twovoices.activities.release import Assessment
from twovoices.answers import Event, parse
from twovoices.grading import arrivals, intake, taking_in
from twovoices.grading.arrivals import IntakeError, Sent
from twovoices.grading.taking_in import Outcome

from . import scratch
from .scratch import ASSIGNMENT, CASE, QUIZ, REPOSITORY, Learner


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with its exercise released, made without nbgrader."""
    course = tmp_path_factory.mktemp("template") / "course"
    exercise = course / "exercises" / ASSIGNMENT
    exercise.mkdir(parents=True)
    source = release.read_source(REPOSITORY / "solutions" / ASSIGNMENT)
    (exercise / release.NAME).write_bytes(release.encode(release.release(source)))
    (exercise / f"{ASSIGNMENT}.ipynb").write_text("{}")
    (course / "solutions").symlink_to(REPOSITORY / "solutions")
    return course


@pytest.fixture
def course(template: Path, tmp_path: Path) -> Path:
    """A course of one's own with an empty inbox."""
    shutil.copytree(template, tmp_path / "course", symlinks=True)
    (tmp_path / "course" / "inbox").mkdir()
    return tmp_path / "course"


@pytest.fixture
def anna(course: Path, tmp_path: Path) -> Learner:
    """A learner who has answered the questions."""
    learner = Learner.of("anna", course, tmp_path / "homes")
    learner.answer(scratch.defensible(0))
    return learner


def run(course: Path) -> Outcome:
    return taking_in.everything(course, course / "inbox")


def taken(course: Path, learner: str = "anna") -> tuple[Event, ...]:
    return intake.verified_events(course, course / "submitted" / learner / ASSIGNMENT, ASSIGNMENT, learner)


def test_running_again_changes_nothing_and_says_nothing(course: Path, anna: Learner) -> None:
    anna.hand_in(course / "inbox")
    first = run(course)
    before = {path: path.read_bytes() for path in (course / "submitted").rglob("*") if path.is_file()}
    second = run(course)
    assert first == second
    assert (first.refused, first.look) == ([], [])
    assert before == {path: path.read_bytes() for path in (course / "submitted").rglob("*") if path.is_file()}


def test_a_mended_hand_in_of_the_same_name_replaces_and_is_told(course: Path, anna: Learner) -> None:
    anna.hand_in(course / "inbox")
    run(course)
    anna.answer(scratch.defensible(1))
    anna.hand_in(course / "inbox")
    outcome = run(course)
    assert len(taken(course)) == 10
    assert "anna: it replaces what was taken in before: mark it again" in outcome.look[0]


def test_one_under_another_name_replaces_nothing(course: Path, anna: Learner) -> None:
    path = anna.hand_in(course / "inbox")
    run(course)
    anna.answer(scratch.defensible(1))
    path.unlink()
    anna.hand_in(course / "inbox").rename(course / "inbox" / "anna (1).zip")
    outcome = run(course)
    assert "anna is in already, by anna-02_what_is_not_regret.zip; nothing was replaced" in outcome.refused[0]
    assert len(taken(course)) == 5


def test_what_was_meddled_with_is_put_right_by_running_again(course: Path, anna: Learner) -> None:
    anna.hand_in(course / "inbox")
    run(course)
    folder = course / "submitted" / "anna" / ASSIGNMENT
    (folder / "answers.jsonl").write_text("")
    (folder / "pandas.py").touch()
    with pytest.raises(IntakeError):
        taken(course)
    run(course)
    assert len(taken(course)) == 5


@pytest.mark.parametrize("step", ["_put", "_write"])
def test_a_run_that_breaks_off_marks_nobody_wrongly_and_is_put_right_by_the_next(
    course: Path, anna: Learner, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    anna.hand_in(course / "inbox")
    run(course)
    anna.answer(scratch.defensible(1))
    anna.hand_in(course / "inbox")

    def off(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(intake, step, off)
        with pytest.raises(KeyboardInterrupt):
            run(course)
    if step == "_write":  # nothing has begun
        assert len(taken(course)) == 5
    else:  # the manifest is the new one and the folder the old one
        with pytest.raises(IntakeError, match="not as intake wrote it"):
            taken(course)
    run(course)
    assert len(taken(course)) == 10


def test_a_draft_left_by_a_crash_is_in_nobodys_way(course: Path, anna: Learner) -> None:
    draft = course / "submitted" / "anna" / f".{ASSIGNMENT}.new"
    draft.mkdir(parents=True)
    (draft / "answers.jsonl").write_text("half")
    anna.hand_in(course / "inbox")
    run(course)
    assert len(taken(course)) == 5
    assert not draft.exists()


def test_the_time_is_the_hand_ins_own_within_what_is_possible(course: Path, anna: Learner) -> None:
    sent = arrivals.read(anna.hand_in(course / "inbox"))
    now = datetime.now(UTC) + timedelta(minutes=1)
    answered = max(moment for event in parse(sent.logs[0][1]).events if (moment := arrivals.moment(event.at)))
    cases = {
        answered + timedelta(seconds=30): (answered + timedelta(seconds=30), 0),
        answered - timedelta(minutes=5): (answered, 0),  # clocks differ
        answered - timedelta(days=3): (answered, 1),
        now + timedelta(minutes=5): (now, 0),
        now + timedelta(days=3): (now, 1),
        None: (now, 1),
    }
    for said, (wanted, told) in cases.items():
        shutil.rmtree(course / "submitted", ignore_errors=True)
        dated = msgspec.structs.replace(sent, at=said)
        folder = course / "submitted" / "anna" / ASSIGNMENT
        manifest = intake.take_in(course, dated, course / "exercises" / ASSIGNMENT, folder, now=now)
        assert (folder / "timestamp.txt").read_text() == f"{wanted:%Y-%m-%d %H:%M:%S} UTC\n", said
        assert len(manifest.look) == (told if said is not None else 0), said


def test_an_old_conversation_is_sent_along_so_that_it_is_told(course: Path, anna: Learner) -> None:
    """A learner who finished under an older version would otherwise be marked 0 without a word."""
    anna.play(scratch.best)
    log = anna.folder / "answers.jsonl"
    events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    for event in events:
        if event["activity"] == f"roleplay:{CASE}":
            event["fingerprint"] = "0" * 16
    log.write_text("".join(json.dumps(event) + "\n" for event in events), encoding="utf-8")
    anna.hand_in(course / "inbox")
    assert f"roleplay:{CASE} was answered in another version" in run(course).refused[0]


def test_private_events_stay_behind_even_when_a_whole_folder_is_sent(course: Path, anna: Learner) -> None:
    anna.play(scratch.best)
    shutil.copytree(anna.folder, course / "inbox" / "anna" / ASSIGNMENT)
    outcome = run(course)
    assert outcome.look == []
    assert {event.kind for event in taken(course)} == {"begin", "reply", "answer"}
    assert any("private events" in line for line in outcome.taken[0].left)


def test_a_hand_in_of_many_at_once_is_quick_to_take(course: Path, anna: Learner) -> None:
    zipped = anna.hand_in(course / "inbox").read_bytes()
    for number in range(60):
        path = course / "inbox" / f"learner-{number}.zip"
        with zipfile.ZipFile(anna.home / "exercises" / "x.zip", "w") as archive:
            archive.writestr("hand-in.json", _note(zipped, f"learner-{number}"))
            archive.writestr("answers.jsonl", (anna.folder / "answers.jsonl").read_bytes())
        (anna.home / "exercises" / "x.zip").rename(path)
    began = datetime.now(UTC)
    assert len(run(course).taken) == 61
    assert datetime.now(UTC) - began < timedelta(seconds=10)


def _note(zipped: bytes, learner: str) -> str:
    return json.dumps({"learner": learner, "assignment": ASSIGNMENT, "at": f"{datetime.now(UTC)}", "course": "0.1.0"})


def test_the_last_page_separates_what_waits_for_a_person(course: Path) -> None:
    manifest = intake.Manifest("ben", ASSIGNMENT, "ben.zip", {}, left=("a", "b", "c", "d", "e"), look=("f",))
    outcome = Outcome([manifest], ["eve.zip: no."], ["ben: f"])
    assert list(taking_in.page(outcome)) == [
        "Left behind, as it should be (nothing to do):",
        "  ben: a; b; c; and 2 more",
        "1 taken in, 1 not.",
        "NOT TAKEN IN, and not marked until you act:",
        "  eve.zip: no.",
        "Taken in; please look at:",
        "  ben: f",
        f"Next: nbgrader autograde {ASSIGNMENT}",
    ]
    assert list(taking_in.page(Outcome())) == ["0 taken in, 0 not."]


@pytest.mark.parametrize("broken", [b"", b"{", b"\xff", b'{"learner": 5}'])
def test_a_broken_manifest_is_none(course: Path, anna: Learner, broken: bytes) -> None:
    anna.hand_in(course / "inbox")
    run(course)
    intake.manifest_path(course, ASSIGNMENT, "anna").write_bytes(broken)
    with pytest.raises(IntakeError, match="did not come through intake"):
        taken(course)
    assert "Move it away" in run(course).refused[0]


def test_clean_tells_what_it_left(course: Path, anna: Learner) -> None:
    events = parse((anna.folder / "answers.jsonl").read_bytes()).events
    assessment = release.find(course / "exercises" / ASSIGNMENT)
    assert isinstance(assessment, Assessment)
    strange = msgspec.structs.replace(events[0], activity="roleplay:priya-party")
    edited = msgspec.structs.replace(events[0], n=-1)
    older = msgspec.structs.replace(events[0], id="older", fingerprint="f" * 16)
    long = msgspec.structs.replace(events[0], activity="written:m02-written", kind="save")
    long = msgspec.structs.replace(long, id="long", data={"part": "formulation", "text": "x" * 30_000})
    cleaned = intake.clean((*events, strange, edited, older, long), assessment)
    assert cleaned.left == ("1 private events or events of other activities",)
    assert cleaned.look[0] == "1 events that are not as the course writes them"
    assert cleaned.look[1] == "1 saved texts cut to 20000 characters"
    assert "answer another version" in cleaned.look[2]
    kept = {event.id: event for event in cleaned.events}
    assert len(kept["long"].data["text"]) == 20_000
    assert {event.activity for event in kept.values()} == {f"quiz:{QUIZ}", "written:m02-written"}


def test_a_hand_in_for_nothing_released_names_what_is(course: Path) -> None:
    sent = Sent("anna", "", "anna.zip", (("answers.jsonl", b""),), None)
    with pytest.raises(IntakeError, match=f"not released here. Released: {ASSIGNMENT}"):
        taking_in.one(course, sent)
    shutil.rmtree(course / "exercises")
    with pytest.raises(IntakeError, match="Released: none; run `nbgrader generate_assignment` first"):
        taking_in.one(course, sent)


def test_no_inbox_is_said(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert taking_in.run(course, course / "nowhere") == 2
    assert "There is no folder" in capsys.readouterr().out
