/** What the conversation keeps: in the tab, or on the device when the user says so. */

const KEY = "bussola-conversation";
const EMPTY = { turns: [], profile: {}, remember: false, conversation: "" };

/** The stored state, or an empty one; a broken or forbidden store counts as empty. */
export function recall() {
  for (const store of [() => sessionStorage, () => localStorage]) {
    try {
      const state = JSON.parse(store().getItem(KEY));
      if (state && Array.isArray(state.turns)) return { ...EMPTY, ...state };
    } catch {
      // storage may be forbidden inside another site's page
    }
  }
  return structuredClone(EMPTY);
}

/** Keep `state`: always in this tab, on the device only when `state.remember`. */
export function keep(state) {
  const text = JSON.stringify(state);
  try {
    sessionStorage.setItem(KEY, text);
    if (state.remember) localStorage.setItem(KEY, text);
    else localStorage.removeItem(KEY);
  } catch {
    // nothing kept: the conversation lasts as long as the page
  }
}

/** A random name for a conversation, so that whoever had it can have it erased. */
export function newConversation() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
