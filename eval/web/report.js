"use strict";
(() => {
  const form = document.getElementById("filters");
  const count = document.getElementById("count");
  const cases = [...document.querySelectorAll(".case")];
  const texts = new Map(); // what the search looks in, read when it is first asked
  const textOf = (item) => {
    if (!texts.has(item)) texts.set(item, item.textContent.toLowerCase());
    return texts.get(item);
  };
  const show = () => {
    const wanted = Object.fromEntries(new FormData(form));
    const words = wanted.text.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of cases) {
      const { verdict, theme, tag, severity, expected } = item.dataset;
      item.hidden = !(
        (!wanted.verdict || wanted.verdict === verdict) &&
        (!wanted.theme || wanted.theme === theme) &&
        (!wanted.tag || tag.includes(` ${wanted.tag} `)) &&
        (!wanted.severity || wanted.severity === severity) &&
        (!wanted.expected || wanted.expected === expected) &&
        words.every((word) => textOf(item).includes(word))
      );
      shown += item.hidden ? 0 : 1;
    }
    count.textContent = `${shown} casi su ${cases.length}`;
  };
  form.addEventListener("input", show);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(show));
  // printed, every case that is not filtered out shows what is inside
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = cases.filter((item) => item.matches("details") && !item.hidden && !item.open);
    for (const item of opened) item.open = true;
  });
  addEventListener("afterprint", () => {
    for (const item of opened) item.open = false;
  });
})();
