"""The debrief: both inner voices beside one's lines, what opened and what closed, and one sentence to take along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..content.texts import text
from ..view import AnyBlock, Ask, Button, Buttons, Fold, Log, Picture, Prose, Said, Table, Voices
from . import engine
from .attempts import Attempt
from .comment import about, error_label, explained
from .engine import Move, Scene
from .model import Case, Ending, Line, Option
from .scoring import Result, score, voices_of
from .timeline import in_words, svg

if TYPE_CHECKING:
    from .talk import Talk


def blocks(talk: Talk, attempt: Attempt) -> tuple[AnyBlock, ...]:
    """The debrief of a complete attempt at a case whose source is at hand."""
    case = talk.case
    assert case is not None
    moves = engine.replay(case, attempt.replies)
    step = max(0, min(talk.step, len(moves)))
    scored = case.use != "tutorial"
    shown: list[AnyBlock] = [
        Prose(
            key="debrief-title",
            heading=text("debrief.title", name=_names(case)),
            paragraphs=(text("debrief.guess", name=_names(case)), *(() if scored else (text("debrief.before"),))),
        ),
        *_pictures(case, moves, step),
        *_opened(case, moves),
        *_moment(talk, case, attempt, moves, step),
        _ending(case, moves[-1].after),
    ]
    if scored:
        shown += _result(case, attempt, moves, score(case, moves))
    shown += _closing(talk, case, attempt)
    return tuple(shown)


def _names(case: Case) -> str:
    return " & ".join(case.people.values())


def _gain(case: Case, move: Move) -> float:
    """How far a reply moved the client towards the better side, over all gauges scaled to their range."""
    before, after = engine.values(case, move.scene), engine.values(case, move.after)
    return sum(
        (after[name] - before[name]) / (gauge.max - gauge.min) * (1 if gauge.better == "high" else -1)
        for name, gauge in case.state.items()
    )


def _opened(case: Case, moves: tuple[Move, ...]) -> list[AnyBlock]:
    name = _names(case)
    gains = [_gain(case, move) for move in moves]
    best, worst = max(gains), min(gains)
    found: list[AnyBlock] = []
    for kind, value, shown in (("opened", best, best > 0), ("closed", worst, worst < 0)):
        if shown:
            move = moves[gains.index(value)]
            said = _after_line(case, move.after).say
            paragraphs = (text("debrief.after", words=move.option.say), f"“{said}”")
            found.append(Prose(key=kind, heading=text(f"debrief.{kind}", name=name), paragraphs=paragraphs))
    return found or [Prose(key="opened", paragraphs=(text("debrief.no_open", name=name),), tone="soft")]


def _after_line(case: Case, scene: Scene) -> Line | Ending:
    return engine.line(case, scene) if engine.beat(case, scene) else engine.ending(case, scene)


def _pictures(case: Case, moves: tuple[Move, ...], step: int) -> list[AnyBlock]:
    """One picture a person; gauges without a name before the dot belong to the only person."""
    found: list[AnyBlock] = []
    for key, name in case.people.items():
        gauges = [g for g in case.state if g.startswith(f"{key}.") or ("." not in g and len(case.people) == 1)]
        if not gauges:
            continue
        start = Move(moves[0].scene, moves[0].option, moves[0].scene)
        curve = voices_of(case, (start, *moves), gauges)
        found.append(
            Picture(
                key=f"picture-{key}",
                svg=svg(curve, step),
                words=in_words(curve),
                words_label=text("debrief.words"),
                caption=text("debrief.picture", name=name),
            )
        )
    return found


def _moment(talk: Talk, case: Case, attempt: Attempt, moves: tuple[Move, ...], step: int) -> list[AnyBlock]:
    last = len(moves)
    buttons = Buttons(
        key="debrief",
        items=(
            Button(do="step", value=str(step - 1), label=text("debrief.previous"), off=step == 0),
            Button(do="step", value=str(step + 1), label=text("debrief.next"), off=step == last, kind="primary"),
        ),
    )
    place = text("debrief.moment", now=step, all=last) if step else text("debrief.start")
    scene = moves[step - 1].after if step else moves[0].scene
    line = _after_line(case, scene)
    lines: list[Said] = []
    if step:
        before = engine.line(case, moves[step - 1].scene)
        lines.append(Said(key="before", side="client", name=case.person(before.who), say=before.say, seen=before.seen))
        lines.append(Said(key="you", side="you", name=text("say.you"), say=moves[step - 1].option.say))
    lines.append(Said(key="after", side="client", name=case.person(line.who), say=line.say, seen=line.seen))
    shown: list[AnyBlock] = [
        Prose(key="step-title", heading=place, paragraphs=()),
        buttons,
        Log(key=f"step-{attempt.id}-{step}", label=place, lines=tuple(lines)),
    ]
    if line.inner:
        shown.append(
            Voices(
                key=f"voices-{step}",
                critic_label=text("debrief.critic"),
                critic=line.inner.critic,
                kinder_label=text("debrief.kinder"),
                kinder=line.inner.kinder,
                note=case.person(line.who) if len(case.people) > 1 else "",
            )
        )
    if step:
        shown += _reply(talk, case, attempt, moves[step - 1])
    return shown


def _reply(talk: Talk, case: Case, attempt: Attempt, move: Move) -> list[AnyBlock]:
    beat = case.beats[move.scene.at]
    shown: list[AnyBlock] = [explained(case, move.option, f"why-{beat.id}")]
    if typed := talk.words.get(f"{attempt.id}-{beat.id}"):
        shown.append(
            Prose(key=f"typed-{beat.id}", heading=text("debrief.your_words"), paragraphs=(typed,), tone="soft")
        )
    nearest = attempt.closest.get(beat.id)
    if nearest:
        words = next((o.say for o in beat.options if o.id == nearest), "")
        same = nearest == move.option.id
        gap = text("debrief.same") if same else text("debrief.nearest", words=words)
        shown.append(Prose(key=f"gap-{beat.id}", paragraphs=(gap,)))
    roads = tuple(
        _road(case, move, option) for option in engine.options(case, move.scene) if option.id != move.option.id
    )
    if case.use != "tutorial":
        shown.append(about(beat.focus))
    shown.append(Fold(key=f"roads-{beat.id}", summary=text("debrief.roads"), blocks=roads))
    if beat.again:
        again = Button(do="again", value=beat.id, label=text("debrief.again_here"))
        shown.append(Buttons(key=f"once-{beat.id}", items=(again,)))
    return shown


def _road(case: Case, move: Move, option: Option) -> AnyBlock:
    after = engine.reply(case, move.scene, option.id)
    line = _after_line(case, after)
    would = text("debrief.would", name=case.person(line.who), words=line.say)
    level = "" if case.use == "tutorial" else f"{text('talk.level', level=option.level, words=option.lands)}. "
    return Prose(key=f"road-{option.id}", heading=f"“{option.say}”", paragraphs=(f"{level}{option.why}", would))


def _ending(case: Case, scene: Scene) -> AnyBlock:
    return Prose(key="ending", heading=text("debrief.ending"), paragraphs=(engine.ending(case, scene).debrief,))


def result_words(result: Result) -> str:
    """Met, met after repair, or not yet."""
    key = "met_repaired" if result.met and result.repaired else "met" if result.met else "not_yet"
    return text(f"debrief.{key}")


def _result(case: Case, attempt: Attempt, moves: tuple[Move, ...], result: Result) -> list[AnyBlock]:
    from ..content import library

    names = library.competencies()
    rows = tuple(
        (f"{c.competency} {names[c.competency].short}", ", ".join(map(str, c.levels))) for c in result.competencies
    )
    gate = case.use == "gate"
    words = [] if gate else [text("debrief.result", result=result_words(result))]
    words += [text("debrief.standing", label=error_label(case, name)) for name in result.unrepaired]
    words += [text("talk.mended", label=error_label(case, name)) for name in result.repaired]
    felt = attempt.felt.get("client")
    if felt is not None:
        state = engine.values(case, moves[-1].after)
        gauges = " ".join(
            text("debrief.gauge", label=_gauge(case, name), value=state[name], max=gauge.max)
            for name, gauge in case.state.items()
            if gauge.better == "high"
        )
        words.append(text("debrief.understood", name=_names(case), felt=felt, gauges=gauges))
    header = (text("debrief.competency"), text("debrief.at"))
    return [
        Table(key="levels", caption=text("debrief.levels"), header=header, rows=rows),
        Prose(key="result", paragraphs=(*words, text("debrief.rule_gate" if gate else "debrief.rule"))),
        *(about(c.competency, key="levels") for c in result.competencies),
    ]


def _gauge(case: Case, name: str) -> str:
    who, _, plain = name.rpartition(".")
    try:
        label = text(f"gauge.{plain}")
    except KeyError:
        label = plain.replace("_", " ")
    return f"{case.people[who]}: {label}" if who else label


def _closing(talk: Talk, case: Case, attempt: Attempt) -> list[AnyBlock]:
    shown: list[AnyBlock] = []
    if case.supervision:
        hint = f"{text('debrief.supervision_hint')} {text('say.privacy')}"
        keep = (Button(do="keep", label=text("debrief.keep")),)
        shown.append(
            Ask(
                key="supervision",
                label=text("debrief.supervision"),
                hint=hint,
                value=case.supervision,
                rows=2,
                buttons=keep,
            )
        )
        if talk.kept:
            shown.append(Prose(key="kept", paragraphs=(talk.kept,), tone="soft"))
    again = Button(do="restart", label=text("talk.begin_again"))
    leave = Button(do="leave", label=text("say.leave"), kind="quiet")
    shown.append(Buttons(key="end", items=(again, leave)))
    return shown
