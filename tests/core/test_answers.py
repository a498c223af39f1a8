"""The answers log: nothing written is lost, whatever happens to the file or the machine."""

from __future__ import annotations

import contextlib
import errno
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import filelock
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twovoices import __version__, answers
from twovoices.answers import Answers, AnswersError, Stale, locate
from twovoices.events import Event, fold, parse

posix = pytest.mark.skipif(os.name != "posix", reason="signals, fork and limits of POSIX")


@pytest.fixture
def log(tmp_path: Path) -> Answers:
    return Answers(tmp_path / "answers.jsonl")


def press(log: Answers, attempt: str = "a", kind: str = "reply", n: int | None = None, **data: Any) -> Event:
    return log.append("roleplay:small", attempt, kind, data, "f00d", n)


def events(path: Path) -> tuple[Event, ...]:
    """What a new reader finds."""
    return Answers(path).read().events


# ---------------------------------------------------------------- append and fold


def test_an_event_is_written_as_one_line_with_everything_needed_to_score_it_again(log: Answers) -> None:
    event = press(log, option="Ä “b”\n", scene="s")
    (line,) = log.path.read_bytes().splitlines()
    raw = json.loads(line)
    assert raw == msgspec.to_builtins(event)
    assert {key: raw[key] for key in ("v", "activity", "attempt", "n", "kind", "data", "course", "fingerprint")} == {
        "v": 1,
        "activity": "roleplay:small",
        "attempt": "a",
        "n": 0,
        "kind": "reply",
        "data": {"option": "Ä “b”\n", "scene": "s"},
        "course": __version__,
        "fingerprint": "f00d",
    }
    assert raw["at"].endswith("+00:00")
    assert events(log.path) == (event,)


def test_numbers_count_within_an_attempt(log: Answers) -> None:
    assert [press(log, name).n for name in "aabab"] == [0, 1, 0, 2, 1]


def test_an_event_is_on_the_disk_before_append_returns(log: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bytes] = []
    fsync = os.fsync

    def note(descriptor: int) -> None:
        fsync(descriptor)
        synced.append(log.path.read_bytes())

    monkeypatch.setattr(os, "fsync", note)
    event = press(log)
    assert synced == [msgspec.json.encode(event) + b"\n"]


def test_a_number_already_taken_is_stale_and_writes_nothing(log: Answers) -> None:
    press(log, n=0)
    before = log.path.read_bytes()
    with pytest.raises(Stale):
        press(log, n=0)
    with pytest.raises(Stale):
        press(log, n=2)
    assert log.path.read_bytes() == before
    assert press(log, n=1).n == 1


def test_another_windows_event_is_seen_at_once(log: Answers) -> None:
    other = Answers(log.path)
    assert other.read().events == ()
    event = press(log)
    assert other.read().events == (event,)
    with pytest.raises(Stale):
        press(other, n=0)


def test_events_of_other_activities_are_kept_apart(log: Answers) -> None:
    mine = press(log)
    log.append("quiz:other", "a", "answer", {}, "f")
    assert log.of("roleplay:small") == (mine,)
    assert len(log.read().events) == 2


def test_a_missing_file_or_folder_is_an_empty_log_and_made_when_first_needed(tmp_path: Path) -> None:
    log = Answers(tmp_path / "new" / "deep" / "answers.jsonl")
    assert log.read().events == ()
    assert not log.path.parent.exists()
    press(log)
    assert len(events(log.path)) == 1


EVENTS = st.builds(
    Event,
    v=st.just(1),
    id=st.sampled_from([f"id-{n}" for n in range(12)]),
    at=st.sampled_from([f"2026-01-0{n}T00:00:00.000+00:00" for n in range(1, 4)]),
    activity=st.just("quiz:q"),
    attempt=st.sampled_from("ab"),
    n=st.integers(0, 4),
    kind=st.sampled_from(["answer", "unknown"]),
    data=st.just({}),
    course=st.just("0"),
    fingerprint=st.just("f"),
)
quiet = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quiet
@given(st.lists(EVENTS, max_size=12, unique_by=lambda e: e.id), st.randoms(use_true_random=True))
def test_folding_is_the_same_whatever_the_order_and_however_often_an_event_stands(
    found: list[Event], chance: Any
) -> None:
    copies = found + chance.choices(found, k=5) if found else found
    chance.shuffle(copies)
    once = fold(copies)
    assert once == fold(found) == fold(once)
    assert {event.id for event in once} == {event.id for event in found}
    for _, group in itertools.groupby(once, key=lambda e: e.attempt):
        numbers = [event.n for event in group]
        assert numbers == sorted(numbers)
    assert len(list(itertools.groupby(once, key=lambda e: e.attempt))) == len({e.attempt for e in once}), (
        "attempts do not mix"
    )


@quiet
@given(st.lists(EVENTS, max_size=8, unique_by=lambda e: e.id), st.lists(st.integers(0, 7), max_size=8), st.data())
def test_the_union_of_conflicted_copies_loses_nothing_and_counts_nothing_twice(
    found: list[Event], split: list[int], data: st.DataObject
) -> None:
    lines = [msgspec.json.encode(event) for event in found]
    left = b"\n".join(lines[: data.draw(st.integers(0, len(lines)))])
    right = b"\n".join(line for number, line in enumerate(lines) if number in split or line not in left.split(b"\n"))
    union = fold((*parse(left).events, *parse(right).events))
    assert union == fold(found)


def test_conflicted_copies_beside_the_log_are_read_as_one_and_left_as_they_are(log: Answers) -> None:
    press(log)
    copy = log.path.with_name("answers (Ana's conflicted copy).jsonl")
    shutil.copy(log.path, copy)
    there = Answers(copy)
    mine, theirs = press(log, "a", side="here"), there._write(line := _line("other", "a", 1))
    assert theirs is None
    before = (log.path.read_bytes(), copy.read_bytes())
    found = events(log.path)
    assert len(found) == 3
    assert {mine.id, "other"} <= {event.id for event in found}
    assert (log.path.read_bytes(), copy.read_bytes()) == before
    assert line in before[1]
    assert press(log).n == 3, "numbers go on after both"


def _line(item: str, attempt: str, n: int, **parts: Any) -> bytes:
    raw = {"v": 1, "id": item, "at": "2026-01-01T00:00:00.000+00:00", "activity": "roleplay:small", "attempt": attempt}
    raw |= {"n": n, "kind": "reply", "data": {}, "course": "0", "fingerprint": "f00d"}
    return json.dumps(raw | parts).encode() + b"\n"


# ---------------------------------------------------------------- torn, later, edited


def test_a_line_torn_at_any_byte_is_dropped_and_told_and_the_next_event_stays_readable(log: Answers) -> None:
    first, second = press(log, option="eins"), press(log, option="“zwei”")
    whole = log.path.read_bytes()
    start = whole.index(b"\n") + 1
    for cut in range(start + 1, len(whole) - 1):
        log.path.write_bytes(whole[:cut])
        reading = Answers(log.path).read()
        assert reading.events == (first,)
        assert reading.unread == ("answers.jsonl, line 2: cannot be read (torn while it was written, or edited)",)
        if cut % 37 == 0:  # every append is synced to the disk; a few places are enough
            third = press(log)
            assert events(log.path) == (first, third)
            assert log.path.read_bytes()[:cut] == whole[:cut], "what was torn is kept as it is"
    log.path.write_bytes(whole[:-1])
    assert events(log.path) == (first, second), "a whole event whose line end alone is missing counts"
    third = press(log)
    assert events(log.path) == (first, second, third)


def test_lines_of_a_later_version_are_passed_over_told_and_kept(log: Answers) -> None:
    first = press(log)
    later = _line("later", "a", 1, v=2, kind="sang", new="field")
    with open(log.path, "ab") as file:
        file.write(later)
    second = press(log)
    reading = Answers(log.path).read()
    assert reading.events == (first, second)
    assert reading.unread == ("answers.jsonl, line 2: written by a later version of the course",)
    assert later in log.path.read_bytes()


def test_unknown_kinds_and_unknown_fields_are_kept(log: Answers) -> None:
    log.path.write_bytes(_line("one", "a", 0, kind="danced", data={"how": ["slowly"]}, extra=1))
    (event,) = events(log.path)
    assert (event.kind, event.data) == ("danced", {"how": ["slowly"]})


@pytest.mark.parametrize(
    "line",
    [
        b"not json",
        b"[]",
        b"null",
        b'{"v": 1}',
        b'{"v": "1"}',
        b"\xff\xfe",
        b'{"v": 1, "id": "\xff"}',
        b"\x00" * 40,
        b"[" * 100_000,
        _line("x", "a", 0, course=None).strip(),
        _line("x", "a", 0, data=[1]).strip(),
        _line("x", "a", 0, v=None).strip(),
    ],
    ids=range(12),
)
def test_a_line_that_is_no_event_is_told_with_its_number_and_the_others_stand(log: Answers, line: bytes) -> None:
    log.path.write_bytes(_line("one", "a", 0) + line + b"\n\n" + _line("two", "a", 1))
    reading = log.read()
    assert [event.id for event in reading.events] == ["one", "two"]
    assert len(reading.unread) == 1
    assert reading.unread[0].startswith("answers.jsonl, line 2: ")


def test_windows_line_ends_are_read(log: Answers) -> None:
    log.path.write_bytes(_line("one", "a", 0).replace(b"\n", b"\r\n") + _line("two", "a", 1))
    assert [event.id for event in log.read().events] == ["one", "two"]
    assert log.read().unread == ()


# ---------------------------------------------------------------- what cannot be written


@contextlib.contextmanager
def unchanged(log: Answers) -> Iterator[None]:
    """What stood before stands after, and the next press is kept."""
    before = log.path.read_bytes()
    yield
    assert log.path.read_bytes() == before
    press(log)
    assert len(events(log.path)) == len(parse(before).events) + 1
    assert Answers(log.path).read().unread == ()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_told_and_nothing_is_lost(log: Answers, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    press(log)

    def full(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    with unchanged(log):
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(AnswersError) as told:
                press(log)
        assert str(told.value) == (
            f"The disk is full, so this answer is not kept yet ({log.path}). "
            "Free some space and press again; nothing else is lost."
        )


def test_another_fault_of_the_disk_is_told_in_its_own_words(log: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    press(log)

    def faulty(descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with unchanged(log), monkeypatch.context() as patch:
        patch.setattr(os, "fsync", faulty)
        with pytest.raises(
            AnswersError, match=r"This answer is not kept: Input/output error .* Mend that and press again"
        ):
            press(log)


@posix
def test_a_device_without_space_is_told(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full here")
    (tmp_path / "answers.jsonl").symlink_to("/dev/full")
    with pytest.raises(AnswersError, match="The disk is full"):
        press(Answers(tmp_path / "answers.jsonl"))


def child(code: str, *arguments: object, **options: Any) -> subprocess.Popen[str]:
    """Start another Python that has the package."""
    head = "import os, sys, time\nfrom pathlib import Path\nfrom twovoices.answers import *\nfrom twovoices import __version__\n"
    head += "log = Answers(Path(sys.argv[1]))\ndef press(**data): log.append('roleplay:small', 'a', 'reply', data, 'f00d')\n"
    command = [sys.executable, "-c", head + textwrap.dedent(code), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **options)


@posix
def test_a_write_cut_short_for_want_of_space_leaves_no_half_line(tmp_path: Path) -> None:
    """The kernel itself writes part of a line and then refuses (a limit on the file's size stands in for a full disk)."""
    path = tmp_path / "answers.jsonl"
    press(Answers(path))
    before = path.read_bytes()
    code = """
        import resource
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
        try:
            press(words="x" * 5000)
        except AnswersError as error:
            print(error)
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        print(Path(sys.argv[1]).read_bytes().hex())
        press(words="y")
    """
    with child(code, path, len(before) + 100) as process:
        told, after = process.communicate()[0].splitlines()
    assert process.returncode == 0
    assert told.startswith("This answer is not kept: File too large")
    assert bytes.fromhex(after) == before
    reading = Answers(path).read()
    assert [event.data.get("words") for event in reading.events] == [None, "y"]
    assert reading.unread == ()


@posix
def test_a_tiny_disk_really_full_loses_nothing(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a file system cannot be mounted here")
    try:
        log = Answers(disk / "answers.jsonl")
        kept = 0
        with contextlib.suppress(AnswersError):
            for _ in range(100):
                press(log, words="x" * 3000)
                kept += 1
        assert 5 < kept < 25
        reading = Answers(log.path).read()
        assert (len(reading.events), reading.unread) == (kept, ())
        with pytest.raises(AnswersError, match="The disk is full"):
            press(log, words="x" * 3000)
        assert len(events(log.path)) == kept
    finally:
        subprocess.run(["umount", disk], check=True)


@posix
def test_a_folder_that_cannot_be_written_is_told() -> None:
    """Not under pytest's own folder: root steps down to a user who may not enter that."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "answers.jsonl"
        press(Answers(path))
        before = path.read_bytes()
        for file in folder.iterdir():
            file.chmod(0o444)
        folder.chmod(0o555)
        code = """
            try:
                os.getuid() or os.setuid(65534)
                press()
            except AnswersError as error:
                print(error)
            print(len(log.read().events))
        """
        with child(code, path) as process:
            told, count = process.communicate()[0].splitlines()
        folder.chmod(0o755)
        assert told.startswith(f"The file {path} cannot be written, so this answer is not kept.")
        assert told.endswith("Make its folder writable and press again.")
        assert count == "1"
        assert path.read_bytes() == before


def test_a_file_in_the_way_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(AnswersError, match=r"This answer is not kept: .* press again; nothing else is lost"):
        press(Answers(tmp_path / "taken" / "answers.jsonl"))


def test_a_log_held_by_another_program_is_told_after_a_while(log: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    press(log)
    monkeypatch.setattr(answers, "LOCK_SECONDS", 0.05)
    held = filelock.FileLock(log.path.with_name(".answers.jsonl.lock"))
    told = pytest.raises(AnswersError, match=r"is in use by another program\. Close it there and press again")
    with unchanged(log), held, told:
        press(log)


# ---------------------------------------------------------------- killed, and side by side


@posix
def test_events_told_as_written_are_there_after_kill_9_at_fifty_random_points(tmp_path: Path) -> None:
    """One process starts fifty writers in turn and kills each at a random moment; each writer tells after each event."""
    code = """
        import json, random, signal
        chance = random.Random(int(sys.argv[2]))
        told = []
        for _ in range(50):
            read_end, write_end = os.pipe()
            writer = os.fork()
            if writer == 0:
                while True:
                    press(words="x" * chance.randint(0, 3000))
                    os.write(write_end, b".")
            os.close(write_end)
            count = 0
            for _ in range(chance.randint(0, 4)):
                count += len(os.read(read_end, 1))
            time.sleep(chance.random() * 0.004)
            os.kill(writer, signal.SIGKILL)
            os.waitpid(writer, 0)
            while chunk := os.read(read_end, 65536):
                count += len(chunk)
            os.close(read_end)
            told.append([count, len(Answers(log.path).read().events)])
        print(json.dumps(told))
    """
    path = tmp_path / "answers.jsonl"
    with child(code, path, 20260101) as process:
        told = json.loads(process.communicate()[0])
    assert process.returncode == 0
    before = 0
    for written, folded in told:
        assert written <= folded - before <= written + 1
        before = folded
    assert len(told) == 50
    assert sum(written for written, _ in told) >= 50
    assert len(events(path)) == before
    assert len(Answers(path).read().unread) <= 50
    press(Answers(path))
    assert len(events(path)) == before + 1


def test_two_processes_that_write_at_once_lose_nothing_and_take_no_number_twice(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    code = """
        print("ready", flush=True)
        while not Path(sys.argv[1]).with_name("go").exists():
            time.sleep(0.002)
        for number in range(40):
            press(by=sys.argv[2], number=number)
    """
    writers = [child(code, path, name) for name in "ab"]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
    (tmp_path / "go").touch()
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    found = events(path)
    assert [event.n for event in found] == list(range(80))
    for name in "ab":
        assert [event.data["number"] for event in found if event.data["by"] == name] == list(range(40))
    assert Answers(path).read().unread == ()


# ---------------------------------------------------------------- where


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with no course around it, and a home of its own."""
    monkeypatch.delenv("TWOVOICES_ANSWERS", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    folder = tmp_path / "some" / "where"
    folder.mkdir(parents=True)
    return folder


def test_a_folder_named_in_the_environment_comes_before_all_else(
    nowhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (nowhere / "assessment.json").touch()
    monkeypatch.setenv("TWOVOICES_ANSWERS", str(nowhere / "kept"))
    assert locate(nowhere) == answers.Place(nowhere / "kept" / "answers.jsonl", "named")
    monkeypatch.setenv("TWOVOICES_ANSWERS", str(nowhere / "mine.jsonl"))
    assert locate(nowhere).path == nowhere / "mine.jsonl"
    monkeypatch.setenv("TWOVOICES_ANSWERS", "~/kept")
    assert locate(nowhere).path == Path.home() / "kept" / "answers.jsonl"


def test_answers_to_an_exercise_stay_in_its_own_folder(nowhere: Path) -> None:
    (nowhere / "assessment.json").touch()
    (nowhere.parent / ".twovoices").touch()
    assert locate(nowhere) == answers.Place(nowhere / "answers.jsonl", "exercise")
    (nowhere / "deeper").mkdir()
    assert locate(nowhere / "deeper") == answers.Place(nowhere / "answers.jsonl", "exercise")


@pytest.mark.parametrize("sign", ["in solutions", "a case", "a key"])
def test_an_instructors_clicks_in_a_source_folder_go_to_a_preview_outside_it(nowhere: Path, sign: str) -> None:
    source = nowhere / ("solutions" if sign == "in solutions" else "elsewhere") / "02_what"
    source.mkdir(parents=True)
    if sign == "a case":
        (source / "ray.case.yaml").touch()
    if sign == "a key":
        (source / "key.yaml").touch()
    (source / "assessment.json").touch()
    (nowhere / ".twovoices").touch()
    place = locate(source)
    assert place == answers.Place(nowhere / ".preview" / "02_what" / "answers.jsonl", "preview")
    assert not place.path.is_relative_to(source)


def test_lessons_keep_answers_at_the_nearest_mark_above(nowhere: Path) -> None:
    (nowhere.parent / ".twovoices").touch()
    assert locate(nowhere) == answers.Place(nowhere.parent / "answers.jsonl", "course")
    (nowhere / ".twovoices").touch()
    assert locate(nowhere) == answers.Place(nowhere / "answers.jsonl", "course")


def test_without_any_mark_answers_go_home(nowhere: Path) -> None:
    assert locate(nowhere) == answers.Place(Path.home() / "Two Voices" / "answers.jsonl", "home")


def test_the_current_folder_is_meant_when_none_is_named(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (nowhere / "assessment.json").touch()
    monkeypatch.chdir(nowhere)
    assert locate().path.resolve() == (nowhere / "answers.jsonl").resolve()


def test_an_event_is_never_older_than_those_before_it_even_if_another_clock_ran_ahead(tmp_path: Path) -> None:
    log = Answers(tmp_path / "answers.jsonl")
    log.append("roleplay:x", "first", "begin", {}, "f")
    ahead = tmp_path.joinpath("answers.jsonl").read_text("utf-8").replace('"at":"20', '"at":"29')
    tmp_path.joinpath("answers (copy).jsonl").write_text(ahead.replace('"id":"', '"id":"z'), "utf-8")
    log.append("roleplay:x", "second", "begin", {}, "f")
    assert [event.attempt for event in log.of("roleplay:x")][-1] == "second"
