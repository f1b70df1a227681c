/** Instant search among the guides: the whole list is in the page, the words hide what does not fit. */

import { fold } from "./fold.js";

const form = document.querySelector(".filters");
const cards = [...document.querySelectorAll(".guide-card")];
const list = document.querySelector(".cards");
const count = document.querySelector("#count");

const SHORT = 5; // letters from which a word may have a typing error
const LONG = 9; // and two

/** Letters to add, drop, change or swap to make `a` of `b` (optimal string alignment). */
function distance(a, b) {
  let [before, row] = [[], [...Array(b.length + 1).keys()]];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) next[j] = Math.min(next[j], before[j - 2] + 1);
    }
    [before, row] = [row, next];
  }
  return row[b.length];
}

/** Whether a word of `text` begins as `word` does but for a typing error (as the server does). */
function isNear(word, text) {
  const most = word.length < SHORT ? 0 : word.length < LONG ? 1 : 2;
  return most > 0 && text.split(" ").some((known) => [-1, 0, 1].some((more) => {
    const length = word.length + more;
    return known.length >= length && distance(word, known.slice(0, length)) <= most;
  }));
}

function fits(card, { words, need, kind, audience }, alike = false) {
  const has = (names, value) => !value || names.split(" ").includes(value);
  return has(card.dataset.needs, need) && has(card.dataset.kind, kind)
    && (has(card.dataset.audience, audience) || has(card.dataset.audience, "tutti"))
    && holds(card.dataset.text, words, alike);
}

const holds = (text, words, alike) =>
  words.every((word) => ` ${text}`.includes(` ${word}`) || (alike && isNear(word, text)));

/** What has the words in its title first, else as the list was. */
function order({ words }, alike) {
  const later = (card) => Number(!holds(card.dataset.title, words, alike));
  list.append(...(words.length ? [...cards].sort((a, b) => later(a) - later(b)) : cards));
}

function filter() {
  const data = new FormData(form);
  const wanted = {
    words: fold(data.get("q")).match(/[\p{L}\p{N}_]+/gu) ?? [],
    need: data.get("bisogno"), kind: data.get("tipo"), audience: data.get("per_chi"),
  };
  const alike = wanted.words.length > 0 && !cards.some((card) => fits(card, wanted));
  for (const card of cards) card.hidden = !fits(card, wanted, alike);
  order(wanted, alike);
  const shown = cards.filter((card) => !card.hidden).length;
  const said = alike && shown ? list.dataset.foundAlike : list.dataset.found;
  count.textContent = said.replace("{n}", shown);
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
