/** One turn of the conversation: the question, then the answer with its sources. */

import { actions } from "./actions.js";
import { chipsOf } from "./context.js";
import { ICONS, el, icon, sieve } from "./dom.js";
import { emergencyCards } from "./emergencies.js";
import { feedback } from "./feedback.js";
import { PHONE, foldSteps, folded, longQuestion } from "./folding.js";
import { nextSteps } from "./next.js";
import { markExternal } from "./passage.js";
import { nearPassages, sourceList } from "./sources.js";

const MARK = /\[(\d{1,3})\]/;
const ARABIC = /[\u0600-\u06ff]/;
const PIECES = /(\+?\d+(?:[ -]\d+)+)/;

/** The element of one turn, its `show…` functions and `start`, what is to stand at the top of the
 * screen: the turn, but on a phone the card of a danger. `host` gives t, base and the actions. */
export function turnView(turn, host) {
  const { t } = host;
  const id = `turn-${turn.n}`;
  const reply = el("div", { class: "reply" });
  const heading = el("h3", { class: "question", id },
    el("span", { class: "visually-hidden", text: `${t("you_asked")} ` }),
    el("bdi", { text: turn.question }));
  const element = el("article", { class: "turn", "aria-labelledby": id },
    longQuestion(heading, turn.question, t, host.width()), reply);
  const show = (...nodes) => reply.replaceChildren(...nodes.flat().filter(Boolean));
  return {
    element,
    start: () => (host.width() < PHONE && reply.querySelector(".card-emergency")) || element,
    showProgress: (stage) => show(progress(stage, t)),
    showAnswer: (answer) => show(answerView(answer, turn, { ...host, turnId: id })),
    showFailure: (text, retry, unreached) => show(failure(text, retry, unreached, host)),
  };
}

const STAGES = ["understand", "retrieve", "read", "compose"];
/** The finer steps of the server, told as the one of the four they belong to. */
const WITHIN = { guard: "understand", fuse: "retrieve", decide: "read" };

function progress(stage, t) {
  const reached = Math.max(0, STAGES.indexOf(WITHIN[stage] ?? stage));
  // the live region already says that a search is under way: this line is for the eyes
  return el("div", { class: "progress", "aria-hidden": "true" },
    el("span", { class: "dots" }, el("i"), el("i"), el("i")),
    el("span", { text: `${t(`stage_${STAGES[reached]}`)} (${reached + 1}/${STAGES.length})` }));
}

function failure(text, retry, unreached, { t, base }) {
  return el("div", { class: "failure" },
    el("p", { class: "outcome outcome-problem" }, icon(ICONS.problem), el("span", { text })),
    unreached ? emergencyCards(t, base) : null,
    retry ? el("button", { type: "button", class: "button", onclick: retry, text: t("retry") }) : null);
}

/** The outcome, one that this page has words for: a server may know of more. */
const known = ({ outcome }, t) => (t.has(`outcome_${outcome}`) ? outcome : "related");

/** How the outcome is told: an answer that is not sure, as what may be one. */
const manner = (answer, t) =>
  answer.outcome === "answered" && answer.sure === false ? "perhaps" : known(answer, t);

/** The outcome in words, for the screen and for the live region. */
export function outcomeLabel(answer, t) {
  return t(`outcome_${manner(answer, t)}`);
}

function answerView(answer, turn, host) {
  const { t, base, turnId } = host;
  const outcome = known(answer, t), told = manner(answer, t);
  const citations = answer.citations ?? [];
  const listed = outcome === "related" ? nearPassages : sourceList;
  const sources = citations.length ? listed(citations, { t, base, turnId }) : null;
  const body = answerBody(answer, outcome, host);
  if (outcome === "small_talk")
    return el("div", { class: "card card-small_talk" }, el("div", { class: "main" }, body));
  linkMarks(body, citations, (n, button) => sources.open(n, button), t);
  if (outcome === "emergency") emergency(body, host);
  const main = el("div", { class: "main" },
    el("p", { class: `outcome outcome-${told}` }, icon(ICONS[told]),
      el("span", { text: outcomeLabel(answer, t) })),
    answer.understood
      ? el("p", { class: "understood searched", text: t("understood", { text: answer.understood }) }) : null,
    recognised(answer, turn, t),
    body,
    quickReplies(answer, turn, host),
    sources?.element,
    ["answered", "related", "emergency"].includes(outcome)
      ? el("p", { class: "automatic", text: t(host.width() < PHONE ? "automatic_short" : "automatic") }) : null,
    answer.help
      ? el("p", { class: "automatic helped", text: t("helped", { model: answer.help.model }) }) : null);
  const opinion = feedback(answer, host);
  const next = nextSteps(answer, { ...host, propose: opinion.propose });
  return el("div", { class: `card card-${told}${next ? " with-next" : ""}` },
    main, actions(answer, turn, body, outcomeLabel(answer, t), opinion, host), next);
}

/** The text: what was asked first, the rest folded. Passages that are near speak for themselves. */
function answerBody(answer, outcome, { t, base }) {
  const halved = answer.more_html && answer.first_html;
  const first = halved ? answer.first_html : answer.answer_html || escapeLines(answer.answer);
  const body = el("div", { class: "answer", lang: "it", dir: "auto" }, sieve(first, base));
  if (outcome === "related") passagesFollow(body, answer, t);
  tellLanguages(body, outcome, answer.language || "it");
  if (halved) body.append(rest(answer, outcome, { t, base }));
  for (const list of body.querySelectorAll("ol, ul")) list.dir = ARABIC.test(list.textContent) ? "rtl" : "ltr";
  for (const block of body.querySelectorAll("p, li")) if (ARABIC.test(block.textContent)) isolateNumbers(block);
  markExternal(body, t, base);
  return body;
}

/** The passages stand under the words, each with its text: no list of their titles. The outcome has
 * said what opens it, where it speaks the language of the question: on a phone it isn't said twice.
 * A notice before it stays. */
function passagesFollow(body, { language }, t) {
  const said = (language || "it") === t.language;
  for (const list of body.querySelectorAll("ul")) {
    if (said && list.previousElementSibling?.matches("p")) list.previousElementSibling.classList.add("said-above");
    list.remove();
  }
}

/** What was not asked first. In an emergency its own opening says for whom it is. */
function rest(answer, outcome, { t, base }) {
  const text = sieve(answer.more_html, base);
  const opening = outcome === "emergency" ? text.querySelector("p") : null;
  opening?.remove();
  const label = opening
    ? el("span", { class: "opening", lang: answer.language || "it", dir: "auto", text: opening.textContent })
    : t("more");
  const more = folded(label, t, text);
  for (const block of more.querySelectorAll("p, li")) block.dir = "auto";
  return more;
}

/** In a text from right to left the pieces of a number («800 290 290») would change places. */
function isolateNumbers(block) {
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push(walker.currentNode);
  for (const node of nodes) {
    const pieces = node.data.split(PIECES);
    if (pieces.length > 1) node.replaceWith(...pieces.map((text, n) => (n % 2 ? el("bdi", { dir: "ltr", text }) : text)));
  }
}

/** What was read of the person in the question, beside what the context already says. */
function recognised(answer, turn, t) {
  const known = turn.profile ?? {};
  const read = Object.fromEntries(
    Object.entries(answer.profile ?? {}).filter(([key, value]) => value && !known[key]));
  const text = chipsOf(read, t).map((chip) => chip.text).join(", ");
  return text ? el("p", { class: "understood", text: t("recognised", { text }) }) : null;
}

function escapeLines(text) {
  const holder = el("div");
  for (const line of String(text ?? "").split(/\n{2,}/)) holder.append(el("p", { text: line }));
  return holder.innerHTML;
}

/** The guides speak Italian, the words around them the language of the question. */
function tellLanguages(body, outcome, language) {
  for (const block of body.querySelectorAll("p, li")) block.dir = "auto";
  const around = { answered: 0, related: 1, emergency: 1 }[outcome] ?? body.children.length;
  for (const block of [...body.children].slice(0, around)) block.lang = language;
}

/** Turn each «[n]» of the answer's text into a button that opens source n. */
function linkMarks(body, citations, open, t) {
  const byNumber = new Map(citations.map((citation) => [citation.n, citation]));
  const walker = document.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) if (MARK.test(walker.currentNode.data)) nodes.push(walker.currentNode);
  for (const node of nodes) {
    const pieces = node.data.split(/(\[\d{1,3}\])/).map((piece) => {
      const citation = byNumber.get(Number(piece.match(/^\[(\d+)\]$/)?.[1]));
      if (!citation) return piece;
      const button = el("button", { type: "button", class: "mark", text: piece,
        "aria-label": t("mark", { n: citation.n, title: citation.title }) });
      button.addEventListener("click", () => open(citation.n, button));
      return button;
    });
    const inLink = node.parentElement?.closest("a");
    if (inLink) inLink.replaceWith(...pieces); // a mark that is a link becomes the button
    else node.replaceWith(...pieces);
  }
}

/** Numbers to touch, and what to do first: the other steps are folded. */
function emergency(body, { t, width }) {
  markOnce(body);
  linkNumbers(body);
  foldSteps(body, t, width());
}

/** In an emergency a list of steps from one source bears its mark once, at the end. */
function markOnce(body) {
  for (const list of body.querySelectorAll("ul, ol")) {
    const marks = [...list.querySelectorAll(".mark")];
    marks.filter((mark, n) => marks[n + 1]?.textContent === mark.textContent)
      .forEach((mark) => mark.remove());
  }
}

/** In an emergency a number in bold is one touch from the call. */
function linkNumbers(body) {
  for (const strong of body.querySelectorAll("strong")) {
    const number = strong.textContent.trim();
    if (!/^\+?\d[\d ]{2,}$/.test(number)) continue;
    strong.replaceChildren(el("a", { class: "call", href: `tel:${number.replaceAll(" ", "")}`, text: number }));
  }
}

function quickReplies(answer, turn, host) {
  const replies = answer.quick_replies ?? [];
  if (!replies.length) return null;
  const list = el("ul", { class: "quick-replies", "aria-label": host.t("quick_replies") },
    replies.map((reply) => el("li", {}, el("button", { type: "button", class: "button",
      text: reply.label, onclick: () => host.quickReply(reply, turn) }))));
  // a question asked back says itself what the replies are for
  return answer.outcome === "clarify" ? list
    : el("div", {}, el("p", { class: "understood", text: host.t("narrow") }), list);
}
