/** What the conversation keeps: in the tab, or on the device when the user says so. */

const KEY = "bussola-conversation";
const OF_A_PERSON = [KEY, "bussola-script-", "bussola-touched"]; // what the pages keep in a tab
const CACHES = "bussola-";
const EMPTY = { turns: [], profile: {}, remember: false, conversation: "" };

/** What `use` gives, or undefined where the browser keeps nothing: inside another site's page,
 * storage may be forbidden. */
function tried(use) {
  try {
    return use();
  } catch {
    return undefined;
  }
}

/** The state of this tab, else a copy of the one last remembered on this device, else an empty one. */
export function recall() {
  const own = tried(() => JSON.parse(sessionStorage.getItem(KEY)));
  const state = own ?? copied(remembered().sort((a, b) => (b.at ?? 0) - (a.at ?? 0))[0]);
  return Array.isArray(state?.turns) ? { ...EMPTY, ...state } : structuredClone(EMPTY);
}

/** Another tab may still be at it: what is asked here is a conversation of its own. `earlier` are the
 * names of those that it goes on from, `copied` is when the last of them was kept. */
function copied(state) {
  const earlier = [...(state?.earlier ?? []), state?.conversation];
  return state && { ...state, conversation: newName(), earlier, copied: state.at };
}

/** Those that this one goes on from, unless another tab has gone on from them too. */
function dropEarlier({ earlier = [], copied: at }) {
  for (const name of earlier.map((own) => `${KEY}-${own}`)) {
    if (tried(() => JSON.parse(localStorage.getItem(name)).at) === at) localStorage.removeItem(name);
  }
}

const names = (store) => Array.from({ length: store.length }, (_, n) => store.key(n));

function remembered() {
  const read = (name) => tried(() => JSON.parse(localStorage.getItem(name)));
  const kept = tried(() => names(localStorage).filter((name) => name.startsWith(KEY))) ?? [];
  return kept.map(read).filter((state) => Array.isArray(state?.turns));
}

/** Keep `state`: always in this tab, and on the device, by itself, only when `state.remember`. */
export function keep(state) {
  const text = JSON.stringify({ ...state, at: Date.now() });
  const own = `${KEY}-${state.conversation}`;
  tried(() => {
    sessionStorage.setItem(KEY, text);
    if (state.remember) localStorage.setItem(own, text);
    else localStorage.removeItem(own);
    dropEarlier(state);
  });
}

/**
 * Forget the person of this tab: its conversation, here and on the device, the scripts run in it,
 * and the copies of pages whose addresses say where the person is or what was cited.
 */
export function forget(state = recall()) {
  tried(() => localStorage.removeItem(`${KEY}-${state.conversation}`));
  tried(() => dropEarlier(state));
  tried(() => {
    for (const name of names(sessionStorage)) {
      if (OF_A_PERSON.some((own) => name.startsWith(own))) sessionStorage.removeItem(name);
    }
  });
  forgetPages().catch(() => {}); // where there is no cache nothing is in it
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
