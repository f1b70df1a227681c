// The evaluators' pages: one judgement a form, one key a judgement.
import { call, enter, find, leave, say, show } from "./admin.js";

const KEYS = { g: "giusta", s: "sbagliata", p: "pericolosa" };
const refresh = () => show(find("#scrivania").dataset.fragment, "#risposte").then(next);
const ACTIONS = { leave, refresh: () => refresh().then(() => say("")) };

// Only where the focus is on an answer and not in a field: no key is taken from elsewhere.
function next() {
  const read = find("#scrivania").dataset.fragment === "review/course"; // nothing to judge there
  if (!read) (find("form.review h2") || find("#esito")).focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) ACTIONS[button.dataset.do]().catch((error) => say(error.message));
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest("form.review");
  const typing = event.target.matches("input:not([type=radio]), select, textarea");
  const verdict = KEYS[event.key.toLowerCase()];
  if (!form || !verdict || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  form.querySelector(`[value=${verdict}]`).checked = true;
  form.requestSubmit();
});

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form.review");
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  if (button.disabled) return;
  const { verdict, passage, other, note } = Object.fromEntries(new FormData(form));
  button.disabled = true;
  say("Salvo…");
  try {
    const together = "together" in form.dataset;
    const body = { verdict, passage: other.trim() || passage, note, together };
    await call(`review/${form.dataset.answer}`, body);
    const item = form.closest("li");
    const after = item.nextElementSibling?.querySelector("h2");
    item.remove();
    say(`Giudizio salvato: ${verdict}. La bozza di caso si scrive da sola.`);
    (after || find("#esito")).focus();
  } catch (error) {
    button.disabled = false;
    say(error.message);
  }
});

enter(refresh);
