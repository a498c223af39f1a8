"""From a press to the next view, on the Python side: what a click costs, with every answer synced to the disk."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
from common import TOP, Row, report

from twovoices.answers import Answers
from twovoices.content import store
from twovoices.events import Event
from twovoices.roleplay import debrief
from twovoices.roleplay.model import Case
from twovoices.roleplay.play import CasePlay
from twovoices.roleplay.talk import Talk
from twovoices.view import Ask, Choices, Feedback, Press, View

PRESSES = 50
CASE = "priya-party"


def next_press(view: View) -> Press:
    """What a diligent learner does next: every comment read, every own word written."""
    for block in reversed(view.blocks):
        match block:
            case Choices(off=False):
                return Press(do=block.do, value=block.options[0].id)
            case Ask() if block.buttons:
                return Press(do=block.buttons[0].do, fields={block.key: "What I would say, in a sentence or two."})
            case Feedback():
                return Press(do="on")
    return Press(do="begin", value="coached")


def old_log(count: int) -> Iterator[bytes]:
    """Events of a learner who has done much already."""
    for number in range(count):
        yield (
            msgspec.json.encode(
                Event(
                    v=1,
                    id=f"old-{number}",
                    at=f"2026-01-01T00:{number // 60 % 60:02d}:{number % 60:02d}.000+00:00",
                    activity=f"roleplay:{CASE if number % 10 == 0 else 'other'}",
                    attempt=f"old-{number // 40}",
                    n=number % 40,
                    kind="reply",
                    data={"scene": "slot", "option": "all-eleven", "shown": ["a", "b", "c", "d"]},
                    course="0",
                    fingerprint="older",
                )
            )
            + b"\n"
        )


def clicks(old: int) -> list[float]:
    times: list[float] = []
    with tempfile.TemporaryDirectory(dir=TOP) as folder:  # on the course's own disk: /tmp may be memory
        path = Path(folder) / "answers.jsonl"
        path.write_bytes(b"".join(old_log(old)))
        talk = Talk(CasePlay(store.load(Case, "roleplays", CASE)), Answers(path), debrief=debrief.blocks)
        view = talk.show()
        while len(times) < PRESSES:
            press = next_press(view)
            begun = time.perf_counter()
            talk.press(press)
            view = talk.show()
            msgspec.to_builtins(view)
            times.append(time.perf_counter() - begun)
            if talk.attempts()[-1].complete:
                talk.press(Press(do="restart"))
                view = talk.show()
    return times


def main() -> None:
    clicks(0)
    rows = [Row(f"press to view, {old:,} events before", clicks(old), "p95 150 ms") for old in (0, 1000, 5000)]
    report(f"{PRESSES} presses of {CASE}, fsync on", rows)


if __name__ == "__main__":
    main()
