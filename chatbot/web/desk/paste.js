// What is pasted from a word processor or a web page, as Markdown: headings, lists, tables,
// bold and links. Everything else is taken as plain text.
const BLOCKS = "h1,h2,h3,h4,h5,h6,li,table,p.MsoListParagraph";

/** Markdown of a piece of HTML; empty where there is no structure worth keeping. */
export function fromWord(html) {
  const body = new DOMParser().parseFromString(html, "text/html").body; // inert: nothing runs
  body.querySelectorAll("style, script, meta, link, title").forEach((node) => node.remove());
  if (!body.querySelector(`${BLOCKS}, b, strong, a[href]`)) return "";
  const parts = [...blocks(body)].filter(Boolean);
  return parts.join("\n\n").replace(/\n{3,}/g, "\n\n").replace(/(^- .*)\n\n(?=- )/gm, "$1\n");
}

function* blocks(node) {
  let line = "";
  for (const child of node.childNodes) {
    const block = child.nodeType === Node.ELEMENT_NODE ? blockOf(child) : null;
    if (block === null) {
      line += inline(child);
      continue;
    }
    if (line.trim()) yield clean(line);
    line = "";
    yield* block;
  }
  if (line.trim()) yield clean(line);
}

const clean = (text) => text.replace(/[\s\u00a0]+/g, " ").trim();

/** The Markdown of an element that stands by itself, null for one within a line. */
function blockOf(node) {
  const name = node.localName;
  if (/^h[1-6]$/.test(name)) {
    const text = clean(node.textContent);
    return text ? [`${"#".repeat(Math.max(2, Number(name[1])))} ${text}`] : [];
  }
  if (name === "ul" || name === "ol") return [list(node, 0)];
  if (name === "table") return [table(node)];
  if (name === "p" && /MsoListParagraph/.test(node.className)) {
    return [`- ${clean(inline(node)).replace(/^(?:[·•o§▪-]|\d+[.)])\s+/, "")}`];
  }
  if (["p", "div", "section", "article", "blockquote", "body"].includes(name)) return blocks(node);
  return name === "br" ? [] : null;
}

function list(node, depth) {
  return [...node.children].filter((item) => item.localName === "li").map((item, n) => {
    const inner = [...item.children].filter((child) => /^[uo]l$/.test(child.localName));
    const copy = item.cloneNode(true);
    copy.querySelectorAll("ul, ol").forEach((child) => child.remove());
    const sign = node.localName === "ol" ? `${n + 1}.` : "-";
    const first = `${" ".repeat(depth)}${sign} ${clean(inline(copy))}`;
    return [first, ...inner.map((child) => list(child, depth + sign.length + 1))].join("\n");
  }).join("\n");
}

function table(node) {
  const rows = [...node.querySelectorAll("tr")].map((row) => [...row.cells].map(
    (cell) => clean(inline(cell)).replace(/\|/g, "\\|"),
  ));
  const width = Math.max(...rows.map((row) => row.length), 1);
  const shown = rows.map((row) => `| ${[...row, ...Array(width - row.length).fill("")].join(" | ")} |`);
  shown.splice(1, 0, `|${" --- |".repeat(width)}`);
  return shown.join("\n");
}

function inline(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data;
  if (node.nodeType !== Node.ELEMENT_NODE) return "";
  const text = [...node.childNodes].map(inline).join("");
  const name = node.localName;
  if (!text.trim()) return name === "br" ? " " : text;
  if (name === "b" || name === "strong") return /font-weight:\s*normal/.test(node.getAttribute("style") || "") ? text : `**${text.trim()}**`;
  const href = name === "a" ? node.getAttribute("href") || "" : "";
  return /^https?:/.test(href) ? `[${text.trim()}](${href})` : text;
}
