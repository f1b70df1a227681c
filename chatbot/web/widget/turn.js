/** One turn of the conversation: the question, then the answer with its sources. */

import { chipsOf } from "./context.js";
import { ICONS, el, icon, safeLink, sieve } from "./dom.js";
import { feedbackForm } from "./feedback.js";
import { sourceList } from "./sources.js";
import { longDate } from "./texts.js";

const MARK = /\[(\d{1,3})\]/;

/** The element of one turn and its `show…` functions; `host` gives t, base and the actions. */
export function turnView(turn, host) {
  const { t } = host;
  const id = `turn-${turn.n}`;
  const reply = el("div", { class: "reply" });
  const element = el("article", { class: "turn", "aria-labelledby": id },
    el("h3", { class: "question", id },
      el("span", { class: "visually-hidden", text: `${t("you_asked")} ` }),
      el("bdi", { text: turn.question })),
    reply);
  const show = (...nodes) => reply.replaceChildren(...nodes.flat().filter(Boolean));
  return {
    element,
    showProgress: (stage) => show(progress(stage, t)),
    showAnswer: (answer) => show(answerView(answer, turn, { ...host, turnId: id })),
    showFailure: (text, retry) => show(failure(text, retry, t)),
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

function failure(text, retry, t) {
  return el("div", { class: "failure" },
    el("p", { class: "outcome outcome-problem" }, icon(ICONS.problem), el("span", { text })),
    retry ? el("button", { type: "button", class: "button", onclick: retry, text: t("retry") }) : null);
}

/** The outcome, one that this page has words for: a server may know of more. */
const known = ({ outcome }, t) => (t.has(`outcome_${outcome}`) ? outcome : "related");

/** The outcome in words, for the screen and for the live region. */
export function outcomeLabel(answer, t) {
  return t(`outcome_${known(answer, t)}`);
}

function answerView(answer, turn, host) {
  const { t, base, turnId } = host;
  const outcome = known(answer, t);
  const citations = answer.citations ?? [];
  const sources = citations.length ? sourceList(citations, { t, base, turnId }) : null;
  const body = el("div", { class: "answer", lang: "it", dir: "auto" },
    sieve(answer.answer_html || escapeLines(answer.answer), base));
  tellLanguages(body, outcome, answer.language || "it");
  if (outcome === "small_talk")
    return el("div", { class: "card card-small_talk" }, el("div", { class: "main" }, body));
  linkMarks(body, citations, (n, button) => sources.open(n, button), t);
  if (outcome === "emergency") linkNumbers(body);
  const main = el("div", { class: "main" },
    el("p", { class: `outcome outcome-${outcome}` }, icon(ICONS[outcome]),
      el("span", { text: outcomeLabel(answer, t) })),
    answer.understood
      ? el("p", { class: "understood", text: t("understood", { text: answer.understood }) }) : null,
    recognised(answer, turn, t),
    body,
    quickReplies(answer, turn, host),
    ["answered", "related", "emergency"].includes(outcome)
      ? el("p", { class: "automatic", text: `${t("automatic")} ${reviewed(citations, t)}` })
      : null);
  return el("div", { class: `card card-${outcome}${sources ? " with-sources" : ""}` },
    main, sources?.element, nextSteps(answer, host), actions(answer, turn, host));
}

/** What was read of the person in the question, beside what the context already says. */
function recognised(answer, turn, t) {
  const known = turn.profile ?? {};
  const read = Object.fromEntries(
    Object.entries(answer.profile ?? {}).filter(([key, value]) => value && !known[key]));
  const text = chipsOf(read, t).map((chip) => chip.text).join(", ");
  return text ? el("p", { class: "understood", text: t("recognised", { text }) }) : null;
}

/** When the guides of an answer were last reviewed: the oldest of their dates. */
function reviewed(citations, t) {
  const dates = citations.map((citation) => citation.verified_on).filter(Boolean).sort();
  if (!dates.length) return citations.length ? t("undated") : "";
  return t("verified_on", { date: longDate(dates[0], t.language) });
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

function nextSteps(answer, { t, base, askAgain }) {
  const scripts = links(answer.scripts, t("scripts"), base,
    ({ guide, detail }) => `/copione/${guide}${detail?.step ? `#${detail.step}` : ""}`);
  const services = links(answer.services, t("services"), base,
    ({ guide }) => `/guide/${guide}`, (detail) => firstCall(detail, t));
  const related = (answer.related_questions ?? []).map((item) => item.text ?? item);
  const questions = related.length ? el("div", { class: "next-group" },
    el("h4", { text: t("related_questions") }),
    el("ul", { class: "plain" }, related.map((question) => el("li", {},
      el("button", { type: "button", class: "question-button", lang: "it", dir: "auto", text: question,
        onclick: () => askAgain(question) }))))) : null;
  const groups = [scripts, services, questions].filter(Boolean);
  return groups.length ? el("div", { class: "next" }, groups) : null;
}

function links(references, title, base, address, beside = () => null) {
  const items = (references ?? []).map((reference) => {
    const url = safeLink(address(reference), base);
    const { step_title: step, municipality } = reference.detail ?? {};
    return el("li", {},
      url ? el("a", { href: url, text: reference.title }) : reference.title,
      step || municipality
        ? el("span", { class: "detail", text: ` – ${step ?? municipality}` }) : null,
      beside(reference.detail ?? {}));
  });
  return items.length
    ? el("div", { class: "next-group" }, el("h4", { text: title }), el("ul", { lang: "it", dir: "ltr" }, items)) : null;
}

/** What an operator wants at hand: the number to call before sending a person there. */
function firstCall({ contacts, status }, t) {
  const phone = (contacts ?? []).find(({ kind, value }) => kind === "telefono" && /\d/.test(value));
  return [
    phone ? [" · ", el("a", { href: `tel:${phone.value.replace(/[^\d+]/g, "")}`, text: phone.value })] : [],
    status && status !== "verificato"
      ? [" ", el("span", { class: "tag tag-warn", lang: t.language, text: t("to_check") })] : [],
  ].flat();
}

function actions(answer, turn, host) {
  const { t, base } = host;
  const referral = new URLSearchParams();
  const municipality = turn.profile?.municipality;
  if (municipality) referral.set("comune", municipality);
  const [first] = answer.citations ?? [];
  if (first) referral.set("da", first.guide);
  if (first?.url?.includes("#")) referral.set("punto", decodeURIComponent(first.url.split("#")[1]));
  const said = el("span", { class: "said", role: "status" });
  const copy = async () => {
    const copied = await copyText(asText(answer, turn, host));
    said.textContent = t(copied ? "copied" : "not_copied");
  };
  return el("div", { class: "actions" },
    el("button", { type: "button", class: "quiet", text: t("copy"), onclick: copy }),
    el("button", { type: "button", class: "quiet", text: t("print"), onclick: () => print() }),
    el("a", { class: "quiet", href: `${base}/invio?${referral}`, text: t("refer") }),
    said,
    feedbackForm(answer, host));
}

/** Question, answer and sources as plain text, to paste into an email or a note. */
function asText(answer, turn, { t, base }) {
  const root = base || location.origin;
  const sources = (answer.citations ?? []).map((citation) =>
    `[${citation.n}] ${citation.title}: «${citation.quote}» ${new URL(citation.url, root).href}`);
  return [turn.question, outcomeLabel(answer, t), unescape(answer.answer), ...sources, t("automatic")]
    .filter(Boolean).join("\n\n");
}

/** Markdown without its backslashes: «d\.lgs\.» is for a parser, not for an email. */
const unescape = (markdown) => String(markdown ?? "").replace(/\\([^\w\s])/g, "$1");

async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
