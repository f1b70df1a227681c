/**
 * Sending a slip: what the operator filled in goes to the service, after the person's consent was
 * ticked. The code of the office stays on this device, what was written nowhere.
 */

import { copy } from "./copy.js";
import { at, ROOT } from "./root.js";

const KEY = `bussola-ufficio${ROOT}`;
const form = document.querySelector("#send-slip");
const said = form.querySelector("[role=status]");
const code = form.elements.code;
const why = document.querySelector(".slip-form [name=why]");

/** What `use` gives, or undefined where the browser keeps nothing. */
function kept(use) {
  try {
    return use();
  } catch {
    return undefined;
  }
}

code.value = kept(() => localStorage.getItem(KEY)) ?? "";
form.hidden = false;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  said.textContent = said.dataset.sending;
  try {
    done(await send());
  } catch (error) {
    said.textContent = error.message || said.dataset.failed;
    delete form.dataset.busy;
  }
});

function written() {
  const fields = [...form.querySelectorAll("[data-label]")]
    .map((field) => ({ label: field.dataset.label, value: field.value.trim() }))
    .filter(({ value }) => value);
  return { service: form.dataset.service, need: form.dataset.need, code: code.value.trim(),
    why: why.value.trim() || form.dataset.why, fields, consent: form.elements.consent.checked };
}

/** The address of the state. Throws an Error with the server's words. */
async function send() {
  const response = await fetch(at("/api/referrals"), { method: "POST", credentials: "omit",
    headers: { "Content-Type": "application/json" }, body: JSON.stringify(written()) })
    .catch(() => null);
  const told = await response?.json().catch(() => null);
  if (!response?.ok) throw new Error(told?.detail ?? "");
  kept(() => localStorage.setItem(KEY, code.value.trim()));
  return told.status_url;
}

/** Nothing of the person is left on the page: the slip is sent, the link tells what becomes of it. */
function done(address) {
  const box = document.querySelector("#slip-sent");
  box.querySelector("a").href = address;
  const copied = box.querySelector("[role=status]");
  box.querySelector("button").addEventListener("click", () => copy(address, copied));
  form.remove();
  box.hidden = false;
  box.querySelector("h2").focus();
}
