"""A conversation as it is met: what to show now, and what a press does. The page and the terminal both use it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..content import language, library, support
from ..content.texts import text
from ..events import Keeper, Stale
from ..view import (
    AnyBlock,
    Ask,
    Button,
    Buttons,
    Choice,
    Choices,
    Fold,
    Head,
    Log,
    Notice,
    Press,
    Prose,
    Said,
    Scale,
    View,
    paragraphs,
)
from . import engine
from .attempts import Attempt, attempts
from .comment import about, explained
from .debrief import result_words
from .model import Case
from .once_more import Again
from .play import CasePlay, Play, shuffled
from .scoring import score

LETTERS = "ABCDEFGHIJ"
# Presses that answer nothing on the page: they do what they say even when another window went on meanwhile.
FREE = frozenset({"pause", "leave", "back", "restart", "step", "keep"})


@dataclass
class Talk:
    """One conversation on one page.

    Parameters
    ----------
    play
        The case or script.
    keeper
        Where presses are kept.
    debrief
        Makes the debrief's blocks; ``None`` where explanations come with returned feedback.
    keep_page
        Writes a sentence to a page the learner can print and says where it is.
    """

    play: Play
    keeper: Keeper
    debrief: Callable[[Talk, Attempt], tuple[AnyBlock, ...]] | None = None
    keep_page: Callable[[str], str] | None = None
    notice: str = ""
    place: str = ""
    away: str = ""
    fresh: bool = False
    worded: set[str] = field(default_factory=set)
    words: dict[str, str] = field(default_factory=dict)
    again: Again | None = None
    step: int = 0
    focus: str = ""
    kept: str = ""
    four: bool = False
    _shown: tuple[str, int] | None = None

    @property
    def activity(self) -> str:
        """The activity's id in the log."""
        return f"roleplay:{self.play.id}"

    @property
    def case(self) -> Case | None:
        """The case, where its source is at hand; ``None`` for a released script."""
        return self.play.case if isinstance(self.play, CasePlay) else None

    def attempts(self) -> list[Attempt]:
        """Every attempt in the log."""
        return attempts(self.play, self.keeper.of(self.activity), self.case.straight if self.case else True)

    # ------------------------------------------------------------------ showing

    def show(self) -> View:
        """What is to be seen now."""
        found = self.attempts()
        self._shown = _mark(found)
        current = found[-1] if found and not self.fresh else None
        blocks: list[AnyBlock] = []
        if self.notice or self.place:
            blocks.append(Notice(key="notice", text=self.notice or self.place, kind="warn" if self.notice else "info"))
        if self.away:
            blocks += self._away()
        elif current is None or current.older:
            blocks += self._cover(found)
        elif current.complete:
            blocks += self._after(current)
        else:
            blocks += self._conversation(current)
        label = text("talk.label", title=self.play.title)
        return View(label=label, blocks=tuple(blocks), focus=self.focus, lang=language.current())

    def _head(self, attempt: Attempt | None, *buttons: Button) -> Head:
        people = " & ".join(self.play.people)
        note = f"{text('talk.with', people=people, minutes=self.play.minutes)} · {text('talk.you_are')}"
        if attempt is None:
            return Head(key="head", title=self.play.title, note=note, buttons=buttons)
        done, ahead = len(attempt.replies), self.play.ahead(attempt.position)
        now = min(done + 1, done + ahead)
        place = text("talk.moment", now=now, all=done + ahead)
        return Head(
            key="head", title=self.play.title, note=note, moment=now, moments=done + ahead, place=place, buttons=buttons
        )

    def _cover(self, found: list[Attempt]) -> list[AnyBlock]:
        blocks: list[AnyBlock] = [self._head(None)]
        if found and found[-1].older:
            blocks.append(self._older(found[-1]))
        words = [text("say.note", note=self.play.content_note.rstrip(".")), text("talk.stop")]
        if self.play.setting:
            words.insert(0, self.play.setting)
        blocks.append(Prose(key="cover", paragraphs=tuple(words)))
        if self.case and (known := library.vignette(self.case.vignette)):
            referral = Prose(
                key="vignette", heading=f"{known.name}, {known.heading}", paragraphs=paragraphs(known.text)
            )
            blocks.append(Fold(key="referral", summary=text("talk.referral"), blocks=(referral,)))
        if self.case and self.case.use == "practice":
            chosen = "straight" if self.case.straight else "coached"
            buttons = [
                Button(
                    do="begin",
                    value=mode,
                    label=f"{text('say.begin')}: {text(f'talk.{mode}').lower()}",
                    kind="primary" if mode == chosen else "plain",
                )
                for mode in sorted(("coached", "straight"), key=lambda m: m != chosen)
            ]
            blocks.append(Prose(key="mode", paragraphs=(text("talk.mode"),)))
        else:
            mode = "straight" if self.case is None or self.case.straight else "coached"
            label = text("talk.start_new") if found else text("say.begin")
            buttons = [Button(do="begin", value=mode, label=label, kind="primary")]
        if any(attempt.complete and not attempt.older for attempt in found):
            buttons.append(Button(do="back", label=text("talk.last_debrief")))
        blocks.append(Buttons(key="start", items=tuple(buttons)))
        return blocks

    def _older(self, attempt: Attempt) -> AnyBlock:
        state = text("talk.older_open")
        if attempt.summary:
            state = text("talk.older_finished", summary=str(attempt.summary.get("words", "")))
        return Notice(key="older", text=text("talk.older", day=attempt.began[:10], state=state))

    def _away(self) -> list[AnyBlock]:
        words = (text("say.paused"),) if self.away == "pause" else (text("say.left"), *support.lines())
        back = Button(do="back", label=text("say.back"), kind="primary")
        return [Prose(key="away", paragraphs=words, tone="breath"), Buttons(key="return", items=(back,))]

    def _log(self, attempt: Attempt, upto: int | None = None) -> Log:
        lines: list[Said] = []
        heard = attempt.heard if upto is None else attempt.heard[: upto + 1]
        for number, moment in enumerate(heard):
            if number:
                said = dict(attempt.heard[number - 1].replies)[attempt.replies[number - 1][1]]
                lines.append(Said(key=f"{number}-you", side="you", name=text("say.you"), say=said))
            lines += [
                Said(key=f"{number}-{i}-{moment.scene}", side="client", name=line.name, say=line.say, seen=line.seen)
                for i, line in enumerate(moment.heard)
            ]
        label = text("talk.log", people=" & ".join(self.play.people))
        return Log(key=f"log-{attempt.id}", label=label, lines=tuple(lines))

    def _conversation(self, attempt: Attempt) -> list[AnyBlock]:
        buttons = [
            Button(do="pause", label=text("say.pause")),
            Button(do="leave", label=text("say.leave"), kind="quiet"),
        ]
        if attempt.replies and self.case:
            buttons.insert(0, Button(do="undo", label=text("say.undo"), kind="quiet"))
        blocks: list[AnyBlock] = [self._head(attempt, *buttons), self._log(attempt)]
        if attempt.skipped:
            blocks.append(Notice(key="skipped", text=text("talk.misfit", count=attempt.skipped)))
        if self.again:
            return [*blocks, *self.again.show()]
        if self.case and not attempt.straight and attempt.explained < len(attempt.replies):
            return [*blocks, *self._comment(attempt)]
        return [*blocks, *self._turn(attempt)]

    def _turn(self, attempt: Attempt) -> list[AnyBlock]:
        """The clinician's turn: own words first where the moment asks for them, then the replies."""
        moment = attempt.heard[-1]
        replies = shuffled(attempt.id, moment.scene, moment.replies)
        key = f"{attempt.id}-{moment.scene}"
        blocks: list[AnyBlock] = []
        nearest = attempt.closest.get(moment.scene)
        if moment.words and nearest is None:
            ready = key in self.worded
            buttons = (
                ()
                if ready
                else (
                    Button(do="worded", label=text("talk.show_replies"), kind="primary"),
                    Button(do="worded", value="aloud", label=text("talk.said_aloud")),
                )
            )
            hint = f"{text('talk.words_hint')} {text('say.privacy')}"
            blocks.append(Ask(key=f"words-{key}", label=text("talk.words"), hint=hint, rows=2, buttons=buttons))
            if not ready:
                return blocks
            choices = tuple(Choice(id=i, letter=LETTERS[n], text=say) for n, (i, say) in enumerate(replies))
            hint = text("talk.closest_hint")
            blocks.append(
                Choices(key=f"closest-{key}", label=text("talk.closest"), hint=hint, do="closest", options=choices)
            )
            blocks.append(Buttons(key=f"none-{key}", items=(Button(do="closest", label=text("talk.none")),)))
            return blocks
        choices = tuple(
            Choice(id=i, letter=LETTERS[n], text=say, note=text("talk.nearest") if i == nearest else "")
            for n, (i, say) in enumerate(replies)
        )
        label = text("talk.reply_now" if moment.words else "talk.reply")
        hint = text("talk.reply_hint") if not attempt.replies else ""
        blocks.append(Choices(key=f"reply-{key}", label=label, hint=hint, do="reply", options=choices))
        return blocks

    def _comment(self, attempt: Attempt) -> list[AnyBlock]:
        """What the last reply did, right after it (coached)."""
        assert self.case
        beat = self.case.beat(attempt.replies[-1][0])
        option = next(o for o in beat.options if o.id == attempt.replies[-1][1])
        buttons = [Button(do="on", label=text("say.go_on"), kind="primary")]
        if beat.again:
            buttons.append(Button(do="again", value=beat.id, label=text("talk.once_more")))
        if option.level < 4 and not self.four:
            buttons.append(Button(do="four", label=text("talk.four")))
        blocks: list[AnyBlock] = [explained(self.case, option, f"why-{attempt.id}-{beat.id}", tuple(buttons))]
        if self.four:
            best = max(beat.options, key=lambda o: o.level)
            blocks.append(Prose(key=f"four-{beat.id}", paragraphs=(f"“{best.say}”", best.why), tone="soft"))
        if self.case.use != "tutorial":
            blocks.append(about(beat.focus))
        return blocks

    def _after(self, attempt: Attempt) -> list[AnyBlock]:
        blocks: list[AnyBlock] = [self._head(attempt), self._log(attempt)]
        if self.debrief is None:
            leave = Button(do="leave", label=text("say.leave"), kind="quiet")
            done = Notice(key="finished", text=text("talk.finished"))
            return [*blocks, done, Buttons(key="done", items=(leave,))]
        if self.again:
            return [*blocks, *self.again.show()]
        if "client" not in attempt.felt:
            name = " & ".join(self.play.people)
            ends = {"low": 0, "high": 4, "low_label": text("talk.felt_low"), "high_label": text("talk.felt_high")}
            felt = Scale(key="felt", label=text("talk.felt", name=name), do="felt", **ends)  # type: ignore[arg-type]
            skip = Button(do="felt", label=text("say.skip"), kind="quiet")
            return [*blocks, felt, Buttons(key="felt-skip", items=(skip,))]
        if "self" not in attempt.felt:
            ends = {"low": 0, "high": 4, "low_label": text("talk.felt_low"), "high_label": text("talk.felt_high")}
            own = Scale(key="self", label=text("talk.self"), do="self", **ends)  # type: ignore[arg-type]
            on = Button(do="self", label=text("say.skip"), kind="quiet")
            return [*blocks, own, Buttons(key="self-skip", items=(on,))]
        return [self._head(None), *self.debrief(self, attempt)]

    # ------------------------------------------------------------------ pressing

    def press(self, press: Press) -> None:
        """Take a press: keep what has to be kept, then change what is shown.

        A press on a view that another window has overtaken changes nothing; the next view says so.

        Raises
        ------
        Exception
            What ``keeper`` raises when a press cannot be kept; nothing has changed then.
        """
        self.notice, self.place, self.kept = "", "", ""
        found = self.attempts()
        current = found[-1] if found and not self.fresh else None
        try:
            if press.do not in FREE and self._shown not in (None, _mark(found)):
                raise Stale
            handler = getattr(self, f"_do_{press.do}", None)
            if handler is not None:
                handler(current, press)
        except Stale:
            self.again, self.fresh, self.four, self.away = None, False, False, ""
            self.notice, self.focus = text("say.elsewhere"), "notice"

    def _keep(self, attempt: Attempt, kind: str, **data: Any) -> None:
        self.keeper.append(self.activity, attempt.id, kind, data, self.play.fingerprint, attempt.events)
        attempt.events += 1
        self._shown = (attempt.id, attempt.events)

    def _do_begin(self, current: Attempt | None, press: Press) -> None:
        mode = "straight" if press.value == "straight" else "coached"
        attempt = str(uuid.uuid4())
        self.keeper.append(self.activity, attempt, "begin", {"mode": mode}, self.play.fingerprint, 0)
        self._shown = (attempt, 1)
        self.fresh, self.away, self.again, self.step = False, "", None, 0
        self._focus_turn()

    def _do_pause(self, current: Attempt | None, press: Press) -> None:
        self.away, self.focus = "pause", "return"

    def _do_leave(self, current: Attempt | None, press: Press) -> None:
        self.away, self.focus = "leave", "return"

    def _do_back(self, current: Attempt | None, press: Press) -> None:
        self.away, self.fresh = "", False
        self._focus_turn()

    def _do_restart(self, current: Attempt | None, press: Press) -> None:
        self.fresh, self.again, self.focus = True, None, "start"

    def _do_worded(self, current: Attempt | None, press: Press) -> None:
        if current is None:
            return
        scene = current.heard[-1].scene
        key = f"{current.id}-{scene}"
        self.worded.add(key)
        typed = press.fields.get(f"words-{key}", "").strip()
        if typed:
            self.words[key] = typed
        self.focus = f"closest-{key}"

    def _do_closest(self, current: Attempt | None, press: Press) -> None:
        if current is None or current.complete:
            return
        moment = current.heard[-1]
        key = f"{current.id}-{moment.scene}"
        typed = press.fields.get(f"words-{key}", "").strip()
        if typed:
            self.words[key] = typed
        self._keep(current, "closest", scene=moment.scene, option=press.value)
        self.focus = f"reply-{key}"

    def _do_reply(self, current: Attempt | None, press: Press) -> None:
        if current is None or current.complete or press.value not in dict(current.heard[-1].replies):
            return
        moment = current.heard[-1]
        shown = [reply for reply, _ in shuffled(current.id, moment.scene, moment.replies)]
        self._keep(current, "reply", scene=moment.scene, option=press.value, shown=shown)
        self.four = False
        now = self.attempts()[-1]
        if now.complete:
            self._keep(now, "finish", words=self._summary(now))
            self.focus = "felt" if self.debrief else "finished"
        elif self.case and not now.straight:
            self.focus = f"why-{now.id}-{moment.scene}"
        else:
            self._focus_turn()

    def _summary(self, attempt: Attempt) -> str:
        """What came of an attempt, for a time when the conversation has changed and it cannot be scored again."""
        if self.case and self.case.use not in ("tutorial", "booster"):
            return result_words(score(self.case, engine.replay(self.case, attempt.replies)))
        return text("talk.moment", now=len(attempt.replies), all=len(attempt.replies))

    def _do_undo(self, current: Attempt | None, press: Press) -> None:
        if current is not None and self.case and current.replies:
            self._keep(current, "undo")
            self.again, self.four = None, False
            self._focus_turn()

    def _do_on(self, current: Attempt | None, press: Press) -> None:
        if current is not None and current.explained < len(current.replies):
            self._keep(current, "on")
        self.four = False
        self._focus_turn()

    def _do_four(self, current: Attempt | None, press: Press) -> None:
        if current is not None and current.replies:
            self.four, self.focus = True, f"why-{current.id}-{current.replies[-1][0]}"

    def _do_felt(self, current: Attempt | None, press: Press) -> None:
        self._felt(current, "client", press.value, "self")

    def _do_self(self, current: Attempt | None, press: Press) -> None:
        self._felt(current, "self", press.value, "debrief")

    def _felt(self, current: Attempt | None, of: str, value: str, focus: str) -> None:
        if current is not None and current.complete:
            self._keep(current, "felt", of=of, value=int(value) if value.isdigit() else None)
            self.focus = focus

    def _do_again(self, current: Attempt | None, press: Press) -> None:
        beat = self.case.beat(press.value) if self.case else None
        if current is not None and self.case and beat and beat.again:
            self.again = Again(self.case, beat, current.id)
            self.focus = self.again.focus

    def _do_once(self, current: Attempt | None, press: Press) -> None:
        if self.again is None or current is None:
            return
        kept = self.again.press(press)
        if kept is not None:
            self._keep(current, "again", **kept)
        self.focus = self.again.focus
        if self.again.closed:
            beat, self.again = self.again.beat.id, None
            self.focus = f"why-{current.id}-{beat}" if not current.complete else "debrief"

    def _do_step(self, current: Attempt | None, press: Press) -> None:
        self.step, self.focus = int(press.value), "debrief"

    def _do_keep(self, current: Attempt | None, press: Press) -> None:
        if self.keep_page is not None:
            self.kept, self.focus = self.keep_page(press.fields.get("supervision", "")), "supervision"

    def _focus_turn(self) -> None:
        found = self.attempts()
        if not found or found[-1].complete:
            self.focus = "debrief" if found else "start"
            return
        attempt = found[-1]
        moment = attempt.heard[-1]
        key = f"{attempt.id}-{moment.scene}"
        if self.case and not attempt.straight and attempt.explained < len(attempt.replies):
            self.focus = f"why-{attempt.id}-{attempt.replies[-1][0]}"
            return
        asked = moment.words and moment.scene not in attempt.closest
        self.focus = (
            f"words-{key}" if asked and key not in self.worded else f"closest-{key}" if asked else f"reply-{key}"
        )


def _mark(found: list[Attempt]) -> tuple[str, int]:
    """Which state of the log a view shows."""
    return (found[-1].id, found[-1].events) if found else ("", 0)
