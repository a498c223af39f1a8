"""What one case's checks share: the case with its lines, its graph, and a place to put problems."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

from ..content import language, words
from ..content.errors import Problem
from ..content.strict import Document
from ..roleplay.engine import Scene
from ..roleplay.explore import Graph, ScoreSheet, explore, flags_only, outlook
from ..roleplay.model import Beat, Case, Option


@dataclass
class Review:
    """A case under review.

    Attributes
    ----------
    document
        The case with the line of every part.
    problems
        What the checks found so far.
    lang
        The language its texts are in.
    """

    document: Document[Case]
    problems: list[Problem] = field(default_factory=list)
    lang: str = language.SOURCE

    @property
    def case(self) -> Case:
        """The case."""
        return self.document.value

    @functools.cached_property
    def graph(self) -> Graph:
        """Every scene of the case."""
        return explore(self.case)

    @functools.cached_property
    def sheet(self) -> ScoreSheet:
        """What is scored."""
        return ScoreSheet(self.case)

    @functools.cached_property
    def flags(self) -> Graph:
        """The case without its gauges: enough to score players who look at replies alone."""
        return flags_only(self.case)

    @functools.cached_property
    def outlooks(self) -> dict[Scene, int]:
        """Best ending rank under good play from each scene."""
        return outlook(self.graph)

    @functools.cached_property
    def words(self) -> words.Words:
        """The words the checks look for in its language."""
        return words.of(self.lang)

    def add(self, code: str, what: str, mend: str, *path: str | int) -> None:
        """Note a problem at a part of the case."""
        self.problems.append(
            Problem(self.document.file, self.document.line(*path), code, self.spell(path), what, mend),
        )

    def after(self, scene: Scene) -> str:
        """How a scene can be come to, as words that end a sentence: a path to play again."""
        path = self.graph.path_to(scene)
        return f"after {' → '.join(path)}" if path else "from the start"

    def at_beat(self, beat: Beat) -> tuple[str | int, ...]:
        """Path of a beat."""
        return ("beats", self.case.beats.index(beat))

    def at_option(self, beat: Beat, option: Option) -> tuple[str | int, ...]:
        """Path of a reply."""
        return (*self.at_beat(beat), "options", beat.options.index(option))

    def spell(self, path: tuple[str | int, ...]) -> str:
        """A path in the case's own ids: ``beat forgive, reply dear-priya``."""
        words: list[str] = []
        case = self.case
        match path:
            case ("beats", int(b), "again", "options", int(o), *_):
                words = [f"beat {case.beats[b].id}", "again", f"reply {case.beats[b].again.options[o].id}"]  # type: ignore[union-attr]
            case ("beats", int(b), "again", *_):
                words = [f"beat {case.beats[b].id}", "again"]
            case ("beats", int(b), "options", int(o), *_):
                words = [f"beat {case.beats[b].id}", f"reply {case.beats[b].options[o].id}"]
            case ("beats", int(b), "client", int(line), *_):
                words = [f"beat {case.beats[b].id}", f"client line {line + 1}"]
            case ("beats", int(b), *_):
                words = [f"beat {case.beats[b].id}"]
            case ("endings", int(e), *_):
                words = [f"ending {case.endings[e].id}"]
            case (str(first), *rest):
                words = [" ".join(map(str, (first, *rest)))]
        return ", ".join(words)
