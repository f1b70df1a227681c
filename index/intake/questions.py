"""Questions that could lead to a section: an editor says which do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from index.intake.chapters import Chapter
from index.intake.document import Block
from index.letters import fold
from index.parse.frontmatter import MAX_ASKED
from index.parse.markdown import OPENING
from index.parse.sentences import sentence_ends

FORMS = Path(__file__).with_name("questions.yaml")
MOST_ASKED = 3  # of those that the text itself asks


@dataclass(frozen=True, slots=True)
class ChapterSection:
    """A section of a chapter: its heading, empty before the first one, and the words under it."""

    anchor: str
    heading: str
    words: str


def sections_of(chapter: Chapter) -> list[ChapterSection]:
    """The sections with words under their heading, which is where questions may lead."""
    sections: list[tuple[Block, list[str]]] = [(Block("", "", 0, OPENING), [])]
    for block in chapter.blocks:
        if block.level:
            sections.append((block, []))
        else:
            sections[-1][1].append(block.words)
    return [
        ChapterSection(head.anchor, head.words, " ".join(words))
        for head, words in sections
        if words
    ]


def proposed(section: ChapterSection, title: str) -> list[str]:
    """Questions in the words of the heading, and those that the text asks, none twice."""
    heading = _forms().counted.sub("", section.heading).strip(" .:")
    asked = [q for q in _asked(section.words) if fold(q) != fold(section.heading)][:MOST_ASKED]
    made = [] if "?" in section.heading or not heading else list(_formed(heading, title))
    fitting = (q for q in (*made, *asked) if len(q) <= MAX_ASKED)
    return list({fold(question): question for question in fitting}.values())


class _Forms(NamedTuple):
    by_word: dict[str, Sequence[str]]  # questions, by the first word of a heading
    otherwise: Sequence[str]
    counted: re.Pattern[str]  # the number of a heading, and what it counts


@lru_cache(maxsize=1)
def _forms() -> _Forms:
    data: dict[str, Any] = yaml.safe_load(FORMS.read_text(encoding="utf-8"))
    by_word = {fold(w): form["domande"] for form in data["forme"] for w in form["titolo"]}
    counted = rf"^[\W\d]+|^(?:{'|'.join(data['numerazione'])})\.?\s+\w+\W+"
    return _Forms(by_word, data["altrimenti"], re.compile(counted, re.IGNORECASE))


def _formed(heading: str, title: str) -> Iterator[str]:
    by_word, otherwise, _ = _forms()
    first, _, rest = heading.partition(" ")
    own = heading if heading[:2].isupper() else heading[:1].lower() + heading[1:]
    guide = title if title[:2].isupper() else title[:1].lower() + title[1:]
    for form in by_word.get(fold(first), otherwise):
        if rest or "{resto}" not in form:
            said = form.format(titolo=own, resto=rest, guida=guide)
            yield " ".join(said.split())


def _asked(words: str) -> Iterator[str]:
    """The sentences of a text that ask."""
    begin = 0
    for end in [*sentence_ends(words), len(words)]:
        sentence = words[begin:end].strip().strip("«»“”\"'")
        if sentence.endswith("?") and len(sentence.split()) > 2:
            yield sentence
        begin = end
