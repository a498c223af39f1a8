// Shows a view (plain data, described in view.py) and sends what a person presses.
// No build, no imports: anywidget loads this file as it stands. Scoring and state live in Python alone.

let WORDS = {}; // the few words of its own, from the course's file of texts
const SETTLED = 1200; // ms without a new panel after which a run is over
const PATIENCE = 3000; // ms without an answer before the page says so
const CONTROLS = "textarea, input, summary, button:not([tabindex='-1'])";

// ---------------------------------------------------------------- nodes that persist
// h() describes a node, fill() makes a parent's children agree with descriptions. A node with the same tag and key stays
// the same DOM node: focus, typed text, an opened fold and the live region survive every update.

function h(tag, props, ...kids) {
  return { tag, props: props || {}, kids: kids.flat(Infinity).filter((k) => k != null && k !== false && k !== "") };
}

function dress(node, next) {
  const before = node.tv ? node.tv.props : {};
  const { key, first, ...props } = next.props;
  for (const name of Object.keys(before)) {
    if (name in props || name === "key" || name === "first") continue;
    if (name.startsWith("on")) node[name] = null;
    else node.removeAttribute(name);
  }
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on") || name === "checked") node[name] = value; // the person may have ticked it meanwhile
    else if (name === "svg") value !== before.svg && node.replaceChildren(...drawing(value));
    else if (value === undefined || value === false) node.removeAttribute(name);
    else if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value);
  }
  if (!node.tv) Object.assign(node, first);
  node.tv = next;
  if (!("svg" in props)) fill(node, next.kids);
}

function fill(parent, kids) {
  const old = new Map([...parent.childNodes].map((node) => [node.tvKey, node]));
  const used = new Set();
  const nodes = kids.map((kid, i) => {
    let key = typeof kid === "string" ? `"${i}` : `${kid.tag} ${kid.props.key ?? i}`;
    while (used.has(key)) key += "+";
    used.add(key);
    let node = old.get(key);
    if (!node) node = typeof kid === "string" ? document.createTextNode(kid) : document.createElement(kid.tag);
    node.tvKey = key;
    if (typeof kid !== "string") dress(node, kid);
    else if (node.data !== kid) node.data = kid;
    return node;
  });
  // Those gone leave first, so that those staying need not move: a moved node loses the focus.
  for (const node of [...parent.childNodes]) if (!used.has(node.tvKey)) node.remove();
  nodes.forEach((node, i) => parent.childNodes[i] !== node && parent.insertBefore(node, parent.childNodes[i] || null));
}

function drawing(text) {
  const source = text.includes("xmlns=") ? text : text.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"');
  const svg = new DOMParser().parseFromString(source, "image/svg+xml").documentElement;
  if (svg.localName !== "svg") return [];
  svg.querySelectorAll("script, foreignObject").forEach((node) => node.remove());
  for (const node of [svg, ...svg.querySelectorAll("*")])
    for (const { name, value } of [...node.attributes])
      if (/^on/i.test(name) || (/href$/i.test(name) && !value.startsWith("#"))) node.removeAttribute(name);
  svg.setAttribute("aria-hidden", "true");
  return [document.importNode(svg, true)];
}

const paragraphs = (text, cls) => text.split(/\n\s*\n/).map((part, i) => h("p", { class: cls, key: `p${i}` }, part));
const times = (n, make) => Array.from({ length: n }, (_, i) => make(i));
const sign = (text, cls = "tv-sign") => h("span", { class: cls, "aria-hidden": "true" }, text);

// ---------------------------------------------------------------- blocks
// Each takes the block and the panel it stands in: {press, id, level, waits}.

const BLOCKS = {
  head: (b, panel) => [
    h("div", { class: "tv-who", key: "who" },
      h("h2", { class: "tv-title" }, b.title),
      b.note && h("p", { class: "tv-small" }, b.note)),
    (b.moments || b.place) && h("div", { class: "tv-where", key: "where" },
      b.moments > 0 && h("span", { class: "tv-dots", "aria-hidden": "true", key: "dots" },
        times(b.moments, (i) => h("i", { class: i + 1 === b.moment ? "tv-now" : i + 1 < b.moment ? "tv-past" : "" }))),
      b.place && h("span", { class: "tv-small", key: "place" }, b.place)),
    row(b.buttons, panel),
  ],

  log: (b) => b.lines.map((line) =>
    h("div", { class: `tv-line tv-${line.side}`, key: line.key },
      line.name && h("span", { class: "tv-name", key: "name" }, line.name),
      line.seen && h("p", { class: "tv-seen", key: "seen" }, line.seen),
      paragraphs(line.say))),

  choices: (b, panel) => [
    h("p", { class: "tv-label", id: panel.id(b, "label"), key: "label" }, b.label),
    b.hint && h("p", { class: "tv-small", id: panel.id(b, "hint"), key: "hint" }, b.hint),
    b.options.map((o) =>
      h("button", {
        class: `tv-choice${o.on ? " tv-on" : ""}${b.off ? " tv-off" : ""}`, type: "button", key: o.id,
        "data-letter": b.off ? undefined : o.letter.toLowerCase(),
        "aria-keyshortcuts": b.off ? undefined : o.letter.toUpperCase(),
        "aria-disabled": b.off ? "true" : undefined, tabindex: b.off ? "-1" : undefined,
        onclick: () => !b.off && panel.press(b.do, o.id),
      },
      h("kbd", { class: "tv-letter" }, o.letter),
      h("span", { class: "tv-words" }, o.text, o.note && h("span", { class: "tv-small" }, o.note)),
      o.on && h("span", { class: "tv-tag", key: "on" }, sign("✓ ", ""), WORDS.chosen))),
  ],

  ask: (b, panel) => [
    h("label", { class: "tv-label", for: panel.id(b, "box"), key: "label" }, b.label),
    b.hint && h("p", { class: "tv-small", id: panel.id(b, "hint"), key: "hint" }, b.hint),
    h("textarea", {
      id: panel.id(b, "box"), key: "box", "data-ask": b.key, rows: b.rows ?? 3, autocomplete: "off", spellcheck: "false",
      "aria-describedby": b.hint ? panel.id(b, "hint") : undefined, first: { value: b.value || "" },
    }),
    row(b.buttons, panel),
  ],

  ticks: (b, panel) => [
    h("p", { class: "tv-label", id: panel.id(b, "label"), key: "label" }, b.label),
    b.hint && h("p", { class: "tv-small", id: panel.id(b, "hint"), key: "hint" }, b.hint),
    b.items.map((item) => {
      const note = item.note ? panel.id(b, `note-${item.id}`) : undefined;
      const mine = panel.waits(b.do, item.id) ? {} : { checked: !!item.on }; // a tick not sent yet stands as ticked
      return h("div", { class: "tv-tick", key: item.id },
        h("label", null,
          h("input", { type: "checkbox", "aria-describedby": note, onchange: () => panel.press(b.do, item.id, true), ...mine }),
          h("span", null, item.text)),
        note && h("p", { class: "tv-small", id: note }, item.note));
    }),
  ],

  scale: (b, panel) => {
    const ends = { [b.low]: b.low_label, [b.high]: b.high_label };
    return [
      h("p", { class: "tv-label", id: panel.id(b, "label"), key: "label" }, b.label),
      b.hint && h("p", { class: "tv-small", id: panel.id(b, "hint"), key: "hint" }, b.hint),
      h("div", {
        class: "tv-steps", key: "steps", role: "radiogroup", "data-steps": "", "aria-labelledby": panel.id(b, "label"),
        "aria-describedby": b.hint ? panel.id(b, "hint") : undefined,
      }, times(b.high - b.low + 1, (i) => {
        const n = b.low + i;
        return h("button", {
          class: "tv-step", type: "button", role: "radio", key: n, "aria-checked": String(n === b.value),
          "aria-label": ends[n] ? `${n}, ${ends[n]}` : undefined, tabindex: n === (b.value ?? b.low) ? "0" : "-1",
          onclick: () => panel.press(b.do, String(n), true),
        }, String(n));
      })),
      h("div", { class: "tv-ends tv-small", "aria-hidden": "true", key: "ends" },
        h("span", null, b.low_label), h("span", null, b.high_label)),
    ];
  },

  buttons: (b, panel) => [row(b.items, panel)],

  feedback: (b, panel) => [
    b.mark && h("p", { class: "tv-mark", key: "mark" }, sign("▲ "), b.mark),
    h("div", { class: "tv-told", id: panel.id(b, "told"), key: "told" },
      h(panel.level, { class: "tv-lands", key: "lands" },
        b.level != null && h("span", { class: "tv-pips", "aria-hidden": "true", key: "pips" },
          times(4, (i) => h("i", { class: i < b.level ? "tv-full" : "" }))),
        b.level_words && h("span", { class: "tv-level", key: "level" }, b.level_words, b.heading && " · "),
        h("span", { key: "heading" }, b.heading)),
      b.quote && h("blockquote", { class: "tv-quote", key: "quote" }, paragraphs(b.quote)),
      paragraphs(b.body),
      b.better && h("div", { class: "tv-better", key: "better" },
        b.better_label && h("p", { class: "tv-better-label" }, b.better_label), paragraphs(b.better))),
    b.sources?.length > 0 && h("p", { class: "tv-small", key: "sources" }, `${WORDS.sources}: ${b.sources.join("; ")}`),
    row(b.buttons, panel, panel.id(b, "told")),
  ],

  prose: (b, panel) => [
    b.heading && h(panel.level, { class: "tv-heading", key: "heading" }, b.heading),
    b.paragraphs.map((text, i) => paragraphs(text).map((p, j) => h("p", { key: `${i}.${j}` }, p.kids))),
  ],

  notice: (b) => [h("p", null, b.text)],

  voices: (b, panel) => [
    h("div", { class: "tv-pair", key: "pair" },
      [["critic", "●", b.critic_label, b.critic], ["kinder", "■", b.kinder_label, b.kinder]].map(([who, shape, label, text]) =>
        h("div", { class: `tv-${who}`, key: who },
          h(panel.level, { class: "tv-voice" }, sign(`${shape} `), label), paragraphs(text)))),
    b.note && h("p", { class: "tv-small", key: "note" }, b.note),
  ],

  picture: (b) => [
    h("div", { class: "tv-drawing", role: "img", key: "svg", svg: b.svg,
      "aria-label": b.words.length > 200 && b.caption ? b.caption : b.words }),
    b.caption && h("figcaption", { class: "tv-small", key: "caption" }, b.caption),
    b.words_label && h("details", { class: "tv-inwords", key: "words" },
      h("summary", null, b.words_label), paragraphs(b.words)),
  ],

  table: (b) => [
    h("caption", { key: "caption" }, b.caption),
    h("thead", { key: "head" }, h("tr", null, b.header.map((cell) => h("th", { scope: "col" }, cell)))),
    h("tbody", { key: "body" }, b.rows.map((cells) =>
      h("tr", null, cells.map((cell, i) => (i ? h("td", null, cell) : h("th", { scope: "row" }, cell)))))),
  ],

  fold: (b, panel) => [
    h("summary", { key: "summary" }, b.summary),
    h("div", { class: "tv-inner", key: "inner" }, b.blocks.map((inner) => block(inner, panel))),
  ],
};

function row(buttons, panel, told) {
  if (!buttons?.length) return null;
  // Only the button that takes the focus carries the feedback's text: heard once, not with every button.
  const speaks = buttons.find((button) => !button.off);
  return h("div", { class: "tv-row", key: "row" }, buttons.map((button) =>
    h("button", {
      class: `tv-button tv-${button.kind || "plain"}${button.off ? " tv-off" : ""}`, type: "button",
      key: `${button.do} ${button.value || ""}`, "aria-disabled": button.off ? "true" : undefined,
      "aria-describedby": told && button === speaks ? told : undefined,
      onclick: () => !button.off && panel.press(button.do, button.value || ""),
    }, button.label)));
}

function block(b, panel) {
  const props = { class: `tv-block tv-b-${b.type}`, key: `${b.type} ${b.key}`, "data-key": b.key };
  let tag = "div";
  if (b.type === "log") Object.assign(props, { role: "log", "aria-live": "polite", "aria-label": b.label });
  if (b.type === "choices" || b.type === "ticks") {
    Object.assign(props, { role: "group", "aria-labelledby": panel.id(b, "label") });
    if (b.hint) props["aria-describedby"] = panel.id(b, "hint");
  }
  if (b.type === "choices" && !b.off) props["data-steps"] = props["data-choices"] = "";
  if (b.type === "prose") props.class += ` tv-${b.tone || "plain"}`;
  if (b.type === "notice") {
    props.class += b.kind === "warn" ? " tv-warn" : " tv-info";
    props.role = b.kind === "warn" ? "alert" : "status";
  }
  if (b.type === "feedback" && b.mark) props.class += " tv-marked";
  if (b.type === "picture") tag = "figure";
  if (b.type === "table") tag = "table";
  if (b.type === "fold") [tag, props.first] = ["details", { open: !!b.open }];
  return h(tag, props, BLOCKS[b.type](b, panel));
}

// ---------------------------------------------------------------- back to where one was
// "Run all" leaves JupyterLab at the last cell. Once the panels of a run stand, the page goes to the one last worked in,
// or to its top; not if the person has moved meanwhile.

const opened = new Map(); // panels of the present run: root -> when it was last worked in (ISO time, "" never)
let returning = null;
let moved = false;
for (const kind of ["wheel", "pointerdown", "keydown", "touchstart"])
  document.addEventListener(kind, () => (moved = true), { capture: true, passive: true });

function comeBack(root, when) {
  if (!returning) moved = false;
  opened.set(root, when);
  clearTimeout(returning);
  returning = setTimeout(() => {
    returning = null;
    const standing = [...opened].filter(([node]) => node.isConnected);
    opened.clear();
    if (moved || !standing.length) return;
    const [last, at] = standing.reduce((a, b) => (b[1] > a[1] ? b : a));
    const page = last.closest(".jp-WindowedPanel-outer");
    if (at) last.scrollIntoView({ block: "start" });
    else if (page) page.scrollTop = 0;
  }, SETTLED);
}

// ---------------------------------------------------------------- one view of the model

function render({ model, el }) {
  WORDS = model.get("words");
  // Acknowledgements reach every open copy of a page, so a view's name must be its own.
  const name = `tv${Math.random().toString(36).slice(2, 10)}`;
  const root = document.createElement("section");
  let shown = -1; // rev of what stands on the page
  let sent = null; // the message on its way: {id, timer, asks, rev once acknowledged}
  let count = 0;
  let lost = false;
  const later = []; // ticks and ratings made meanwhile: [do, value]

  const panel = {
    press, level: "h3",
    id: (b, part) => `${name}-${b.key}-${part}`.replace(/[^\w-]/g, "_"),
    waits: (what, value) => later.some(([w, v]) => w === what && v === value),
  };

  function tell(message) {
    const id = `${name}-${++count}`;
    if (sent) clearTimeout(sent.timer);
    sent = { id, asks: !message.do, timer: setTimeout(() => lose(id), PATIENCE) };
    try {
      model.send({ ...message, id, rev: shown });
    } catch {
      lose(id); // the channel is closed
    }
  }

  function press(what, value = "", patient = false) {
    if (sent && !sent.asks) return void (patient && later.push([what, value]));
    const boxes = [...root.querySelectorAll("textarea[data-ask]")];
    const fields = Object.fromEntries(boxes.map((box) => [box.dataset.ask, box.value]));
    tell({ do: what, value, fields });
    if (sent) busy(true);
  }

  // Said to assistive technology only: a look that changes for a twentieth of a second would be a flicker.
  function busy(on) {
    for (const button of root.querySelectorAll("button:not([role=radio])"))
      if (on) button.setAttribute("aria-disabled", "true");
      else if (!button.tv.props["aria-disabled"]) button.removeAttribute("aria-disabled");
  }

  function lose(id) {
    if (!sent || sent.id !== id) return;
    clearTimeout(sent.timer);
    [sent, lost, later.length] = [null, true, 0];
    busy(false); // pressing again is safe: Python ignores a press that is older than its view
    paint();
    gently(root.querySelector(".tv-gone"));
  }

  function heard(message) {
    if (!message || !message.ack) return;
    if (lost) {
      lost = false;
      paint();
    }
    if (sent && sent.id === message.ack) sent.rev = message.rev ?? 0;
    settle();
  }

  // The view and the acknowledgement travel separately: a press is done when both are here.
  function settle() {
    if (!sent || sent.rev === undefined || shown < sent.rev) return;
    clearTimeout(sent.timer);
    sent = null;
    busy(false);
    if (later.length) press(...later.shift(), true);
  }

  function paint() {
    const view = model.get("view");
    shown = model.get("rev");
    root.lang = view.lang || "en";
    root.setAttribute("aria-label", view.label);
    panel.level = view.blocks.some((b) => b.type === "head") ? "h3" : "h2";
    fill(root, [
      ...view.blocks.map((b) => block(b, panel)),
      lost && h("div", { class: "tv-block tv-b-notice tv-warn tv-gone", role: "alert", key: "gone" }, h("p", null, WORDS.gone)),
    ].filter(Boolean));
    return view;
  }

  function update() {
    const active = root.getRootNode().activeElement;
    const here = root.contains(active) || (sent && (!active || active === document.body));
    const warned = new Set(root.querySelectorAll(".tv-warn"));
    const view = paint();
    if (here) look(view.focus, active);
    gently([...root.querySelectorAll(".tv-warn")].find((node) => !warned.has(node)));
    settle();
  }

  // The focus goes where the next action is, stays where it was, or stands on the panel: never on the page's body.
  function look(key, active) {
    const place = key && [...root.querySelectorAll("[data-key]")].find((node) => node.dataset.key === key);
    if (place) {
      for (let fold = place.parentElement?.closest("details"); fold; fold = fold.parentElement?.closest("details")) fold.open = true;
      const kept = place !== active && place.contains(active) && !active.tv?.props["aria-disabled"];
      const next = kept ? active : [...place.querySelectorAll(CONTROLS)].find((node) => !node.tv?.props["aria-disabled"]);
      if (!next) place.tabIndex = -1;
      (next || place).focus({ preventScroll: true });
      gently(place);
    } else if (!root.contains(root.getRootNode().activeElement)) root.focus({ preventScroll: true });
  }

  function gently(node) {
    if (!node) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const tall = node.offsetHeight > innerHeight * 0.8;
    node.scrollIntoView({ block: tall ? "start" : "nearest", behavior: still ? "auto" : "smooth" });
  }

  function keys(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.isComposing) return;
    const at = event.target;
    if (at.matches("textarea, input")) return;
    const steps = at.closest("[data-steps]");
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (steps && step) {
      const all = [...steps.querySelectorAll("button")];
      const next = Math.abs(step) === Infinity ? (step < 0 ? 0 : all.length - 1)
        : (Math.max(all.indexOf(at), step < 0 ? 0 : -1) + step + all.length) % all.length;
      if (at.getAttribute("role") === "radio") all.forEach((node, i) => (node.tabIndex = i === next ? 0 : -1));
      all[next].focus();
      event.preventDefault();
    } else if (event.key.length === 1 && !event.repeat) {
      const open = at.closest("[data-choices]") || [...root.querySelectorAll("[data-choices]")].pop();
      const choice = open && [...open.querySelectorAll("button")].find((node) => node.dataset.letter === event.key.toLowerCase());
      if (choice) {
        event.preventDefault();
        choice.click();
      }
    }
  }

  // JupyterLab's single-letter shortcuts (A inserts a cell, D D deletes one) must not fire in here; Ctrl+S still saves.
  function shield(event) {
    const saves = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s";
    if (saves) root.removeAttribute("data-lm-suppress-shortcuts");
    else root.setAttribute("data-lm-suppress-shortcuts", "true");
  }

  const alive = () => !sent && tell({ do: "" }); // asks whether anybody is there

  root.className = "tv";
  root.tabIndex = -1;
  root.setAttribute("data-lm-suppress-shortcuts", "true");
  root.addEventListener("keydown", keys);
  window.addEventListener("keydown", shield, true); // before JupyterLab's listener on the document
  model.on("change:rev", update);
  model.on("msg:custom", heard);
  model.on("comm_live_update", alive); // fires when a kernel restarts or dies
  paint();
  el.append(root);
  comeBack(root, model.get("touched"));
  return () => {
    window.removeEventListener("keydown", shield, true);
    model.off("change:rev", update);
    model.off("msg:custom", heard);
    model.off("comm_live_update", alive);
    if (sent) clearTimeout(sent.timer);
    sent = null;
  };
}

export default { render };
