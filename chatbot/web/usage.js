// The page of those who direct: counts of the days chosen, and the same as files.
import { call, enter, find, leave, say, show } from "./admin.js";

const days = () => new URLSearchParams([...new FormData(find("#giorni"))].filter(([, value]) => value));
const refresh = () => show(`usage?${days()}`, "#uso");
const tell = (error) => say(error.message);

find("#giorni").addEventListener("submit", (event) => {
  event.preventDefault();
  refresh().then(() => say("")).catch(tell);
});

async function download(kind) {
  const response = await call(`usage.${kind}?${days()}`, undefined, "GET");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await response.blob());
  link.download = `uso.${kind}`;
  link.click();
  URL.revokeObjectURL(link.href);
}

document.addEventListener("click", ({ target }) => {
  const kind = target.closest("[data-file]")?.dataset.file;
  if (kind) download(kind).catch(tell);
  if (target.closest("[data-do=leave]")) leave();
});

enter(refresh);
