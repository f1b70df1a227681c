/** Where no answer can be had: the emergency cards, which the device keeps, and their numbers. */

import { el, safeLink } from "./dom.js";

/** The list, or null where the network has no card. */
export function emergencyCards(t, base) {
  const cards = t.network.emergencies ?? [];
  if (!cards.length) return null;
  return el("div", { class: "emergencies" },
    el("p", { text: t("offline_emergencies") }),
    el("ul", { lang: "it", dir: "ltr" }, cards.map(({ title, url, numbers }) => el("li", {},
      el("a", { href: safeLink(url, base), text: title }),
      numbers.map((number) => [" · ", el("a", { href: `tel:${number.replaceAll(" ", "")}`, text: number })])))));
}
