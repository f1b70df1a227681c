"""One Markdown file to one Guide."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import PurePosixPath
from typing import cast

from markdown_it.token import Token

from index.finding import Finding
from index.guide import Contact, EmergencyNumber, Guide, Kind, Section, Service, Source
from index.network import NEUTRAL, Network
from index.parse.frontmatter import (
    Contacts,
    Emergency,
    FrontMatter,
    Script,
    ServiceCard,
    read_front_matter,
)
from index.parse.glossary import read_terms
from index.parse.links import read_links
from index.parse.markdown import parse_tokens, visible_text
from index.parse.questions import with_questions
from index.parse.script import read_steps
from index.parse.units import extract_units

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
CONTACT_LABELS = {
    "telefono": "Telefono",
    "whatsapp": "WhatsApp",
    "email": "Posta elettronica",
    "pec": "PEC",
    "sito": "Sito",
}


def parse_guide(
    data: bytes, path: str, network: Network = NEUTRAL
) -> tuple[Guide | None, list[Finding]]:
    """Parse the bytes of the file at `path` (relative to the folder of the guides), of a network.

    Returns the guide, or None and the findings that say why there is none.
    """
    slug = PurePosixPath(path).stem
    if not SLUG.fullmatch(slug):
        message = "nel nome del file solo lettere minuscole senza accento, cifre e trattini"
        return None, [Finding(path, 1, message, "slug")]
    text, tokens, findings = read_tokens(data, path)
    if findings:
        return None, findings
    model, findings = read_front_matter(tokens[0].content, path, 2, network)
    if model is None:
        return None, findings
    guide, findings = _assemble(slug, path, model, text, tokens, network)
    return guide and replace(guide, digest=source_digest(data)), findings


def read_tokens(data: bytes, path: str) -> tuple[str, list[Token], list[Finding]]:
    """The text of a file and its tokens, the first its front matter; or what is wrong."""
    try:
        text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        message = "il file non è in UTF-8: salvalo di nuovo scegliendo la codifica UTF-8"
        return "", [], [Finding(path, line, message, "encoding")]
    tokens = parse_tokens(text)
    if not tokens or tokens[0].type != "front_matter":
        message = "manca l'intestazione fra due righe «---» all'inizio del file"
        return text, [], [Finding(path, 1, message, "front-matter")]
    return text, tokens, []


def source_digest(data: bytes) -> str:
    """Names the bytes of a file, so that one that did not change is not parsed again."""
    return hashlib.sha256(data).hexdigest()


def _assemble(
    slug: str, path: str, model: FrontMatter, text: str, tokens: list[Token], network: Network
) -> tuple[Guide | None, list[Finding]]:
    facts = _facts_as_markdown(model)
    markdown = text + facts
    tokens = (parse_tokens(markdown) if facts else tokens)[1:]
    findings = _heading_findings(tokens, model, path)
    if findings:
        return None, findings
    sections, findings = with_questions(
        tuple(read_sections(tokens, model.titolo)), model.domande, path, text
    )
    if findings:
        return None, findings
    guide = Guide(
        slug=slug,
        path=path,
        kind=cast(Kind, model.tipo),
        title=model.titolo,
        verified_on=model.verificato_il,
        review_by=model.rivedere_entro,
        markdown=markdown,
        needs=tuple(model.bisogni),
        audience=tuple(model.per_chi),
        territory=model.territorio or network.places.country,
        valid_from=model.valido_dal,
        valid_until=model.valido_fino,
        owner=model.responsabile,
        keywords=tuple(model.parole_chiave),
        sources=tuple(Source(s.titolo, s.url) for s in model.fonti),
        sections=sections,
        links=tuple(read_links(tokens)),
        minutes=model.durata_minuti if isinstance(model, Script) else None,
        steps=read_steps(markdown) if isinstance(model, Script) else (),
        service=_service(model, sections) if isinstance(model, ServiceCard) else None,
        numbers=_numbers(model),
        signals=tuple(model.segnali) if isinstance(model, Emergency) else (),
        terms=read_terms(sections) if model.tipo == "glossario" else (),
    )
    return guide, []


def _numbers(model: FrontMatter) -> tuple[EmergencyNumber, ...]:
    if not isinstance(model, Emergency):
        return ()
    return tuple(EmergencyNumber(n.numero, n.nome) for n in model.numeri)


def _service(model: ServiceCard, sections: tuple[Section, ...]) -> Service:
    body = " ".join(unit.text for section in sections[:1] for unit in section.units)
    return Service(
        name=model.titolo,
        body=body,
        municipality=model.comune,
        area=tuple(model.area),
        address=model.indirizzo,
        contacts=tuple(_contacts(model.contatti)),
        hours=model.orari,
        languages=tuple(model.lingue),
        access=model.accesso,
        status=model.stato,
    )


def _contacts(contacts: Contacts) -> Iterator[Contact]:
    for kind in CONTACT_LABELS:
        yield from (Contact(kind, value) for value in getattr(contacts, kind))


def _facts_as_markdown(model: FrontMatter) -> str:
    """What the heading says and a reader asks for, as a section like any other: so numbers
    and addresses are found, cited and highlighted by the same code as the rest."""
    if isinstance(model, Emergency):
        lines = [f"- {escape_markdown(n.nome)}: {escape_markdown(n.numero)}" for n in model.numeri]
        return "\n\n## Numeri da chiamare {#numeri}\n\n" + "\n".join(lines) + "\n"
    if not isinstance(model, ServiceCard):
        return ""
    facts = [
        ("Ente", model.ente),
        ("Indirizzo", model.indirizzo),
        ("Comune", model.comune),
        ("Zona servita", ", ".join(model.area)),
        ("Orari", model.orari),
        ("Lingue", ", ".join(model.lingue)),
        ("Accesso", model.accesso),
        *((CONTACT_LABELS[c.kind], c.value) for c in _contacts(model.contatti)),
    ]
    name = escape_markdown(model.titolo)
    lines = [f"- {label}: {escape_markdown(value)}" for label, value in facts if value]
    if model.stato == "da verificare":
        lines.append("- Da verificare: chiamare prima di inviare una persona")
    return f"\n\n## Contatti {{#contatti}}\n\n{name}:\n\n" + "\n".join(lines) + "\n"


def escape_markdown(text: str) -> str:
    """`text` so that Markdown shows it as it is."""
    return re.sub(r"([\\`*_\[\]<>{}#|])", r"\\\1", text)


def _heading_findings(tokens: list[Token], model: FrontMatter, path: str) -> list[Finding]:
    findings: list[Finding] = []
    anchors: dict[str, int] = {}
    titles = []
    for opening, inline in _headings(tokens):
        line = (opening.map or [0])[0] + 1
        anchor = str(opening.attrGet("id"))
        if anchor in anchors:
            message = f"ancora «{anchor}» già usata alla riga {anchors[anchor]}: scegline un'altra"
            findings.append(Finding(path, line, message, "anchor"))
        anchors.setdefault(anchor, line)
        if opening.tag == "h1":
            titles.append((line, visible_text(inline.children or [])))
    if not titles:
        findings.append(Finding(path, 1, "manca il titolo «# …»", "title"))
    elif len(titles) > 1:
        findings.append(Finding(path, titles[1][0], "un solo titolo «#» per guida", "title"))
    elif titles[0][1].strip() != model.titolo.strip():
        message = f"il titolo «# {titles[0][1]}» è diverso da «titolo: {model.titolo}»"
        findings.append(Finding(path, titles[0][0], message, "title"))
    return findings


def _headings(tokens: list[Token]) -> Iterator[tuple[Token, Token]]:
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            yield opening, inline


def read_sections(tokens: list[Token], title: str) -> Iterator[Section]:
    """Cut block tokens at their headings. Words before the first heading go to a section
    anchored `inizio`; a heading inside a quote or a list opens no section."""
    starts = [i for i, t in enumerate(tokens) if t.type == "heading_open" and t.level == 0]
    bounds = [*starts, len(tokens)]
    preamble = extract_units(tokens[: bounds[0]])
    if preamble:
        yield Section("inizio", (title,), 1, 1, preamble[-1].line, tuple(preamble))
    path: list[tuple[int, str]] = []
    for start, end in pairwise(bounds):
        opening, inline = tokens[start], tokens[start + 1]
        level = int(opening.tag[1])
        heading = " ".join(visible_text(inline.children or []).split())
        path = [(depth, text) for depth, text in path if depth < level] + [(level, heading)]
        units = extract_units(tokens[start + 3 : end])
        line = (opening.map or [0])[0] + 1
        deeper = end < len(tokens) and int(tokens[end].tag[1]) > level
        if not units and not deeper:
            units = extract_units(tokens[start : start + 3])
        yield Section(
            anchor=str(opening.attrGet("id")),
            heading_path=tuple(text for _, text in path),
            level=level,
            line=line,
            last_line=_last_line(tokens[start:end], line),
            units=tuple(units),
            explicit_anchor=bool(opening.meta.get("explicit")),
        )


def _last_line(tokens: list[Token], line: int) -> int:
    return max([line, *(token.map[1] for token in tokens if token.map)])
