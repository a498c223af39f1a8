"""Humane: adults, content notes, respectful words, readable speech, and an end that looks after the way home."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..roleplay.model import Line, Option
from .report import Review

# Terms of the content standard's language table that a skilled clinician does not use, with what to say instead.
AVOID: tuple[tuple[str, str], ...] = (
    (r"\b(?:sex|porn)(?:ual)? addict(?:ion)?\b", "'out of control with…' or 'compulsive, if assessed'"),
    (r"\b(?:ab)?normal\b", "'common' or 'varies widely'"),
    (r"\b(?:deviant|perverted|promiscuous|frigid|impotent)\b", "a plain description"),
    (r"\bdysfunction\b", "'difficulty' or 'concern'"),
    (r"\bvictim\b", "'a person who experienced…'"),
    (r"\balleged(?:ly)?\b", "'says' or 'described'"),
    (r"\bwhy (?:did|didn't|did not|do|don't) you\b", "'what was happening for you when…'"),
    (r"\b(?:perpetrator|cheater|monster)\b", "'a person who caused harm'"),
    (r"\b(?:innocent|guilty) (?:party|partner)\b", "'injured partner' or 'hurt partner'"),
    (r"\bforgive and forget\b|\bmove on\b|\bget over it\b|\bclosure\b", "'decide what you want to do with this'"),
    (
        r"\breal (?:men|man|women|woman)\b|\bopposite sex\b|\bsexual preference\b|\bpreferred pronouns?\b",
        "no gender claim",
    ),
    (r"\btransgendered\b|\bbiological(?:ly)? (?:male|female)\b|\bhomosexuals?\b", "the person's own term"),
    (r"\bconfined to a wheelchair\b|\bsuffers? from\b|\b(?:high|low)[- ]functioning\b", "the support needed"),
    (r"\bcommit(?:ted)? suicide\b|\bfailed attempt\b", "'died by suicide', 'attempt survived'"),
    (r"\bnon-?complian(?:t|ce)\b|\bmanipulative\b|\bin denial\b", "'ambivalent' or 'trying to feel safe'"),
    (r"\brelapsed?\b", "'set-back' or 'hard moment'"),
    (r"\byour culture says\b|\bin your culture\b", "'what matters about this where you come from?'"),
    (r"\beverything happens for a reason\b", "nothing of the kind"),
)
SLURS = re.compile(r"\b(?:slut|whore|fag(?:got)?|dyke|tranny|retard(?:ed)?|cripple|shemale|pervert)\b", re.I)
PHONE = re.compile(r"(?:\+\d{1,3}[\s-]?)?(?:\(?\d{2,5}\)?[\s./-]){1,4}\d{2,6}\b|\b(?:911|999|112|988|116123)\b")
MINOR = re.compile(
    r"\b(?:(?:[0-9]|1[0-7])[- ]year[- ]old|aged? (?:[0-9]|1[0-7])\b|when (?:I|she|he|they) (?:was|were) (?:[0-9]|1[0-7])\b"
    r"|teenage(?:r|d)?\b|under-?age\b|schoolgirl|schoolboy|minors?\b)",
    re.I,
)
GRADE_MAX = 10.0


def check(review: Review) -> None:
    """Add E-STANDARD, W-WORDS, W-READING and W-CLOSING."""
    case = review.case
    texts = list(_texts(review))
    for text, path in texts:
        if SLURS.search(text):
            review.add("E-STANDARD", "A slur-like term stands here.", "Say it by meaning.", *path)
        if PHONE.search(text):
            review.add(
                "E-STANDARD", "A telephone number stands here.", "Numbers live in data/support.yaml alone.", *path
            )
        if found := MINOR.search(text):
            mend = "Write adults only; an earlier experience is 'long ago', without age."
            review.add("E-STANDARD", f"{found[0]!r} may put a minor on the page.", mend, *path)
    if not case.content_note.strip():
        review.add(
            "E-STANDARD", "There is no content note.", "Say the topics in two to six words each.", "content_note"
        )
    for index, beat in enumerate(case.beats):
        for number, option in enumerate(beat.options):
            if option.level >= 2:
                _words(review, option.say, "beats", index, "options", number)
            if option.better:
                _words(review, option.better, "beats", index, "options", number, "better")
    said = " ".join(option.why for beat in case.beats for option in beat.options)
    if case.beats and (grade := reading_grade(said)) > GRADE_MAX:
        mend = "Shorten sentences and choose plainer words."
        review.add("W-READING", f"The explanations read at grade {grade:.1f} (aim: about 9).", mend, "beats")
    if case.heavy and not any(beat.closing and review.sheet.index(beat) is not None for beat in case.beats):
        mend = "End on a beat with `closing: true`: minutes left, the journey home, who is there, next contact."
        review.add("W-CLOSING", "A heavy case does not close on looking after the way home.", mend, "beats")


Path = tuple[str | int, ...]
Pool = tuple[tuple[Line, ...], tuple[Option, ...], Path]


def _texts(review: Review) -> Iterator[tuple[str, Path]]:
    case = review.case
    for name in ("title", "content_note", "objective", "setting", "supervision"):
        yield getattr(case, name), (name,)
    for index, beat in enumerate(case.beats):
        pools: list[Pool] = [(beat.client, beat.options, ("beats", index))]
        if beat.again:
            pools.append((beat.again.client, beat.again.options, ("beats", index, "again")))
        for lines, options, path in pools:
            for number, line in enumerate(lines):
                parts = [line.say, line.seen, line.inner.critic, line.inner.kinder, *(a.say for a in line.also)]
                yield " ".join(parts), (*path, "client", number)
            for number, option in enumerate(options):
                parts = [option.say, option.why, option.better or "", option.costs or "", option.lands]
                yield " ".join(parts), (*path, "options", number)
    for index, item in enumerate(case.endings):
        yield f"{item.say} {item.seen} {item.debrief}", ("endings", index)


def _words(review: Review, text: str, *path: str | int) -> None:
    for pattern, instead in AVOID:
        if found := re.search(pattern, text, re.I):
            review.add("W-WORDS", f"A clinician's line of worth says {found[0]!r}.", f"Prefer {instead}.", *path)


def reading_grade(text: str) -> float:
    """Flesch-Kincaid grade of a text, with syllables counted as vowel groups (a rough figure)."""
    sentences = max(len(re.findall(r"[.!?…]+(?:\s|$|[\"'”’])", text)), 1)
    found = re.findall(r"[A-Za-z]+(?:['’][A-Za-z]+)*", text)
    if not found:
        return 0.0
    syllables = sum(_syllables(word) for word in found)
    return 0.39 * len(found) / sentences + 11.8 * syllables / len(found) - 15.59


def _syllables(word: str) -> int:
    word = word.lower()
    groups = len(re.findall(r"[aeiouy]+", word))
    if word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1:
        groups -= 1
    if word.endswith("ed") and not word.endswith(("ted", "ded")) and groups > 1:
        groups -= 1
    return max(groups, 1)
