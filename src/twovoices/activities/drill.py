"""Drill: short tries at unseen lines, criteria ticked by oneself, two models, and a level that the learner sets."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Annotated, NamedTuple

import msgspec

from ..content.texts import text
from ..events import Event, Keeper
from ..roleplay.model import Competency, Id, Road, Text
from ..view import AnyBlock, Ask, Button, Buttons, Choice, Choices, Log, Press, Prose, Said, Ticks, paragraphs
from .practice import Fault, Kind, Practice, Practises, again, head, once, quoted, reason, ticked

LEVELS = (1, 2, 3)
PROMPTS = 12  # in a deck, at least
TWICE = 2  # a criterion met so often without help moves on
ROUND = 2  # lines between two questions about difficulty
FEELS = {"easy": 1, "right": 0, "hard": -1}


class Criterion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something a good reply does. The same ``id`` on several prompts is the same thing, in words for that moment."""

    id: Id
    text: Text


class Model(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line one could say, and why."""

    say: Text
    why: str
    road: Road


class Prompt(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One client line to answer; ``stem`` says what to know first. ``models`` are two, from two roads."""

    id: Id
    level: Annotated[int, msgspec.Meta(ge=1, le=3)]
    who: Text
    say: Text
    criteria: Annotated[tuple[Criterion, ...], msgspec.Meta(min_length=2, max_length=4)]
    models: Annotated[tuple[Model, ...], msgspec.Meta(min_length=2, max_length=2)]
    stem: str = ""
    seen: str = ""


class Drill(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A deck."""

    id: Id
    title: Text
    practises: Practises
    competency: Competency
    ask: Text
    stem: Text
    prompts: Annotated[tuple[Prompt, ...], msgspec.Meta(min_length=PROMPTS)]
    content_note: str = ""
    module: str = ""


class Line(NamedTuple):
    """One try as the log has it: ``alone`` when neither criteria nor model had been seen."""

    prompt: str
    ticks: tuple[str, ...]
    alone: bool


class Past(NamedTuple):
    """What the log says of an attempt: its tries, the level now (0 before one is chosen), tries since the last rating."""

    lines: tuple[Line, ...]
    level: int
    unrated: int


def structure(drill: Drill) -> object:
    """What a log of it depends on."""
    return [drill.id, [[p.id, p.level, [c.id for c in p.criteria]] for p in drill.prompts]]


def past(events: Iterable[Event]) -> Past:
    """Read an attempt's events."""
    lines: list[Line] = []
    level = unrated = 0
    for event in events:
        data = event.data
        if event.kind == "line" and isinstance(data.get("prompt"), str) and isinstance(data.get("ticks"), list):
            lines.append(Line(data["prompt"], tuple(map(str, data["ticks"])), data.get("alone") is True))
            unrated += 1
        elif event.kind == "level" and data.get("level") in LEVELS:
            level, unrated = data["level"], 0
    return Past(tuple(lines), level, unrated)


def moved(level: int, feel: str) -> int:
    """The level after *too easy*, *right* or *too hard*, 1 to 3."""
    return min(max(level + FEELS[feel], LEVELS[0]), LEVELS[-1])


def settled(drill: Drill, lines: Iterable[Line]) -> set[tuple[int, str]]:
    """Criteria met twice without help, with the level they were met at: they are not asked there again."""
    levels = {prompt.id: prompt.level for prompt in drill.prompts}
    met = Counter(
        (levels[line.prompt], tick) for line in lines if line.alone and line.prompt in levels for tick in line.ticks
    )
    return {criterion for criterion, times in met.items() if times >= TWICE}


def asked(drill: Drill, prompt: Prompt, lines: Iterable[Line]) -> tuple[Criterion, ...]:
    """Criteria of a prompt that are not settled at its level."""
    done = settled(drill, lines)
    return tuple(item for item in prompt.criteria if (prompt.level, item.id) not in done)


def following(drill: Drill, lines: tuple[Line, ...], level: int) -> Prompt | None:
    """The next prompt: unseen, at this level or else the nearest harder, then easier one, with something still to meet."""
    seen = {line.prompt for line in lines}
    order = sorted(LEVELS, key=lambda other: (other != level, other < level, abs(other - level)))
    for wanted in order:
        for prompt in drill.prompts:
            if prompt.level == wanted and prompt.id not in seen and asked(drill, prompt, lines):
                return prompt
    return None


def faults(drill: Drill) -> Iterator[Fault]:
    """Three levels of four prompts or more, reasons for both models, and two roads."""
    yield from once((prompt.id for prompt in drill.prompts), "prompts", "prompt")
    for level in LEVELS:
        found = sum(prompt.level == level for prompt in drill.prompts)
        if found < PROMPTS // len(LEVELS):
            what = f"Level {level} has {found} prompts."
            yield Fault(("prompts",), "E-SHAPE", what, "Write four or more on each level.")
    for number, prompt in enumerate(drill.prompts):
        here = ("prompts", number)
        if prompt.models[0].road == prompt.models[1].road:
            what, mend = "Both models come from one road.", "Let the second good line come from another."
            yield Fault((*here, "models", 1), "W-ROADS", what, mend)
        for index, model in enumerate(prompt.models):
            yield from reason(model.why, *here, "models", index)
        if len({item.id for item in prompt.criteria}) < len(prompt.criteria):
            yield Fault((*here, "criteria"), "E-SHAPE", "A criterion stands twice.", "Give each its own id.")


class DrillPage(Practice):
    """Try, tick, hear two models, say it once more, go on. Ticks, ratings and the level are kept, and nothing typed."""

    def __init__(self, drill: Drill, keeper: Keeper) -> None:
        super().__init__(f"drill:{drill.id}", structure(drill), keeper, drill.title)
        self.drill = drill
        self.timed = False
        self.fresh()

    def fresh(self) -> None:
        """Nothing is half done."""
        self.stage = "say"
        self.alone = True
        self.ticks: set[str] = set()
        self.since = time.monotonic()
        self.took = 0
        self.asked: tuple[Criterion, ...] = ()
        self.hand: Prompt | None = None  # held while its second version is said, although its first is in the log
        self.kept = False

    def blocks(self) -> list[AnyBlock]:
        """A question about the level, or the prompt in hand."""
        known = past(self.now())
        prompt = self._in_hand(known)
        place = ""
        if known.level:
            names = {1: text("drill.level_one"), 2: text("drill.level_two"), 3: text("drill.level_three")}
            place = text("drill.place", count=len(known.lines), level=names[known.level])
        shown: list[AnyBlock] = [head(self.drill.title, self.drill.content_note, place)]
        if not known.level:
            levels = (text("drill.begin_one"), text("drill.begin_two"), text("drill.begin_three"))
            options = tuple(
                Choice(id=str(n), letter="ABC"[n - 1], text=words) for n, words in enumerate(levels, start=1)
            )
            choose = Choices(
                key="level", label=text("drill.begin"), hint=text("drill.begin_hint"), options=options, do="level"
            )
            return [*shown, Prose(key="stem", paragraphs=paragraphs(self.drill.stem)), choose]
        if known.unrated >= ROUND and self.hand is None:
            feels = (("easy", text("drill.easy")), ("right", text("drill.right")), ("hard", text("drill.hard")))
            options = tuple(Choice(id=i, letter="ABC"[n], text=words) for n, (i, words) in enumerate(feels))
            rate = Choices(
                key=f"feel-{len(known.lines)}",
                label=text("drill.feel"),
                hint=text("drill.feel_hint"),
                options=options,
                do="feel",
            )
            return [*shown, *self._settled(known), rate]
        if prompt is None:
            end = Prose(key="end", heading=text("drill.end"), paragraphs=(text("drill.end_body"),))
            return [*shown, *self._settled(known), end, Buttons(key="over", items=(again(),))]
        return [*shown, *self._prompt(prompt)]

    def _settled(self, known: Past) -> list[AnyBlock]:
        """What was met twice without help at this level."""
        done = settled(self.drill, known.lines)
        words: dict[str, str] = {}
        for prompt in self.drill.prompts:
            for item in prompt.criteria:
                if (prompt.level, item.id) in done and prompt.level == known.level:
                    words.setdefault(item.id, item.text)
        if not words:
            return []
        return [Prose(key="settled", heading=text("drill.settled"), paragraphs=tuple(words.values()), tone="soft")]

    def _prompt(self, prompt: Prompt) -> list[AnyBlock]:
        said = Said(key="line", side="client", name=prompt.who, say=prompt.say, seen=prompt.seen)
        shown: list[AnyBlock] = []
        if prompt.stem:
            shown.append(Prose(key=f"stem-{prompt.id}", paragraphs=(prompt.stem,), tone="soft"))
        shown.append(Log(key=f"line-{prompt.id}", label=text("drill.says", name=prompt.who), lines=(said,)))
        if self.stage in ("say", "second"):
            return [*shown, *(self._models(prompt) if self.stage == "second" else []), self._box(prompt)]
        items = ticked(((item.id, item.text) for item in self.asked), self.ticks)
        took = text("drill.took", seconds=self.took) if self.took else ""
        hint = " ".join(filter(None, (took, text("drill.ticks_hint"))))
        shown.append(
            Ticks(key=f"ticks-{self.stage}-{prompt.id}", label=text("drill.ticks"), hint=hint, items=items, do="tick")
        )
        shown += self._models(prompt)
        buttons = [Button(do="next", label=text("drill.next"), kind="primary")]
        if self.stage == "ticks":
            buttons.append(Button(do="second", label=text("drill.second")))
        return [*shown, Buttons(key=f"on-{self.stage}-{prompt.id}", items=tuple(buttons))]

    def _box(self, prompt: Prompt) -> Ask:
        second = self.stage == "second"
        buttons = [Button(do="said", label=text("drill.said"), kind="primary")]
        if not second:
            buttons.append(Button(do="shown", label=text("drill.show"), kind="quiet"))
        timer = text("drill.untimed") if self.timed else text("drill.timed")
        buttons.append(Button(do="timer", label=timer, kind="quiet"))
        label = text("drill.ask_second") if second else self.drill.ask
        hint = f"{text('drill.hint')} {text('say.privacy')}"
        return Ask(key=f"{self.stage}-{prompt.id}", label=label, hint=hint, rows=2, buttons=tuple(buttons))

    def _models(self, prompt: Prompt) -> list[AnyBlock]:
        first, other = prompt.models
        return [
            Prose(
                key=f"model-{prompt.id}",
                heading=text("drill.model"),
                paragraphs=(quoted(first.say), first.why),
                tone="soft",
            ),
            Prose(
                key=f"other-{prompt.id}",
                heading=text("drill.other"),
                paragraphs=(quoted(other.say), other.why),
                tone="soft",
            ),
        ]

    def take(self, press: Press) -> None:
        """Take a press of the drill."""
        known = past(self.now())
        if press.do == "level" and not known.level and press.value in ("1", "2", "3"):
            self.keep("level", level=int(press.value), feel="")
            self._next()
            return
        if press.do == "feel" and known.unrated >= ROUND and self.hand is None and press.value in FEELS:
            self.keep("level", level=moved(known.level, press.value), feel=press.value)
            self._next()
            return
        prompt = self._in_hand(known)
        if prompt is None or (known.unrated >= ROUND and self.hand is None):
            return
        speaking = self.stage in ("say", "second")
        if press.do == "timer" and speaking:
            self.timed, self.since = not self.timed, time.monotonic()
            self.focus = f"{self.stage}-{prompt.id}"
        elif press.do == "shown" and self.stage == "say":
            self.alone, self.hand, self.asked = False, prompt, asked(self.drill, prompt, known.lines)
            self._say_again(prompt)
        elif press.do == "said" and speaking:
            self.took = round(time.monotonic() - self.since) if self.timed else 0
            if self.stage == "say":
                self.hand, self.asked = prompt, asked(self.drill, prompt, known.lines)
            self.stage = "ticks" if self.stage == "say" else "after"
            self.focus = f"ticks-{self.stage}-{prompt.id}"
        elif press.do == "tick" and not speaking and press.value in {item.id for item in self.asked}:
            self.ticks ^= {press.value}
            self.focus = ""
        elif press.do == "second" and self.stage == "ticks":
            self._line(prompt)
            self._say_again(prompt)
        elif press.do == "next" and not speaking:
            self._line(prompt)
            self._next()

    def _in_hand(self, known: Past) -> Prompt | None:
        """The prompt that is being answered."""
        return self.hand or (following(self.drill, known.lines, known.level) if known.level else None)

    def _say_again(self, prompt: Prompt) -> None:
        """Ask for a version said with the models in view."""
        self.stage, self.ticks, self.since = "second", set(), time.monotonic()
        self.focus = f"second-{prompt.id}"

    def _line(self, prompt: Prompt) -> None:
        """Keep what was ticked: the first try as a line of the drill, a second one beside it."""
        if self.kept:
            self.keep("again", prompt=prompt.id, ticks=sorted(self.ticks))
        else:
            self.keep("line", prompt=prompt.id, ticks=sorted(self.ticks), alone=self.alone)
            self.kept = True

    def _next(self) -> None:
        """Go to whatever comes next."""
        self.fresh()
        known = past(self.now())
        prompt = self._in_hand(known)
        rate = known.unrated >= ROUND
        self.focus = f"feel-{len(known.lines)}" if rate else f"say-{prompt.id}" if prompt else "end"


KIND = Kind("drill", "drills", Drill, DrillPage, faults)
