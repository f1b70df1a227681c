/** A cited passage: its text with the quote lit, its dates, the way to its guide. */

import { el, safeLink, sieve } from "./dom.js";
import { isPast, longDate } from "./texts.js";

/** The nodes of the passage of a citation; `label` names it where it scrolls. */
export function passageView(citation, t, base) {
  const url = safeLink(citation.url, base);
  const text = citation.passage_html
    ? el("blockquote", { class: "passage", lang: "it", dir: "auto", tabindex: "0",
      "aria-label": headingOf(citation) }, sieve(citation.passage_html, base))
    : el("blockquote", { lang: "it", dir: "auto" }, el("mark", { text: citation.quote }));
  markExternal(text, t, base);
  return [
    text,
    el("p", { class: "dates" }, verified(citation, t), " ", dueDate(citation.review_by, t), " ",
      url ? el("a", { class: "open-guide", href: url, text: t("open_in_guide") }) : null),
    references(citation.sources ?? [], t),
  ];
}

/** «Titolo › Sezione», the title once. */
export function headingOf({ title, heading_path: path }) {
  return [title, ...(path ?? []).filter((part) => part !== title)].join(" › ");
}

/** When the guide of a citation was checked, or that it does not say. */
export function verified({ verified_on: day }, t) {
  return day ? t("verified_on", { date: longDate(day, t.language) }) : t("undated");
}

/** A link that leaves the guides says so, and leaves this page open. */
export function markExternal(block, t, base) {
  for (const link of block.querySelectorAll('a[href^="http"]')) {
    if (new URL(link.href).origin === new URL(base || location.href, location.href).origin) continue;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    link.classList.add("external");
    link.append(el("span", { class: "visually-hidden", lang: t.language, text: ` (${t("external")})` }));
  }
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
