"""Finding and loading content: quickly, and never an old version."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec
import pytest

from twovoices.content import store, strict
from twovoices.content.errors import ContentError, NotFound


class Note(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    say: str


class Longer(Note):
    level: int = 0


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A content folder of one's own with two notes."""
    folder = tmp_path / "data" / "notes"
    folder.mkdir(parents=True)
    (folder / "first-note.yaml").write_text("id: first-note\nsay: One.\n")
    (folder / "second-note.yaml").write_text("id: second-note\nsay: Two.\n")
    monkeypatch.setenv("TWOVOICES_DATA", str(tmp_path / "data"))
    return folder


def test_an_item_is_loaded_by_its_id(course: Path) -> None:
    assert store.load(Note, "notes", "first-note") == Note("first-note", "One.")
    assert store.ids("notes") == ["first-note", "second-note"]
    assert store.source("notes", "first-note") == course / "first-note.yaml"


def restarted() -> None:
    """What a process keeps in memory is gone."""
    store._loaded.clear()


def test_an_unchanged_file_is_decoded_once_in_a_process(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = store.load(Note, "notes", "first-note")
    monkeypatch.setattr(store, "_read_file", lambda *_: pytest.fail("It was read again"))
    assert store.load(Note, "notes", "first-note") is first


def test_an_unchanged_file_is_read_from_its_compiled_copy(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store.load(Note, "notes", "first-note")
    restarted()
    monkeypatch.setattr(strict, "read", lambda *_: pytest.fail("YAML was read"))
    assert store.load(Note, "notes", "first-note").say == "One."


@pytest.mark.parametrize("same_time", [True, False])
def test_an_edited_file_is_seen_at_the_next_load(course: Path, same_time: bool) -> None:
    path = course / "first-note.yaml"
    store.load(Note, "notes", "first-note")
    before = path.stat()
    path.write_text("id: first-note\nsay: Uno.\n")
    if same_time:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert path.stat().st_size == before.st_size
    assert store.load(Note, "notes", "first-note").say == "Uno."


def test_another_shape_of_the_same_file_is_read_anew(course: Path) -> None:
    store.load(Note, "notes", "first-note")
    assert store.load(Longer, "notes", "first-note") == Longer("first-note", "One.", 0)
    assert store.load(Note, "notes", "first-note") == Note("first-note", "One.")


@pytest.mark.parametrize("content", [b"", b"\xff" * 80, b"torn", b"{}"])
def test_a_compiled_copy_that_cannot_be_used_is_made_again(course: Path, content: bytes) -> None:
    store.load(Note, "notes", "first-note")
    (copy,) = (course / store.CACHE).iterdir()
    good = copy.read_bytes()
    copy.write_bytes(good[:65] + content if content == b"{}" else content)
    restarted()
    assert store.load(Note, "notes", "first-note").say == "One."
    assert copy.read_bytes() == good


def test_a_file_where_the_compiled_folder_should_be_does_no_harm(course: Path) -> None:
    (course / store.CACHE).write_text("in the way")
    assert store.load(Note, "notes", "first-note").say == "One."
    assert (course / store.CACHE).read_text() == "in the way"


@pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")
def test_a_read_only_folder_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not under pytest's own folder: root steps down to a user who may not enter that."""
    code = (
        "import os, sys; from pathlib import Path; import msgspec; from twovoices.content import store, strict\n"
        "class Note(msgspec.Struct): id: str; say: str\n"
        "os.getuid() or os.setuid(65534)\n"
        "print(store.load(Note, 'notes', 'first-note').say, os.access(Path(sys.argv[1]), os.W_OK))"
    )
    with tempfile.TemporaryDirectory() as name:
        notes = Path(name) / "notes"
        notes.mkdir()
        (notes / "first-note.yaml").write_text("id: first-note\nsay: One.\n")
        Path(name).chmod(0o755)
        notes.chmod(0o555)
        monkeypatch.setenv("TWOVOICES_DATA", name)
        done = subprocess.run([sys.executable, "-c", code, notes], capture_output=True, text=True, check=True)
        notes.chmod(0o755)
        assert done.stdout == "One. False\n"
        assert not (notes / store.CACHE).exists()


def test_a_broken_file_is_told_and_leaves_no_compiled_copy(course: Path) -> None:
    store.load(Note, "notes", "first-note")
    (course / "first-note.yaml").write_text("id: first-note\nsays: One.\n")
    for _ in range(2):
        with pytest.raises(ContentError) as told:
            store.load(Note, "notes", "first-note")
        assert [problem.line for problem in told.value.problems] == [1, 2]
        assert "first-note.yaml:2: E-SHAPE The key 'says' is not known here. Did you mean 'say'?" in str(told.value)


def test_an_unknown_id_names_near_ones(course: Path) -> None:
    with pytest.raises(NotFound, match=r"There is no note called 'frist-note'. Did you mean first-note"):
        store.load(Note, "notes", "frist-note")


def test_an_id_near_nothing_is_told_what_there_is(course: Path) -> None:
    with pytest.raises(NotFound, match=r"There is no note called 'zzz'. There are: first-note, second-note."):
        store.load(Note, "notes", "zzz")
    with pytest.raises(NotFound, match=r"There is no form called 'zzz'. There are: none yet."):
        store.load(Note, "forms", "zzz")


@pytest.mark.parametrize("item", ["../secret", "..", "", "first-note.yaml", "FIRST-NOTE?"])
def test_an_id_that_is_no_file_name_here_is_not_found(course: Path, item: str) -> None:
    (course.parent / "secret.txt").write_text("no")
    with pytest.raises(NotFound):
        store.load(Note, "notes", item)


def test_packed_content_is_used_where_there_is_any(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = {"notes": {"one": {"id": "one", "say": "Packed."}}, "": {"top": {"id": "top", "say": "Top."}}}
    (tmp_path / store.PACKAGED).write_bytes(msgspec.json.encode(packed))
    monkeypatch.setenv("TWOVOICES_DATA", str(tmp_path))
    assert store.load(Note, "notes", "one").say == "Packed."
    assert store.load(Note, "", "top").say == "Top."
    assert store.ids("notes") == ["one"]
    with pytest.raises(NotFound, match=r"There is no note called 'on'. Did you mean one\?"):
        store.load(Note, "notes", "on")


def test_a_file_in_the_repository_is_shown_from_its_top_and_another_in_full(tmp_path: Path) -> None:
    top = store.repository()
    assert top is not None
    assert store.shown(top / "data" / "ui.yaml") == "data/ui.yaml"
    assert store.shown(tmp_path / "x.yaml") == str(tmp_path / "x.yaml")
