/** The person's situation, set once for the conversation: title of stay, date, municipality. */

import { read } from "./client.js";
import { el } from "./dom.js";
import { longDate } from "./texts.js";

/**
 * Chips that show the profile, and the form behind them. `profile` is
 * `{title, application_date, municipality}`, each optional; `onChange` gets the new one. `office` is
 * the place of the desk itself, kept for whoever comes next; `onOffice` gets another, or none.
 */
export function contextBar(profile, { t, base, onChange, office, onOffice }) {
  let current = { ...profile };
  const chips = el("ul", { class: "chips" });
  const form = contextForm({ t, base });
  const box = el("details", { class: "context" },
    el("summary", {}, el("span", { text: t("context") })),
    el("p", { class: "hint", text: t("context_hint") }), form.element);
  const change = (next) => {
    current = clean(next);
    draw();
    onChange(current);
  };
  const draw = () => {
    form.fill(current, office);
    chips.replaceChildren(...chipsOf(current, t).map(({ key, text }) => el("li", { class: "chip" },
      el("span", { text }),
      el("button", { type: "button", class: "chip-remove", "aria-label": t("remove", { text }),
        text: "×", onclick: () => {
          const { [key]: _removed, ...rest } = current;
          change(rest);
          box.querySelector("summary").focus();
        } }))));
  };
  form.element.addEventListener("change", ({ target }) => {
    if (target === form.keep) onOffice(office = form.keep.checked ? form.value().municipality : "");
    change(form.value());
  });
  form.element.addEventListener("submit", (event) => {
    event.preventDefault();
    box.open = false;
    box.querySelector("summary").focus();
  });
  box.addEventListener("toggle", () => box.open && form.loadMunicipalities(), { once: true });
  draw();
  const set = (next) => {
    current = clean(next);
    draw();
  };
  // where a network has nothing of a person to say, there is nothing to set
  const { titles, dates, places } = t.network;
  const asked = titles.length || dates || places;
  return { element: el("div", { class: "context-bar" }, asked ? box : null, chips), set };
}

const clean = (profile) =>
  Object.fromEntries(Object.entries(profile ?? {}).filter(([, value]) => value));

/** The profile in words, one entry per field that is set. */
export function chipsOf(profile, t) {
  const title = t.network.titles.find(({ id }) => id === profile.title);
  return [
    title && { key: "title", text: title.name },
    profile.application_date && { key: "application_date",
      text: periodText(profile.application_date, t) },
    profile.municipality && { key: "municipality", text: profile.municipality },
  ].filter(Boolean);
}

/** A day, a month, a year or one side of a day: «2031-05-03», «2031-05», «2031-06-12/..». */
function periodText(period, t) {
  if (period.startsWith("../")) {
    return t("chip_before", { date: longDate(dayAfter(period.slice(3)), t.language) });
  }
  if (period.endsWith("/..")) {
    return t("chip_since", { date: longDate(period.slice(0, 10), t.language) });
  }
  const key = period.length === 7 ? "chip_month" : "chip_date";
  return t(key, { date: longDate(period, t.language) });
}

/** «2031-06-12» from «2031-06-11». */
function dayAfter(iso) {
  const day = new Date(`${iso}T12:00:00Z`);
  day.setUTCDate(day.getUTCDate() + 1);
  return day.toISOString().slice(0, 10);
}

function contextForm({ t, base }) {
  const title = el("select", { name: "title" }, el("option", { value: "", text: t("not_said") }),
    t.network.titles.map(({ id, name }) => el("option", { value: id, text: name })));
  const date = el("input", { type: "date", name: "application_date", min: "1990-01-01" });
  const names = el("datalist", { id: "municipalities" });
  const place = el("input", { name: "municipality", list: "municipalities", autocomplete: "off",
    maxlength: "80" });
  const keep = el("input", { type: "checkbox" });
  let period = "";
  const field = (label, control) =>
    el("label", { class: "field" }, el("span", { text: t(label) }), control);
  const element = el("form", { class: "context-form" },
    t.network.titles.length ? field("context_title", title) : null,
    t.network.dates ? field("context_date", date) : null,
    t.network.places ? field("context_municipality", place) : null, names,
    t.network.places ? el("label", { class: "choice" }, keep, el("span", { text: t("keep_place") })) : null,
    el("button", { type: "submit", class: "button", text: t("context_done") }));
  return {
    element,
    keep,
    value: () => ({ title: title.value, application_date: date.value || period,
      municipality: place.value.trim() }),
    fill: (profile, office) => {
      title.value = profile.title ?? "";
      const when = profile.application_date ?? "";
      // what is no day has no place in the field: its chip takes it away
      [date.value, period] = when.length === 10 ? [when, ""] : ["", when];
      place.value = profile.municipality ?? "";
      keep.checked = Boolean(office) && office === profile.municipality;
    },
    loadMunicipalities: async () => {
      const list = (await read(`${base}/comuni.json`)) ?? [];
      names.replaceChildren(...list.map((name) => el("option", { value: name })));
    },
  };
}
