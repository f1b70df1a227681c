/** In a corner of somebody else's page: a button that opens and closes the chat. */

import { el } from "./dom.js";

/** The button of `frame`, which is closed at first; `input` has the focus when it is opened. */
export function launcher(frame, input, t) {
  const button = el("button", { type: "button", class: "launcher", "aria-expanded": "false",
    text: t("title") });
  const toggle = (open) => {
    frame.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    button.textContent = t(open ? "close" : "title");
    (open ? input : button).focus();
  };
  frame.hidden = true;
  button.addEventListener("click", () => toggle(frame.hidden));
  frame.addEventListener("keydown", (event) => event.key === "Escape" && toggle(false));
  return button;
}
