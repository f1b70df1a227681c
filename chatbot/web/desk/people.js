// The buttons of the pages of people and of one's own access.
import { find, json, say } from "../admin.js";

async function invited(body) {
  const { address } = await json("people/invitations", body);
  return address;
}

function showLink(address) {
  const box = find("#collegamento-invito");
  box.hidden = false;
  box.querySelector("input").value = address;
  box.querySelector("input").focus();
  box.querySelector("input").select();
  say("Invito fatto: copia il collegamento e mandalo alla persona. Vale una settimana e una volta sola, e non si rivede.");
}

export const peopleButtons = (refresh) => ({
  async newPassphrase(person) {
    const address = await invited({ person });
    await refresh();
    showLink(address);
  },
  async remove(person) {
    if (!confirm(`«${person}» non potrà più accedere, da subito. Quello che ha scritto resta. Continuo?`)) return;
    await json("people/remove", { person });
    await refresh();
    say(`«${person}» non accede più.`);
  },
  async withdraw(digest) {
    await json("people/invitations/withdraw", { digest });
    await refresh();
    say("Invito ritirato.");
  },
  async endSession(id) {
    await json(`session/others/${id}`, undefined, "DELETE");
    await refresh();
    say("Accesso chiuso.");
  },
  async endOthers() {
    const { ended } = await json("session/others", undefined, "DELETE");
    await refresh();
    say(`Altri accessi chiusi: ${ended}.`);
  },
});

export const peopleForms = (refresh) => ({
  async invite(form) {
    const { role, note } = Object.fromEntries(new FormData(form));
    const address = await invited({ role, note });
    await refresh();
    showLink(address);
  },
  async role(form) {
    const { person, role } = Object.fromEntries(new FormData(form));
    await json("people/role", { person, role });
    await refresh();
    say("Ruolo cambiato.");
  },
  async passphrase(form) {
    const { old, passphrase, again } = Object.fromEntries(new FormData(form));
    if (passphrase !== again) return say("Le due frasi non sono uguali.");
    const { ended } = await json("session/passphrase", { old, new: passphrase });
    await refresh();
    return say(`Frase segreta cambiata. Altri accessi chiusi: ${ended}.`);
  },
});
