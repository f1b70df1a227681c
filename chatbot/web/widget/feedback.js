/** What the operator thinks of an answer: a reason from a closed list, and a comment. */

import { el } from "./dom.js";

/** Reasons of the HTTP contract, in the order shown. */
export const REASONS = [
  "ottima", "sbagliata", "incompleta", "non_aggiornata", "fonte_sbagliata", "poco_chiara",
];

/** A disclosure with the reasons and a comment, sent to `/api/feedback`. */
export function feedbackForm(answer, { t, server, turnId }) {
  const said = el("p", { role: "status", class: "said" });
  const reasons = REASONS.map((reason) => el("label", { class: "choice" },
    el("input", { type: "radio", name: `${turnId}-reason`, value: reason, required: true }),
    el("span", { text: t(`reason_${reason}`) })));
  const comment = el("textarea", { rows: "2", maxlength: "1000", name: "comment" });
  const form = el("form", { class: "feedback-form" },
    el("fieldset", {}, el("legend", { text: t("feedback_legend") }), reasons),
    el("label", { class: "field" }, el("span", { text: t("feedback_comment") }), comment),
    el("p", { class: "hint", text: t("no_names") }),
    el("button", { type: "submit", class: "button", text: t("feedback_send") }));
  const box = el("details", { class: "feedback" },
    el("summary", { text: t("feedback") }), form, said);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const reason = form.querySelector("input:checked")?.value;
    if (!reason) return;
    said.textContent = t("sending");
    try {
      await server.giveFeedback({ answer_id: answer.id, reason, comment: comment.value.trim() });
      form.hidden = true;
      said.textContent = t("feedback_thanks");
    } catch (error) {
      said.textContent = error.message || t("unreachable");
    }
  });
  return box;
}
