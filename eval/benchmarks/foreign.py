"""The bot on guides that nobody prepared: a BEIR corpus made a plain folder of Markdown, built as
any folder is, and asked its own questions."""

from __future__ import annotations

import random
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatbot.bot import Bot
from chatbot.judge.helper import Helper
from chatbot.words.language import detect_language
from eval.beir import Beir, read_jsonl
from eval.benchmarks import people
from eval.collections.halves import for_practice, title_of
from eval.collections.item import Item, Part, Quote
from index.encode.encoder import Encoder
from index.guide import Section
from index.parse.guide_file import escape_markdown
from index.parse.markdown import slugify
from index.publish.build import build
from index.publish.snapshot import Snapshot, load_current

Progress = Callable[[str, int, int], None]
PAGE = 20  # documents on a page, where none has a title
HEADING_WORDS = 5  # of a document, that head its section
LONGEST_NAME = 60
_OPENS_A_BLOCK = re.compile(r"^(\d{0,9})(?=[-+=~:!.)])")


@dataclass(frozen=True, slots=True)
class Draw:
    """How many questions are asked, and how they are drawn."""

    answerable: int = 600
    unanswerable: int = 200
    seed: int = 1


def benchmark(
    corpus: Path,
    data: Beir,
    unanswerable: Path | None,
    encoder: Encoder,
    var: Path,
    draw: Draw,
    progress: Progress,
    helper: Helper | None = None,
) -> dict[str, Any]:
    """What `benchmark people` tells, of questions in the half that is not for practice. The
    snapshot is published in `var`, where what was encoded is kept for the next time; `helper` is
    the language model that helps, if one does."""
    with tempfile.TemporaryDirectory(prefix="bussola-") as folder:
        pages = write_guides(data, Path(folder))
        build(Path(folder), var, encoder,
              progress=lambda done, total: progress("passaggi", done, total))  # fmt: skip
    snapshot = load_current(var)
    bot = Bot(encoder)
    bot.helper = helper
    bot.prepare(snapshot)
    items = [
        *answerable_items(corpus, data, sections_of(pages, snapshot), draw),
        *(unanswerable_items(unanswerable, draw) if unanswerable else ()),
    ]
    return people.benchmark(
        items, bot, snapshot, lambda done, total: progress("domande", done, total)
    )


def write_guides(data: Beir, folder: Path) -> dict[str, tuple[str, ...]]:
    """A page for each title, or for every PAGE documents without one; a section for each document.
    Gives the documents of each page, by its path, in their order."""
    pages: dict[str, list[int]] = {}
    for row, title in enumerate(data.titles):
        pages.setdefault(title or f"Pagina {row // PAGE + 1}", []).append(row)
    written = {}
    for number, (title, rows) in enumerate(pages.items(), start=1):
        name = f"{number:03}-{slugify(title)[:LONGEST_NAME]}.md"
        sections = (_section(data.texts[row], n) for n, row in enumerate(rows, start=1))
        text = "\n\n".join([f"# {_line(title)}", *sections])
        (folder / name).write_text(f"{text}\n", encoding="utf-8")
        written[name] = tuple(data.ids[row] for row in rows)
    return written


def _section(text: str, number: int) -> str:
    """A document under a heading that asks nothing: its first words."""
    words = re.findall(r"\w+", text)[:HEADING_WORDS]
    paragraphs = [_line(line) for line in text.splitlines() if line.strip()]
    return "\n\n".join([f"## {_line(' '.join(words)) or f'Parte {number}'}", *paragraphs])


def _line(text: str) -> str:
    """Text as it stands, whatever Markdown it looks like."""
    plain = escape_markdown(" ".join(text.split())).replace("&", "\\&")
    return _OPENS_A_BLOCK.sub(r"\1\\", plain)


def sections_of(
    pages: Mapping[str, Sequence[str]], snapshot: Snapshot
) -> dict[str, tuple[str, Section]]:
    """Where each document is: the name of its guide in addresses, and its section."""
    guides = {guide.path: guide for guide in snapshot.guides.values()}
    found = {}
    for path, documents in pages.items():
        sections = [section for section in guides[path].sections if section.level == 2]
        for document, section in zip(documents, sections, strict=True):
            found[document] = (guides[path].slug, section)
    return found


def answerable_items(
    corpus: Path, data: Beir, sections: Mapping[str, tuple[str, Section]], draw: Draw
) -> list[Item]:
    """Questions of the corpus, each with the sections that answer it and, where the corpus has the
    answers, the units that hold one."""
    rows = _rows(corpus / "queries.jsonl")
    ours = [query for query in data.qrels if not for_practice(title_of(data, query))]
    return [
        _item(rows[query], corpus.name, "answer", (
            Part(
                frozenset(f"{slug}#{section.anchor}" for slug, section in places),
                tuple(_holding(places, rows[query].get("answers", ()))),
            ),
        ))
        for query in _drawn(ours, draw.answerable, draw.seed)
        for places in [[sections[document] for document in data.qrels[query]]]
    ]  # fmt: skip


def unanswerable_items(path: Path, draw: Draw) -> list[Item]:
    """Questions that no document answers."""
    rows = _rows(path)
    ours = [query for query in rows if not for_practice(query)]
    return [
        _item(rows[query], path.parent.name, "abstain", ())
        for query in _drawn(ours, draw.unanswerable, draw.seed)
    ]


def _rows(path: Path) -> dict[str, dict[str, Any]]:
    """The rows of a `queries.jsonl`, by id."""
    return {str(row["_id"]): row for row in read_jsonl(path, ("_id", "text"))}


def _item(row: Mapping[str, Any], origin: str, wanted: Any, parts: tuple[Part, ...]) -> Item:
    """A question, told under the language that its row names; where it names none, under the one
    that the bot reads it in."""
    text = str(row["text"])
    return Item(
        id=str(row["_id"]), turns=(text,), language=str(row.get("lang") or detect_language(text)),
        asker=str(row.get("asker", "")), wanted=wanted, parts=parts, partial=frozenset(),
        origin=origin,
    )  # fmt: skip


def _holding(places: Sequence[tuple[str, Section]], answers: Sequence[str]) -> Iterator[Quote]:
    for slug, section in places:
        for unit in section.units:
            if any(answer.lower() in unit.text.lower() for answer in answers):
                yield Quote(f"{slug}#{section.anchor}", unit.text)


def _drawn(queries: Sequence[str], most: int, seed: int) -> list[str]:
    return random.Random(seed).sample(sorted(queries), min(most, len(queries)))
