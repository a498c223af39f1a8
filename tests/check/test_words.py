from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from twovoices.check import fair, overlays, run
from twovoices.check.report import Review
from twovoices.content import language, store, words
from twovoices.content.strict import Document, read, read_text
from twovoices.roleplay.model import Case, fingerprint

from .seeding import files, plain, written

LANGUAGES = [path.stem for path in store.sources("words/*.yaml")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_language_has_words_of_every_class(lang: str) -> None:
    found = words.of(lang)
    assert found.id == lang
    for name, value in msgspec.structs.asdict(found).items():
        assert value, name


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "I was fifteen."),
        ("en", "a 14-year-old"),
        ("en", "a sixteen year old girl"),
        ("en", "at the age of nine"),
        ("en", "when she was 12, and"),
        ("en", "Priya, 17, in her final year"),
        ("es", "cuando tenía quince años"),
        ("es", "una chica de 16 años"),
        ("es", "una adolescente"),
    ],
)
def test_an_age_under_eighteen_is_found(lang: str, text: str) -> None:
    assert words.minor(words.of(lang), ["Priya"]).search(text)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "I was fifteen minutes late."),
        ("en", "a 45-year-old"),
        ("en", "a twenty-five-year-old"),
        ("en", "Priya, 22, in her final year"),
        ("en", "Priya, one thing before you go"),
        ("en", "He was one of three."),
        ("en", "when I was twelve stops from home"),
        ("es", "llevan quince años de matrimonio"),
        ("es", "tenía cuarenta años"),
        ("es", "a los diez años de casados"),
    ],
)
def test_other_numbers_are_not_taken_for_ages(lang: str, text: str) -> None:
    assert not words.minor(words.of(lang), ["Priya"]).search(text)


@pytest.mark.parametrize(
    ("lang", "plain", "learned"),
    [
        ("en", "She came. You met her. She sat down and said more.", "Notwithstanding considerable intentionality."),
        (
            "es",
            "Ella vino. Usted la miró. Se sentó y habló más.",
            "No obstante la considerable intencionalidad profesional.",
        ),
    ],
)
def test_plain_speech_is_easy_and_learned_speech_is_not(lang: str, plain: str, learned: str) -> None:
    reading = words.of(lang).reading
    assert words.hardness(plain, reading) < reading.most < words.hardness(learned, reading)


def translation(case: str, name: str, text: str) -> tuple[Document[Case], Document[dict[str, str]]]:
    """A case, and a translation of it in which one text says something else."""
    original = read(files()[case], Case)
    overlay = {key: f"¡{value}!" for key, value in language.texts(original.value).items()} | {name: text}
    return original, read_text(written(overlay), dict[str, str], f"data/i18n/es/roleplays/{case}.yaml")


def test_a_translation_is_checked_in_its_language_and_reported_in_its_file() -> None:
    name = "beats.swan.options.owen-is-on.say"
    original, overlay = translation("late-colleague", name, "Es lo más normal del mundo.")
    problems = overlays.review(overlays.translated(original, overlay), "es").problems
    found = [problem for problem in problems if problem.code == "W-WORDS"]
    assert [(problem.file, problem.line, problem.where) for problem in found] == [
        (overlay.file, overlay.line(name), "beat swan, reply owen-is-on")
    ]
    assert "frecuente" in found[0].mend


def test_english_words_are_not_looked_for_in_spanish() -> None:
    original, overlay = translation("late-colleague", "beats.swan.options.owen-is-on.say", "Why did you?")
    assert not any(p.code == "W-WORDS" for p in overlays.review(overlays.translated(original, overlay), "es").problems)


def test_a_translated_case_keeps_its_fingerprint_and_every_beat_has_a_line() -> None:
    original, overlay = translation("late-colleague", "title", "Catorce minutos tarde")
    made = overlays.translated(original, overlay)
    assert fingerprint(made.value) == fingerprint(original.value)
    assert made.value.title == "Catorce minutos tarde"
    lines = [made.line("beats", number) for number in range(len(made.value.beats))]
    assert lines == sorted(lines)
    assert lines[0] > 1


def test_a_language_without_words_is_said_to_have_none() -> None:
    original, overlay = translation("late-colleague", "title", "Vierzehn Minuten")
    (problem,) = overlays.review(overlays.translated(original, overlay), "de").problems
    assert problem.code == "W-LANGUAGE"
    assert "data/words/de.yaml" in problem.mend


def test_a_warning_accepted_in_a_case_is_accepted_in_its_translation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in store.root().iterdir():
        if path.name not in (language.FOLDER, "roleplays"):
            (tmp_path / path.name).symlink_to(path)
    data = msgspec.json.decode(plain("late-colleague"))
    option = next(o for o in data["beats"][0]["options"] if o["level"] == 3)
    option["say"] = "That's perfectly normal."
    data["accepted"] = {"W-WORDS": "Ines asks for the word herself."}
    monkeypatch.setenv("TWOVOICES_DATA", str(tmp_path))
    case = store.source("roleplays", "late-colleague")
    file = language.path(tmp_path, "es", "roleplays", "late-colleague")
    for path, text in ((case, written(data)), (file, "")):
        path.parent.mkdir(parents=True)
        path.write_text(text, "utf-8")
    texts = {key: f"¡{value}!" for key, value in language.texts(read(case, Case).value).items()}
    file.write_text(written(texts | {f"beats.swan.options.{option['id']}.say": "Es lo normal."}), "utf-8")
    _, problems = run.check([case])
    assert not any(problem.code == "W-WORDS" for problem in problems)


def test_boosters_are_guessed_together_and_apart_from_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(fair, "check_all", lambda reviews: asked.append([r.case.id for r in reviews]) or [])
    reviews = []
    for case in ("late-colleague", "adaeze-before", "ray-wednesday"):
        data = msgspec.json.decode(plain(case))
        data["use"] = "assessment" if case == "ray-wednesday" else "booster"
        reviews.append(Review(Document(msgspec.convert(data, Case), {}, f"{case}.yaml")))
    run.across(reviews)
    assert asked == [["late-colleague", "adaeze-before"], ["ray-wednesday"]]
