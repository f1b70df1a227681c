/** The referral slip: what is written in it stays in the page; copy puts it all in plain text. */

import { copy } from "./copy.js";

const slip = document.querySelector("#slip");

document.querySelector("#copy-slip").addEventListener("click", () => {
  const lines = [slip.querySelector("h1").textContent, slip.querySelector("h2").textContent];
  for (const term of slip.querySelectorAll("dt:not(.visually-hidden)")) {
    lines.push(`${term.textContent}: ${term.nextElementSibling.textContent.trim()}`);
  }
  for (const field of slip.querySelectorAll(".field")) {
    const value = field.querySelector("textarea").value.trim();
    if (value) lines.push(`${field.querySelector("span").textContent}: ${value}`);
  }
  lines.push(new URL(slip.dataset.card, location.href).href);
  copy(lines.join("\n"), document.querySelector("#slip-said"));
});
