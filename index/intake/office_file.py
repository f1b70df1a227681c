"""Word and OpenDocument files: what pandoc reads of them, and what it passes over, told."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from index.intake.archive import Archive, open_archive
from index.intake.blocks import blocks_of
from index.intake.document import Block, Document, IntakeError, Loss, first_words
from index.intake.pandoc import tree_of
from index.intake.walk import NOTE_MARK, Walk

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
DC = "{http://purl.org/dc/elements/1.1/}"
STRUCK = {f"{W}strike", f"{W}dstrike"}
WHOLE = "in tutto il documento"


@dataclass(frozen=True, slots=True)
class Family:
    """Where the files of a kind keep what: the names of parts, the tags in them."""

    kind: str  # of pandoc
    body: str
    facts: str  # who made the document, and its title
    paragraphs: frozenset[str]
    boxes: frozenset[str]  # a paragraph inside one is of a text box
    unsaid: frozenset[str]  # words inside one are not of the text: told already, or nobody's
    margins: re.Pattern[str]  # parts with headers and footers
    margin_tags: Mapping[str, str]


WORD = Family(
    "docx", "word/document.xml", "docProps/core.xml", frozenset({f"{W}p"}),
    frozenset({f"{W}txbxContent"}), frozenset({f"{W}del", f"{W}delText", f"{W}instrText"}),
    re.compile(r"^word/(header|footer)\d*\.xml$"),
    {f"{W}hdr": "intestazione di pagina", f"{W}ftr": "piè di pagina"},
)  # fmt: skip
OPEN = Family(
    "odt", "content.xml", "meta.xml", frozenset({f"{TEXT}p", f"{TEXT}h"}),
    frozenset({f"{DRAW}text-box"}),
    frozenset({f"{OFFICE}annotation", f"{TEXT}tracked-changes", f"{TEXT}note"}),
    re.compile(r"^styles\.xml$"),
    {f"{STYLE}{where}{which}": name for which in ("", "-left", "-first")
     for where, name in (("header", "intestazione di pagina"), ("footer", "piè di pagina"))},
)  # fmt: skip


def read_office_file(path: Path) -> Document:
    """A .docx or an .odt, told apart by what is in it. Raises IntakeError."""
    archive = open_archive(path)
    family = WORD if WORD.body in archive.texts else OPEN
    if family.body not in archive.texts:
        raise IntakeError(
            "non è un documento di Word né di LibreOffice Writer: salvalo come .docx o .odt"
        )
    parts = {name: _parsed(data) for name, data in archive.texts.items() if _wanted(family, name)}
    meta, nodes = tree_of(archive.repacked(), family.kind)
    blocks, losses = blocks_of(nodes)
    title = Walk().words(meta["title"]["c"]) if "title" in meta else ""
    if family is OPEN:
        losses += _tracked(parts[family.body])
    told = [*_left_out(parts[family.body], family, blocks, title), *_margins(parts, family)]
    return Document(
        title or _title(parts.get(family.facts)),
        tuple(blocks),
        (*losses, *told, *_inside(archive)),
    )


def _wanted(family: Family, name: str) -> bool:
    return name in {family.body, family.facts} or bool(family.margins.match(name))


def _parsed(data: bytes) -> etree._Element:
    """The tree of a part: no entities, no network, nothing of other files."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise IntakeError(f"il documento è rovinato: {error.msg}") from None


def _title(facts: etree._Element | None) -> str:
    found = facts.findtext(f".//{DC}title") if facts is not None else ""
    return " ".join((found or "").split())


def _left_out(
    body: etree._Element, family: Family, blocks: list[Block], title: str
) -> Iterator[Loss]:
    """Every paragraph whose words no block has: those of text boxes, and any that pandoc passes
    over. Told under the last heading that stands before it."""
    headings = [block.words for block in blocks if block.level]
    carried = _folded(" ".join([title, *(block.words for block in blocks)]))
    section = 0
    for paragraph in body.iter(*family.paragraphs):
        words = " ".join("".join(_words(paragraph, family)).split())
        if section < len(headings) and _folded(words) == _folded(headings[section]):
            section += 1
        if not _folded(words) or _folded(words) in carried:
            continue
        place = f"sotto «{headings[section - 1]}»" if section else "all'inizio"
        boxed = any(above.tag in family.boxes for above in paragraph.iterancestors())
        what = "casella di testo" if boxed else "testo non riportato"
        if not boxed and _told_elsewhere(paragraph, family):
            continue
        yield Loss(what, place, first_words(words), section)
        carried += " " + _folded(words)  # the same box is often written twice, for old programs


def _told_elsewhere(paragraph: etree._Element, family: Family) -> bool:
    """Whether the paragraph is one of the contents, or stands in what is told by itself."""
    style = next((e.get(f"{W}val") or "" for e in paragraph.iter(f"{W}pStyle")), "")
    above = {element.tag for element in paragraph.iterancestors()}
    contents = style.lower().startswith(("toc", "sommario")) or f"{TEXT}table-of-content" in above
    return contents or bool(above & family.unsaid)


def _words(paragraph: etree._Element, family: Family) -> Iterator[str]:
    """The words of a paragraph, without those of what stands inside it and is looked at alone."""
    apart = family.paragraphs | family.boxes | family.unsaid
    if paragraph.tag.startswith(TEXT) and paragraph.text:
        yield paragraph.text
    for child in paragraph:
        if not isinstance(child.tag, str):
            pass
        elif child.tag in {f"{W}tab", f"{W}br", f"{TEXT}tab", f"{TEXT}line-break", f"{TEXT}s"}:
            yield " "
        elif child.tag == f"{W}t":
            yield child.text or ""
        elif child.tag not in apart and not _struck(child):
            yield from _words(child, family)
        if paragraph.tag.startswith(TEXT) and child.tail:
            yield child.tail


def _struck(run: etree._Element) -> bool:
    """Whether a run of Word is struck through, which is told by itself."""
    marks = run.iterfind(f"{W}rPr/*") if run.tag == f"{W}r" else ()
    return any(m.tag in STRUCK and m.get(f"{W}val", "1") not in {"0", "false"} for m in marks)


def _folded(text: str) -> str:
    """Letters and figures alone, without the marks of notes: those and blanks are otherwise in the
    draft."""
    plain = unicodedata.normalize("NFKC", NOTE_MARK.sub("", text.casefold()))
    return "".join(c for c in plain if c.isalnum())


def _margins(parts: Mapping[str, etree._Element], family: Family) -> Iterator[Loss]:
    """Headers and footers, each once."""
    told = set()
    for name in sorted(parts):
        for element in parts[name].iter(*family.margin_tags) if family.margins.match(name) else ():
            inside = (_words(p, family) for p in element.iter(*family.paragraphs))
            words = " ".join(" ".join("".join(part) for part in inside).split())
            loss = Loss(family.margin_tags[element.tag], WHOLE, first_words(words))
            if any(map(str.isalpha, words)) and loss not in told:
                told.add(loss)
                yield loss


def _tracked(body: etree._Element) -> Iterator[Loss]:
    """The changes of an OpenDocument text that nobody accepted yet."""
    for region in body.iter(f"{TEXT}changed-region"):
        for change in region:
            words = " ".join("".join(p.itertext()) for p in change.iter(f"{TEXT}p", f"{TEXT}h"))
            if change.tag == f"{TEXT}deletion":
                what = "modifica da accettare: testo cancellato, non riportato"
                yield Loss(what, WHOLE, first_words(words))
            elif change.tag == f"{TEXT}insertion":
                yield Loss("modifica da accettare: testo aggiunto, riportato", WHOLE)


def _inside(archive: Archive) -> Iterator[Loss]:
    if archive.macros:
        yield Loss("macro, ignorate", WHOLE)
    for name in archive.inside:
        yield Loss("file o grafico dentro il documento", WHOLE, name)
