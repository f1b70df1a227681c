"""What the MCP tools tell: an answer, a guide, services and scripts, each within bounds.

An assistant pays for every character that it reads, and one long output pushes the question out of
its sight: what is cut says so, and says how to go on.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pydantic import BaseModel

from chatbot.answer import Outcome
from chatbot.http.catalogue import ContactOut, sources_of
from chatbot.http.messages import AnswerOut, SourceOut
from chatbot.pages.charter import Found
from index.guide import Guide, Kind, Section

MOST_TEXT = 12_000  # characters of a guide in one output
MOST_QUOTE = 1_500
CUT = " […]"


class QuoteTold(BaseModel):
    """What stands behind the mark [n]."""

    n: int
    title: str
    heading: str
    url: str
    quote: str
    verified_on: date | None
    review_by: date | None
    sources: list[SourceOut]


class LinkTold(BaseModel):
    title: str
    url: str


class AnswerTold(BaseModel):
    """Only `answered` and `emergency` are answers; one that is not `sure` may not answer what was
    asked; `related` names passages that are only near, `clarify` asks back (`choices` are what may
    be said), the others are silences."""

    outcome: Outcome
    sure: bool
    answer: str
    quotes: list[QuoteTold]
    choices: list[str]
    scripts: list[LinkTold]
    services: list[LinkTold]
    related_questions: list[str]
    snapshot: str


class GuideTold(BaseModel):
    """The text of a guide from one of its sections on; `go_on` is the section with which to ask
    for the rest, empty where this is the end."""

    slug: str
    kind: Kind
    title: str
    url: str
    verified_on: date | None
    review_by: date | None
    sources: list[SourceOut]
    sections: list[str]
    text: str
    go_on: str


class ServiceTold(BaseModel):
    """A card of the charter; `distance_km` from the municipality asked about."""

    name: str
    body: str
    municipality: str | None
    area: list[str]
    address: str | None
    contacts: list[ContactOut]
    hours: str | None
    access: str | None
    status: str
    needs: list[str]
    distance_km: int | None
    url: str


class ServicesTold(BaseModel):
    services: list[ServiceTold]
    left_out: int
    needs: list[str]  # the needs that may be asked for


class ScriptTold(BaseModel):
    slug: str
    title: str
    minutes: int | None
    steps: list[str]
    url: str


def answer_told(answer: AnswerOut) -> AnswerTold:
    return AnswerTold(
        outcome=answer.outcome,
        sure=answer.sure,
        answer=cut(answer.answer, MOST_TEXT),
        quotes=[
            QuoteTold(
                n=c.n, title=c.title, heading=c.heading_path[-1], url=c.url,
                quote=cut(c.quote, MOST_QUOTE), verified_on=c.verified_on, review_by=c.review_by,
                sources=c.sources,
            )
            for c in answer.citations
        ],
        choices=[reply.label for reply in answer.quick_replies],
        scripts=[LinkTold(title=r.title, url=r.url) for r in answer.scripts],
        services=[LinkTold(title=r.title, url=r.url) for r in answer.services],
        related_questions=answer.related_questions,
        snapshot=answer.snapshot,
    )  # fmt: skip


def cut(text: str, most: int) -> str:
    """At most `most` characters, and a sign where there were more."""
    return text if len(text) <= most else text[:most].rstrip() + CUT


def guide_told(guide: Guide, anchor: str = "") -> GuideTold | None:
    """A guide from the section `anchor` on, or from its beginning; None where it has no such
    section. Whole sections, up to MOST_TEXT; a longer one alone is cut."""
    anchors = [section.anchor for section in guide.sections]
    if anchor and anchor not in anchors:
        return None
    left = guide.sections[anchors.index(anchor) if anchor else 0 :]
    parts: list[str] = []
    length = 0
    for section in left:
        part = section_text(section)
        if parts and length + len(part) > MOST_TEXT:
            break
        parts.append(cut(part, MOST_TEXT))
        length += len(part)
    rest = left[len(parts) :]
    return GuideTold(
        slug=guide.slug, kind=guide.kind, title=guide.title, url=f"/guide/{guide.slug}",
        verified_on=guide.verified_on, review_by=guide.review_by, sources=sources_of(guide),
        sections=anchors, text="\n\n".join(parts), go_on=rest[0].anchor if rest else "",
    )  # fmt: skip


def section_text(section: Section) -> str:
    """A section as plain Markdown: its heading, and each unit as it is cited."""
    heading = section.heading_path[-1]
    blocks: list[str] = [f"{'#' * section.level} {heading}"]
    block, lead = -1, ""
    for unit in section.units:
        if unit.text == heading:
            continue
        line = f"- {unit.text}" if unit.kind in ("item", "row") else unit.text
        if unit.kind == "row" and unit.lead != lead:
            line = f"({unit.lead})\n{line}"
        if unit.block == block:
            blocks[-1] += ("\n" if unit.kind != "sentence" else " ") + line
        else:
            blocks.append(line)
        block, lead = unit.block, unit.lead
    return "\n\n".join(blocks)


def services_told(found: Iterable[Found], limit: int, needs: list[str]) -> ServicesTold:
    """The first `limit` cards, nearest first."""
    cards = list(found)
    shown = [
        ServiceTold(
            name=s.name, body=s.body, municipality=s.municipality, area=list(s.area),
            address=s.address, hours=s.hours, access=s.access, status=s.status,
            contacts=[ContactOut(kind=c.kind, value=c.value) for c in s.contacts],
            needs=list(card.guide.needs), distance_km=card.distance,
            url=f"/guide/{card.guide.slug}",
        )
        for card in cards[:limit]
        for s in [card.service]
    ]  # fmt: skip
    return ServicesTold(services=shown, left_out=len(cards) - len(shown), needs=needs)


def script_told(guide: Guide) -> ScriptTold:
    return ScriptTold(
        slug=guide.slug, title=guide.title, minutes=guide.minutes,
        steps=[step.title for step in guide.steps], url=f"/copione/{guide.slug}",
    )  # fmt: skip
