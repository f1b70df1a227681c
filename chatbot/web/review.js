// The evaluators' page: one judgement a form.
import { call, enter, find, leave, say, show } from "./admin.js";

const refresh = () => show("review", "#risposte");
const ACTIONS = { leave, refresh: () => refresh().then(() => say("")) };

function told({ drafts }) {
  if (drafts === null) return "Giudizio salvato. La bozza non è stata scritta: avvisa chi gestisce Bussola.";
  return drafts ? "Giudizio salvato, bozza di caso scritta." : "Giudizio salvato. La bozza c'era già.";
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) ACTIONS[button.dataset.do]().catch((error) => say(error.message));
});

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form.review");
  if (!form) return;
  event.preventDefault();
  const button = form.querySelector("[type=submit]");
  const { verdict, passage, other, note } = Object.fromEntries(new FormData(form));
  button.disabled = true;
  say("Salvo…");
  try {
    const body = { verdict, passage: other.trim() || passage, note };
    const done = await (await call(`review/${form.dataset.answer}`, body)).json();
    const item = form.closest("li");
    const next = item.nextElementSibling?.querySelector("h2");
    item.remove();
    say(told(done));
    (next || find("#esito")).focus();
  } catch (error) {
    button.disabled = false;
    say(error.message);
  }
});

enter(refresh);
