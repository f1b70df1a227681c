// The editors' desk.
import { call, enter, find, leave, say, show } from "./admin.js";

const refresh = () => show("desk", "#panoramica");

function download(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function counted(summary) {
  return `${summary.added} passaggi nuovi, ${summary.changed} cambiati, ${summary.removed} tolti, ${summary.reused} uguali.`;
}

function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

const EFFECTS = { worse: "peggiora", better: "migliora", changed: "cambia risposta" };

function showImpact(snapshot, found) {
  const box = find("#bozza");
  const { worse, better, changed, same } = found.counts;
  box.replaceChildren(
    element("h2", `Che cosa cambia con ${snapshot}`),
    element("p", `${worse} casi peggiorano, ${better} migliorano, ${changed} cambiano risposta, ${same} restano uguali.`),
    ...found.regressions.map((line) => element("p", line, "alert")),
  );
  for (const item of found.cases) {
    const sides = element("div", "", "desk-sides");
    for (const [label, side] of [["Ora", item.before], ["Bozza", item.after]]) {
      const part = element("div");
      part.append(element("h4", `${label}: ${side.verdict}`), element("p", side.answer));
      sides.append(part);
    }
    box.append(element("h3", `${EFFECTS[item.effect]}: ${item.question}`), sides);
  }
  box.hidden = false;
}

const ACTIONS = {
  async reindex() {
    say("Pubblico…");
    const summary = await (await call("reindex")).json();
    await refresh();
    say(`Pubblicata ${summary.snapshot}: ${counted(summary)}`);
  },
  async draft() {
    say("Costruisco la bozza…");
    const summary = await (await call("draft")).json();
    await refresh();
    say(`Bozza ${summary.snapshot}: ${counted(summary)}`);
  },
  async rollback() {
    const done = await (await call("rollback")).json();
    await refresh();
    say(`Pubblicata di nuovo ${done.published}`);
  },
  leave,
};

async function act(button) {
  const { do: action, publish, impact, draft, valid } = button.dataset;
  if (action) return ACTIONS[action]();
  if (publish) {
    const reason = prompt("Perché pubblichi questa? Il motivo resta scritto.");
    if (!reason) return undefined;
    await call("publish", { snapshot: publish, reason });
    await refresh();
    return say(`Pubblicata ${publish}`);
  }
  if (impact) {
    say("Faccio le prove: può volerci qualche minuto…");
    showImpact(impact, await (await call("impact", { snapshot: impact })).json());
    return say("Prove finite.");
  }
  if (draft) {
    const text = await (await call("desk/draft", { questions: JSON.parse(draft) })).text();
    download("bozza.md", text);
    return say("Bozza scaricata: scrivila e mettila nella cartella delle guide.");
  }
  if (valid) {
    const done = await (await call(`desk/valid/${valid}`)).json();
    if (!done.written) download(done.name, done.patch);
    return say(done.written
      ? `Nuova data di revisione scritta in «${valid}»: pubblica per farla vedere.`
      : "La cartella non si può scrivere: ho scaricato la modifica da applicare.");
  }
  return undefined;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("#scrivania button[type=button]");
  if (!button) return;
  button.disabled = true;
  try {
    await act(button);
  } catch (error) {
    say(error.message);
  } finally {
    button.disabled = false;
  }
});

find("#anteprima").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  try {
    const body = { text: form.elements.text.value, name: form.elements.name.value };
    find("#resa").innerHTML = await (await call("desk/preview", body)).text(); // escaped by the server
    find("#resa").focus();
    say("");
  } catch (error) {
    say(error.message);
  }
});

find("#anteprima input[type=file]").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (!file) return;
  const form = event.target.form;
  form.elements.text.value = await file.text();
  form.elements.name.value = file.name;
});

enter(refresh);
