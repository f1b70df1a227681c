/** Copying text, on plain http too. */

/** Copy text, and say in `status` whether it worked (its data attributes hold the words). */
export async function copy(text, status) {
  const copied = await copyText(text);
  status.textContent = copied ? status.dataset.copied : status.dataset.failed;
}

/** Copy text; on plain http, where there is no clipboard to write to, the old way. Whether it
 * worked. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyOldWay(text);
  }
}

function copyOldWay(text) {
  const before = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  Object.assign(field.style, { position: "fixed", opacity: "0" });
  document.body.append(field);
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    field.remove();
    before?.focus({ preventScroll: true });
  }
}
