/** The chat in a page that is not ours: its tag, its name there, its links. */

const TAG = "bussola-chat";

/** Whether the page around is somebody else's, or has more in it than the chat. */
export const embedded = (chat) => chat.getAttribute("layout") !== "page";

/** What tells a chat from the others of its page: its `name`, or its number after the first. */
export function nameOf(chat) {
  const place = [...document.querySelectorAll(TAG)].indexOf(chat);
  return chat.getAttribute("name") || (place > 0 ? String(place + 1) : "");
}

/** A link of the chat never takes the page around away, and the conversation with it. */
export function openApart(root) {
  root.addEventListener("click", (event) => {
    const link = event.target.closest?.("a[href]");
    if (!link || !/^https?:$/.test(link.protocol)) return;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }, { capture: true });
}

/**
 * One tag alone: a script without a chat in its page adds one, in the corner unless its own data
 * attributes say otherwise; they become those of the chat. `data-layout="none"` adds none.
 */
export function standAlone(url) {
  const script = [...document.scripts].find((candidate) => candidate.src === url);
  if (!script || script.dataset.layout === "none") return;
  const add = () => {
    if (document.querySelector(TAG)) return;
    const chat = document.createElement(TAG);
    chat.setAttribute("layout", "corner");
    for (const [name, value] of Object.entries(script.dataset)) chat.setAttribute(name, value);
    document.body.append(chat);
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", add);
  else add();
}
