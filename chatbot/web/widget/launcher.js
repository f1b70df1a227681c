/** In a corner of somebody else's page: a button that opens and closes the chat. */

import { el } from "./dom.js";

/**
 * The button of `frame`; `input` has the focus when it is opened. It is open at first where it was
 * on the page before: `memory.open`.
 */
export function launcher(frame, input, memory, t) {
  const button = el("button", { type: "button", class: "launcher" });
  const show = (open) => {
    frame.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
    button.textContent = t(open ? "close" : "title");
  };
  const toggle = (open) => {
    show(open);
    memory.open = open;
    (open ? input : button).focus();
  };
  show(memory.open);
  button.addEventListener("click", () => toggle(frame.hidden));
  frame.addEventListener("keydown", (event) => event.key === "Escape" && toggle(false));
  return button;
}
