// A file of the network as a form: what it says, read back as data.
import { call, find, json, say } from "../admin.js";

const lines = (area) => area.value.split("\n").map((line) => line.trim()).filter(Boolean);
const parts = (node) => [...node.querySelectorAll("[data-node]")].filter(
  (child) => child.parentElement.closest("[data-node]") === node && !child.closest("template"),
);
const items = (node) => [...node.children].filter((child) => "item" in child.dataset);
const empty = (value) => value === "" || value === undefined
  || (typeof value === "object" && Object.keys(value).length === 0);

/** The data of one part; what is left empty is not there. */
export function read(node) {
  const inside = (item) => read(item.querySelector("[data-node]"));
  switch (node.dataset.node) {
    case "object": return Object.fromEntries(
      parts(node).map((part) => [part.dataset.key, read(part)]).filter(([, value]) => !empty(value)),
    );
    case "list": return items(node).map(inside).filter((value) => !empty(value));
    case "map": return Object.fromEntries(
      items(node).map((item) => [item.querySelector("[data-name]").value.trim(), inside(item)])
        .filter(([name, value]) => name && !empty(value)),
    );
    case "lines": return lines(node);
    case "flag": return node.checked;
    default: return node.value.trim();
  }
}

export function openNetwork(view, refresh) {
  const form = view.querySelector("#rete");
  let saved = true;
  form.addEventListener("input", () => { saved = false; });
  addEventListener("beforeunload", (event) => { if (!saved && form.isConnected) event.preventDefault(); });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-new-part], [data-drop-part]");
    if (!button) return;
    saved = false;
    if ("newPart" in button.dataset) {
      const made = button.parentElement.querySelector(":scope > template").content.cloneNode(true);
      const first = made.querySelector("input, textarea, select");
      button.before(made);
      first.focus();
    } else {
      const group = button.closest("[data-item]").parentElement;
      button.closest("[data-item]").remove();
      group.querySelector(":scope > [data-new-part]").focus();
    }
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say("Salvo…");
    try {
      const into = form.querySelector("[data-into]").value;
      const draft = into || (await json("desk/drafts", { name: `Rete: ${view.querySelector("h1").textContent}` })).id;
      const { network: slug, version, digest } = form.dataset;
      const body = { version: Number(version), digest };
      const root = form.querySelector("[data-node]");
      if (root) body.data = read(root);
      else body.text = form.elements.text.value;
      const told = await (await call(`desk/drafts/${draft}/network/${slug}`, body, "PUT")).json();
      saved = true;
      history.replaceState(null, "", `${location.pathname}?bozza=${draft}`);
      await refresh();
      say(told.findings.length ? "Salvato. Prima di pubblicare va corretto quello che è segnato." : "Salvato nella bozza.");
      find("#esito").scrollIntoView({ block: "center" });
    } catch (error) {
      say(error.message);
      find("#esito").scrollIntoView({ block: "center" });
    }
  });
}
