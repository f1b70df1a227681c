"""The folder `precedenti/` of the guides: questions that people put, one file of CSV a guide, by
its name or by one that it had.

A row has `domanda`, `sezione` (the anchor of the section that answers) and `frase` (the first words
of the unit in it that does so best; it may be empty). Without `sezione` no guide answers it.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process

from index.finding import Finding, has_error
from index.guide import Guide, Section
from index.parse.former import living_names
from index.parse.markdown import OPENING
from index.parse.source import read_text
from index.precedent import Lead, Precedent

FOLDER = "precedenti"
RULE = "precedent"
COLUMNS = ("domanda", "sezione", "frase")
SAME = 90  # of 100: a sentence so near is the one named, corrected since
LONGEST = 1000  # characters of a question


@dataclass(frozen=True)
class _File:
    """What one file says: its questions in order, each with where it leads (None: nowhere)."""

    rows: tuple[tuple[str, Lead | None], ...] = ()
    findings: tuple[Finding, ...] = ()


# Of each path what its last bytes said of its last guide: an editor changes one guide of three
# hundred, and reading the others again takes longer than all the rest of a publication.
_LAST: dict[str, tuple[bytes, Guide | None, _File]] = {}


def read_precedents(
    guides_dir: Path, guides: Sequence[Guide]
) -> tuple[tuple[Precedent, ...], list[Finding]]:
    """The precedents of a folder of guides. What a row names and is not there is told and left
    out: a guide that changes does not wait for its precedents."""
    leads: dict[str, dict[Lead, None]] = {}  # by question, in order
    findings: list[Finding] = []
    by_slug = {**living_names(guides), **{guide.slug: guide for guide in guides}}
    for file in sorted((guides_dir / FOLDER).glob("*.csv")):
        path = f"{FOLDER}/{file.name}"
        try:
            read = _read(file.read_bytes(), path, by_slug.get(file.stem))
        except OSError as error:
            message = f"il file non si legge: {error.strerror}"
            read = _File(findings=(Finding(path, 1, message, RULE),))
        findings += read.findings
        for question, lead in read.rows:
            its = leads.setdefault(question, {})
            if lead:
                its[lead] = None
    return tuple(Precedent(text, tuple(its)) for text, its in leads.items()), findings


def _read(data: bytes, path: str, guide: Guide | None) -> _File:
    """As `_read_file`; the same bytes for the very same guide are not read again."""
    digest, last = hashlib.sha256(data).digest(), _LAST.get(path)
    if last and last[0] == digest and last[1] is guide:
        return last[2]
    text, told = read_text(data, path)
    read = _File(findings=tuple(told)) if has_error(told) else _read_file(text, path, guide, told)
    _LAST[path] = (digest, guide, read)
    return read


def _read_file(text: str, path: str, guide: Guide | None, told: Sequence[Finding]) -> _File:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    findings, rows = list(told), list[tuple[str, Lead | None]]()
    if not _has_columns(reader):
        message = f"la prima riga dice le colonne: {','.join(COLUMNS)}"
        return _File(findings=(*findings, Finding(path, 1, message, RULE)))
    if guide is None:
        message = f"non c'è una guida «{Path(path).stem}»: le sue domande non contano"
        findings.append(Finding(path, 1, message, RULE, "warning"))
    sections = _sections(guide)
    try:
        for row in reader:
            if row:
                found, wrong = _read_row(row, guide, sections)
                rows += found
                findings += [Finding(path, reader.line_num, w, RULE, "warning") for w in wrong]
    except csv.Error as error:
        message = f"la riga non si legge ({error})"
        findings.append(Finding(path, reader.line_num, message, RULE))
    return _File(tuple(rows), tuple(findings))


def _has_columns(reader: Iterator[list[str]]) -> bool:
    """Whether the first line names them; one that cannot be read does not."""
    try:
        return tuple(next(reader, ())) == COLUMNS
    except csv.Error:
        return False


class _Texts(dict[str, Mapping[str, str]]):
    """The units of a section by key, each on one line; worked out when first asked for."""

    def __init__(self, sections: Mapping[str, Section]) -> None:
        super().__init__()
        self.sections = sections

    def __missing__(self, anchor: str) -> Mapping[str, str]:
        units = self.sections[anchor].units
        self[anchor] = {unit.key: " ".join(unit.text.split()) for unit in units}
        return self[anchor]


def _sections(guide: Guide | None) -> _Texts:
    """The sections of a guide by anchor, its first words by OPENING too."""
    found = {s.anchor: s for s in guide.sections if s.units} if guide else {}
    if guide and guide.sections and guide.sections[0].units:
        found.setdefault(OPENING, guide.sections[0])
    return _Texts(found)


def _read_row(
    row: Sequence[str], guide: Guide | None, texts: _Texts
) -> tuple[list[tuple[str, Lead | None]], list[str]]:
    """The question of a row with where it leads, none where the row does not count; and what is
    wrong with it."""
    cells = [" ".join(cell.split()) for cell in row[: len(COLUMNS)]]
    question, anchor, sentence = (*cells, *[""] * (len(COLUMNS) - len(cells)))
    if wrong := list(_wrong(question, anchor, guide, texts)):
        return [], wrong
    if not anchor:
        return [(question, None)], []
    if guide is None:
        return [], []
    unit = _unit(sentence, texts[anchor])
    told = (
        f"in «{anchor}» non c'è più la frase «{sentence[:60]}»: la domanda porta a tutta la sezione"
    )
    wrong = [told] if sentence and not unit else []
    return [(question, Lead(guide.slug, texts.sections[anchor].anchor, unit))], wrong


def _wrong(question: str, anchor: str, guide: Guide | None, texts: _Texts) -> Iterator[str]:
    if not question or len(question) > LONGEST:
        yield f"una domanda ha da 1 a {LONGEST} caratteri: scrivila, o togli la riga"
    if guide is not None and anchor and anchor not in texts.sections:
        yield f"nella guida non c'è una sezione «{anchor}» con del testo: la riga non conta"


def _unit(sentence: str, texts: Mapping[str, str]) -> str:
    """The key of the unit that begins with these words, or nearly; empty where none does."""
    sentence = sentence.removesuffix("…").rstrip()
    if not sentence:
        return ""
    for key, text in texts.items():  # nearly all rows, at a hundredth of the price
        if text.startswith(sentence):
            return key
    begun = {key: text[: len(sentence)] for key, text in texts.items()}
    best = process.extractOne(sentence, begun, scorer=fuzz.ratio, score_cutoff=SAME)
    return str(best[2]) if best else ""
