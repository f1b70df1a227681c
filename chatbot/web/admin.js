// What the pages behind an access code share. The code stays in this tab and goes only into the
// Authorization header, so that no page of another site can use it.
const KEY = "bussola-gettone";
export const find = (selector) => document.querySelector(selector);
export const say = (text) => { find("#esito").textContent = text; };

/** An error that the server told: its words, and its status. */
export class Told extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

export async function call(path, body, method = "POST") {
  const headers = { Authorization: `Bearer ${sessionStorage.getItem(KEY)}` };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await fetch(`/api/admin/${path}`, {
    method, headers, body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    const more = (problem.errors || []).map((e) => `${e.field}: ${e.message}`).join("\n");
    const words = [problem.detail || `Errore ${response.status}`, more].filter(Boolean).join("\n");
    throw new Told(words, response.status);
  }
  return response;
}

// Shows a fragment that only a code opens, in place of the form that asks for one.
export async function show(path, target) {
  const response = await call(path, undefined, "GET");
  find(target).innerHTML = await response.text(); // escaped by the server
  find("#scrivania").hidden = false;
  find("#entra").hidden = true;
}

export function leave() {
  sessionStorage.removeItem(KEY);
  location.reload();
}

// Asks for the code once a tab; `refresh` shows what it opens.
export function enter(refresh) {
  const form = find("#entra");
  const failed = (error) => {
    if ([401, 403, 429].includes(error.status)) {
      sessionStorage.removeItem(KEY);
      form.hidden = false;
    }
    say(error.message);
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    sessionStorage.setItem(KEY, find("#gettone").value.trim());
    try {
      await refresh();
      say("");
    } catch (error) {
      failed(error);
    }
  });
  if (sessionStorage.getItem(KEY)) refresh().catch(failed);
  else form.hidden = false;
}
