"use strict";
(() => {
  const form = document.getElementById("filters");
  const count = document.getElementById("count");
  const cases = [...document.querySelectorAll("details.case")];
  const show = () => {
    const wanted = Object.fromEntries(new FormData(form));
    const words = wanted.text.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const item of cases) {
      const { verdict, theme, tag, severity, expected, text } = item.dataset;
      item.hidden = !(
        (!wanted.verdict || wanted.verdict === verdict) &&
        (!wanted.theme || wanted.theme === theme) &&
        (!wanted.tag || tag.includes(` ${wanted.tag} `)) &&
        (!wanted.severity || wanted.severity === severity) &&
        (!wanted.expected || wanted.expected === expected) &&
        words.every((word) => text.includes(word))
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
    opened = cases.filter((item) => !item.hidden && !item.open);
    for (const item of opened) item.open = true;
  });
  addEventListener("afterprint", () => {
    for (const item of opened) item.open = false;
  });
})();
