"""The questions that lead to a passage: its heading, and those its editors say operators ask.

A small encoder compares a question with a question far better than with prose, and operators
rarely use the words of a heading: `domande` in the front matter is where editors put theirs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from index.finding import Finding
from index.guide import Section
from index.parse.markdown import OPENING
from index.passage import Passage


def with_questions(
    sections: Sequence[Section], asked: Mapping[str, Sequence[str]], path: str, text: str
) -> tuple[tuple[Section, ...], list[Finding]]:
    """Sections with the questions `asked` of them, by anchor, OPENING being the words before the
    first `##`; a finding for each anchor under which nothing is written, at its line in `text`."""
    anchors = [section.anchor for section in sections if section.units]
    if sections and sections[0].units and OPENING not in anchors:
        asked = {sections[0].anchor if a == OPENING else a: found for a, found in asked.items()}
    findings = [
        Finding(path, _line_of(anchor, text), _unknown(anchor), "questions")
        for anchor in asked
        if anchor not in anchors
    ]
    told = tuple(replace(s, questions=_clean(asked.get(s.anchor, ()))) for s in sections)
    return told, findings


def _clean(asked: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(question.split()) for question in asked))


def _unknown(anchor: str) -> str:
    return (
        f"«domande»: in questa guida non c'è una sezione «{anchor}» con del testo; "
        f"usa un'ancora {{#…}} della guida, oppure «{OPENING}» per le righe sotto il titolo"
    )


def _line_of(anchor: str, text: str) -> int:
    found = re.search(rf"^\s+[\"']?{re.escape(anchor)}[\"']?\s*:", text, re.MULTILINE)
    return text.count("\n", 0, found.end()) + 1 if found else 1


def questions_of(passage: Passage, title: str) -> Iterator[str]:
    """The question a passage stands under, as the editor asked it, then those of operators."""
    heading = passage.heading_path[-1] if passage.heading_path else ""
    yield heading if heading == title or not title else f"{title}: {heading}"
    yield from passage.questions
