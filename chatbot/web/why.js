// «Perché»: the question is after the # of the address, which no server sees.
import { call, enter, find, say } from "./admin.js";

const form = () => find("#domanda");
const wanted = () => new URLSearchParams(location.hash.slice(1));

function body(data) {
  const before = (data.get("prima") || "").split("\n").map((turn) => turn.trim()).filter(Boolean);
  const profile = {};
  for (const [name, key] of [["titolo", "title"], ["data", "application_date"], ["comune", "municipality"]]) {
    if (data.get(name)) profile[key] = data.get(name);
  }
  return { turns: [...before, data.get("domanda").trim()], profile };
}

async function ask() {
  const data = wanted();
  const answer = data.get("risposta");
  find("#entra").hidden = true;
  if (!answer && !data.get("domanda")) return;
  for (const field of form().elements) if (field.name) field.value = data.get(field.name) || "";
  say("Rifaccio la domanda…");
  const response = answer
    ? await call(`why/${encodeURIComponent(answer)}`, undefined, "GET")
    : await call("why", body(data));
  find("#vista").innerHTML = await response.text(); // escaped by the server
  find("#scrivania").hidden = false;
  find("#entra").hidden = true;
  say("");
  find("#p-risposta").focus();
}

const failed = (error) => {
  find("#entra").hidden = ![401, 403, 429].includes(error.status);
  say(error.message);
};

form().addEventListener("submit", (event) => {
  event.preventDefault();
  const data = new URLSearchParams();
  for (const [name, value] of new FormData(form())) if (value.trim()) data.set(name, value.trim());
  const same = location.hash.slice(1) === data.toString();
  location.hash = data.toString();
  if (same) ask().catch(failed);
});
addEventListener("hashchange", () => ask().catch(failed));

enter(ask);
