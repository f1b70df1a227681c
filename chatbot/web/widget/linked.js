/** The question that the address of the page brings: `/?q=…`, or `/#q=…`, which no server sees. */

const NAME = "q";

/** That question, taken out of the address: a reload asks nothing, the history keeps nothing. */
function take() {
  const url = new URL(location.href);
  const hash = new URLSearchParams(url.hash.slice(1));
  const question = url.searchParams.get(NAME) ?? hash.get(NAME);
  if (question === null) return "";
  url.searchParams.delete(NAME);
  if (hash.has(NAME)) url.hash = "";
  history.replaceState(history.state, "", url);
  return question.trim();
}

/** Calls `ask` with the question of the address, now and when a link brings another. */
export function askLinked(ask) {
  const look = () => {
    const question = take();
    if (question) ask(question);
  };
  addEventListener("hashchange", look);
  look();
}
