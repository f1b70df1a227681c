/** Reading an answer aloud, by the voices that are on this device: nothing is sent to anybody. */

const speech = globalThis.speechSynthesis;

/** Voices that speak here; those of a service elsewhere would be sent the text. */
const voices = () => (speech?.getVoices() ?? []).filter((voice) => voice.localService);
const voiceFor = (language) =>
  voices().find((voice) => voice.lang.toLowerCase().split(/[-_]/)[0] === language);

/** The button for an answer's text, hidden while the device has no voice for it. */
export function aloud(button, label, body, t) {
  let reading = false;
  const show = () => (button.hidden = !partsOf(body).some((part) => voiceFor(part.language)));
  const told = (now) => {
    reading = now;
    label.textContent = t(now ? "stop_reading" : "read_aloud");
    button.setAttribute("aria-pressed", String(now));
  };
  const stop = () => {
    if (reading) speech.cancel();
    told(false);
  };
  const read = () => {
    speech.cancel(); // an answer that another button was reading
    const parts = partsOf(body).filter((part) => voiceFor(part.language)).map(utterance);
    parts.at(-1)?.addEventListener("end", () => told(false));
    for (const part of parts) {
      part.addEventListener("error", () => told(false));
      speech.speak(part);
    }
    told(true);
  };
  button.title = t("read_aloud_note");
  button.addEventListener("click", () => (reading ? stop() : read()));
  addEventListener("pagehide", stop);
  told(false);
  show();
  speech?.addEventListener?.("voiceschanged", show); // many browsers tell them late
  return button;
}

function utterance({ text, language }) {
  const spoken = new SpeechSynthesisUtterance(text);
  spoken.voice = voiceFor(language);
  spoken.lang = spoken.voice.lang;
  return spoken;
}

/** The blocks that are shown, without their marks, each with its language. */
function partsOf(body) {
  return [...body.querySelectorAll("p, li, th, td")]
    .filter((block) => !block.querySelector("p, li") && !block.closest("details:not([open])"))
    .map((block) => ({
      text: block.textContent.replace(/\[\d{1,3}\]/g, "").trim(),
      language: block.closest("[lang]").lang.slice(0, 2),
    }))
    .filter((part) => part.text);
}
