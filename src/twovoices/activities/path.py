"""The learner's own page: where I am, what is next, how I did where that may be said, my edge, boosters, my data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..answers import AnswersError
from ..content import course, library, store
from ..content.course import WAYS, Way
from ..content.texts import text
from ..events import Keeper
from ..view import AnyBlock, Button, Buttons, Choice, Choices, Fold, Head, Press, Prose, Table
from . import boosters, mine, progress
from .base import Activity
from .form import Form, FormPage
from .shelf import SHELF

ACTIVITY = "path:mine"
ROUTE = "route"
LOWEST = 3  # own moments shown for an edge


class PathPage(Activity):
    """A learner's own page. Nobody else is shown it, nothing is ranked, and nothing in it is compared with anyone."""

    def __init__(self, keeper: Keeper, folder: Path) -> None:
        super().__init__(ACTIVITY, "", keeper, text("path.title"))
        self.folder = folder
        self.said: dict[str, str] = {}
        self.erasing = False

    # ------------------------------------------------------------------ showing

    def blocks(self) -> list[AnyBlock]:
        """Where I am; then everything else, folded."""
        way = self.way()
        replies = list(progress.given(self.keeper))
        return [
            Head(key="head", title=self.label, note=text("path.private")),
            *self._route(way),
            Fold(key="practised", summary=text("path.practised"), blocks=tuple(self._profile(replies))),
            Fold(
                key="edge", summary=text("path.edge"), blocks=tuple(self._edge(replies)), open=self.focus == "edge-ask"
            ),
            Fold(
                key="boosters",
                summary=text("path.boosters"),
                blocks=tuple(self._boosters()),
                open="boosters" in self.said,
            ),
            Fold(
                key="data",
                summary=text("path.data"),
                blocks=tuple(self._data()),
                open=self.erasing or "data" in self.said,
            ),
        ]

    def way(self) -> Way:
        """The way chosen in *Start here*; the full one until then (and for those who teach)."""
        chosen = FormPage(store.load(Form, "forms", ROUTE), self.keeper).given().get(ROUTE)
        return next((way for way in WAYS if way == chosen), "full")

    def _route(self, way: Way) -> list[AnyBlock]:
        rows, ahead = [], ""
        for lesson in course.lessons():
            if way not in lesson.minutes:
                continue
            minutes = text("path.minutes", count=lesson.minutes[way])
            if not lesson.notebook:
                rows.append((lesson.title, minutes, text("path.unwritten")))
                continue
            done = progress.lesson(lesson, way, self.keeper)
            if done.next and not ahead:
                ahead = text("path.next", lesson=lesson.title, file=f"{lesson.notebook}.ipynb")
            rows.append((lesson.title, minutes, text("path.steps", done=done.steps, all=done.of)))
        header = (text("path.lesson"), text("path.time"), text("path.done"))
        hours = sum(lesson.minutes.get(way, 0) for lesson in course.lessons()) / 60
        return [
            Prose(key="way", paragraphs=(text(f"path.way_{way}", hours=f"{hours:.0f}"),)),
            Table(key="lessons", caption=text("path.where"), header=header, rows=tuple(rows)),
            Prose(key="next", paragraphs=(ahead or text("path.all_done"),), tone="soft"),
        ]

    def _profile(self, replies: list[progress.Given]) -> list[AnyBlock]:
        names = library.competencies()
        rows = []
        for found in progress.profiles(replies):
            levels = ", ".join(map(str, found.levels))
            if found.median is None:
                said = text("path.too_few", beats=len(found.levels), cases=found.cases)
            else:
                said = text("path.middle", middle=f"{found.median:g}", low=min(found.levels), high=max(found.levels))
            rows.append((names[found.competency].short, levels, said))
        if not rows:
            return [Prose(key="nothing", paragraphs=(text("path.nothing"),))]
        header = (text("debrief.competency"), text("debrief.at"), text("path.together"))
        return [
            Table(key="profile", caption=text("path.profile"), header=header, rows=tuple(rows)),
            Prose(key="profile-rule", paragraphs=(text("path.profile_rule"),)),
        ]

    def _edge(self, replies: list[progress.Given]) -> list[AnyBlock]:
        names, mine_ = library.competencies(), next(iter(edges(self.keeper)), "")
        options = tuple(
            Choice(id=name, letter="ABCDEFGHIJKL"[n], text=item.title, on=name == mine_)
            for n, (name, item) in enumerate(names.items())
        )
        shown: list[AnyBlock] = [
            Choices(
                key="edge-ask", label=text("path.edge_ask"), hint=text("path.edge_hint"), options=options, do="edge"
            )
        ]
        if not mine_:
            return shown
        low = sorted((reply for reply in replies if reply.competency == mine_), key=lambda reply: reply.level)[:LOWEST]
        if low:
            lines = tuple(text("path.moment", title=reply.title, heard=reply.heard, level=reply.level) for reply in low)
            shown.append(Prose(key="edge-own", heading=text("path.edge_own"), paragraphs=lines))
        trains = tuple(_trains(mine_))
        shown.append(Prose(key="edge-trains", heading=text("path.edge_trains"), paragraphs=trains, tone="soft"))
        return shown

    def _boosters(self) -> list[AnyBlock]:
        days, done = boosters.days(self.keeper), boosters.played(self.keeper)
        count = boosters.due(days, done.values(), boosters.today())
        coming = [day for day in days if day > boosters.today()]
        words = [text("path.booster_what")]
        if days:
            words.append(text("path.booster_due", count=count))
            words += [text("path.booster_next", day=coming[0].isoformat())] if coming else []
        buttons = [Button(do="boosters", label=text("path.booster_set"))]
        shown: list[AnyBlock] = [
            Prose(key="booster-words", paragraphs=tuple(words)),
            Buttons(key="booster-set", items=tuple(buttons)),
        ]
        return [*shown, *self._told("boosters")]

    def _data(self) -> list[AnyBlock]:
        found = mine.files(self.folder)
        words = text("path.data_what", count=len(found), folder=self.folder)
        shown: list[AnyBlock] = [Prose(key="data-words", paragraphs=(words,))]
        if self.erasing:
            names = ", ".join(path.relative_to(self.folder).as_posix() for path in found)
            shown += [
                Prose(key="erase-what", paragraphs=(text("path.erase_what", names=names),)),
                Buttons(
                    key="erase-sure",
                    items=(
                        Button(do="keep_all", label=text("path.keep_all"), kind="primary"),
                        Button(do="erase_all", label=text("path.erase_all")),
                    ),
                ),
            ]
        else:
            items = [Button(do="export", label=text("path.export"), off=not found)]
            items.append(Button(do="erase", label=text("path.erase"), kind="quiet", off=not found))
            shown.append(Buttons(key="data-do", items=tuple(items)))
        return [*shown, *self._told("data")]

    def _told(self, what: str) -> list[AnyBlock]:
        return [Prose(key=f"told-{what}", paragraphs=(self.said[what],), tone="soft")] if what in self.said else []

    # ------------------------------------------------------------------ pressing

    def take(self, press: Press) -> None:
        """Take a press."""
        self.said = {}
        if press.do == "edge" and press.value in library.competencies():
            self.keep("edge", edge=press.value)
            self.focus = "edge-ask"
        elif press.do == "boosters":
            self.said["boosters"], self.focus = self._set_boosters(), "told-boosters"
        elif press.do == "export":
            self.said["data"] = text("path.exported", path=mine.export(self.folder, boosters.today()))
            self.focus = "told-data"
        elif press.do in ("erase", "keep_all"):
            self.erasing = press.do == "erase"
            self.focus = "erase-sure" if self.erasing else "data-do"
        elif press.do == "erase_all" and self.erasing:
            self.erasing = False
            left = list(mine.erase(self.folder))
            names = ", ".join(map(str, left))
            self.said["data"] = text("path.erase_left", names=names) if left else text("path.erased")
            self.focus = "told-data"

    def _set_boosters(self) -> str:
        days = boosters.dates(boosters.today())
        path = self.folder / f"two-voices-boosters-{boosters.today().isoformat()}.ics"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(boosters.calendar(days))
        except OSError as error:
            raise AnswersError(text("keep.failed", path=path, reason=error.strerror or error)) from error
        self.keeper.append(boosters.ACTIVITY, boosters.ACTIVITY, "start", {}, "")
        return text("path.booster_file", path=path, days=", ".join(day.isoformat() for day in days))


def edges(keeper: Keeper) -> set[str]:
    """The competency carried along, alone in a set; an empty set while none is chosen."""
    chosen = [event.data.get("edge") for event in keeper.of(ACTIVITY) if event.kind == "edge"]
    return {str(chosen[-1])} if chosen and chosen[-1] else set()


def _trains(competency: str) -> list[str]:
    """Titles of everything in the course that trains a competency, with its lesson."""
    found = []
    titles = {lesson.id: lesson.title for lesson in course.lessons()}
    for kind in SHELF:
        for name in store.ids(kind.folder):
            item: Any = store.load(kind.model, kind.folder, name)
            if getattr(item, "competency", "") == competency:
                found.append(text("path.trains", title=item.title, lesson=titles.get(item.module, "")))
    return found or [text("path.trains_none")]
