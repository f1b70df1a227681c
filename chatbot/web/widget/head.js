/** What stands above the conversation: its title, what may be kept, how to erase it; a greeting. */

import { el } from "./dom.js";

/** `eraser` is in sight once there is something to erase. */
export function head(t, { remembers, onRemember, onErase }) {
  const remember = el("input", { type: "checkbox" });
  remember.checked = remembers;
  remember.addEventListener("change", () => onRemember(remember.checked));
  const eraser = el("button", { type: "button", class: "quiet", text: t("erase"), onclick: onErase });
  const element = el("header", { class: "head" },
    el("h2", { id: "chat-title", text: t("title") }),
    el("div", { class: "tools" },
      el("label", { class: "choice" }, remember, el("span", { text: t("remember") })),
      eraser));
  return { element, remember, eraser };
}

/** `reviewed` is filled in when it is known; `apart` where the chat sits in another page. */
export function welcome(t, { greeting, reviewed, apart }) {
  return el("div", { class: "welcome" },
    el("p", { class: "greeting", text: greeting || t("greeting") }),
    el("p", { class: "notice" }, t("notice"), " ", reviewed, apart ? ` ${t("opens_apart")}` : ""));
}
