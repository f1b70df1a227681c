/** What to do after an answer: a script to follow, services to send to, other questions. */

import { el, safeLink } from "./dom.js";
import { PHONE } from "./folding.js";
import { isPast } from "./texts.js";

const BESIDE = 928; // px from which this stands beside the answer (widget.css): then nothing is folded

/** The steps proposed, or null when there is none. */
export function nextSteps(answer, { t, base, askAgain, propose, width }) {
  const narrow = width() < PHONE;
  const folded = narrow || (answer.outcome === "emergency" && width() < BESIDE);
  const scripts = links(answer.scripts, t(narrow ? "scripts_short" : "scripts"), base, folded,
    ({ guide, detail }) => `/copione/${guide}${detail?.step ? `#${detail.step}` : ""}`);
  const services = links(answer.services, t(narrow ? "services_short" : "services"), base, folded,
    ({ guide }) => `/guide/${guide}`, (detail) => firstCall(detail, t));
  const none = !services && answer.services_note
    ? el("p", { class: "no-services" },
      el("span", { lang: answer.language ?? null, dir: "auto", text: `${answer.services_note} ` }),
      el("button", { type: "button", class: "quiet", text: t("propose_service"), onclick: propose }))
    : null;
  const related = (answer.related_questions ?? []).map((item) => item.text ?? item);
  const questions = related.length ? group(t(narrow ? "related_short" : "related_questions"),
    el("ul", { class: "plain" }, related.map((question) => el("li", {},
      el("button", { type: "button", class: "question-button", lang: "it", dir: "auto", text: question,
        onclick: () => askAgain(question) })))), width() < BESIDE) : null;
  const groups = [scripts, services, none, questions].filter(Boolean);
  return groups.length ? el("div", { class: "next" }, groups) : null;
}

/** A list under its title; folded where there is little room, and the answer comes first. */
function group(title, list, folded = false) {
  const heading = el("h4", { text: title });
  return folded ? el("details", { class: "next-group" }, el("summary", {}, heading), list)
    : el("div", { class: "next-group" }, heading, list);
}

function links(references, title, base, folded, address, beside = () => null) {
  const items = (references ?? []).map((reference) => {
    const url = safeLink(address(reference), base);
    const { step_title: step, municipality } = reference.detail ?? {};
    return el("li", {},
      el("bdi", { lang: "it" }, url ? el("a", { href: url, text: reference.title }) : reference.title),
      step || municipality
        ? el("span", { class: "detail" }, " – ", el("bdi", { lang: "it", text: step ?? municipality })) : null,
      beside(reference.detail ?? {}));
  });
  return items.length ? group(title, el("ul", {}, items), folded) : null;
}

/** What an operator wants at hand: the number to call before sending a person there, and whether the
 *  card should have been looked at again. */
function firstCall({ contacts, status, review_by: day }, t) {
  const phone = (contacts ?? []).find(({ kind, value }) => kind === "telefono" && /\d/.test(value));
  return [
    phone ? [" · ", el("a", { href: `tel:${phone.value.replace(/[^\d+]/g, "")}`, dir: "ltr", text: phone.value })] : [],
    status && status !== "verificato"
      ? [" ", el("span", { class: "tag tag-warn", lang: t.language, text: t("to_check") })] : [],
    isPast(day) ? [" · ", el("span", { class: "detail", lang: t.language, text: t("aged") })] : [],
  ].flat();
}
