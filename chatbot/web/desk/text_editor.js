// The text of a guide in CodeMirror: lines with their numbers, Markdown in colours, findings at
// their line, search. It stands in a shadow root, where its styles need no inline <style>, and
// writes each change into the form's field, which is hidden under it.
import {
  Decoration, EditorState, EditorView, ViewPlugin, defaultKeymap, history, historyKeymap, keymap, lineNumbers,
  lintGutter, markdown, nextDiagnostic, previousDiagnostic, search, searchKeymap, setDiagnostics, syntaxHighlighting,
} from "../vendor/codemirror/codemirror.js";
import { PHRASES } from "./text_phrases.js";
import { COLOURS, LOOK } from "./text_look.js";
import { Textbox } from "./textbox.js";

// each line in the direction of its own words, as the browser's fields have it with dir=auto
const ownWay = Decoration.line({ attributes: { dir: "auto" } });
const OWN_WAYS = ViewPlugin.define((view) => {
  const seen = () => Decoration.set(view.viewportLineBlocks.map(({ from }) => ownWay.range(from)));
  return { ways: seen(), update(update) { if (update.docChanged || update.viewportChanged) this.ways = seen(); } };
}, { decorations: (plugin) => plugin.ways });

const KEYS = keymap.of([ // not Tab, which goes on to what comes after the text
  { key: "F8", run: nextDiagnostic, shift: previousDiagnostic, preventDefault: true },
  ...searchKeymap, ...historyKeymap, ...defaultKeymap,
]);

export class TextEditor extends Textbox {
  constructor(area, changed) {
    super(area, changed);
    this.host = document.createElement("div");
    const root = this.host.attachShadow({ mode: "open" });
    const said = area.labels[0].textContent;
    this.view = new EditorView({
      root,
      parent: root,
      state: EditorState.create({ doc: area.value, extensions: [
        KEYS, history(), search(), markdown({ completeHTMLTags: false }), lintGutter(), lineNumbers(),
        EditorView.lineWrapping, EditorView.perLineTextDirection.of(true), OWN_WAYS,
        EditorState.phrases.of(PHRASES), LOOK, syntaxHighlighting(COLOURS),
        EditorView.contentAttributes.of({
          lang: area.lang, spellcheck: "true", autocorrect: "on", autocapitalize: "sentences",
          writingsuggestions: "true", "aria-label": said,
        }),
        EditorView.scrollMargins.of(() => ({ top: document.querySelector(".desk-save").offsetHeight })),
        EditorView.domEventHandlers({ paste: (event) => this.paste(event) }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          area.value = this.view.state.doc.toString();
          changed();
        }),
      ] }),
    });
    this.view.contentDOM.ariaDescribedByElements = [document.getElementById(area.getAttribute("aria-describedby"))];
    area.before(this.host);
    area.hidden = true;
  }

  get place() { return this.host; }

  get range() { return this.view.state.selection.main; }

  get before() { return this.view.state.sliceDoc(0, this.range.from); }

  get selected() { return this.view.state.sliceDoc(this.range.from, this.range.to); }

  focus() { this.view.focus(); }

  mark(findings) {
    const { doc } = this.view.state;
    const found = findings.filter(({ line }) => line <= doc.lines).map(({ line, severity, message }) => {
      const { from, to } = doc.line(line);
      return { from, to, severity, message };
    });
    this.view.dispatch(setDiagnostics(this.view.state, found));
  }

  goTo(number) {
    const { doc } = this.view.state;
    const { from, to } = doc.line(Math.min(number, doc.lines));
    const effects = EditorView.scrollIntoView(from, { y: "center" });
    this.view.dispatch({ selection: { anchor: from, head: to }, effects });
    this.focus();
  }

  insert(text) {
    this.view.dispatch(this.view.state.replaceSelection(text), { userEvent: "input.paste", scrollIntoView: true });
    this.focus();
  }
}
