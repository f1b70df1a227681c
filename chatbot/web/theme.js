/** Light or dark, as chosen on this device; before the page is drawn, so that it does not flash. */
(() => {
  const KEY = "bussola-aspetto";
  const root = document.documentElement;
  const kept = (use) => {
    try {
      return use();
    } catch {
      return null; // a browser that keeps nothing follows the system
    }
  };
  const apply = (theme) => {
    for (const node of [root, ...document.querySelectorAll("bussola-chat")]) {
      if (theme) node.setAttribute(node === root ? "data-theme" : "theme", theme);
      else node.removeAttribute(node === root ? "data-theme" : "theme");
    }
  };
  const chosen = () => kept(() => localStorage.getItem(KEY)) ?? "";
  apply(chosen());
  document.addEventListener("DOMContentLoaded", () => {
    apply(chosen());
    const field = document.querySelector("#theme");
    field.value = chosen();
    field.closest("label").hidden = false;
    field.addEventListener("change", () => {
      kept(() => (field.value ? localStorage.setItem(KEY, field.value) : localStorage.removeItem(KEY)));
      apply(field.value);
    });
  });
})();
