/** Instant search among the guides: the whole list is in the page, the words hide what does not fit. */

import { fold } from "./fold.js";

const form = document.querySelector(".filters");
const cards = [...document.querySelectorAll(".guide-card")];
const list = document.querySelector(".cards");
const count = document.querySelector("#count");

function fits(card, { words, need, kind, audience }) {
  const has = (names, value) => !value || names.split(" ").includes(value);
  const text = ` ${card.dataset.text}`;
  return has(card.dataset.needs, need) && has(card.dataset.kind, kind)
    && (has(card.dataset.audience, audience) || has(card.dataset.audience, "tutti"))
    && words.every((word) => text.includes(` ${word}`));
}

function filter() {
  const data = new FormData(form);
  const wanted = {
    words: fold(data.get("q")).match(/[\p{L}\p{N}_]+/gu) ?? [],
    need: data.get("bisogno"), kind: data.get("tipo"), audience: data.get("per_chi"),
  };
  let shown = 0;
  for (const card of cards) {
    card.hidden = !fits(card, wanted);
    shown += card.hidden ? 0 : 1;
  }
  count.textContent = list.dataset.found.replace("{n}", shown);
  document.querySelector("#nothing").hidden = shown > 0;
  const filled = [...data].filter(([, value]) => value);
  history.replaceState(null, "", filled.length ? `?${new URLSearchParams(filled)}` : location.pathname);
}

// a copy of the page kept for when there is no network knows nothing of this address
for (const [name, value] of new URLSearchParams(location.search)) {
  if (form.elements[name]) form.elements[name].value = value;
}
if (location.search) filter();
form.addEventListener("input", filter);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  filter();
});
