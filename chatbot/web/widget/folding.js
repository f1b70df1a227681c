/** What an answer keeps folded, so that what was asked is read first, on one screen. */

import { el } from "./dom.js";

const STEPS = 3; // of what to do in an emergency, before the others are folded
const LINES = 4; // of a question: one a little longer is not worth a button
const LETTER = 10; // px, about
const WIDEST = 700; // px of a line (widget.css)

/** Nodes that one touch shows; `label` is a text, or a node. */
export function folded(label, t, ...nodes) {
  const summary = typeof label === "string" ? el("summary", { lang: t.language, text: label })
    : el("summary", {}, label);
  return el("details", { class: "more" }, summary, ...nodes);
}

/** Of each list of steps the first ones; the others keep their numbers, and are one touch away. */
export function foldSteps(body, t) {
  const lists = [...body.querySelectorAll("ol")].filter((list) => !list.closest("details"));
  const most = lists.length > 1 ? STEPS - 1 : STEPS;
  for (const list of lists) {
    const others = [...list.children].slice(most);
    if (others.length < 2) continue;
    const rest = el("ol", { start: list.start + most }, others);
    list.after(folded(t("more_steps", { n: others.length }), t, rest));
  }
}

/** A long question, pasted perhaps: its beginning, and the whole of it in one touch. `width` is that
 * of the chat, in px. */
export function longQuestion(heading, text, t, width) {
  if (text.length <= LINES * Math.min(width, WIDEST) / LETTER) return heading;
  heading.classList.add("begun");
  const button = el("button", { type: "button", class: "quiet whole-question", "aria-expanded": "false",
    text: t("whole_question") });
  button.addEventListener("click", () => {
    const begun = heading.classList.toggle("begun");
    button.setAttribute("aria-expanded", String(!begun));
    button.textContent = t(begun ? "whole_question" : "less_question");
  });
  return [heading, button];
}
