"""Two cards of danger among guides on other things, and a snapshot of them."""

from __future__ import annotations

from pathlib import Path

from guide_texts import EMERGENCY, with_questions

from index.encode.encoder import Encoder
from index.publish.build import build
from index.publish.snapshot import Snapshot, load_current


def card(title: str, number: str, signals: list[str], minutes: str) -> str:
    """An emergency card: its number, its signals and what to do in the first minutes."""
    head = EMERGENCY.replace("titolo: Prova", f"titolo: {title}")
    head = head.replace('numero: "112"', f'numero: "{number}"')
    head = head.replace("  - è in pericolo", "\n".join(f"  - {signal}" for signal in signals))
    return f"{head}# {title}\n\n## Nei primi minuti {{#primi-minuti}}\n\n{minutes}\n"


def sheet(title: str, asked: str, body: str) -> str:
    text = with_questions(asked, f"# {title}\n\n{body}")
    return text.replace("titolo: Prova", f"titolo: {title}", 1)


VIOLENCE = card(
    "Una persona subisce violenza", "1522",
    ["il marito la picchia", "la minaccia con un coltello",
     "ha paura di tornare a casa dal compagno"],
    "- Resta con la persona.\n- Se il pericolo è adesso chiama il 112.",
)  # fmt: skip


HARM = card(
    "Una persona vuole farsi del male", "112",
    ["dice che vuole morire", "vuole uccidersi", "si è tagliata le braccia stanotte"],
    "- Non lasciarla sola.\n- Chiama il 112.",
)  # fmt: skip


GUIDES = {
    "emergenze/violenza.md": VIOLENCE,
    "emergenze/farsi-del-male.md": HARM,
    "schede/casa.md": sheet(
        "La casa",
        "  affitto: [come trova una stanza in affitto?, quanto costa un affitto?]\n"
        "  marito: [il marito può vivere con lei nel centro?]\n",
        "La casa si cerca con pazienza e con un contratto scritto.\n\n"
        "## Come si cerca una stanza in affitto? {#affitto}\n\n"
        "La stanza si cerca con un annuncio e si visita prima di pagare.\n\n"
        "## Il marito può vivere nello stesso centro? {#marito}\n\n"
        "Sì: marito e moglie vivono insieme nel centro, se c'è posto.\n",
    ),
    "schede/lavoro.md": sheet(
        "Il lavoro",
        "  notte: [quante ore lavora di notte?, 'stanotte lavora, deve dormire di giorno?']\n"
        "  coltelli: [il cuoco porta i suoi coltelli?]\n",
        "Il lavoro comincia con un contratto.\n\n"
        "## Quante ore si lavora di notte? {#notte}\n\n"
        "Di notte si lavora per turni, con un riposo fra l'uno e l'altro.\n\n"
        "## Il cuoco porta i suoi coltelli? {#coltelli}\n\n"
        "No: i coltelli della cucina li dà il datore di lavoro.\n",
    ),
    "schede/salute.md": sheet(
        "La salute",
        "  medico: [come si cambia medico?]\n  visita: [dove fa la visita per il braccio rotto?]\n",
        "Il medico si sceglie all'ASL.\n\n"
        "## Come si cambia medico? {#medico}\n\n"
        "Il medico si cambia allo sportello dell'ASL.\n\n"
        "## Dove si fa una visita? {#visita}\n\n"
        "La visita si prenota al CUP con la ricetta del medico.\n",
    ),
}


def published(folder: Path, texts: dict[str, str], encoder: Encoder) -> Snapshot:
    for name, text in texts.items():
        path = folder / "guides" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    build(folder / "guides", folder / "var", encoder)
    return load_current(folder / "var")
