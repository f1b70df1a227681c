"""What is said for each outcome, with its citations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chatbot.answer import Citation, Hit
from chatbot.judge.consult import Consultation
from chatbot.judge.ruling import Ruling
from chatbot.say.compose import cite, compose, escape, first_units, show
from chatbot.say.wording import texts
from index.guide import Guide
from index.network import in_language
from index.passage import Passage
from index.publish.snapshot import Snapshot

RELATED_PASSAGES = 3


@dataclass(frozen=True, slots=True)
class Said:
    """Markdown, what is to be read first and then the rest, with the citations of both."""

    first: str
    citations: tuple[Citation, ...] = ()
    more: str = ""

    @property
    def text(self) -> str:
        return f"{self.first}\n\n{self.more}" if self.more else self.first


def reply(consulted: Consultation, language: str, snapshot: Snapshot) -> Said:
    """What is said for an outcome, with its evidence."""
    words, ruling = texts(language), consulted.ruling
    special: Mapping[str, Callable[[], Said]] = {
        "answered": lambda: _answered(ruling, words, snapshot),
        "related": lambda: _related(consulted.found.hits, snapshot, words["related"]),
        "clarify": lambda: Said(in_language(ruling.asks.asks if ruling.asks else {}, language)),
        "out_of_scope": lambda: Said(
            in_language(snapshot.network.out_of_scope, language, words["out_of_scope"])
        ),
        "no_answer": lambda: Said(_silent(ruling, words)),
        "emergency": lambda: _with_cards(ruling, words, snapshot),
    }
    found = special.get(ruling.outcome)
    said = found() if found else Said(words[ruling.outcome])
    return _with_notices(said, ruling)


def _silent(ruling: Ruling, words: Mapping[str, Any]) -> str:
    if ruling.refer_to:
        return words["refer_to"].format(whom=escape(ruling.refer_to))
    return f"{words['no_answer']} {words['no_answer_next']}"


def _with_notices(said: Said, ruling: Ruling) -> Said:
    """Before anything else that is said; but nothing comes before the cards of a danger."""
    if not ruling.notices:
        return said
    notices = "\n\n".join(f"**{escape(notice)}**" for notice in ruling.notices)
    parts = (said.first, notices) if ruling.outcome == "emergency" else (notices, said.first)
    return replace(said, first="\n\n".join(parts))


def _answered(ruling: Ruling, words: Mapping[str, Any], snapshot: Snapshot) -> Said:
    """What was asked first; of several things asked those that the guides do not answer are named
    there. The other units are the rest."""
    first, others = first_units(ruling.evidence)
    text, citations = compose(first, snapshot.guides, as_given=True)
    for part in ruling.silent:
        text += "\n\n" + words["part_unanswered"].format(part=escape(part))
    more, cited = compose(others, snapshot.guides, after=len(citations))
    return Said(text, (*citations, *cited), more)


def _with_cards(ruling: Ruling, words: Mapping[str, Any], snapshot: Snapshot) -> Said:
    """The cards first; then, where the guides answer with something else, that too: who is in no
    danger asked for it."""
    text, citations = _emergency(ruling.cards, snapshot, words["emergency"])
    if not ruling.evidence:
        return Said(text, citations)
    answer, cited = compose(ruling.evidence, snapshot.guides, after=len(citations))
    more = f"**{words['emergency_answer']}**\n\n{answer}"
    return Said(text, (*citations, *cited), more)


def _emergency(
    cards: Sequence[Guide], snapshot: Snapshot, opening: str
) -> tuple[str, tuple[Citation, ...]]:
    """Numbers first, then the first minutes, of each card."""
    lines: list[str] = [opening, ""]
    citations: list[Citation] = []
    for number in {n.number: n for card in cards for n in card.numbers}.values():
        lines.append(f"- **{escape(number.number)}** {escape(number.name)}")
    for card in cards:
        passage = next(p for p in snapshot.passages if p.guide == card.slug and _first_minutes(p))
        n = len(citations) + 1
        citations.append(cite(n, passage, passage.units, snapshot.guides))
        lines += ["", f"**{escape(card.title)}**", "", show(passage, n, snapshot.guides)]
    return "\n".join(lines), tuple(citations)


def _first_minutes(passage: Passage) -> bool:
    return passage.anchor not in {"numeri", "inizio"} and len(passage.heading_path) > 1


def _related(hits: Sequence[Hit], snapshot: Snapshot, opening: str) -> Said:
    """Where to look, never dressed as an answer: headings with their passages."""
    lines: list[str] = [opening, ""]
    citations: list[Citation] = []
    for n, hit in enumerate(hits[:RELATED_PASSAGES], start=1):
        passage = hit.passage
        citations.append(cite(n, passage, passage.units[:1], snapshot.guides, lit=False))
        guide = snapshot.guides[passage.guide]
        path = " › ".join(dict.fromkeys([guide.title, *passage.heading_path]))
        lines.append(f"- {escape(path)} [{n}]")
    return Said("\n".join(lines), tuple(citations))
