/** Copy text, and say in `status` whether it worked (its data attributes hold the words). */
export async function copy(text, status) {
  try {
    await navigator.clipboard.writeText(text);
    status.textContent = status.dataset.copied;
  } catch {
    status.textContent = status.dataset.failed;
  }
}
