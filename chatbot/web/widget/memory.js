/** What the conversation keeps: in the tab, or on the device when the user says so. */

import { ROOT } from "../root.js";
import { tried } from "./dom.js";

const KEY = `bussola-conversation${ROOT}`; // two networks of one site keep theirs apart
const OF_A_TAB = ["bussola-script-", "bussola-touched"]; // what else the pages keep of a person
const CACHES = "bussola-";
const EMPTY = { turns: [], profile: {}, remember: false, conversation: "" };

/** What one widget keeps; `name` tells it from the others of its page. */
export class Memory {
  constructor(name = "") {
    this.key = name ? `${KEY}:${name}` : KEY;
  }

  /** The state of this tab, else a copy of the one last remembered on this device, else an empty one. */
  recall() {
    const own = parsed(() => sessionStorage.getItem(this.key));
    const state = own ?? copied(this.#remembered().sort((a, b) => (b.at ?? 0) - (a.at ?? 0))[0]);
    return Array.isArray(state?.turns) ? { ...EMPTY, ...state } : structuredClone(EMPTY);
  }

  /** Keep `state`: always in this tab, and on the device, by itself, only when `state.remember`. */
  keep(state) {
    const text = JSON.stringify({ ...state, at: Date.now() });
    const own = `${this.key}-${state.conversation}`;
    tried(() => {
      sessionStorage.setItem(this.key, text);
      if (state.remember) localStorage.setItem(own, text);
      else localStorage.removeItem(own);
      this.#dropEarlier(state);
    });
  }

  /**
   * Forget the person of this tab: its conversation, here and on the device, the scripts run in it,
   * and the copies of pages whose addresses say where the person is or what was cited.
   */
  forget(state = this.recall()) {
    tried(() => localStorage.removeItem(`${this.key}-${state.conversation}`));
    tried(() => this.#dropEarlier(state));
    tried(() => sessionStorage.removeItem(this.key));
    forgetTab(OF_A_TAB);
  }

  /** The place of this desk, «» where it is not said: of no person, and so of whoever comes next. */
  get office() {
    return tried(() => localStorage.getItem(`bussola-office:${this.key}`)) ?? "";
  }

  set office(place) {
    const name = `bussola-office:${this.key}`;
    tried(() => (place ? localStorage.setItem(name, place) : localStorage.removeItem(name)));
  }

  /** Whether the panel in the corner is open: that, and nothing else, is kept from page to page. */
  get open() {
    return tried(() => sessionStorage.getItem(`bussola-open:${this.key}`)) === "yes";
  }

  set open(value) {
    tried(() => sessionStorage.setItem(`bussola-open:${this.key}`, value ? "yes" : "no"));
  }

  /** Those that this one goes on from, unless another tab has gone on from them too. */
  #dropEarlier({ earlier = [], copied: at }) {
    for (const name of earlier.map((own) => `${this.key}-${own}`)) {
      if (parsed(() => localStorage.getItem(name))?.at === at) localStorage.removeItem(name);
    }
  }

  #remembered() {
    const kept = tried(() => names(localStorage)) ?? [];
    return kept.filter((name) => name.startsWith(`${this.key}-`))
      .map((name) => parsed(() => localStorage.getItem(name)))
      .filter((state) => Array.isArray(state?.turns));
  }
}

/** Another tab may still be at it: what is asked here is a conversation of its own. `earlier` are the
 * names of those that it goes on from, `copied` is when the last of them was kept. */
function copied(state) {
  const earlier = [...(state?.earlier ?? []), state?.conversation];
  return state && { ...state, conversation: newName(), earlier, copied: state.at };
}

const parsed = (use) => tried(() => JSON.parse(use()));
const names = (store) => Array.from({ length: store.length }, (_, n) => store.key(n));

function forgetTab(kept) {
  tried(() => {
    for (const name of names(sessionStorage)) {
      if (kept.some((own) => name.startsWith(own))) sessionStorage.removeItem(name);
    }
  });
  forgetPages().catch(() => {}); // where there is no cache nothing is in it
}

/** Forget the person of this tab, on a page without a widget. */
export function forget() {
  new Memory().forget();
  forgetTab([KEY]);
}

async function forgetPages() {
  for (const name of await caches.keys()) {
    if (!name.startsWith(CACHES)) continue;
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const url = new URL(request.url);
      if (["comune", "cita", "da"].some((part) => url.searchParams.has(part))) await cache.delete(request);
    }
  }
}

/** A random name: of a conversation, so that whoever had it can have it erased; of a question. */
export function newName() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
