"""Pages that the cross-encoder practises on before it learns from OMoS-QA.

Newcomers' questions with annotated sentences are few (461). These are many, in Italian, and made
from what is there: a question of squad-it with the sentences that hold its answer, among passages
of the same article; a question that the editors of a guide wrote under `domande`, or a heading,
with the sentences of its section; the title of an article of law, with its text. Now and then the
answer is left out, so that silence is practised too.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from eval.beir import read_beir, read_jsonl
from eval.page_reader.reading import PageQuestion
from index.guide import Guide, Section
from index.parse.folder import read_guides
from index.parse.sentences import split_sentences

Count = Callable[[str], int]  # the tokens of a text

SILENT, SILENT_HEADING, SILENT_ARTICLE = 0.17, 0.1, 0.15  # shares of pages without the answer
PAGE_TOKENS = 440
QUESTION_PAGES = (150, 300, PAGE_TOKENS)  # pages of guides are short, middling or long
LONGEST_ANSWER = 6  # sentences of a section that count as its answer
LONGEST_SECTION, LONGEST_ARTICLE = 12, 8  # sentences read of a section, of an article of law
HEADING_KEPT = 0.5  # how often a heading that is asked stands on its page
NEIGHBOUR_KEPT = 0.7  # how often an article of the same law stands beside the one asked for
_ARTICLE = re.compile(r"(?P<law>\S+) art\. \S+(?: (?P<title>.+))?")
_GAPS = re.compile(r"\W+")


def practice_pages(
    squad: Path, guides: Path, articles: Path, count: Count, seed: int = 7
) -> list[PageQuestion]:
    """All of them; the same sources and seed give the same.

    `squad` is a BEIR folder whose queries have `answers`, `guides` a folder of guides, `articles`
    a JSONL file of `{title, text}`, titles being `LAW art. NUMBER WORDS`. Raises DataError.
    """
    drawn = random.Random(seed)
    read, _ = read_guides(guides)
    return [
        *_of_squad(squad, count, drawn),
        *(page for guide in read for page in _of_questions(guide, count, drawn)),
        *(page for guide in read for page in _of_headings(guide, drawn)),
        *_of_articles(articles, drawn),
    ]


@dataclass
class _Unfinished:
    """A page as it is put together."""

    sentences: list[str] = field(default_factory=list)
    gold: list[int] = field(default_factory=list)

    def add(self, sentences: Sequence[str], answers: Sequence[int] = ()) -> None:
        self.gold += [len(self.sentences) + at for at in answers]
        self.sentences += sentences

    def asked(self, question: str) -> PageQuestion:
        return PageQuestion("", question, tuple(self.sentences), frozenset(self.gold))


def _of_squad(folder: Path, count: Count, drawn: random.Random) -> Iterator[PageQuestion]:
    corpus = read_beir(folder)
    sentences = {i: split_sentences(t) for i, t in zip(corpus.ids, corpus.texts, strict=True)}
    article = dict(zip(corpus.ids, corpus.titles, strict=True))
    together: dict[str, list[str]] = {}
    for passage, title in article.items():
        together.setdefault(title, []).append(passage)
    for row in read_jsonl(folder / "queries.jsonl", ("_id", "text", "answers")):
        if row["_id"] not in corpus.qrels:
            continue
        own = next(iter(corpus.qrels[row["_id"]]))
        others = [passage for passage in together[article[own]] if passage != own]
        drawn.shuffle(others)
        chosen = [] if drawn.random() < SILENT else [own]
        holding = _holding(sentences[own], row["answers"])
        if not holding:
            continue
        page = _Unfinished()
        for passage in _filled(chosen, others, sentences, count, drawn):
            page.add(sentences[passage], holding if passage == own else ())
        yield page.asked(row["text"])


def _holding(sentences: Sequence[str], answers: Sequence[str]) -> list[int]:
    """Where an answer stands whole."""
    wanted = [f" {plain} " for answer in answers if (plain := _plain(answer))]
    return [
        at for at, sentence in enumerate(sentences)
        if any(answer in f" {_plain(sentence)} " for answer in wanted)
    ]  # fmt: skip


def _plain(text: str) -> str:
    return _GAPS.sub(" ", text.lower()).strip()


def _filled(
    chosen: list[str], others: Sequence[str], sentences: dict[str, list[str]], count: Count,
    drawn: random.Random,
) -> list[str]:  # fmt: skip
    """The passages chosen and as many others as there is room for, in any order."""
    used = sum(count(s) for passage in chosen for s in sentences[passage])
    for other in others:
        size = sum(map(count, sentences[other]))
        if chosen and used + size > PAGE_TOKENS:
            break
        chosen.append(other)
        used += size
    drawn.shuffle(chosen)
    return chosen


def _of_questions(guide: Guide, count: Count, drawn: random.Random) -> Iterator[PageQuestion]:
    """Each question of `domande`, over its section and those around it."""
    sections = [section for section in guide.sections if section.units]
    sizes = [sum(count(text) + 1 for text in _read(guide, section)) for section in sections]
    for at, section in enumerate(sections):
        for question in section.questions:
            silent = drawn.random() < SILENT
            elsewhere = [place for place in range(len(sections)) if place != at]
            if silent and not elsewhere:
                continue
            centre = drawn.choice(elsewhere) if silent else at
            without = at if silent else None
            page = _Unfinished([guide.title])
            for place in _around(centre, sizes, drawn.choice(QUESTION_PAGES), without, drawn):
                page.add(_read(guide, sections[place]), _answers(guide, section, place == at))
            yield page.asked(question)


def _around(
    centre: int, sizes: Sequence[int], room: int, without: int | None, drawn: random.Random
) -> range:
    """Sections next to each other, `centre` among them, as many as there is room for."""
    first = last = centre
    used = sizes[centre]
    while True:
        ends = [end for end in (first - 1, last + 1) if 0 <= end < len(sizes) and end != without]
        if not ends:
            return range(first, last + 1)
        end = drawn.choice(ends)
        if used + sizes[end] > room:
            return range(first, last + 1)
        used += sizes[end]
        first, last = min(first, end), max(last, end)


def _read(guide: Guide, section: Section, heading: bool = True) -> list[str]:
    """A section as sentences, its heading first unless it is the guide's title."""
    own = _heading(guide, section) if heading else ""
    return ([own] if own else []) + [unit.text for unit in section.units[:LONGEST_SECTION]]


def _heading(guide: Guide, section: Section) -> str:
    own = section.heading_path[-1] if section.heading_path else ""
    return "" if own == guide.title else own


def _answers(guide: Guide, section: Section, here: bool, heading: bool = True) -> range:
    """Which sentences of `_read` answer what leads to the section: none when it is another."""
    if not here:
        return range(0)
    first = 1 if heading and _heading(guide, section) else 0
    return range(first, first + min(len(section.units), LONGEST_ANSWER))


def _of_headings(guide: Guide, drawn: random.Random) -> Iterator[PageQuestion]:
    """Each heading of two words or more, over its section and up to three on either side."""
    sections = [section for section in guide.sections if section.units]
    for at, section in enumerate(sections):
        asked = _heading(guide, section)
        if len(asked.split()) < 2 or guide.kind == "glossario":
            continue
        kept = drawn.random() < HEADING_KEPT
        places = range(max(0, at - drawn.randint(0, 3)), at + 1 + drawn.randint(0, 3))
        silent = drawn.random() < SILENT_HEADING
        page = _Unfinished([guide.title])
        for place in places[: len(sections) - places.start]:
            shown = place != at or kept
            if place != at or not silent:
                answers = _answers(guide, section, place == at, shown)
                page.add(_read(guide, sections[place], shown), answers)
        if len(page.sentences) > 2:
            yield page.asked(asked)


def _of_articles(path: Path, drawn: random.Random) -> Iterator[PageQuestion]:
    """Every other article of law with a title, over its text and its neighbours'."""
    rows = read_jsonl(path, ("title", "text"))
    found = [_ARTICLE.match(row["title"]) for row in rows]
    titles = [(match["title"] or "") if match else "" for match in found]
    laws = [match["law"] if match else "" for match in found]
    for at in range(0, len(rows), 2):
        if len(titles[at].split()) < 2:
            continue
        near = range(max(0, at - 2), min(len(rows), at + 3))
        places = [
            place for place in near
            if place == at or (laws[place] == laws[at] and drawn.random() < NEIGHBOUR_KEPT)
        ]  # fmt: skip
        silent = drawn.random() < SILENT_ARTICLE
        page = _Unfinished()
        for place in places:
            if place == at and silent:
                continue
            if titles[place] and (place != at or drawn.random() < HEADING_KEPT):
                page.add([titles[place]])
            sentences = _law_sentences(rows[place]["text"])
            answers = range(min(len(sentences), LONGEST_ANSWER)) if place == at else ()
            page.add(sentences, answers)
        if len(page.sentences) > 3:
            yield page.asked(titles[at])


def _law_sentences(text: str) -> list[str]:
    """Without the lines that hold only a number or a letter."""
    lines = [line for line in text.split("\n") if re.search(r"\w{3}", line)]
    return [sentence for line in lines for sentence in split_sentences(line)][:LONGEST_ARTICLE]
