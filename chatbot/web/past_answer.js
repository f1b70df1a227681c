/**
 * The question of whoever shared an answer, where they put it into the link: it stands after the
 * «#», which no browser sends to a server.
 */

const place = document.querySelector("#past-question");
const question = new URLSearchParams(location.hash.slice(1)).get("q")?.trim();
if (question) {
  place.querySelector("strong").textContent = question;
  place.querySelector("a").href = `${place.dataset.ask}${encodeURIComponent(question)}`;
  place.hidden = false;
}
