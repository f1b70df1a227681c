/**
 * A script run one step at a time. Without this file the page shows all the steps in order,
 * with links between them. Notes and choices stay in the tab: nothing is sent.
 */

import { copy } from "./copy.js";
import { ROOT } from "./root.js";
import { watchIdle } from "./widget/idle.js";
import { forget } from "./widget/memory.js";

const script = document.querySelector("#script");
const steps = new Map([...script.querySelectorAll(".step")].map((step) => [step.id, step]));
const summary = document.querySelector("#summary");
const progress = script.querySelector("progress");
const position = script.querySelector(".script-progress");
const back = document.querySelector("#back");
const finish = document.querySelector("#finish");
const refer = new URL(document.querySelector("#refer").href);
const KEY = `bussola-script-${ROOT}${script.dataset.slug}`;

/** `trail`: steps in the order visited, each with the choice made on leaving it. */
const afresh = () => ({ trail: [{ step: script.dataset.start, choice: null }], notes: {}, done: false });
let state = load() ?? afresh();

/** What was written, where the page is loaded again or come back to; whoever opens the script
 * begins it, and finds nothing of the person before. */
function load() {
  const [opened] = performance.getEntriesByType("navigation");
  if (opened?.type === "navigate") return null;
  try {
    const stored = JSON.parse(sessionStorage.getItem(KEY));
    return stored?.trail?.every(({ step }) => steps.has(step)) ? stored : null;
  } catch {
    return null;
  }
}

function save() {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(state));
  } catch {
    // a browser that stores nothing: the notes last as long as the page
  }
}

const lengths = new Map();
/** Steps still to come on the longest way out of `id`; loops count once. */
function remaining(id, onTheWay = new Set()) {
  if (lengths.has(id)) return lengths.get(id);
  if (!steps.has(id) || onTheWay.has(id)) return 0;
  const way = new Set(onTheWay).add(id);
  const next = [...steps.get(id).querySelectorAll('.option[href^="#"]')];
  const longest = Math.max(0, ...next.map((option) => 1 + remaining(option.hash.slice(1), way)));
  if (!onTheWay.size) lengths.set(id, longest);
  return longest;
}

function show({ focus = true } = {}) {
  const current = state.trail.at(-1).step;
  for (const [id, step] of steps) step.hidden = state.done || id !== current;
  summary.hidden = !state.done;
  back.hidden = !state.done && state.trail.length < 2;
  finish.hidden = state.done;
  const bar = script.querySelector(".script-bar");
  bar.hidden = state.done;
  const lead = script.querySelector(".lead");
  if (lead) lead.hidden = state.done || current !== script.dataset.start; // said once
  const reached = state.trail.length;
  const total = reached + remaining(current);
  progress.max = total;
  progress.value = state.done ? total : reached;
  position.textContent = position.dataset.pattern.replace("{n}", reached).replace("{total}", total);
  for (const option of steps.get(current).querySelectorAll(".option")) {
    option.classList.toggle("chosen", labelOf(option) === state.trail.at(-1).choice);
  }
  refer.searchParams.set("punto", current);
  document.querySelector("#refer").href = refer.href;
  if (state.done) drawSummary();
  save();
  if (focus) (state.done ? summary : steps.get(current)).querySelector("h2").focus();
  if (focus) (state.done ? summary : bar).scrollIntoView({ block: "start" });
}

script.addEventListener("click", (event) => {
  const option = event.target.closest(".option");
  if (!option) return;
  state.trail.at(-1).choice = labelOf(option);
  if (option.getAttribute("href").startsWith("#")) {
    event.preventDefault();
    state.trail.push({ step: option.hash.slice(1), choice: null });
    show();
  } else save(); // the choice leads to another guide: the browser follows the link
});

// a link inside a step's text may also point at another step
script.addEventListener("click", (event) => {
  const link = event.target.closest('.step .prose a[href^="#"]');
  const id = link?.hash.slice(1);
  if (!steps.has(id)) return;
  event.preventDefault();
  state.trail.push({ step: id, choice: null });
  show();
});

script.addEventListener("input", (event) => {
  if (!event.target.dataset.step) return;
  state.notes[event.target.dataset.step] = event.target.value;
  save();
});

back.addEventListener("click", () => {
  if (state.done) state.done = false;
  else state.trail.pop();
  show();
});
finish.addEventListener("click", () => {
  state.done = true;
  show();
});
function restart() {
  state = afresh();
  for (const note of script.querySelectorAll("[data-step]")) note.value = "";
  show();
}
document.querySelector("#restart").addEventListener("click", restart);

const cleared = document.querySelector("#cleared");
function newPerson() {
  forget();
  restart();
  cleared.textContent = cleared.dataset.cleared;
}
document.querySelector("#new-person").addEventListener("click", newPerson);
script.addEventListener("input", () => cleared.textContent = "");

// after ten minutes the notes are out of sight until somebody says whose they are
const whose = script.querySelector(".whose");
const untouched = () => state.trail.length < 2 && !Object.values(state.notes).some(Boolean);
const touch = watchIdle(() => {
  if (untouched()) return queueMicrotask(() => touch());
  script.classList.add("asks-whose");
  whose.hidden = false;
  whose.querySelector("button").focus();
});
whose.addEventListener("click", ({ target }) => {
  if (!target.dataset.whose) return;
  script.classList.remove("asks-whose");
  whose.hidden = true;
  touch();
  if (target.dataset.whose === "new") newPerson();
});
document.querySelector("#copy-summary").addEventListener("click", () => {
  copy(summaryText(), document.querySelector("#summary-said"));
});

const labelOf = (option) => option.querySelector(".option-label").textContent.trim();
const titleOf = (id) => steps.get(id).querySelector("h2").textContent;
const visited = () => [...new Set(state.trail.map(({ step }) => step))];

function drawSummary() {
  summary.querySelector(".trail").replaceChildren(...state.trail.map(({ step, choice }, i) => {
    const last = state.trail.findLastIndex((entry) => entry.step === step) === i;
    return item(titleOf(step), [["choice-made", choice], ["note-made", last && state.notes[step]]]);
  }));
  const found = linksOf();
  summary.querySelector(".summary-links").hidden = !found.length;
  summary.querySelector(".summary-links ul").replaceChildren(...found.map(([href, text]) => {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = text;
    const entry = document.createElement("li");
    entry.append(link);
    return entry;
  }));
}

function item(title, lines) {
  const entry = document.createElement("li");
  entry.append(title);
  for (const [name, text] of lines) {
    if (!text) continue;
    const line = document.createElement("span");
    line.className = name;
    line.textContent = text;
    entry.append(line);
  }
  return entry;
}

/** The sheets and services met on the way, each once. */
function linksOf() {
  const found = new Map();
  for (const id of visited()) {
    for (const link of steps.get(id).querySelectorAll(".prose a[href]:not([href^='#'])")) {
      found.set(link.getAttribute("href"), link.textContent);
    }
  }
  const out = state.trail.at(-1);
  for (const option of steps.get(out.step).querySelectorAll(".option:not([href^='#'])")) {
    if (labelOf(option) === out.choice) found.set(option.getAttribute("href"), option.dataset.title);
  }
  return [...found];
}

function summaryText() {
  const lines = state.trail.map(({ step, choice }, i) => {
    const last = state.trail.findLastIndex((entry) => entry.step === step) === i;
    return [`${i + 1}. ${titleOf(step)}`, choice && `   ${choice}`, last && state.notes[step] && `   ${state.notes[step]}`]
      .filter(Boolean).join("\n");
  });
  const links = linksOf().map(([href, text]) => `${text}: ${new URL(href, location.href).href}`);
  return [document.querySelector("h1").textContent, ...lines, ...links].join("\n");
}

for (const part of script.querySelectorAll("[data-live]")) part.hidden = false;
for (const note of script.querySelectorAll("[data-step]")) note.value = state.notes[note.dataset.step] ?? "";
script.classList.add("has-run");
const asked = location.hash.slice(1);
if (steps.has(asked) && state.trail.at(-1).step !== asked) {
  state = { ...state, trail: [{ step: asked, choice: null }], done: false };
}
show({ focus: Boolean(asked) });
