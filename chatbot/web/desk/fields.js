// The front matter as a form: its values as the server takes them.
const linesOf = (area) => area.value.split("\n").map((line) => line.trim()).filter(Boolean);

/** The fields of the form, or null where the guide is shown whole. */
export function read(form) {
  if ("whole" in form.dataset) return null;
  const fields = {};
  for (const input of form.querySelectorAll("[data-field]")) fields[input.dataset.field] = input.value.trim();
  for (const input of form.querySelectorAll("[data-number]")) {
    fields[input.dataset.number] = input.value === "" ? "" : Number(input.value);
  }
  for (const area of form.querySelectorAll("[data-lines]")) fields[area.dataset.lines] = linesOf(area);
  for (const group of form.querySelectorAll("[data-checks]")) {
    fields[group.dataset.checks] = [...group.querySelectorAll("input:checked")].map((box) => box.value);
  }
  for (const group of form.querySelectorAll("[data-rows]")) fields[group.dataset.rows] = rows(group);
  for (const group of form.querySelectorAll("[data-tree]")) fields[group.dataset.tree] = tree(group);
  return fields;
}

function rows(group) {
  const found = [...group.querySelectorAll("[data-row]")].map((row) => Object.fromEntries(
    [...row.querySelectorAll("[data-key]")].map((input) => [input.dataset.key, input.value.trim()]),
  ));
  return found.filter((row) => Object.values(row).some(Boolean));
}

function tree(group) {
  const branches = {};
  for (const area of group.querySelectorAll("[data-branch-key]")) {
    if (linesOf(area).length) branches[area.dataset.branchKey] = linesOf(area);
  }
  for (const row of group.querySelectorAll("[data-branch]")) {
    const anchor = row.querySelector("[data-anchor]").value.trim();
    const asked = linesOf(row.querySelector("[data-questions]"));
    if (anchor && asked.length) branches[anchor] = [...(branches[anchor] || []), ...asked];
  }
  return branches;
}

/** Rows that are added and taken away; `changed` is told. */
export function keepRows(form, changed) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-add], [data-remove]");
    if (!button) return;
    if ("add" in button.dataset) {
      const made = button.parentElement.querySelector("template").content.cloneNode(true);
      const first = made.querySelector("input");
      button.before(made);
      first.focus();
    } else {
      const group = button.closest("[data-rows], [data-tree]");
      button.parentElement.remove();
      group.querySelector(":scope > [data-add]").focus();
      changed();
    }
  });
}

/** Questions of the journal that are put under a section, which is added where it is not there. */
export function keepProposals(form, changed) {
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-propose]");
    if (!button) return;
    const tree = form.querySelector("[data-tree=domande]");
    const { propose: anchor, asked } = button.dataset;
    const named = () => [...tree.querySelectorAll("[data-branch]")]
      .find((row) => row.querySelector("[data-anchor]").value.trim() === anchor);
    if (!named()) {
      const made = tree.querySelector("template").content.cloneNode(true);
      made.querySelector("[data-anchor]").value = anchor;
      tree.querySelector(":scope > [data-add]").before(made);
    }
    const area = named().querySelector("[data-questions]");
    area.value = [area.value.trim(), asked].filter(Boolean).join("\n");
    button.closest("li").remove();
    area.focus();
    changed();
  });
}

/** Findings of the front matter, each beside the field it is of. */
export function mark(form, findings) {
  for (const old of form.querySelectorAll(".field-finding")) old.remove();
  for (const finding of findings) {
    const place = form.querySelector(`[data-of="${CSS.escape(finding.field)}"]`);
    if (!place) continue;
    const told = document.createElement("p");
    told.className = `field-finding ${finding.severity}`;
    told.textContent = finding.message;
    place.append(told);
  }
}
