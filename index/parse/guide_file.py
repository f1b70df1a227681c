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

from index.finding import Finding, as_warnings, has_error
from index.guide import Contact, EmergencyNumber, Guide, Kind, Section, Service, Source
from index.letters import look
from index.network import NEUTRAL, Network
from index.parse.frontmatter import (
    NAME,
    Contacts,
    Emergency,
    FrontMatter,
    Script,
    ServiceCard,
    Sheet,
    read_front_matter,
)
from index.parse.glossary import read_terms
from index.parse.links import read_links
from index.parse.markdown import OPENING, parse_tokens, visible_text
from index.parse.questions import with_questions
from index.parse.script import read_steps
from index.parse.source import read_text
from index.parse.stray import stray_front_matter
from index.parse.title import title_of
from index.parse.units import extract_units
from index.parse.walk import slug_of

NO_FRONT_MATTER = "manca l'intestazione fra due righe «---» all'inizio del file"
CONTACT_LABELS = {
    "telefono": "Telefono",
    "whatsapp": "WhatsApp",
    "email": "Posta elettronica",
    "pec": "PEC",
    "sito": "Sito",
}


def parse_guide(
    data: bytes, path: str, network: Network = NEUTRAL, slug: str = ""
) -> tuple[Guide | None, list[Finding]]:
    """Parse the bytes of the file at `path` (relative to the folder of the guides), of a network;
    `slug` is the guide's name in addresses, by default that of its file.

    Returns the guide and what is to be told of it; an error when there is no guide.
    """
    findings = list(network.weigh(_name_findings(path)))
    text, tokens, told = read_tokens(data, path)
    findings += told
    if has_error(told):
        return None, findings
    if has_front_matter(tokens):
        model, told = read_front_matter(tokens[0].content, path, 2, network)
    else:
        if lost := stray_front_matter(text, path):
            return None, [*findings, lost]
        model = Sheet(tipo="scheda")
        told = list(network.weigh([Finding(path, 1, NO_FRONT_MATTER, "required")]))
    findings += told
    if model is None or has_error(findings):
        return None, findings
    guide, told = _assemble(slug or slug_of(path), path, model, text, tokens, network)
    found = [*findings, *told]
    if model.draft:
        found = list(as_warnings(found))
    return guide and replace(guide, digest=source_digest(data)), found


def _name_findings(path: str) -> Iterator[Finding]:
    if not NAME.fullmatch(PurePosixPath(path).stem):
        message = "nel nome del file solo lettere minuscole senza accento, cifre e trattini"
        yield Finding(path, 1, message, "slug")


def read_tokens(data: bytes, path: str) -> tuple[str, list[Token], list[Finding]]:
    """The text of a file, its tokens, and what is to be told of it: an error among the findings
    when it cannot be read."""
    text, told = read_text(data, path)
    return text, [] if has_error(told) else parse_tokens(text), told


def has_front_matter(tokens: list[Token]) -> bool:
    return bool(tokens) and tokens[0].type == "front_matter"


def source_digest(data: bytes) -> str:
    """Names the bytes of a file, so that one that did not change is not parsed again."""
    return hashlib.sha256(data).hexdigest()


def _assemble(
    slug: str, path: str, model: FrontMatter, text: str, tokens: list[Token], network: Network
) -> tuple[Guide | None, list[Finding]]:
    title = model.titolo or title_of(tokens, path)
    facts = _facts_as_markdown(model, title)
    markdown = text + facts
    tokens = parse_tokens(markdown) if facts else tokens
    tokens = [token for token in tokens if token.type != "front_matter"]
    told = list(network.weigh(_heading_findings(tokens, title, path)))
    sections, unknown = with_questions(
        tuple(read_sections(tokens, title)), model.domande, path, text
    )
    told += unknown
    if has_error(told):
        return None, told
    guide = Guide(
        slug=slug,
        path=path,
        kind=cast(Kind, model.tipo),
        title=title,
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
        former_names=tuple(model.nomi_precedenti),
        sources=tuple(Source(s.titolo, s.url) for s in model.fonti),
        sections=sections,
        links=tuple(read_links(tokens)),
        draft=model.draft,
    )
    return _of_its_kind(guide, model), told


def _of_its_kind(guide: Guide, model: FrontMatter) -> Guide:
    """`guide` with what only a guide of its kind has."""
    if isinstance(model, Script):
        return replace(guide, minutes=model.durata_minuti, steps=read_steps(guide.markdown))
    if isinstance(model, ServiceCard):
        return replace(guide, service=_service(model, guide.title, guide.sections))
    if isinstance(model, Emergency):
        numbers = tuple(EmergencyNumber(n.numero, n.nome) for n in model.numeri)
        return replace(guide, numbers=numbers, signals=tuple(model.segnali))
    return replace(guide, terms=read_terms(guide.sections)) if model.tipo == "glossario" else guide


def _service(model: ServiceCard, title: str, sections: tuple[Section, ...]) -> Service:
    body = " ".join(unit.text for section in sections[:1] for unit in section.units)
    return Service(
        name=title,
        body=body,
        municipality=model.comune,
        area=tuple(model.area),
        address=model.indirizzo,
        contacts=tuple(_contacts(model.contatti)),
        hours=model.orari,
        languages=tuple(model.lingue),
        access=model.accesso,
        status="verificato" if model.stato == "verificato" else "da verificare",
        asks=tuple(model.chiede),
        tasks=tuple(model.compiti),
    )


def _contacts(contacts: Contacts) -> Iterator[Contact]:
    for kind in CONTACT_LABELS:
        yield from (Contact(kind, value) for value in getattr(contacts, kind))


def _facts_as_markdown(model: FrontMatter, title: str) -> str:
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
    name = escape_markdown(title)
    lines = [f"- {label}: {escape_markdown(value)}" for label, value in facts if value]
    if model.stato != "verificato":
        lines.append("- Da verificare: chiamare prima di inviare una persona")
    return f"\n\n## Contatti {{#contatti}}\n\n{name}:\n\n" + "\n".join(lines) + "\n"


def escape_markdown(text: str) -> str:
    """`text` so that Markdown shows it as it is."""
    return re.sub(r"([\\`*_\[\]<>{}#|])", r"\\\1", text)


def _heading_findings(tokens: list[Token], title: str, path: str) -> Iterator[Finding]:
    """An anchor written twice; no title, two titles, one that is not that of the front matter."""
    lines: dict[str, int] = {}
    titles = []
    for opening, inline in _headings(tokens):
        line = (opening.map or [0])[0] + 1
        lines.setdefault(str(opening.attrGet("id")), line)
        if twice := opening.meta.get("twice"):
            message = (
                f"ancora «{twice}» già usata alla riga {lines.get(twice, 1)}: scegline un'altra"
            )
            yield Finding(path, line, message, "anchor")
        if opening.tag == "h1":
            titles.append((line, visible_text(inline.children or [])))
    if not titles:
        yield Finding(path, 1, "manca il titolo «# …»", "title")
    elif len(titles) > 1:
        yield Finding(path, titles[1][0], "un solo titolo «#» per guida", "title")
    elif look(titles[0][1]) != look(title):
        message = f"il titolo «# {titles[0][1]}» è diverso da «titolo: {title}»"
        yield Finding(path, titles[0][0], message, "title")


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
        taken = {tokens[start].attrGet("id") for start in starts}
        anchor = OPENING if OPENING not in taken else f"prima-di-{OPENING}"
        yield Section(anchor, (title,), 1, 1, preamble[-1].line, tuple(preamble))
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
