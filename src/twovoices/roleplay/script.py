"""The compiled form of an assessment: the scene graph alone, under opaque ids, with nothing that ranks a reply.

Scenes with the same observable future are one scene (the graph is acyclic, so merging backwards is exact). Ids are
hashes of structure, not of wording: a corrected sentence keeps every id, and a learner's log still fits.
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import msgspec

from . import engine
from .engine import Scene
from .explore import Graph, explore
from .model import Case, Line, fingerprint


class Spoken(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something said to the clinician: the speaker's name, the words, what is seen."""

    name: str
    say: str
    seen: str = ""


class ScriptScene(msgspec.Struct, frozen=True, omit_defaults=True):
    """One scene: ids of what is heard, and for each reply on offer the scene it leads to; none ends the conversation."""

    heard: tuple[str, ...]
    next: dict[str, str] = {}
    words: bool = False


class Script(msgspec.Struct, frozen=True):
    """A released role-play.

    Attributes
    ----------
    fingerprint
        Of the case it was made from.
    moments
        Number of replies every path holds.
    first
        Id of the first scene.
    scenes
        Scenes by opaque id.
    lines, replies
        What is heard and what can be replied, by opaque id.
    """

    id: str
    title: str
    minutes: int
    content_note: str
    setting: str
    people: tuple[str, ...]
    fingerprint: str
    moments: int
    first: str
    scenes: dict[str, ScriptScene]
    lines: dict[str, Spoken]
    replies: dict[str, str]


class Compiled(NamedTuple):
    """A script with the way back to its case; the way back never leaves the instructor's side.

    ``scene_ids`` gives the released id of each scene; ``option_ids`` the released id of ``(beat id, option id)``.
    """

    script: Script
    scene_ids: dict[Scene, str]
    option_ids: dict[tuple[str, str], str]


def spoken(case: Case, line: Line) -> tuple[Spoken, ...]:
    """What a client line says, with speakers' names."""
    first = Spoken(case.person(line.who), line.say, line.seen)
    return (first, *(Spoken(case.person(also.who), also.say, also.seen) for also in line.also))


def compile_case(case: Case, graph: Graph | None = None) -> Compiled:
    """Compile a case into its released script.

    Parameters
    ----------
    case
        A case whose paths all hold the same number of moments (the checks see to it).
    graph
        Its exploration, where that has been made already.
    """
    graph = graph or explore(case)
    mark = fingerprint(case)
    scene_ids: dict[Scene, str] = {}
    option_ids: dict[tuple[str, str], str] = {}
    scenes: dict[str, ScriptScene] = {}
    lines: dict[str, Spoken] = {}
    replies: dict[str, str] = {}
    moments: dict[str, int] = {}
    for scene in reversed(graph.scenes):
        beat = engine.beat(case, scene)
        if beat is None:
            last = engine.ending(case, scene)
            scene_id = line_id = _opaque(mark, "ending", last.id)
            lines[line_id] = Spoken(case.person(last.who), last.say, last.seen)
            scenes[scene_id] = ScriptScene((line_id,))
            moments[scene_id] = 0
        else:
            index = engine.line_index(case, scene)
            ways = {}
            for option, after in graph.steps[scene]:
                option_id = option_ids.get((beat.id, option.id), "")
                if not option_id:
                    option_id = option_ids[beat.id, option.id] = _opaque(mark, beat.id, option.id)
                    replies[option_id] = option.say
                ways[option_id] = scene_ids[after]
            ways = dict(sorted(ways.items()))
            scene_id = _opaque(mark, beat.id, str(index), *(f"{way}>{after}" for way, after in ways.items()))
            if scene_id not in scenes:
                heard = []
                for number, said in enumerate(spoken(case, beat.client[index])):
                    heard.append(_opaque(mark, beat.id, "line", str(index), str(number)))
                    lines[heard[-1]] = said
                scenes[scene_id] = ScriptScene(tuple(heard), ways, beat.your_words)
                moments[scene_id] = 1 + moments[next(iter(ways.values()))]
        scene_ids[scene] = scene_id
    first = scene_ids[graph.scenes[0]]
    script = Script(
        id=case.id,
        title=case.title,
        minutes=case.minutes,
        content_note=case.content_note,
        setting=case.setting,
        people=tuple(case.people.values()),
        fingerprint=mark,
        moments=moments[first],
        first=first,
        scenes=dict(sorted(scenes.items())),
        lines=dict(sorted(lines.items())),
        replies=dict(sorted(replies.items())),
    )
    return Compiled(script, scene_ids, option_ids)


def authored(case: Case, compiled: Compiled, replies: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Turn recorded ``(released scene id, released option id)`` pairs into ``(beat id, option id)`` of the case.

    Raises
    ------
    twovoices.roleplay.engine.Misfit
        At the first pair that does not fit, with its place.
    """
    scene = engine.start(case)
    found: list[tuple[str, str]] = []
    for number, (scene_id, option_id) in enumerate(replies, start=1):
        here = engine.beat(case, scene)
        now = compiled.scene_ids[scene]
        if here is None or now != scene_id:
            raise engine.Misfit(f"{case.id}: reply {number} does not follow from the replies before it")
        for option in engine.options(case, scene):
            if compiled.option_ids[here.id, option.id] == option_id:
                found.append((here.id, option.id))
                scene = engine.reply(case, scene, option.id)
                break
        else:
            raise engine.Misfit(f"{case.id}: reply {number} is none of those on offer")
    return found


def _opaque(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:12]
