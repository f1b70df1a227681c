/** What can be done with an answer: one quiet row. */

import { copyText } from "../copy.js";
import { aloud } from "./aloud.js";
import { ICONS, el, icon } from "./dom.js";
import { feedback } from "./feedback.js";
import { asText } from "./plain.js";

/** The row under an answer; `body` is the text as shown, `element` the card it stands in. */
export function actions(answer, turn, body, label, host) {
  const { t, base } = host;
  const said = el("span", { class: "said", role: "status" });
  const text = () => asText(answer, turn, body, { t, base, label });
  const copy = async () => {
    said.textContent = t((await copyText(text())) ? "copied" : "not_copied");
  };
  const opinion = feedback(answer, host);
  return el("div", { class: "actions" },
    act("copy", t, copy),
    act("print", t, (event) => printTurn(event.currentTarget.closest(".turn"))),
    share(text, turn, t),
    reading(body, t),
    el("a", { class: "quiet", href: `${base}/invio?${referral(answer, turn)}` },
      icon(ICONS.refer), el("span", { text: t("refer") })),
    el("span", { class: "thumbs" }, opinion.thumbs),
    said, opinion.said, opinion.form);
}

function act(name, t, onclick) {
  return el("button", { type: "button", class: "quiet", onclick },
    icon(ICONS[name]), el("span", { text: t(name) }));
}

function reading(body, t) {
  const label = el("span");
  return aloud(el("button", { type: "button", class: "quiet", hidden: true },
    icon(ICONS.aloud), label), label, body, t);
}

/** With what the device shares by; elsewhere a new e-mail. */
function share(text, turn, t) {
  if (navigator.share) {
    return act("share", t, () => navigator.share({ text: text() }).catch(() => {})); // or not shared
  }
  const link = el("a", { class: "quiet", href: "mailto:" }, icon(ICONS.share),
    el("span", { text: t("share") }));
  link.addEventListener("click", () => {
    const [subject, body] = [turn.question.slice(0, 100), text()].map(encodeURIComponent);
    link.href = `mailto:?subject=${subject}&body=${body}`;
  });
  return link;
}

function referral(answer, turn) {
  const asked = new URLSearchParams();
  const municipality = turn.profile?.municipality;
  if (municipality) asked.set("comune", municipality);
  const [first] = answer.citations ?? [];
  if (first) asked.set("da", first.guide);
  if (first?.url?.includes("#")) asked.set("punto", decodeURIComponent(first.url.split("#")[1]));
  return asked;
}

/** This turn alone, with what is folded in it: the questions before it may be another person's. */
function printTurn(turn) {
  const closed = [...turn.querySelectorAll("details.more:not([open]), details.near:not([open])")];
  const frame = turn.closest(".frame");
  for (const part of closed) part.open = true;
  turn.classList.add("printed");
  frame.classList.add("printing-one");
  addEventListener("afterprint", () => {
    turn.classList.remove("printed");
    frame.classList.remove("printing-one");
    for (const part of closed) part.open = false;
  }, { once: true });
  print();
}
