// The page on which a guide is written: form, text, what the check says, what readers will see.
import { call, json, say } from "../admin.js";
import { at } from "../root.js";
import { element, inBrief, twoAnswers } from "./dom.js";
import * as fields from "./fields.js";
import { Saving } from "./saving.js";
import { Textbox } from "./textbox.js";
import { installTools } from "./tools.js";

const LOOK_PAUSE_MS = 100;
const { TextEditor } = await import("./text_editor.js").catch(() => ({ TextEditor: Textbox }));

export function open(view) {
  const form = view.querySelector("#guida");
  const at = (selector) => form.querySelector(selector);
  const head = at("[data-head]").value;
  const changed = () => { look.soon(); saving.changed(); };
  const box = new TextEditor(at("#testo"), changed);
  const read = () => ({ head, fields: fields.read(form), body: box.value });
  const saving = new Saving(form, read, (state, detail) => tell(form, saving, state, detail));
  const look = new Look(form, box, read);

  form.addEventListener("input", (event) => { if (event.target !== box.place) changed(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      saving.now().catch(() => {});
    }
  });
  fields.keepRows(form, changed);
  fields.keepProposals(form, changed);
  installTools(view, box, form.dataset.path);
  chooseDraft(form, saving);
  settle(form, saving, box);
  recover(form, saving);
  askBoth(form, saving);
  place(form, saving);
  look.now();
}

const clock = () => new Intl.DateTimeFormat("it", { timeStyle: "short" }).format(new Date());

function tell(form, saving, state, detail) {
  const place = form.querySelector("[data-saved]");
  const into = form.querySelector("[data-into]");
  if (state === "saving") place.textContent = "Salvo…";
  if (state === "failed") {
    place.textContent = "Non salvato";
    say(detail.status ? detail.message : "Il server non risponde: il testo resta in questo browser, riprovo fra poco.");
  }
  if (state === "draft") {
    const name = form.querySelector("[data-draft-name]").value;
    form.querySelector("[data-new-draft]").hidden = true;
    const made = new Option(name || "Bozza", saving.draft, true, true);
    into.prepend(made);
    history.replaceState(null, "", `${location.pathname}?bozza=${saving.draft}`);
  }
  if (state === "saved") {
    say(detail.outside ? "Questa guida è cambiata nella cartella mentre scrivevi: prima di pubblicare guarda come, nella bozza." : "");
    place.textContent = `Salvato alle ${clock()}`;
    const link = form.querySelector("[data-to-draft]");
    link.href = at(`/redazione/bozza/${saving.draft}`);
    link.hidden = false;
  }
  if (state === "conflict") {
    const panel = form.querySelector("#conflitto");
    panel.querySelector("[data-who]").textContent = detail.message;
    const { head, body, fields: known } = saving.other;
    panel.querySelector("[data-theirs]").textContent = known ? `---\n${head}---\n${body}` : body;
    place.textContent = "Fermo: due persone sulla stessa guida";
    panel.hidden = false;
    panel.focus();
  }
}

function settle(form, saving, box) {
  const panel = form.querySelector("#conflitto");
  panel.addEventListener("click", async (event) => {
    const { keep } = event.target.dataset;
    if (!keep) return;
    panel.hidden = true;
    box.focus();
    if (keep === "mine") return saving.keepMine().catch(() => {});
    saving.keepTheirs();
    return location.reload(); // the form, too, is theirs
  });
}

function recover(form, saving) {
  const panel = form.querySelector("#recupero");
  const kept = saving.left();
  panel.hidden = !kept;
  panel.addEventListener("click", async (event) => {
    if ("forget" in event.target.dataset) localStorage.removeItem(saving.key);
    if ("recover" in event.target.dataset) {
      saving.read = () => JSON.parse(kept); // head and fields as they were, not those of the form
      await saving.now().catch(() => {});
      if (!saving.stopped) return location.reload();
    }
    panel.hidden = true;
    return undefined;
  });
}

function chooseDraft(form, saving) {
  form.querySelector("[data-into]").addEventListener("change", (event) => {
    if (saving.version) { // the text so far stays where it is, and this draft is opened
      const query = event.target.value ? `?bozza=${event.target.value}` : "";
      return saving.now().then(() => location.assign(location.pathname + query));
    }
    saving.draft = event.target.value;
    form.querySelector("[data-new-draft]").hidden = Boolean(saving.draft);
    return undefined;
  });
}

function askBoth(form, saving) {
  const ask = async () => {
    const place = form.querySelector("[data-answers]");
    const question = form.querySelector("[data-question]").value.trim();
    if (!question) return;
    place.textContent = "Chiedo…";
    try {
      await saving.now();
      if (!saving.version) throw new Error("La guida è come quella pubblicata: cambia qualcosa, poi chiedi.");
      const found = await (await call(`desk/drafts/${saving.draft}/ask`, { question })).json();
      place.replaceChildren(...twoAnswers(found));
    } catch (error) {
      place.textContent = error.message;
    }
  };
  form.querySelector("[data-ask-both]").addEventListener("click", ask);
  form.querySelector("[data-question]").addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); ask(); }
  });
}

/** The name that the guide is to have, or that it goes: with the draft, and what was written so far. */
function place(form, saving) {
  const panel = form.querySelector("#nome-guida");
  const address = async (what, body) => {
    await saving.now();
    if (!saving.draft) await saving.begin();
    return json(`${saving.address}/${what}`, { ...body, digest: saving.digest });
  };
  const ways = {
    async rename() {
      const keep = panel.querySelector("[data-keep-name]")?.checked ?? false;
      const made = await address("rename", { name: panel.querySelector("[data-new-name]").value, keep });
      location.assign(at(`/redazione/guida/${made.slug}?bozza=${made.draft}`));
    },
    async takeAway() {
      const named = panel.querySelectorAll("[data-mentions] li").length;
      const more = named ? ` La nominano ancora in ${named} posti: finché non li correggi la bozza non si pubblica.` : "";
      if (!confirm(`La guida va tolta quando la bozza è pubblicata, con le sue traduzioni; dalla storia si riprende.${more} Continuo?`)) return;
      await address("remove", {});
      location.assign(at(`/redazione/bozza/${saving.draft}`));
    },
  };
  panel.addEventListener("click", async (event) => {
    const way = Object.keys(ways).find((name) => name in event.target.dataset);
    if (!way) return;
    event.target.disabled = true;
    await ways[way]().catch((error) => say(error.message));
    event.target.disabled = false;
  });
}

/** What the server makes of the text as it is now: one request at a time, the last text last. */
class Look {
  constructor(form, box, read) { Object.assign(this, { form, box, read }); }

  soon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now(), LOOK_PAUSE_MS);
  }

  async now() {
    if (this.under) { this.again = true; return; }
    this.under = true;
    try {
      const body = { ...this.read(), path: this.form.dataset.path, was: this.form.dataset.was };
      this.show(await (await call("desk/preview", body)).json());
    } catch (error) {
      this.form.querySelector("#in-breve").textContent = error.message;
    } finally {
      this.under = false;
      if (this.again) { this.again = false; this.soon(); }
    }
  }

  show({ findings, page, passages, sections }) {
    const at = (selector) => this.form.querySelector(selector);
    const brief = inBrief(findings);
    if (at("#in-breve").textContent !== brief) at("#in-breve").textContent = brief; // told once
    at("[data-findings]").replaceChildren(...findings.map((one) => this.finding(one)));
    this.box.mark(findings.filter((one) => one.line));
    fields.mark(this.form, findings.filter((one) => one.field));
    if (page) at("[data-look]").innerHTML = page; // made safe by the server
    at("[data-passages]").replaceChildren(...passages.map(passage));
    const anchors = at("#ancore");
    if (anchors) anchors.replaceChildren(...sections.map(([anchor, title]) => new Option(title, anchor)));
  }

  finding({ line, field, message, severity }) {
    const item = element("li", "", severity);
    item.append(element("span", severity === "error" ? "errore" : "avviso", severity === "error" ? "tag tag-warn" : "tag"), " ");
    if (line) {
      const button = element("button", `riga ${line}`, "quiet");
      button.type = "button";
      button.addEventListener("click", () => this.box.goTo(line));
      item.append(button, " ");
    } else if (field) {
      item.append(element("span", `${field.replace("_", " ")}: `));
    }
    item.append(message);
    return item;
  }
}

function passage({ id, heading, units }) {
  const item = element("li");
  const list = element("ul");
  for (const { lead, text } of units) {
    const unit = element("li", `«${text}»`);
    if (lead) unit.prepend(element("span", `${lead} `, "small"));
    list.append(unit);
  }
  item.append(element("p", `${heading} (${id})`, "small"), list);
  return item;
}
