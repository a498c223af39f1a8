"""*Once more*: a second version, three criteria, a model, then the same moment in other words. Three rounds at most."""

from __future__ import annotations

from typing import Any

from ..content.texts import text
from ..view import AnyBlock, Ask, Button, Buttons, Choice, Choices, Log, Press, Prose, Said, Ticks
from .comment import explained
from .model import Beat, Case, Line
from .play import shuffled

ROUNDS = 3


class Again:
    """One learner's second tries at one moment.

    Attributes
    ----------
    focus
        Key of the block that takes the focus.
    closed
        Whether the learner has gone on.
    """

    def __init__(self, case: Case, beat: Beat, attempt: str) -> None:
        assert beat.again is not None
        self.case, self.beat, self.variant = case, beat, beat.again
        self.attempt = attempt
        self.round = 0
        self.stage = "say"
        self.ticked: set[str] = set()
        self.chosen = ""
        self.closed = False
        self.focus = f"second-{beat.id}-0"

    @property
    def line(self) -> Line:
        """The client's words in this round."""
        return self.variant.client[self.round % len(self.variant.client)]

    def show(self) -> list[AnyBlock]:
        """What is to be seen now."""
        key = f"{self.beat.id}-{self.round}"
        close = Button(do="once", value="close", label=text("say.go_on"))
        blocks: list[AnyBlock] = [Prose(key="again-title", heading=text("again.title"), paragraphs=())]
        if self.stage == "say":
            done = Button(do="once", value="said", label=text("again.done"), kind="primary")
            hint = f"{text('again.ask_hint')} {text('say.privacy')}"
            ask = Ask(key=f"second-{key}", label=text("again.ask"), hint=hint, rows=2, buttons=(done, close))
            return [*blocks, ask]
        if self.stage == "ticks":
            items = tuple(
                Choice(id=str(n), letter=str(n + 1), text=criterion, on=str(n) in self.ticked)
                for n, criterion in enumerate(self.beat.criteria)
            )
            ticks = Ticks(
                key=f"ticks-{key}", label=text("again.ticks"), hint=text("again.ticks_hint"), items=items, do="once"
            )
            hear = Button(do="once", value="variant", label=text("again.next"), kind="primary")
            return [*blocks, ticks, *self._models(), Buttons(key=f"hear-{key}", items=(hear, close))]
        replies = shuffled(
            f"{self.attempt}-{self.round}", self.beat.id, tuple((o.id, o.say) for o in self.variant.options)
        )
        name = self.case.person(self.line.who)
        heard = (Said(key="client", side="client", name=name, say=self.line.say, seen=self.line.seen),)
        if self.stage == "variant":
            choices = tuple(Choice(id=i, letter="ABCDE"[n], text=say) for n, (i, say) in enumerate(replies))
            return [
                *blocks,
                Log(key=f"heard-{key}", label=text("again.round", now=self.round + 1), lines=heard),
                Choices(key=f"variant-{key}", label=text("again.variant"), options=choices, do="once"),
            ]
        option = next(o for o in self.variant.options if o.id == self.chosen)
        said = Said(key="you", side="you", name=text("say.you"), say=option.say)
        buttons = [Button(do="once", value="close", label=text("say.go_on"), kind="primary")]
        if self.round + 1 < ROUNDS:
            buttons.append(Button(do="once", value="round", label=text("again.again")))
        return [
            *blocks,
            Log(key=f"heard-{key}", label=text("again.round", now=self.round + 1), lines=(*heard, said)),
            explained(self.case, option, f"said-{key}", tuple(buttons)),
        ]

    def _models(self) -> list[AnyBlock]:
        """A model reply to the first wording, and a second good one from another road where there is one."""
        best = max(self.beat.options, key=lambda option: option.level)
        shown: list[AnyBlock] = [
            Prose(key="model", heading=text("again.model"), paragraphs=(f"“{best.say}”",), tone="soft")
        ]
        for option in self.beat.options:
            if option.level >= 3 and option.road != best.road:
                paragraphs = (f"“{option.say}”", option.why)
                shown.append(Prose(key="another", heading=text("again.another"), paragraphs=paragraphs, tone="soft"))
                break
        return shown

    def press(self, press: Press) -> dict[str, Any] | None:
        """Take a press; returns what is to be kept in the log when a round is done, else ``None``."""
        key = f"{self.beat.id}-{self.round}"
        kept: dict[str, Any] | None = None
        if press.value == "close":
            self.closed = True
        elif press.value == "said" and self.stage == "say":
            self.stage, self.focus = "ticks", f"ticks-{key}"
        elif press.value == "variant" and self.stage == "ticks":
            self.stage, self.focus = "variant", f"variant-{key}"
        elif press.value == "round" and self.stage == "comment" and self.round + 1 < ROUNDS:
            self.round, self.stage, self.ticked = self.round + 1, "say", set()
            self.focus = f"second-{self.beat.id}-{self.round}"
        elif self.stage == "ticks" and press.value.isdigit():
            self.ticked ^= {press.value}
            self.focus = ""
        elif self.stage == "variant" and any(option.id == press.value for option in self.variant.options):
            self.chosen, self.stage, self.focus = press.value, "comment", f"said-{key}"
            ticks = sorted(int(number) for number in self.ticked)
            kept = {"beat": self.beat.id, "round": self.round, "option": press.value, "ticks": ticks}
        return kept
