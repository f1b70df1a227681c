// From complaint to case: drafts completed, checked and added; the suite as a spreadsheet.
import { call, enter, find, json, leave, say, show, who } from "./admin.js";
import { element } from "./desk/dom.js";
import { at } from "./root.js";

const refresh = () => show("cases", "#bozze");

/** Shows the sentences of a passage, to be ticked. */
async function addPassage(form, section, grade = "2") {
  if (!section || form.querySelector(`[data-passage="${CSS.escape(section)}"]`)) return;
  const response = await call(`cases/units?passaggio=${encodeURIComponent(section)}`, undefined, "GET");
  const box = element("div");
  box.innerHTML = await response.text(); // escaped by the server
  box.querySelector("[data-vote]").value = grade;
  form.querySelector("[data-passages]").append(box.firstElementChild);
}

/** The case as the cells of a row of the spreadsheet. */
function cells(form) {
  const found = Object.fromEntries(new FormData(form));
  const passages = [...form.querySelectorAll("[data-passage]")];
  found.passaggi = passages.map((one) => `${one.dataset.passage} ${one.querySelector("[data-vote]").value}`).join("\n");
  found.frasi = [...form.querySelectorAll("[data-unit]:checked")].map((unit) => unit.value).join("\n");
  found.etichette = found.etichette.trim().split(/\s+/).join("\n");
  return found;
}

function tell(form, { errors, warnings }) {
  const list = form.querySelector("[data-findings]");
  list.replaceChildren(
    ...errors.map((text) => element("li", text, "field-finding")),
    ...warnings.map((text) => element("li", `Attenzione: ${text}`, "field-finding warning")),
  );
  list.hidden = !list.children.length;
}

const body = (form) => ({ cells: cells(form), draft: form.dataset.draft });
const kept = ({ commit, not_committed: why }) =>
  commit ? ` È in git: ${commit.slice(0, 8)}.` : why ? ` Non è in git: ${why}` : "";

async function check(form) {
  say("Controllo…");
  const found = await json("cases/check", body(form));
  tell(form, found);
  say(found.errors.length ? "C'è qualcosa da sistemare." : "Il caso è scritto bene.");
}

async function add(form) {
  say("Aggiungo…");
  const found = await json("cases", body(form));
  tell(form, found);
  if (found.errors.length) return say("Non è stato aggiunto: c'è qualcosa da sistemare.");
  form.closest("li").remove();
  say(`Aggiunto a ${found.files.join(", ")}.${kept(found)}`);
  return find("#esito").focus();
}

async function drop(form) {
  await json(`cases/${form.dataset.draft}`, undefined, "DELETE");
  form.closest("li").remove();
  say("Bozza buttata.");
  find("#esito").focus();
}

async function download() {
  say("Preparo il foglio…");
  const response = await call("cases/sheet", undefined, "GET");
  const link = element("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = "casi.xlsx";
  link.click();
  URL.revokeObjectURL(link.href);
  say("Foglio scaricato.");
}

/** What a spreadsheet changes; written where asked for. */
async function bring(file, write) {
  say(write ? "Scrivo…" : "Leggo il foglio…");
  const headers = { "X-CSRF-Token": who.word, "Content-Type": "application/octet-stream" };
  const url = at(`/api/admin/cases/sheet?name=${encodeURIComponent(file.name)}&scrivi=${write}`);
  const response = await fetch(url, { method: "POST", headers, body: file });
  const found = await response.json();
  if (!response.ok) throw new Error(found.detail);
  const shown = find("#cambia");
  const told = [["Modificati", found.changed], ["Sono nuovi", found.new]].filter(([, names]) => names.length);
  const lines = told.map(([words, names]) => element("p", `${words} ${names.length}: ${names.join(", ")}`));
  lines.push(...found.warnings.map((text) => element("p", `Attenzione: ${text}`, "field-finding warning")));
  if (told.length && !write) {
    const button = element("button", "Scrivi i cambiamenti", "button");
    button.type = "button";
    button.addEventListener("click", () => bring(file, true).catch(failed));
    lines.push(button);
  }
  shown.replaceChildren(...lines);
  shown.hidden = false;
  if (!told.length) return say("Il foglio non cambia niente.");
  return say(write ? `Scritti: ${found.files.join(", ")}.${kept(found)}` : "Guarda che cosa cambia, poi scrivi.");
}

const failed = (error) => say(error.message);
const ACTIONS = {
  leave, refresh, download,
  check, drop,
  passage: async (form) => {
    const field = form.querySelector("[data-add]");
    await addPassage(form, field.value.trim());
    field.value = "";
  },
  forget: async (form, button) => button.closest("[data-passage]").remove(),
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) ACTIONS[button.dataset.do](button.closest("form"), button).catch(failed);
  const why = event.target.closest("[data-why]");
  if (why) {
    const turns = why.closest("form").elements.domande.value.split("\n").filter(Boolean);
    const data = new URLSearchParams({ domanda: turns.pop() || "" });
    if (turns.length) data.set("prima", turns.join("\n"));
    why.href = at(`/perche#${data}`);
  }
});

// The sentences of the passages of a draft are shown when it is opened.
document.addEventListener("toggle", ({ target }) => {
  if (!target.matches("details.draft-case") || !target.open) return;
  const form = target.querySelector("form");
  for (const place of form.querySelectorAll("[data-section]")) {
    place.remove();
    addPassage(form, place.dataset.section, place.dataset.grade).catch(failed);
  }
}, true);

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.matches("form.case")) await add(form).catch(failed);
  if (form.id === "riporta") await bring(form.elements.file.files[0], false).catch(failed);
});

enter(refresh);
