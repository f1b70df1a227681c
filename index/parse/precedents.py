"""The folder `precedenti/` of the guides: questions that people put, one file of CSV a guide.

A row has `domanda`, `sezione` (the anchor of the section that answers) and `frase` (the first words
of the unit in it that does so best; it may be empty). Without `sezione` no guide answers it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rapidfuzz import fuzz, process

from index.finding import Finding, has_error
from index.guide import Guide, Section
from index.parse.markdown import OPENING
from index.parse.source import read_text
from index.precedent import Lead, Precedent

FOLDER = "precedenti"
RULE = "precedent"
COLUMNS = ("domanda", "sezione", "frase")
SAME = 90  # of 100: a sentence so near is the one named, corrected since
LONGEST = 1000  # characters of a question


@dataclass
class _Read:
    leads: dict[str, dict[Lead, None]] = field(default_factory=dict)  # by question, in order
    findings: list[Finding] = field(default_factory=list)


def read_precedents(
    guides_dir: Path, guides: Sequence[Guide]
) -> tuple[tuple[Precedent, ...], list[Finding]]:
    """The precedents of a folder of guides. What a row names and is not there is told and left
    out: a guide that changes does not wait for its precedents."""
    read = _Read()
    by_slug = {guide.slug: guide for guide in guides}
    for file in sorted((guides_dir / FOLDER).glob("*.csv")):
        path = f"{FOLDER}/{file.name}"
        try:
            text, told = read_text(file.read_bytes(), path)
        except OSError as error:
            told = [Finding(path, 1, f"il file non si legge: {error.strerror}", RULE)]
        read.findings += told
        if not has_error(told):
            _read_file(text, path, by_slug.get(file.stem), read)
    return tuple(Precedent(text, tuple(leads)) for text, leads in read.leads.items()), read.findings


def _read_file(text: str, path: str, guide: Guide | None, read: _Read) -> None:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    if tuple(next(reader, ())) != COLUMNS:
        message = f"la prima riga dice le colonne: {','.join(COLUMNS)}"
        read.findings.append(Finding(path, 1, message, RULE))
        return
    sections = _sections(guide)
    texts = {
        anchor: {unit.key: " ".join(unit.text.split()) for unit in section.units}
        for anchor, section in sections.items()
    }
    if guide is None:
        message = f"non c'è una guida «{Path(path).stem}»: le sue domande non contano"
        read.findings.append(Finding(path, 1, message, RULE, "warning"))
    try:
        for row in reader:
            if row:
                _read_row(
                    row, Finding(path, reader.line_num, "", RULE), guide, sections, texts, read
                )
    except csv.Error as error:
        message = f"la riga non si legge ({error})"
        read.findings.append(Finding(path, reader.line_num, message, RULE))


def _sections(guide: Guide | None) -> Mapping[str, Section]:
    """The sections of a guide by anchor, its first words by OPENING too."""
    found = {s.anchor: s for s in guide.sections if s.units} if guide else {}
    if guide and guide.sections and guide.sections[0].units:
        found.setdefault(OPENING, guide.sections[0])
    return found


def _read_row(
    row: Sequence[str],
    place: Finding,
    guide: Guide | None,
    sections: Mapping[str, Section],
    texts: Mapping[str, Mapping[str, str]],
    read: _Read,
) -> None:
    cells = [" ".join(cell.split()) for cell in row[: len(COLUMNS)]]
    question, anchor, sentence = (*cells, *[""] * (len(COLUMNS) - len(cells)))
    told = [_at(place, message) for message in _wrong(question, anchor, guide, sections)]
    read.findings += told
    if told or (anchor and guide is None):
        return
    leads = read.leads.setdefault(question, {})
    if not anchor or guide is None:
        return
    unit = _unit(sentence, texts[anchor])
    if sentence and not unit:
        message = (
            f"in «{anchor}» non c'è più la frase «{sentence[:60]}»: la domanda porta a tutta la "
            "sezione"
        )
        read.findings.append(_at(place, message))
    leads[Lead(guide.slug, sections[anchor].anchor, unit)] = None


def _wrong(
    question: str, anchor: str, guide: Guide | None, sections: Mapping[str, Section]
) -> Iterator[str]:
    if not question or len(question) > LONGEST:
        yield f"una domanda ha da 1 a {LONGEST} caratteri: scrivila, o togli la riga"
    if guide is not None and anchor and anchor not in sections:
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


def _at(place: Finding, message: str) -> Finding:
    return Finding(place.path, place.line, message, RULE, "warning")
