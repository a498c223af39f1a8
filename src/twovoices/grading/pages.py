"""What a hand-in's cells show once marked: the choice, its reason, a line to try. Plain HTML, everything escaped."""

from __future__ import annotations

import html

from ..activities.written import read_for
from ..content import library
from ..content.texts import text
from ..roleplay import engine
from ..roleplay.comment import error_label
from ..roleplay.debrief import result_words
from .marking import AnsweredQuiz, PlayedTalk, SavedWriting, row

STYLE = 'style="border-left:4px solid #2f4f86;padding:.2em 1em;margin:.8em 0"'

# Characters that HTML, Markdown or MathJax would act on; an empty element after $ and \\ keeps a formula from opening.
_SAFE = {ord(sign): f"&#{ord(sign)};" for sign in "&<>\"'`*_[]#|~{}"}
_SAFE |= {ord(sign): f"&#{ord(sign)};<span></span>" for sign in "$\\"}
_SAFE |= dict.fromkeys((*range(0x20), 0x7F, *range(0x80, 0xA0)), "\ufffd") | {ord("\t"): " "}
# Everything that some reader of lines takes for the end of one.
_SAFE |= {ord(sign): "<br>" for sign in "\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"}


def escape(words: str) -> str:
    """Text safe inside HTML, Markdown and MathJax, on one line: a blank line would end an HTML block."""
    return words.replace("\r\n", "\n").replace("\r", "\n").translate(_SAFE)


def _say(words: str) -> str:
    return html.escape(words)


def talk_page(played: PlayedTalk) -> str:
    """A role-play, moment by moment: what was said, how it landed, why, and a line to try.

    No other reply of the case is quoted or levelled.
    """
    case = played.case
    if not played.moves:
        return f"<p>{_say(text('marked.nothing'))}</p>"
    blocks = []
    for number, move in enumerate(played.moves, start=1):
        option = move.option
        line = engine.line(case, move.scene)
        parts = [f"<p><strong>{number}. {_say(case.person(line.who))}:</strong> {_say(line.say)}</p>"]
        parts.append(f"<p><strong>{_say(text('say.you'))}:</strong> {_say(option.say)}</p>")
        level = text("talk.level", level=option.level, words=text(f"talk.level_{option.level}"))
        if option.error:
            level += f". {text('talk.critical', label=error_label(case, option.error))}"
        parts.append(f"<p><em>{_say(level)}</em><br>{_say(option.why)}</p>")
        if option.better:
            parts.append(f"<p>{_say(text('talk.better'))}: “{_say(option.better)}”</p>")
        blocks.append(f"<div {STYLE}>{''.join(parts)}</div>")
    if played.result.complete:
        end = engine.ending(case, played.moves[-1].after)
        blocks.append(
            f"<p><strong>{_say(text('debrief.ending'))}.</strong> {_say(end.say)}</p><p>{_say(end.debrief)}</p>"
        )
    else:
        blocks.append(f"<p>{_say(text('marked.unfinished', count=len(played.moves)))}</p>")
    return "".join(blocks)


def competency_page(played: PlayedTalk, competency: str) -> str:
    """Where one competency stands: its levels, the result, critical errors and what to do next."""
    names = library.competencies()
    found = next(c for c in played.result.competencies if c.competency == competency)
    levels = ", ".join(map(str, found.levels))
    parts = [
        f"<p><strong>{_say(competency)} {_say(names[competency].short)}:</strong> {_say(text('marked.levels', levels=levels))}</p>"
    ]
    parts.append(
        f"<p>{_say(text('debrief.result', result=result_words(played.result)))} {_say(text('debrief.rule'))}</p>"
    )
    for name in played.result.unrepaired:
        parts.append(f"<p><strong>{_say(text('debrief.standing', label=error_label(played.case, name)))}</strong></p>")
    for name in played.result.repaired:
        parts.append(f"<p>{_say(text('talk.mended', label=error_label(played.case, name)))}</p>")
    tries = [
        (move.option.level, number, move.option.better)
        for number, move in enumerate(played.moves, start=1)
        if played.case.beats[move.scene.at].focus == competency and move.option.level < 3 and move.option.better
    ]
    if tries:
        _, number, better = min(tries)
        parts.append(f"<p>{_say(text('marked.next_try', number=number, words=better))}</p>")
    return "".join(parts)


def quiz_page(answered: AnsweredQuiz) -> str:
    """Each question with the answer given and its reason."""
    blocks = []
    for number, question in enumerate(answered.quiz.questions, start=1):
        option = next((o for o in question.options if o.id == answered.given.get(question.id)), None)
        parts = [f"<p><strong>{number}. {_say(question.ask)}</strong></p>"]
        if option is None:
            parts.append(f"<p>{_say(text('marked.unanswered'))}</p>")
        else:
            heading = text("quiz.defensible" if option.defensible else "quiz.look_again")
            parts.append(
                f"<p>{_say(text('say.you'))}: {_say(option.text)}</p><p><em>{_say(heading)}.</em> {_say(option.why)}</p>"
            )
        blocks.append(f"<div {STYLE}>{''.join(parts)}</div>")
    return "".join(blocks)


def written_cell(saved: SavedWriting, row_id: str, first: bool) -> str | None:
    """Markdown of a rubric row's cell: what was written, escaped; ``None`` when there is nothing to read.

    Parameters
    ----------
    first
        Whether this is the first row read on these parts: later rows point up instead of repeating the text.
    """
    found = row(saved.written, row_id)
    parts = read_for(saved.written, found)
    if not any(part in saved.saved for part in parts):
        return None
    levels = "".join(f"<li>{escape(level)}</li>" for level in found.levels)
    rubric = f'<ol start="0">{levels}</ol>{escape(found.note)}'
    summary = escape(text("marked.rubric", title=found.title, max=4 * found.weight))
    # formgrader's styles take away the mark that tells a fold from a line.
    fold = '<summary style="display:list-item;cursor:pointer">'
    head = f"<details>{fold}{summary}</summary>{rubric}</details>"
    if not first:
        return f"{head}\n\n{text('marked.above')}"
    shown = []
    lines = {reply.id: reply for reply in saved.written.replies}
    for part in parts:
        if part in lines:
            shown.append(f"<p><em>{escape(lines[part].who)}: {escape(lines[part].line)}</em></p>")
        words = saved.saved.get(part)
        body = escape(words) if words else escape(text("marked.unanswered"))
        shown.append(f'<div class="tex2jax_ignore mathjax_ignore" {STYLE}>{body}</div>')
    return f"{head}\n\n" + "\n".join(shown)
