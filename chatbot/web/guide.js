/** A guide page: go to the cited passage, mark the section being read, explain the glossary's words. */

import { fold } from "./fold.js";
import { at } from "./root.js";

const prose = document.querySelector(".prose");

const cited = prose.querySelector("mark.cited");
if (cited) {
  const motion = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  cited.tabIndex = -1;
  cited.focus({ preventScroll: true });
  cited.scrollIntoView({ block: "center", behavior: motion });
}

const contents = document.querySelector(".contents details");
const wide = matchMedia("(min-width: 60rem)"); // beside the text, so open; above it, closed
const unfold = () => contents?.toggleAttribute("open", wide.matches);
wide.addEventListener("change", unfold);
unfold();

const links = new Map(
  [...document.querySelectorAll(".contents a")].map((link) => [decodeURIComponent(link.hash.slice(1)), link]),
);
const observer = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    for (const link of links.values()) link.removeAttribute("aria-current");
    links.get(entry.target.id)?.setAttribute("aria-current", "location");
  }
}, { rootMargin: "0px 0px -70% 0px" });
for (const id of links.keys()) {
  const heading = document.getElementById(id);
  if (heading) observer.observe(heading);
}

/** Glossary: the first time a term is met in a section it becomes a word that explains itself. */
const own = document.querySelector(".guide").dataset.guide;
const tooltip = document.createElement("div");
tooltip.className = "tooltip";
tooltip.id = "definition";
tooltip.setAttribute("role", "tooltip");
tooltip.hidden = true;
document.querySelector("main").append(tooltip);

fetch(at("/glossario.json"), { credentials: "same-origin" })
  .then((response) => response.json())
  .then((terms) => own === "glossario" || markTerms(terms))
  .catch(() => {
    // without the glossary the guide reads as it is
  });

function markTerms(terms) {
  const byForm = new Map();
  for (const term of terms) {
    for (const form of [term.term, ...term.variants]) byForm.set(form, term);
  }
  if (!byForm.size) return;
  const forms = [...byForm.keys()].sort((a, b) => b.length - a.length);
  const escaped = forms.map((form) => form.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(${escaped.join("|")})(?![\\p{L}\\p{N}])`, "u");
  const seen = new Set();
  const walker = document.createTreeWalker(prose, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) {
    if (!walker.currentNode.parentElement.closest("a, h1, h2, h3, h4, code")) nodes.push(walker.currentNode);
  }
  for (const node of nodes) markIn(node, pattern, byForm, seen);
}

function markIn(node, pattern, byForm, seen) {
  const match = pattern.exec(node.data);
  if (!match) return;
  const rest = node.splitText(match.index + match[0].length);
  const term = byForm.get(match[0]);
  if (!seen.has(fold(term.term))) {
    seen.add(fold(term.term));
    node.splitText(match.index).replaceWith(wordOf(term, match[0]));
  }
  markIn(rest, pattern, byForm, seen);
}

function wordOf(term, text) {
  const word = document.createElement("dfn");
  word.className = "term";
  word.tabIndex = 0;
  word.textContent = text;
  word.setAttribute("aria-describedby", "definition");
  for (const event of ["mouseenter", "focus"]) word.addEventListener(event, () => show(word, term));
  word.addEventListener("blur", hide);
  word.addEventListener("mouseleave", (event) => event.relatedTarget !== tooltip && hide());
  return word;
}

function show(word, term) {
  const title = document.createElement("strong");
  title.textContent = term.expansion;
  tooltip.replaceChildren(title, term.meaning);
  tooltip.lang = "it";
  tooltip.dir = "ltr";
  tooltip.hidden = false;
  const box = word.getBoundingClientRect();
  const room = document.documentElement.clientWidth - tooltip.offsetWidth - 8;
  tooltip.style.left = `${Math.max(8, Math.min(box.left, room)) + scrollX}px`;
  const below = box.bottom + tooltip.offsetHeight < innerHeight || box.top < tooltip.offsetHeight;
  tooltip.style.top = `${(below ? box.bottom : box.top - tooltip.offsetHeight) + scrollY}px`;
}

function hide() {
  tooltip.hidden = true;
}
tooltip.addEventListener("mouseleave", hide);
addEventListener("keydown", (event) => event.key === "Escape" && hide());
