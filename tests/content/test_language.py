"""Translation: every text can be replaced and nothing else, and a whole conversation in Spanish says nothing in English."""

from __future__ import annotations

import html
import re
import shutil
import typing
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given
from msgspec import inspect

from twovoices import terminal
from twovoices.activities import opening
from twovoices.activities.shelf import SHELF
from twovoices.activities.written import Written
from twovoices.answers import Answers
from twovoices.check import kinds, overlays
from twovoices.content import language, store, texts
from twovoices.content.errors import ContentError
from twovoices.content.texts import text
from twovoices.events import Event, fold
from twovoices.roleplay import debrief
from twovoices.roleplay.explore import explore
from twovoices.roleplay.model import Case, fingerprint
from twovoices.roleplay.play import CasePlay
from twovoices.roleplay.script import compile_case
from twovoices.roleplay.talk import Talk
from twovoices.view import Press, View
from twovoices.widgets.panel import Panel

from ..roleplay.build import talking_case
from ..roleplay.strategies import cases, walked

SHORT = "late-colleague"
MODELS: dict[str, Any] = kinds.KINDS | {kind.folder: kind.model for kind in SHELF}
MODELS = {
    folder: model for folder, model in MODELS.items() if folder not in ("words", "prompts")
}  # one file a language
ITEMS = [(folder, item) for folder in MODELS for item in store.ids(folder)]
LANGUAGES = sorted({lang for lang, _, _, _ in overlays.found()})
HOLE = re.compile(r"\{[^}]*\}")
# Free strings that are no text: names of things, conditions, keys, an author's note to the checks.
STRUCTURE = {
    *("module", "vignette", "when", "needs", "references", "sources", "errors"),
    *("look", "need", "accepted", "opens"),
}


@pytest.fixture
def said_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Choose the language of what follows."""
    yield lambda lang: monkeypatch.setenv("TWOVOICES_LANG", lang)
    monkeypatch.undo()
    texts._texts.cache_clear()


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A content folder of one's own: the short case and what its pages need."""
    data = tmp_path / "data"
    (data / "roleplays").mkdir(parents=True)
    for name in ("ui", "competencies", "support"):
        shutil.copy(store.source("", name), data)
    shutil.copy(store.source("roleplays", SHORT), data / "roleplays")
    monkeypatch.setenv("TWOVOICES_DATA", str(data))
    texts._texts.cache_clear()
    yield data
    monkeypatch.undo()
    texts._texts.cache_clear()


def overlay(data: Path, lang: str, **named: str) -> Path:
    """Write an overlay of the short case."""
    path = language.path(data, lang, "roleplays", SHORT)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(named, allow_unicode=True), encoding="utf-8")
    return path


def loaded(folder: str, item: str) -> Any:
    return store.load(MODELS[folder], folder, item)


def shouted(value: Any) -> Any:
    """The same with every text in capitals."""
    return language.translate(value, {name: said.upper() for name, said in language.texts(value).items()}, "x.yaml")


def leaves(raw: Any, at: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every string of a plain structure with its path."""
    if isinstance(raw, dict):
        for key, entry in raw.items():
            yield from leaves(entry, (*at, str(key)))
    elif isinstance(raw, list | tuple):
        for index, entry in enumerate(raw):
            yield from leaves(entry, (*at, str(index)))
    elif isinstance(raw, str):
        yield at, raw


# ---------------------------------------------------------------- ids


def test_a_text_is_named_by_its_path_with_the_ids_of_list_entries() -> None:
    assert list(language.texts(talking_case(setting="A room.")).items())[:3] == [
        ("title", "A small talk"),
        ("content_note", "nothing much"),
        ("objective", "To test."),
    ]
    found = language.texts(talking_case())
    assert found["people.client"] == "Ana"
    assert found["beats.hello.options.warm.say"] == "I say warm."
    assert found["beats.hurts.client.1.seen"] == "Looks away."
    assert found["beats.hurts.client.1.inner.critic"] == "You always do this."
    assert found["beats.hurts.criteria.2"] == "left a way"
    assert found["beats.hurts.again.options.hurts-again-4.why"]
    assert found["endings.far.debrief"] == "What far means."


def test_the_id_of_a_reply_stays_when_others_are_moved_taken_out_or_reworded() -> None:
    talk = talking_case()
    hurts = talk.beats[1]
    fewer = msgspec.structs.replace(hurts, options=hurts.options[:0:-1])
    before, after = language.texts(talk), language.texts(msgspec.structs.replace(talk, beats=(fewer, talk.beats[0])))
    kept = {name for name in before if "options" in name and "close" not in name and ".meets." not in name}
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert set(language.texts(shouted(talk))) == set(before)


@pytest.mark.parametrize(("folder", "item"), ITEMS, ids=lambda part: str(part))
def test_text_ids_are_unique_in_every_file_of_the_course(folder: str, item: str) -> None:
    """Two texts of one id would be translated as one; then fewer strings would change than there are ids."""
    value = loaded(folder, item)
    found = language.texts(value)
    marked = language.translate(value, {name: f"<{name}>" for name in found}, "x.yaml")
    said = [string for _, string in leaves(msgspec.to_builtins(marked)) if string.startswith("<")]
    assert sorted(said) == sorted(f"<{name}>" for name in found)
    assert found


# ---------------------------------------------------------------- every text, and nothing of structure


def strings(info: inspect.Type) -> bool:
    """Whether a type holds strings that may say anything."""
    match info:
        case inspect.StrType():
            return not info.pattern
        case inspect.Metadata():
            return strings(info.type)
        case inspect.UnionType():
            return any(map(strings, info.types))
        case inspect.VarTupleType():
            return strings(info.item_type)
        case inspect.DictType():
            return strings(info.value_type)
    return False


def structs(info: inspect.Type, found: dict[Any, inspect.StructType]) -> dict[Any, inspect.StructType]:
    """Every struct inside a type."""
    match info:
        case inspect.StructType() if info.cls not in found:
            found[info.cls] = info
            for field in info.fields:
                structs(field.type, found)
        case inspect.Metadata():
            structs(info.type, found)
        case inspect.UnionType():
            for one in info.types:
                structs(one, found)
        case inspect.VarTupleType():
            structs(info.item_type, found)
        case inspect.DictType():
            structs(info.value_type, found)
    return found


def test_every_string_a_file_may_hold_is_either_text_or_known_to_be_structure() -> None:
    """A new field is decided here before it can be forgotten: in ``language.TEXT`` or in ``STRUCTURE`` above."""
    undecided = []
    for model in (*MODELS.values(), Written):
        for cls, info in structs(inspect.type_info(model), {}).items():
            free = {field.name for field in info.fields if strings(field.type)}
            undecided += [f"{cls.__name__}.{name}" for name in free - language.TEXT - STRUCTURE]
    assert sorted(set(undecided)) == []
    assert not language.TEXT & STRUCTURE


def test_fixed_values_and_names_are_no_texts_though_a_text_elsewhere_has_their_name() -> None:
    """A gauge's `better` says which way is better, and a line's `who` points at a person."""
    talk = loaded("roleplays", "daniel-marcus-told")
    assert any(line.who for beat in talk.beats for line in beat.client)
    assert any(option.better for beat in talk.beats for option in beat.options)
    found = language.texts(talk)
    assert not [name for name in found if name.endswith(".who") or name.startswith("state.")]
    assert [name for name in found if name.endswith(".better")]


def test_when_all_texts_are_replaced_no_sentence_of_any_file_is_left() -> None:
    stayed = set()
    for folder, item in ITEMS:
        value = loaded(folder, item)
        marked = language.translate(value, dict.fromkeys(language.texts(value), "§"), "x.yaml")
        stayed |= {at[-1] for at, said in leaves(msgspec.to_builtins(marked)) if " " in said and "accepted" not in at}
    assert stayed <= {"when", "needs"}


def map_of(case: Case) -> object:
    """A case's whole graph without a word of it."""
    graph = explore(case)
    steps = [[(option.id, after) for option, after in graph.steps[scene]] for scene in graph.scenes]
    return graph.scenes, steps, graph.share, {scene: (b, o.id) for scene, (b, o) in graph.came.items()}


# One person, a couple, a short one; any other case goes the same way, and the property test below takes small ones of every kind.
@pytest.mark.parametrize("item", ["tom-the-word", "daniel-marcus-told", SHORT])
def test_a_case_with_every_text_replaced_is_the_same_case(item: str) -> None:
    case = loaded("roleplays", item)
    other = shouted(case)
    assert other.title == case.title.upper() != case.title
    assert fingerprint(other) == fingerprint(case)
    assert map_of(other) == map_of(case)
    assert set(language.texts(other)) == set(language.texts(case))


@walked
@given(cases())
def test_any_case_with_every_text_replaced_is_the_same_case_and_compiles_to_the_same_scenes(case: Case) -> None:
    other = shouted(case)
    assert fingerprint(other) == fingerprint(case)
    assert map_of(other) == map_of(case)
    ours, theirs = (compile_case(one).script for one in (case, other))
    assert list(theirs.scenes) == list(ours.scenes)
    assert [scene.next for scene in theirs.scenes.values()] == [scene.next for scene in ours.scenes.values()]


@pytest.mark.parametrize(
    ("folder", "item"),
    [pair for pair in ITEMS if pair[0] not in ("vignettes", "gates", "handouts")],
    ids=lambda part: str(part),
)
def test_an_activity_with_every_text_replaced_keeps_its_fingerprint(folder: str, item: str, tmp_path: Path) -> None:
    value = loaded(folder, item)
    pages: dict[str, Callable[[Any, Answers], Any]] = {kind.folder: kind.page for kind in SHELF}
    pages |= {
        "forms": opening.FormPage,
        "transcripts": opening.TranscriptPage,
        "quizzes": lambda quiz, keeper: opening.QuizPage(quiz, opening.fingerprint(quiz), keeper),
    }
    made = pages.get(folder, lambda case, _: CasePlay(case))
    one, other = (made(each, Answers(tmp_path / "answers.jsonl")) for each in (value, shouted(value)))
    assert other.fingerprint == one.fingerprint


def test_a_text_left_out_or_left_empty_stays_as_it_was() -> None:
    talk = talking_case()
    other = language.translate(talk, {"title": "Una charla", "objective": " "}, "x.yaml")
    assert (other.title, other.objective, other.content_note) == ("Una charla", "To test.", "nothing much")


# ---------------------------------------------------------------- overlays and their faults


@pytest.mark.parametrize("name", ["beats.swan.options.and-a-goose.say", "state.ease.better", "beats.swan.focus", "id"])
def test_an_overlay_with_an_id_that_names_no_text_is_an_error_that_names_it(
    name: str, course: Path, said_in: Callable[[str], None]
) -> None:
    path = overlay(course, "es", title="Catorce minutos tarde", **{name: "Nada."})
    said_in("es")
    with pytest.raises(ContentError) as told:
        store.load(Case, "roleplays", SHORT)
    assert [problem.where for problem in told.value.problems] == [name]
    assert f"i18n/es/roleplays/{SHORT}.yaml" in str(told.value)
    wrong = [problem for problem in overlays.problems(MODELS) if problem.code == "E-SHAPE"]
    assert [(problem.where, Path(problem.file)) for problem in wrong] == [(name, path)]
    assert wrong[0].line == 1 + sorted(["title", name]).index(name)


def test_what_an_overlay_leaves_out_or_leaves_empty_or_as_it_was_is_a_warning(course: Path) -> None:
    case = store.load(Case, "roleplays", SHORT)
    overlay(course, "es", title="Catorce minutos tarde", setting="", objective=case.objective)
    told = {problem.where: problem for problem in overlays.problems(MODELS)}
    assert {problem.code for problem in told.values()} == {"W-LANGUAGE"}
    assert set(told) == {"", "setting", "objective"}
    assert f"{len(language.texts(case)) - 3} texts are not translated" in told[""].what


def test_an_overlay_of_a_case_that_is_not_there_is_an_error(course: Path) -> None:
    path = language.path(course, "es", "roleplays", "late-colleges")
    path.parent.mkdir(parents=True)
    path.write_text("title: Tarde\n")
    (problem,) = overlays.problems(MODELS)
    assert problem.code == "E-SHAPE"
    assert "roleplays/late-colleges.yaml" in problem.what


def test_without_an_overlay_an_item_stands_in_english(course: Path, said_in: Callable[[str], None]) -> None:
    english = store.load(Case, "roleplays", SHORT)
    for lang in ("es", "zz", ""):
        said_in(lang)
        assert language.texts(store.load(Case, "roleplays", SHORT)) == language.texts(english)
        assert text("say.begin") == "Begin"


def test_an_edited_overlay_is_seen_at_the_next_load(course: Path, said_in: Callable[[str], None]) -> None:
    said_in("es")
    for title in ("Uno", "Dos"):
        overlay(course, "es", title=title)
        assert store.load(Case, "roleplays", SHORT).title == title


def test_content_packed_in_a_wheel_carries_its_translations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said_in: Callable[[str], None]
) -> None:
    said_in("es")
    before = language.texts(store.load(Case, "roleplays", SHORT))
    begin = text("say.begin")
    (tmp_path / store.PACKAGED).write_bytes(msgspec.json.encode(kinds.compiled()))
    monkeypatch.setenv("TWOVOICES_DATA", str(tmp_path))
    texts._texts.cache_clear()
    assert language.texts(store.load(Case, "roleplays", SHORT)) == before
    assert text("say.begin") == begin != "Begin"


# ---------------------------------------------------------------- the translations we have


def test_the_translations_of_the_course_have_no_faults() -> None:
    assert LANGUAGES == ["es"]
    assert [str(problem) for problem in overlays.problems(MODELS)] == []


def test_the_short_case_is_whole_in_spanish() -> None:
    spanish = store.load_file(language.path(store.root(), "es", "roleplays", SHORT), dict[str, str])
    english = language.texts(store.load(Case, "roleplays", SHORT))
    assert set(spanish) == set(english)
    assert {name for name, said in spanish.items() if said == english[name]} == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_text_of_the_screen_in_another_language_has_the_same_parts_to_fill_in(lang: str) -> None:
    """What is missing stands in English; it is printed, since the screen's texts grow with the course."""
    english, other = texts._texts(language.SOURCE), store.overlay_of_ui(lang)
    for group, named in other.items():
        for name, said in named.items():
            assert sorted(HOLE.findall(said)) == sorted(HOLE.findall(english[group][name])), f"{group}.{name}"
            assert said.strip(), f"{group}.{name}"
    missing = [
        f"{group}.{name}" for group, named in english.items() for name in named if name not in other.get(group, {})
    ]
    print(
        f"data/i18n/{lang}/ui.yaml: W-LANGUAGE {len(missing)} texts are not translated: {', '.join(missing) or 'none'}"
    )


# ---------------------------------------------------------------- playing it


class Memory:
    """A log in memory."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def of(self, activity: str) -> tuple[Event, ...]:
        return fold(event for event in self.events if event.activity == activity)

    def append(
        self, activity: str, attempt: str, kind: str, data: dict[str, Any], fingerprint: str, n: int | None = None
    ) -> Event:
        number = len(self.events)
        event = Event(
            v=1,
            id=str(number),
            at=f"2026-01-01T{number:09}",
            course="",
            fingerprint=fingerprint,
            activity=activity,
            attempt=attempt,
            n=number,
            kind=kind,
            data=data,
        )
        self.events.append(event)
        return event


# Of a view, all that nobody reads.
UNREAD = {"key", "do", "id", "type", "kind", "focus", "lang", "side", "letter", "tone"}


def words(view: View) -> set[str]:
    """Everything a view says, to the eye or to a screen reader."""

    def said(raw: Any, within: str = "") -> Iterator[str]:
        if isinstance(raw, dict):
            button = "label" in raw and "do" in raw
            for key, entry in raw.items():
                if key not in UNREAD and not (button and key == "value"):
                    yield from said(entry, key)
        elif isinstance(raw, list | tuple):
            for entry in raw:
                yield from said(entry, within)
        elif isinstance(raw, str) and within == "svg":
            yield from (html.unescape(part) for part in re.findall(r">([^<>]+)<", raw))
        elif isinstance(raw, str):
            yield raw

    return {string for string in said(msgspec.to_builtins(view)) if string.strip()}


class Player:
    """Plays the short case in every way, and notes all that is said."""

    def __init__(self) -> None:
        self.case = store.load(Case, "roleplays", SHORT)
        self.heard: set[str] = set()
        self.langs: set[str] = set()

    def open(self, keeper: Memory) -> Talk:
        talk = Talk(CasePlay(self.case), keeper, debrief=debrief.blocks)
        self.look(talk)
        return talk

    def look(self, talk: Talk) -> None:
        view = talk.show()
        self.heard |= words(view)
        self.langs.add(view.lang)

    def press(self, talk: Talk, do: str, value: str = "", **fields: str) -> None:
        talk.press(Press(do=do, value=value, fields=fields))
        self.look(talk)

    def play(self, replies: tuple[str, ...], keeper: Memory | None = None) -> Talk:
        """One whole conversation, with every side way it has."""
        talk = self.open(keeper or Memory())
        self.press(talk, "begin", "coached")
        for beat, reply in zip(self.case.beats, replies, strict=True):
            if beat.your_words:
                self.press(talk, "worded")
                self.press(talk, "closest", beat.options[0].id)
            self.press(talk, "reply", reply)
            self.press(talk, "four")
            if beat.again:
                self.again(talk, beat.id, beat.again.options[len(reply) % 4].id)
            self.press(talk, "on")
        for do in ("felt", "self"):
            self.press(talk, do, "3")
        for step in range(len(replies) + 1):
            self.press(talk, "step", str(step))
        return talk

    def again(self, talk: Talk, beat: str, option: str) -> None:
        self.press(talk, "again", beat)
        for number in range(3):
            for value in ("said", "0", "variant", option, "round" if number < 2 else "close"):
                self.press(talk, "once", value)

    def play_all(self) -> None:
        """Every way through the case, every reply to the second saying, and the pages beside it."""
        keeper = Memory()
        for replies in product(*([option.id for option in beat.options] for beat in self.case.beats)):
            self.play(replies)
        talk = self.play(replies, keeper)
        for beat in self.case.beats:
            for option in beat.again.options if beat.again else ():
                self.again(talk, beat.id, option.id)
        for do in ("pause", "back", "leave", "back", "restart"):
            self.press(talk, do)
        self.press(talk, "begin", "coached")
        self.press(talk, "reply", replies[0])
        other = self.open(keeper)
        self.press(other, "undo")
        self.press(talk, "on")  # overtaken by the other window
        activity, attempt = talk.activity, keeper.events[-1].attempt
        keeper.append(activity, attempt, "reply", {"scene": "nowhere", "option": "none"}, talk.play.fingerprint)
        self.open(keeper)
        keeper.append(activity, "older", "begin", {"mode": "coached"}, "0" * 16)
        self.open(keeper)


def patterns(english: dict[str, str], other: dict[str, str]) -> list[tuple[str, re.Pattern[str]]]:
    """For each text that is not the same in both, what finds it; of one word or none, only where it stands alone."""
    found = []
    for name, said in english.items():
        if said == other.get(name) or not re.search(r"\w", HOLE.sub("", said)):
            continue
        inside = len(re.findall(r"[^\W\d]+", HOLE.sub(" ", said))) >= 3
        body = ".+?".join(re.escape(part) for part in HOLE.split(said.strip(" .")))
        found.append((name, re.compile(rf"(?<!\w){body}(?!\w)" if inside else rf"^\W*{body}\W*$", re.S)))
    return found


def flat(grouped: dict[str, dict[str, str]]) -> dict[str, str]:
    return {f"{group}.{name}": said for group, named in grouped.items() for name, said in named.items()}


def english_in(heard: set[str]) -> list[str]:
    """English texts, of the case or the screen, in what was heard; those not translated yet are left to be seen."""
    case = store._load(Case, "roleplays", SHORT)
    spanish = store.overlay_of_ui("es")
    screen = {name: said for name, said in flat(texts._texts(language.SOURCE)).items() if name in flat(spanish)}
    wanted = patterns(screen, flat(spanish)) + patterns(
        language.texts(case), language.texts(store.load(Case, "roleplays", SHORT))
    )
    return [f"{name}: {string}" for name, pattern in wanted for string in sorted(heard) if pattern.search(string)]


def test_the_search_for_english_finds_it(said_in: Callable[[str], None]) -> None:
    player = Player()
    player.play(("and-a-swan", "not-you", "protection"))
    said_in("es")
    found = {line.split(": ")[0] for line in english_in(player.heard)}
    assert {"say.begin", "say.leave", "talk.moment", "debrief.title", "debrief.critic"} <= found
    assert {"title", "people.client", "beats.swan.client.0.seen", "beats.helmet.options.protection.better"} <= found


def test_no_way_through_the_short_case_in_spanish_shows_english(said_in: Callable[[str], None]) -> None:
    said_in("es")
    player = Player()
    player.play_all()
    assert english_in(player.heard) == []
    assert player.langs == {"es"}
    whole = "\n".join(player.heard)
    unheard = {name for name, said in language.texts(player.case).items() if said.rstrip(".") not in whole}
    assert unheard <= {
        "objective",
        "beats.the-late-one.again.client.0.inner.critic",
        "beats.the-late-one.again.client.0.inner.kinder",
    }


def test_everything_a_conversation_says_comes_from_its_case_or_the_file_of_texts(
    course: Path, said_in: Callable[[str], None]
) -> None:
    """In a made-up language that is all capitals, a small letter would be a word written into the code."""
    overlay(course, "xx", **{n: s.upper() for n, s in language.texts(store.load(Case, "roleplays", SHORT)).items()})
    screen = {
        group: {name: re.sub(r"[^{}]+(?![^{]*\})", lambda hit: hit[0].upper(), said) for name, said in named.items()}
        for group, named in store.load(dict[str, dict[str, str]], "", "ui").items()
    }
    language.path(course, "xx", "", "ui").write_text(yaml.safe_dump(screen), encoding="utf-8")
    said_in("xx")
    player = Player()
    player.play_all()
    assert [said for said in sorted(player.heard) if re.search(r"[a-zß-ÿ]", said)] == []
    assert len(player.heard) > 200


def test_a_log_written_in_english_goes_on_in_spanish(said_in: Callable[[str], None]) -> None:
    keeper, replies = Memory(), ("what-lateness-says", "minds-waiting", "since-you-came-in")
    before = Player().play(replies, keeper)
    (first,) = before.attempts()
    said_in("es")
    player = Player()
    talk = player.open(keeper)
    (after,) = talk.attempts()
    assert not after.older
    assert (after.replies, after.closest, after.felt, after.agains) == (
        first.replies,
        first.closest,
        first.felt,
        first.agains,
    )
    assert [moment.scene for moment in after.heard] == [moment.scene for moment in first.heard]
    assert after.complete
    assert after.skipped == 0
    assert "Nos está diciendo que había un cisne." in after.heard[1].heard[0].say
    assert english_in(player.heard) == []


class Reader:
    """Reads the terminal as a person would, and presses what it says."""

    def __init__(self, wanted: list[str]) -> None:
        self.lines: list[str] = []
        self.wanted = wanted

    def read(self, prompt: str) -> str:
        if prompt.startswith("…"):
            return "mis palabras"
        if prompt.startswith("[A"):
            return "a"
        if prompt.startswith("[0"):
            return "3"
        menu = {hit[2]: hit[1] for line in self.lines if (hit := re.match(r" +(\d+)  (.+)", line))}
        shown = re.findall(r"\d+", prompt)
        for number, label in enumerate(self.wanted):
            if menu.get(label) in shown and any(label in line for line in self.lines[-12:]):
                return menu[self.wanted.pop(number) if label != text("say.go_on") else label]
        return "q"


def test_the_short_case_is_played_in_spanish_in_a_terminal_to_a_page_kept_for_supervision(
    said_in: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said_in("es")
    monkeypatch.setenv("TWOVOICES_ANSWERS", str(tmp_path))
    page = opening.roleplay(SHORT)
    path = [
        "say.begin",
        "talk.show_replies",
        "talk.once_more",
        "again.done",
        "again.next",
        "say.go_on",
        "debrief.next",
        "debrief.keep",
    ]
    reader = Reader([text(key) for key in path])
    terminal.run(page.show, page.press, read=reader.read, write=lambda line: reader.lines.append(str(line)))
    told = " ".join(" ".join(reader.lines).split())
    for key in ("debrief.guess", "debrief.before", "debrief.roads", "debrief.ending", "debrief.supervision"):
        assert text(key, **({"name": "Inés"} if key == "debrief.guess" else {})) in told
    parts = {" ".join(part.split()) for part in "\n".join(reader.lines).split("\n\n")}
    assert english_in(parts | {line.strip() for line in reader.lines}) == []
    (kept,) = (tmp_path / "kept").iterdir()
    written = kept.read_text(encoding="utf-8")
    assert '<html lang="es">' in written
    assert "mis palabras" in written
    assert english_in(set(re.findall(r">([^<>]+)<", written))) == []


def test_the_panel_says_its_language_and_its_own_words_in_it(
    said_in: Callable[[str], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWOVOICES_ANSWERS", str(tmp_path))

    def shown() -> tuple[typing.Any, typing.Any]:
        page = opening.roleplay(SHORT)
        panel = Panel(page.show, page.press)
        return panel.view, panel.words

    english, own = shown()
    assert english.get("lang", "en") == "en"
    said_in("es")
    view, words_of_panel = shown()
    assert view["lang"] == "es"
    assert view["label"] == "Conversación: Catorce minutos tarde"
    assert set(words_of_panel) == set(own)
    assert all(words_of_panel[name] != own[name] for name in own)
