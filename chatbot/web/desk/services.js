// The table of services: a row opens into a form, is checked while one writes, and goes to a draft.
import { call, find, json, say } from "../admin.js";
import { ROOT } from "../root.js";
import { element, inBrief } from "./dom.js";
import * as fields from "./fields.js";

const PAUSE_MS = 300;
const CHOSEN = `bussola:bozza-servizi${ROOT}`; // the draft that corrections go to, as long as the tab is open

export function openServices(view, refresh) {
  const table = view.querySelector("#servizi");
  const into = view.querySelector("#bozza-servizi");
  const chosen = sessionStorage.getItem(CHOSEN);
  if ([...into.options].some((option) => option.value === chosen)) into.value = chosen;
  into.addEventListener("change", () => sessionStorage.setItem(CHOSEN, into.value));
  table.addEventListener("click", (event) => {
    const button = event.target.closest("[data-correct], [data-close]");
    if (!button) return;
    const form = table.querySelector("form");
    if (form && !left(form)) return;
    if (form) close(form);
    if ("correct" in button.dataset && form?.dataset.service !== slugOf(button)) {
      open(button, into.value).catch((error) => say(error.message));
    }
  });
  table.addEventListener("input", (event) => {
    const form = event.target.closest("form");
    form.dataset.dirty = "";
    soon(form);
  });
  table.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.submitter.disabled = true;
    try {
      await save(event.target, into, refresh);
    } catch (error) {
      await told(event.target, error);
    } finally {
      event.submitter.disabled = false;
    }
  });
  addEventListener("beforeunload", (event) => {
    if (table.isConnected && table.querySelector("form[data-dirty]")) event.preventDefault();
  });
}

const slugOf = (button) => button.closest("[data-of-service]").dataset.ofService;
const left = (form) => !("dirty" in form.dataset) || confirm("Quello che hai scritto qui non è salvato. Lo butto?");
const sent = (form) => ({
  head: form.querySelector("[data-head]").value,
  fields: fields.read(form),
  body: form.querySelector("[data-body]").value,
});

async function open(button, draft) {
  const row = button.closest("tr");
  const query = draft ? `?bozza=${draft}` : "";
  const html = await (await call(`desk/service/${slugOf(button)}${query}`, undefined, "GET")).text();
  const place = element("tr");
  const cell = element("td");
  cell.colSpan = row.cells.length;
  cell.innerHTML = html; // escaped by the server
  place.append(cell);
  row.after(place);
  button.setAttribute("aria-expanded", "true");
  const form = cell.querySelector("form");
  form.querySelector("input[data-field]").focus();
  check(form).catch((error) => say(error.message));
}

function close(form) {
  const place = form.closest("tr");
  const button = place.previousElementSibling.querySelector("[data-correct]");
  place.remove();
  button.setAttribute("aria-expanded", "false");
  button.focus();
}

let timer;
function soon(form) {
  clearTimeout(timer);
  timer = setTimeout(() => check(form).catch((error) => say(error.message)), PAUSE_MS);
}

/** What the check says of the service as it is written, each finding at its field. */
async function check(form) {
  const { findings } = await json("desk/preview", { ...sent(form), path: form.dataset.path });
  if (!form.isConnected) return;
  const brief = inBrief(findings);
  const place = form.querySelector("[data-checked]");
  if (place.textContent !== brief) place.textContent = brief; // told once
  fields.mark(form, findings.filter((one) => one.field));
  const beside = findings.filter((one) => !form.querySelector(`[data-of="${CSS.escape(one.field)}"]`));
  form.querySelector("[data-findings]").replaceChildren(...beside.map(
    (one) => element("li", `${one.field || `riga ${one.line}`}: ${one.message}`, one.severity),
  ));
}

async function save(form, into, refresh) {
  say("Salvo…");
  const { service: slug, version, digest } = form.dataset;
  let draft = form.dataset.draft || into.value;
  if (!draft) draft = (await json("desk/drafts", { name: "Servizi" })).id;
  sessionStorage.setItem(CHOSEN, draft);
  const body = { ...sent(form), version: Number(version), digest };
  await call(`desk/drafts/${draft}/guides/${slug}`, body, "PUT");
  delete form.dataset.dirty;
  await refresh();
  find(`[data-of-service="${slug}"] [data-correct]`)?.focus();
  say("Salvato nella bozza: quando hai finito, aprila per provarla e pubblicarla.");
}

/** Somebody else saved this service meanwhile: this text is put aside, and the guide shows both. */
async function told(form, error) {
  say(error.status === 409 ? `${error.message} Apri «Tutta la scheda» per vedere i due testi.` : error.message);
  find("#esito").scrollIntoView({ block: "center" });
}
