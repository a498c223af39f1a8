"""Opening an activity by its id: the exercise's own release first, then the course's content."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

from .. import answers
from ..answers import Answers, AnswersError, Stale
from ..content import store
from ..content.errors import NotFound
from ..content.texts import text
from ..events import Keeper
from ..roleplay import debrief
from ..roleplay.attempts import attempts, to_mark
from ..roleplay.model import Case
from ..roleplay.play import CasePlay, ScriptPlay
from ..roleplay.talk import Talk
from ..view import Press, View
from . import kept, release
from .form import Form, FormPage
from .quiz import Quiz, QuizPage, fingerprint
from .quiz import answers as answers_given
from .shelf import BY_NAME
from .transcript import Transcript, TranscriptPage
from .written import WrittenPage, saved

T = TypeVar("T")


class Shown(Protocol):
    """An activity on a page."""

    notice: str
    place: str
    focus: str
    keeper: Keeper

    @property
    def activity(self) -> str:
        """Its id in the log."""

    def show(self) -> View:
        """What is to be seen now."""

    def press(self, press: Press) -> None:
        """Take a press."""


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
    talk = Talk(CasePlay(store.load(Case, "roleplays", item)), keeper, debrief=debrief.blocks)
    talk.keep_page = lambda words: _keep(keeper.path.parent, talk, words)
    return _page(talk, keeper, place)


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
    activity = found.page(store.load(found.model, found.folder, item), keeper)
    activity.folder = keeper.path.parent
    return _page(activity, keeper, place)


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
