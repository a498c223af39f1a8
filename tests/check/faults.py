"""Seeded faults: what authors get wrong, done to the real cases. Frozen before the checks were tuned to anything.

Every fault changes one thing in a case as its author writes it, and says which code should be reported and where.
A case fault gets the file as plain data and returns the path of the part that is wrong; a text fault gets the file's
text and returns it with the wrong line; an overlay fault gets a whole translation; a course fault gets all cases.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Data = dict[str, Any]
Path = tuple[str | int, ...]
Overlay = dict[str, str]
ADAEZE, COUPLE, INES, MEI, PRIYA, RAY, TOM = (
    "adaeze-before",
    "daniel-marcus-told",
    "late-colleague",
    "mei-ling-passwords",
    "priya-party",
    "ray-wednesday",
    "tom-the-word",
)


@dataclass(frozen=True)
class Fault:
    """One seeded fault: what is done, to which case, and the code that must say so."""

    name: str
    says: str
    kind: str  # case | text | overlay | course
    code: str
    case: str
    make: Callable[..., Any]


FAULTS: list[Fault] = []


def _into(kind: str, code: str, case: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def keep(make: Callable[..., Any]) -> Callable[..., Any]:
        FAULTS.append(Fault(make.__name__, (make.__doc__ or "").strip(), kind, code, case, make))
        return make

    return keep


def fault(code: str, case: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return _into("case", code, case)


def text_fault(code: str, case: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return _into("text", code, case)


def overlay_fault(code: str, case: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return _into("overlay", code, case)


def course_fault(code: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return _into("course", code, "")


def seal() -> str:
    """SHA-256 over names and descriptions, with the case and the code each should be reported by."""
    rows = [f"{f.name}\t{f.case}\t{f.code}\t{f.says}" for f in FAULTS]
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


# ------------------------------------------------------------------------------------------------ finding one's way


def plain(case: Data) -> list[int]:
    """Beats that every path meets."""
    return [index for index, beat in enumerate(case["beats"]) if "needs" not in beat]


def one(beat: Data, *levels: int) -> int:
    """The first reply of one of these levels."""
    return next(number for number, option in enumerate(beat["options"]) if option["level"] in levels)


def where(case: Data, wanted: Callable[[Data], Any]) -> int:
    """The first beat that fits."""
    return next(index for index, beat in enumerate(case["beats"]) if wanted(beat))


def with_level(case: Data, level: int, start: int = 0) -> tuple[int, int]:
    """The first beat from ``start`` on that every path meets and that has a reply of a level, and that reply."""
    index = next(i for i in plain(case) if i >= start and any(o["level"] == level for o in case["beats"][i]["options"]))
    return index, one(case["beats"][index], level)


def top_ending(case: Data) -> int:
    ranks = [ending["rank"] for ending in case["endings"]]
    return ranks.index(max(ranks))


def first_flag(condition: str, skip: tuple[str, ...] = ()) -> str:
    """A flag that a condition asks for."""
    for part in condition.split(" and "):
        if re.fullmatch(r"[a-z_]+", part.strip()) and part.strip() not in skip:
            return part.strip()
    raise LookupError(condition)


def every_option(case: Data) -> list[Data]:
    return [option for beat in case["beats"] for option in beat["options"]]


def top(beat: Data) -> list[Data]:
    highest = max(option["level"] for option in beat["options"])
    return [option for option in beat["options"] if option["level"] == highest]


def lower(beat: Data) -> list[Data]:
    highest = max(option["level"] for option in beat["options"])
    return [option for option in beat["options"] if option["level"] < highest]


# ------------------------------------------------------------------------------------------------ E-SHAPE: as typed


def _swap(text: str, old: str, new: str, after: str = "") -> tuple[str, int]:
    """Replace the first ``old`` after ``after``; the line it stood in."""
    at = text.index(old, text.index(after))
    return text[:at] + new + text[at + len(old) :], text[:at].count("\n") + 1


@text_fault("E-SHAPE", PRIYA)
def key_misspelt(text: str) -> tuple[str, int]:
    """`effects` is typed `efects` in a reply."""
    return _swap(text, "    effects:", "    efects:", "beats:")


@text_fault("E-SHAPE", TOM)
def tab_for_indent(text: str) -> tuple[str, int]:
    """A line is indented with a tab."""
    return _swap(text, "    level:", "\tlevel:", "beats:")


@text_fault("E-SHAPE", COUPLE)
def level_written_twice(text: str) -> tuple[str, int]:
    """A reply holds two levels after a change of mind."""
    text, line = _swap(text, "    level: 4\n", "    level: 4\n    level: 3\n", "beats:")
    return text, line + 1


@text_fault("E-SHAPE", MEI)
def colon_in_a_bare_title(text: str) -> tuple[str, int]:
    """The title holds a colon and stands without quotes."""
    return _swap(text, "title: ", "title: Mei-Ling: ")


@text_fault("E-SHAPE", RAY)
def level_five(text: str) -> tuple[str, int]:
    """A reply is given level 5."""
    return _swap(text, "    level: 4", "    level: 5", "beats:")


@text_fault("E-SHAPE", ADAEZE)
def effect_in_words(text: str) -> tuple[str, int]:
    """An effect is written as a word."""
    return _swap(text, "effects: {trust: +1", "effects: {trust: one", "beats:")


@text_fault("E-SHAPE", INES)
def yes_for_true(text: str) -> tuple[str, int]:
    """`your_words` is answered with yes."""
    return _swap(text, "your_words: true", "your_words: yes")


@text_fault("E-SHAPE", PRIYA)
def reply_without_say(text: str) -> tuple[str, int]:
    """A reply has lost its `say`."""
    start = text.index("  options:")
    at = text.index("    say:", start)
    return text[:at] + "    " + text[text.index("level:", at) :], text[: text.index("  - id:", start)].count("\n") + 1


# -------------------------------------------------------------------------------------------- E-SHAPE: names, ranges


@fault("E-SHAPE", PRIYA)
def line_asks_for_a_misspelt_flag(case: Data) -> Path:
    """A client line's `when` asks for a flag with a typing error."""
    index = where(case, lambda beat: len(beat["client"]) > 1 and " " not in beat["client"][0]["when"])
    case["beats"][index]["client"][0]["when"] += "d"
    return "beats", index, "client", 0


@fault("E-SHAPE", TOM)
def ending_asks_for_an_unknown_state(case: Data) -> Path:
    """An ending reads `trusts` instead of `trust`."""
    index = next(i for i, e in enumerate(case["endings"]) if "trust" in e.get("when", ""))
    case["endings"][index]["when"] = case["endings"][index]["when"].replace("trust", "trusts")
    return "endings", index


@fault("E-SHAPE", MEI)
def condition_with_or(case: Data) -> Path:
    """An ending's condition is joined by `or`."""
    index = top_ending(case)
    case["endings"][index]["when"] = case["endings"][index]["when"].replace(" and ", " or ", 1)
    return "endings", index


@fault("E-SHAPE", PRIYA)
def beat_needs_a_state(case: Data) -> Path:
    """A beat opens by a number inside the client instead of by a flag."""
    index = where(case, lambda beat: "needs" in beat)
    case["beats"][index]["needs"] = "trust >= 3"
    return "beats", index


@fault("E-SHAPE", TOM)
def goto_leads_back(case: Data) -> Path:
    """A weak reply sends the talk back to an earlier beat."""
    index, number = with_level(case, 1, 4)
    case["beats"][index]["options"][number]["goto"] = case["beats"][1]["id"]
    return "beats", index, "options", number


@fault("E-SHAPE", RAY)
def goto_leads_nowhere(case: Data) -> Path:
    """A reply jumps to a beat that has been renamed."""
    index, number = with_level(case, 1)
    case["beats"][index]["options"][number]["goto"] = case["beats"][index + 3]["id"] + "-old"
    return "beats", index, "options", number


@fault("E-SHAPE", COUPLE)
def last_line_conditional(case: Data) -> Path:
    """The last line of a beat has a `when`, so that some paths hear nothing."""
    index = where(case, lambda beat: len(beat["client"]) > 1)
    last = len(case["beats"][index]["client"]) - 1
    case["beats"][index]["client"][last]["when"] = "marcus.agency >= 2"
    return "beats", index, "client", last


@fault("E-SHAPE", TOM)
def line_in_the_middle_unconditional(case: Data) -> Path:
    """A line that always fits stands before others."""
    index = where(case, lambda beat: len(beat["client"]) > 2)
    case["beats"][index]["client"][0].pop("when")
    return "beats", index, "client", 0


@fault("E-SHAPE", RAY)
def last_ending_conditional(case: Data) -> Path:
    """The last ending has a condition too."""
    case["endings"][-1]["when"] = "trust >= 1"
    return "endings", len(case["endings"]) - 1


@fault("E-SHAPE", ADAEZE)
def reply_sets_an_undeclared_flag(case: Data) -> Path:
    """A reply sets a flag that is not listed under `flags`."""
    index, number = with_level(case, 3)
    case["beats"][index]["options"][number]["sets"] = ["lighter"]
    return "beats", index, "options", number


@fault("E-SHAPE", COUPLE)
def effect_on_a_state_without_its_person(case: Data) -> Path:
    """In a couple's case an effect says `shame` and not `daniel.shame`."""
    index, number = with_level(case, 2)
    case["beats"][index]["options"][number]["effects"] = {"shame": 1}
    return "beats", index, "options", number


@fault("E-SHAPE", PRIYA)
def reply_cites_a_work_that_is_not_listed(case: Data) -> Path:
    """A reply cites a work that is not in references.yaml."""
    index, number = with_level(case, 4)
    case["beats"][index]["options"][number]["references"] = ["freyd1996betrayal"]
    return "beats", index, "options", number


@fault("E-SHAPE", MEI)
def error_that_no_competency_lists(case: Data) -> Path:
    """A critical error has a name of the author's own."""
    case["critical_errors"]["takes_his_side"] = {"competency": "C4"}
    index, number = with_level(case, 0)
    case["beats"][index]["options"][number]["error"] = "takes_his_side"
    return "critical_errors", "takes_his_side"


@fault("E-SHAPE", TOM)
def error_under_another_competency(case: Data) -> Path:
    """A critical error is filed under a competency it does not belong to."""
    case["critical_errors"]["dictates_faith"]["competency"] = "C3"
    return "critical_errors", "dictates_faith"


@fault("E-SHAPE", PRIYA)
def critical_error_at_level_one(case: Data) -> Path:
    """A reply commits a critical error and is rated 1."""
    index = where(case, lambda beat: any("error" in option for option in beat["options"]))
    number = next(n for n, option in enumerate(case["beats"][index]["options"]) if "error" in option)
    case["beats"][index]["options"][number]["level"] = 1
    return "beats", index, "options", number


@fault("E-SHAPE", MEI)
def two_beats_of_one_name(case: Data) -> Path:
    """A beat was copied and kept its id."""
    case["beats"][7]["id"] = case["beats"][2]["id"]
    return "beats", 7


@fault("E-SHAPE", RAY)
def two_replies_of_one_name(case: Data) -> Path:
    """A reply was copied and kept its id."""
    options = case["beats"][3]["options"]
    options[1]["id"] = options[0]["id"]
    return "beats", 3, "options", 0


@fault("E-SHAPE", COUPLE)
def line_without_speaker(case: Data) -> Path:
    """In a couple's case a line does not say who speaks."""
    case["beats"][4]["client"][0].pop("who")
    return "beats", 4, "client", 0


@fault("E-SHAPE", COUPLE)
def speaker_misspelt(case: Data) -> Path:
    """A line is spoken by `markus`."""
    case["beats"][3]["client"][-1]["who"] = "markus"
    return "beats", 3, "client", len(case["beats"][3]["client"]) - 1


@fault("E-SHAPE", TOM)
def own_words_with_two_criteria(case: Data) -> Path:
    """An own-words beat has two criteria."""
    index = where(case, lambda beat: beat.get("your_words"))
    case["beats"][index]["criteria"].pop()
    return "beats", index


@fault("E-SHAPE", PRIYA)
def own_words_without_again(case: Data) -> Path:
    """An own-words beat of a practice case offers no second wording."""
    index = where(case, lambda beat: "again" in beat)
    case["beats"][index].pop("again")
    return "beats", index


@fault("E-SHAPE", MEI)
def again_reply_with_effects(case: Data) -> Path:
    """A reply of `again` was copied with its effects."""
    index = where(case, lambda beat: "again" in beat)
    case["beats"][index]["again"]["options"][0]["effects"] = {"mei.trust": 1}
    return "beats", index, "again", "options", 0


@fault("E-SHAPE", TOM)
def again_without_a_model(case: Data) -> Path:
    """No reply of `again` is a 4."""
    index = where(case, lambda beat: "again" in beat)
    for option in case["beats"][index]["again"]["options"]:
        option["level"] = min(option["level"], 3)
    return "beats", index, "again"


@fault("E-SHAPE", COUPLE)
def two_replies_only(case: Data) -> Path:
    """A beat offers two replies, one right and one wrong."""
    beat = case["beats"][0]
    beat["options"] = [beat["options"][one(beat, 4)], beat["options"][one(beat, 1)]]
    return "beats", 0


@fault("E-SHAPE", ADAEZE)
def six_replies(case: Data) -> Path:
    """A beat offers six replies."""
    options = case["beats"][2]["options"]
    while len(options) < 6:
        options.append({**options[0], "id": f"more-{len(options)}", "say": f"{options[0]['say']} ({len(options)})"})
    return "beats", 2


@fault("E-SHAPE", PRIYA)
def start_outside_its_range(case: Data) -> Path:
    """A state starts above its maximum after the range was narrowed."""
    case["state"]["trust"]["max"] = 1
    return "state", "trust"


@fault("E-SHAPE", RAY)
def one_state_only(case: Data) -> Path:
    """Everything is told by one number."""
    case["state"] = {"trust": case["state"]["trust"]}
    return ("state",)


@fault("E-SHAPE", TOM)
def eight_beats_in_a_practice_case(case: Data) -> Path:
    """A practice case was cut short: five ordinary beats are gone."""
    gone = [
        i
        for i in plain(case)
        if not any(case["beats"][i].get(k) for k in ("critical", "challenge", "your_words", "closing"))
    ]
    case["beats"] = [beat for i, beat in enumerate(case["beats"]) if i not in gone[-5:]]
    return ("beats",)


@fault("E-SHAPE", MEI)
def six_competencies_scored(case: Data) -> Path:
    """The beats are spread over six competencies, a few for each."""
    for index, competency in zip(plain(case)[-3:], ("C1", "C5", "C12"), strict=True):
        case["beats"][index]["focus"] = competency
    return ("beats",)


@fault("E-SHAPE", COUPLE)
def one_critical_beat(case: Data) -> Path:
    """Only one beat is marked critical."""
    for beat in [beat for beat in case["beats"] if beat.get("critical")][1:]:
        beat.pop("critical")
    return ("beats",)


@fault("E-SHAPE", RAY)
def no_challenge(case: Data) -> Path:
    """A case of difficulty 3 has no challenge."""
    case["beats"][where(case, lambda beat: beat.get("challenge"))].pop("challenge")
    return ("beats",)


@fault("E-SHAPE", PRIYA)
def four_own_words_beats(case: Data) -> Path:
    """Four beats ask for own words."""
    index = next(i for i in plain(case) if not case["beats"][i].get("your_words"))
    other = case["beats"][where(case, lambda beat: "again" in beat)]
    case["beats"][index] |= {"your_words": True, "criteria": other["criteria"], "again": other["again"]}
    return ("beats",)


@fault("E-SHAPE", TOM)
def flag_named_as_a_state(case: Data) -> Path:
    """A flag has the name of a state."""
    case["flags"].append("shame")
    return ("flags",)


@fault("E-SHAPE", MEI)
def acceptance_of_an_error(case: Data) -> Path:
    """An E- code is accepted with a reason."""
    case["accepted"] = {"E-GUESS": "The replies are all of a length."}
    return "accepted", "E-GUESS"


@fault("E-SHAPE", INES)
def acceptance_left_over(case: Data) -> Path:
    """A W- code stays accepted after the cause is gone."""
    case["accepted"] = {"W-READING": "Ines talks like that."}
    return "accepted", "W-READING"


@fault("E-SHAPE", INES)
def id_is_not_the_file_name(case: Data) -> Path:
    """The file was copied and the id kept."""
    case["id"] = "late-colleague-two"
    return ("id",)


@fault("E-SHAPE", ADAEZE)
def vignette_misnamed(case: Data) -> Path:
    """The vignette is written `V1`."""
    case["vignette"] = "V1"
    return ("vignette",)


@fault("E-SHAPE", PRIYA)
def practice_without_its_vignette(case: Data) -> Path:
    """A practice case does not say which vignette it plays."""
    case.pop("vignette")
    return ()


@fault("E-SHAPE", COUPLE)
def person_twice_in_one_moment(case: Data) -> Path:
    """In a joint moment `also` repeats a line of somebody who is nobody under `people`."""
    index = len(case["beats"]) - 1
    said = {"who": "rosa", "say": "Sorry, is this room free?"}
    case["beats"][index]["client"][0].setdefault("also", []).append(said)
    return "beats", index, "client", 0


# ------------------------------------------------------------------------------------------------- assessment only


@fault("E-GOOD", RAY)
def assessment_beat_without_a_four(case: Data) -> Path:
    """In an assessment beat the best reply is a 3."""
    index, _ = with_level(case, 4)
    for option in case["beats"][index]["options"]:
        option["level"] = min(option["level"], 3)
    return "beats", index


@fault("E-SHAPE", RAY)
def assessment_paths_of_two_lengths(case: Data) -> Path:
    """A mending moment of an assessment has no ordinary moment for the others."""
    index = where(case, lambda beat: beat.get("needs", "").startswith("not "))
    case["beats"].pop(index)
    return ("beats",)


@fault("E-SHAPE", RAY)
def assessment_reply_skips_a_moment(case: Data) -> Path:
    """A weak reply of an assessment jumps over the next moment."""
    index = next(i for i in plain(case) if i + 1 in plain(case) and not case["beats"][i + 1].get("critical"))
    case["beats"][index]["options"][one(case["beats"][index], 1, 2)]["goto"] = case["beats"][index + 2]["id"]
    return ("beats",)


@fault("E-SHAPE", RAY)
def assessment_with_again(case: Data) -> Path:
    """An assessment beat was given an `again` as in practice."""
    index = where(case, lambda beat: beat.get("your_words"))
    beat = case["beats"][index]
    keep = ("id", "say", "level", "why", "better", "lands")
    again = [{key: o[key] for key in keep if key in o} | {"id": f"{o['id']}-too"} for o in beat["options"]]
    beat["again"] = {"client": [{"say": "Say that again?", "inner": beat["client"][-1]["inner"]}], "options": again}
    return "beats", index, "again"


@course_fault("E-SHAPE")
def assessment_among_the_practice_cases(course: dict[str, Data]) -> tuple[str, Path]:
    """An assessment case is saved under data/, where learners can read it."""
    course["data/roleplays/ray-wednesday.yaml"] = course.pop(next(file for file in course if RAY in file))
    return "data/roleplays/ray-wednesday.yaml", ("use",)


# ------------------------------------------------------------------------------------------------------------ E-WHY


@fault("E-WHY", PRIYA)
def reason_of_one_word(case: Data) -> Path:
    """A reply's reason says only that it is good."""
    index, number = with_level(case, 3)
    case["beats"][index]["options"][number]["why"] = "Good, warm and to the point."
    return "beats", index, "options", number


@fault("E-WHY", TOM)
def weak_reply_without_better(case: Data) -> Path:
    """A reply of level 1 has no `better`."""
    index, number = with_level(case, 1)
    case["beats"][index]["options"][number].pop("better")
    return "beats", index, "options", number


@fault("E-WHY", MEI)
def harm_without_better(case: Data) -> Path:
    """A reply of level 0 has no `better`."""
    index, number = with_level(case, 0)
    case["beats"][index]["options"][number].pop("better")
    return "beats", index, "options", number


@fault("E-WHY", RAY)
def better_is_the_best_reply(case: Data) -> Path:
    """`better` repeats the beat's best reply, with another full stop."""
    index, number = with_level(case, 1)
    options = case["beats"][index]["options"]
    options[number]["better"] = options[one(case["beats"][index], 4)]["say"].rstrip(".?!") + " ..."
    return "beats", index, "options", number


@fault("E-WHY", PRIYA)
def level_nought_does_not_say_what_harm(case: Data) -> Path:
    """A level 0's reason says that it is wrong, and nothing of what it does to her."""
    index, number = with_level(case, 0)
    why = "This is a serious mistake and goes against every guideline on the subject. It should never be said in a session."
    case["beats"][index]["options"][number]["why"] = why
    return "beats", index, "options", number


@fault("E-WHY", COUPLE)
def heading_missing(case: Data) -> Path:
    """`lands` is missing."""
    index, number = with_level(case, 2)
    case["beats"][index]["options"][number].pop("lands")
    return "beats", index, "options", number


@fault("E-WHY", ADAEZE)
def heading_is_a_sentence(case: Data) -> Path:
    """`lands` is a whole sentence."""
    index, number = with_level(case, 2)
    case["beats"][index]["options"][number]["lands"] = (
        "She thanks you for it and then says a good deal less than before"
    )
    return "beats", index, "options", number


@fault("E-WHY", INES)
def again_reply_without_better(case: Data) -> Path:
    """A weak reply of `again` has no `better`."""
    index = where(case, lambda beat: "again" in beat)
    options = case["beats"][index]["again"]["options"]
    number = next(n for n, option in enumerate(options) if option["level"] <= 2)
    options[number].pop("better")
    return "beats", index, "again", "options", number


@fault("E-WHY", MEI)
def better_repeats_the_reply_itself(case: Data) -> Path:
    """`better` is the weak reply itself, in capitals and all."""
    index, number = with_level(case, 2)
    option = case["beats"][index]["options"][number]
    option["better"] = option["say"].upper()
    return "beats", index, "options", number


# ------------------------------------------------------------------------------------------------------ E-UNREACHED


@fault("E-UNREACHED", PRIYA)
def beat_needs_a_flag_nothing_sets(case: Data) -> Path:
    """The reply that set a beat's flag was cut, and the beat waits for ever."""
    case["flags"].append("angry_at_him")
    index = where(case, lambda beat: "needs" in beat)
    case["beats"][index]["needs"] = "angry_at_him"
    return "beats", index


@fault("E-UNREACHED", TOM)
def line_asks_for_more_trust_than_there_can_be(case: Data) -> Path:
    """An early line waits for a trust that nobody can have reached yet."""
    index = where(case, lambda beat: beat is not case["beats"][0] and len(beat["client"]) > 1)
    case["beats"][index]["client"][0]["when"] = "trust >= 4 and shame <= 0"
    return "beats", index, "client", 0


@fault("E-UNREACHED", RAY)
def two_lines_of_one_condition(case: Data) -> Path:
    """A line was copied with its `when`."""
    index = where(case, lambda beat: len(beat["client"]) > 2)
    client = case["beats"][index]["client"]
    client[1]["when"] = client[0]["when"]
    return "beats", index, "client", 1


@fault("E-UNREACHED", MEI)
def ending_behind_a_wider_one(case: Data) -> Path:
    """The top ending stands after one that asks for less."""
    endings, index = case["endings"], top_ending(case)
    endings[index], endings[index + 1] = endings[index + 1], endings[index]
    return "endings", index + 1


@fault("E-UNREACHED", COUPLE)
def reply_needs_what_is_set_later(case: Data) -> Path:
    """A reply waits for a flag that only a later beat sets."""
    later = next(
        flag for beat in reversed(case["beats"]) for option in beat["options"] for flag in option.get("sets", [])
    )
    index, number = with_level(case, 2)
    case["beats"][index]["options"][number]["needs"] = later
    return "beats", index, "options", number


@fault("E-UNREACHED", ADAEZE)
def every_reply_jumps_over_a_beat(case: Data) -> Path:
    """All replies of a beat jump over the next one."""
    for option in case["beats"][1]["options"]:
        option["goto"] = case["beats"][3]["id"]
    return "beats", 2


@fault("E-UNREACHED", INES)
def ending_that_contradicts_itself(case: Data) -> Path:
    """An ending wants much and little of the same thing."""
    case["endings"][1]["when"] = "fluster <= 1 and fluster >= 3"
    return "endings", 1


@fault("E-UNREACHED", PRIYA)
def line_wants_a_flag_and_its_absence(case: Data) -> Path:
    """A line waits for two flags of which one beat sets only one."""
    index = next(
        i
        for i in plain(case)
        if len({flag for o in case["beats"][i]["options"] for flag in o.get("sets", [])}) >= 2
        and len(case["beats"][i + 1]["client"]) > 1
    )
    sets = [o["sets"] for o in case["beats"][index]["options"] if o.get("sets")]
    pair = next((a, b) for a in sets[0] for b in sets[1] if a not in sets[1] and b not in sets[0])
    later = index + 1
    case["beats"][later]["client"][0]["when"] = f"{pair[0]} and {pair[1]}"
    return "beats", later, "client", 0


# ---------------------------------------------------------------------------------------------------------- E-STUCK


@fault("E-STUCK", RAY)
def every_reply_needs_the_same_flag(case: Data) -> Path:
    """All replies of a beat wait for a flag that some paths do not have."""
    index = plain(case)[4]
    flag = next(f for o in case["beats"][plain(case)[2]]["options"] for f in o.get("sets", []))
    for option in case["beats"][index]["options"]:
        option["needs"] = flag
    return "beats", index


@fault("E-STUCK", MEI)
def replies_split_by_two_flags(case: Data) -> Path:
    """Half the replies wait for one flag and half for another; a path with neither stands still."""
    index = plain(case)[6]
    early = [f for i in plain(case)[:3] for o in case["beats"][i]["options"] for f in o.get("sets", [])]
    for number, option in enumerate(case["beats"][index]["options"]):
        option["needs"] = early[number % 2]
    return "beats", index


@fault("E-STUCK", INES)
def last_beat_open_to_the_unlucky_only(case: Data) -> Path:
    """The last beat's replies are for those who told the fib."""
    index = len(case["beats"]) - 1
    for option in case["beats"][index]["options"]:
        option["needs"] = case["flags"][0]
    return "beats", index


@fault("E-STUCK", TOM)
def mending_beat_asks_for_its_own_mending(case: Data) -> Path:
    """The replies of a mending beat wait for the mending that they should bring."""
    index = where(case, lambda beat: "needs" in beat)
    mending = case["beats"][index]["needs"].rpartition("not ")[2]
    for option in case["beats"][index]["options"]:
        option["needs"] = mending
    return "beats", index


# ----------------------------------------------------------------------------------------------------------- E-SIZE


@fault("E-SIZE", PRIYA)
def states_from_nought_to_a_hundred(case: Data) -> Path:
    """The states are percentages, and the effects are of many sizes."""
    for place, option in enumerate(every_option(case)):
        option["effects"] = {name: (place * 3 + n) % 7 - 3 for n, name in enumerate(case["state"])}
    for gauge in case["state"].values():
        gauge |= {"start": 50, "min": 0, "max": 100}
    return ()


@fault("E-SIZE", TOM)
def fourth_state_with_a_wide_range(case: Data) -> Path:
    """A fourth state from 0 to 20 is moved by every reply."""
    case["state"]["hope"] = {"start": 10, "min": 0, "max": 20, "better": "high"}
    for number, option in enumerate(every_option(case)):
        option["effects"] = option.get("effects", {}) | {"hope": (1, 2, -1, -2, 3)[number % 5]}
    case["endings"][top_ending(case)]["when"] += " and hope >= 12"
    return ()


@fault("E-SIZE", MEI)
def a_flag_for_every_beat_kept_to_the_end(case: Data) -> Path:
    """Every beat sets a flag of its own, and the last ending but one reads them all."""
    names = []
    for number, index in enumerate(plain(case)):
        names.append(f"did_{number}")
        case["beats"][index]["options"][0].setdefault("sets", []).append(names[-1])
    case["flags"] += names
    case["endings"].insert(-1, {**case["endings"][-1], "id": "all-of-them", "when": " and ".join(names)})
    return ()


# --------------------------------------------------------------------------------------------------------- W-ENDING


@fault("W-ENDING", PRIYA)
def good_endings_out_of_reach(case: Data) -> Path:
    """The better endings ask for so much that most play ends in the last one."""
    errors = set(case["critical_errors"])
    case["endings"] = [
        e for e in case["endings"] if e["rank"] >= 3 or not e.get("when") or errors & set(e["when"].split())
    ]
    case["endings"][top_ending(case)]["when"] += " and trust >= 4 and agency >= 3"
    return "endings", len(case["endings"]) - 1


@fault("W-ENDING", TOM)
def ending_for_one_in_a_thousand(case: Data) -> Path:
    """The top ending asks for every number at its best."""
    index = top_ending(case)
    for name in ("trust", "responsibility"):
        case["state"][name]["max"] += 3
    case["endings"][index]["when"] += " and trust >= 7 and shame <= 0 and responsibility >= 7"
    return "endings", index


@fault("W-ENDING", RAY)
def a_middle_ending_takes_nearly_all(case: Data) -> Path:
    """An ending for those with some trust was loosened until nearly all come to it."""
    endings = case["endings"]
    endings.insert(0, {**endings[-1], "id": "takes-nearly-all", "when": "trust >= 1", "rank": 1})
    return "endings", 0


@fault("W-ENDING", MEI)
def failure_that_hardly_exists(case: Data) -> Path:
    """An ending of failure is so narrow that one in several hundred plays meets it."""
    index = next(i for i, e in enumerate(case["endings"]) if e["rank"] == 0)
    case["endings"][index]["when"] += " and mei.trust >= 4 and mei.shame <= 1 and james.suspicion <= 0"
    return "endings", index


# ---------------------------------------------------------------------------------------------------------- W-STATE


@fault("W-STATE", PRIYA)
def state_that_nothing_reads(case: Data) -> Path:
    """A state moves with every reply, and neither line nor ending looks at it."""
    for part in [line for beat in case["beats"] for line in beat["client"]] + case["endings"]:
        if "shame" in part.get("when", ""):
            part["when"] = part["when"].replace("shame", "agency")
    return "state", "shame"


@fault("W-STATE", COUPLE)
def state_full_from_the_start(case: Data) -> Path:
    """A state starts at its maximum and nearly every effect raises it."""
    case["state"]["marcus.agency"]["start"] = case["state"]["marcus.agency"]["max"]
    for option in every_option(case):
        option["effects"] = option.get("effects", {}) | {"marcus.agency": 1}
    return "state", "marcus.agency"


@fault("W-STATE", TOM)
def effects_too_large_for_the_range(case: Data) -> Path:
    """The effects on a state are three at a time in a range of four."""
    for option in every_option(case):
        change = option.get("effects", {}).get("shame", 0)
        if change:
            option["effects"]["shame"] = 3 if change > 0 else -3
    return "state", "shame"


@fault("W-STATE", ADAEZE)
def state_in_two_values(case: Data) -> Path:
    """A state has two values only, and most of its changes are lost."""
    case["state"]["shame"] |= {"start": 1, "min": 1, "max": 2}
    return "state", "shame"


# --------------------------------------------------------------------------------------------------------- E-CHANCE


@fault("E-CHANCE", PRIYA)
def everything_is_nearly_right(case: Data) -> Path:
    """A kind author rates one step up: 1 becomes 2 and 2 becomes 3."""
    for option in every_option(case):
        option["level"] += option["level"] in (1, 2)
    return ("beats",)


@fault("E-CHANCE", TOM)
def weak_replies_cut(case: Data) -> Path:
    """The weakest reply of each beat was cut because nobody would say it."""
    for beat in case["beats"]:
        if len(beat["options"]) > 3:
            weakest = min(beat["options"], key=lambda o: (o["level"], "error" not in o))
            if "error" not in weakest:
                beat["options"].remove(weakest)
    return ("beats",)


@fault("E-CHANCE", COUPLE)
def best_and_random_close_together(case: Data) -> Path:
    """Levels 0 and 1 are all called 2, so that random play scores well."""
    for option in every_option(case):
        if "error" not in option:
            option["level"] = max(option["level"], 2)
    return ("beats",)


@fault("E-CHANCE", RAY)
def twos_rated_three(case: Data) -> Path:
    """In an assessment every reply that was a 2 is rated 3."""
    for option in every_option(case):
        option["level"] = 3 if option["level"] == 2 else option["level"]
    return ("beats",)


# ----------------------------------------------------------------------------------------------------------- E-GOOD


@fault("E-GOOD", COUPLE)
def good_replies_behind_a_flag(case: Data) -> Path:
    """A beat's good replies open only to those who got something right before."""
    index = plain(case)[5]
    sets = [o.get("sets", []) for beat in case["beats"][:index] for o in beat["options"] if o["level"] == 4]
    flag = next(flag for flags in sets for flag in flags)
    for option in case["beats"][index]["options"]:
        if option["level"] >= 3:
            option["needs"] = flag
    return "beats", index


@fault("E-GOOD", PRIYA)
def beat_of_weak_replies(case: Data) -> Path:
    """Nothing one can say in a beat is rated above 2."""
    index = plain(case)[1]
    for option in case["beats"][index]["options"]:
        option["level"] = min(option["level"], 2)
        option.setdefault("better", "I can see how much this costs you to say.")
    return "beats", index


@fault("E-GOOD", TOM)
def better_ending_asks_for_a_weak_reply(case: Data) -> Path:
    """The endings of rank 2 and up ask for a flag that only a weak reply sets."""
    case["flags"].append("promised")
    index, number = with_level(case, 2)
    case["beats"][index]["options"][number].setdefault("sets", []).append("promised")
    for ending in case["endings"]:
        if ending["rank"] >= 2:
            ending["when"] += " and promised"
    low = [i for i, ending in enumerate(case["endings"]) if ending["rank"] == 1]
    return "endings", low[-1]


@fault("E-GOOD", MEI)
def careful_play_ends_badly(case: Data) -> Path:
    """The endings of rank 2 and up need all trust there is, which sound replies alone do not bring."""
    for ending in case["endings"]:
        if ending["rank"] >= 2:
            ending["when"] += " and mei.trust >= 4 and mei.shame <= 0"
    return "endings", len(case["endings"]) - 1


# -------------------------------------------------------------------------------------------------------- E-OUTLOOK


@fault("E-OUTLOOK", PRIYA)
def best_reply_shuts_the_top_ending(case: Data) -> Path:
    """The best reply sets a flag that the top ending forbids."""
    case["flags"].append("too_far")
    index, number = with_level(case, 4, 2)
    case["beats"][index]["options"][number].setdefault("sets", []).append("too_far")
    case["endings"][top_ending(case)]["when"] += " and not too_far"
    return "beats", index, "options", number


@fault("E-OUTLOOK", TOM)
def sound_reply_misses_what_a_weak_one_keeps(case: Data) -> Path:
    """Near the end only a reply of level 2 sets what the top ending asks for."""
    case["flags"].append("shook_hands")
    asked = set(case["endings"][top_ending(case)]["when"].split())
    index = next(
        i
        for i in reversed(plain(case))
        if {o["level"] for o in case["beats"][i]["options"]} >= {2, 3, 4}
        and not any(asked & set(o.get("sets", [])) for o in case["beats"][i]["options"])
    )
    beat = case["beats"][index]
    for option in beat["options"]:
        if option["level"] in (2, 4):
            option.setdefault("sets", []).append("shook_hands")
    case["endings"][top_ending(case)]["when"] += " and shook_hands"
    return "beats", index, "options", one(beat, 3)


@fault("E-OUTLOOK", MEI)
def nothing_weak_pleases(case: Data) -> Path:
    """Every weak reply hurts at once, so that the client's face gives the levels away."""
    name = next(iter(case["state"]))
    for option in every_option(case):
        if option["level"] <= 2:
            option["effects"] = option.get("effects", {}) | {name: -1}
    return ("beats",)


@fault("E-OUTLOOK", COUPLE)
def good_work_never_costs(case: Data) -> Path:
    """From difficulty 3 on, and no good reply says what it costs now."""
    for option in every_option(case):
        option.pop("costs", None)
    return ("beats",)


@fault("E-OUTLOOK", RAY)
def best_reply_jumps_over_what_counts(case: Data) -> Path:
    """The best reply of a beat does not set the flag that all its neighbours set for the best ending."""
    case["flags"].append("stayed")
    index, number = with_level(case, 4, 8)
    for place, option in enumerate(case["beats"][index]["options"]):
        if place != number:
            option.setdefault("sets", []).append("stayed")
    case["endings"][top_ending(case)]["when"] += " and stayed"
    return "beats", index, "options", number


# ---------------------------------------------------------------------------------------------------------- E-ERROR


@fault("E-ERROR", PRIYA)
def top_ending_in_spite_of_an_error(case: Data) -> Path:
    """The ending for an error that stands was moved to the end, and the top ending does not look."""
    index = next(i for i, e in enumerate(case["endings"]) if "forgives_harm" in e.get("when", ""))
    case["endings"].insert(-1, case["endings"].pop(index))
    return "endings", top_ending(case)


@fault("E-ERROR", TOM)
def error_of_wording_called_final(case: Data) -> Path:
    """An error of wording names nothing that mends it."""
    case["critical_errors"]["labels_as_fact"].pop("mended_by")
    return "critical_errors", "labels_as_fact"


@fault("E-ERROR", MEI)
def act_that_a_sentence_mends(case: Data) -> Path:
    """An act is said to be mended by a sentence."""
    case["critical_errors"]["discloses_private"]["mended_by"] = "repaired"
    return "critical_errors", "discloses_private"


@fault("E-ERROR", COUPLE)
def error_that_nobody_commits(case: Data) -> Path:
    """The reply that committed an error was softened, and the error is still announced."""
    name = next(iter(case["critical_errors"]))
    for option in every_option(case):
        if option.get("error") == name:
            option.pop("error")
    return "critical_errors", name


@fault("E-ERROR", RAY)
def mending_reply_forgets_its_flag(case: Data) -> Path:
    """The mending replies do not set the flag any more."""
    name = next(n for n, e in case["critical_errors"].items() if "mended_by" in e)
    flag = case["critical_errors"][name]["mended_by"]
    for option in every_option(case):
        if option["level"] >= 3 and flag in option.get("sets", []):
            option["sets"].remove(flag)
    return "critical_errors", name


@fault("E-ERROR", PRIYA)
def error_jumps_over_its_mending(case: Data) -> Path:
    """The reply that commits the error jumps past the beat that could mend it."""
    index = where(case, lambda beat: beat.get("needs", "").startswith("forgives_harm"))
    for option in every_option(case):
        if option.get("error") == "forgives_harm":
            option["goto"] = case["beats"][index + 1]["id"]
    return "critical_errors", "forgives_harm"


# ------------------------------------------------------------------------------------------------------- E-CRITICAL


@fault("E-CRITICAL", PRIYA)
def critical_beat_with_a_need(case: Data) -> Path:
    """A critical beat opens only to some."""
    index = where(case, lambda beat: beat.get("critical"))
    flag = next(f for beat in case["beats"][:index] for o in beat["options"] for f in o.get("sets", []))
    case["beats"][index]["needs"] = f"not {flag}"
    return "beats", index


@fault("E-CRITICAL", COUPLE)
def jump_over_a_critical_beat(case: Data) -> Path:
    """A weak reply jumps over a critical beat."""
    index = where(case, lambda beat: beat.get("critical") and beat is not case["beats"][0])
    before = case["beats"][index - 1]
    before["options"][one(before, 1, 2)]["goto"] = case["beats"][index + 1]["id"]
    return "beats", index


@fault("E-CRITICAL", MEI)
def mending_beat_marked_critical(case: Data) -> Path:
    """The critical mark stands on the mending beat."""
    index = where(case, lambda beat: "needs" in beat)
    case["beats"][index]["critical"] = True
    return "beats", index


# ---------------------------------------------------------------------------------------------------------- E-GUESS


@fault("E-GUESS", PRIYA)
def best_replies_say_most(case: Data) -> Path:
    """The author took most care over the best replies, and they are the longest."""
    for beat in case["beats"]:
        for option in top(beat):
            option["say"] += (
                " Take all the time you want over that, I am in no hurry at all. We have the whole afternoon for it, and it is yours."
            )
    return ("beats",)


@fault("E-GUESS", TOM)
def best_replies_say_least(case: Data) -> Path:
    """Every weak reply explains itself at length, and the best ones are short."""
    for beat in case["beats"]:
        for option in lower(beat):
            option["say"] += (
                " And I say that as somebody who has thought about it for a good long time, believe me, with many people in that chair."
            )
    return ("beats",)


@fault("E-GUESS", MEI)
def best_replies_ask(case: Data) -> Path:
    """Only the best replies end with a question."""
    for beat in case["beats"]:
        for option in lower(beat):
            option["say"] = option["say"].replace("?", ".")
        for option in top(beat):
            option["say"] = option["say"].replace("?", ".").rstrip(".") + "?"
    return ("beats",)


@fault("E-GUESS", COUPLE)
def best_replies_hedge(case: Data) -> Path:
    """Every best reply begins with a careful *perhaps*."""
    for beat in case["beats"]:
        for option in top(beat):
            option["say"] = f"Perhaps, and I might be wrong, I wonder: {option['say']}"
    return ("beats",)


@fault("E-GUESS", RAY)
def weak_replies_give_orders(case: Data) -> Path:
    """Every weak reply of an assessment tells the client what to do."""
    for beat in case["beats"]:
        for option in lower(beat):
            option["say"] += " You should try to talk about it, and you must write it down."
    return ("beats",)


@fault("E-GUESS", TOM)
def best_replies_name_feelings(case: Data) -> Path:
    """Every best reply names a feeling as a feeling."""
    for beat in case["beats"]:
        for option in lower(beat):
            option["say"] = re.sub(r"\b[Ff]eel", "sens", option["say"])
        for option in top(beat):
            option["say"] += " That is how it feels."
    return ("beats",)


@fault("E-GUESS", PRIYA)
def best_replies_repeat_the_client(case: Data) -> Path:
    """Every best reply takes up the client's last words."""
    for beat in case["beats"]:
        for option in top(beat):
            option["say"] = " ".join(beat["client"][-1]["say"].split()[:14]) + " ... " + option["say"]
    return ("beats",)


@course_fault("E-GUESS")
def one_habit_over_all_cases(course: dict[str, Data]) -> tuple[str, Path]:
    """In every case best replies have no commas and the weaker ones have: no single case gives it away."""
    for case in course.values():
        for beat in case["beats"]:
            for option in top(beat):
                option["say"] = option["say"].replace(", ", " ")
            for option in lower(beat):
                option["say"] = option["say"].replace(". ", ", ", 1)
    return "data/roleplays", ()


@course_fault("E-GUESS")
def first_person_over_all_cases(course: dict[str, Data]) -> tuple[str, Path]:
    """In every case the best replies say *I* and the weaker ones do not."""
    for case in course.values():
        for beat in case["beats"]:
            for option in top(beat):
                option["say"] = f"I hear you. {option['say']}"
            for option in lower(beat):
                option["say"] = re.sub(r"\bI('[a-z]+)?\b", "one", option["say"])
    return "data/roleplays", ()


@course_fault("E-SHAPE")
def two_files_of_one_id(course: dict[str, Data]) -> tuple[str, Path]:
    """Two cases have the same id."""
    course["data/boosters/late-colleague.yaml"] = course[f"data/roleplays/{INES}.yaml"]
    return "data/boosters/late-colleague.yaml", ("id",)


# ---------------------------------------------------------------------------------------------------------- W-ROADS


@fault("W-ROADS", TOM)
def all_on_one_road(case: Data) -> Path:
    """Every good reply is common; no tradition has a road of its own."""
    for option in every_option(case):
        option.pop("road", None)
    return ("beats",)


@fault("W-ROADS", PRIYA)
def a_road_that_breaks_off(case: Data) -> Path:
    """In one beat a tradition finds no good reply that is common or its own."""
    index = plain(case)[3]
    for option in case["beats"][index]["options"]:
        if option["level"] >= 3:
            option["road"] = "systemic"
    return ("beats",)


@fault("W-ROADS", COUPLE)
def second_road_closes_more(case: Data) -> Path:
    """Wherever two roads are offered, one of them forgoes the top ending."""
    case["flags"].append("other_way")
    for option in every_option(case):
        if option.get("road", "common") != "common" and option["level"] >= 3:
            option.setdefault("sets", []).append("other_way")
    case["endings"][top_ending(case)]["when"] += " and not other_way"
    return ("beats",)


@fault("W-ROADS", MEI)
def two_roads_in_one_beat_only(case: Data) -> Path:
    """Two roads are offered in one beat of the whole case."""
    seen = False
    for index in plain(case):
        for option in case["beats"][index]["options"]:
            if option.get("road", "common") != "common" and option["level"] >= 3:
                if seen:
                    option.pop("road")
                seen = True
    return ("beats",)


# ------------------------------------------------------------------------------------------------------- E-STANDARD


@fault("E-STANDARD", TOM)
def slur_in_a_line(case: Data) -> Path:
    """The client calls himself by a slur."""
    case["beats"][2]["client"][-1]["say"] += " They'd call me a pervert."
    return "beats", 2, "client", len(case["beats"][2]["client"]) - 1


@fault("E-STANDARD", PRIYA)
def slur_in_the_last_critic(case: Data) -> Path:
    """The critic uses a slur in an ending."""
    case["endings"][1]["inner"]["critic"] += " Slut."
    return "endings", 1


@fault("E-STANDARD", RAY)
def crisis_number_in_a_reply(case: Data) -> Path:
    """A reply gives a telephone number for a crisis line."""
    index, number = with_level(case, 4, 6)
    case["beats"][index]["options"][number]["say"] += " You can ring 116 123 at any hour."
    return "beats", index, "options", number


@fault("E-STANDARD", MEI)
def crisis_number_in_a_debrief(case: Data) -> Path:
    """A debrief gives a helpline's number."""
    case["endings"][0]["debrief"] += " The national line is 1800 737 732."
    return "endings", 0


@fault("E-STANDARD", COUPLE)
def minor_in_a_back_story(case: Data) -> Path:
    """A man says that it began when he was fifteen."""
    case["beats"][4]["client"][0]["say"] += " It's been like that since I was fifteen."
    return "beats", 4, "client", 0


@fault("E-STANDARD", PRIYA)
def young_client_in_the_setting(case: Data) -> Path:
    """The setting makes the client seventeen."""
    case["setting"] = case["setting"].replace("Priya, 22,", "Priya, 17,")
    return ("setting",)


@fault("E-STANDARD", TOM)
def blank_content_note(case: Data) -> Path:
    """The content note is left for later."""
    case["content_note"] = " "
    return ("content_note",)


@fault("E-STANDARD", COUPLE)
def number_in_what_is_seen_of_the_other(case: Data) -> Path:
    """What is seen of the second person shows a telephone number."""
    line = case["beats"][-1]["client"][-1]
    line.setdefault("also", [{"who": "marcus", "say": "Hm."}])
    line["also"][0]["seen"] = "Turns the leaflet over: call 0808 2000 247."
    return "beats", len(case["beats"]) - 1, "client", len(case["beats"][-1]["client"]) - 1


@fault("E-STANDARD", MEI)
def girl_of_fourteen_in_a_reason(case: Data) -> Path:
    """A reason speaks of a 14-year-old."""
    index, number = with_level(case, 1)
    case["beats"][index]["options"][number]["why"] += " One would not ask a 14-year-old either."
    return "beats", index, "options", number


# ---------------------------------------------------------------------------------------------------------- W-WORDS


@fault("W-WORDS", PRIYA)
def why_did_you(case: Data) -> Path:
    """A sound reply asks *why didn't you*."""
    index, number = with_level(case, 3)
    case["beats"][index]["options"][number]["say"] += " Why didn't you call her?"
    return "beats", index, "options", number


@fault("W-WORDS", TOM)
def normal_as_comfort(case: Data) -> Path:
    """A best reply calls something normal."""
    index, number = with_level(case, 4)
    case["beats"][index]["options"][number]["say"] += " That's perfectly normal."
    return "beats", index, "options", number


@fault("W-WORDS", RAY)
def victim_in_a_model_line(case: Data) -> Path:
    """`better` calls the client a victim."""
    index, number = with_level(case, 1)
    case["beats"][index]["options"][number]["better"] = (
        "You were the victim here, and I'd like to hear what that was like."
    )
    return "beats", index, "options", number


@fault("W-WORDS", PRIYA)
def closure_once_more(case: Data) -> Path:
    """The model reply of `again` speaks of closure."""
    index = where(case, lambda beat: "again" in beat)
    options = case["beats"][index]["again"]["options"]
    number = next(n for n, option in enumerate(options) if option["level"] == 4)
    options[number]["say"] += " That might give you some closure."
    return "beats", index, "again", "options", number


@fault("W-WORDS", TOM)
def addict_as_fact(case: Data) -> Path:
    """A reply of level 2 says *porn addict* for the client's own words."""
    index, number = with_level(case, 2)
    case["beats"][index]["options"][number]["say"] += " Plenty of porn addicts sit in that chair."
    return "beats", index, "options", number


@fault("W-WORDS", MEI)
def resistance_in_a_reply(case: Data) -> Path:
    """A sound reply speaks of the client's resistance."""
    index, number = with_level(case, 3)
    case["beats"][index]["options"][number]["say"] += " I notice some resistance."
    return "beats", index, "options", number


@fault("W-WORDS", COUPLE)
def cheating_in_a_reply(case: Data) -> Path:
    """In an open relationship a sound reply speaks of cheating."""
    index, number = with_level(case, 3)
    case["beats"][index]["options"][number]["say"] += " The cheating is one thing, the rule another."
    return "beats", index, "options", number


@fault("W-WORDS", ADAEZE)
def moving_on_in_a_model_line(case: Data) -> Path:
    """`better` invites the client to move on."""
    index, number = with_level(case, 1)
    case["beats"][index]["options"][number]["better"] = "When you feel ready to move on, we can look at that together."
    return "beats", index, "options", number


# -------------------------------------------------------------------------------------------------------- W-READING


ACADEMIC = (
    "Notwithstanding the practitioner's evidently benevolent intentionality, the aforementioned formulation inadvertently "
    "necessitates considerable psychological accommodation on the part of the individual concerned, whose subsequent "
    "disinclination to elaborate constitutes a comprehensible manifestation of interpersonal self-protection."
)


@fault("W-READING", PRIYA)
def reasons_read_like_a_paper(case: Data) -> Path:
    """Every reason is written as for a journal."""
    for option in every_option(case):
        option["why"] = ACADEMIC
    return ("beats",)


@fault("W-READING", TOM)
def reasons_of_one_long_sentence(case: Data) -> Path:
    """Every reason is one long sentence, its parts joined by semicolons."""
    for option in every_option(case):
        option["why"] = re.sub(r"[.?!](['\"]?)\s+", r"\1; and furthermore ", option["why"])
    return ("beats",)


@fault("W-READING", COUPLE)
def debriefs_read_like_a_paper(case: Data) -> Path:
    """The debriefs of the endings are written as for a journal."""
    for ending in case["endings"]:
        ending["debrief"] = ACADEMIC + " " + ACADEMIC
    return ("endings",)


@fault("W-READING", ADAEZE)
def reasons_of_once_more_read_like_a_paper(case: Data) -> Path:
    """The reasons of a case's *again* replies are written as for a journal."""
    for beat in case["beats"]:
        for option in beat.get("again", {}).get("options", []):
            option["why"] = ACADEMIC
    return ("beats",)


# -------------------------------------------------------------------------------------------------------- W-CLOSING


@fault("W-CLOSING", PRIYA)
def heavy_case_without_closing(case: Data) -> Path:
    """A heavy case has no closing beat."""
    case["beats"][where(case, lambda beat: beat.get("closing"))].pop("closing")
    return ("beats",)


@fault("W-CLOSING", MEI)
def closing_for_some_only(case: Data) -> Path:
    """The closing beat of a heavy case opens only to some."""
    index = where(case, lambda beat: beat.get("closing"))
    case["beats"][index]["needs"] = "contact"
    return ("beats",)


@fault("W-CLOSING", RAY)
def closing_in_the_middle(case: Data) -> Path:
    """The closing mark of a heavy case stands in the middle, and the talk goes on."""
    case["beats"][where(case, lambda beat: beat.get("closing"))].pop("closing")
    case["beats"][plain(case)[4]]["closing"] = True
    return ("beats",)


@fault("W-CLOSING", PRIYA)
def heavy_forgotten(case: Data) -> Path:
    """A case about coercion and suicidal thoughts is not called heavy, and nobody looks after the way home."""
    case.pop("heavy")
    case["beats"][where(case, lambda beat: beat.get("closing"))].pop("closing")
    return ("beats",)


# ------------------------------------------------------------------------------------- W-LANGUAGE and translations


@overlay_fault("W-LANGUAGE", INES)
def text_not_translated(overlay: Overlay, english: Overlay, best: list[str]) -> str:
    """A reply was added after the translation, and has no translation."""
    overlay.pop("beats.swan.options.and-a-swan.say")
    return ""


@overlay_fault("W-LANGUAGE", INES)
def text_left_in_english(overlay: Overlay, english: Overlay, best: list[str]) -> str:
    """A sentence was copied to be translated later."""
    overlay["beats.swan.options.and-a-swan.say"] = english["beats.swan.options.and-a-swan.say"]
    return "beats.swan.options.and-a-swan.say"


@overlay_fault("W-LANGUAGE", INES)
def text_translated_by_nothing(overlay: Overlay, english: Overlay, best: list[str]) -> str:
    """A translation is empty."""
    overlay["beats.swan.options.and-a-swan.why"] = ""
    return "beats.swan.options.and-a-swan.why"


@overlay_fault("E-SHAPE", INES)
def translation_of_a_renamed_reply(overlay: Overlay, english: Overlay, best: list[str]) -> str:
    """A translation belongs to a reply that has been renamed."""
    overlay["beats.swan.options.and-one-swan.say"] = overlay.pop("beats.swan.options.and-a-swan.say")
    return "beats.swan.options.and-one-swan.say"


@overlay_fault("E-SHAPE", "late-friend")
def translation_of_no_case(overlay: Overlay, english: Overlay, best: list[str]) -> str:
    """A translation stands under a name that no case has."""
    return ""


@overlay_fault("W-WORDS", INES)
def avoid_term_in_spanish(overlay: Overlay, english: Overlay, best: list[str]) -> str:
    """In Spanish a sound reply calls something *normal*."""
    overlay["beats.swan.options.owen-is-on.say"] += " Es lo más normal."
    return "beats.swan.options.owen-is-on.say"


@overlay_fault("E-STANDARD", INES)
def number_in_spanish(overlay: Overlay, english: Overlay, best: list[str]) -> str:
    """The translator added a telephone number of the country."""
    overlay["endings.helmet-on.debrief"] += " Llame al 024 o al 900 123 456."
    return "endings.helmet-on.debrief"


@overlay_fault("E-STANDARD", INES)
def minor_in_spanish(overlay: Overlay, english: Overlay, best: list[str]) -> str:
    """In Spanish a line speaks of a girl of fifteen."""
    overlay["beats.helmet.client.2.say"] += " Como cuando tenía quince años."
    return "beats.helmet.client.2.say"


@overlay_fault("W-READING", INES)
def long_sentences_in_spanish(overlay: Overlay, english: Overlay, best: list[str]) -> str:
    """In Spanish the reasons are one long and learned sentence each."""
    learned = (
        "No obstante la indudable benevolencia de la intencionalidad profesional, la formulación anteriormente mencionada "
        "comporta inadvertidamente una considerable acomodación psicológica por parte de la interlocutora, cuya consiguiente "
        "desinclinación a profundizar constituye una manifestación perfectamente comprensible de autoprotección interpersonal."
    )
    for name in overlay:
        if name.endswith(".why"):
            overlay[name] = learned
    return "beats"


@overlay_fault("E-WHY", INES)
def better_in_spanish_is_a_reply(overlay: Overlay, english: Overlay, best: list[str]) -> str:
    """In Spanish `better` is the text of the best reply."""
    overlay["beats.swan.options.only-chatting.better"] = overlay["beats.swan.options.and-a-swan.say"]
    return "beats.swan.options.only-chatting"


@overlay_fault("E-GUESS", PRIYA)
def best_replies_longest_in_spanish(overlay: Overlay, english: Overlay, best: list[str]) -> str:
    """The translator lingered over the best replies."""
    for name in best:
        overlay[name] += (
            " Tómese todo el tiempo que le haga falta, que aquí no hay prisa ninguna y la tarde entera es suya si la quiere."
        )
    return "beats"


@overlay_fault("E-SHAPE", "ui")
def placeholder_translated(overlay: Overlay, english: Overlay, best: list[str]) -> str:
    """In a text of the screen the name in braces was translated."""
    name = next(name for name, text in english.items() if "{" in text)
    overlay[name] = re.sub(r"\{\w+\}", "{algo}", english[name])
    return name
