"""Pages an author or instructor prints: one function a page, all pure text."""

from __future__ import annotations

import html
import json
import textwrap
from collections import defaultdict
from pathlib import Path

import msgspec

from ..activities import kept, reading
from ..activities.reading import Handout
from ..check import run
from ..content import library, store
from ..content.errors import NotFound
from ..roleplay import engine
from ..roleplay.explore import ScoreSheet, explore, flags_only, mean_score, share_met, spine
from ..roleplay.model import Case, Line


def make(kind: str, item: str) -> str:
    """Make one page.

    Raises
    ------
    twovoices.content.errors.NotFound
        When there is no such case or handout.
    """
    if kind == "schema":
        return schema()
    if kind == "handout":
        found = store.load(Handout, "handouts", item)
        return kept.page(found.title, reading.rows(found))
    return {"chart": chart, "outline": outline, "brief": brief}[kind](case(item))


def case(item: str) -> Case:
    """A case by its id, wherever it stands."""
    for path in run.case_files():
        if run.case_id(path) == item:
            return store.load_file(path, Case)
    raise NotFound(f"There is no role-play called {item!r}.")


def schema() -> str:
    """JSON Schema of a role-play file, for editors that complete and check YAML."""
    made = msgspec.json.schema(Case)
    made["title"] = "Two Voices role-play"
    return json.dumps(made, indent=1, ensure_ascii=False, sort_keys=True)


def schema_file() -> Path:
    """Where the schema stands for editors."""
    return store.root() / "schema" / "roleplay.json"


def _when(text: str | None) -> str:
    return f"  [{text}]" if text else ""


def outline(found: Case) -> str:
    """The whole case to read aloud from: every line, reply, level, effect and reason."""
    sheet, graph = ScoreSheet(found), explore(found)
    rows = [
        f"{found.id} · {found.title} · {found.use} · difficulty {found.difficulty}",
        f"Objective: {found.objective}",
    ]
    board = flags_only(found)
    rows.append(
        f"{len(graph.scenes)} scenes; random play scores {mean_score(board):.0f} of 100 and passes in {share_met(board):.2%}."
    )
    spined = {beat.id for beat in sheet.beats}
    for number, beat in enumerate(found.beats, start=1):
        marks = [beat.focus]
        marks += [name for name in ("critical", "your_words", "challenge", "closing") if getattr(beat, name)]
        marks += [] if beat.id in spined else ["not on every path"]
        rows += ["", f"{number}. {beat.id} ({', '.join(marks)}){_when(beat.needs)}"]
        rows += [_said(found, line) for line in beat.client]
        for option in beat.options:
            notes = [f"{name} {change:+d}" for name, change in option.effects.items()]
            notes += [f"sets {', '.join(option.sets)}"] if option.sets else []
            notes += [option.road] if option.road != "common" else []
            notes += [f"ERROR {option.error}"] if option.error else []
            notes += [f"goto {option.goto}"] if option.goto else []
            rows.append(_fill(f"  {option.level}  {option.say}", 5) + _when(option.needs))
            rows.append(_fill(f"     {option.lands}; {'; '.join(notes)}", 7))
            rows.append(_fill(f"     {option.why}", 7))
            if option.better:
                rows.append(_fill(f"     better: {option.better}", 7))
    rows.append("")
    shares: dict[str, float] = defaultdict(float)
    for scene in graph.finished:
        shares[engine.ending(found, scene).id] += graph.share[scene]
    for item in found.endings:
        rows.append(
            _fill(
                f"Ending {item.id} (rank {item.rank}, {shares[item.id]:.0%} of random play){_when(item.when)}: {item.say}",
                2,
            )
        )
        rows.append(_fill(f"  {item.debrief}", 4))
    return "\n".join(rows)


def _said(found: Case, line: Line) -> str:
    seen = f" ({line.seen})" if line.seen else ""
    return _fill(f"  {found.person(line.who)}{_when(line.when)}: {line.say}{seen}", 4)


def _fill(text: str, indent: int) -> str:
    return textwrap.fill(text, 100, subsequent_indent=" " * indent, break_on_hyphens=False)


def brief(found: Case) -> str:
    """An actor's brief: lines you may say when trust is low and high, what you never improvise, the stop word.

    What scores stays out of it.
    """
    name = " & ".join(found.people.values())
    rows = [f"# Actor's brief: {name}", "", f"{found.setting}", "", f"Content note: {found.content_note}.", ""]
    rows += [
        "You play an invented adult. The stop word is **stop**: say it, or hold up a hand, and the scene is over, no reason asked.",
        "Nobody is asked to play a harm near their own life, and nobody is asked why not.",
        "",
        "**Never improvise**: any act, any place on the body, any age, any real person.",
        'If you are asked, say: "I don\'t want to go into that."',
        "",
        f"## When {name} does not feel safe yet (trust 1)",
        "Short answers, a joke or a look at the clock; agree quickly; say less after advice. Lines you may say:",
        "",
    ]
    rows += [f"- “{line.say}”" for line in _lines(found, low=True)]
    rows += [
        "",
        f"## When {name} begins to feel met (trust 3)",
        "A little slower, more detail of feeling, a look up. Lines you may say:",
        "",
    ]
    rows += [f"- “{line.say}”" for line in _lines(found, low=False)]
    rows += [
        "",
        "## Between rounds",
        "Stand up, say your own name, one way in which you are not this person, shake out, change chairs. After each round the",
        'client speaks first: "What landed was …".',
    ]
    return "\n".join(rows)


def _lines(found: Case, low: bool) -> list[Line]:
    """A line a beat: the last one (which always fits) for low trust, the first conditional one for high."""
    return [beat.client[-1] if low else beat.client[0] for beat in found.beats]


def chart(found: Case) -> str:
    """The case as an SVG: beats from top to bottom, replies as marks from 0 to 4, jumps as arcs, endings at the foot."""
    width, top, step, left = 900, 70, 64, 230
    spined = {beat.id for beat in spine(found)}
    graph = explore(found)
    height = top + step * len(found.beats) + 60 + 30 * len(found.endings)
    rows = {beat.id: top + step * number for number, beat in enumerate(found.beats)}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="system-ui, sans-serif" font-size="13">',
        f'<rect width="{width}" height="{height}" fill="#fff"/><text x="20" y="28" font-size="17" font-weight="600">{_x(found.id)}</text>',
        f'<text x="20" y="46" fill="#57606a">{len(graph.scenes)} scenes · levels 0 to 4 from left to right '
        "· dashed: not on every path</text>",
    ]
    titles = library.competencies()
    for beat in found.beats:
        y = rows[beat.id]
        dash = "" if beat.id in spined else ' stroke-dasharray="5 4"'
        marks = " ".join(word for word in ("critical", "challenge", "closing") if getattr(beat, word))
        parts.append(
            f'<rect x="16" y="{y - 20}" width="190" height="44" rx="8" fill="#f6f7f9" stroke="#57606a"{dash}/>'
        )
        parts.append(f'<text x="26" y="{y - 2}" font-weight="600">{_x(beat.id)}</text>')
        parts.append(
            f'<text x="26" y="{y + 15}" fill="#57606a"><title>{_x(titles[beat.focus].title)}</title>{beat.focus} {marks}</text>'
        )
        if beat.needs:
            parts.append(f'<text x="{left}" y="{y - 22}" fill="#57606a" font-size="11">needs {_x(beat.needs)}</text>')
        columns: dict[int, int] = defaultdict(int)
        for option in beat.options:
            x = left + option.level * 125
            offset = 17 * columns[option.level]
            columns[option.level] += 1
            fill = "#8a1c2b" if option.error else "#2f4f86" if option.level >= 3 else "#fff"
            parts.append(
                f'<circle cx="{x + 6}" cy="{y - 8 + offset}" r="6" fill="{fill}" stroke="#2f4f86" stroke-width="1.5">'
                f"<title>{_x(option.say)}</title></circle>"
            )
            label = option.id + (f" → {option.goto}" if option.goto else "")
            parts.append(f'<text x="{x + 17}" y="{y - 4 + offset}" font-size="11">{_x(label[:20])}</text>')
    shares: dict[str, float] = defaultdict(float)
    for scene in graph.finished:
        shares[engine.ending(found, scene).id] += graph.share[scene]
    for number, item in enumerate(found.endings):
        y = top + step * len(found.beats) + 20 + 30 * number
        bar = 300 * shares[item.id]
        parts.append(f'<text x="26" y="{y}">{_x(item.id)} · rank {item.rank}</text>')
        parts.append(f'<rect x="{left}" y="{y - 11}" width="{bar:.1f}" height="13" fill="#a9c1f2"/>')
        parts.append(
            f'<text x="{left + bar + 8:.1f}" y="{y}" fill="#57606a">{shares[item.id]:.0%} of random play {_x(item.when or "")}</text>'
        )
    parts.append("</svg>")
    return "\n".join(parts)


def _x(text: str) -> str:
    return html.escape(text)
