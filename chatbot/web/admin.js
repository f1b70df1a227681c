// What the pages behind a sign-in share. The session is in a cookie that no script can read; every
// change carries a word that only our own pages are told.
import { at } from "./root.js";

export const find = (selector) => document.querySelector(selector);
export const say = (text) => { find("#esito").textContent = text; };
export let who = null; // who has signed in

/** An error that the server told: its words, and its status. */
export class Told extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

export async function call(path, body, method = "POST") {
  const headers = who ? { "X-CSRF-Token": who.word } : {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await fetch(at(`/api/admin/${path}`), {
    method, headers, body: body === undefined ? undefined : JSON.stringify(body),
  });
  return told(response);
}

/** The response, unless it tells of a problem. */
async function told(response) {
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    const more = (problem.errors || []).map((e) => `${e.field}: ${e.message}`).join("\n");
    const words = [problem.detail || `Errore ${response.status}`, more].filter(Boolean).join("\n");
    if (response.status === 401 && find("#entra")) find("#entra").hidden = false;
    throw new Told(words, response.status);
  }
  return response;
}

/** Sends a file as it is. */
export async function send(path, file) {
  const headers = { "X-CSRF-Token": who.word, "Content-Type": "application/octet-stream" };
  const url = at(`/api/admin/${path}?name=${encodeURIComponent(file.name)}`);
  return told(await fetch(url, { method: "POST", headers, body: file }));
}

export const json = async (path, body, method) => (await call(path, body, method)).json();

// Shows a fragment that only a sign-in opens, when what makes it work is there too: who is quick
// finds no button that does nothing. Gives what `working` does.
export async function show(path, target, working) {
  const fragment = call(path, undefined, "GET").then((response) => response.text());
  const [html, ready] = await Promise.all([fragment, working]);
  find(target).innerHTML = html; // escaped by the server
  find("#scrivania").hidden = false;
  find("#entra").hidden = true;
  return ready;
}

export async function leave() {
  await call("session", undefined, "DELETE");
  location.assign(at("/accedi"));
}

/** Entries of the navigation that are for a role are shown to it alone. */
function greet() {
  for (const entry of document.querySelectorAll("[data-for]")) {
    entry.hidden = who.role !== "admin" && !entry.dataset.for.split(" ").includes(who.role);
  }
  for (const name of document.querySelectorAll("[data-who]")) name.textContent = who.name;
}

/** Signs in by the form; `then` goes on. A page that was open stays as it is. */
export function signIn(form, then) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { name, passphrase } = Object.fromEntries(new FormData(form));
    say("");
    try {
      who = await json("session", { name, passphrase });
      form.reset();
      await then();
    } catch (error) {
      say(error.message);
    }
  });
}

// Asks to sign in where nobody has; `refresh` shows what that opens. Whoever was writing when the
// session ended goes on where they were.
export async function enter(refresh) {
  const form = find("#entra");
  signIn(form, async () => {
    greet();
    if (find("#scrivania").hidden) return refresh();
    form.hidden = true;
    say("Accesso fatto: puoi continuare.");
    return document.dispatchEvent(new Event("entrato"));
  });
  try {
    who = await json("session", undefined, "GET");
    greet();
    await refresh();
  } catch (error) {
    form.hidden = Boolean(who) && error.status !== 401;
    if (error.status !== 401) say(error.message);
  }
}
