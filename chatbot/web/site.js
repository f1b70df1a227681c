/** What every page does: print buttons, the note on the connection, the service worker. */

import { at } from "./root.js";

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => print());
}

const note = document.querySelector("#offline-note");
const language = document.documentElement.lang;
const texts = fetch(at(`/web/texts/${language}.json`), { credentials: "same-origin" })
  .then((response) => response.json())
  .catch(() => null);

const LONGEST_WAIT_MS = 60_000;

/** A page that may be a copy says of which day it is and, once the network is back, whether it has
 * changed since. */
let copy = false;
async function showConnection() {
  if (document.querySelector("bussola-chat")) return; // it says so itself, where one writes
  copy ||= !navigator.onLine;
  const t = (await texts)?.pages;
  if (!copy || !t) note.textContent = "";
  else if (!navigator.onLine) note.textContent = [t.offline_note, ofDay(t)].filter(Boolean).join(" ");
  else {
    const changed = await hasChanged();
    if (navigator.onLine) note.replaceChildren(...(changed ? [t.page_changed, " ", again(t)] : []));
  }
}
addEventListener("online", showConnection);
addEventListener("offline", showConnection);
showConnection();

function ofDay(t) {
  const { published } = document.body.dataset;
  const day = published && new Date(published).toLocaleDateString(language, { dateStyle: "long" });
  return day && t.offline_of.replace("{date}", day);
}

/** Of a guide: whether what is published is no longer what is read here. The network that is back may
 * carry nothing yet: until it does the copy, which the service worker would give, tells nothing. */
async function hasChanged() {
  const version = (page) => page.querySelector("[data-version]")?.dataset.version;
  if (!version(document)) return false;
  let response = null;
  for (let wait = 500; !response && navigator.onLine; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    response = await fetch(location.href, { cache: "no-store" }).catch(() => null);
    if (!response) await new Promise((done) => setTimeout(done, wait));
  }
  const now = response?.ok && version(new DOMParser().parseFromString(await response.text(), "text/html"));
  return Boolean(now) && now !== version(document);
}

function again(t) {
  const link = document.createElement("a");
  link.href = location.href;
  link.textContent = t.page_now;
  link.addEventListener("click", (event) => (event.preventDefault(), location.reload()));
  return link;
}

// The language is in the address, and the browser remembers the one chosen: no cookie. Links and
// searches carry on the one of this page.
const LANGUAGE = "lingua";
const chosen = kept(() => localStorage.getItem(LANGUAGE));
const here = new URL(location);
if (chosen && chosen !== language && !here.searchParams.has(LANGUAGE)) {
  here.searchParams.set(LANGUAGE, chosen);
  location.replace(here);
}

/** What `use` gives, or undefined where the browser keeps nothing for pages. */
function kept(use) {
  try {
    return use();
  } catch {
    return undefined;
  }
}

function carry(event) {
  const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
  if (!link?.href || language === "it") return;
  const url = new URL(link.href);
  if (url.origin !== location.origin || url.searchParams.has(LANGUAGE)) return;
  url.searchParams.set(LANGUAGE, language);
  link.href = url;
}
addEventListener("click", carry, true);
addEventListener("auxclick", carry, true);
addEventListener("formdata", (event) => {
  if (event.target.method === "get" && language !== "it" && !event.formData.has(LANGUAGE)) {
    event.formData.set(LANGUAGE, language);
  }
}, true);

// choosing a language is one gesture; the button stays for those without scripts
const languages = document.querySelector(".languages select");
languages?.form.addEventListener("submit", () => kept(() => localStorage.setItem(LANGUAGE, languages.value)));
languages?.addEventListener("change", () => languages.form.requestSubmit());
if (languages) languages.form.querySelector("button").hidden = true;

/** What is for when there is no network is fetched when the page that one came for is there. */
const LATER_MS = 2000;
function keepForLater() {
  navigator.serviceWorker.register(at("/sw.js")).catch(() => {
    // without it the pages work as long as there is a network
  });
  // the pages that it keeps are renewed by each page, at leisure
  navigator.serviceWorker.ready.then(({ active }) => active.postMessage("scorta"));
}
if ("serviceWorker" in navigator) addEventListener("load", () => setTimeout(keepForLater, LATER_MS));
