"""The picture of the course: two voices, moment by moment. A pure function from curves to SVG, and the same in words."""

from __future__ import annotations

from collections.abc import Sequence

from ..content.texts import text

WIDTH, HEIGHT, LEFT, RIGHT, MIDDLE = 720, 190, 24, 16, 95
REACH = 70
Curve = Sequence[tuple[float | None, float | None]]


def svg(curve: Curve, at: int) -> str:
    """Draw the critic above and the kinder voice below a middle line; louder is further from it.

    Parameters
    ----------
    curve
        ``(critic, kinder)`` per moment, each 0 to 1 or ``None`` for a side the case does not have (drawn flat).
    at
        Index of the moment marked.

    Returns
    -------
    str
        An SVG element. Colours are the style sheet's (classes ``critic`` and ``kinder``); the critic is a solid line
        with round marks, the kinder voice a dashed one with square marks.
    """
    step = (WIDTH - LEFT - RIGHT) / max(len(curve) - 1, 1)
    xs = [LEFT + step * index for index in range(len(curve))]
    critic = [MIDDLE - 6 - REACH * (value or 0) for value, _ in curve]
    kinder = [MIDDLE + 6 + REACH * (value or 0) for _, value in curve]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="tv-timeline" viewBox="0 0 {WIDTH} {HEIGHT}" width="100%" focusable="false">',
        f'<line class="axis" x1="{LEFT}" y1="{MIDDLE}" x2="{WIDTH - RIGHT}" y2="{MIDDLE}"/>',
        f'<line class="now" x1="{xs[at]:.1f}" y1="14" x2="{xs[at]:.1f}" y2="{HEIGHT - 16}"/>',
    ]
    for name, ys in (("critic", critic), ("kinder", kinder)):
        base = MIDDLE - 6 if name == "critic" else MIDDLE + 6
        line = _smooth(xs, ys)
        area = f"{line} L{xs[-1]:.1f} {base} L{xs[0]:.1f} {base} Z"
        parts.append(f'<path class="{name}-area" d="{area}"/><path class="{name}-line" d="{line}"/>')
    for index, x in enumerate(xs):
        size = 5.5 if index == at else 3
        parts.append(f'<circle class="critic-mark" cx="{x:.1f}" cy="{critic[index]:.1f}" r="{size}"/>')
        parts.append(
            f'<rect class="kinder-mark" x="{x - size:.1f}" y="{kinder[index] - size:.1f}" width="{2 * size}" height="{2 * size}"/>'
        )
    parts.append(f'<text class="critic-label" x="{LEFT}" y="12">● {text("debrief.critic")}</text>')
    parts.append(f'<text class="kinder-label" x="{LEFT}" y="{HEIGHT - 2}">■ {text("debrief.kinder")}</text>')
    anchor = "end" if xs[at] > WIDTH / 2 else "start"
    offset = -6 if anchor == "end" else max(6, LEFT + 90 - xs[at])
    parts.append(
        f'<text class="now-label" text-anchor="{anchor}" x="{xs[at] + offset:.1f}" y="12">{_moment(at, len(curve) - 1)}</text></svg>'
    )
    return "".join(parts)


def in_words(curve: Curve) -> str:
    """The same picture as sentences, one a moment."""
    lines = []
    for index, (critic, kinder) in enumerate(curve):
        key = "debrief.step" if index else "debrief.step_0"
        lines.append(text(key, now=index, critic=_loud(critic), kinder=_loud(kinder)))
    return " ".join(lines)


def _moment(at: int, last: int) -> str:
    return text("debrief.moment", now=at, all=last) if at else text("debrief.start")


def _loud(value: float | None) -> str:
    return text("debrief.flat") if value is None else text(f"debrief.loud_{round(value * 4)}")


def _smooth(xs: Sequence[float], ys: Sequence[float]) -> str:
    """A curve through the points that never bends past them (flat tangents)."""
    parts = [f"M{xs[0]:.1f} {ys[0]:.1f}"]
    for (x0, y0), (x1, y1) in zip(zip(xs, ys, strict=True), zip(xs[1:], ys[1:], strict=False), strict=False):
        middle = (x0 + x1) / 2
        parts.append(f"C{middle:.1f} {y0:.1f} {middle:.1f} {y1:.1f} {x1:.1f} {y1:.1f}")
    return " ".join(parts)
