// Every page of the editors' desk: shows its fragment, and does what its buttons say.
import { call, enter, find, json, leave, say, send, show } from "../admin.js";
import { at } from "../root.js";
import { peopleButtons, peopleForms } from "./people.js";
import { download, tellMoments, twoAnswers } from "./dom.js";

const desk = find("#scrivania");
const view = find("#vista");
const go = (address) => location.assign(address);
const draftId = () => location.pathname.split("/").pop();

// what makes a page work
const ROOMS = {
  guida: async () => (await import("./editor.js")).open,
  servizi: async () => (await import("./services.js")).openServices,
  rete: async () => (await import("./network.js")).openNetwork,
};

async function refresh() {
  const open = await show(desk.dataset.fragment + location.search, "#vista", ROOMS[desk.dataset.page]?.());
  tellMoments(view);
  if (view.querySelector("#guida, #servizi, #rete")) open(view, refresh);
  if (view.querySelector("[data-running]")) follow();
  if (view.querySelector("[data-looking]")) followLinks();
  const title = view.querySelector("h1").textContent;
  document.title = document.title.replace(/^[^–]*/, `${title} `);
  if (location.hash) view.querySelector(location.hash)?.scrollIntoView();
}

// The tests of a draft take minutes: the page shows what they found so far, and says when they end.
async function follow() {
  const now = await json(`desk/drafts/${draftId()}/impact`, undefined, "GET");
  if (now.state !== "running") {
    await refresh();
    say(now.state === "done" ? "Prove finite." : now.why);
    return view.querySelector("#prove").focus();
  }
  const found = await (await call(`desk/impact/${draftId()}`, undefined, "GET")).text();
  view.querySelector("#esito-prove").innerHTML = found; // escaped by the server
  return setTimeout(() => follow().catch((error) => say(error.message)), 1000);
}

// The links of the guides are looked at slowly: the page says how far it is.
async function followLinks() {
  const state = view.querySelector("#stato-collegamenti");
  const now = await json("desk/links", undefined, "GET");
  if (!now.running) {
    await refresh();
    return say(`Collegamenti guardati: ${now.troubles} non funzionano.`);
  }
  state.textContent = `guardati ${now.looked} di ${now.total}, ${now.troubles} non funzionano`;
  return setTimeout(() => followLinks().catch((error) => say(error.message)), 2000);
}

const counted = (s) => `${s.added} passaggi nuovi, ${s.changed} cambiati, ${s.removed} tolti, ${s.reused} uguali.`;
const ACTIONS = {
  async reindex() {
    say("Pubblico…");
    const summary = await json("reindex");
    await refresh();
    say(`Pubblicata ${summary.snapshot}: ${counted(summary)}`);
  },
  async draft() {
    say("Costruisco…");
    const summary = await json("draft");
    await refresh();
    say(`Costruita ${summary.snapshot}: ${counted(summary)}`);
  },
  async rollback() {
    const done = await json("rollback");
    await refresh();
    say(`Pubblicata di nuovo ${done.published}`);
  },
  leave,
};

// A new guide begins in a draft of its own name.
async function write(title, kind, questions) {
  const draft = await json("desk/drafts", { name: title });
  const made = await json(`desk/drafts/${draft.id}/guides`, { title, kind, questions });
  go(at(`/redazione/guida/${made.guides[0].slug}?bozza=${draft.id}`));
}

const BUTTONS = {
  ...peopleButtons(refresh),
  do: (name) => ACTIONS[name](),
  write: (questions) => {
    const asked = JSON.parse(questions);
    return write(asked[0].slice(0, 80), "scheda", asked);
  },
  async forget(ids) {
    const answers = JSON.parse(ids);
    const what = answers.length === 1 ? "questa domanda" : `questa domanda, fatta ${answers.length} volte`;
    if (!confirm(`Cancello dal registro ${what}, con la risposta, i pareri e i giudizi che ha avuto. Non si torna indietro; le guide restano come sono. Continuo?`)) return;
    await json("desk/journal/erase", { answers });
    await refresh();
    say("Cancellata dal registro.");
    view.querySelector("#domande").focus();
  },
  async valid(slug) {
    const done = await json(`desk/valid/${slug}`);
    if (!done.written) download(done.name, done.patch);
    say(done.written
      ? `Nuova data di revisione scritta in «${slug}»: pubblica le guide della cartella da «Storia» per farla vedere.`
      : "La cartella non si può scrivere: ho scaricato la modifica da applicare.");
  },
  async drop(slug) {
    if (!confirm(`Tolgo «${slug}» dalla bozza, con le sue modifiche. Continuo?`)) return;
    await json(`desk/drafts/${draftId()}/guides/${slug}`, undefined, "DELETE");
    await refresh();
    say(`«${slug}» non è più nella bozza.`);
  },
  async restart(slug) {
    await json(`desk/drafts/${draftId()}/guides/${slug}/restart`);
    await refresh();
    say("Vale il testo della bozza: controlla che cosa cambia, poi pubblica.");
  },
  async merge(slug) {
    await json(`desk/drafts/${draftId()}/guides/${slug}/merge`);
    await refresh();
    say("Le due modifiche stanno insieme nella bozza: rileggila, poi pubblica.");
  },
  async approve(version) {
    await json(`desk/drafts/${draftId()}/approve`, { version: Number(version) });
    await refresh();
    say("Approvata.");
  },
  async unschedule() {
    await json(`desk/drafts/${draftId()}/schedule`, undefined, "DELETE");
    await refresh();
    say("Non si pubblica più da sola.");
  },
  async discard() {
    if (!confirm("Scarto la bozza: le sue guide non saranno pubblicate. Continuo?")) return;
    await json(`desk/drafts/${draftId()}`, undefined, "DELETE");
    go(at("/redazione/bozze"));
  },
  async impact() {
    say("Preparo le prove…");
    await json(`desk/drafts/${draftId()}/impact`);
    await refresh();
    say("Prove cominciate.");
  },
  async links(what) {
    await json("desk/links", undefined, what === "start" ? "POST" : "DELETE");
    await refresh();
    say(what === "start" ? "Controllo cominciato." : "Controllo fermato: quello che ha trovato resta.");
    view.querySelector("#collegamenti").focus();
  },
  async undo(guide) {
    const what = guide ? `le modifiche a «${guide}»` : "tutta la pubblicazione";
    if (!confirm(`Annullo ${what}: le guide tornano al testo di prima. Continuo?`)) return;
    say("Annullo…");
    await json(`desk/publications/${draftId()}/undo`, { guide });
    go(at("/redazione/storia"));
  },
  async snapshot(id) {
    const reason = prompt("Perché pubblichi questa? Il motivo resta scritto.");
    if (!reason) return;
    await call("publish", { snapshot: id, reason });
    await refresh();
    say(`Pubblicata ${id}`);
  },
  async download(path, { name }) {
    download(name, await (await call(path, undefined, "GET")).text());
  },
  async turn(number) {
    const query = new URLSearchParams(location.search);
    query.set("pagina", number);
    go(`${location.pathname}?${query}`);
  },
};

const FORMS = {
  ...peopleForms(refresh),
  filters(form) {
    const query = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
    go(`${location.pathname}?${query}`);
  },
  new: (form) => write(form.elements.title.value, form.elements.kind.value, []),
  async draftNew(form) {
    const draft = await json("desk/drafts", { name: form.elements.name.value });
    go(at(`/redazione/bozza/${draft.id}`));
  },
  async draftName(form) {
    await json(`desk/drafts/${draftId()}/name`, { name: form.elements.name.value }, "PUT");
    await refresh();
    say("Nome cambiato.");
  },
  async document(form) {
    say("Leggo il documento…");
    const [file] = form.elements.file.files;
    const draft = await json("desk/drafts", { name: file.name });
    const made = await (await send(`desk/drafts/${draft.id}/documents`, file)).json();
    const [slug] = made.slugs;
    return go(at(made.slugs.length === 1 ? `/redazione/guida/${slug}?bozza=${draft.id}` : `/redazione/bozza/${draft.id}`));
  },
  async table(form) {
    say("Leggo la tabella…");
    const [file] = form.elements.file.files;
    const draft = await json("desk/drafts", { name: file.name });
    const away = () => json(`desk/drafts/${draft.id}`, undefined, "DELETE");
    try {
      const made = await (await send(`desk/drafts/${draft.id}/services`, file)).json();
      if (made.slugs.length) return go(at(`/redazione/bozza/${draft.id}`));
      await away();
      return say(`Niente da cambiare: ${made.unchanged} servizi sono già così.`);
    } catch (error) {
      await away();
      throw error;
    }
  },
  async ask(form) {
    say("Chiedo…");
    const question = form.elements.question.value;
    const found = await json(`desk/drafts/${draftId()}/ask`, { question });
    view.querySelector("#risposte").replaceChildren(...twoAnswers(found));
    say("");
  },
  async publish(form) {
    const { reason, day } = Object.fromEntries(new FormData(form));
    if (day) {
      await json(`desk/drafts/${draftId()}/schedule`, { reason, day }, "PUT");
      await refresh();
      return say("Giorno scelto: la bozza si pubblica da sola. Se cambia, il giorno va scelto di nuovo.");
    }
    say("Pubblico…");
    const done = await json(`desk/drafts/${draftId()}/publish`, { reason });
    return go(at(done.not_committed ? `/redazione/pubblicazione/${done.publication}` : "/redazione/storia"));
  },
};

async function guarded(control, work) {
  control.disabled = true;
  try {
    await work();
  } catch (error) {
    say(error.message);
    find("#esito").scrollIntoView({ block: "center" });
  } finally {
    control.disabled = false;
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("#scrivania button[type=button]");
  const name = button && Object.keys(BUTTONS).find((key) => key in button.dataset);
  if (!name || (button.dataset.sure && !confirm(button.dataset.sure))) return;
  guarded(button, () => BUTTONS[name](button.dataset[name], button.dataset));
});

document.addEventListener("submit", (event) => {
  const name = Object.keys(FORMS).find((key) => key in event.target.dataset);
  if (!name) return;
  event.preventDefault();
  guarded(event.submitter, () => FORMS[name](event.target));
});

enter(refresh);
