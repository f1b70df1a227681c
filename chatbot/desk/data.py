"""What the editors' desk shows: guides to look at, questions without an answer, drafts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from chatbot.journal.records import Entry
from index.encode.encoder import Encoder
from index.guide import Guide
from index.parse.frontmatter import MAX_ASKED
from index.parse.guide_file import escape_markdown
from index.passage import Passage
from index.publish.snapshot import Snapshot

ALIKE = 0.8  # cosine of two questions that ask the same, for bussola-e5-small
NEAREST = 3
REVIEW_DAYS = 90
_UNQUOTED = str.maketrans({'"': "'", "\\": "/"})  # for a text between quotation marks in YAML


@dataclass(frozen=True, slots=True)
class GuideRow:
    """A guide with how many answers it grounds; `late` in days, 0 when there is time."""

    guide: Guide
    late: int
    grounds: int


def guide_rows(snapshot: Snapshot, counts: Mapping[str, int], today: date) -> list[GuideRow]:
    """Overdue first, the longest overdue on top; then by how many answers they ground."""
    rows = [
        GuideRow(guide, _days_late(guide, today), counts.get(slug, 0))
        for slug, guide in snapshot.guides.items()
    ]
    return sorted(rows, key=_most_urgent_first)


def _days_late(guide: Guide, today: date) -> int:
    return max(0, (today - guide.review_by).days) if guide.review_by else 0


def _most_urgent_first(row: GuideRow) -> tuple[int, int, date, str]:
    return -row.late, -row.grounds, row.guide.review_by or date.max, row.guide.title


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """Questions that ask the same, and the passages nearest to them."""

    questions: tuple[str, ...]
    times: int
    nearest: tuple[Passage, ...]


def group_questions(
    entries: Sequence[Entry], encoder: Encoder, snapshot: Snapshot
) -> list[QuestionGroup]:
    """Most asked first. A question joins the first group whose first question is ALIKE or more."""
    texts = [entry.question for entry in entries]
    distinct = list(dict.fromkeys(texts))
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
            sum(texts.count(distinct[row]) for row in rows),
            nearest_passages(vectors[leader], snapshot),
        )
        for leader, rows in members.items()
    ]
    return sorted(groups, key=lambda g: -g.times)


def nearest_passages(vector: np.ndarray, snapshot: Snapshot) -> tuple[Passage, ...]:
    rows, _ = snapshot.store.nearest(vector, NEAREST)
    return tuple(snapshot.passages[row] for row in rows)


def draft_markdown(
    questions: Sequence[str], passages: Sequence[Passage], snapshot: Snapshot, today: date
) -> str:
    """A sheet to be written: front matter with the questions as asked, the nearest passages."""
    title = " ".join(questions[0].translate(_UNQUOTED).split())[:80].strip(" ?") or "Nuova scheda"
    asked = "\n".join(f"    - {_quoted(question)}" for question in questions)
    near = "\n".join(_link(passage, snapshot) for passage in passages)
    return f"""---
titolo: "{title}"
tipo: scheda
bisogni: [lavoro]
per_chi: [tutti]
territorio: Italia
verificato_il: {today.isoformat()}
rivedere_entro: {(today + timedelta(days=REVIEW_DAYS)).isoformat()}
responsabile: redazione giuridica
fonti:
  - titolo: da scrivere
domande:
  risposta:
{asked}
---

# {escape_markdown(title)}

La risposta, in una frase.

## {escape_markdown(title)}? {{#risposta}}

La regola, con la sua condizione e la norma fra parentesi.

## Vedi anche {{#vedi-anche}}

I passaggi più vicini che ci sono già:

{near or "- nessuno"}

## In parole semplici {{#parole-semplici}}

Frasi corte, rivolte alla persona.
"""


def _quoted(question: str) -> str:
    """A text between quotation marks in YAML, whatever characters it has."""
    plain = "".join(c if c.isprintable() else " " for c in question)
    return json.dumps(" ".join(plain.split())[:MAX_ASKED] or "?", ensure_ascii=False)


def _link(passage: Passage, snapshot: Snapshot) -> str:
    guide = snapshot.guides[passage.guide]
    return f"- [{' › '.join(passage.heading_path)}](../{guide.path}#{passage.anchor})"
