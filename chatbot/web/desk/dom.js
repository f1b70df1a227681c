// Small things that the pages of the desk share.
import { at } from "../root.js";

export function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

/** How many findings there are, in words. */
export function inBrief(findings) {
  if (!findings.length) return "Nessun problema";
  const errors = findings.filter((one) => one.severity === "error").length;
  const notices = findings.length - errors;
  return `${errors} ${errors === 1 ? "errore" : "errori"}, ${notices} ${notices === 1 ? "avviso" : "avvisi"}`;
}

export function download(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Moments of the server, in UTC, as the clock of who reads says them. */
export function tellMoments(root) {
  const words = new Intl.DateTimeFormat("it", { dateStyle: "short", timeStyle: "short" });
  for (const time of root.querySelectorAll("time[data-moment]")) {
    time.textContent = words.format(new Date(time.dateTime));
  }
}

const side = (title, said) => {
  const box = element("div");
  box.append(element("h3", title), element("p", said.outcome, "tag"));
  const answer = element("div", "", "prose");
  answer.innerHTML = said.html; // made safe by the server
  for (const link of answer.querySelectorAll('a[href^="/"]')) link.setAttribute("href", at(link.getAttribute("href")));
  box.append(answer);
  for (const cited of said.citations) box.append(element("blockquote", `${cited.quote} (${cited.title})`));
  return box;
};

/** The answers of what is published and of a draft, side by side. */
export function twoAnswers(found) {
  const sides = element("div", "", "desk-sides");
  sides.append(side("Adesso", found.published), side("Con la bozza", found.draft));
  return [element("p", found.same ? "La risposta resta la stessa." : "La risposta cambia.", "said"), sides];
}
