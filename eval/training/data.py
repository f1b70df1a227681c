"""What the encoder learns from: texts with their units, and questions with the texts and units that
answer them. Nothing of a dev or test collection, nor of the half of a corpus that tells figures."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from eval.beir import read_beir, read_jsonl
from eval.collections.halves import for_practice, title_of
from eval.collections.item import HELD_OUT, Item
from index.encode.passage_text import text_of
from index.parse.sentences import sentence_ends
from index.publish.snapshot import Snapshot

GUIDES = "guide"
LEADING, PRECEDENTS = "domande", "precedenti"
ON_GUIDES = (LEADING, "pratica", "parti", PRECEDENTS)  # sources whose passages are the guides'
OMOS_WORDS = 110  # of a part of a page
_SENTENCE = re.compile(r"(?<=[?!.؟])\s+")


@dataclass(frozen=True)
class PracticeText:
    """A text; its units are the spans of characters `units`; `section` is what it has in common
    with other parts of the same."""

    text: str
    section: str
    units: tuple[tuple[int, int], ...]
    learnt: bool = True  # may be a wrong answer: a plain-words box repeats its sheet


@dataclass
class PracticeQuestion:
    """A question: `right` passages, by position, and the ordinals of the units that answer in some
    of them; `partial` ones help; `wrong` ones are near and do not answer."""

    text: str
    source: str
    right: tuple[int, ...]
    units: Mapping[int, frozenset[int]] = field(default_factory=dict)
    partial: tuple[int, ...] = ()
    wrong: tuple[int, ...] = ()


Key = tuple[int, int]  # a passage and the ordinal of a unit, or -1


def keys_of(query: PracticeQuestion) -> list[Key]:
    """What a question of the guides is about; none of a question of other texts."""
    if query.source not in ON_GUIDES:
        return []
    return [(n, k) for n in query.right for k in sorted(query.units.get(n, {-1}))]


@dataclass
class Data:
    """All passages, by source from `bounds[source][0]` to `bounds[source][1]`, and all queries."""

    passages: list[PracticeText] = field(default_factory=list)
    queries: list[PracticeQuestion] = field(default_factory=list)
    bounds: dict[str, tuple[int, int]] = field(default_factory=dict)

    @cached_property
    def siblings(self) -> Mapping[Key, Sequence[str]]:
        """The different questions about the guides that one unit answers, or one passage where no
        unit is named; from two on."""
        texts: dict[Key, dict[str, None]] = {}
        for query in self.queries:
            for key in keys_of(query):
                texts.setdefault(key, {})[query.text] = None
        return {key: tuple(own) for key, own in texts.items() if len(own) > 1}


def add_guides(data: Data, snapshot: Snapshot, items: Sequence[Item]) -> None:
    """The passages of the guides, the `domande` and the precedents that lead to them, and the items
    for practice that no fit keeps for itself, whole and by what they ask."""
    start = len(data.passages)
    by_section: dict[str, list[int]] = {}
    for passage in snapshot.passages:
        text = text_of(passage)
        ends = [s + len(u.text) for s, u in zip(text.starts, passage.units, strict=True)]
        section = f"{passage.guide}#{passage.anchor}"
        by_section.setdefault(section, []).append(len(data.passages))
        data.passages.append(
            PracticeText(
                passage.embedded, section, tuple(zip(text.starts, ends, strict=True)),
                passage.role != "plain",
            )
        )  # fmt: skip
    data.bounds[GUIDES] = (start, len(data.passages))
    for n, passage in enumerate(snapshot.passages, start=start):
        data.queries += [
            PracticeQuestion(question, LEADING, (n,)) for question in passage.questions
        ]
    units = {
        (f"{p.guide}#{p.anchor}", unit.text): (start + n, k)
        for n, p in enumerate(snapshot.passages)
        for k, unit in enumerate(p.units)
    }
    for item in items:
        if item.answerable and item.fold != HELD_OUT:
            data.queries += _queries_of(item, by_section, units)
    data.queries += _precedents(snapshot, start, items)


def _precedents(
    snapshot: Snapshot, start: int, items: Sequence[Item]
) -> Iterator[PracticeQuestion]:
    """The precedents but for those that are items: these are learnt as such, or kept for a fit."""
    known = {" ".join(item.turns[-1].split()) for item in items}
    leads = snapshot.leads
    rows: dict[int, list[int]] = {}
    for row, question in enumerate(leads.questions):
        rows.setdefault(int(question), []).append(row)
    for question, own in rows.items():
        text = snapshot.precedents[question].text
        if text not in known:
            units: dict[int, frozenset[int]] = {}
            for row in own:
                if leads.units[row] >= 0:
                    place = start + int(leads.rows[row])
                    units[place] = units.get(place, frozenset()) | {int(leads.units[row])}
            right = dict.fromkeys(start + int(leads.rows[row]) for row in own)
            yield PracticeQuestion(text, PRECEDENTS, tuple(right), units)


def _queries_of(
    item: Item,
    by_section: Mapping[str, Sequence[int]],
    units: Mapping[tuple[str, str], tuple[int, int]],
) -> Iterator[PracticeQuestion]:
    whole = " ".join(item.turns)
    yield from _query(whole, "pratica", item, range(len(item.parts)), by_section, units)
    asked = _asking(item.turns[-1])
    if len(item.turns) > 1:
        return
    if len(asked) == len(item.parts) > 1:
        for n, part in enumerate(asked):
            if len(part.split()) > 3:
                yield from _query(part, "parti", item, [n], by_section, units)
    elif 4 < len(" ".join(asked).split()) < 0.7 * len(whole.split()):
        everything = range(len(item.parts))
        yield from _query(" ".join(asked), "parti", item, everything, by_section, units)


def _query(
    text: str, source: str, item: Item, parts: Iterable[int],
    by_section: Mapping[str, Sequence[int]], units: Mapping[tuple[str, str], tuple[int, int]],
) -> Iterator[PracticeQuestion]:  # fmt: skip
    answers: dict[int, set[int]] = {}
    right: list[int] = []
    for part in (item.parts[n] for n in parts):
        for quote in part.units:
            if found := units.get((quote.section, quote.text)):
                answers.setdefault(found[0], set()).add(found[1])
        right += [n for section in sorted(part.gold) for n in by_section.get(section, ())]
    every = tuple(dict.fromkeys([*answers, *right]))
    partial = tuple(n for section in sorted(item.partial) for n in by_section.get(section, ()))
    if every:
        yield PracticeQuestion(
            text, source, every, {n: frozenset(k) for n, k in answers.items()}, partial
        )


def _asking(turn: str) -> list[str]:
    sentences = [s for s in _SENTENCE.split(turn) if s.strip()]
    return [s for s in sentences if s.rstrip().endswith(("?", "؟"))] or sentences[-1:]


def add_corpus(data: Data, folder: Path) -> None:
    """A BEIR folder: all its texts, the questions of the half for practice."""
    corpus, start = read_beir(folder), len(data.passages)
    places: dict[str, int] = {}
    for name, title, text in zip(corpus.ids, corpus.titles, corpus.texts, strict=True):
        head = f"{title}\n" if title else ""
        places[name] = len(data.passages)
        spans = tuple((len(head) + a, len(head) + b) for a, b in _sentences(text))
        data.passages.append(PracticeText(head + text, name, spans))
    data.bounds[folder.name] = (start, len(data.passages))
    for query, grades in corpus.qrels.items():
        if for_practice(title_of(corpus, query)):
            right = tuple(places[name] for name in grades)
            data.queries.append(PracticeQuestion(corpus.queries[query], folder.name, right))


def _sentences(text: str) -> list[tuple[int, int]]:
    ends = [0, *sentence_ends(text)]
    ends += [len(text)] if ends[-1] != len(text) else []
    return [(a, b) for a, b in pairwise(ends) if text[a:b].strip()]


def add_pages(data: Data, path: Path) -> None:
    """Pages of sentences with those that answer (OMoS-QA): each page in parts of OMOS_WORDS."""
    known: dict[tuple[str, ...], list[tuple[int, list[int]]]] = {}
    for row in read_jsonl(path, ("question", "sentences", "gold")):
        page = tuple(row["sentences"])
        if page not in known:
            known[page] = [_add_part(data, page, part) for part in _parts(page)]
        gold = set(row["gold"])
        units = {
            n: frozenset(part.index(g) for g in gold if g in part)
            for n, part in known[page]
            if gold & set(part)
        }
        others = tuple(n for n, _ in known[page] if n not in units)
        if units:  # what no sentence answers has nothing to come nearer to
            query = PracticeQuestion(row["question"], "pagine", tuple(units), units, wrong=others)
            data.queries.append(query)


def _parts(page: Sequence[str]) -> Iterator[list[int]]:
    part: list[int] = []
    words = 0
    for n, sentence in enumerate(page):
        length = len(sentence.split())
        if part and words + length > OMOS_WORDS:
            yield part
            part, words = [], 0
        part.append(n)
        words += length
    if part:
        yield part


def _add_part(data: Data, page: Sequence[str], part: list[int]) -> tuple[int, list[int]]:
    text = "\n".join(page[n] for n in part)
    spans, at = [], 0
    for n in part:
        spans.append((at, at + len(page[n])))
        at += len(page[n]) + 1
    data.passages.append(PracticeText(text, f"pagina {len(data.passages)}", tuple(spans)))
    return len(data.passages) - 1, part
