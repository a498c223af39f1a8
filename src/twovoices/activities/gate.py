"""A gate: one short conversation not met before, after which some tools open. It closes tools on screen, never reading."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Literal

import msgspec

from ..content import language
from ..content.texts import text
from ..events import Keeper
from ..roleplay import debrief, engine
from ..roleplay.attempts import Attempt, attempts
from ..roleplay.model import Beat, Case, Id, Text
from ..roleplay.play import CasePlay
from ..roleplay.scoring import score
from ..roleplay.talk import Talk
from ..view import AnyBlock, Button, Buttons, Choice, Head, Notice, Press, Prose, Ticks, View
from .base import Around, Shown
from .quiz import Quiz, answers, fingerprint, share


class WayRound(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What opens a gate for someone who does not want its conversations: some questions and another conversation."""

    quiz: Id
    roleplay: Id


class Gate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A gate.

    Attributes
    ----------
    lead
        What is asked and the way round, read before any content note.
    pool
        Role-plays of which the first one not yet met is played; its first attempt counts.
    opens
        Activities that stay closed until then, as ``lab:two-voices-daniela``.
    closed
        What a closed tool says, kindly: why, and where the gate is.
    """

    id: Id
    title: Text
    module: str
    lead: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]
    pool: Annotated[tuple[Id, ...], msgspec.Meta(min_length=1)]
    way_round: WayRound
    opens: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]
    closed: Annotated[tuple[Text, ...], msgspec.Meta(min_length=1)]


class Standing(msgspec.Struct, frozen=True):
    """Where someone stands with a gate.

    ``by`` says what opened it; ``missed`` counts the conversations of the pool whose first attempt did not; ``again``
    says that on one of the two ways every first attempt is made, so that later ones count, and supervision comes first.
    """

    by: Literal["", "pool", "way"] = ""
    missed: int = 0
    again: bool = False


def own_words(case: Case, attempt: Attempt) -> list[Beat]:
    """The moments of an attempt at which own words were asked for."""
    met = {scene for scene, _ in attempt.replies}
    return [beat for beat in case.beats if beat.your_words and beat.id in met]


def unchecked(case: Case, attempt: Attempt) -> list[Beat]:
    """Moments whose own words the learner has not looked over yet."""
    return [beat for beat in own_words(case, attempt) if beat.id not in attempt.checked]


def safe(case: Case, attempt: Attempt) -> bool:
    """Whether every critical moment was at 3 or more and no critical error stands."""
    return attempt.complete and score(case, engine.replay(case, attempt.replies)).safe


def standing(gate: Gate, cases: Mapping[str, Case], around: Quiz, keeper: Keeper) -> Standing:
    """Where someone stands, read from the log alone.

    First attempts count. Once every conversation of a way (the pool, or the way round) has been met and none has opened
    the gate, later attempts at them count as well: by then the page has asked the learner to talk to a supervisor.

    Parameters
    ----------
    cases
        The pool's cases and the way round's, by id.
    around
        The way round's questions.
    """
    played = {name: _attempts(cases[name], keeper) for name in (*gate.pool, gate.way_round.roleplay)}
    missed = [name for name, found in played.items() if found and found[0].complete and not safe(cases[name], found[0])]
    in_pool = sum(name in missed for name in gate.pool)
    again = in_pool == len(gate.pool)
    for name in gate.pool:
        for attempt in played[name] if again else played[name][:1]:
            if safe(cases[name], attempt) and not unchecked(cases[name], attempt):
                return Standing("pool", in_pool)
    name = gate.way_round.roleplay
    given = answers(event for event in keeper.of(f"quiz:{around.id}") if event.fingerprint == fingerprint(around))
    heard = share(around, given) == 1
    if heard and any(safe(cases[name], attempt) for attempt in (played[name] if name in missed else played[name][:1])):
        return Standing("way", in_pool)
    return Standing("", in_pool, again or name in missed)


def _attempts(case: Case, keeper: Keeper) -> list[Attempt]:
    found = attempts(CasePlay(case), keeper.of(f"roleplay:{case.id}"), case.straight)
    return [attempt for attempt in found if not attempt.older]


class GatePage(Around):
    """A gate on a page: the conversation that is next, a look at one's own words, and what it opened.

    Parameters
    ----------
    talks
        A talk for each conversation of the pool, by id.
    where
        Where someone stands now.
    """

    def __init__(self, gate: Gate, talks: Mapping[str, Talk], where: Callable[[], Standing]) -> None:
        self.gate, self.talks, self.where = gate, talks, where
        self.chosen = ""
        self.ticked: set[str] = set()
        for talk in talks.values():
            talk.debrief = self.after

    @property
    def talk(self) -> Talk:
        """The conversation on the page: the one asked for, else the one last begun, else the first."""
        if self.chosen:
            return self.talks[self.chosen]
        begun = [(found[-1].began, name) for name, talk in self.talks.items() if (found := talk.attempts())]
        return self.talks[max(begun)[1] if begun else self.gate.pool[0]]

    @property
    def inner(self) -> Talk:
        """The page it stands around."""
        return self.talk

    def show(self) -> View:
        """What is to be seen now."""
        talk, where = self.talk, self.where()
        view = talk.show()
        first: list[AnyBlock] = []
        if where.by:
            first.append(Notice(key="gate-state", text=text(f"gate.open_{where.by}")))
        elif where.again:
            first.append(Notice(key="gate-state", text=text("gate.supervision")))
        if talk.attempts():
            return msgspec.structs.replace(view, blocks=(*first, *view.blocks))
        lead = Prose(key="gate-lead", heading=self.gate.title, paragraphs=self.gate.lead)
        place = next(number for number, block in enumerate(view.blocks) if isinstance(block, Head)) + 1
        return msgspec.structs.replace(view, blocks=(*first, *view.blocks[:place], lead, *view.blocks[place:]))

    def after(self, talk: Talk, attempt: Attempt) -> tuple[AnyBlock, ...]:
        """After the conversation: own words looked over first, then what it opened, then the debrief."""
        case = talk.case
        assert case is not None
        waiting = unchecked(case, attempt)
        if waiting:
            return self._look(talk, attempt, waiting[0])
        shown: list[AnyBlock] = []
        if not self.where().by:
            shown.append(
                Prose(key="gate-result", heading=text("gate.not_yet"), paragraphs=(text("gate.closed_still"),))
            )
            if other := self._unmet():
                label = text("gate.another", name=" & ".join(self.talks[other].play.people))
                shown.append(
                    Buttons(key="gate-next", items=(Button(do="gate", value=other, label=label, kind="primary"),))
                )
        return (*shown, *debrief.blocks(talk, attempt))

    def _look(self, talk: Talk, attempt: Attempt, beat: Beat) -> tuple[AnyBlock, ...]:
        heard = next(moment for moment in attempt.heard if moment.scene == beat.id)
        said = " ".join(f"{line.name}: “{line.say}”" for line in heard.heard)
        own = talk.words.get(f"{attempt.id}-{beat.id}")
        words = text("gate.typed", words=own) if own else text("gate.aloud")
        items = tuple(
            Choice(id=str(n), letter=str(n + 1), text=criterion, on=str(n) in self.ticked)
            for n, criterion in enumerate(beat.criteria)
        )
        return (
            Prose(key=f"look-{beat.id}", heading=text("gate.look"), paragraphs=(said, words)),
            Ticks(
                key=f"ticks-{beat.id}", label=text("gate.ticks"), hint=text("gate.ticks_hint"), items=items, do="tick"
            ),
            Buttons(
                key=f"looked-{beat.id}",
                items=(Button(do="looked", value=beat.id, label=text("gate.looked"), kind="primary"),),
            ),
        )

    def _unmet(self) -> str:
        """The first conversation of the pool that has not been begun; empty when all have."""
        return next((name for name in self.gate.pool if not self.talks[name].attempts()), "")

    def press(self, press: Press) -> None:
        """Take a press: what belongs to the gate here, everything else in the conversation."""
        talk = self.talk
        found = talk.attempts()
        if press.do == "tick":
            self.ticked ^= {press.value}
            talk.focus = ""
        elif press.do == "looked" and found:
            ticks = sorted(int(number) for number in self.ticked if number.isdigit())
            attempt = found[-1]
            data = {"scene": press.value, "ticks": ticks}
            talk.keeper.append(talk.activity, attempt.id, "checked", data, talk.play.fingerprint, attempt.events)
            self.ticked = set()
            case = talk.case
            assert case is not None
            waiting = unchecked(case, talk.attempts()[-1])
            talk.focus = f"look-{waiting[0].id}" if waiting else "debrief"
        elif press.do == "gate" and press.value in self.talks:
            self.chosen = press.value
            self.talk.focus = "start"
        else:
            talk.press(press)


class Closed(Around):
    """A tool that opens with a gate; until then it says why, and where the gate is.

    Parameters
    ----------
    teaching
        Open whatever the log says, and say that this is why.
    """

    def __init__(self, tool: Shown, title: str, gate: Gate, where: Callable[[], Standing], teaching: bool) -> None:
        self.tool, self.title, self.gate, self.where, self.teaching = tool, title, gate, where, teaching

    @property
    def inner(self) -> Shown:
        """The page it stands around."""
        return self.tool

    def show(self) -> View:
        """The tool, or why it is closed."""
        if self.where().by:
            return self.tool.show()
        if self.teaching:
            view = self.tool.show()
            return msgspec.structs.replace(view, blocks=(Notice(key="taught", text=text("gate.taught")), *view.blocks))
        look = Button(do="look", label=text("gate.look_again"))
        blocks = (
            Head(key="head", title=self.title),
            Prose(key="closed", paragraphs=self.gate.closed, tone="soft"),
            Buttons(key="look", items=(look,)),
        )
        return View(label=self.title, blocks=blocks, focus=self.focus, lang=language.current())

    def press(self, press: Press) -> None:
        """Take a press where the tool is open."""
        if press.do == "look" or not (self.teaching or self.where().by):
            self.focus = "look"
        else:
            self.tool.press(press)
