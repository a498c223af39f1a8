"""A page with panel.js and a model made of a few lines: what Jupyter does, without Jupyter."""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Browser, Error, Page, Route

from twovoices.view import (
    Ask,
    Button,
    Buttons,
    Choice,
    Choices,
    Feedback,
    Fold,
    Head,
    Log,
    Notice,
    Picture,
    Prose,
    Said,
    Scale,
    Table,
    Ticks,
    View,
    Voices,
)

WIDGETS = importlib.resources.files("twovoices.widgets")

SVG = """<svg viewBox="0 0 720 170" role="img" onload="window.harmed = 1"><script>window.harmed = 1</script>
<line x1="40" y1="85" x2="700" y2="85" stroke="var(--tv-line)"/>
<path d="M40 40 L100 36 L160 30 L220 22 L280 26 L340 34 L400 44 L460 52 L520 58 L700 68 L700 85 L40 85Z"
 fill="var(--tv-critic-bg)"/>
<path d="M40 40 L100 36 L160 30 L220 22 L280 26 L340 34 L400 44 L460 52 L520 58 L700 68" fill="none"
 stroke="var(--tv-critic)" stroke-width="2.5"/>
<path d="M40 94 L160 96 L280 97 L340 104 L400 114 L520 128 L640 140 L700 146 L700 85 L40 85Z"
 fill="var(--tv-kinder-bg)"/>
<path d="M40 94 L160 96 L280 97 L340 104 L400 114 L520 128 L640 140 L700 146" fill="none" stroke="var(--tv-kinder)"
 stroke-width="2.5" stroke-dasharray="7 4"/>
<line x1="220" y1="10" x2="220" y2="160" stroke="var(--tv-focus)" stroke-width="1.5"/>
<circle cx="220" cy="22" r="5" fill="var(--tv-critic)"/>
<rect x="215" y="91" width="10" height="10" fill="var(--tv-kinder)"/>
<text x="44" y="18" font-size="12" fill="var(--tv-soft)">critic</text>
<text x="44" y="162" font-size="12" fill="var(--tv-soft)">kinder voice</text>
<text x="226" y="164" font-size="12" fill="var(--tv-soft)">moment 4</text></svg>"""

PRIVATE = "In your own words first. Do not enter real client information or your own private details; nothing is saved."

LINES = (
    Said(key="1", side="client", name="Client", say="So that's it, really. That's the whole stupid story."),
    Said(key="2", side="you", name="You", say="Thank you for telling me. We can go as slowly as you like from here."),
    Said(
        key="3",
        side="client",
        name="Client",
        seen="looks at the floor, laughs once",
        say="You're very polite. Most people would have got up by now.",
    ),
)

OPTIONS = (
    Choice(id="a", letter="A", text="You expected me to leave. What did you think I'd be leaving because of?"),
    Choice(id="b", letter="B", text="I've heard much harder stories in this room, and I'm still here, aren't I?"),
    Choice(id="c", letter="C", text="That laugh sounded lonely. I'm in no hurry to go anywhere this afternoon."),
    Choice(id="d", letter="D", text="Let's look at whether there is any real evidence that people would walk out."),
)

HEAD = Head(
    key="head",
    title="First session",
    note="Adult client, 41 · you are the clinician · about 15 minutes",
    moment=4,
    moments=12,
    place="Moment 4 of 12",
    buttons=(Button(do="pause", label="Pause"), Button(do="leave", label="Leave", kind="quiet")),
)

FEEDBACK = Feedback(
    key="feedback",
    level=1,
    level_words="Level 1",
    heading="meant to comfort, lands as ranking",
    quote="I've heard much harder stories in this room, and I'm still here, aren't I?",
    body="Comparing the story with others answers your wish to reassure, and the client hears that the pain should be "
    "smaller.\n\nNext time, stay with the moment they tested you.",
    better_label="You might try",
    better="You expected me to leave. What did you think I'd be leaving because of?",
    sources=("Neff 2003", "Gilbert 2014"),
    buttons=(
        Button(do="on", label="Go on", kind="primary"),
        Button(do="again", label="Try this moment again"),
        Button(do="four", label="What might a 4 sound like?"),
    ),
)

TALK = View(
    label="First session, a talk",
    blocks=(
        HEAD,
        Log(key="log", label="Conversation", lines=LINES),
        Ask(key="own", label="What would you say?", hint=PRIVATE),
        Choices(
            key="choices",
            label="Then choose the reply nearest to yours",
            hint="Arrows or letters A to D",
            options=OPTIONS,
            do="reply",
        ),
    ),
    focus="choices",
)

EXPLAINED = View(
    label="First session, feedback",
    blocks=(
        HEAD,
        Log(
            key="log",
            label="Conversation",
            lines=(
                *LINES,
                Said(key="4", side="you", name="You", say=OPTIONS[1].text),
                Said(key="5", side="client", name="Client", say="Right. No, sure. I suppose it isn't that special."),
                Said(key="6", side="note", say="You paused here for a moment."),
            ),
        ),
        FEEDBACK,
        msgspec.structs.replace(
            FEEDBACK,
            key="mark",
            level=0,
            level_words="Level 0",
            heading="hands out a pardon",
            mark="Critical error: forgives harm",
            quote="",
            sources=(),
            buttons=(Button(do="on", label="Go on", value="2"), Button(do="rest", label="Take a pause", kind="quiet")),
        ),
        Choices(
            key="settled",
            label="Your reply",
            options=(OPTIONS[0], msgspec.structs.replace(OPTIONS[1], on=True, note="nearest to your own words")),
            do="reply",
            off=True,
        ),
    ),
    focus="feedback",
)

DEBRIEF = View(
    label="First session, the debrief",
    blocks=(
        Head(
            key="head",
            title="What the client did not say",
            note="Debrief · one writer's guess",
            buttons=(Button(do="back", label="Back", off=True), Button(do="next", label="Next moment")),
        ),
        Notice(key="info", text="You are reading the first finished talk. Your answers are kept in this folder."),
        Notice(key="warn", text="The answers file could not be written. Nothing is lost; try again.", kind="warn"),
        Picture(
            key="curve",
            svg=SVG,
            words="Critic louder until moment 4, kinder voice louder from moment 7.",
            words_label="The picture in words",
            caption="The two voices over twelve moments",
        ),
        Voices(
            key="voices",
            critic_label="The critic",
            critic="“See, even this one thinks it's nothing. You made a fuss. Typical.”",
            kinder_label="The kinder voice",
            kinder="“I wanted someone to notice how hard it was to say that.”",
            note="One writer's guess at what the client might be thinking.",
        ),
        Prose(
            key="roads",
            heading="Roads not taken",
            paragraphs=("A would have named the test: trust +1; the client tells you about a sister.", "C meets it."),
        ),
        Scale(
            key="scale",
            label="How understood did they feel?",
            low=0,
            high=4,
            low_label="not at all",
            high_label="fully",
            do="rate",
            value=2,
            hint="There is no right answer.",
        ),
        Ticks(
            key="ticks",
            label="Your second reply",
            hint="Tick what it did",
            do="tick",
            items=(
                Choice(id="met", letter="", text="met what hurts", on=True),
                Choice(id="way", letter="", text="left a way to go on", note="A question counts."),
            ),
        ),
        Table(
            key="table",
            caption="Levels by competency",
            header=("Competency", "Levels", "Result"),
            rows=(("Meeting shame", "4, 3, 1", "not yet"), ("Leaving the verdict", "3, 3", "met")),
        ),
        Fold(
            key="fold",
            summary="More about this moment",
            blocks=(
                Prose(key="why", paragraphs=("The laugh is a test.",), tone="soft"),
                Buttons(key="in", items=(Button(do="deep", label="Read on"),)),
            ),
        ),
        Prose(key="breath", heading="A pause", tone="breath", paragraphs=("Feet on the floor.", "One slow breath.")),
        Buttons(
            key="end",
            items=(
                Button(do="finish", label="Finish", kind="primary"),
                Button(do="print", label="Print"),
                Button(do="away", label="Leave", kind="quiet"),
            ),
        ),
    ),
)

GALLERY = {"talk": TALK, "explained": EXPLAINED, "debrief": DEBRIEF}

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Panel</title>
<link rel="stylesheet" href="/panel.css">
<style>body { margin: 24px; font: 14px system-ui; background: var(--jp-layout-color1) }
h1 { font-size: 1.2rem }</style></head>
<body data-jp-theme-light="THEME" style="--jp-layout-color1: COLOUR">
<main><h1 style="color:INK">A lesson</h1><button id="outside">Outside</button>
<div id="here"></div><div id="there"></div></main>
<script type="module">
import panel from "/panel.js";
const state = { rev: 1, touched: "", words: { gone: "Nobody answers.", chosen: "chosen", sources: "Sources" } }, ears = {};
const model = {
  sent: [],
  get: (name) => state[name],
  on: (name, ear) => (ears[name] ||= []).push(ear),
  off: (name, ear) => (ears[name] = (ears[name] || []).filter((e) => e !== ear)),
  send: (message) => { if (model.closed) throw Error("Comm is closed"); model.sent.push(message); },
  say: (name, ...what) => (ears[name] || []).forEach((ear) => ear(...what)),
};
Object.assign(window, {
  model,
  start: (view, twice) => {
    state.view = view;
    const end = panel.render({ model, el: document.getElementById("here") });
    if (twice) panel.render({ model, el: document.getElementById("there") });
    return (window.finish = end) && true;
  },
  change: (view) => { state.view = view; state.rev += 1; model.say("change:rev"); },
  ack: (i = model.sent.length - 1) => model.say("msg:custom", { ack: model.sent[i].id, rev: state.rev }),
  answer: (view) => { change(view); ack(); },
  ready: true,
});
</script></body></html>"""


class Stage:
    """A page with one panel, and the kernel's part played by the test."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator("#here .tv")

    def start(self, view: View, *, twice: bool = False) -> None:
        self.page.evaluate("([view, twice]) => start(view, twice)", [msgspec.to_builtins(view), twice])

    def answer(self, view: View) -> None:
        """Send a view, then the acknowledgement, as the kernel does."""
        self.page.evaluate("view => answer(view)", msgspec.to_builtins(view))

    def change(self, view: View) -> None:
        """Send a view nobody here asked for."""
        self.page.evaluate("view => change(view)", msgspec.to_builtins(view))

    @property
    def sent(self) -> list[dict[str, Any]]:
        return [dict(message) for message in json.loads(self.page.evaluate("JSON.stringify(model.sent)"))]

    @property
    def focused(self) -> str:
        """The text of what has the focus, or its tag."""
        return str(self.page.evaluate("document.activeElement.innerText?.trim() || document.activeElement.tagName"))


def open_page(browser: Browser, *, dark: bool = False, width: int = 900, scale: float = 1) -> Page:
    page = browser.new_page(
        viewport={"width": width, "height": 900}, reduced_motion="reduce", device_scale_factor=scale
    )
    html = PAGE.replace("THEME", "false" if dark else "true").replace("COLOUR", "#212121" if dark else "#fff")
    html = html.replace("INK", "#eee" if dark else "#111")
    kinds = {"js": "text/javascript", "css": "text/css"}

    def serve(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        if name.startswith("panel."):
            route.fulfill(body=WIDGETS.joinpath(name).read_text("utf-8"), content_type=kinds[name.rpartition(".")[2]])
        else:
            route.fulfill(body=html, content_type="text/html")

    page.route("**/*", serve)
    page.goto("http://panel.test/")
    page.wait_for_function("window.ready")
    return page


@pytest.fixture(scope="module")
def one_page(chromium: Browser) -> Iterator[Page]:
    page = open_page(chromium)
    yield page
    page.close()


@pytest.fixture
def stage(one_page: Page) -> Iterator[Stage]:
    """A fresh document in a page that stays: a new page for every test takes a second each."""
    wrong: list[str] = []

    def note(error: Error) -> None:
        wrong.append(str(error))

    one_page.reload()
    one_page.wait_for_function("window.ready")
    one_page.on("pageerror", note)
    yield Stage(one_page)
    one_page.remove_listener("pageerror", note)
    assert wrong == []


@pytest.fixture
def gallery() -> dict[str, View]:
    """Views that show every block."""
    return dict(GALLERY)


@pytest.fixture(name="open_page")
def fixture_open_page() -> Callable[..., Page]:
    return open_page


@pytest.fixture
def make_stage() -> Callable[[Page], Stage]:
    return Stage
