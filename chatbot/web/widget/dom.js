/** Building nodes without ever parsing a string as HTML. */

/** What `use` gives, or undefined where the browser or the page around forbids it. */
export function tried(use) {
  try {
    return use();
  } catch {
    return undefined;
  }
}

/** An element: `props` are attributes, `on…` listeners, or `text`; null children are skipped. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(2).filter((child) => child !== null && child !== undefined));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** A decorative line icon, hidden from assistive technology; `path` is SVG path data. */
export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  for (const [name, value] of Object.entries({
    viewBox: "0 0 24 24", width: "20", height: "20", "aria-hidden": "true", fill: "none",
    stroke: "currentColor", "stroke-width": "2", "stroke-linecap": "round",
    "stroke-linejoin": "round",
  })) svg.setAttribute(name, value);
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", path);
  svg.append(shape);
  return svg;
}

export const ICONS = {
  answered: "M4 12l5 5L20 6",
  perhaps: "M4 13c3-5 5-5 8-2s5 3 8-2",
  related: "M4 6h16M4 12h10M4 18h7",
  clarify: "M9 9a3 3 0 1 1 4 3c-1 .5-1 1-1 2m0 4v.01",
  no_answer: "M5 12h14",
  out_of_scope: "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18M6 6l12 12",
  emergency: "M12 3L2 21h20zM12 10v5m0 3v.01",
  problem: "M12 7v6m0 4v.01M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  print: "M7 9V3h10v6M7 18H4v-8h16v8h-3M7 14h10v7H7z",
  share: "M12 15V3m0 0L8 7m4-4l4 4M5 12v8h14v-8",
  aloud: "M4 9v6h4l5 4V5L8 9zM16 9a4 4 0 0 1 0 6m3-9a8 8 0 0 1 0 12",
  dictate: "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3M6 11a6 6 0 0 0 12 0M12 17v4",
  refer: "M4 12h14m0 0l-5-5m5 5l-5 5",
  up: "M7 11v9H4v-9zm0 0l4-8a2 2 0 0 1 2 2v4h5a2 2 0 0 1 2 2l-1 7a2 2 0 0 1-2 2H7",
  down: "M7 13V4H4v9zm0 0l4 8a2 2 0 0 0 2-2v-4h5a2 2 0 0 0 2-2l-1-7a2 2 0 0 0-2-2H7",
};

const ALLOWED = new Set(
  "p br ul ol li strong em b i code pre blockquote table thead tbody tr th td a h2 h3 h4 h5 hr sup sub mark dl dt dd"
    .split(" "),
);
const SAFE_LINK = /^(https?:|mailto:|tel:|\/(?!\/)|#)/i;

/**
 * A fragment of the server's HTML, rebuilt node by node from an allow list.
 *
 * The server sanitises already; this second sieve means that nothing it sends can run here.
 * Relative links are made absolute against `base`, because the page may be another site's.
 */
export function sieve(html, base = "") {
  const fragment = document.createDocumentFragment();
  const parsed = parse(String(html ?? ""));
  if (parsed) copyChildren(parsed.body, fragment, base);
  else fragment.append(el("p", { text: String(html ?? "").replace(/<[^>]*>/g, "") }));
  return fragment;
}

/** Under Trusted Types a page says which names may turn text into nodes: ours is «bussola». What is
 * made of it is never put anywhere as it is, only copied by the allow list. */
const policy = tried(() =>
  globalThis.trustedTypes?.createPolicy("bussola", { createHTML: (text) => text }));

/** A document that nothing runs in, or null where the page forbids even that. */
function parse(html) {
  return tried(() =>
    new DOMParser().parseFromString(policy ? policy.createHTML(html) : html, "text/html")) ?? null;
}

function copyChildren(from, to, base) {
  for (const child of from.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) to.append(child.data);
    else if (child.nodeType === Node.ELEMENT_NODE) copyElement(child, to, base);
  }
}

function copyElement(element, to, base) {
  const tag = element.localName;
  if (["script", "style", "template", "iframe", "object", "svg", "math"].includes(tag)) return;
  if (!ALLOWED.has(tag)) return copyChildren(element, to, base);
  const copy = document.createElement(tag);
  if (tag === "a") copyLink(element, copy, base);
  if (tag === "ol" && element.start !== 1) copy.start = element.start; // the numbers of the steps
  copyChildren(element, copy, base);
  to.append(copy);
}

function copyLink(from, to, base) {
  const href = safeLink(from.getAttribute("href"), base);
  if (!href) return;
  to.setAttribute("href", href);
  if (/^https?:/i.test(href) && new URL(href).origin !== location.origin) {
    to.setAttribute("rel", "noopener noreferrer");
  }
}

/** `href` made absolute against `base`, or null when its scheme is not one we follow. */
export function safeLink(href, base = "") {
  const text = String(href ?? "").trim();
  if (!SAFE_LINK.test(text)) return null;
  return text.startsWith("/") ? base + text : text;
}

const LENGTH = { name: "--b-rem", syntax: "<length>", inherits: true, initialValue: "16px" };
const PRELUDE_OR_REM = /(@(?:media|container)[^{]*)|(-?[\d.]+)rem/g;

/**
 * A sheet measured by the letters of the widget: `rem` is of the root of the page around, which may
 * make it anything. Where lengths cannot be registered it stays as it is.
 */
function measured(css) {
  if (!globalThis.CSS?.registerProperty) return css;
  tried(() => CSS.registerProperty(LENGTH)); // the second time it is there already
  return css.replace(PRELUDE_OR_REM, (whole, prelude, n) => prelude ?? `calc(${n} * var(--b-rem))`);
}

/** The style sheets of the widget, for its shadow root. */
export async function loadStyles(base) {
  const names = ["/web/tokens.css", "/brand.css", "/web/widget.css"];
  return Promise.all(names.map(async (name) => {
    const sheet = new CSSStyleSheet();
    try {
      const response = await fetch(base + name, { credentials: "same-origin" });
      if (response.ok) sheet.replaceSync(measured(await response.text()));
    } catch {
      // unstyled but usable
    }
    return sheet;
  }));
}
