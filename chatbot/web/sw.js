/**
 * Service worker: what was seen opens without a network.
 *
 * Pages: the network first, the copy when it fails, then the offline page. Static files: the
 * copy first, renewed in the background. Answers of the API are never kept.
 */

const ROOT = new URL(".", location).pathname.replace(/\/$/, ""); // where the service stands on its site
const OURS = ROOT ? `bussola-${ROOT}@` : "bussola-";
const CACHE = `${OURS}__VERSION__`;
const SHELL = [
  "/", "/guide", "/copioni", "/offline", "/fermo", "/brand.css", "/glossario.json", "/manifest.webmanifest",
  "/web/tokens.css", "/web/site.css", "/web/print.css", "/web/widget.css", "/web/site.js", "/web/root.js", "/web/theme.js",
  "/web/guide.js", "/web/browse.js", "/web/script.js", "/web/slip.js", "/web/send_slip.js", "/web/fold.js",
  "/web/copy.js", "/web/past_answer.js", "/web/widget.js", "/web/icons/bussola.svg",
  ...["actions", "aloud", "ask_bar", "client", "composer", "context", "dictation", "dom", "embedded",
    "emergencies", "feedback", "folding", "head", "idle", "launcher", "linked",
    "memory", "next", "passage", "plain", "resume", "share", "sources", "texts", "turn"]
    .map((name) => `/web/widget/${name}.js`),
  "/web/texts/it.json", "/rete.json?lingua=it",
].map((path) => ROOT + path);

/** Emergency cards, scripts and handouts: kept whether they were seen or not. */
const STOCK = `${ROOT}/api/stock`;
const STOCK_EVERY_MS = 3_600_000;

/** With an allow list the server says «Vary: Origin», yet what it sends us is the same. */
const ANY_ORIGIN = { ignoreVary: true };

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith(OURS) && name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener("message", (event) => {
  if (event.data === "scorta") event.waitUntil(renewStock());
});

/** Once an hour at most: what changed since comes in one request, or the word that nothing did. */
async function renewStock() {
  const cache = await caches.open(CACHE);
  const before = await cache.match(STOCK, ANY_ORIGIN);
  if (Date.now() - Number(before?.headers.get("X-Looked") ?? 0) < STOCK_EVERY_MS) return;
  const tag = before?.headers.get("ETag");
  const response = await fetch(STOCK, { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" })
    .catch(() => null);
  if (!response?.ok && response?.status !== 304) return;
  if (response.ok) await keepStock(cache, (await response.json()).pages);
  const headers = { ETag: response.headers.get("ETag") ?? "", "X-Looked": String(Date.now()) };
  await cache.put(STOCK, new Response(null, { headers }));
}

/** Each page under its own address, with the policy that pages have. */
async function keepStock(cache, pages) {
  const like = await cache.match(`${ROOT}/offline`, ANY_ORIGIN);
  const headers = { "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": like?.headers.get("Content-Security-Policy") ?? "default-src 'self'" };
  for (const [path, html] of Object.entries(pages)) await cache.put(ROOT + path, new Response(html, { headers }));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const path = pathOf(url);
  if (path.startsWith("/api/")) return;
  event.respondWith(path.startsWith("/web/") ? cachedFirst(event) : networkFirst(event));
});

/** The path of an address as the service knows it. */
const pathOf = (url) => new URL(url).pathname.slice(ROOT.length);

async function networkFirst({ request }) {
  const cache = await caches.open(CACHE);
  // where a person is, what they need and what was asked for them is kept nowhere
  const pathname = pathOf(request.url), { searchParams } = new URL(request.url);
  const told = /^\/(servizi|invio)/.test(pathname) && /[?&](comune|bisogno|da)=[^&]/.test(request.url)
    || /^\/(risposta|presa-in-carico|invio\/stato)\//.test(pathname) || searchParams.has("q");
  try {
    const response = await fetch(request);
    if (response.ok && !response.redirected && !told) await cache.put(request, response.clone());
    return response;
  } catch {
    if (request.cache === "no-store") return Response.error(); // who asks so wants no copy
    // a guide is the same whatever is cited of it; services found with other filters are not
    const found = /^\/(servizi|invio)/.test(pathOf(request.url));
    const kept = (await cache.match(request, ANY_ORIGIN))
      ?? (found ? undefined : await cache.match(request, { ...ANY_ORIGIN, ignoreSearch: true }));
    if (kept) return kept;
    if (request.mode !== "navigate") return Response.error();
    // in the network and yet no answer: it is the server that is down
    return cache.match(ROOT + (navigator.onLine ? "/fermo" : "/offline"), ANY_ORIGIN);
  }
}

async function cachedFirst(event) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(event.request, ANY_ORIGIN);
  const fresh = fetch(event.request).then(async (response) => {
    if (response.ok) await cache.put(event.request, response.clone());
    return response;
  });
  if (!kept) return fresh;
  event.waitUntil(fresh.catch(() => undefined));
  return kept;
}
