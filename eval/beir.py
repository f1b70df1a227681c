"""BEIR folders: `corpus.jsonl`, `queries.jsonl`, `qrels.tsv` (Thakur et al. 2021), in and out."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from index.errors import BussolaError


class DataError(BussolaError):
    """Data that are not in the format they should be in; the message names file and line."""


@dataclass(frozen=True)
class Beir:
    """`ids`, `titles` and `texts` of the documents, one each; `qrels` only of queries that have
    at least one relevant document, with grades above zero."""

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    texts: tuple[str, ...]
    queries: Mapping[str, str]
    qrels: Mapping[str, Mapping[str, int]]


def read_beir(folder: Path) -> Beir:
    """Read a BEIR folder; the judgements are `qrels.tsv` or `qrels/test.tsv`. Raises DataError."""
    documents = {
        str(row["_id"]): (str(row.get("title") or ""), str(row["text"]))
        for row in read_jsonl(folder / "corpus.jsonl", ("_id", "text"))
    }
    queries = read_queries(folder / "queries.jsonl")
    qrels = _read_qrels(folder)
    for query, grades in qrels.items():
        if query not in queries:
            raise DataError(f"qrels.tsv: la domanda {query} non è in queries.jsonl")
        lost = next((document for document in grades if document not in documents), None)
        if lost:
            raise DataError(f"qrels.tsv: il documento {lost} non è in corpus.jsonl")
    if not documents or not qrels:
        raise DataError(f"{folder}: nessun documento o nessun giudizio")
    titles, texts = zip(*documents.values(), strict=True)
    return Beir(tuple(documents), titles, texts, queries, qrels)


def read_queries(path: Path) -> dict[str, str]:
    """`{id: text}` of a `queries.jsonl`. Raises DataError."""
    return {str(row["_id"]): str(row["text"]) for row in read_jsonl(path, ("_id", "text"))}


def read_jsonl(path: Path, keys: Iterable[str]) -> list[dict[str, Any]]:
    """The objects of a JSONL file, each with `keys`. Raises DataError with file and line."""
    rows = []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: non si legge ({type(error).__name__})") from error
    for n, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise DataError(f"{path.name}:{n}: non è JSON") from error
        missing = [key for key in keys if not isinstance(row, dict) or key not in row]
        if missing:
            raise DataError(f"{path.name}:{n}: manca «{missing[0]}»")
        rows.append(row)
    return rows


def write_beir(data: Beir, folder: Path) -> None:
    """Write the three files of a BEIR folder."""
    folder.mkdir(parents=True, exist_ok=True)
    documents = zip(data.ids, data.titles, data.texts, strict=True)
    corpus = ({"_id": i, "title": title, "text": text} for i, title, text in documents)
    queries = ({"_id": query, "text": text} for query, text in data.queries.items())
    for name, rows in (("corpus.jsonl", corpus), ("queries.jsonl", queries)):
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / name).write_text(lines, encoding="utf-8")
    with (folder / "qrels.tsv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n")
        writer.writerow(["query-id", "corpus-id", "score"])
        for query, grades in data.qrels.items():
            writer.writerows([query, document, grade] for document, grade in grades.items())


def _read_qrels(folder: Path) -> dict[str, dict[str, int]]:
    path = folder / "qrels.tsv"
    path = path if path.is_file() else folder / "qrels" / "test.tsv"
    qrels: dict[str, dict[str, int]] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: non si legge ({type(error).__name__})") from error
    for n, line in enumerate(lines, start=1):
        cells = line.split("\t")
        if n == 1 and len(cells) == 3 and not cells[2].strip().lstrip("-").isdigit():
            continue  # the header, which some sets leave out
        if not line.strip():
            continue
        if len(cells) != 3 or not cells[2].strip().lstrip("-").isdigit():
            raise DataError(f"{path.name}:{n}: attese tre colonne: query-id, corpus-id, score")
        if int(cells[2]) > 0:
            qrels.setdefault(cells[0], {})[cells[1]] = int(cells[2])
    return qrels
