/**
 * Sharing an answer: the link of its passages as they are today, and its text by e-mail or by what
 * the device shares with. The question is the person's: it goes along only when that is ticked.
 */

import { copyText } from "../copy.js";
import { el } from "./dom.js";

/** `text(withQuestion)` gives the answer as plain text. Gives the button's action and the form. */
export function sharing(answer, turn, text, { t, base, turnId }) {
  const link = el("input", { id: `${turnId}-link`, readonly: true, dir: "ltr" });
  const question = el("input", { type: "checkbox" });
  const said = el("p", { class: "said", role: "status" });
  const mail = el("a", { class: "quiet", text: t("share_mail") });
  const fill = () => {
    const after = question.checked ? `#q=${encodeURIComponent(turn.asked ?? turn.question)}` : "";
    link.value = answer.permalink ? new URL(answer.permalink, base || location.origin).href + after : "";
    mail.href = mailto(question.checked ? turn.question : t("share_subject"), whole());
  };
  const whole = () => [text(question.checked), link.value && t("share_as_of", { link: link.value })]
    .filter(Boolean).join("\n\n");
  question.addEventListener("change", fill);
  const copy = async () => {
    said.textContent = t((await copyText(link.value)) ? "copied" : "not_copied");
  };
  const form = el("div", { class: "share-form", hidden: true, id: `${turnId}-share` },
    answer.permalink ? el("label", { class: "field", for: link.id },
      el("span", { text: t("share_link") }), link) : null,
    el("label", { class: "choice" }, question, el("span", { text: t("share_question") })),
    el("p", { class: "hint", text: t("share_hint") }),
    el("p", { class: "share-ways" },
      answer.permalink ? el("button", { type: "button", class: "button", text: t("share_copy"), onclick: copy }) : null,
      navigator.share ? el("button", { type: "button", class: "quiet", text: t("share_device"),
        onclick: () => navigator.share({ text: whole() }).catch(() => {}) }) : null, // or not shared
      mail, said));
  const toggle = (button) => {
    form.hidden = !form.hidden;
    button.setAttribute("aria-expanded", String(!form.hidden));
    if (form.hidden) return;
    fill();
    (answer.permalink ? link : question).focus();
  };
  return { form, toggle };
}

const mailto = (subject, body) =>
  `mailto:?subject=${encodeURIComponent(subject.slice(0, 100))}&body=${encodeURIComponent(body)}`;
