// The toolbar over the text, and its shortcuts.
function heading(box, marks) {
  const words = box.selected || "Una domanda?";
  const anchor = words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().match(/[a-z0-9]+/g)?.slice(0, 3).join("-");
  box.insertBlock(`${marks} ${words} {#${anchor || "sezione"}}\n`);
}

const listed = (box, mark) => box.insertBlock(
  (box.selected || "prima voce\nseconda voce").split("\n").map((line, n) => `${mark(n)} ${line}`).join("\n"),
);

const TOOLS = {
  heading: (box) => heading(box, "##"),
  subheading: (box) => heading(box, "###"),
  bold: (box) => box.insert(`**${box.selected || "testo"}**`),
  list: (box) => listed(box, () => "-"),
  steps: (box) => listed(box, (n) => `${n + 1}.`),
  table: (box) => box.insertBlock("| Situazione | Che cosa si fa |\n| --- | --- |\n|  |  |"),
  note: (box) => box.insertBlock(`!!! attenzione "Attenzione"\n    ${box.selected || "Il testo dell'avviso."}`),
};

export function installTools(view, box, path) {
  const bar = view.querySelector(".desk-tools");
  const dialog = view.querySelector("#collegamento");
  const buttons = [...bar.querySelectorAll("button")];
  const use = (name) => (name === "link" ? dialog.showModal() : TOOLS[name](box, path));
  bar.addEventListener("click", (event) => {
    const { tool } = event.target.dataset;
    if (tool) use(tool);
  });
  // as ARIA says of toolbars: one stop of Tab, arrows within
  buttons.forEach((button, n) => { button.tabIndex = n ? -1 : 0; });
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const now = buttons.indexOf(document.activeElement);
    const next = buttons[(now + step + buttons.length) % buttons.length];
    buttons.forEach((button) => { button.tabIndex = button === next ? 0 : -1; });
    next.focus();
  });
  box.place.addEventListener("keydown", (event) => {
    const tool = !event.defaultPrevented && (event.ctrlKey || event.metaKey) && { b: "bold", k: "link" }[event.key];
    if (!tool) return;
    event.preventDefault();
    use(tool);
  });
  dialog.addEventListener("close", () => {
    const input = dialog.querySelector("[data-target]");
    const option = [...dialog.querySelectorAll("option")].find((one) => one.value === input.value);
    const target = option ? option.dataset.path : input.value.trim();
    box.focus();
    if (dialog.returnValue === "ok" && target) box.insert(`[${box.selected || option?.value || target}](${target})`);
    input.value = "";
    dialog.returnValue = "";
  });
}
