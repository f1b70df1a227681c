/** The words of the interface, one file per language. */

import { read } from "./client.js";

/**
 * Translator of one language: `t(key, {name: value})`, with `t.language`, `t.dir`, `t.has(key)` and
 * `t.network`, what the network has of a person and how long a question may be:
 * `{titles: [{id, name}], dates, places, longest}`. Italian for a language there is no file for.
 */
export async function loadTexts(base, wanted) {
  const short = encodeURIComponent(String(wanted || "it").slice(0, 2).toLowerCase());
  const [own, network] = await Promise.all([
    read(`${base}/web/texts/${short}.json`), read(`${base}/rete.json?lingua=${short}`)]);
  const language = own ? short : "it";
  const texts = own ?? (await read(`${base}/web/texts/it.json`)) ?? { dir: "ltr", widget: {} };
  const t = (key, values = {}) =>
    (texts.widget[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  return Object.assign(t, { language, dir: texts.dir ?? "ltr", has: (key) => key in texts.widget,
    network: network ?? { titles: [], dates: true, places: true, examples: [] } });
}

/** Day, month and year in words from an ISO date, month and year from a month; else the text itself. */
export function longDate(iso, language) {
  const [year, month, day] = String(iso ?? "").slice(0, 10).split("-").map(Number);
  if (!year || !month) return String(iso ?? "");
  const shown = day ? { dateStyle: "long" } : { year: "numeric", month: "long" };
  return new Intl.DateTimeFormat(language, shown).format(new Date(year, month - 1, day || 1));
}

/** When the guides were last checked, in words; empty where the server does not say. */
export async function reviewedText(base, t) {
  const { oldest, newest } = (await read(`${base}/api/health`))?.reviewed ?? {};
  if (!newest) return "";
  const [from, date] = [oldest, newest].map((day) => longDate(day, t.language));
  return from === date ? t("reviewed", { date }) : t("reviewed_between", { from, date });
}

/** Whether an ISO date lies before today. */
export function isPast(iso) {
  const today = new Date();
  const local = new Date(today.getTime() - today.getTimezoneOffset() * 60_000);
  return Boolean(iso) && String(iso) < local.toISOString().slice(0, 10);
}

/** Markdown as it is read aloud: without its signs and without the marks of the sources. */
export function plainText(markdown) {
  return String(markdown ?? "").replace(/\\([^\w\s])/g, "$1").replace(/[*_`#>]/g, "")
    .replace(/\s*\[\d+\]/g, "");
}
