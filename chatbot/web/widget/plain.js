/** An answer as plain text, for an e-mail, a note, a message. */

import { headingOf, verified } from "./passage.js";

/** Question, unless it is not wanted, answer, sources with the day of their check and address. */
export function asText(answer, turn, body, { t, base, label, question = true }) {
  const root = base || location.origin;
  const sources = (answer.citations ?? []).map((citation) =>
    `[${citation.n}] ${closed(headingOf(citation))} ${verified(citation, t)}\n${new URL(citation.url, root).href}`);
  return [question && turn.question, label, blocksOf(body).join("\n"), sources.join("\n"), t("automatic")]
    .map((part) => part && part.trim()).filter(Boolean).join("\n\n");
}

const closed = (text) => (/[.?!]$/.test(text) ? text : `${text}.`);

/** The lines of what is shown: a paragraph, an item, a row of a table, what opens a folded part. */
function blocksOf(node) {
  const lines = [];
  for (const block of node.querySelectorAll("p, li, tr, pre, .opening")) {
    if (block.querySelector("p, li, tr")) continue;
    if (block.localName === "tr") lines.push(rowOf(block));
    else lines.push(`${bulletOf(block)}${wordsOf(block)}`);
  }
  return lines.filter(Boolean);
}

function bulletOf(block) {
  const item = block.closest("li");
  if (!item) return "";
  const list = item.parentElement;
  return list.localName === "ol" ? `${list.start + [...list.children].indexOf(item)}. ` : "- ";
}

/** «Documento: permesso; Basta?: sì», under no header. */
function rowOf(row) {
  const heads = [...row.closest("table").querySelectorAll("th")].map(wordsOf);
  const cells = [...row.querySelectorAll("td")].map(wordsOf);
  return cells.map((cell, n) => (heads[n] ? `${heads[n]}: ${cell}` : cell)).join("; ");
}

/** The words of a block: a link that leaves the guides with its address, nothing hidden. */
function wordsOf(block) {
  const copy = block.cloneNode(true);
  for (const hidden of copy.querySelectorAll(".visually-hidden")) hidden.remove();
  for (const link of copy.querySelectorAll("a[href^='http']")) {
    if (link.textContent !== link.getAttribute("href")) link.append(` (${link.getAttribute("href")})`);
  }
  return copy.textContent.replace(/\s+/g, " ").trim();
}
