/** The sources under an answer: one closed line, each opens on its passage. */

import { el } from "./dom.js";
import { headingOf, passageView, verified } from "./passage.js";
import { isPast } from "./texts.js";

/**
 * The sources of an answer's citations, a section once. Returns the element and `open(n, origin)`,
 * which shows the passage of source n with its quote lit, closes the others, moves the focus there
 * and gives it back to `origin` on Escape.
 */
export function sourceList(citations, { t, base, turnId }) {
  const sections = Map.groupBy ? [...Map.groupBy(citations, sectionOf).values()] : grouped(citations);
  const entries = sections.map((group) => source(group, { t, base, turnId }));
  const list = el("ol", { class: "source-list" }, entries.map((entry) => entry.element));
  const element = el("details", { class: "sources" }, summary(citations, t), list);
  const open = (n, origin) => {
    element.open = true;
    for (const entry of entries) entry.toggle(entry.has(n), n);
    entries.find((entry) => entry.has(n))?.focus(origin);
  };
  return { element, open };
}

const sectionOf = ({ guide, url }) => `${guide}#${String(url ?? "").split("#")[1] ?? ""}`;

function grouped(citations) {
  const sections = new Map();
  for (const citation of citations) {
    const name = sectionOf(citation);
    sections.set(name, [...(sections.get(name) ?? []), citation]);
  }
  return [...sections.values()];
}

/** «Fonti: Conto di base. Verificato il 22 novembre.», with its year: the oldest date of all. */
function summary(citations, t) {
  const titles = [...new Set(citations.map(({ title }) => title))].join("; ");
  const [oldest] = [...citations].sort((a, b) =>
    String(a.verified_on ?? "").localeCompare(String(b.verified_on ?? "")));
  return el("summary", {},
    el("span", { class: "source-line" }, el("strong", { text: `${t("sources")}: ` }),
      el("span", { class: "source-titles", lang: "it", dir: "auto", text: titles }),
      el("span", { class: "dot", text: " · " }),
      el("span", { class: "source-date", text: verified(oldest, t) })),
    citations.some(({ review_by: day }) => isPast(day))
      ? el("span", { class: "tag tag-warn", text: t("aged") }) : null);
}

/** The entry of one section: `group` are its citations. */
function source(group, { t, base, turnId }) {
  const [first] = group;
  const id = `${turnId}-source-${first.n}`;
  const button = el("button", { type: "button", class: "source-button", "aria-expanded": "false",
    "aria-controls": id },
    el("span", { class: "source-number", text: group.map(({ n }) => `[${n}]`).join(" ") }),
    el("span", { class: "source-title", lang: "it", dir: "auto", text: headingOf(first) }),
    el("span", { class: "sign", "aria-hidden": "true" }));
  const panel = el("div", { id, class: "source-panel", hidden: true });
  let shown = null;
  let back = null;
  const toggle = (open, n = first.n) => {
    button.setAttribute("aria-expanded", String(open));
    panel.hidden = !open;
    if (!open || shown === n) return;
    shown = n;
    panel.replaceChildren(...passageView(group.find((one) => one.n === n), t, base).filter(Boolean));
  };
  button.addEventListener("click", () => toggle(panel.hidden, shown ?? first.n));
  const element = el("li", { class: "source" }, button, panel);
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || panel.hidden) return;
    event.stopPropagation();
    toggle(false);
    (back ?? button).focus();
  });
  const focus = (origin) => {
    back = origin;
    button.focus({ preventScroll: true });
    const motion = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    element.scrollIntoView({ block: "nearest", behavior: motion });
    const [lit, passage] = ["mark", ".passage"].map((name) => panel.querySelector(name));
    if (lit && passage) passage.scrollTop = lit.offsetTop - passage.offsetTop - 20;
  };
  return { has: (n) => group.some((one) => one.n === n), element, toggle, focus };
}

/** «Titolo › Sezione», the section in sight. */
function nearHeading(citation) {
  const [guide, ...section] = headingOf(citation).split(" › ");
  return section.length ? [el("span", { class: "near-guide", text: `${guide} › ` }), section.join(" › ")] : [guide];
}

/** Passages that are near and answer nothing: where each stands and how it begins, the whole of it
 * one touch away. Same functions. */
export function nearPassages(citations, { t, base }) {
  const entries = citations.map((citation) => ({ n: citation.n,
    element: el("details", { class: "near" },
      el("summary", { lang: "it", dir: "auto" }, nearHeading(citation),
        el("span", { class: "near-start", text: citation.quote })),
      passageView(citation, t, base)) }));
  const open = (n) => {
    for (const entry of entries) entry.element.open = entry.n === n;
    entries.find((entry) => entry.n === n)?.element.querySelector("summary").focus();
  };
  return { element: el("div", { class: "near-list" }, entries.map((entry) => entry.element)), open };
}
