// What of CodeMirror the editor of guides uses.
export { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
export { markdown } from "@codemirror/lang-markdown";
export { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
export { lintGutter, nextDiagnostic, previousDiagnostic, setDiagnostics } from "@codemirror/lint";
export { search, searchKeymap } from "@codemirror/search";
export { EditorState } from "@codemirror/state";
export { Decoration, EditorView, ViewPlugin, keymap, lineNumbers } from "@codemirror/view";
export { tags } from "@lezer/highlight";
