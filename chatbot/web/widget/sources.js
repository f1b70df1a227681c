/** The sources under an answer: each opens on the quoted passage. */

import { el, safeLink } from "./dom.js";
import { isPast, longDate } from "./texts.js";

/**
 * The list of an answer's citations. Returns the element and `open(n, origin)`, which opens
 * source n, closes the others, moves the focus there and gives it back to `origin` on Escape.
 */
export function sourceList(citations, { t, base, turnId, level = "h4" }) {
  const entries = citations.map((citation) => source(citation, { t, base, turnId }));
  const list = el("ol", { class: "source-list" }, entries.map((entry) => entry.element));
  const element = el("section", { class: "sources", "aria-labelledby": `${turnId}-sources` },
    el(level, { id: `${turnId}-sources`, text: t("sources") }), list);
  const open = (n, origin) => {
    for (const entry of entries) entry.toggle(entry.n === n);
    entries.find((entry) => entry.n === n)?.focus(origin);
  };
  return { element, open };
}

function source(citation, { t, base, turnId }) {
  const id = `${turnId}-source-${citation.n}`;
  const path = (citation.heading_path ?? []).filter((part) => part !== citation.title);
  const button = el("button", { type: "button", class: "source-button", "aria-expanded": "false",
    "aria-controls": id },
    el("span", { class: "source-number", text: `[${citation.n}]` }),
    el("span", { class: "source-title", lang: "it", dir: "auto" },
      el("strong", { text: citation.title }),
      path.length ? el("span", { class: "source-path", text: ` › ${path.join(" › ")}` }) : null),
    isPast(citation.review_by) ? el("span", { class: "tag tag-warn", text: t("aged") }) : null,
    el("span", { class: "sign", "aria-hidden": "true" }));
  const panel = el("div", { id, class: "source-panel", hidden: true }, passage(citation, t, base));
  const toggle = (open) => {
    button.setAttribute("aria-expanded", String(open));
    panel.hidden = !open;
  };
  let back = null;
  button.addEventListener("click", () => toggle(panel.hidden));
  const element = el("li", { class: "source" }, button, panel);
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || panel.hidden) return;
    event.stopPropagation();
    toggle(false);
    (back ?? button).focus();
  });
  const focus = (origin) => {
    back = origin;
    button.focus();
    const motion = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    element.scrollIntoView({ block: "nearest", behavior: motion });
  };
  return { n: citation.n, element, toggle, focus };
}

function passage(citation, t, base) {
  const language = t.language;
  const url = safeLink(citation.url, base);
  return [
    el("blockquote", { lang: "it", dir: "auto", text: citation.quote }),
    el("p", { class: "dates" },
      citation.verified_on
        ? t("verified_on", { date: longDate(citation.verified_on, language) }) : t("undated"), " ",
      dueDate(citation.review_by, t)),
    url ? el("p", {}, el("a", { class: "open-guide", href: url, text: t("open_in_guide") })) : null,
    references(citation.sources ?? [], t),
  ];
}

/** By when a passage is to be looked at again, where its guide says so. */
function dueDate(day, t) {
  if (!day) return null;
  const date = longDate(day, t.language);
  return isPast(day) ? el("strong", { text: t("aged_on", { date }) }) : t("review_by", { date });
}

function references(sources, t) {
  if (!sources.length) return null;
  const items = sources.map((source) => {
    const url = /^https?:/i.test(source.url ?? "") ? source.url : null;
    const label = source.label ?? source.title ?? "";
    return el("li", {},
      url ? el("a", { href: url, rel: "noopener noreferrer", text: label }) : label);
  });
  return el("details", { class: "references" },
    el("summary", { text: t("references", { n: sources.length }) }),
    el("ul", { lang: "it", dir: "ltr" }, items));
}
