"""The released script: the same conversation as its case, and nothing that ranks a reply."""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterator
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given

from twovoices.check import run
from twovoices.content import store
from twovoices.roleplay import engine
from twovoices.roleplay.engine import Misfit, Scene
from twovoices.roleplay.model import Case, Gauge, Inner, fingerprint
from twovoices.roleplay.play import CasePlay, Moment, ScriptPlay
from twovoices.roleplay.script import Compiled, authored, compile_case

from . import reference
from .build import beat, case, ending, line, mending_case, option, talking_case
from .strategies import cases, walked

OPAQUE = re.compile(r"[0-9a-f]{12}")


def assessments() -> list[Case]:
    """The shipped assessment cases."""
    found = [store.load_file(path, Case) for path in run.case_files()]
    return [talk for talk in found if talk.use == "assessment"]


def heard_the_same(source: Moment, script: Moment) -> None:
    assert script.heard == source.heard
    assert script.words == source.words
    assert sorted(say for _, say in script.replies) == sorted(say for _, say in source.replies)


def follows(talk: Case, compiled: Compiled, options: list[str]) -> None:
    """Play one path in source and script side by side, and turn the script's log back into the source's."""
    source, script = CasePlay(talk), ScriptPlay(compiled.script)
    here, there = source.start(), script.start()
    released, given_replies = [], []
    for item in options:
        heard_the_same(source.moment(here), script.moment(there))
        current = engine.beat(talk, here)
        assert current is not None
        opaque = compiled.option_ids[current.id, item]
        assert dict(script.moment(there).replies)[opaque] == dict(source.moment(here).replies)[item]
        released.append((there, opaque))
        given_replies.append((current.id, item))
        here, there = source.follow(here, item), script.follow(there, opaque)
    heard_the_same(source.moment(here), script.moment(there))
    assert authored(talk, compiled, released) == given_replies


@walked
@given(cases())
def test_script_and_source_give_the_same_conversation_for_every_path(talk: Case) -> None:
    compiled = compile_case(talk)
    for steps, _ in reference.paths(talk):
        follows(talk, compiled, [step.option.id for step in steps])


def test_a_shipped_assessment_and_its_script_give_the_same_conversation() -> None:
    found = assessments()
    assert found
    for talk in found:
        compiled, chance = compile_case(talk), Random(7)
        for _ in range(150):
            scene, options = engine.start(talk), []
            while engine.beat(talk, scene) is not None:
                item = chance.choice(engine.options(talk, scene)).id
                options.append(item)
                scene = engine.reply(talk, scene, item)
            follows(talk, compiled, options)


@walked
@given(cases(equal_length=True))
def test_a_script_says_how_many_moments_lie_ahead_at_every_place(talk: Case) -> None:
    play = ScriptPlay(compile_case(talk).script)
    assert play.script.moments == len(talk.beats)
    source, here, there = CasePlay(talk), CasePlay(talk).start(), play.start()
    while True:
        assert play.ahead(there) == source.ahead(here)
        moment = play.moment(there)
        if not moment.replies:
            break
        opaque, say = moment.replies[0]
        item = next(i for i, words in source.moment(here).replies if words == say)
        here, there = source.follow(here, item), play.follow(there, opaque)
    assert play.ahead(there) == 0


@walked
@given(cases())
def test_scenes_with_the_same_observable_future_are_one_scene(talk: Case) -> None:
    compiled = compile_case(talk)
    futures: dict[str, str] = {}
    source = CasePlay(talk)

    @functools.cache
    def future(scene: Scene) -> str:
        heard = source.moment(scene)
        after = [(o.id, future(engine.reply(talk, scene, o.id))) for o in engine.options(talk, scene)]
        return hashlib.sha256(repr((heard.scene, heard.heard, after)).encode()).hexdigest()

    for scene, released in compiled.scene_ids.items():
        assert futures.setdefault(released, future(scene)) == future(scene)
    assert len(set(futures.values())) == len(futures)


# ---------------------------------------------------------------- nothing that ranks


def strings(part: Any) -> Iterator[object]:
    """Every key and value of decoded JSON."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield key
            yield from strings(value)
    elif isinstance(part, list):
        for value in part:
            yield from strings(value)
    else:
        yield part


STRUCTURE = {
    *("id", "title", "minutes", "content_note", "setting", "people", "fingerprint", "moments", "first"),
    *("scenes", "lines", "replies", "heard", "next", "words", "name", "say", "seen"),
}


def holds_nothing_but_words(talk: Case) -> None:
    """Every string of the script is spoken or shown in the conversation, or an opaque id; every number is harmless."""
    script = compile_case(talk).script
    shown = {talk.id, talk.title, talk.content_note, talk.setting, *talk.people.values(), fingerprint(talk)}
    for item in talk.beats:
        for said in item.client:
            shown |= {said.say, said.seen, *(word for also in said.also for word in (also.say, also.seen))}
        shown |= {reply.say for reply in item.options}
    shown |= {word for end in talk.endings for word in (end.say, end.seen)}
    decoded = msgspec.json.decode(msgspec.json.encode(script))
    numbers = {talk.minutes, script.moments, True}
    for part in strings(decoded):
        if isinstance(part, str):
            assert part in shown or part in STRUCTURE or OPAQUE.fullmatch(part), part
        else:
            assert part in numbers, part
    for scene in script.scenes.values():
        assert list(scene.next) == sorted(scene.next)
        assert all(OPAQUE.fullmatch(item) for item in (*scene.next, *scene.next.values(), *scene.heard))
    for table in (script.scenes, script.lines, script.replies):
        assert list(table) == sorted(table)
        assert all(map(OPAQUE.fullmatch, table))


@walked
@given(cases())
def test_a_script_holds_no_level_effect_flag_rank_reason_or_authored_id(talk: Case) -> None:
    holds_nothing_but_words(talk)


def test_a_shipped_script_holds_no_level_effect_flag_rank_reason_or_authored_id() -> None:
    for talk in assessments():
        holds_nothing_but_words(talk)


def test_telling_words_of_a_source_are_in_no_byte_of_its_script() -> None:
    talk = case(
        beat(
            "authored-beat",
            option("authored-reply", 4, say="Yes.", why="secret-why", lands="secret-lands", sets=("secret_flag",)),
            option(
                "second-reply", 0, say="No.", error="forgives_harm", better="secret-better", needs="not secret_flag"
            ),
            option("third-reply", 3, say="Hm.", costs="secret-costs", road="dynamic", references=("secret2001",)),
            lines=(line("Words.", inner=Inner("secret-critic", "secret-kinder")),),
            criteria=("secret-criterion",),
            critical=True,
        ),
        endings=(ending("over", 1),),
        flags=("secret_flag",),
        critical_errors=mending_case().critical_errors,
        objective="secret-objective",
        supervision="secret-supervision",
        accepted={"W-WORDS": "secret-reason"},
    )
    raw = msgspec.json.encode(compile_case(talk).script)
    leaks = re.findall(
        rb"secret|authored|-reply|forgives|repaired|critical|dynamic|trust|shame|level|rank|effect|C2", raw
    )
    assert leaks == []
    assert b"Words." in raw


# ---------------------------------------------------------------- ids and fingerprints


def reworded(part: Any) -> Any:
    """The same structure in other words."""
    texts = {
        "say",
        "seen",
        "why",
        "lands",
        "better",
        "costs",
        "debrief",
        "title",
        "content_note",
        "objective",
        "setting",
    }
    texts |= {"critic", "kinder", "supervision"}
    if isinstance(part, dict):
        return {
            key: f"{value}, otherwise"
            if key in texts and isinstance(value, str) and value not in ("high", "low")
            else reworded(value)
            for key, value in part.items()
        }
    return [reworded(value) for value in part] if isinstance(part, list | tuple) else part


@walked
@given(cases())
def test_other_words_change_neither_fingerprint_nor_script_ids(talk: Case) -> None:
    other = msgspec.convert(reworded(msgspec.to_builtins(talk)), Case)
    assert other.beats[0].options[0].say != talk.beats[0].options[0].say
    assert fingerprint(other) == fingerprint(talk)
    one, two = compile_case(talk), compile_case(other)
    assert one.option_ids == two.option_ids
    assert one.script.first == two.script.first
    assert {name: (s.heard, s.next) for name, s in one.script.scenes.items()} == {
        name: (s.heard, s.next) for name, s in two.script.scenes.items()
    }
    assert set(one.script.lines) == set(two.script.lines)


def changed(**parts: Any) -> Case:
    return msgspec.structs.replace(talking_case(flags=("f",), critical_errors=mending_case().critical_errors), **parts)


def changed_beat(**parts: Any) -> Case:
    talk = changed()
    return msgspec.structs.replace(talk, beats=(msgspec.structs.replace(talk.beats[0], **parts), *talk.beats[1:]))


def changed_option(**parts: Any) -> Case:
    first, *rest = changed().beats[0].options
    return changed_beat(options=(msgspec.structs.replace(first, **parts), *rest))


STRUCTURAL = {
    "level": changed_option(level=3),
    "effects": changed_option(effects={"trust": 2}),
    "sets": changed_option(sets=("f",)),
    "error": changed_option(error="forgives_harm"),
    "goto": changed_option(goto="close"),
    "needs of a reply": changed_option(needs="not f"),
    "id of a reply": changed_option(id="warmer"),
    "a reply less": changed_beat(options=changed().beats[0].options[:-1]),
    "id of a beat": changed_beat(id="hello-there"),
    "focus": changed_beat(focus="C8"),
    "critical": changed_beat(critical=True),
    "own words": changed_beat(your_words=True),
    "needs of a beat": changed_beat(needs="not f"),
    "a line more": changed_beat(client=(line("Warm.", "trust >= 3"), *changed().beats[0].client)),
    "condition of an ending": changed(endings=(ending("near", 3, "trust >= 4"), ending("far", 1))),
    "rank of an ending": changed(endings=(ending("near", 2, "trust >= 3"), ending("far", 1))),
    "start of a gauge": changed(state={"trust": Gauge(1, 0, 4, "high"), "shame": Gauge(2, 0, 3, "low")}),
    "mending": changed(critical_errors={}),
    "id of the case": changed(id="other"),
}


@pytest.mark.parametrize("what", STRUCTURAL)
def test_another_structure_has_another_fingerprint_and_other_script_ids(what: str) -> None:
    one, two = changed(), STRUCTURAL[what]
    assert fingerprint(one) != fingerprint(two)
    first, second = compile_case(one), compile_case(two)
    assert not set(first.script.scenes) & set(second.script.scenes)
    assert not set(first.script.replies) & set(second.script.replies)


def test_fingerprints_are_the_same_in_another_order_of_declaration() -> None:
    talk = changed(flags=("f", "g"))
    turned = msgspec.structs.replace(talk, flags=("g", "f"), state=dict(reversed(talk.state.items())))
    assert fingerprint(talk) == fingerprint(turned)


# ---------------------------------------------------------------- logs that do not fit


def test_a_released_log_that_does_not_fit_is_refused_with_its_place() -> None:
    talk = talking_case()
    compiled = compile_case(talk)
    script = ScriptPlay(compiled.script)
    first = script.start()
    reply = script.moment(first).replies[0][0]
    with pytest.raises(Misfit, match="small: reply 1 does not follow from the replies before it"):
        authored(talk, compiled, [("000000000000", reply)])
    with pytest.raises(Misfit, match="small: reply 2 is none of those on offer"):
        authored(talk, compiled, [(first, reply), (script.follow(first, reply), reply)])
    with pytest.raises(Misfit, match="small: reply '000000000000' is not on offer here"):
        script.follow(first, "000000000000")
    whole = [(first, reply)]
    position = script.follow(first, reply)
    while replies := script.moment(position).replies:
        whole.append((position, replies[0][0]))
        position = script.follow(position, replies[0][0])
    with pytest.raises(Misfit, match=f"reply {len(whole) + 1} is none of those on offer|does not follow"):
        authored(talk, compiled, [*whole, (position, reply)])
