// The page of signing in, and of the invitation that its address may carry after the #.
import { find, json, say, signIn } from "../admin.js";
import { at } from "../root.js";

const secret = new URLSearchParams(location.hash.slice(1)).get("invito");
const form = find(secret ? "#invito" : "#entra");
const home = (who) => location.assign(at(who.home));

async function invited() {
  const told = await json("session/invitation", { secret });
  form.hidden = false;
  const words = told.person
    ? `Scegli una nuova frase segreta per «${told.person}».`
    : `Sei invitato come ${told.role_word}. Scegli un nome e una frase segreta.`;
  form.querySelector("[data-told]").textContent = words;
  const name = form.elements.name;
  if (told.person) Object.assign(name, { value: told.person, readOnly: true });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = { secret, name: name.value, passphrase: form.elements.passphrase.value };
    if (body.passphrase !== form.elements.again.value) return say("Le due frasi non sono uguali.");
    try {
      const who = await json("session/invitation", body, "PUT");
      history.replaceState(null, "", at("/accedi")); // the link works no more
      return home(who);
    } catch (error) {
      return say(error.message);
    }
  });
}

if (secret) {
  invited().catch((error) => say(error.message));
} else {
  form.hidden = false;
  signIn(form, async () => home(await json("session", undefined, "GET")));
  const told = new URLSearchParams(location.search).get("errore");
  if (told) say("L'accesso dell'organizzazione non è riuscito: riprova, o chiedi un invito.");
}
addEventListener("hashchange", () => location.reload());
