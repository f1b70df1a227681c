/** What every page does: print buttons, the note on the connection, the service worker. */

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => print());
}

const note = document.querySelector("#offline-note");
const language = document.documentElement.lang;
const texts = fetch(`/web/texts/${language}.json`, { credentials: "same-origin" })
  .then((response) => response.json())
  .catch(() => null);

async function showConnection() {
  note.textContent = navigator.onLine ? "" : ((await texts)?.pages.offline_note ?? "");
}
addEventListener("online", showConnection);
addEventListener("offline", showConnection);
showConnection();

// choosing a language is one gesture; the button stays for those without scripts
const languages = document.querySelector(".languages select");
languages?.addEventListener("change", () => languages.form.requestSubmit());
if (languages) languages.form.querySelector("button").hidden = true;

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/sw.js").catch(() => {
    // without it the pages work as long as there is a network
  });
}
