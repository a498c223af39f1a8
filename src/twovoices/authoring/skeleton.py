"""``new roleplay ID``: a file that reads, plays and says at each place what belongs there."""

from __future__ import annotations

import re
from pathlib import Path

from ..content import store
from ..content.errors import NotFound

HEAD = """\
# yaml-language-server: $schema=../schema/roleplay.json
# Draft, not clinically reviewed. Levels are author ratings (provisional).
id: {id}
title: First session
use: tutorial            # practice once it has 10-14 beats and passes `check`
difficulty: 1
minutes: 5
content_note: two to six words for each topic
objective: What a clinician can do after this.
setting: What the clinician knows before the first line.
people: {{client: Sam}}
state:
  trust: {{start: 2, min: 0, max: 4, better: high}}
  shame: {{start: 2, min: 0, max: 4, better: low}}
flags: []
supervision: What did I want to do quickly, and for whom?
beats:
"""
BEAT = """\
- id: {id}
  focus: C2
  client:                # the first line whose `when` holds; the last has none
{safer}  - say: What Sam says.
    seen: What one could see.
    inner: {{critic: "What the critic says, in Sam's own words.", kinder: "What the kinder voice says, in Sam's own words."}}
  options:
  - id: {id}-meets
    say: A reply that meets what hurts and leaves the verdict unsigned.
    level: 4
    effects: {{trust: +1, shame: -1}}
    lands: how it lands, in two to six words
    why: What you did, quoting the words that did it; what it did for Sam; what to try next.
  - id: {id}-sound
    say: A reply that is sound and a little general.
    level: 3
    effects: {{trust: +1}}
    lands: how it lands, in two to six words
    why: What you did, quoting the words that did it; what it did for Sam; what to try next.
  - id: {id}-early
    say: A kind reply with the right aim that comes too soon.
    level: 2
    effects: {{trust: +1, shame: +1}}
    lands: how it lands, in two to six words
    why: What you did, quoting the words that did it; what it did for Sam; what to try next.
    better: A line one could say here instead of number {number}.
  - id: {id}-misses
    say: A kind reply that misses what matters now.
    level: 1
    effects: {{trust: -1}}
    lands: how it lands, in two to six words
    why: What you did, quoting the words that did it; what it did for Sam; what to try next.
    better: Another line one could say here instead of number {number}.
"""
SAFER = """\
  - when: "trust >= 3 and shame <= 2"
    say: What Sam says when it feels safe enough.
    seen: What one could see.
    inner: {critic: "What the critic says, in Sam's own words.", kinder: "What the kinder voice says, in Sam's own words."}
"""
TAIL = """\
endings:                 # the first whose `when` holds; the last has none
- id: stays-open
  rank: 2
  when: "trust >= 4"
  say: How Sam leaves when the work made something possible.
  debrief: What the work made possible, and what stays open.
- id: goes-home
  rank: 1
  say: How Sam leaves.
  debrief: What the work made possible, and what stays open.
"""


def text(item: str) -> str:
    """The file's text: three beats that read, play and pass the checks of a short talk."""
    names = ("first", "second", "third")
    beats = "".join(BEAT.format(id=n, number=i, safer=SAFER if i > 1 else "") for i, n in enumerate(names, 1))
    return HEAD.format(id=item) + beats + TAIL


def write(item: str) -> str:
    """Write a new role-play and say where it is.

    Raises
    ------
    twovoices.content.errors.NotFound
        When the id cannot be used or is taken.
    """
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", item):
        raise NotFound(
            f"{item!r} cannot be an id. Use small letters, digits and single hyphens, for example sam-later."
        )
    path: Path = store.source("roleplays", item)
    if path.exists():
        raise NotFound(f"{store.shown(path)} is there already. Choose another id.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text(item), encoding="utf-8")
    return f"Written: {store.shown(path)}. Check it with `course.py check {item}`, play it with `course.py try {item}`."
