/** The field where a question is written, with its counter and its notes. */

import { dictation } from "./dictation.js";
import { el, safeLink } from "./dom.js";

const COUNTED_FROM = 500; // characters of a question from which they are counted

/**
 * `ask(question)` is called with what was written, `stop()` when the work is to be stopped.
 * Gives the element, the field, `fill(text)`, `note(text)` and `setBusy(busy)`.
 */
export function composer({ t, base, above, ask, stop }) {
  const most = t.network.longest || Infinity;
  const input = el("textarea", { id: "question", rows: "1", dir: "auto", enterkeyhint: "send",
    "aria-describedby": "question-hint question-count" });
  const button = el("button", { type: "submit", class: "button primary", text: t("send") });
  const counter = el("p", { id: "question-count", class: "hint count" });
  const noted = el("p", { class: "note", role: "alert" });
  const form = el("form", { class: "composer" },
    el("label", { for: "question", class: "label", text: t("question_label") }),
    el("div", { class: "ask-row" }, input, button),
    el("p", { id: "question-hint", class: "hint", text: t("question_hint") }), counter, noted);
  const note = (text) => {
    noted.textContent = text;
  };
  const refuse = (text) => {
    note(text);
    input.focus();
  };
  const add = (heard) => {
    input.value = [input.value.trimEnd(), heard].filter(Boolean).join(" ");
    count();
    input.focus();
  };
  const spoken = dictation(t, { add, note });
  counter.before(spoken.button);
  let busy = false;
  const count = () => {
    const n = [...input.value].length;
    counter.textContent = n >= COUNTED_FROM && most < Infinity ? t("characters", { n, most }) : "";
    counter.classList.toggle("too-many", n > most);
    return n;
  };
  const submit = () => {
    const question = input.value.trim();
    if (busy) return refuse(t("busy"));
    if (!question) return refuse(t("empty_question"));
    // nothing of what was pasted is cut away in silence
    if (count() > most) return refuse(t("too_long", { n: count() - most }));
    spoken.stop();
    input.value = "";
    count();
    note("");
    if (matchMedia("(pointer: coarse)").matches) input.blur(); // its keyboard would hide the answer
    ask(question);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  button.addEventListener("click", (event) => {
    if (!busy) return;
    event.preventDefault();
    stop();
  });
  input.addEventListener("input", count);
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  const setBusy = (working) => {
    busy = working;
    button.textContent = t(busy ? "stop" : "send");
    button.classList.toggle("stop", busy);
  };
  const fill = (text) => {
    input.value = text;
    count();
    input.focus();
  };
  return { element: el("div", { class: "composer-box" }, above, form, nature(t, base)), input, fill, note, setBusy };
}

/** What answers, and the way to somebody who is no program: in sight at every turn. */
function nature(t, base) {
  const person = safeLink(t.network.person, base);
  return el("p", { class: "hint nature" }, el("span", { text: t("by_program") }),
    person ? [" ", el("a", { href: person, text: t("ask_person") })] : null);
}
