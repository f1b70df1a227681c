/** What an answer keeps folded, so that what was asked is read first, on one screen. */

import { el } from "./dom.js";

const STEPS = 3; // of what to do in an emergency, before the others are folded
const STEP_LINES = 5; // that they may take: on a phone the numbers and the first one are on its screen
const LINES = 4; // of a question: one a little longer is not worth a button
export const PHONE = 640; // px, or the corner of a page: the answer has the screen, the rest is a touch away
const LETTER = 10; // px, about
const WIDEST = 700; // px of a line (widget.css)

/** How many letters stand in so many lines of a chat of that `width`, in px. */
const room = (lines, width) => (lines * Math.min(width, WIDEST)) / LETTER;

/** Nodes that one touch shows; `label` is a text, or a node. */
export function folded(label, t, ...nodes) {
  const summary = typeof label === "string" ? el("summary", { lang: t.language, text: label })
    : el("summary", {}, label);
  return el("details", { class: "more" }, summary, ...nodes);
}

/** Of each list of steps the first ones, always whole; the others keep their numbers, and are one
 * touch away. Of several dangers each has its opening, which says what to do at once; on a phone
 * the first one alone has a step too. `width` is that of the chat, in px. */
export function foldSteps(body, t, width) {
  const lists = [...body.querySelectorAll("ol")].filter((list) => !list.closest("details"));
  for (const [n, list] of lists.entries()) {
    const most = n && width < PHONE && opened(list) ? 0 : stepsShown(list, lists.length, width);
    const others = [...list.children].slice(most);
    if (others.length < 2) continue;
    const rest = el("ol", { start: list.start + most }, others);
    list.after(folded(t("more_steps", { n: others.length }), t, rest));
  }
}

/** Whether words that are no title stand before a list. */
function opened(list) {
  const before = list.previousElementSibling;
  return Boolean(before?.matches("p")) && before.textContent !== before.querySelector("strong")?.textContent;
}

/** How many steps of one of `lists` lists are shown: one at least, then those that there is room for. */
function stepsShown(list, lists, width) {
  const most = lists > 1 ? STEPS - 1 : STEPS;
  let left = room(STEP_LINES, width) / lists;
  let shown = 0;
  for (const step of [...list.children].slice(0, most)) {
    left -= step.textContent.length;
    if (shown && left < 0) break;
    shown += 1;
  }
  return shown;
}

/** A long question, pasted perhaps: its beginning, and the whole of it in one touch. `width` is that
 * of the chat, in px. */
export function longQuestion(heading, text, t, width) {
  if (text.length <= room(LINES, width)) return heading;
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
