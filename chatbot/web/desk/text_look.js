// How the editor of guides looks: the colours and sizes of the pages (tokens.css), in both themes.
import { EditorView, HighlightStyle, tags } from "../vendor/codemirror/codemirror.js";

const SHADE = { error: "danger", warning: "warn" };
const line = (kind) => ({ backgroundImage: "none", backgroundColor: `var(--b-${kind}-soft)`, boxShadow: `0 2px var(--b-${kind})` });
const sign = (kind, text) => ({
  [`.cm-lint-marker-${kind}`]: { content: "normal", background: `var(--b-${SHADE[kind]})` },
  [`.cm-lint-marker-${kind}::before`]: { content: `"${text}"` },
  [`.cm-lintRange-${kind}`]: line(SHADE[kind]),
  [`.cm-diagnostic-${kind}`]: { borderInlineStart: `5px solid var(--b-${SHADE[kind]})` },
});

export const LOOK = EditorView.theme({
  "&": { color: "var(--b-ink)", minBlockSize: "20rem" },
  "&.cm-focused": { outline: "none" }, // the field around it has the ring
  ".cm-scroller": { font: '1rem/1.6 ui-monospace, "DejaVu Sans Mono", monospace' },
  ".cm-content": { caretColor: "var(--b-ink)", paddingBlock: "0.6rem", minInlineSize: "0" },
  ".cm-line": { paddingInline: "0.5rem 0.7rem", overflowWrap: "anywhere" },
  ".cm-gutters": { background: "none", border: "0", color: "var(--b-muted)" },
  ".cm-lineNumbers .cm-gutterElement": { fontSize: "0.85rem", minInlineSize: "1.8rem", paddingInline: "0.3rem 0" },
  ".cm-gutter-lint": { inlineSize: "1.4rem" },
  ".cm-gutter-lint .cm-gutterElement": { paddingInline: "0.15rem" },
  ".cm-lint-marker": {
    inlineSize: "1.1rem", blockSize: "1.1rem", marginBlockStart: "0.25rem", borderRadius: "50%", color: "var(--b-surface)",
    font: "700 0.85rem/1.1rem var(--b-font)", textAlign: "center",
  },
  ...sign("error", "×"),
  ...sign("warning", "!"),
  ".cm-diagnostic": { padding: "0.4rem 0.7rem", fontFamily: "var(--b-font)", whiteSpace: "normal" },
  ".cm-tooltip": {
    maxInlineSize: "min(30rem, 90vw)", background: "var(--b-surface)", color: "var(--b-ink)",
    border: "1px solid var(--b-line)", borderRadius: "0.4rem",
  },
  ".cm-panels": { background: "var(--b-sunken)", color: "var(--b-ink)", fontFamily: "var(--b-font)", zIndex: "1" },
  ".cm-panels-bottom": { borderBlockStart: "1px solid var(--b-line)" },
  ".cm-panel.cm-search": { padding: "0.5rem 2.5rem 0.5rem 0.7rem", fontSize: "1rem" },
  ".cm-panel.cm-search label": { fontSize: "0.9rem", display: "inline-flex", alignItems: "center", minBlockSize: "1.6rem" },
  ".cm-textfield, .cm-button": {
    minBlockSize: "1.8rem", padding: "0.1rem 0.6rem", fontSize: "0.95rem", background: "var(--b-surface)", color: "var(--b-ink)",
    border: "1px solid var(--b-line)", borderRadius: "0.4rem",
  },
  ".cm-panel [name=close]": { inlineSize: "2rem", blockSize: "2rem", fontSize: "1.2rem", color: "inherit" },
  ".cm-panel :focus-visible": { outline: "3px solid var(--b-accent)", outlineOffset: "1px" },
  ".cm-searchMatch": { backgroundColor: "var(--b-mark)", color: "var(--b-mark-ink)" },
  ".cm-searchMatch *": { color: "inherit" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--b-accent)", color: "var(--b-accent-ink)" },
});

export const COLOURS = HighlightStyle.define([
  { tag: tags.heading, color: "var(--b-accent)", fontWeight: "700" },
  { tag: tags.strong, fontWeight: "700" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.link, color: "var(--b-accent)", textDecoration: "underline" },
  { tag: [tags.url, tags.quote, tags.processingInstruction, tags.contentSeparator], color: "var(--b-muted)" },
]);
