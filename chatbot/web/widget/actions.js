/** What can be done with an answer: one quiet row. */

import { copyText } from "../copy.js";
import { aloud } from "./aloud.js";
import { ICONS, el, icon } from "./dom.js";
import { asText } from "./plain.js";
import { sharing } from "./share.js";

/** The row under an answer; `body` is the text as shown, `label` its outcome in words,
 * `opinion` what `feedback` gives. */
export function actions(answer, turn, body, label, opinion, host) {
  const { t, base } = host;
  const said = el("span", { class: "said", role: "status" });
  const text = (question = true) => asText(answer, turn, body, { t, base, label, question });
  const copy = async () => {
    said.textContent = t((await copyText(text())) ? "copied" : "not_copied");
  };
  const shared = sharing(answer, turn, text, host);
  const share = act("share", t, () => shared.toggle(share));
  share.setAttribute("aria-expanded", "false");
  share.setAttribute("aria-controls", shared.form.id);
  return el("div", { class: "actions" },
    act("copy", t, copy),
    act("print", t, (event) => printTurn(event.currentTarget.closest(".turn"))),
    share,
    reading(body, t),
    el("a", { class: "quiet", href: `${base}/invio?${referral(answer, turn)}` },
      icon(ICONS.refer), el("span", { text: t("refer") })),
    el("span", { class: "thumbs" }, opinion.thumbs),
    said, shared.form, opinion.said, opinion.form);
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
  const closed = [...turn.querySelectorAll("details:is(.more, .near, .next-group):not([open])")];
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
