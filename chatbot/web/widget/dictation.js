/** Dictating a question, where the browser writes down speech on this device: nothing is sent to
 * anybody. A browser that would send it to a service, or does not say, has no button. */

import { ICONS, el, icon } from "./dom.js";

const Recognition = globalThis.SpeechRecognition ?? globalThis.webkitSpeechRecognition;
const SPOKEN = { it: "it-IT", en: "en-GB", fr: "fr-FR", es: "es-ES", ar: "ar-SA", uk: "uk-UA" };

/** The language spoken: as the reader's browser has it, else of its own country. */
function spoken(language) {
  const own = (navigator.languages ?? []).find((one) => one.startsWith(`${language}-`));
  return own ?? SPOKEN[language] ?? language;
}

/** Whether speech in `lang` is written down here, as the browser says it. */
async function isHere(lang) {
  try {
    return (await Recognition.available({ langs: [lang], processLocally: true })) === "available";
  } catch {
    return false; // no recognition, or one that does not tell where
  }
}

/** The button for a field, hidden where it cannot be; what is heard is given to `add(text)`. */
export function dictation(t, { add, note }) {
  const lang = spoken(t.language);
  const label = el("span", { text: t("dictate") });
  const button = el("button", { type: "button", class: "quiet dictate", hidden: true,
    "aria-pressed": "false", title: t("dictate_note") }, icon(ICONS.dictate), label);
  let heard = null;
  const told = () => {
    button.setAttribute("aria-pressed", String(heard !== null));
    label.textContent = t(heard ? "stop_dictating" : "dictate");
  };
  const stop = () => heard?.stop();
  const begin = () => {
    heard = new Recognition();
    Object.assign(heard, { lang, continuous: true, interimResults: false, processLocally: true });
    heard.addEventListener("result", ({ results, resultIndex }) => {
      for (const result of [...results].slice(resultIndex)) add(result[0].transcript.trim());
    });
    heard.addEventListener("error", () => note(t("not_dictated")));
    heard.addEventListener("end", () => {
      heard = null;
      told();
    });
    heard.start();
    note(t("dictate_note"));
    told();
  };
  button.addEventListener("click", () => (heard ? stop() : begin()));
  addEventListener("pagehide", stop);
  isHere(lang).then((here) => (button.hidden = !here));
  return { button, stop };
}
