// A plain text area with its lines numbered beside it and those with a finding marked. It is the
// browser's own field: screen readers, phones, spelling and undo work in it as everywhere.
// Behind it the same text stands line by line, with the same wrapping, and gives it its height.
import { fromWord } from "./paste.js";

export class Textbox {
  constructor(area, changed) {
    this.area = area;
    this.lines = area.parentElement.querySelector(".textbox-lines");
    this.marks = new Map();
    area.addEventListener("input", () => { this.draw(); changed(); });
    area.addEventListener("paste", (event) => this.paste(event));
    area.addEventListener("keydown", (event) => this.key(event));
    this.draw();
  }

  get value() { return this.area.value; }

  set value(text) {
    this.area.value = text;
    this.draw();
  }

  draw() {
    const texts = this.value.split("\n");
    while (this.lines.children.length > texts.length) this.lines.lastChild.remove();
    texts.forEach((text, n) => {
      const line = this.lines.children[n] || this.lines.appendChild(document.createElement("div"));
      const shown = text || "\u200b";
      if (line.textContent !== shown) line.textContent = shown;
      line.className = this.marks.get(n + 1) || "";
    });
  }

  /** `findings` with a line and a severity. */
  mark(findings) {
    this.marks = new Map();
    for (const { line, severity } of findings) {
      if (this.marks.get(line) !== "error") this.marks.set(line, severity);
    }
    this.draw();
  }

  /** Selects a line and shows it. */
  goTo(number) {
    const texts = this.value.split("\n");
    const start = texts.slice(0, number - 1).join("\n").length + (number > 1 ? 1 : 0);
    this.area.focus();
    this.area.setSelectionRange(start, start + (texts[number - 1] || "").length);
    this.lines.children[number - 1]?.scrollIntoView({ block: "center" });
  }

  /** Puts `text` in the place of the selection, so that the browser's undo takes it back. */
  insert(text) {
    this.area.focus();
    if (!document.execCommand("insertText", false, text)) {
      this.area.setRangeText(text, this.area.selectionStart, this.area.selectionEnd, "end");
      this.area.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  get selected() { return this.value.slice(this.area.selectionStart, this.area.selectionEnd); }

  /** On a line of its own, with an empty one before it. */
  insertBlock(text) {
    const before = this.value.slice(0, this.area.selectionStart);
    const gap = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    this.insert(`${gap}${text}\n`);
  }

  paste(event) {
    const html = event.clipboardData?.getData("text/html");
    const text = html && fromWord(html);
    if (!text) return;
    event.preventDefault();
    this.insert(text);
  }

  // Enter goes on with a list, or ends it.
  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.isComposing) return;
    const start = this.value.lastIndexOf("\n", this.area.selectionStart - 1) + 1;
    const line = this.value.slice(start, this.area.selectionStart);
    const item = /^(\s*)([-*]|(\d+)\.)\s(.*)$/.exec(line);
    if (!item) return;
    event.preventDefault();
    if (!item[4].trim()) {
      this.area.setSelectionRange(start, this.area.selectionStart);
      this.insert("\n");
    } else {
      this.insert(`\n${item[1]}${item[3] ? `${Number(item[3]) + 1}.` : item[2]} `);
    }
  }
}
