"""Opening an activity by its id: the exercise's own release first, then the course's content."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from .. import answers
from ..answers import Answers, AnswersError, Stale
from ..content import store
from ..content.errors import NotFound
from ..content.texts import text
from ..events import Event
from ..roleplay import debrief
from ..roleplay.attempts import attempts, to_mark
from ..roleplay.model import Case
from ..roleplay.play import CasePlay, ScriptPlay
from ..roleplay.talk import Talk
from ..view import Press, View
from . import boosters, kept, release
from .base import Shown
from .form import Form, FormPage
from .gate import Closed, Gate, GatePage, Standing, standing
from .path import PathPage, edges
from .quiz import Quiz, QuizPage, fingerprint
from .quiz import answers as answers_given
from .reading import CompetenciesPage, Handout, HandoutPage, WordsPage
from .shelf import BY_NAME, SHELF
from .transcript import Transcript, TranscriptPage
from .written import WrittenPage, saved

T = TypeVar("T")


class Page:
    """An activity whose faults in keeping are told on the page instead of raised.

    Attributes
    ----------
    activity
        The activity itself.
    """

    def __init__(self, activity: Shown) -> None:
        self.activity = activity

    @property
    def touched(self) -> str:
        """When this was last worked in (ISO time); empty for never."""
        events = self.activity.keeper.of(self.activity.activity)
        return events[-1].at if events else ""

    def show(self) -> View:
        """What is to be seen now."""
        return self.activity.show()

    def press(self, press: Press) -> None:
        """Take a press; when it cannot be kept, say why and change nothing."""
        try:
            self.activity.press(press)
        except AnswersError as error:
            self.activity.notice, self.activity.focus = str(error), "notice"
        except Stale:
            self.activity.notice, self.activity.focus = text("say.elsewhere"), "notice"


def roleplay(item: str, folder: Path | None = None) -> Page:
    """A conversation: the exercise's own script where the folder has one, else a case of the course.

    Raises
    ------
    twovoices.content.errors.NotFound
        When there is none of that id.
    """
    here = folder or Path.cwd()
    released = release.find(here)
    keeper, place = _keeper(here)
    if released and item in released.roleplays:
        return _page(Talk(ScriptPlay(released.roleplays[item]), keeper), keeper, place)
    talk = _talk(store.load(Case, _folder(item), item), keeper)
    return _page(_behind_gate(f"roleplay:{item}", talk, talk.play.title, keeper), keeper, place)


def gate(item: str, folder: Path | None = None) -> Page:
    """A gate: the conversation that is next in its pool.

    Raises
    ------
    twovoices.content.errors.NotFound
        When there is none of that id.
    """
    keeper, place = _keeper(folder or Path.cwd())
    found = store.load(Gate, "gates", item)
    cases = _cases(found)
    talks = {name: _talk(cases[name], keeper) for name in found.pool}
    return _page(GatePage(found, talks, lambda: _standing(found, cases, keeper)), keeper, place)


def _folder(item: str) -> str:
    """Boosters are played like any role-play."""
    return "boosters" if item in store.ids("boosters") else "roleplays"


def _talk(case: Case, keeper: Answers) -> Talk:
    talk = Talk(CasePlay(case), keeper, debrief=debrief.blocks)
    talk.keep_page = lambda words: _keep(keeper.path.parent, talk, words)
    return talk


def _cases(found: Gate) -> dict[str, Case]:
    return {name: store.load(Case, "roleplays", name) for name in (*found.pool, found.way_round.roleplay)}


def _standing(found: Gate, cases: dict[str, Case], keeper: Answers) -> Standing:
    return standing(found, cases, store.load(Quiz, "quizzes", found.way_round.quiz), keeper)


def _behind_gate(activity: str, page: Shown, title: str, keeper: Answers) -> Shown:
    """The page itself, or what keeps it closed where a gate does."""
    gates = (store.load(Gate, "gates", name) for name in store.ids("gates"))
    found = next((one for one in gates if activity in one.opens), None)
    if found is None:
        return page
    teaching = bool(os.environ.get("TWOVOICES_TEACH"))
    return Closed(page, title, found, lambda: _standing(found, _cases(found), keeper), teaching)


def quiz(item: str, folder: Path | None = None) -> Page:
    """Judgement questions: the exercise's released ones where it has them, else the course's."""
    here = folder or Path.cwd()
    released = release.find(here)
    keeper, place = _keeper(here)
    if released and item in released.quizzes:
        marked = released.quizzes[item]
        assert marked.quiz is not None
        return _page(QuizPage(marked.quiz, marked.fingerprint, keeper), keeper, place)
    found = store.load(Quiz, "quizzes", item)
    return _page(QuizPage(found, fingerprint(found), keeper), keeper, place)


def written(item: str, folder: Path | None = None) -> Page:
    """The written part of the exercise in this folder."""
    here = folder or Path.cwd()
    released = release.find(here)
    if released is None or item not in released.written:
        raise NotFound(text("written.nowhere", item=item))
    marked = released.written[item]
    assert marked.written is not None
    keeper, place = _keeper(here)
    return _page(WrittenPage(marked.written, marked.fingerprint, keeper), keeper, place)


def transcript(item: str, folder: Path | None = None) -> Page:
    """A worked example."""
    return _simple("transcripts", Transcript, TranscriptPage, item, folder)


def form(item: str, folder: Path | None = None) -> Page:
    """A few private questions."""
    return _simple("forms", Form, FormPage, item, folder)


def practice(kind: str, item: str, folder: Path | None = None) -> Page:
    """One of the kinds of practice that ``shelf`` lists, by the name a notebook calls it.

    Raises
    ------
    twovoices.content.errors.NotFound
        When there is none of that id.
    """
    found = BY_NAME[kind]
    keeper, place = _keeper(folder or Path.cwd())
    content = store.load(found.model, found.folder, item)
    activity = found.page(content, keeper)
    activity.folder = keeper.path.parent
    if getattr(content, "competency", None) in edges(keeper):
        activity.place = text("path.edge_here")
    return _page(_behind_gate(f"{kind}:{item}", activity, activity.label, keeper), keeper, place)


def answered(item: str, folder: Path | None = None) -> str:
    """Say whether an answer to one of the exercise's activities is there and complete; never how good it is."""
    here = folder or Path.cwd()
    released = release.find(here)
    keeper, _ = _keeper(here)
    if released and item in released.roleplays:
        play = ScriptPlay(released.roleplays[item])
        attempt = to_mark(attempts(play, keeper.of(f"roleplay:{item}"), straight=True))
        if attempt is None:
            return text("answered.talk_none")
        if attempt.complete:
            return text("answered.talk_done")
        return text("answered.talk_open", done=len(attempt.replies), all=play.script.moments)
    if released and item in released.quizzes:
        marked = released.quizzes[item]
        assert marked.quiz is not None
        given = answers_given(e for e in keeper.of(f"quiz:{item}") if e.fingerprint == marked.fingerprint)
        known = sum(question.id in given for question in marked.quiz.questions)
        return text("answered.quiz", done=known, all=len(marked.quiz.questions))
    if released and item in released.written:
        marked = released.written[item]
        assert marked.written is not None
        kept = saved(e for e in keeper.of(f"written:{item}") if e.fingerprint == marked.fingerprint)
        return text(
            "answered.written", done=sum(p in kept for p in marked.written.parts), all=len(marked.written.parts)
        )
    raise NotFound(text("written.nowhere", item=item))


def handout(item: str, folder: Path | None = None) -> Page:
    """A page for a client, to look at and to print."""
    keeper, place = _keeper(folder or Path.cwd())
    page = HandoutPage(store.load(Handout, "handouts", item), keeper)
    page.folder = keeper.path.parent
    return _page(page, keeper, place)


def glossary(item: str = "", folder: Path | None = None) -> Page:
    """Words explained, those of one lesson where it is named (``M02``)."""
    keeper, place = _keeper(folder or Path.cwd())
    return _page(WordsPage(item, keeper), keeper, place)


def competencies(item: str = "", folder: Path | None = None) -> Page:
    """The twelve competencies."""
    keeper, place = _keeper(folder or Path.cwd())
    return _page(CompetenciesPage(keeper), keeper, place)


def path(item: str = "", folder: Path | None = None) -> Page:
    """The learner's own page."""
    keeper, place = _keeper(folder or Path.cwd())
    return _page(PathPage(keeper, keeper.path.parent), keeper, place)


def booster(item: str = "", folder: Path | None = None) -> Page:
    """The next moment not met before, those of the learner's edge first.

    Raises
    ------
    twovoices.content.errors.NotFound
        When every one has been met.
    """
    keeper, place = _keeper(folder or Path.cwd())
    begun = [name for name in store.ids("boosters") if (seen := keeper.of(f"roleplay:{name}")) and _open(seen)]
    left = begun or boosters.ahead(keeper, next(iter(edges(keeper)), ""))
    if not left:
        raise NotFound(text("path.booster_none"))
    return _page(_talk(store.load(Case, "boosters", left[0]), keeper), keeper, place)


def _open(events: Sequence[Event]) -> bool:
    """Whether a conversation was begun and not finished, or finished today: it stays on the page then."""
    finished = [event.at[:10] for event in events if event.kind == "finish"]
    return not finished or finished[-1] == boosters.today().isoformat()


def anything(item: str, folder: Path | None = None) -> Page:
    """Whatever has that id, for the terminal: a conversation first, then every other kind.

    Raises
    ------
    twovoices.content.errors.NotFound
        When there is none of that id; the message lists near ones.
    """
    ways: dict[str, Callable[[str, Path | None], Page]] = {
        "quizzes": quiz,
        "transcripts": transcript,
        "forms": form,
        "gates": gate,
        "handouts": handout,
        **{kind.folder: partial(practice, kind.name) for kind in SHELF},
    }
    for place, way in ways.items():
        if item in store.ids(place):
            return way(item, folder)
    return roleplay(item, folder)


def _simple(kind: str, model: type[T], page: Callable[[T, Answers], Shown], item: str, folder: Path | None) -> Page:
    keeper, place = _keeper(folder or Path.cwd())
    return _page(page(store.load(model, kind, item), keeper), keeper, place)


def _keeper(folder: Path) -> tuple[Answers, answers.Place]:
    place = answers.locate(folder)
    return Answers(place.path), place


def _page(activity: Shown, keeper: Answers, place: answers.Place) -> Page:
    """Say where answers go when that is not obvious, and what of the log could not be read."""
    unread = keeper.read().unread
    if unread:
        activity.place = text("say.unread", count=len(unread), first=unread[0])
    elif place.kind in ("home", "preview"):
        activity.place = text(f"say.{place.kind}", path=place.path)
    return Page(activity)


def _keep(folder: Path, talk: Talk, words: str) -> str:
    """Write the half page "bring this to supervision": the moment, my line, my second line, my question."""
    name = re.sub(r"[^a-z0-9]+", "-", talk.play.title.lower()).strip("-")
    attempt = talk.attempts()[-1]
    path = kept.file(folder, f"supervision-{talk.play.id}-{name}")
    step = max(talk.step, 1)
    heard = attempt.heard[step - 1]
    line = dict(heard.replies)[attempt.replies[step - 1][1]]
    own = talk.words.get(f"{attempt.id}-{heard.scene}", "")
    rows = [
        (text("keep.moment"), " ".join(f"{said.name}: “{said.say}”" for said in heard.heard)),
        (text("keep.line"), line),
        (text("keep.second"), own or text("keep.space")),
        (text("keep.question"), words.strip() or text("keep.space")),
    ]
    kept.write(path, text("keep.title"), rows)
    return text("debrief.kept", path=path)
