// What the pages behind a token share. The token stays in this tab and goes only into the
// Authorization header.
const KEY = "bussola-gettone";
export const find = (selector) => document.querySelector(selector);
export const say = (text) => { find("#esito").textContent = text; };

export async function call(path, body, method = "POST") {
  const headers = { Authorization: `Bearer ${sessionStorage.getItem(KEY)}` };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const response = await fetch(`/api/admin/${path}`, {
    method, headers, body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    const more = (problem.errors || []).map((e) => `${e.field}: ${e.message}`).join("\n");
    throw new Error([problem.detail || `Errore ${response.status}`, more].filter(Boolean).join("\n"));
  }
  return response;
}

// Shows a fragment that only a token opens, in place of the form that asks for one.
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

// Asks for the token once a tab; `refresh` shows what it opens.
export function enter(refresh) {
  find("#entra").addEventListener("submit", async (event) => {
    event.preventDefault();
    sessionStorage.setItem(KEY, find("#gettone").value.trim());
    try {
      await refresh();
      say("");
    } catch (error) {
      sessionStorage.removeItem(KEY);
      say(error.message);
    }
  });
  if (sessionStorage.getItem(KEY)) refresh().catch(() => sessionStorage.removeItem(KEY));
}
