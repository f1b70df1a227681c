"""Questions without an answer, grouped, and the guides to be written for them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import numpy as np

from chatbot.desk.asked import Encodes
from chatbot.journal.records import Entry
from index.guide import Kind
from index.parse.frontmatter import MAX_ASKED
from index.parse.guide_file import escape_markdown
from index.parse.markdown import OPENING
from index.passage import Passage
from index.publish.snapshot import Snapshot

ALIKE = 0.8  # cosine of two questions that ask the same, for bussola-e5-small
NEAREST = 3
PROPOSED = 8  # questions of the journal, for one guide
REVIEW_DAYS = 90
MODELS = Path(__file__).parent / "models"  # what stands under the front matter of each kind
_UNQUOTED = str.maketrans({'"': "'", "\\": "/"})  # for a text between quotation marks in YAML


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """Questions that ask the same, the passages nearest to them, and the answers they had."""

    questions: tuple[str, ...]
    nearest: tuple[Passage, ...]
    answers: tuple[str, ...]  # their ids, one each time it was asked

    @property
    def times(self) -> int:
        return len(self.answers)


def group_questions(
    entries: Sequence[Entry], encoder: Encodes, snapshot: Snapshot
) -> list[QuestionGroup]:
    """Most asked first. A question joins the first group whose first question is ALIKE or more."""
    answers: dict[str, list[str]] = {}
    for entry in entries:
        answers.setdefault(entry.question, []).append(entry.id)
    distinct = list(answers)
    if not distinct:
        return []
    vectors = encoder.encode_queries(distinct)
    leaders: list[int] = []
    members: dict[int, list[int]] = {}
    for row in range(len(distinct)):
        cosines = vectors[leaders] @ vectors[row] if leaders else np.empty(0)
        best = int(np.argmax(cosines)) if len(cosines) else -1
        leader = leaders[best] if best >= 0 and cosines[best] >= ALIKE else row
        if leader == row:
            leaders.append(row)
        members.setdefault(leader, []).append(row)
    groups = [
        QuestionGroup(
            tuple(distinct[row] for row in rows),
            nearest_passages(vectors[leader], snapshot),
            tuple(answer for row in rows for answer in answers[distinct[row]]),
        )
        for leader, rows in members.items()
    ]
    return sorted(groups, key=lambda g: -g.times)


def near_guide(
    entries: Sequence[Entry], encoder: Encodes, snapshot: Snapshot, slug: str
) -> list[tuple[str, str]]:
    """Of the questions of the journal those whose nearest passage is of the guide `slug`, each with
    the section it would stand under in `domande`: at most PROPOSED, the newest first."""
    texts = list(dict.fromkeys(entry.question for entry in entries))
    guide = snapshot.guides.get(slug)
    if not texts or guide is None or not guide.sections:
        return []
    first, found = guide.sections[0].anchor, []
    for text, vector in zip(texts, encoder.encode_queries(texts), strict=True):
        nearest = nearest_passages(vector, snapshot)[0]
        if nearest.guide == slug and len(text) <= MAX_ASKED:
            found.append((OPENING if nearest.anchor == first else nearest.anchor, text))
    return found[:PROPOSED]


def today_names(counts: Mapping[str, int], snapshot: Snapshot) -> dict[str, int]:
    """Counts by guide, as the journal has them: those of the names that a guide had are its own."""
    today: Counter[str] = Counter()
    for name, count in counts.items():
        guide = snapshot.guide_named(name)
        today[guide.slug if guide else name] += count
    return dict(today)


def nearest_passages(vector: np.ndarray, snapshot: Snapshot) -> tuple[Passage, ...]:
    rows, _ = snapshot.store.nearest(vector, NEAREST)
    return tuple(snapshot.passages[row] for row in rows)


def new_guide(
    kind: Kind, title: str, questions: Sequence[str], near: Sequence[Passage], snapshot: Snapshot
) -> str:
    """A guide to be written: front matter with the questions as asked, the headings of its kind,
    the passages nearest to them."""
    today, network = snapshot.network.today(), snapshot.network
    name = " ".join(title.translate(_UNQUOTED).split())[:80].strip(" ?") or "Nuova guida"
    need = next(iter(network.needs_shown), "")
    lines = [
        f'titolo: "{name}"', f"tipo: {kind}",
        *([f"bisogni: [{need}]"] if need and kind != "glossario" else []),
        *(["per_chi: [tutti]"] if kind != "glossario" else []),
        f"verificato_il: {today.isoformat()}",
        f"rivedere_entro: {(today + timedelta(days=REVIEW_DAYS)).isoformat()}",
        "responsabile: redazione", *_FIRST_KEYS.get(kind, ()),
        "fonti:", "  - titolo: da scrivere",
    ]  # fmt: skip
    if questions:
        lines += ["domande:", f"  {_ASKED_OF.get(kind, 'inizio')}:"]
        lines += [f"    - {_quoted(question)}" for question in questions]
    body = (MODELS / f"{kind}.md").read_text(encoding="utf-8")
    shown = escape_markdown(name)
    nearest = "\n".join(_link(passage, snapshot) for passage in near) or "- nessuno"
    return "---\n" + "\n".join(lines) + "\n---\n\n" + body.format(title=shown, near=nearest)


_FIRST_KEYS: Mapping[str, tuple[str, ...]] = {
    "copione": ("durata_minuti: 10",),
    "servizio": ("stato: da verificare",),
    "emergenza": ("numeri:", '  - numero: "112"', "    nome: Numero unico di emergenza",
                  "segnali:", "  - da scrivere"),
}  # fmt: skip
_ASKED_OF = {"scheda": "risposta"}


def _quoted(question: str) -> str:
    """A text between quotation marks in YAML, whatever characters it has."""
    plain = "".join(c if c.isprintable() else " " for c in question)
    return json.dumps(" ".join(plain.split())[:MAX_ASKED] or "?", ensure_ascii=False)


def _link(passage: Passage, snapshot: Snapshot) -> str:
    guide = snapshot.guides[passage.guide]
    return f"- [{' › '.join(passage.heading_path)}](../{guide.path}#{passage.anchor})"
