/** After a reload or a way back: is it the same person? One line under the last turn, no dialog. */

import { el } from "./dom.js";

/** `restart` is what «Ricomincia» does; going on only takes the line away. */
export function resumeBar(t, { goOn, restart }) {
  const act = (run) => () => {
    element.remove();
    run();
  };
  const element = el("div", { class: "ask-bar resume", role: "group", "aria-label": t("resume") },
    el("p", { text: t("resume") }),
    el("div", { class: "ask-bar-answers" },
      el("button", { type: "button", class: "button", text: t("resume_yes"), onclick: act(goOn) }),
      el("button", { type: "button", class: "quiet", text: t("resume_no"), onclick: act(restart) })));
  return element;
}
