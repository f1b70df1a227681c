/** What the operator thinks of an answer: two thumbs in sight, then a reason and a comment. */

import { ICONS, el, icon } from "./dom.js";

/** Reasons of the HTTP contract: what is said of a good answer, and what is wrong with another. */
const GOOD = "ottima";
export const REASONS = [
  "sbagliata", "incompleta", "non_aggiornata", "fonte_sbagliata", "poco_chiara",
];

/** Two thumbs, and the form that the second one opens; both send to `/api/feedback`. `propose` opens
 * it for a service that is not there. */
export function feedback(answer, { t, server, turnId }) {
  const said = el("p", { role: "status", class: "said" });
  const form = reasonForm(t, turnId);
  const send = async (reason, comment) => {
    said.textContent = t("sending");
    try {
      await server.giveFeedback({ answer_id: answer.id, reason, comment });
      form.hidden = true;
      down.setAttribute("aria-expanded", "false");
      said.textContent = t("feedback_thanks");
    } catch (error) {
      said.textContent = error.message || t("unreachable");
    }
  };
  const up = thumb("up", t("thumb_up"), () => send(GOOD, ""));
  const down = thumb("down", t("thumb_down"), () => {
    form.hidden = !form.hidden;
    down.setAttribute("aria-expanded", String(!form.hidden));
    if (!form.hidden) form.querySelector("input").focus();
  });
  down.setAttribute("aria-expanded", "false");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const reason = form.querySelector("input:checked")?.value;
    if (reason) send(reason, form.elements.comment.value.trim());
  });
  const propose = () => {
    form.hidden = false;
    down.setAttribute("aria-expanded", "true");
    form.querySelector('[value="incompleta"]').checked = true;
    const comment = form.elements.comment;
    comment.value ||= t("propose_service_comment");
    comment.focus();
  };
  return { thumbs: [up, down], form, said, propose };
}

function thumb(name, label, onclick) {
  return el("button", { type: "button", class: "quiet thumb", "aria-label": label, title: label,
    onclick }, icon(ICONS[name]));
}

function reasonForm(t, turnId) {
  const reasons = REASONS.map((reason) => el("label", { class: "choice" },
    el("input", { type: "radio", name: `${turnId}-reason`, value: reason, required: true }),
    el("span", { text: t(`reason_${reason}`) })));
  return el("form", { class: "feedback-form", hidden: true },
    el("fieldset", {}, el("legend", { text: t("feedback_legend") }), reasons),
    el("label", { class: "field" }, el("span", { text: t("feedback_comment") }),
      el("textarea", { rows: "2", maxlength: "1000", name: "comment" })),
    el("p", { class: "hint", text: t("no_names") }),
    el("button", { type: "submit", class: "button", text: t("feedback_send") }));
}
