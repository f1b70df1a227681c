"""What the reader learns from: OMoS-QA train, and SQuAD-it's answers turned into sentences.

Questions without an answer are few (81 of 461), so more are made, each kind for what it teaches:
the gold units taken off the page (the topic is there, the answer is not), and another page that
shares the question's words.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatbot.reader_input import features, stems, windows
from eval.reader_net import Example
from index.sentences import split_sentences
from index.tokenizer import Tokenizer

LANGUAGES = ("de", "en", "fr")
# left out of training, so that silence and reading can be measured on articles never seen
UNSEEN_ARTICLES = frozenset({
    "Ugonotti", "Forza", "Diritto dell'Unione europea", "Scuola privata", "Newcastle upon Tyne",
    "Gengis Khan",
})  # fmt: skip


@dataclass(frozen=True)
class Page:
    """A question over the units of a page; `gold` empty when they do not answer."""

    question: str
    units: tuple[str, ...]
    gold: frozenset[int]


Translations = Mapping[str, Page]  # one question in each language


@dataclass(frozen=True)
class Mix:
    """Shares of what is made of a question each time it comes up (probabilities)."""

    gold_removed: float = 0.15
    other_page: float = 0.10
    other_language: float = 0.15  # the question in one language, the page in another
    squad: int = 200  # questions of SQuAD-it in an epoch
    squad_weight: float = 0.7


def read_omos(folder: Path, split: str) -> dict[str, Translations]:
    """The questions of OMoS-QA by id, each in every language."""
    found: dict[str, dict[str, Page]] = {}
    for language in LANGUAGES:
        for record in _records(folder / language / f"{split}.jsonl"):
            page = Page(record["question"], tuple(record["sentences"]), frozenset(record["gold"]))
            found.setdefault(record["id"], {})[language] = page
    return dict(found)


def hold_out(questions: Mapping[str, Translations], share: float, seed: int = 5) -> set[str]:
    """Ids of about `share` of the questions; all those of one page stand on the same side."""
    pages: dict[str, list[str]] = {}
    for name, page in questions.items():
        pages.setdefault(" ".join(page["de"].units[:3]), []).append(name)
    order = sorted(pages)
    random.Random(seed).shuffle(order)
    held: set[str] = set()
    for page_key in order:
        if len(held) >= share * len(questions):
            break
        held.update(pages[page_key])
    return held


@dataclass(frozen=True)
class SquadQuestion:
    """A question, its passage, the sentence that answers, and the answers as written."""

    question: str
    passage: str
    gold: int
    answers: tuple[str, ...]


class Squad:
    """SQuAD-it as sentences; `seen` are the articles to learn from."""

    def __init__(self, folder: Path) -> None:
        records = {record["_id"]: record for record in _records(folder / "corpus.jsonl")}
        self.sentences = {key: split_sentences(r["text"]) for key, r in records.items()}
        self.article = {key: r["title"] for key, r in records.items()}
        lines = (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines()[1:]
        self._passage = dict(line.split("\t")[:2] for line in lines)
        self.questions = [
            question
            for record in _records(folder / "queries.jsonl")
            if (question := self._question(record))
        ]

    def siblings(self, passage: str) -> list[str]:
        """The passages of the same article, itself included."""
        return [key for key, title in self.article.items() if title == self.article[passage]]

    def _question(self, record: dict[str, Any]) -> SquadQuestion | None:
        """None for the articles left out, and where no sentence holds the answer whole.

        Where several do, the one that shares most words with the question is the gold one.
        """
        passage = self._passage[record["_id"]]
        if self.article[passage] in UNSEEN_ARTICLES:
            return None
        answers = tuple(record["answers"])
        holding = [n for n, s in enumerate(self.sentences[passage]) if _holds(s, answers)]
        if not holding:
            return None
        asked = stems(record["text"])
        gold = max(holding, key=lambda n: len(asked & stems(self.sentences[passage][n])))
        return SquadQuestion(record["text"], passage, gold, answers)


class Sampler:
    """Draws an epoch's examples; the same seed draws the same."""

    def __init__(
        self, tokenizer: Tokenizer, omos: Mapping[str, Translations], squad: Squad, mix: Mix,
        seed: int,
    ) -> None:  # fmt: skip
        self._tokenizer, self._omos, self._squad, self._mix = tokenizer, omos, squad, mix
        self._random = random.Random(seed)

    def epoch(self) -> list[Example]:
        """Every question of OMoS-QA in one language, and some of SQuAD-it."""
        found: list[Example] = []
        for translations in self._omos.values():
            found += self.examples(self._vary(translations))
        count = min(self._mix.squad, len(self._squad.questions))
        for question in self._random.sample(self._squad.questions, count):
            found += self.examples(self._italian(question), self._mix.squad_weight)
        return found

    def examples(self, page: Page, weight: float = 1.0) -> list[Example]:
        """The windows of a page, ready to be put in a batch."""
        if not page.units:
            return []
        rows = features(page.question, page.units)
        return [
            Example(w, rows[list(w.units)], tuple(unit in page.gold for unit in w.units), weight)
            for w in windows(self._tokenizer, page.question, page.units)
        ]

    def _vary(self, translations: Translations) -> Page:
        language = self._random.choice(LANGUAGES)
        page, draw = translations[language], self._random.random()
        question, mix = page.question, self._mix
        if self._random.random() < mix.other_language:
            question = translations[self._random.choice(LANGUAGES)].question
        if draw < mix.gold_removed and 0 < len(page.gold) < len(page.units):
            left = tuple(unit for n, unit in enumerate(page.units) if n not in page.gold)
            return Page(question, left, frozenset())
        if mix.gold_removed <= draw < mix.gold_removed + mix.other_page:
            return Page(question, self._near_page(page, language), frozenset())
        return Page(question, page.units, page.gold)

    def _near_page(self, page: Page, language: str) -> tuple[str, ...]:
        """One of the six pages of forty drawn that share most words with the question."""
        drawn = self._random.sample(sorted(self._omos), min(40, len(self._omos)))
        others = [self._omos[name][language].units for name in drawn]
        others = [units for units in others if units[:3] != page.units[:3]] or [page.units[:1]]
        asked = stems(page.question)
        others.sort(key=lambda units: -len(asked & stems(" ".join(units))))
        return self._random.choice(others[:6])

    def _italian(self, question: SquadQuestion) -> Page:
        """Its passage; or without the sentence that answers; or another of the article."""
        draw, silent = self._random.random(), self._random.random() < 0.3
        siblings = self._squad.siblings(question.passage)
        if silent and draw < 0.5:
            units = self._squad.sentences[self._random.choice(siblings)]
            left = tuple(unit for unit in units if not _holds(unit, question.answers))
            return Page(question.question, left, frozenset())
        own = list(self._squad.sentences[question.passage])
        if silent:
            left = tuple(unit for unit in own if not _holds(unit, question.answers))
            return Page(question.question, left, frozenset())
        gold = own[question.gold]
        if draw < 0.2:  # beside another passage, before or after it
            other = self._squad.sentences[self._random.choice(siblings)]
            fits = [unit for unit in other if not _holds(unit, question.answers)]
            own = own + fits if self._random.random() < 0.5 else fits + own
        return Page(question.question, tuple(own), frozenset({own.index(gold)}))


def _holds(sentence: str, answers: Sequence[str]) -> bool:
    return any(answer in sentence for answer in answers)


def _records(path: Path) -> Iterable[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
