// Saves what is written, a moment after the last keystroke, in a draft on the server. Until the
// server says that it has a text, a copy stays in this browser.
import { call } from "../admin.js";
import { ROOT } from "../root.js";

const PAUSE_MS = 900;
const RETRY_MS = 4000;
const LOOK_MS = 8000; // how often to look whether somebody else saved

export class Saving {
  /** `read` gives {head, fields, body}; `tell` is told of "saving", "saved", "failed", "conflict". */
  constructor(form, read, tell) {
    Object.assign(this, { form, read, tell });
    const { slug, draft, version, digest } = form.dataset;
    Object.assign(this, { slug, digest, draft, version: Number(version) });
    this.key = `bussola-testo-${ROOT}${slug}`;
    this.last = this.asText();
    this.stopped = false; // while somebody else's text waits for a choice
    this.under = null;
    setInterval(() => this.look().catch(() => {}), LOOK_MS);
    addEventListener("beforeunload", (event) => { if (this.dirty) event.preventDefault(); });
    document.addEventListener("entrato", () => { if (this.dirty && !this.stopped) this.soon(0); });
    document.addEventListener("visibilitychange", () => { if (document.hidden && this.dirty) this.soon(0); });
  }

  asText() { return JSON.stringify(this.read()); }

  get dirty() { return this.asText() !== this.last; }

  get address() { return `desk/drafts/${this.draft}/guides/${this.slug}`; }

  changed() {
    if (!this.dirty) return;
    localStorage.setItem(this.key, this.asText());
    if (!this.stopped) this.soon(PAUSE_MS);
  }

  soon(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.now().catch(() => {}), pause);
  }

  /** Resolves when all that was written is on the server. */
  async now() {
    clearTimeout(this.timer);
    while (this.under) await this.under.catch(() => {});
    if (this.stopped || !this.dirty) return;
    this.under = this.send();
    try {
      await this.under;
    } finally {
      this.under = null;
    }
    if (this.dirty && !this.stopped) this.soon(PAUSE_MS);
  }

  async send(over = false) {
    const sent = this.asText();
    this.tell("saving");
    try {
      if (!this.draft) await this.begin();
      const body = { ...JSON.parse(sent), version: this.version, digest: this.digest, over };
      const saved = await (await call(this.address, body, "PUT")).json();
      this.version = saved.version;
      this.last = sent;
      if (!this.dirty) localStorage.removeItem(this.key);
      this.tell("saved", saved);
    } catch (error) {
      if (error.status === 409) return this.conflict(error);
      if (error.status === 410) { // the draft was published meanwhile: the text goes to another
        Object.assign(this, { draft: "", version: 0 });
        return this.send();
      }
      this.tell("failed", error);
      if (!error.status || error.status >= 500) this.soon(RETRY_MS);
      throw error;
    }
  }

  async begin() {
    const name = this.form.querySelector("[data-draft-name]").value;
    this.draft = (await (await call("desk/drafts", { name })).json()).id;
    this.version = 0;
    this.tell("draft");
  }

  async theirs() { return (await call(this.address, undefined, "GET")).json(); }

  async conflict(error) {
    this.stopped = true;
    this.other = await this.theirs().catch(() => null);
    this.tell(this.other ? "conflict" : "failed", error);
  }

  /** This text in the place of theirs, which is put aside. */
  async keepMine() {
    this.version = this.other.version;
    this.stopped = false;
    await this.send(true);
  }

  keepTheirs() {
    this.version = this.other.version;
    this.stopped = false;
    this.last = this.asText();
    localStorage.removeItem(this.key);
  }

  /** Tells of a newer version before one's own is refused. */
  async look() {
    if (!this.draft || !this.version || this.stopped || this.under || document.hidden) return;
    const version = this.version;
    const other = await this.theirs();
    if (version !== this.version || this.under || other.version === version) return;
    this.other = other;
    this.stopped = true;
    const told = `${other.by} ha salvato una versione più nuova di questa guida.`;
    if (this.dirty) return this.send().catch(() => {}); // refused, and so put aside by the server
    this.tell("conflict", new Error(told));
  }

  /** What this browser has and the server never got. */
  left() {
    const kept = localStorage.getItem(this.key);
    return kept && kept !== this.last ? kept : "";
  }
}
