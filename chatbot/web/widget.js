/**
 * <bussola-chat>: the chat with the guides, to embed in any page.
 *
 *   <script type="module" src="https://…/web/widget.js"></script>
 *   <bussola-chat address="https://…" language="it" theme="dark" greeting="…"></bussola-chat>
 *
 * or the script alone, which adds a button that opens the chat in a corner (docs/widget.md).
 */

import { askBar } from "./widget/ask_bar.js";
import { Server, Unreachable, reasonOf } from "./widget/client.js";
import { composer } from "./widget/composer.js";
import { contextBar } from "./widget/context.js";
import { el, loadStyles } from "./widget/dom.js";
import { embedded, nameOf, openApart, standAlone } from "./widget/embedded.js";
import { head, welcome } from "./widget/head.js";
import { launcher } from "./widget/launcher.js";
import { watchIdle } from "./widget/idle.js";
import { askLinked } from "./widget/linked.js";
import { Memory, newName } from "./widget/memory.js";
import { resumeBar } from "./widget/resume.js";
import { loadTexts, plainText, reviewedText } from "./widget/texts.js";
import { outcomeLabel, turnView } from "./widget/turn.js";

const HOME = new URL(".", import.meta.url).href.replace(/\/web\/$/, "");
const HISTORY_TURNS = 6;
const MAX_TURNS = 40;

class BussolaChat extends HTMLElement {
  #root = this.attachShadow({ mode: "open" });
  #memory = null;
  #state = null;
  #started = false;
  #work = null; // what stops the question that is worked on
  #touch = () => {};

  get #busy() {
    return this.#work !== null;
  }

  async connectedCallback() {
    if (this.#started) return;
    this.#started = true;
    this.#memory = new Memory(nameOf(this));
    this.#state = this.#memory.recall();
    this.base = (this.getAttribute("address") || HOME).replace(/\/$/, "");
    this.server = new Server(this.base, this.getAttribute("key") ?? "");
    if (!this.#state.conversation) this.#keep({ conversation: newName(), profile: this.#nobody() });
    const [t, styles] = await Promise.all([
      loadTexts(this.base, this.getAttribute("language") || document.documentElement.lang),
      loadStyles(this.base),
    ]);
    this.t = t;
    this.#root.adoptedStyleSheets = styles;
    this.#build();
    this.#restore();
    this.#touch = watchIdle(() => this.#askWhose());
    this.setAttribute("ready", "");
    reviewedText(this.base, t).then((text) => this.reviewed.textContent = text);
    if (this.getAttribute("layout") === "page") askLinked((question) => this.#askWritten(question));
  }

  /** Ask `question` as if it had been typed; used by links of the page around the widget. */
  ask(question) {
    if (!this.#busy) this.#send(question);
  }

  /** A question that a link brings; one too long is left in the field, to be shortened. */
  #askWritten(question) {
    if (this.#busy || [...question].length > (this.t.network.longest || Infinity)) {
      this.composer.fill(question);
    } else this.ask(question);
  }

  #build() {
    const { t } = this;
    this.log = el("div", { class: "log" });
    this.status = el("p", { class: "visually-hidden", role: "status", "aria-live": "polite" });
    this.reviewed = el("span", {});
    this.context = contextBar(this.#state.profile, { t, base: this.base,
      onChange: (profile) => this.#keep({ profile }), office: this.#memory.office,
      onOffice: (place) => { this.#memory.office = place; } });
    this.context.element.append(el("button", { type: "button", class: "quiet strong renew",
      text: t("new_person"), onclick: () => this.#startAgain() })); // in sight at every turn
    this.composer = composer({ t, base: this.base, above: this.context.element,
      ask: (question) => this.#send(question), stop: () => this.#work?.abort() });
    this.input = this.composer.input;
    this.asking = el("div", { class: "asking" });
    this.head = head(t, { remembers: this.#state.remember,
      onRemember: (remember) => this.#keep({ remember }), onErase: () => this.#askWhetherToErase() });
    const greeting = welcome(t, { greeting: this.getAttribute("greeting"), reviewed: this.reviewed,
      apart: embedded(this) });
    const frame = this.frame = el("section", { class: "frame", dir: t.dir, lang: t.language,
      "aria-labelledby": "chat-title" },
      this.head.element, greeting, this.asking, this.log, this.composer.element,
      this.#examples(), this.status);
    this.#root.replaceChildren(frame, this.getAttribute("layout") === "corner" ? launcher(frame, this.input, this.#memory, t) : "");
    if (embedded(this)) openApart(this.#root);
    for (const event of ["online", "offline"]) addEventListener(event, () => this.#showConnection());
    this.#showConnection();
  }

  #askWhetherToErase() {
    const { t } = this;
    this.#ask("erase", t("erase_sure"),
      [[t("erase_yes"), () => this.#erase()], [t("cancel"), () => this.head.eraser.focus()]]);
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

  /** What the tab keeps, at its last turn: a reload and a way back lose no place. */
  #restore() {
    const { t } = this;
    let last = null;
    for (const turn of this.#state.turns) {
      last = this.#addTurn(turn);
      if (turn.answer) last.showAnswer(turn.answer);
      else this.#fail(turn, last, this.t("interrupted"));
    }
    this.#showExamples();
    if (!last) return;
    this.resume = resumeBar(t, { goOn: () => this.input.focus(), restart: () => this.#startAgain() });
    this.log.append(this.resume);
    if (this.getAttribute("layout") === "page") history.scrollRestoration = "manual";
    const show = () => this.#scrollTo(last.start());
    requestAnimationFrame(show);
    if (document.readyState !== "complete") addEventListener("load", show, { once: true });
  }

  /** One question of the page at a time, above the conversation; `hidden` hides that meanwhile. */
  #ask(id, text, answers, hidden = false) {
    const bar = askBar(id, text, answers.map(([label, act]) => [label, () => {
      this.log.hidden = this.composer.element.hidden = false;
      act();
    }]));
    this.log.hidden = this.composer.element.hidden = hidden;
    this.asking.replaceChildren(bar.element);
    bar.element.scrollIntoView({ block: "nearest" });
    bar.focus();
  }

  /** After ten minutes: what the person before said is out of sight until somebody answers. */
  #askWhose() {
    const { turns, profile } = this.#state;
    const something = turns.length || JSON.stringify(profile) !== JSON.stringify(this.#nobody());
    if (!something) return this.#touch();
    if (this.asking.querySelector("#whose")) return;
    this.#ask("whose", this.t("idle"), [
      [this.t("new_person"), () => (this.#touch(), this.#startAgain())],
      [this.t("same_person"), () => (this.#touch(), this.input.focus())],
    ], true);
  }

  #send(question, label = question) {
    this.composer.note("");
    this.resume?.remove();
    const n = (this.#state.turns.at(-1)?.n ?? 0) + 1;
    const turn = { n, question: label, asked: question, profile: { ...this.#state.profile }, key: newName() };
    this.#keep({ turns: [...this.#state.turns, turn].slice(-MAX_TURNS) });
    const view = this.#addTurn(turn);
    this.#showExamples();
    this.#answer(turn, view);
  }

  async #answer(turn, view) {
    const work = this.#work = new AbortController();
    this.composer.setBusy(true);
    view.showProgress("understand");
    this.#scrollTo(view.element);
    this.status.textContent = this.t("searching");
    try {
      turn.answer = await this.server.ask(this.#request(turn), view.showProgress, work.signal, turn.key);
      if (!view.element.isConnected) return; // the person has gone
      this.#keep({});
      view.showAnswer(turn.answer);
      this.#scrollTo(view.start()); // now there is room below to scroll into
      this.status.textContent = `${outcomeLabel(turn.answer, this.t)}. ${plainText(turn.answer.answer)}`;
    } catch (error) {
      const unreached = error instanceof Unreachable;
      if (view.element.isConnected) this.#fail(turn, view, reasonOf(error, this.t), unreached);
    } finally {
      if (this.#work === work) {
        this.#work = null;
        this.composer.setBusy(false);
      }
    }
  }

  #fail(turn, view, text, unreached = false) {
    this.status.textContent = text;
    view.showFailure(text, () => {
      if (this.#busy) return;
      this.#answer(turn, view);
      this.input.focus();
    }, unreached);
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
      width: () => this.frame.clientWidth,
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

  /** What is known of a person who has not spoken yet: where the desk is, if that is said. */
  #nobody = () => (this.#memory.office ? { municipality: this.#memory.office } : {});

  /** The next person finds nothing of the one before: conversation, situation, scripts. */
  #startAgain() {
    this.#work?.abort();
    this.#memory.forget(this.#state);
    this.#keep({ turns: [], profile: this.#nobody(), remember: false, conversation: newName(), earlier: [], copied: 0 });
    this.head.remember.checked = false;
    this.context.set(this.#nobody());
    this.log.replaceChildren();
    this.asking.replaceChildren();
    this.log.hidden = this.composer.element.hidden = false;
    this.input.value = "";
    this.#showExamples();
    this.composer.note(this.t("started_again"));
    this.input.focus();
  }

  /** Out of the journal too, for those who want nothing kept; then a new conversation. */
  async #erase() {
    try {
      for (const name of [this.#state.conversation, ...(this.#state.earlier ?? [])]) await this.server.erase(name);
      this.#startAgain();
      this.composer.note(this.t("erased"));
    } catch (error) {
      this.composer.note(error.message || this.t("unreachable"));
    }
  }

  #keep(change) {
    this.#state = { ...this.#state, ...change };
    this.#memory.keep(this.#state);
  }

  /** A turn at the top; inside another page only the chat moves, never the page around it. */
  #scrollTo(element) {
    if (this.getAttribute("layout") === "page") return element.scrollIntoView({ block: "start" });
    const { top } = element.getBoundingClientRect();
    this.frame.scrollTop += top - this.frame.getBoundingClientRect().top;
  }

  /** Before the first question: examples and hints; after it, room for the answers. */
  #showExamples() {
    const started = this.#state.turns.length > 0;
    this.examples.hidden = started;
    this.head.eraser.hidden = !started;
    this.frame.classList.toggle("started", started);
  }

  #showConnection() {
    this.composer.note(navigator.onLine ? "" : this.t("offline"));
  }
}

if (!customElements.get("bussola-chat")) customElements.define("bussola-chat", BussolaChat);
standAlone(import.meta.url);
