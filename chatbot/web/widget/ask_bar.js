/** A question of the page itself, with its answers as buttons; what it is about waits. */

import { el } from "./dom.js";

/** `answers` are pairs of a label and what it does. The first one has the focus. */
export function askBar(id, text, answers) {
  const buttons = answers.map(([label, act], n) => el("button", { type: "button",
    class: n ? "quiet" : "button", text: label, onclick: () => {
      element.remove();
      act();
    } }));
  const element = el("section", { class: "ask-bar", role: "alertdialog", "aria-labelledby": id },
    el("p", { id, text }), el("div", { class: "ask-bar-answers" }, buttons));
  return { element, focus: () => buttons[0].focus() };
}
