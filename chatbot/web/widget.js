/**
 * <bussola-chat>: the chat with the guides, to embed in any page.
 *
 *   <script type="module" src="https://…/web/widget.js"></script>
 *   <bussola-chat address="https://…" language="it" theme="auto" greeting="…"></bussola-chat>
 *
 * or one tag only, which adds a button that opens the chat in a corner:
 *
 *   <script type="module" src="https://…/web/widget.js" data-language="it"></script>
 */

import { Problem, Server, read } from "./widget/client.js";
import { contextBar } from "./widget/context.js";
import { el, loadStyles } from "./widget/dom.js";
import { keep, newConversation, recall } from "./widget/memory.js";
import { loadTexts, longDate, plainText } from "./widget/texts.js";
import { outcomeLabel, turnView } from "./widget/turn.js";

const HOME = new URL(".", import.meta.url).href.replace(/\/web\/$/, "");
const COUNTED_FROM = 500; // characters of a question from which they are counted
const HISTORY_TURNS = 6;
const MAX_TURNS = 40;

class BussolaChat extends HTMLElement {
  #root = this.attachShadow({ mode: "open" });
  #state = recall();
  #started = false;
  #busy = false;

  async connectedCallback() {
    if (this.#started) return;
    this.#started = true;
    this.base = (this.getAttribute("address") || HOME).replace(/\/$/, "");
    this.server = new Server(this.base, this.getAttribute("key") ?? "");
    if (!this.#state.conversation) this.#keep({ conversation: newConversation() });
    const [t, styles] = await Promise.all([
      loadTexts(this.base, this.getAttribute("language") || document.documentElement.lang),
      loadStyles(this.base),
    ]);
    this.t = t;
    this.#root.adoptedStyleSheets = styles;
    this.#build();
    this.#restore();
    this.setAttribute("ready", "");
    this.#showReviewDate();
  }

  /** Ask `question` as if it had been typed; used by links of the page around the widget. */
  ask(question) {
    if (!this.#busy) this.#send(question);
  }

  #build() {
    const { t } = this;
    this.log = el("div", { class: "log" });
    this.status = el("p", { class: "visually-hidden", role: "status", "aria-live": "polite" });
    this.note = el("p", { class: "note", role: "alert" });
    this.reviewed = el("span", {});
    this.context = contextBar(this.#state.profile, { t, base: this.base,
      onChange: (profile) => this.#keep({ profile }) });
    const frame = this.frame = el("section", { class: "frame", dir: t.dir, lang: t.language,
      "aria-labelledby": "chat-title" },
      this.#header(), this.#welcome(), this.log, this.#composer(), this.#examples(), this.status);
    this.#root.replaceChildren(frame, ...this.#launcher(frame));
    for (const event of ["online", "offline"]) addEventListener(event, () => this.#showConnection());
    this.#showConnection();
  }

  #header() {
    const { t } = this;
    const remember = el("input", { type: "checkbox" });
    remember.checked = this.#state.remember;
    remember.addEventListener("change", () => this.#keep({ remember: remember.checked }));
    this.renewer = el("button", { type: "button", class: "quiet", text: t("new_conversation"),
      onclick: () => this.#startAgain() });
    this.eraser = el("button", { type: "button", class: "quiet", text: t("erase"),
      onclick: () => this.#erase() });
    return el("header", { class: "head" },
      el("h2", { id: "chat-title", text: t("title") }),
      el("div", { class: "tools" },
        el("label", { class: "choice" }, remember, el("span", { text: t("remember") })),
        this.renewer, this.eraser));
  }

  #welcome() {
    const { t } = this;
    return el("div", { class: "welcome" },
      el("p", { class: "greeting", text: this.getAttribute("greeting") || t("greeting") }),
      el("p", { class: "notice" }, t("notice"), " ", this.reviewed));
  }

  /** Under the field, so that on a phone the field comes first; gone after the first question. */
  #examples() {
    const { t } = this;
    const questions = (t.network.examples ?? []).map((text) => el("li", {},
      el("button", { type: "button", class: "question-button", lang: "it", dir: "auto", text,
        onclick: () => this.ask(text) })));
    this.examples = el("div", { class: "examples" }, ...(questions.length
      ? [el("p", { text: t("examples") }), el("ul", { class: "plain" }, questions)] : []));
    return this.examples;
  }

  #composer() {
    const { t } = this;
    this.input = el("textarea", { id: "question", rows: "1", maxlength: t.network.longest,
      "aria-describedby": "question-hint question-count", dir: "auto", enterkeyhint: "send" });
    const form = el("form", { class: "composer" },
      el("label", { for: "question", class: "label", text: t("question_label") }),
      el("div", { class: "ask-row" }, this.input,
        el("button", { type: "submit", class: "button primary", text: t("send") })),
      el("p", { id: "question-hint", class: "hint", text: t("question_hint") }),
      this.counter = el("p", { id: "question-count", class: "hint" }),
      this.note);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.input.addEventListener("input", () => this.#count());
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    return el("div", { class: "composer-box" }, this.context.element, form);
  }

  /** A long question, such as an e-mail, says how much of it there is room for. */
  #count() {
    const n = this.input.value.length;
    const most = this.t.network.longest;
    this.counter.textContent = most && n >= COUNTED_FROM ? this.t("characters", { n, most }) : "";
  }

  /** In a corner of somebody else's page: a button that opens and closes the frame. */
  #launcher(frame) {
    if (this.getAttribute("layout") !== "corner") return [];
    const button = el("button", { type: "button", class: "launcher", "aria-expanded": "false",
      text: this.t("title") });
    const toggle = (open) => {
      frame.hidden = !open;
      button.setAttribute("aria-expanded", String(open));
      button.textContent = this.t(open ? "close" : "title");
      (open ? this.input : button).focus();
    };
    frame.hidden = true;
    button.addEventListener("click", () => toggle(frame.hidden));
    frame.addEventListener("keydown", (event) => event.key === "Escape" && toggle(false));
    return [button];
  }

  #restore() {
    for (const turn of this.#state.turns) {
      const view = this.#addTurn(turn);
      if (turn.answer) view.showAnswer(turn.answer);
      else this.#fail(turn, view, this.t("interrupted"));
    }
    this.#showExamples();
  }

  #submit() {
    if (this.#busy) return this.#say(this.t("searching"));
    const question = this.input.value.trim();
    if (!question) {
      this.note.textContent = this.t("empty_question");
      return this.input.focus();
    }
    this.input.value = "";
    this.#count();
    this.#send(question);
  }

  #send(question, label = question) {
    this.note.textContent = "";
    const n = (this.#state.turns.at(-1)?.n ?? 0) + 1;
    const turn = { n, question: label, asked: question, profile: { ...this.#state.profile } };
    this.#keep({ turns: [...this.#state.turns, turn].slice(-MAX_TURNS) });
    const view = this.#addTurn(turn);
    this.#showExamples();
    this.#answer(turn, view);
  }

  async #answer(turn, view) {
    this.#busy = true;
    view.showProgress("understand");
    view.element.scrollIntoView({ block: "start" });
    this.#say(this.t("searching"));
    try {
      turn.answer = await this.server.ask(this.#request(turn), view.showProgress);
      this.#keep({});
      view.showAnswer(turn.answer);
      view.element.scrollIntoView({ block: "start" }); // now there is room below to scroll into
      this.#say(`${outcomeLabel(turn.answer, this.t)}. ${plainText(turn.answer.answer)}`);
    } catch (error) {
      const text = error instanceof Problem && error.message ? error.message
        : this.t(navigator.onLine ? "unreachable" : "offline");
      this.#fail(turn, view, text);
      this.#say(text);
    } finally {
      this.#busy = false;
    }
  }

  #fail(turn, view, text) {
    view.showFailure(text, () => {
      if (this.#busy) return;
      this.#answer(turn, view);
      this.input.focus();
    });
  }

  #request(turn) {
    const before = this.#state.turns.filter((other) => other.n < turn.n && other.answer);
    const history = before.slice(-HISTORY_TURNS).flatMap((other) => [
      { role: "user", text: other.asked },
      { role: "assistant", text: String(other.answer.answer).slice(0, this.t.network.longest) },
    ]);
    return { question: turn.asked, history, profile: turn.profile, language: this.t.language,
      conversation: this.#state.conversation };
  }

  #addTurn(turn) {
    const view = turnView(turn, { t: this.t, base: this.base, server: this.server,
      askAgain: (question) => this.ask(question),
      quickReply: (reply, asked) => this.#quickReply(reply, asked) });
    this.log.append(view.element);
    return view;
  }

  /** A quick reply adds to the profile and asks again; without a profile it is a new question. */
  #quickReply(reply, turn) {
    if (this.#busy) return;
    const profile = { ...this.#state.profile, ...(reply.profile ?? {}) };
    this.#keep({ profile });
    this.context.set(profile);
    const asked = reply.question ?? (reply.profile ? turn.asked : reply.label);
    this.#send(asked, reply.profile ? `${turn.asked} – ${reply.label}` : reply.label);
  }

  #startAgain() {
    this.#keep({ turns: [], profile: {}, conversation: newConversation() });
    this.context.set({});
    this.log.replaceChildren();
    this.#showExamples();
    this.#say(this.t("started_again"));
    this.input.focus();
  }

  /** Out of the journal too, for those who want nothing kept; then a new conversation. */
  async #erase() {
    try {
      await this.server.erase(this.#state.conversation);
      this.#startAgain();
      this.note.textContent = this.t("erased");
    } catch (error) {
      this.note.textContent = error.message || this.t("unreachable");
    }
  }

  #keep(change) {
    this.#state = { ...this.#state, ...change };
    keep(this.#state);
  }

  #say(text) {
    this.status.textContent = text;
  }

  /** Before the first question: examples and hints; after it, room for the answers. */
  #showExamples() {
    const started = this.#state.turns.length > 0;
    this.examples.hidden = started;
    this.renewer.hidden = this.eraser.hidden = !started;
    this.frame.classList.toggle("started", started);
  }

  #showConnection() {
    this.note.textContent = navigator.onLine ? "" : this.t("offline");
  }

  async #showReviewDate() {
    const { oldest, newest } = (await read(`${this.base}/api/health`))?.reviewed ?? {};
    if (!newest) return;
    const [from, date] = [oldest, newest].map((day) => longDate(day, this.t.language));
    this.reviewed.textContent = from === date
      ? this.t("reviewed", { date }) : this.t("reviewed_between", { from, date });
  }
}

customElements.define("bussola-chat", BussolaChat);

/** One-tag embedding: the script's own data attributes become those of a chat in the corner. */
const script = [...document.scripts].find((candidate) => candidate.src === import.meta.url);
if (script && Object.keys(script.dataset).length && !document.querySelector("bussola-chat")) {
  const chat = document.createElement("bussola-chat");
  chat.setAttribute("layout", "corner");
  for (const [name, value] of Object.entries(script.dataset)) chat.setAttribute(name, value);
  document.body.append(chat);
}
