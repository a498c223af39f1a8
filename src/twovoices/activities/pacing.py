"""Pacing: arousal moves, and at each moment one anchors, slows, stops or stays. A missed stop cue is kept and explained."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal

import msgspec

from ..content.texts import text
from ..events import Event, Keeper
from ..roleplay.model import Id, Text
from ..view import AnyBlock, Button, Buttons, Choice, Choices, Feedback, Picture, Press, Prose, Ticks, paragraphs
from .drill import Criterion
from .practice import LETTERS, Fault, Kind, Practice, Practises, again, covered, head, heard, once, reason, ticked
from .quiz import Heard

Move = Literal["internal", "external", "movement", "slow", "stop", "stay"]
MOVES: tuple[Move, ...] = ("internal", "external", "movement", "slow", "stop", "stay")
TOP = 10
Height = Annotated[int, msgspec.Meta(ge=0, le=TOP)]


class Outcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What comes of one or several moves at a moment; ``to`` is where arousal stands afterwards."""

    on: Annotated[tuple[Move, ...], msgspec.Meta(min_length=1)]
    to: Height
    lands: Text
    why: str
    defensible: bool = False


class Cue(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A moment: what is seen and said, and how high arousal stands; ``stop`` marks a cue to stop at once."""

    id: Id
    level: Height
    lines: Annotated[tuple[Heard, ...], msgspec.Meta(min_length=1)]
    outcomes: tuple[Outcome, ...]
    stop: bool = False
    note: str = ""


class Pacing(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An exercise in the room, moment by moment, and the care afterwards."""

    id: Id
    title: Text
    practises: Practises
    who: Text
    stem: Text
    cues: Annotated[tuple[Cue, ...], msgspec.Meta(min_length=3)]
    criteria: Annotated[tuple[Criterion, ...], msgspec.Meta(min_length=3)]
    thanks: Text
    content_note: str = ""
    vignette: str = ""
    module: str = ""


def structure(pacing: Pacing) -> object:
    """What a log of it depends on."""
    return [pacing.id, [[cue.id, cue.stop] for cue in pacing.cues], [item.id for item in pacing.criteria]]


def moves(events: Iterable[Event]) -> dict[str, list[str]]:
    """Every move made at each moment, in order: the first is what one did, those after it a mend."""
    found: dict[str, list[str]] = {}
    for event in events:
        cue, move = event.data.get("cue"), event.data.get("move")
        if event.kind == "move" and isinstance(cue, str) and move in MOVES:
            found.setdefault(cue, []).append(str(move))
    return found


def missed(pacing: Pacing, made: dict[str, list[str]]) -> tuple[str, ...]:
    """Stop cues at which the first move was another than to stop; a mend leaves them missed."""
    return tuple(cue.id for cue in pacing.cues if cue.stop and made.get(cue.id) and made[cue.id][0] != "stop")


def outcome(cue: Cue, move: str) -> Outcome:
    """What comes of a move."""
    return next(item for item in cue.outcomes if move in item.on)


def heights(pacing: Pacing, made: dict[str, list[str]]) -> tuple[tuple[int, int | None], ...]:
    """Arousal at each moment reached, and after the last move made there (``None`` before one)."""
    found: list[tuple[int, int | None]] = []
    for cue in pacing.cues:
        done = made.get(cue.id)
        found.append((cue.level, outcome(cue, done[-1]).to if done else None))
        if not done:
            break
    return tuple(found)


def svg(track: tuple[tuple[int, int | None], ...], moments: int) -> str:
    """The curve so far: a dot where arousal stood, a line to where the move took it."""
    wide, tall, left, top = 640, 120, 30, 12

    def at(step: float, height: int) -> str:
        return f"{left + step * (wide - 2 * left) / max(2 * moments - 1, 1):.0f} {top + (TOP - height) * (tall - 2 * top) / TOP:.0f}"

    points = [
        at(2 * n + side, height)
        for n, pair in enumerate(track)
        for side, height in enumerate(pair)
        if height is not None
    ]
    lines = "".join(
        f'<path class="axis" d="M{at(0, height)} L{at(2 * moments - 1, height)}"/>' for height in (0, TOP // 2, TOP)
    )
    numbers = "".join(
        f'<text x="{left - 10}" y="{float(at(0, height).split()[1]) + 4:.0f}" text-anchor="end">{height}</text>'
        for height in (0, TOP // 2, TOP)
    )
    dots = "".join(f'<circle class="critic-mark" r="5" cx="{p.split()[0]}" cy="{p.split()[1]}"/>' for p in points)
    return (
        f'<svg class="tv-timeline" viewBox="0 0 {wide} {tall}">{lines}{numbers}'
        f'<path class="critic-line" d="M{" L".join(points)}"/>{dots}</svg>'
    )


def faults(pacing: Pacing) -> Iterator[Fault]:
    """Every moment answers every move once, with a reason; at a stop cue stopping alone is good, and there is one."""
    yield from once((cue.id for cue in pacing.cues), "cues", "moment")
    if not any(cue.stop for cue in pacing.cues):
        yield Fault(("cues",), "E-SHAPE", "Nothing here is a cue to stop.", "Mark one moment `stop: true`.")
    for number, cue in enumerate(pacing.cues):
        here = ("cues", number, "outcomes")
        all_moves = [move for item in cue.outcomes for move in item.on]
        yield from covered(all_moves, MOVES, "move", *here)
        if len(set(all_moves)) < len(all_moves):
            yield Fault(here, "E-SHAPE", "A move stands twice.", "Let each move have one outcome.")
        good = {move for item in cue.outcomes if item.defensible for move in item.on}
        if (cue.stop and good != {"stop"}) or not good:
            what, mend = (
                "What can be defended is not right.",
                "At a stop cue stopping alone; elsewhere one move or more.",
            )
            yield Fault(here, "E-SHAPE", what, mend)
        for index, item in enumerate(cue.outcomes):
            yield from reason(item.why, *here, index)
        if cue.stop:
            yield from reason(cue.note, "cues", number, "note")


class PacingPage(Practice):
    """Moments one after the other, and care at the end."""

    def __init__(self, pacing: Pacing, keeper: Keeper) -> None:
        super().__init__(f"pacing:{pacing.id}", structure(pacing), keeper, pacing.title)
        self.pacing = pacing
        self.fresh()

    def fresh(self) -> None:
        """Go to the first moment that still waits for a move."""
        made = moves(self.now())
        cues = self.pacing.cues
        self.at = next((n for n, cue in enumerate(cues) if not self._settled(cue, made)), len(cues))

    @staticmethod
    def _settled(cue: Cue, made: dict[str, list[str]]) -> bool:
        """Whether one may go on: after any move, and after a stop cue only once one has stopped."""
        done = made.get(cue.id, [])
        return bool(done) and (not cue.stop or "stop" in done)

    @staticmethod
    def move(move: str) -> tuple[str, str]:
        """A move, and what it may look like."""
        said = {
            "internal": (text("pacing.internal"), text("pacing.internal_note")),
            "external": (text("pacing.external"), text("pacing.external_note")),
            "movement": (text("pacing.movement"), text("pacing.movement_note")),
            "slow": (text("pacing.slow"), text("pacing.slow_note")),
            "stop": (text("pacing.stop"), text("pacing.stop_note")),
            "stay": (text("pacing.stay"), text("pacing.stay_note")),
        }
        return said[move]

    def blocks(self) -> list[AnyBlock]:
        """The moment in hand, or the care at the end."""
        cues, made = self.pacing.cues, moves(self.now())
        if self.at >= len(cues):
            return self._end(made)
        cue = cues[self.at]
        place = text("pacing.place", now=self.at + 1, all=len(cues))
        shown: list[AnyBlock] = [head(self.pacing.title, self.pacing.content_note, place, self.at + 1, len(cues))]
        if self.at == 0:
            shown.append(Prose(key="stem", paragraphs=paragraphs(self.pacing.stem)))
        shown += [self._picture(made), heard(f"cue-{cue.id}", place, cue.lines)]
        done = made.get(cue.id, [])
        options = tuple(
            Choice(id=m, letter=LETTERS[n], text=self.move(m)[0], note=self.move(m)[1], on=bool(done) and m == done[-1])
            for n, m in enumerate(MOVES)
        )
        settled = self._settled(cue, made)
        if not settled or not cue.stop:
            label = text("pacing.ask") if not done or not cue.stop else text("pacing.ask_again")
            shown.append(Choices(key=f"move-{cue.id}", label=label, options=options, do="move"))
        if done:
            shown += self._came(cue, done, made)
        if settled:
            last = self.at + 1 == len(cues)
            go_on = Button(do="next", label=text("pacing.care") if last else text("pacing.next"), kind="primary")
            shown.append(Buttons(key=f"on-{cue.id}", items=(go_on,)))
        return shown

    def _came(self, cue: Cue, done: list[str], made: dict[str, list[str]]) -> list[AnyBlock]:
        """What came of the last move, and what was missed."""
        found = outcome(cue, done[-1])
        late = cue.id in missed(self.pacing, made)
        stopped = "stop" in done
        mark = text("pacing.missed") if late and not stopped else ""
        body = f"{found.lands}\n\n{found.why}"
        if late:
            body += f"\n\n{text('pacing.late') if stopped else cue.note}"
        heading = text("pacing.defensible") if found.defensible else text("practice.look_again")
        return [Feedback(key=f"came-{cue.id}", heading=heading, body=body, quote=self.move(done[-1])[0], mark=mark)]

    def _picture(self, made: dict[str, list[str]]) -> Picture:
        track = heights(self.pacing, made)[: self.at + 1]
        said = [
            text("pacing.height", now=n, level=before)
            if after is None
            else text("pacing.height_after", now=n, level=before, after=after)
            for n, (before, after) in enumerate(track, start=1)
        ]
        return Picture(
            key="track",
            svg=svg(track, len(self.pacing.cues)),
            words=" ".join(said),
            words_label=text("pacing.words"),
            caption=text("pacing.caption", name=self.pacing.who, level=self._level(track)),
        )

    @staticmethod
    def _level(track: tuple[tuple[int, int | None], ...]) -> int:
        before, after = track[-1]
        return before if after is None else after

    def _end(self, made: dict[str, list[str]]) -> list[AnyBlock]:
        cues = self.pacing.cues
        late, stops = missed(self.pacing, made), sum(cue.stop for cue in cues)
        body = text("pacing.stops", met=stops - len(late), all=stops)
        items = ticked(((c.id, c.text) for c in self.pacing.criteria), self._cared())
        shown: list[AnyBlock] = [
            head(self.pacing.title, self.pacing.content_note, text("pacing.done"), len(cues), len(cues)),
            Picture(
                key="track",
                svg=svg(heights(self.pacing, made), len(cues)),
                words=self._picture(made).words,
                words_label=text("pacing.words"),
                caption=text("pacing.caption_whole", name=self.pacing.who),
            ),
            Prose(key="stops", paragraphs=(body, *((text("pacing.stops_why"),) if late else ()))),
        ]
        label = text("pacing.care_ask", name=self.pacing.who)
        shown.append(Ticks(key="care", label=label, hint=text("pacing.care_hint"), items=items, do="care"))
        shown.append(Prose(key="thanks", heading=text("pacing.you"), paragraphs=(self.pacing.thanks,), tone="breath"))
        return [*shown, Buttons(key="over", items=(again(),))]

    def _cared(self) -> list[str]:
        """What was ticked at the end."""
        ticks: list[str] = []
        for data in self.told("care"):
            ticks = data["ticks"] if isinstance(data.get("ticks"), list) else ticks
        return ticks

    def take(self, press: Press) -> None:
        """Make a move, go on, or tick what was done for afterwards."""
        cues, made = self.pacing.cues, moves(self.now())
        if self.at >= len(cues):
            if press.do == "care" and press.value in {item.id for item in self.pacing.criteria}:
                before = self._cared()
                ticks = [c.id for c in self.pacing.criteria if (c.id in before) != (c.id == press.value)]
                self.keep("care", ticks=ticks)
                self.focus = ""
            return
        cue = cues[self.at]
        settled = self._settled(cue, made)
        if press.do == "move" and press.value in MOVES and not (settled and cue.stop):
            self.keep("move", cue=cue.id, move=press.value)
            after = self._settled(cue, moves(self.now()))
            self.focus = f"came-{cue.id}" if not after else f"on-{cue.id}"
        elif press.do == "next" and settled:
            self.at += 1
            self.focus = f"move-{cues[self.at].id}" if self.at < len(cues) else "care"


KIND = Kind("pacing", "pacings", Pacing, PacingPage, faults)
