"""What every page relies on: the words on screen, local help, competencies, references."""

from __future__ import annotations

import ast
import functools
import re
import string
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from twovoices.activities import opening
from twovoices.answers import Answers
from twovoices.content import library, store, support, texts
from twovoices.content.texts import text
from twovoices.roleplay import timeline
from twovoices.roleplay.play import CasePlay
from twovoices.roleplay.talk import Talk
from twovoices.view import Press

from ..roleplay.build import talking_case

SOURCE = Path(opening.__file__).parents[1]
UI = store.load(dict[str, dict[str, str]], "", "ui")
KEYS = {f"{group}.{name}" for group, named in UI.items() for name in named}
# Keys put together while the course runs. One that begins like `talk.level_` may be any key that begins so; where what
# varies is the whole name, every name it can be stands here.
NAMES = {
    "talk.": {"coached", "straight"},
    "debrief.": {"opened", "closed", "met", "met_repaired", "not_yet"},
    "gauge.": set(UI["gauge"]),
    "say.": {"home", "preview"},
    "transcript.": {"miss", "model", "scene"},
    "feedback.": {"judgement_means", "written_means"},
    "panel.": {"chosen", "sources", "gone"},
}


@functools.cache
def trees() -> list[tuple[Path, ast.AST]]:
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in sorted(SOURCE.rglob("*.py"))]


def calls() -> Iterator[tuple[str, ast.expr]]:
    """First argument of every call of ``text``, under whatever name it was imported."""
    for path, tree in trees():
        names = {
            alias.asname or alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("texts")
            for alias in node.names
            if alias.name == "text"
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                yield f"{path.name}:{node.lineno}", node.args[0]


def literals(node: ast.expr) -> Iterator[str]:
    """Every plain string an expression can be."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)


def constants() -> set[str]:
    return {
        node.value
        for _, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_text_the_course_asks_for_stands_in_ui_yaml() -> None:
    asked = [(where, key) for where, node in calls() for key in literals(node)]
    assert len(asked) > 80
    assert [f"{where}: {key}" for where, key in asked if key not in KEYS] == []


def families() -> dict[str, set[str]]:
    """For each beginning of a key put together while running, the keys it can be."""
    found: dict[str, set[str]] = {}
    for where, node in calls():
        if isinstance(node, ast.JoinedStr):
            first = node.values[0]
            assert isinstance(first, ast.Constant), where
            head = str(first.value)
            assert head.endswith("_") or head in NAMES, f"{where}: write in NAMES what {head} can go on with"
            found[head] = (
                {head + name for name in NAMES[head]} if head in NAMES else {k for k in KEYS if k.startswith(head)}
            )
    return found


def test_every_text_put_together_while_running_stands_in_ui_yaml() -> None:
    found = families()
    assert {head for head in found if not head.endswith("_")} == set(NAMES)
    assert all(found.values())
    assert sorted(set().union(*found.values()) - KEYS) == []
    for levels in ("talk.level_", "debrief.loud_"):
        assert found[levels] == {f"{levels}{level}" for level in range(5)}


def test_every_text_of_ui_yaml_is_used() -> None:
    used = constants().union(*families().values())
    assert sorted(KEYS - used) == []


def test_every_text_has_words_and_braces_that_can_be_filled() -> None:
    for key in sorted(KEYS):
        group, name = key.split(".")
        found = UI[group][name]
        assert found.strip(), key
        fields = [field for _, field, _, _ in string.Formatter().parse(found) if field is not None]
        plain = {field.partition("!")[0] for field in fields}
        assert all(re.fullmatch(r"[a-z_]+", field) for field in plain), (key, fields)
        assert "{" not in text(key, **dict.fromkeys(plain, "x")), key


def test_a_key_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(KeyError):
        text("say.nothing_of_the_kind")


def test_the_curve_in_words_has_a_word_for_each_loudness() -> None:
    curve = [(0.0, None), (0.2, 1.0), (0.5, 0.7)]
    assert timeline.in_words(curve) == (
        "At the start: critic silent, kinder voice not part of this case. "
        "Moment 1: critic quiet, kinder voice very strong. "
        "Moment 2: critic in between, kinder voice strong."
    )


# ---------------------------------------------------------------- local help

LINE = {"what": "crisis line", "name": "Somebody to talk to", "contact": "the number by the phone"}


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A content folder with the course's words and a support file of one's own."""
    (tmp_path / "ui.yaml").write_bytes(store.source("", "ui").read_bytes())
    monkeypatch.setenv("TWOVOICES_DATA", str(tmp_path))
    texts._texts.cache_clear()
    yield tmp_path / "support.yaml"
    monkeypatch.undo()
    texts._texts.cache_clear()


def support_file(path: Path, checked: str, services: bool = True) -> None:
    body = f"region: Here\nlast_checked: {checked}\nchecked_by: somebody\n"
    body += "services:\n- {" + ", ".join(f"{key}: {value}" for key, value in LINE.items()) + "}\n" if services else ""
    path.write_text(body)


TODAY = date(2026, 11, 20)
FALLBACK = text("support.fallback")


@pytest.mark.parametrize(
    ("checked", "fresh"),
    [
        ("2026-11-20", True),
        ("2026-11-01", True),
        ("2026-05-21", True),
        ("2026-05-20", False),
        ("2026-05-19", False),
        ("2025-11-20", False),
        ("", False),
        ("last spring", False),
        ("20.11.2026", False),
    ],
)
def test_services_are_shown_for_six_months_after_they_were_checked(kept: Path, checked: str, fresh: bool) -> None:
    support_file(kept, checked)
    service = "crisis line: Somebody to talk to, the number by the phone"
    assert support.lines(TODAY) == ((FALLBACK, service) if fresh else (FALLBACK,))


def test_without_services_the_general_sentence_stands_alone(kept: Path) -> None:
    support_file(kept, "2026-11-19", services=False)
    assert support.lines(TODAY) == (FALLBACK,)


def test_the_support_file_as_shipped_names_nobody() -> None:
    assert store.load(support.Support, "", "support").services == ()
    assert support.lines(TODAY) == (FALLBACK,)


def test_someone_who_leaves_a_conversation_is_shown_the_services(kept: Path, tmp_path: Path) -> None:
    support_file(kept, date.today().isoformat())
    talk = Talk(CasePlay(talking_case()), Answers(tmp_path / "answers.jsonl"))
    talk.press(Press(do="leave"))
    assert "Somebody to talk to" in str(talk.show())


# ---------------------------------------------------------------- competencies and references


def test_the_twelve_competencies_load_with_five_anchors_each_and_errors_of_their_own() -> None:
    found = library.competencies()
    assert list(found) == [f"C{number}" for number in range(1, 13)]
    assert {len(item.anchors) for item in found.values()} == {5}
    errors = [error.id for item in found.values() for error in item.critical_errors]
    assert len(errors) == len(set(errors))
    assert {error.kind for item in found.values() for error in item.critical_errors} == {"wording", "act"}


def test_the_references_load_with_unique_ids_claims_and_known_kinds_of_evidence() -> None:
    found = library.references()
    raw = store.load(tuple[library.Reference, ...], "", "references")
    assert len(found) == len(raw) > 20
    assert all(item.claim and item.title and item.author for item in raw)
    assert {item.evidence for item in raw} <= set(library.EVIDENCE_WORDS)
