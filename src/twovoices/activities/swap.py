"""Language swap: a phrase that judges, accuses or swallows the whole person, said again; then why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

import msgspec

from ..content.texts import text
from ..events import Event, Keeper
from ..roleplay.model import Id, Text
from ..roleplay.play import shuffled
from ..view import AnyBlock, Ask, Button, Buttons, Choices, Feedback, Log, Press, Prose, Said, paragraphs
from .practice import Fault, Kind, Practice, Practises, again, defended, head, lettered, once, quoted, reason
from .prompting import avoided, group, prompts
from .quiz import Answer

UNSAID = "not-safe"


class Unsaid(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Whether it can be defended to say nothing of the kind, here and now, and why."""

    why: str
    defensible: bool = False


class Phrase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A phrase as it was said or written. ``look`` names groups of words to ask about in a rewriting."""

    id: Id
    say: Text
    options: Annotated[tuple[Answer, ...], msgspec.Meta(min_length=3, max_length=4)]
    stem: str = ""
    who: str = ""
    look: tuple[str, ...] = ()
    unsaid: Unsaid | None = None


class Swap(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Some phrases to say again."""

    id: Id
    title: Text
    practises: Practises
    ask: Text
    stem: Text
    phrases: Annotated[tuple[Phrase, ...], msgspec.Meta(min_length=3)]
    content_note: str = ""
    module: str = ""


def structure(swap: Swap) -> object:
    """What a log of it depends on."""
    return [swap.id, [[p.id, p.unsaid is not None, sorted(o.id for o in p.options)] for p in swap.phrases]]


def chosen(events: Iterable[Event]) -> dict[str, str]:
    """Version by phrase, the last one chosen."""
    found: dict[str, str] = {}
    for event in events:
        phrase, option = event.data.get("phrase"), event.data.get("option")
        if event.kind == "choose" and isinstance(phrase, str) and isinstance(option, str):
            found[phrase] = option
    return found


def versions(phrase: Phrase) -> tuple[Answer, ...]:
    """What can be chosen: the versions, and saying nothing where that is offered."""
    if phrase.unsaid is None:
        return phrase.options
    return (*phrase.options, Answer(UNSAID, text("swap.unsaid"), phrase.unsaid.defensible, phrase.unsaid.why))


def faults(swap: Swap) -> Iterator[Fault]:
    """A reason for every version, one or two of them defensible, and groups of words that there are."""
    yield from once((phrase.id for phrase in swap.phrases), "phrases", "phrase")
    for number, phrase in enumerate(swap.phrases):
        here = ("phrases", number)
        options = versions(phrase)
        yield from defended(sum(bool(o.defensible) for o in options), len(options), *here)
        for index, option in enumerate(phrase.options):
            yield from reason(option.why, *here, "options", index)
            if option.id == UNSAID:
                yield Fault((*here, "options", index), "E-SHAPE", f"{UNSAID!r} is taken.", "Use `unsaid` for that.")
        if phrase.unsaid:
            yield from reason(phrase.unsaid.why, *here, "unsaid")
        for name in phrase.look:
            if group(name) is None:
                yield Fault(
                    (*here, "look"), "E-SHAPE", f"There is no group {name!r}.", "Groups stand in data/prompts/en.yaml."
                )


class SwapPage(Practice):
    """Write, look at it with some prompts, choose a version, hear why. What is written is never kept."""

    def __init__(self, swap: Swap, keeper: Keeper) -> None:
        super().__init__(f"swap:{swap.id}", structure(swap), keeper, swap.title)
        self.swap = swap
        self.fresh()

    def fresh(self) -> None:
        """Go to the first phrase without a choice."""
        done, phrases = chosen(self.now()), self.swap.phrases
        self.at = next((n for n, phrase in enumerate(phrases) if phrase.id not in done), len(phrases))
        self.looked = self.offered = False

    def blocks(self) -> list[AnyBlock]:
        """The phrase in hand."""
        phrases, done = self.swap.phrases, chosen(self.now())
        if self.at >= len(phrases):
            return [
                head(
                    self.swap.title, self.swap.content_note, text("swap.done", all=len(phrases)), self.at, len(phrases)
                ),
                Prose(key="end", paragraphs=(text("swap.end"),)),
                Buttons(key="over", items=(Button(do="back", label=text("swap.back")), again())),
            ]
        phrase = phrases[self.at]
        place = text("swap.place", now=self.at + 1, all=len(phrases))
        shown: list[AnyBlock] = [head(self.swap.title, self.swap.content_note, place, self.at + 1, len(phrases))]
        if self.at == 0:
            shown.append(Prose(key="stem", paragraphs=paragraphs(self.swap.stem)))
        if phrase.stem:
            shown.append(Prose(key=f"stem-{phrase.id}", paragraphs=(phrase.stem,), tone="soft"))
        said = Said(key="phrase", side="client" if phrase.who else "note", name=phrase.who, say=phrase.say)
        shown.append(Log(key=f"phrase-{phrase.id}", label=place, lines=(said,)))
        given = done.get(phrase.id)
        if not given:
            buttons = [Button(do="look", label=text("swap.look"), kind="plain" if self.looked else "primary")]
            if not (self.looked or self.offered):
                buttons.append(Button(do="offer", label=text("swap.offer"), kind="quiet"))
            hint = f"{text('swap.hint')} {text('say.privacy')}"
            shown.append(Ask(key=f"own-{phrase.id}", label=self.swap.ask, hint=hint, rows=2, buttons=tuple(buttons)))
        elif self.typed(f"own-{phrase.id}"):
            yours = (self.typed(f"own-{phrase.id}"),)
            shown.append(Prose(key=f"yours-{phrase.id}", heading=text("swap.yours"), paragraphs=yours, tone="soft"))
        if self.looked and not given:
            asked = self._asked(phrase) or (text("prompting.none"),)
            shown.append(
                Prose(key=f"asked-{phrase.id}", heading=text("prompting.heading"), paragraphs=asked, tone="soft")
            )
        if self.looked or self.offered or given:
            shown += self._versions(phrase, given)
        return shown

    def _asked(self, phrase: Phrase) -> tuple[str, ...]:
        typed = self.typed(f"own-{phrase.id}")
        return (*avoided(typed), *prompts(typed, look=phrase.look)) if typed else (text("prompting.aloud"),)

    def _versions(self, phrase: Phrase, given: str | None) -> list[AnyBlock]:
        options = versions(phrase)
        ordered = shuffled(self.swap.id, phrase.id, tuple((o.id, o.text) for o in phrase.options))
        if phrase.unsaid:
            ordered = (*ordered, (UNSAID, text("swap.unsaid")))
        shown: list[AnyBlock] = [
            Choices(
                key=f"versions-{phrase.id}", label=text("swap.choose"), options=lettered(ordered, given), do="choose"
            )
        ]
        option = next((o for o in options if o.id == given), None)
        if option is None:
            return shown
        heading = text("swap.defensible") if option.defensible else text("practice.look_again")
        go_on = Button(do="next", label=text("swap.next"), kind="primary")
        buttons = (go_on, Button(do="back", label=text("swap.back"), kind="quiet")) if self.at else (go_on,)
        shown.append(Feedback(key=f"why-{phrase.id}", heading=heading, body=option.why, quote=option.text))
        other = next((o for o in options if o.defensible and o.id != given), None)
        if other:
            heading = text("swap.also") if option.defensible else text("swap.rather")
            paragraphs = (quoted(other.text), other.why)
            shown.append(Prose(key=f"other-{phrase.id}", heading=heading, paragraphs=paragraphs, tone="soft"))
        return [*shown, Buttons(key=f"on-{phrase.id}", items=buttons)]

    def take(self, press: Press) -> None:
        """Look at what was written, choose a version, or go to another phrase."""
        phrases, done = self.swap.phrases, chosen(self.now())
        if press.do == "back" and self.at:
            self.at, self.looked, self.offered = self.at - 1, False, False
            self.focus = f"versions-{phrases[self.at].id}"
        if self.at >= len(phrases) or press.do == "back":
            return
        phrase = phrases[self.at]
        if press.do == "look" and phrase.id not in done:
            self.looked, self.focus = True, f"asked-{phrase.id}"
        elif press.do == "offer" and phrase.id not in done:
            self.offered, self.focus = True, f"versions-{phrase.id}"
        elif press.do == "choose" and press.value in {o.id for o in versions(phrase)}:
            self.keep("choose", phrase=phrase.id, option=press.value)
            self.focus = f"on-{phrase.id}"
        elif press.do == "next" and phrase.id in done:
            self.at, self.looked, self.offered = self.at + 1, False, False
            after = phrases[self.at].id if self.at < len(phrases) else ""
            self.focus = f"{'versions' if after in done else 'own'}-{after}" if after else "end"


KIND = Kind("swap", "swaps", Swap, SwapPage, faults)
