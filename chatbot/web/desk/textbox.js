// The browser's own field for the text of a guide: what is written in where the editor that
// stands over it (text_editor.js) does not load, and what that one has in common with it.
import { fromWord } from "./paste.js";

export class Textbox {
  constructor(area, changed) {
    this.area = area;
    area.addEventListener("input", () => changed());
    area.addEventListener("paste", (event) => this.paste(event));
  }

  /** Where its keys and words come from. */
  get place() { return this.area; }

  get value() { return this.area.value; }

  get before() { return this.value.slice(0, this.area.selectionStart); }

  get selected() { return this.value.slice(this.area.selectionStart, this.area.selectionEnd); }

  focus() { this.area.focus(); }

  /** `findings` with a line, a severity and a message: the list beside the field tells them. */
  mark() {}

  /** Selects a line and shows it. */
  goTo(number) {
    const texts = this.value.split("\n");
    const start = texts.slice(0, number - 1).join("\n").length + (number > 1 ? 1 : 0);
    this.focus();
    this.area.setSelectionRange(start, start + (texts[number - 1] || "").length);
  }

  /** Puts `text` in the place of the selection, so that an undo takes it back. */
  insert(text) {
    this.focus();
    if (!document.execCommand("insertText", false, text)) {
      this.area.setRangeText(text, this.area.selectionStart, this.area.selectionEnd, "end");
      this.area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  /** On a line of its own, with an empty one before it. */
  insertBlock(text) {
    const gap = !this.before || this.before.endsWith("\n\n") ? "" : this.before.endsWith("\n") ? "\n" : "\n\n";
    this.insert(`${gap}${text}\n`);
  }

  /** What a word processor gives, as Markdown; true where it was taken. */
  paste(event) {
    const html = event.clipboardData?.getData("text/html");
    const text = html && fromWord(html);
    if (!text) return false;
    event.preventDefault();
    this.insert(text);
    return true;
  }
}
