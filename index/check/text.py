"""Rules about headings, anchors, plain words and what Markdown a guide may use."""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.check.readability import EASY, gulpease
from index.finding import Finding
from index.guide import Guide, Section
from index.parse.chunk import PLAIN_ANCHOR
from index.parse.markdown import OPENING
from index.parse.planted import planted
from index.parse.sentences import split_sentences, unclosed

_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(\s[^<>]*)?/?>")
_ANCHOR = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PLAIN_WORDS = 20  # a sentence at level A2 is shorter


def heading_order(guide: Guide) -> Iterator[Finding]:
    """The first heading is the title; a heading goes down one level at a time."""
    level = 1
    for position, section in enumerate(s for s in guide.sections if s.anchor != OPENING):
        if position == 0 and section.level != 1:
            message = "il primo titolo deve essere «# …»: mettilo prima degli altri"
            yield Finding(guide.path, section.line, message, "heading")
        elif section.level > level + 1:
            message = (
                f"il titolo «{section.heading_path[-1]}» salta un livello: "
                f"usa «{'#' * (level + 1)}» al posto di «{'#' * section.level}»"
            )
            yield Finding(guide.path, section.line, message, "heading")
        level = section.level


def anchors(guide: Guide) -> Iterator[Finding]:
    """Every `##` has an anchor of its own, that survives a change of the title."""
    first: dict[str, int] = {}
    for section in guide.sections:
        heading = section.heading_path[-1]
        if section.level == 2 and not section.explicit_anchor:
            message = f"il titolo «{heading}» non ha un'ancora: " + (
                f"ce n'è già uno uguale alla riga {first[heading]}, cambiane uno e dagli un'ancora"
                if heading in first
                else f"aggiungi in fondo «{{#{section.anchor[:40]}}}»"
            )
            yield Finding(guide.path, section.line, message, "anchor")
        elif section.explicit_anchor and not _ANCHOR.fullmatch(section.anchor):
            message = f"ancora «{section.anchor}»: usa solo lettere minuscole, cifre e trattini"
            yield Finding(guide.path, section.line, message, "anchor")
        first.setdefault(heading, section.line)


def empty_sections(guide: Guide) -> Iterator[Finding]:
    """A heading with nothing under it answers nothing."""
    for section in guide.sections:
        alone = [unit.text for unit in section.units] == [section.heading_path[-1]]
        if section.level > 1 and alone and section.units[0].line == section.line:
            message = f"sotto «{section.heading_path[-1]}» non c'è scritto nulla"
            yield Finding(guide.path, section.line, message, "empty")


def open_parentheses(guide: Guide) -> Iterator[Finding]:
    """A parenthesis never closed: where what it holds ends is anybody's guess."""
    for section in guide.sections:
        for unit in section.units:
            for at in unclosed(unit.text, "()") if unit.kind != "code" else ():
                if unit.text[at - 1 : at] not in {":", ";", "-"}:  # the mouth of a smiley
                    message = f"parentesi aperta e mai chiusa: «{unit.text[at : at + 30]}»"
                    yield Finding(guide.path, unit.line, message, "syntax", "warning")
                    break


def html_tags(guide: Guide) -> Iterator[Finding]:
    """HTML is shown to readers as it is written, so it has no place in a guide."""
    for section in guide.sections:
        for unit in section.units:
            match = _TAG.search(unit.text) if unit.kind != "code" else None
            if match:
                message = f"«{match.group()}» è HTML e il lettore lo vedrebbe così: toglilo"
                yield Finding(guide.path, unit.line, message, "html", "warning")


def for_programs(guide: Guide) -> Iterator[Finding]:
    """Orders to an assistant, and what a browser would run or hide, are in no passage."""
    for section in guide.sections:
        for unit in planted(section.units):
            message = (
                f"«{unit.text:.80}» parla a un programma, o un programma lo eseguirebbe: non si "
                "cerca e non si cita nelle risposte; toglilo, o scrivilo per chi legge"
            )
            yield Finding(guide.path, unit.line, message, "planted", "warning")


def plain_words(guide: Guide) -> Iterator[Finding]:
    """A sheet ends with its plain-words box, and the box is easy to read."""
    boxes = [s for s in guide.sections if s.anchor == PLAIN_ANCHOR]
    if guide.kind == "scheda" and not boxes:
        message = "manca «## In parole semplici {#parole-semplici}» in fondo alla scheda"
        yield Finding(guide.path, 1, message, "plain", "warning")
    for box in boxes:
        yield from _hard_to_read(guide, box)


def _hard_to_read(guide: Guide, box: Section) -> Iterator[Finding]:
    sentences = [s for unit in box.units for s in split_sentences(unit.text)]
    ease = gulpease(sentences)
    if ease < EASY:
        message = (
            f"«In parole semplici» è difficile da leggere (Gulpease {ease:.0f}, almeno {EASY}): "
            "accorcia le frasi e usa parole comuni"
        )
        yield Finding(guide.path, box.line, message, "readability")
    for unit in box.units:
        for sentence in split_sentences(unit.text):
            count = len(sentence.split())
            if count > PLAIN_WORDS:
                message = f"frase di {count} parole in «In parole semplici»: dividila in due"
                yield Finding(guide.path, unit.line, message, "readability", "warning")
